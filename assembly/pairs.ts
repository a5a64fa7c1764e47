/** Pairs: levels of trees. */

import { compressBlock, compressTail, finish, groupSize, setLanes } from './group';
import { INPUT, OUTPUT } from './layout';
import { ABSENT, FIRST, writePair } from './template';

/** Where the last four bytes of a pair stand, from one byte before its first. */
const LAST_BYTES: usize = 1 + 64 - 4;

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
  writePair(FIRST, leftTag, rightTag);
  const wide = rightTag != ABSENT;
  let digests = OUTPUT;
  while (count > 0) {
    const size = groupSize(count);
    setLanes(size, pairs - 1, 64, count);
    compressBlock(size, 0, FIRST);
    compressTail(size, LAST_BYTES, wide);
    finish(size, digests);
    pairs += 64 * size;
    digests += 32 * size;
    count -= min(size, count);
  }
}
