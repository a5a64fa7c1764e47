/**
 * Messages as SHA-256 reads them: padded to whole blocks (FIPS 180-4, section 5.1.1).
 *
 *     65-byte pair   t0 │ A × 32 │ B × 32      │ 80 │ 0 × 54 │ 520 as a big-endian 64-bit number of bits
 *     66-byte pair   t0 │ A × 32 │ t1 │ B × 32 │ 80 │ 0 × 53 │ 528
 *     leaf           [prefix] │ leaf           │ 80 │ 0 …    │ bits
 */

import { BLOCKS, SLOT_BYTES } from './layout';

/** A tag or prefix that is not there. */
export const ABSENT: i32 = -1;

/** The slot of a group's message. */
export function slot(index: usize): usize {
  return BLOCKS + SLOT_BYTES * index;
}

/** Where B stands in a pair's message. */
export function rightOffset(rightTag: i32): usize {
  return rightTag == ABSENT ? 33 : 34;
}

/** Writes all of a pair's message but A and B, which the caller then writes for one pair after another. */
export function preparePair(message: usize, leftTag: i32, rightTag: i32): void {
  const length = rightOffset(rightTag) + 32;
  for (let i: usize = 0; i < SLOT_BYTES; i += 8) store<u64>(message + i, 0);
  store<u8>(message, leftTag);
  if (rightTag != ABSENT) store<u8>(message, rightTag, 33);
  store<u8>(message + length, 0x80);
  store<u64>(message, bswap<u64>(length * 8), SLOT_BYTES - 8);
}

/** Bytes of a leaf's message after padding. */
export function paddedLength(length: usize): usize {
  return (length + 1 + 8 + 63) & ~63;
}

/** Writes the block of a leaf's message that begins `start` bytes into it. */
export function writeLeafBlock(
  block: usize,
  start: usize,
  leaf: usize,
  leafLength: usize,
  prefix: i32,
): void {
  const before: usize = prefix == ABSENT ? 0 : 1;
  const length = before + leafLength;
  for (let i: usize = 0; i < 64; i += 8) store<u64>(block + i, 0);

  const from = max(start, before);
  const to = min(start + 64, length);
  if (from < to) copy(block + from - start, leaf + from - before, to - from);

  if (start < before) store<u8>(block, prefix);
  if (start <= length && length < start + 64) store<u8>(block + length - start, 0x80);
  if (start + 64 == paddedLength(length)) store<u64>(block, bswap<u64>(u64(length) * 8), 56);
}

/** Copies a hash of 32 bytes. */
export function copyHash(to: usize, from: usize): void {
  store<u64>(to, load<u64>(from));
  store<u64>(to, load<u64>(from, 8), 8);
  store<u64>(to, load<u64>(from, 16), 16);
  store<u64>(to, load<u64>(from, 24), 24);
}

/** Copies up to 64 bytes. For so few, engines are quicker here than in `memory.copy`. */
function copy(to: usize, from: usize, length: usize): void {
  let i: usize = 0;
  for (; i + 8 <= length; i += 8) store<u64>(to + i, load<u64>(from + i));
  for (; i < length; i++) store<u8>(to + i, load<u8>(from + i));
}
