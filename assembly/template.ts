/**
 * Messages as SHA-256 reads them, padded to whole blocks (FIPS 180-4, section 5.1.1):
 *
 *     65-byte pair   t0 │ A × 32 │ B × 32      │ 80 │ 0 × 54 │ 520 as a big-endian 64-bit number of bits
 *     66-byte pair   t0 │ A × 32 │ t1 │ B × 32 │ 80 │ 0 × 53 │ 528
 *     leaf           [prefix] │ leaf           │ 80 │ 0 …    │ bits
 *
 * Nothing is copied together. A block is read from where its data lies, beginning one byte early where a tag or
 * prefix comes first, and a *template* tells data from the rest:
 *
 *     MASK   16 words   ones where the block holds data
 *     FILL   16 words   tag, prefix, padding, number of bits
 *     JOIN   1 word     not zero for 66-byte pairs only, see below
 *     STEP   1 word     from one word that may be other than data to the next: of pairs, only words 0 and 8 may
 *
 * In a 66-byte pair t1 pushes B one byte further. Words 8 to 15 are read one byte earlier to make up for it, and
 * the last byte of A, which was first in word 8, is then found second; JOIN brings it back:
 *
 *     word 8 as read   A30 A31 B0 B1      (word & MASK) | (word << 8 & JOIN) | FILL   =   A31 t1 B0 B1
 */

import { TEMPLATES } from './layout';

/** A tag or prefix that is not there. */
export const ABSENT: i32 = -1;

/** Where the parts of a template stand in it. */
export const MASK: usize = 0;
export const FILL: usize = 64;
export const JOIN: usize = 128;
export const STEP: usize = 132;
const TEMPLATE_BYTES: usize = 192;

/** A block that is all data. */
export const PLAIN: usize = TEMPLATES;
/** The first block of a message; the block before its last; the last. */
export const FIRST: usize = TEMPLATES + TEMPLATE_BYTES;
export const LAST_BUT_ONE: usize = TEMPLATES + TEMPLATE_BYTES * 2;
export const LAST: usize = TEMPLATES + TEMPLATE_BYTES * 3;

/** Writes the template of a block that is all data. For so few bytes, stores are quicker than `memory.fill`. */
export function writePlain(template: usize): void {
  for (let i: usize = 0; i < 64; i += 8) {
    store<u64>(template + i, ~0, MASK);
    store<u64>(template + i, 0, FILL);
  }
  store<u32>(template, 0, JOIN);
  store<u32>(template, 4 * 8, STEP);
}

/** Writes the template of the first block of a pair. */
export function writePair(template: usize, leftTag: i32, rightTag: i32): void {
  writePlain(template);
  store<u32>(template, 0x00ffffff, MASK);
  store<u32>(template, leftTag << 24, FILL);
  if (rightTag == ABSENT) return;
  store<u32>(template, 0x0000ffff, MASK + 4 * 8);
  store<u32>(template, rightTag << 16, FILL + 4 * 8);
  store<u32>(template, 0xff000000, JOIN);
}

/** Bytes of a message after padding. */
export function paddedLength(length: usize): usize {
  return (length + 1 + 8 + 63) & ~63;
}

/**
 * Writes the template of the block of a leaf's message that begins `start` bytes into it.
 * @param length bytes of the message, a prefix included
 */
export function writeLeafBlock(template: usize, start: usize, length: usize, prefix: i32): void {
  const before: i32 = prefix == ABSENT ? 0 : 1;
  for (let i: usize = 0; i < 64; i += 4) {
    const from = before - i32(start + i);
    const to = i32(length) - i32(start + i);
    store<u32>(template + i, bytesFrom(from) & ~bytesFrom(to), MASK);
    store<u32>(template + i, to >= 0 && to < 4 ? 0x80000000 >>> (8 * to) : 0, FILL);
  }
  if (start == 0 && before == 1) store<u32>(template, load<u32>(template, FILL) | (prefix << 24), FILL);
  if (start + 64 == paddedLength(length)) {
    store<u32>(template, u32(u64(length) >> 29), FILL + 4 * 14);
    store<u32>(template, u32(length) << 3, FILL + 4 * 15);
  }
  store<u32>(template, 0, JOIN);
  store<u32>(template, 4, STEP);
}

/** Ones in the bytes of a big-endian word from byte `index` on: all up to 0, none from 4. */
function bytesFrom(index: i32): u32 {
  return index <= 0 ? ~0 : index >= 4 ? 0 : u32(~0) >>> (8 * index);
}
