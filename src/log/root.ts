/**
 * The root of a whole tree whose leaf hashes are at hand.
 */

import { appendLeaves, emptyRange, rootOfRange } from './compact-range.js';
import { countHashes } from './input.js';
import { hashingOf, type TreeOptions } from './subtree.js';

/**
 * The root of the left-balanced tree over leaf hashes (RFC 6962 section 2.1: the Merkle Tree Hash).
 *
 * The leaves are hashed in aligned pieces, with few calls of the engine; beyond the input it needs some MiB at
 * most. Where the leaves do not fit into memory, use a builder.
 *
 * @param leafHashes n × 32 bytes, contiguous, n from 0; read in place
 * @param options engine and scheme
 * @returns 32 bytes, fresh. One leaf: its hash. No leaf: the scheme's empty root
 * @throws ArgumentTypeError, ArgumentRangeError a length that is no multiple of 32, or no leaf under a scheme
 *   without an empty root
 */
export function treeRoot(leafHashes: Uint8Array, options: TreeOptions = {}): Uint8Array {
  countHashes(leafHashes, 'leafHashes');
  const hashing = hashingOf(options);
  return rootOfRange(appendLeaves(emptyRange(0), leafHashes, hashing, undefined), hashing);
}
