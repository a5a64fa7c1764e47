/**
 * A stream: four lanes in vectors. How four messages come in and their digests go out; the rounds are in four.ts
 * and nine.ts.
 */

import { H0, K } from './constants';
import {
  INITIAL,
  LANES,
  STATE,
  STREAM_BYTES,
  STREAM_STATE_BYTES,
  SUMS,
  TAIL_SUMS,
  TABLE_ROW_BYTES,
  V,
  WORDS,
} from './layout';
import { NARROW_END, WIDE_BITS, WIDE_END, WORDS_WITHOUT_SIGMA0, tableRow } from './tail';
import { FILL, JOIN, MASK, STEP } from './template';
import { bigEndian, columns, smallSigma1, sum } from './vectors';

/** Where the message of one of a stream's lanes begins. */
function lane(stream: usize, index: usize): usize {
  return load<u32>(LANES + 16 * stream + 4 * index);
}

/** Loads the blocks that begin `offset` bytes into the messages, into W0 to W15. */
export function loadBlock(stream: usize, offset: usize, template: usize): void {
  const words = WORDS + STREAM_BYTES * stream;
  const block0 = lane(stream, 0) + offset;
  const block1 = lane(stream, 1) + offset;
  const block2 = lane(stream, 2) + offset;
  const block3 = lane(stream, 3) + offset;
  const early: usize = load<u32>(template, JOIN) == 0 ? 0 : 1;

  for (let row: usize = 0; row < 64; row += V) {
    const at = row - (row < 32 ? 0 : early);
    columns(
      words + 4 * row,
      V,
      bigEndian(v128.load(block0 + at)),
      bigEndian(v128.load(block1 + at)),
      bigEndian(v128.load(block2 + at)),
      bigEndian(v128.load(block3 + at)),
    );
  }
  const join = v128.load32_splat(template, JOIN);
  const joined = v128.and(i32x4.shl(v128.load(words, V * 8), 8), join);
  const step: usize = load<u32>(template, STEP);
  for (let i: usize = 0; i < 64; i += step) {
    const mask = v128.load32_splat(template + i, MASK);
    const fill = v128.load32_splat(template + i, FILL);
    v128.store(words + 4 * i, v128.or(v128.and(v128.load(words + 4 * i), mask), fill));
  }
  v128.store(words, v128.or(v128.load(words, V * 8), joined), V * 8);
}

/** The last four bytes of each message, which end `offset` + 4 bytes into it, as big-endian words. */
function lastWords(stream: usize, offset: usize): v128 {
  let words = v128.load32_zero(lane(stream, 0) + offset);
  words = v128.load32_lane(lane(stream, 1) + offset, words, 1);
  words = v128.load32_lane(lane(stream, 2) + offset, words, 2);
  words = v128.load32_lane(lane(stream, 3) + offset, words, 3);
  return bigEndian(words);
}

/** Writes what never changes: H(0) to INITIAL; and to TAIL_SUMS, as W1 to W15 + K are the same for every last byte. */
export function prepare(stream: usize): void {
  const initial = INITIAL + STREAM_STATE_BYTES * stream;
  for (let i: usize = 0; i < 8; i++) v128.store(initial + V * i, v128.load32_splat(H0 + 4 * i));
  const sums = TAIL_SUMS + STREAM_BYTES * stream;
  for (let t: usize = 1; t < 16; t++) v128.store(sums + V * t, v128.load32_splat(tableRow(0) + 4 * t));
}

/**
 * Loads the finished sums of four 65-byte pairs' tails.
 * @param offset of the last four bytes of each message
 */
export function loadNarrowTail(stream: usize, offset: usize): void {
  const sums = TAIL_SUMS + STREAM_BYTES * stream;
  const row0 = tableRow(load<u8>(lane(stream, 0) + offset, 3));
  const row1 = tableRow(load<u8>(lane(stream, 1) + offset, 3));
  const row2 = tableRow(load<u8>(lane(stream, 2) + offset, 3));
  const row3 = tableRow(load<u8>(lane(stream, 3) + offset, 3));

  const word0 = v128.or(i32x4.shl(lastWords(stream, offset), 24), i32x4.splat(NARROW_END));
  v128.store(sums, sum(word0, v128.load32_splat(K)));
  for (let at: usize = 64; at < TABLE_ROW_BYTES; at += V) {
    columns(
      sums + 4 * at,
      V,
      v128.load(row0 + at),
      v128.load(row1 + at),
      v128.load(row2 + at),
      v128.load(row3 + at),
    );
  }
}

/**
 * Loads four 66-byte pairs' tails into W0 to W29, and the sums that these make.
 * @param offset of the last four bytes of each message
 */
export function loadWideTail(stream: usize, offset: usize): void {
  const words = WORDS + STREAM_BYTES * stream;
  const sums = SUMS + STREAM_BYTES * stream;
  v128.store(words, v128.or(i32x4.shl(lastWords(stream, offset), 16), i32x4.splat(WIDE_END)));
  for (let t: usize = 1; t < 15; t++) v128.store(words + V * t, i32x4.splat(0));
  v128.store(words, i32x4.splat(WIDE_BITS), V * 15);
  for (let t: usize = 0; t < WORDS_WITHOUT_SIGMA0; t++) {
    const at = words + V * t;
    const word = v128.load(at);
    v128.store(sums + V * t, sum(word, v128.load32_splat(K + 4 * t)));
    v128.store(at, sum(sum(word, v128.load(at, V * 9)), smallSigma1(v128.load(at, V * 14))), V * 16);
  }
}

/** Writes the chaining values as four digests, 32 bytes each, one after the other. */
export function finish(stream: usize, digests: usize): void {
  for (let half: usize = 0; half < 2; half++) {
    const words = STATE + STREAM_STATE_BYTES * stream + V * 4 * half;
    columns(
      digests + V * half,
      32,
      bigEndian(v128.load(words, V * 0)),
      bigEndian(v128.load(words, V * 1)),
      bigEndian(v128.load(words, V * 2)),
      bigEndian(v128.load(words, V * 3)),
    );
  }
}
