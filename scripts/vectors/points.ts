/** Points and signatures that honest programs do not make: what a strict verifier is for. */
import { createHash } from 'node:crypto';
import { type KeyPair, labelled, secretOf } from '../../test/reference/keys.js';
import { bytesOf, ed25519 } from './people.js';

/** RFC 8032, section 5.1: the field and the order of the group. */
export const P = 2n ** 255n - 19n;
export const L = 2n ** 252n + 27742317777372353535851937790883648493n;

/** FIPS 186-5: the field and the order of P-256. */
export const P256_FIELD = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
export const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

export function bigEndian(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}

export function littleEndian(value: bigint): Buffer {
  return bigEndian(value).reverse();
}

export function fromLittleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

/** Encodings of points of order 1, 2, 4 and 8. */
export const IDENTITY: Buffer = littleEndian(1n);
export const ORDER_2: Buffer = littleEndian(P - 1n);
export const ORDER_4: Buffer = littleEndian(0n);
export const ORDER_8: Buffer = Buffer.from(
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'hex',
);
/** The identity again, with y + p; and with a sign on x = 0. */
export const IDENTITY_NOT_REDUCED: Buffer = littleEndian(P + 1n);
export const IDENTITY_SIGNED: Buffer = littleEndian(1n + 2n ** 255n);

/** The point plus the one of order 2, (0, -1): both coordinates change their sign. */
export function plusOrder2(point: Uint8Array): Buffer {
  const whole = fromLittleEndian(point);
  const sign = whole / 2n ** 255n;
  return littleEndian(P - (whole % 2n ** 255n) + (1n - sign) * 2n ** 255n);
}

/** RFC 8032, section 5.1.5: the scalar of a seed. */
function scalarOf(pair: KeyPair): bigint {
  const half = createHash('sha512').update(secretOf(pair)).digest().subarray(0, 32);
  half[0] = (half[0] as number) & 0xf8;
  half[31] = ((half[31] as number) & 0x7f) | 0x40;
  return fromLittleEndian(half);
}

/** A signature with an R of one's choice, whose logarithm is `r`. */
function signWith(pair: KeyPair, R: Uint8Array, r: bigint, message: Uint8Array): Buffer {
  const digest = createHash('sha512').update(R).update(pair.publicKey.key).update(message).digest();
  const S = (r + (fromLittleEndian(digest) % L) * scalarOf(pair)) % L;
  return Buffer.concat([R, littleEndian(S)]);
}

/** R has a component of order 2: the cofactored equation holds, the other one does not. */
export function signCofactored(pair: KeyPair, purpose: string, content: Uint8Array): Buffer {
  const nonce = ed25519('a nonce');
  const R = plusOrder2(nonce.publicKey.key);
  return signWith(pair, R, scalarOf(nonce), labelled(purpose, content));
}

/** R is the identity, written as given. */
export function signWithIdentity(pair: KeyPair, R: Uint8Array, purpose: string, content: Uint8Array): Buffer {
  return signWith(pair, R, 0n, labelled(purpose, content));
}

/** The first of the bytes that belong to a name and a number which are wanted. */
export function firstOf(name: string, isWanted: (candidate: Buffer) => boolean): Buffer {
  for (let i = 0; ; i++) {
    const candidate = bytesOf(`${name} ${i}`);
    if (isWanted(candidate)) return candidate;
  }
}
