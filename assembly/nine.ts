/**
 * The compression function (FIPS 180-4, section 6.2.2) of nine messages: two streams of four, and the scalar
 * lane. The three are independent of each other, so a processor works on one where another has to wait, and the
 * scalar lane runs on units that vectors leave idle.
 *
 * What a message less takes than in four.ts, measured on a Xeon of the Sapphire Rapids kind under Node 20 and 24:
 *
 *     −5 to −6 %   the second stream
 *     −4 to −7 %   the scalar lane; a second one loses 10 %, a third stream gains nothing
 *     −1 to −3 %   `ab`: the majority of a, b, c is b ^ ((a ^ b) & (b ^ c)), and b ^ c is the last round's a ^ b
 *     −1 to −2 %   two rounds a loop instead of one; four or eight cost 14 or 21 % under Node 20
 *
 * There, 34 vector instructions a round on three vector units are the ceiling, and 85 % of it is reached.
 */

import { K } from './constants';
import {
  LANE_STATE,
  LANE_SUMS,
  LANE_WORDS,
  STATE,
  STREAM_BYTES,
  STREAM_STATE_BYTES,
  SUMS,
  V,
  WORDS,
} from './layout';
import * as vector from './vectors';
import { sum } from './vectors';
import * as word from './words';

/**
 * Computes W16 to W63, and the sums W + K, from word `first` + 16 and sum `first` on. Addresses are offsets that the
 * instructions carry, so that a step computes no more than two.
 */
export function expand(first: usize): void {
  for (let i: usize = 4 * first; i < 4 * 48; i += 4) {
    const at = 4 * i;
    const k = v128.load32_splat(K + i);

    const x0 = v128.load(at, WORDS);
    const x1 = v128.load(at, WORDS + V * 1);
    const x9 = v128.load(at, WORDS + V * 9);
    const x14 = v128.load(at, WORDS + V * 14);
    v128.store(at, sum(x0, k), SUMS);
    v128.store(at, nextWord(x0, x1, x9, x14), WORDS + V * 16);

    const y0 = v128.load(at, WORDS + STREAM_BYTES);
    const y1 = v128.load(at, WORDS + STREAM_BYTES + V * 1);
    const y9 = v128.load(at, WORDS + STREAM_BYTES + V * 9);
    const y14 = v128.load(at, WORDS + STREAM_BYTES + V * 14);
    v128.store(at, sum(y0, k), SUMS + STREAM_BYTES);
    v128.store(at, nextWord(y0, y1, y9, y14), WORDS + STREAM_BYTES + V * 16);

    const w0 = load<u32>(i, LANE_WORDS);
    const w1 = load<u32>(i, LANE_WORDS + 4 * 1);
    const w9 = load<u32>(i, LANE_WORDS + 4 * 9);
    const w14 = load<u32>(i, LANE_WORDS + 4 * 14);
    store<u32>(i, w0 + load<u32>(K + i), LANE_SUMS);
    store<u32>(i, w0 + word.smallSigma0(w1) + w9 + word.smallSigma1(w14), LANE_WORDS + 4 * 16);
  }
  for (let i: usize = 4 * 48; i < 4 * 64; i += 4) {
    const at = 4 * i;
    const k = v128.load32_splat(K + i);
    v128.store(at, sum(v128.load(at, WORDS), k), SUMS);
    v128.store(at, sum(v128.load(at, WORDS + STREAM_BYTES), k), SUMS + STREAM_BYTES);
    store<u32>(i, load<u32>(i, LANE_WORDS) + load<u32>(K + i), LANE_SUMS);
  }
}

/** The word that stands 16 after w0. */
function nextWord(w0: v128, w1: v128, w9: v128, w14: v128): v128 {
  return sum(sum(w0, vector.smallSigma0(w1)), sum(w9, vector.smallSigma1(w14)));
}

/** The 64 rounds over the given sums W + K, from the given chaining values on, INITIAL or STATE. */
export function rounds(chaining: usize, sums: usize, laneSums: usize): void {
  let a0 = v128.load(chaining, V * 0);
  let b0 = v128.load(chaining, V * 1);
  let c0 = v128.load(chaining, V * 2);
  let d0 = v128.load(chaining, V * 3);
  let e0 = v128.load(chaining, V * 4);
  let f0 = v128.load(chaining, V * 5);
  let g0 = v128.load(chaining, V * 6);
  let h0 = v128.load(chaining, V * 7);
  let bc0 = v128.xor(b0, c0);

  let a1 = v128.load(chaining, STREAM_STATE_BYTES + V * 0);
  let b1 = v128.load(chaining, STREAM_STATE_BYTES + V * 1);
  let c1 = v128.load(chaining, STREAM_STATE_BYTES + V * 2);
  let d1 = v128.load(chaining, STREAM_STATE_BYTES + V * 3);
  let e1 = v128.load(chaining, STREAM_STATE_BYTES + V * 4);
  let f1 = v128.load(chaining, STREAM_STATE_BYTES + V * 5);
  let g1 = v128.load(chaining, STREAM_STATE_BYTES + V * 6);
  let h1 = v128.load(chaining, STREAM_STATE_BYTES + V * 7);
  let bc1 = v128.xor(b1, c1);

  let a = load<u32>(chaining, LANE_STATE + 0);
  let b = load<u32>(chaining, LANE_STATE + 4);
  let c = load<u32>(chaining, LANE_STATE + 8);
  let d = load<u32>(chaining, LANE_STATE + 12);
  let e = load<u32>(chaining, LANE_STATE + 16);
  let f = load<u32>(chaining, LANE_STATE + 20);
  let g = load<u32>(chaining, LANE_STATE + 24);
  let h = load<u32>(chaining, LANE_STATE + 28);
  let bc = b ^ c;

  for (let t: usize = 0; t < 64; t += 2) {
    const at = sums + V * t;
    const laneAt = laneSums + 4 * t;

    // One round.
    const x0 = temporary1(e0, f0, g0, h0, v128.load(at));
    d0 = sum(d0, x0);
    const ab0 = v128.xor(a0, b0);
    h0 = sum(x0, temporary2(a0, b0, ab0, bc0));
    const x1 = temporary1(e1, f1, g1, h1, v128.load(at, STREAM_BYTES));
    d1 = sum(d1, x1);
    const ab1 = v128.xor(a1, b1);
    h1 = sum(x1, temporary2(a1, b1, ab1, bc1));
    const x = h + load<u32>(laneAt) + word.choose(e, f, g) + word.bigSigma1(e);
    d += x;
    const ab = a ^ b;
    h = x + word.bigSigma0(a) + (b ^ (ab & bc));

    // Another, to which h is what a was, a what b was, and so on.
    const y0 = temporary1(d0, e0, f0, g0, v128.load(at, V));
    c0 = sum(c0, y0);
    const ha0 = v128.xor(h0, a0);
    g0 = sum(y0, temporary2(h0, a0, ha0, ab0));
    const y1 = temporary1(d1, e1, f1, g1, v128.load(at, STREAM_BYTES + V));
    c1 = sum(c1, y1);
    const ha1 = v128.xor(h1, a1);
    g1 = sum(y1, temporary2(h1, a1, ha1, ab1));
    const y = g + load<u32>(laneAt, 4) + word.choose(d, e, f) + word.bigSigma1(d);
    c += y;
    const ha = h ^ a;
    g = y + word.bigSigma0(h) + (a ^ (ha & ab));

    // Now g is what a was: all names move two places on.
    const nextA0 = g0;
    const nextB0 = h0;
    h0 = f0;
    g0 = e0;
    f0 = d0;
    e0 = c0;
    d0 = b0;
    c0 = a0;
    b0 = nextB0;
    a0 = nextA0;
    bc0 = ha0;
    const nextA1 = g1;
    const nextB1 = h1;
    h1 = f1;
    g1 = e1;
    f1 = d1;
    e1 = c1;
    d1 = b1;
    c1 = a1;
    b1 = nextB1;
    a1 = nextA1;
    bc1 = ha1;
    const nextA = g;
    const nextB = h;
    h = f;
    g = e;
    f = d;
    e = c;
    d = b;
    c = a;
    b = nextB;
    a = nextA;
    bc = ha;
  }

  add(chaining, V * 0, a0);
  add(chaining, V * 1, b0);
  add(chaining, V * 2, c0);
  add(chaining, V * 3, d0);
  add(chaining, V * 4, e0);
  add(chaining, V * 5, f0);
  add(chaining, V * 6, g0);
  add(chaining, V * 7, h0);
  add(chaining, STREAM_STATE_BYTES + V * 0, a1);
  add(chaining, STREAM_STATE_BYTES + V * 1, b1);
  add(chaining, STREAM_STATE_BYTES + V * 2, c1);
  add(chaining, STREAM_STATE_BYTES + V * 3, d1);
  add(chaining, STREAM_STATE_BYTES + V * 4, e1);
  add(chaining, STREAM_STATE_BYTES + V * 5, f1);
  add(chaining, STREAM_STATE_BYTES + V * 6, g1);
  add(chaining, STREAM_STATE_BYTES + V * 7, h1);
  addToLane(chaining, 0, a);
  addToLane(chaining, 4, b);
  addToLane(chaining, 8, c);
  addToLane(chaining, 12, d);
  addToLane(chaining, 16, e);
  addToLane(chaining, 20, f);
  addToLane(chaining, 24, g);
  addToLane(chaining, 28, h);
}

function add(chaining: usize, offset: usize, value: v128): void {
  v128.store(STATE + offset, sum(v128.load(chaining + offset), value));
}

function addToLane(chaining: usize, offset: usize, value: u32): void {
  store<u32>(STATE + LANE_STATE + offset, load<u32>(chaining + LANE_STATE + offset) + value);
}

/** What a round adds to d, and to the new a. */
function temporary1(e: v128, f: v128, g: v128, h: v128, kw: v128): v128 {
  return sum(sum(sum(h, kw), vector.choose(e, f, g)), vector.bigSigma1(e));
}

/** What a round adds to the new a alone, the majority by way of a ^ b and b ^ c. */
function temporary2(a: v128, b: v128, ab: v128, bc: v128): v128 {
  return sum(vector.bigSigma0(a), v128.xor(b, v128.and(ab, bc)));
}
