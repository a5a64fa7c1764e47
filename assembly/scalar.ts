/** SHA-256 of one message at a time. */

import { H0, K } from './constants';
import { SCHEDULE, STATE } from './layout';

/** Sets the chaining value to H(0). */
export function begin(): void {
  for (let i: usize = 0; i < 32; i += 4) store<u32>(STATE + i, load<u32>(H0 + i));
}

/** The compression function (FIPS 180-4, section 6.2.2): takes one block of 64 bytes into the chaining value. */
export function compress(block: usize): void {
  for (let t: usize = 0; t < 64; t += 4) store<u32>(SCHEDULE + t, bswap<u32>(load<u32>(block + t)));
  for (let t: usize = SCHEDULE; t < SCHEDULE + 4 * 48; t += 4) {
    const word =
      load<u32>(t) +
      smallSigma0(load<u32>(t, 4 * 1)) +
      load<u32>(t, 4 * 9) +
      smallSigma1(load<u32>(t, 4 * 14));
    store<u32>(t, word, 4 * 16);
  }

  let a = load<u32>(STATE, 0);
  let b = load<u32>(STATE, 4);
  let c = load<u32>(STATE, 8);
  let d = load<u32>(STATE, 12);
  let e = load<u32>(STATE, 16);
  let f = load<u32>(STATE, 20);
  let g = load<u32>(STATE, 24);
  let h = load<u32>(STATE, 28);

  for (let t: usize = 0; t < 256; t += 4) {
    const t1 = h + bigSigma1(e) + choose(e, f, g) + load<u32>(K + t) + load<u32>(SCHEDULE + t);
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

  add(0, a);
  add(4, b);
  add(8, c);
  add(12, d);
  add(16, e);
  add(20, f);
  add(24, g);
  add(28, h);
}

/** Writes the chaining value as a digest of 32 bytes. */
export function finish(digest: usize): void {
  for (let i: usize = 0; i < 32; i += 4) store<u32>(digest + i, bswap<u32>(load<u32>(STATE + i)));
}

function add(offset: usize, word: u32): void {
  store<u32>(STATE + offset, load<u32>(STATE + offset) + word);
}

// The six functions of FIPS 180-4, section 4.1.2, two of them Σ and two σ.

function choose(x: u32, y: u32, z: u32): u32 {
  return z ^ (x & (y ^ z));
}

function majority(x: u32, y: u32, z: u32): u32 {
  return (x & y) | (z & (x | y));
}

function bigSigma0(x: u32): u32 {
  return rotr<u32>(x, 2) ^ rotr<u32>(x, 13) ^ rotr<u32>(x, 22);
}

function bigSigma1(x: u32): u32 {
  return rotr<u32>(x, 6) ^ rotr<u32>(x, 11) ^ rotr<u32>(x, 25);
}

function smallSigma0(x: u32): u32 {
  return rotr<u32>(x, 7) ^ rotr<u32>(x, 18) ^ (x >> 3);
}

function smallSigma1(x: u32): u32 {
  return rotr<u32>(x, 17) ^ rotr<u32>(x, 19) ^ (x >> 10);
}
