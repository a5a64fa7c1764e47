/**
 * The compression function (FIPS 180-4, section 6.2.2) of one message, in the scalar lane. A message that is alone
 * leaves a processor waiting, each round for the one before. So the schedule is made beside the rounds, and not
 * ahead of them, and by vectors where there are some: together 16 % of a 65-byte pair's time, and 22 % of one
 * of 66 bytes.
 */

import { K } from './constants';
import { LANE_STATE, LANE_SUMS, LANE_WORDS, STATE } from './layout';
import * as vector from './vectors';
import * as word from './words';

/**
 * Computes the next four sums W + K, and from them on the four words that stand 16 further. Where there are
 * vectors, they make four at once. The last two of those rest on the first two, so σ1 is taken twice; of a word
 * that is not there yet it is left at zero, and σ1 of zero is zero.
 * @param at of the first word, in bytes
 */
function nextFour(at: usize): void {
  if (ASC_FEATURE_SIMD) {
    const w0 = v128.load(at, LANE_WORDS);
    v128.store(at, vector.sum(w0, v128.load(K + at)), LANE_SUMS);
    if (at >= 4 * 48) return;
    const w1 = v128.load(at, LANE_WORDS + 4 * 1);
    const w9 = v128.load(at, LANE_WORDS + 4 * 9);
    const w14 = v128.load64_zero(at + LANE_WORDS + 4 * 14);
    const known = vector.sum(vector.sum(w0, vector.smallSigma0(w1)), w9);
    const half = vector.sum(known, vector.smallSigma1(w14));
    const w16 = v128.shuffle<u32>(i32x4.splat(0), half, 0, 1, 4, 5);
    v128.store(at, vector.sum(half, vector.smallSigma1(w16)), LANE_WORDS + 4 * 16);
  } else {
    for (let i = at; i < at + 16; i += 4) {
      const w0 = load<u32>(i, LANE_WORDS);
      store<u32>(i, w0 + load<u32>(K + i), LANE_SUMS);
      if (at >= 4 * 48) continue;
      const w1 = load<u32>(i, LANE_WORDS + 4 * 1);
      const w9 = load<u32>(i, LANE_WORDS + 4 * 9);
      const w14 = load<u32>(i, LANE_WORDS + 4 * 14);
      store<u32>(i, w0 + word.smallSigma0(w1) + w9 + word.smallSigma1(w14), LANE_WORDS + 4 * 16);
    }
  }
}

/** The 64 rounds over the message in LANE_WORDS, from the given chaining values on, INITIAL or STATE. */
export function compress(chaining: usize): void {
  let a = load<u32>(chaining, LANE_STATE + 0);
  let b = load<u32>(chaining, LANE_STATE + 4);
  let c = load<u32>(chaining, LANE_STATE + 8);
  let d = load<u32>(chaining, LANE_STATE + 12);
  let e = load<u32>(chaining, LANE_STATE + 16);
  let f = load<u32>(chaining, LANE_STATE + 20);
  let g = load<u32>(chaining, LANE_STATE + 24);
  let h = load<u32>(chaining, LANE_STATE + 28);
  let bc = b ^ c;

  for (let i: usize = 0; i < 4 * 64; i += 16) {
    nextFour(i);
    const x0 = h + load<u32>(i, LANE_SUMS) + word.choose(e, f, g) + word.bigSigma1(e);
    d += x0;
    const ab = a ^ b;
    h = x0 + word.bigSigma0(a) + (b ^ (ab & bc));

    const x1 = g + load<u32>(i, LANE_SUMS + 4) + word.choose(d, e, f) + word.bigSigma1(d);
    c += x1;
    const ha = h ^ a;
    g = x1 + word.bigSigma0(h) + (a ^ (ha & ab));

    const x2 = f + load<u32>(i, LANE_SUMS + 8) + word.choose(c, d, e) + word.bigSigma1(c);
    b += x2;
    const gh = g ^ h;
    f = x2 + word.bigSigma0(g) + (h ^ (gh & ha));

    const x3 = e + load<u32>(i, LANE_SUMS + 12) + word.choose(b, c, d) + word.bigSigma1(b);
    a += x3;
    bc = f ^ g;
    e = x3 + word.bigSigma0(f) + (g ^ (bc & gh));

    // Now e is what a was: the halves change places.
    const nextE = a;
    const nextF = b;
    const nextG = c;
    const nextH = d;
    a = e;
    b = f;
    c = g;
    d = h;
    e = nextE;
    f = nextF;
    g = nextG;
    h = nextH;
  }

  add(chaining, 0, a);
  add(chaining, 4, b);
  add(chaining, 8, c);
  add(chaining, 12, d);
  add(chaining, 16, e);
  add(chaining, 20, f);
  add(chaining, 24, g);
  add(chaining, 28, h);
}

/** The 64 rounds over sums W + K that are there already, from the given chaining values on, INITIAL or STATE. */
export function rounds(chaining: usize, sums: usize): void {
  let a = load<u32>(chaining, LANE_STATE + 0);
  let b = load<u32>(chaining, LANE_STATE + 4);
  let c = load<u32>(chaining, LANE_STATE + 8);
  let d = load<u32>(chaining, LANE_STATE + 12);
  let e = load<u32>(chaining, LANE_STATE + 16);
  let f = load<u32>(chaining, LANE_STATE + 20);
  let g = load<u32>(chaining, LANE_STATE + 24);
  let h = load<u32>(chaining, LANE_STATE + 28);

  for (let i: usize = 0; i < 256; i += 4) {
    const t1 = h + load<u32>(sums + i) + word.choose(e, f, g) + word.bigSigma1(e);
    const t2 = word.bigSigma0(a) + word.majority(a, b, c);
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + t2;
  }

  add(chaining, 0, a);
  add(chaining, 4, b);
  add(chaining, 8, c);
  add(chaining, 12, d);
  add(chaining, 16, e);
  add(chaining, 20, f);
  add(chaining, 24, g);
  add(chaining, 28, h);
}

function add(chaining: usize, offset: usize, value: u32): void {
  store<u32>(STATE + LANE_STATE + offset, load<u32>(chaining + LANE_STATE + offset) + value);
}
