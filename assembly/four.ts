/**
 * The compression function (FIPS 180-4, section 6.2.2) of four messages, in stream 0. It reads like the scalar
 * one: a vector stands where a word does. A message takes less than half of the time that it takes in one.ts.
 */

import { K } from './constants';
import { STATE, SUMS, V, WORDS } from './layout';
import { bigSigma0, bigSigma1, choose, majority, smallSigma0, smallSigma1, sum } from './vectors';

/** Computes W16 to W63, and the sums W + K, from word `first` + 16 and sum `first` on. */
export function expand(first: usize): void {
  for (let t: usize = first; t < 48; t++) {
    const at = WORDS + V * t;
    const w0 = v128.load(at);
    const w1 = v128.load(at, V * 1);
    const w9 = v128.load(at, V * 9);
    const w14 = v128.load(at, V * 14);
    v128.store(SUMS + V * t, sum(w0, v128.load32_splat(K + 4 * t)));
    v128.store(at, sum(sum(w0, smallSigma0(w1)), sum(w9, smallSigma1(w14))), V * 16);
  }
  for (let t: usize = 48; t < 64; t++) {
    v128.store(SUMS + V * t, sum(v128.load(WORDS + V * t), v128.load32_splat(K + 4 * t)));
  }
}

/** The 64 rounds over the given sums W + K, from the given chaining values on, INITIAL or STATE. */
export function rounds(chaining: usize, sums: usize): void {
  let a = v128.load(chaining, V * 0);
  let b = v128.load(chaining, V * 1);
  let c = v128.load(chaining, V * 2);
  let d = v128.load(chaining, V * 3);
  let e = v128.load(chaining, V * 4);
  let f = v128.load(chaining, V * 5);
  let g = v128.load(chaining, V * 6);
  let h = v128.load(chaining, V * 7);

  for (let t: usize = 0; t < 64; t++) {
    const t1 = sum(sum(sum(h, v128.load(sums + V * t)), choose(e, f, g)), bigSigma1(e));
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

  add(chaining, V * 0, a);
  add(chaining, V * 1, b);
  add(chaining, V * 2, c);
  add(chaining, V * 3, d);
  add(chaining, V * 4, e);
  add(chaining, V * 5, f);
  add(chaining, V * 6, g);
  add(chaining, V * 7, h);
}

function add(chaining: usize, offset: usize, value: v128): void {
  v128.store(STATE + offset, sum(v128.load(chaining + offset), value));
}
