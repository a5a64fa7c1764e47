/**
 * Search keys of a prefix tree, bit by bit: 256 bits, the most significant of the first byte first (draft,
 * "Prefix Tree" under "Tree Construction").
 *
 * Keys lie in a longer array, each at an offset of its own, so that nothing here makes a view of them. Bits are
 * taken by arithmetic: no operator of this room truncates to 32 bits.
 */

/** Bytes of a search key, of a commitment and of a hash: `VRF.Nh` and `Hash.Nh` of every suite. */
export const HASH_BYTES = 32;

/** Bytes of a leaf as it is hashed and stored: the key, then the commitment. */
export const LEAF_BYTES = 64;

/**
 * The deepest place for a leaf. `depth` is one byte on the wire, so depth 256, where two keys would part that
 * share their first 255 bits, cannot be said: a tree that needs it is refused.
 */
export const DEPTH_MAX = 255;

const WEIGHTS: readonly number[] = [128, 64, 32, 16, 8, 4, 2, 1];

/** The bit by which a key goes left (0) or right (1) from a parent at this depth, 0 to 255. */
export function bitOf(bytes: Uint8Array, keyAt: number, depth: number): number {
  const byte = bytes[keyAt + Math.floor(depth / 8)] as number;
  return Math.floor(byte / (WEIGHTS[depth % 8] as number)) % 2;
}

/** How many leading bits two keys share: 256 where they are equal. */
export function sharedBits(bytes: Uint8Array, keyAt: number, otherAt: number): number {
  let i = 0;
  while (i < HASH_BYTES && bytes[keyAt + i] === bytes[otherAt + i]) i++;
  let shared = 8 * i;
  if (i === HASH_BYTES) return shared;
  while (bitOf(bytes, keyAt, shared) === bitOf(bytes, otherAt, shared)) shared++;
  return shared;
}

/** The order of two keys, which is their leaves' from left to right. */
export function compareKeys(bytes: Uint8Array, keyAt: number, otherAt: number): number {
  for (let i = 0; i < HASH_BYTES; i++) {
    const difference = (bytes[keyAt + i] as number) - (bytes[otherAt + i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Where a run of keys parts into those that go left at this depth and those that go right.
 * @param keys offsets of keys that share the bits before `depth`, in ascending order
 * @returns the index, `low` to `high`, of the first that goes right
 */
export function splitAt(
  bytes: Uint8Array,
  keys: readonly number[],
  low: number,
  high: number,
  depth: number,
): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (bitOf(bytes, keys[middle] as number, depth) === 1) to = middle;
    else from = middle + 1;
  }
  return from;
}
