/**
 * From entries to leaf hashes.
 */

import { assertInteger } from '../bytes/arguments.js';
import { assertBytes, concatBytes } from '../bytes/compare.js';
import { sha256 } from '../crypto/hash.js';
import { rfc6962 } from './rfc6962.js';
import type { TreeScheme } from './scheme.js';
import { hashingOf, type TreeOptions } from './subtree.js';

/**
 * The leaf hash of one entry: `H(00 ‖ data)` in RFC 6962 section 2.1.
 *
 * @param data any length, also none
 * @param scheme default: {@link rfc6962}
 * @returns 32 bytes, fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 * @example
 * const leafHash = hashLeaf(encodeUtf8('the entry as the log stores it'));
 */
export function hashLeaf(data: Uint8Array, scheme: TreeScheme = rfc6962): Uint8Array {
  assertBytes(data, 'data');
  const { leafPrefix } = scheme;
  if (leafPrefix === undefined) return sha256(data);
  assertInteger(leafPrefix, 'scheme.leafPrefix', 0, 255);
  return sha256(concatBytes(Uint8Array.of(leafPrefix), data));
}

/**
 * The leaf hashes of many entries of one size, in few calls of the engine: what {@link treeRoot} and the
 * builder take.
 *
 * @param entries n × entryLength bytes, contiguous
 * @param entryLength bytes of an entry, 1 or more
 * @returns n × 32 bytes, fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function hashLeaves(entries: Uint8Array, entryLength: number, options: TreeOptions = {}): Uint8Array {
  const { hasher, scheme } = hashingOf(options);
  return hasher.hashLeaves(entries, entryLength, scheme.leafPrefix);
}
