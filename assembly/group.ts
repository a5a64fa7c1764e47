/**
 * A group: the messages that are hashed at once, one in each lane. This is the only file that knows which
 * kernels there are; their sizes are nine, four and one, or only one in a module without SIMD.
 *
 *     messages left   6 or more    2 to 5    1
 *     group           nine         four      one
 *
 * A group may have more lanes than there are messages: a spare lane hashes the first message again, and nobody
 * reads its digest. Nine lanes take as long as twice four, and four less than twice one.
 */

import * as four from './four';
import * as laneIo from './lane';
import { INITIAL, LANES, LANE_SUMS, STATE, SUMS, TAIL_SUMS } from './layout';
import * as nine from './nine';
import * as one from './one';
import * as stream from './stream';
import { WORDS_WITHOUT_SIGMA0 } from './tail';

/** The most messages that a group takes. */
export const GROUP_MAX: u32 = ASC_FEATURE_SIMD ? 9 : 1;

/** How many lanes the next group has, where so many messages are left. */
export function groupSize(remaining: u32): u32 {
  if (!ASC_FEATURE_SIMD || remaining == 1) return 1;
  return remaining > 5 ? 9 : 4;
}

/** Writes what never changes. To be called once, after the table is made. */
export function prepare(): void {
  if (ASC_FEATURE_SIMD) {
    stream.prepare(0);
    stream.prepare(1);
  }
  laneIo.prepare();
}

/** Says where a group's messages begin: `stride` bytes apart. */
export function setLanes(size: u32, first: usize, stride: usize, remaining: u32): void {
  let message = first;
  for (let i: u32 = 0; i < size; i++) {
    store<u32>(LANES + 4 * i, i < remaining ? message : first);
    message += stride;
  }
}

/**
 * Takes the blocks that begin `offset` bytes into the messages into the chaining values, which start anew with
 * the block at 0.
 */
export function compressBlock(size: u32, offset: usize, template: usize): void {
  if (ASC_FEATURE_SIMD) {
    for (let i: u32 = 0; i < size / 4; i++) stream.loadBlock(i, offset, template);
  }
  if (size != 4) laneIo.loadBlock(scalarLane(size) + offset, template);
  compress(size, offset == 0 ? INITIAL : STATE, 0);
}

/**
 * Takes the second blocks of pairs into the chaining values.
 * @param offset of the last four bytes of the messages
 * @param wide whether the pairs are of 66 bytes
 */
export function compressTail(size: u32, offset: usize, wide: bool): void {
  if (ASC_FEATURE_SIMD) {
    for (let i: u32 = 0; i < size / 4; i++) {
      if (wide) stream.loadWideTail(i, offset);
      else stream.loadNarrowTail(i, offset);
    }
  }
  if (wide) {
    if (size != 4) laneIo.loadWideTail(scalarLane(size) + offset);
    if (size == 9) laneIo.expandWideTail();
    compress(size, STATE, WORDS_WITHOUT_SIGMA0);
  } else {
    rounds(size, STATE, TAIL_SUMS, size == 4 ? 0 : laneIo.narrowTail(scalarLane(size) + offset));
  }
}

/** Writes the group's digests one after the other: one for each lane, a spare one too. */
export function finish(size: u32, digests: usize): void {
  if (ASC_FEATURE_SIMD) {
    for (let i: u32 = 0; i < size / 4; i++) stream.finish(i, digests + 128 * i);
  }
  if (size != 4) laneIo.finish(digests + 32 * (size - 1));
}

/** Where the message of the scalar lane begins, in groups that have one. */
function scalarLane(size: u32): usize {
  return load<u32>(LANES + 4 * (size - 1));
}

function compress(size: u32, chaining: usize, expanded: usize): void {
  if (!ASC_FEATURE_SIMD || size == 1) {
    one.compress(chaining);
    return;
  }
  if (size == 9) nine.expand(expanded);
  else four.expand(expanded);
  rounds(size, chaining, SUMS, LANE_SUMS);
}

function rounds(size: u32, chaining: usize, sums: usize, laneSums: usize): void {
  if (ASC_FEATURE_SIMD && size == 9) nine.rounds(chaining, sums, laneSums);
  else if (ASC_FEATURE_SIMD && size == 4) four.rounds(chaining, sums);
  else one.rounds(chaining, laneSums);
}
