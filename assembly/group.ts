/**
 * A group: the messages that are hashed at once. Four, one in each lane, where the module is built with SIMD;
 * otherwise, and for what is left of a batch, one. The two kernels agree on begin, compress and finish, and
 * this is the only file that knows which of them runs.
 */

import * as lanes from './lanes';
import * as scalar from './scalar';

/** How many messages the next group takes of those that remain. */
export function groupSize(remaining: u32): u32 {
  return ASC_FEATURE_SIMD && remaining >= 4 ? 4 : 1;
}

/** Starts a group's digests. */
export function begin(size: u32): void {
  if (ASC_FEATURE_SIMD && size == 4) lanes.begin();
  else scalar.begin();
}

/** Takes one block of each message of the group, `stride` bytes apart, into its digest. */
export function compress(size: u32, block: usize, stride: usize): void {
  if (ASC_FEATURE_SIMD && size == 4) lanes.compress(block, stride);
  else scalar.compress(block);
}

/** Writes the group's digests one after the other. */
export function finish(size: u32, digests: usize): void {
  if (ASC_FEATURE_SIMD && size == 4) lanes.finish(digests);
  else scalar.finish(digests);
}
