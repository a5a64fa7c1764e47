/**
 * A ciphertext of ChaCha20-Poly1305 that opens under two keys: what RFC 8439 never promised to rule out.
 *
 * Poly1305 is a polynomial in r over the blocks, modulo 2^130 - 5, plus s. Two blocks that nobody has chosen yet are two
 * unknowns, and the two keys ask for one tag: two linear equations. A solution serves where both unknowns are blocks,
 * which is one in sixteen; so tags are tried in turn.
 */

import { createCipheriv } from 'node:crypto';

const PRIME: bigint = 2n ** 130n - 5n;
/** Every full block has this bit above its 16 bytes. */
const ABOVE: bigint = 2n ** 128n;

const mod = (value: bigint): bigint => ((value % PRIME) + PRIME) % PRIME;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let i = exponent, square = mod(base); i > 0n; i /= 2n, square = mod(square * square))
    if (i % 2n === 1n) result = mod(result * square);
  return result;
}

const littleEndian = (bytes: Uint8Array): bigint =>
  BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);

const block = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(32, '0'), 'hex').reverse();

/** r and s of a key: the first 32 bytes of ChaCha20's block 0 (RFC 8439 section 2.6). */
function oneTimeKey(key: Uint8Array, nonce: Uint8Array): { r: bigint; s: bigint } {
  const stream = createCipheriv('chacha20', key, Buffer.concat([Buffer.alloc(4), nonce])).update(
    Buffer.alloc(32),
  );
  const clamp = 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  return { r: littleEndian(stream.subarray(0, 16)) & clamp, s: littleEndian(stream.subarray(16)) };
}

/** A ciphertext of two blocks and a tag that both keys accept, for one nonce and one associated data. */
export function twoKeyCiphertext(
  keys: readonly [Uint8Array, Uint8Array],
  nonce: Uint8Array,
  associatedData: Uint8Array,
): Buffer {
  const padded = Buffer.alloc(Math.ceil(associatedData.length / 16) * 16);
  padded.set(associatedData);
  const lengths = Buffer.alloc(16);
  lengths.writeBigUInt64LE(BigInt(associatedData.length), 0);
  lengths.writeBigUInt64LE(32n, 8);
  const sides = keys.map((key) => {
    const { r, s } = oneTimeKey(key, nonce);
    // Horner over what is known, with zeros where the two unknown blocks stand.
    let known = 0n;
    for (let at = 0; at < padded.length; at += 16)
      known = mod((known + littleEndian(padded.subarray(at, at + 16)) + ABOVE) * r);
    known = mod(known * r * r);
    known = mod((known + littleEndian(lengths) + ABOVE) * r);
    return { s, known, cube: power(r, 3n), square: power(r, 2n) };
  });
  const [a, b] = sides as [(typeof sides)[0], (typeof sides)[0]];
  const determinant = power(mod(a.cube * b.square - b.cube * a.square), PRIME - 2n);
  for (let tag = 1n; ; tag++) {
    const [left, right] = [a, b].map(({ s, known }) => mod(((tag - s + ABOVE) % ABOVE) - known)) as [
      bigint,
      bigint,
    ];
    const x = mod((left * b.square - right * a.square) * determinant) - ABOVE;
    const y = mod((a.cube * right - b.cube * left) * determinant) - ABOVE;
    if (x >= 0n && x < ABOVE && y >= 0n && y < ABOVE) return Buffer.concat([block(x), block(y), block(tag)]);
  }
}
