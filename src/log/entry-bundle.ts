/**
 * Entry bundles of tiled logs (C2SP tlog-tiles, "Log entries"): the entries of one tile of leaf hashes, each
 * after its length.
 *
 *     struct { opaque entry<0..2^16-1>; } bundle[width];
 */

import { assertInteger } from '../bytes/arguments.js';
import { assertBytes, equalBytes } from '../bytes/compare.js';
import { Reader } from '../bytes/reader.js';
import { Writer } from '../bytes/writer.js';
import { ArgumentTypeError, VerificationError } from '../errors.js';
import { countHashes } from './input.js';
import { hashLeaf } from './leaf.js';
import { rfc6962 } from './rfc6962.js';
import type { TreeScheme } from './scheme.js';
import { HASH_LENGTH } from './subtree.js';
import { TILE_HEIGHT_MAX } from './tile.js';

const LENGTH_WIDTH = 2;
const ENTRY_MAX_BYTES = 2 ** 16 - 1;

/**
 * Reads an entry bundle. **Verifies nothing**: `openEntryBundle` does.
 *
 * @param bytes read in place
 * @param width entries in it, 1 to 2^30: of a bundle that is not full, as many as its path says
 * @returns the entries, fresh
 * @throws DecodeError `ERR_TRUNCATED`, `ERR_TRAILING_BYTES`
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function parseEntryBundle(bytes: Uint8Array, width: number): Uint8Array[] {
  assertBytes(bytes, 'an entry bundle');
  assertInteger(width, 'width', 1, 2 ** TILE_HEIGHT_MAX);
  const reader = new Reader(bytes, 'EntryBundle');
  const entries: Uint8Array[] = [];
  while (entries.length < width) {
    entries.push(reader.bytes(reader.count(LENGTH_WIDTH, 0, ENTRY_MAX_BYTES)));
  }
  reader.end();
  return entries;
}

/**
 * Writes an entry bundle: what {@link parseEntryBundle} reads.
 * @param entries 1 to 2^30, each of 0 to 65,535 bytes
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (!Array.isArray(entries)) throw new ArgumentTypeError('entries must be an array');
  assertInteger(entries.length, 'entries.length', 1, 2 ** TILE_HEIGHT_MAX);
  const writer = new Writer();
  for (const entry of entries as readonly Uint8Array[]) {
    assertBytes(entry, 'an entry');
    writer.count(LENGTH_WIDTH, entry.length, 0, ENTRY_MAX_BYTES);
    writer.bytes(entry);
  }
  return writer.finish();
}

/**
 * Opens an entry bundle: its entries, if they are those of the leaf hashes.
 *
 * @param bytes read in place
 * @param leafHashes n × 32 bytes: the tile of level 0 with the bundle's index and width, **as `verifyTiles` yields
 *   it**
 * @param scheme default: RFC 6962
 * @returns n entries, fresh
 * @throws DecodeError `ERR_TRUNCATED`, `ERR_TRAILING_BYTES`; VerificationError `ERR_ENTRY_HASH`
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function openEntryBundle(
  bytes: Uint8Array,
  leafHashes: Uint8Array,
  scheme: TreeScheme = rfc6962,
): Uint8Array[] {
  const entries = parseEntryBundle(bytes, countHashes(leafHashes, 'leafHashes'));
  for (const [i, entry] of entries.entries()) {
    const leafHash = leafHashes.subarray(i * HASH_LENGTH, (i + 1) * HASH_LENGTH);
    if (!equalBytes(hashLeaf(entry, scheme), leafHash)) {
      throw new VerificationError('ERR_ENTRY_HASH', 'an entry of the bundle is not that of its leaf hash');
    }
  }
  return entries;
}
