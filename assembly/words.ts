/** The functions of FIPS 180-4, section 4.1.2, on one word. */

export function choose(x: u32, y: u32, z: u32): u32 {
  return z ^ (x & (y ^ z));
}

export function majority(x: u32, y: u32, z: u32): u32 {
  return (x & y) | (z & (x | y));
}

export function bigSigma0(x: u32): u32 {
  return rotr<u32>(x, 2) ^ rotr<u32>(x, 13) ^ rotr<u32>(x, 22);
}

export function bigSigma1(x: u32): u32 {
  return rotr<u32>(x, 6) ^ rotr<u32>(x, 11) ^ rotr<u32>(x, 25);
}

export function smallSigma0(x: u32): u32 {
  return rotr<u32>(x, 7) ^ rotr<u32>(x, 18) ^ (x >> 3);
}

export function smallSigma1(x: u32): u32 {
  return rotr<u32>(x, 17) ^ rotr<u32>(x, 19) ^ (x >> 10);
}
