/** Leaves of one size. */

import { compressBlock, finish, groupSize, setLanes } from './group';
import { INPUT, OUTPUT } from './layout';
import { ABSENT, FIRST, LAST, LAST_BUT_ONE, PLAIN, paddedLength, writeLeafBlock } from './template';

/**
 * Hashes the leaves in INPUT into OUTPUT.
 * @param count leaves
 * @param leafLength bytes of a leaf, 1 or more
 * @param prefix a byte hashed before each leaf, or -1
 */
export function hashLeaves(count: u32, leafLength: usize, prefix: i32): void {
  const before: usize = prefix == ABSENT ? 0 : 1;
  const length = before + leafLength;
  const last = paddedLength(length) - 64;

  // A short leaf is one block, which is its first. Padding reaches back into the last but one at most.
  writeLeafBlock(FIRST, 0, length, prefix);
  if (last >= 64) writeLeafBlock(LAST, last, length, prefix);
  if (last >= 128) writeLeafBlock(LAST_BUT_ONE, last - 64, length, prefix);

  let messages = INPUT - before;
  let digests = OUTPUT;
  while (count > 0) {
    const size = groupSize(count);
    setLanes(size, messages, leafLength, count);
    compressBlock(size, 0, FIRST);
    for (let start: usize = 64; start <= last; start += 64) {
      compressBlock(size, start, start == last ? LAST : start == last - 64 ? LAST_BUT_ONE : PLAIN);
    }
    finish(size, digests);
    messages += leafLength * size;
    digests += 32 * size;
    count -= min(size, count);
  }
}
