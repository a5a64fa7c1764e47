/**
 * What the host calls. It writes into INPUT, calls one function, and reads from OUTPUT; it alone answers for
 * counts that fit the window. Nothing is imported, nothing is kept from one call to the next.
 */

import { begin, compress, finish, groupSize } from './group';
import { INPUT, OUTPUT, SLOT_BYTES } from './layout';
import { ABSENT, copyHash, paddedLength, preparePair, rightOffset, slot, writeLeafBlock } from './message';

export { INPUT, INPUT_BYTES, OUTPUT, OUTPUT_BYTES } from './layout';

/**
 * Folds the hashes in INPUT, level by level, into the roots of subtrees of 2^height leaves.
 * @param count hashes in INPUT: a multiple of 2^height
 * @param height 1 or more; 1 hashes pairs
 * Tags are bytes, or -1 for a right tag that is absent. `bottom` serves the lowest level, `inner` the rest.
 */
export function foldSubtrees(
  count: u32,
  height: u32,
  bottomLeft: i32,
  bottomRight: i32,
  innerLeft: i32,
  innerRight: i32,
): void {
  count /= 2;
  hashPairs(INPUT, count, bottomLeft, bottomRight);
  for (let level: u32 = 1; level < height; level++) {
    count /= 2;
    hashPairs(OUTPUT, count, innerLeft, innerRight);
  }
}

/**
 * Hashes one level into OUTPUT. From OUTPUT itself too: a group's digests are written after its pairs have
 * been read, and never reach the pairs behind them.
 */
function hashPairs(pairs: usize, count: u32, leftTag: i32, rightTag: i32): void {
  const right = rightOffset(rightTag);
  for (let i: usize = 0; i < 4; i++) preparePair(slot(i), leftTag, rightTag);

  let digests = OUTPUT;
  while (count > 0) {
    const size = groupSize(count);
    for (let i: usize = 0; i < size; i++) {
      copyHash(slot(i) + 1, pairs + 64 * i);
      copyHash(slot(i) + right, pairs + 64 * i + 32);
    }
    begin(size);
    compress(size, slot(0), SLOT_BYTES);
    compress(size, slot(0) + 64, SLOT_BYTES);
    finish(size, digests);
    pairs += 64 * size;
    digests += 32 * size;
    count -= size;
  }
}

/**
 * Hashes the leaves in INPUT into OUTPUT.
 * @param count leaves
 * @param leafLength bytes of a leaf, 1 or more
 * @param prefix a byte hashed before each leaf, or -1
 */
export function hashLeaves(count: u32, leafLength: usize, prefix: i32): void {
  const before: usize = prefix == ABSENT ? 0 : 1;
  const length = before + leafLength;
  const padded = paddedLength(length);

  let leaf = INPUT;
  let digests = OUTPUT;
  while (count > 0) {
    const size = groupSize(count);
    begin(size);
    for (let start: usize = 0; start < padded; start += 64) {
      if (start >= before && start + 64 <= length) {
        compress(size, leaf + start - before, leafLength);
      } else {
        for (let i: usize = 0; i < size; i++) {
          writeLeafBlock(slot(i), start, leaf + leafLength * i, leafLength, prefix);
        }
        compress(size, slot(0), SLOT_BYTES);
      }
    }
    finish(size, digests);
    leaf += leafLength * size;
    digests += 32 * size;
    count -= size;
  }
}
