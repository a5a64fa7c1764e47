/** The compression function (FIPS 180-4, section 6.2.2) of one message, in the scalar lane. */

import { K } from './constants';
import { LANE_STATE, LANE_SUMS, LANE_WORDS, STATE } from './layout';
import { bigSigma0, bigSigma1, choose, majority, smallSigma0, smallSigma1 } from './words';

/**
 * Computes W16 to W63, and the sums W + K, from word `first` + 16 and sum `first` on. The words of the last two
 * steps stay in locals: to load back what was stored a moment ago costs 4 % of a message's time.
 */
export function expand(first: usize): void {
  let w0 = load<u32>(LANE_WORDS + 4 * first);
  let w14 = load<u32>(LANE_WORDS + 4 * first, 4 * 14);
  let w15 = load<u32>(LANE_WORDS + 4 * first, 4 * 15);
  for (let i: usize = 4 * first; i < 4 * 48; i += 4) {
    const w1 = load<u32>(i, LANE_WORDS + 4 * 1);
    const w9 = load<u32>(i, LANE_WORDS + 4 * 9);
    const w16 = w0 + smallSigma0(w1) + w9 + smallSigma1(w14);
    store<u32>(i, w0 + load<u32>(K + i), LANE_SUMS);
    store<u32>(i, w16, LANE_WORDS + 4 * 16);
    w0 = w1;
    w14 = w15;
    w15 = w16;
  }
  for (let i: usize = 4 * 48; i < 4 * 64; i += 4) {
    store<u32>(i, load<u32>(i, LANE_WORDS) + load<u32>(K + i), LANE_SUMS);
  }
}

/** The 64 rounds over the given sums W + K, from the given chaining values on, INITIAL or STATE. */
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
    const t1 = h + load<u32>(sums + i) + choose(e, f, g) + bigSigma1(e);
    const t2 = bigSigma0(a) + majority(a, b, c);
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
