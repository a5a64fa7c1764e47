/**
 * SHA-256 of four messages at a time. Every vector holds the same word of four messages, one in each lane, so
 * the rounds read exactly like the scalar ones; only the way in and out turns rows into columns:
 *
 *     four rows, as bytes lie in memory          four vectors, as the rounds want them
 *     lane 0   A0 A1 A2 A3                        word 0   A0 B0 C0 D0
 *     lane 1   B0 B1 B2 B3         columns()      word 1   A1 B1 C1 D1
 *     lane 2   C0 C1 C2 C3        ========>       word 2   A2 B2 C2 D2
 *     lane 3   D0 D1 D2 D3                        word 3   A3 B3 C3 D3
 */

import { H0, K } from './constants';
import { SCHEDULE, STATE } from './layout';

/** Bytes of a vector. */
const V: usize = 16;

/** Sets all four chaining values to H(0). */
export function begin(): void {
  for (let i: usize = 0; i < 8; i++) v128.store(STATE + V * i, v128.load32_splat(H0 + 4 * i));
}

/**
 * The compression function (FIPS 180-4, section 6.2.2), four times at once: takes one block of 64 bytes a lane
 * into the chaining values. The blocks begin `stride` bytes apart.
 */
export function compress(block: usize, stride: usize): void {
  for (let row: usize = 0; row < 4; row++) {
    const at = block + V * row;
    columns(
      SCHEDULE + V * 4 * row,
      bigEndian(v128.load(at)),
      bigEndian(v128.load(at + stride)),
      bigEndian(v128.load(at + 2 * stride)),
      bigEndian(v128.load(at + 3 * stride)),
    );
  }
  for (let t = SCHEDULE; t < SCHEDULE + V * 48; t += V) {
    const w0 = v128.load(t);
    const w1 = v128.load(t, V * 1);
    const w9 = v128.load(t, V * 9);
    const w14 = v128.load(t, V * 14);
    v128.store(t, sum(sum(w0, smallSigma0(w1)), sum(w9, smallSigma1(w14))), V * 16);
  }

  let a = v128.load(STATE, V * 0);
  let b = v128.load(STATE, V * 1);
  let c = v128.load(STATE, V * 2);
  let d = v128.load(STATE, V * 3);
  let e = v128.load(STATE, V * 4);
  let f = v128.load(STATE, V * 5);
  let g = v128.load(STATE, V * 6);
  let h = v128.load(STATE, V * 7);

  for (let t: usize = 0; t < 64; t++) {
    const k = v128.load32_splat(K + 4 * t);
    const w = v128.load(SCHEDULE + V * t);
    const t1 = sum(sum(sum(h, bigSigma1(e)), choose(e, f, g)), sum(k, w));
    const t2 = sum(bigSigma0(a), majority(a, b, c));
    h = g;
    g = f;
    f = e;
    e = sum(d, t1);
    d = c;
    c = b;
    b = a;
    a = sum(t1, t2);
  }

  add(0, a);
  add(1, b);
  add(2, c);
  add(3, d);
  add(4, e);
  add(5, f);
  add(6, g);
  add(7, h);
}

/** Writes the chaining values as four digests, 32 bytes each, one after the other. */
export function finish(digests: usize): void {
  for (let half: usize = 0; half < 2; half++) {
    const words = STATE + V * 4 * half;
    columns(words, v128.load(words), v128.load(words, V), v128.load(words, V * 2), v128.load(words, V * 3));
    for (let lane: usize = 0; lane < 4; lane++) {
      v128.store(digests + 32 * lane + V * half, bigEndian(v128.load(words + V * lane)));
    }
  }
}

function add(word: usize, value: v128): void {
  const at = STATE + V * word;
  v128.store(at, sum(v128.load(at), value));
}

/** Turns four rows into four columns, stored one after the other; its own inverse. */
function columns(to: usize, row0: v128, row1: v128, row2: v128, row3: v128): void {
  const low01 = v128.shuffle<u32>(row0, row1, 0, 4, 1, 5);
  const low23 = v128.shuffle<u32>(row2, row3, 0, 4, 1, 5);
  const high01 = v128.shuffle<u32>(row0, row1, 2, 6, 3, 7);
  const high23 = v128.shuffle<u32>(row2, row3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<u64>(low01, low23, 0, 2));
  v128.store(to, v128.shuffle<u64>(low01, low23, 1, 3), V);
  v128.store(to, v128.shuffle<u64>(high01, high23, 0, 2), V * 2);
  v128.store(to, v128.shuffle<u64>(high01, high23, 1, 3), V * 3);
}

/** Reverses the bytes of each word: SHA-256 is big-endian, WebAssembly little-endian. */
function bigEndian(words: v128): v128 {
  return v128.swizzle(words, i8x16(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
}

function sum(x: v128, y: v128): v128 {
  return i32x4.add(x, y);
}

function rotr(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shr_u(x, bits), i32x4.shl(x, 32 - bits));
}

function xor3(x: v128, y: v128, z: v128): v128 {
  return v128.xor(v128.xor(x, y), z);
}

// The six functions of FIPS 180-4, section 4.1.2, two of them Σ and two σ.

function choose(x: v128, y: v128, z: v128): v128 {
  return v128.xor(z, v128.and(x, v128.xor(y, z)));
}

function majority(x: v128, y: v128, z: v128): v128 {
  return v128.or(v128.and(x, y), v128.and(z, v128.or(x, y)));
}

function bigSigma0(x: v128): v128 {
  return xor3(rotr(x, 2), rotr(x, 13), rotr(x, 22));
}

function bigSigma1(x: v128): v128 {
  return xor3(rotr(x, 6), rotr(x, 11), rotr(x, 25));
}

function smallSigma0(x: v128): v128 {
  return xor3(rotr(x, 7), rotr(x, 18), i32x4.shr_u(x, 3));
}

function smallSigma1(x: v128): v128 {
  return xor3(rotr(x, 17), rotr(x, 19), i32x4.shr_u(x, 10));
}
