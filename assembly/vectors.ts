/**
 * The functions of FIPS 180-4, section 4.1.2, on the same word of four messages, one in each lane. Only the way
 * in and out turns rows into columns:
 *
 *     four rows, as bytes lie in memory          four vectors, as the rounds want them
 *     lane 0   A0 A1 A2 A3                        word 0   A0 B0 C0 D0
 *     lane 1   B0 B1 B2 B3         columns()      word 1   A1 B1 C1 D1
 *     lane 2   C0 C1 C2 C3        ========>       word 2   A2 B2 C2 D2
 *     lane 3   D0 D1 D2 D3                        word 3   A3 B3 C3 D3
 *
 * WebAssembly has no vector rotation, so a rotation is three instructions, and a round 34: that, and not
 * memory, is what bounds the kernel.
 */

/** Reverses the bytes of each word: SHA-256 is big-endian, WebAssembly little-endian. One instruction. */
export function bigEndian(words: v128): v128 {
  return v128.swizzle(words, i8x16(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
}

/** Turns four rows into four columns, stored `stride` bytes apart; its own inverse. */
export function columns(to: usize, stride: usize, row0: v128, row1: v128, row2: v128, row3: v128): void {
  const low01 = v128.shuffle<u32>(row0, row1, 0, 4, 1, 5);
  const low23 = v128.shuffle<u32>(row2, row3, 0, 4, 1, 5);
  const high01 = v128.shuffle<u32>(row0, row1, 2, 6, 3, 7);
  const high23 = v128.shuffle<u32>(row2, row3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<u64>(low01, low23, 0, 2));
  v128.store(to + stride, v128.shuffle<u64>(low01, low23, 1, 3));
  v128.store(to + stride * 2, v128.shuffle<u64>(high01, high23, 0, 2));
  v128.store(to + stride * 3, v128.shuffle<u64>(high01, high23, 1, 3));
}

export function sum(x: v128, y: v128): v128 {
  return i32x4.add(x, y);
}

export function xor3(x: v128, y: v128, z: v128): v128 {
  return v128.xor(v128.xor(x, y), z);
}

function rotateRight(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shr_u(x, bits), i32x4.shl(x, 32 - bits));
}

export function choose(x: v128, y: v128, z: v128): v128 {
  return v128.xor(z, v128.and(x, v128.xor(y, z)));
}

export function majority(x: v128, y: v128, z: v128): v128 {
  return v128.or(v128.and(x, y), v128.and(z, v128.or(x, y)));
}

export function bigSigma0(x: v128): v128 {
  return xor3(rotateRight(x, 2), rotateRight(x, 13), rotateRight(x, 22));
}

export function bigSigma1(x: v128): v128 {
  return xor3(rotateRight(x, 6), rotateRight(x, 11), rotateRight(x, 25));
}

export function smallSigma0(x: v128): v128 {
  return xor3(rotateRight(x, 7), rotateRight(x, 18), i32x4.shr_u(x, 3));
}

export function smallSigma1(x: v128): v128 {
  return xor3(rotateRight(x, 17), rotateRight(x, 19), i32x4.shr_u(x, 10));
}
