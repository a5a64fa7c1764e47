/**
 * What a cipher suite of RFC 9381 section 5.5 fixes: the group, its encodings, the hash and where nonces come from.
 * The arithmetic is noble's; which of its multiplications serves what is decided in `ecvrf.ts`.
 */

import type { CurvePoint, CurvePointCons } from '@noble/curves/abstract/curve.js';
import type { DecodeErrorCode } from '../errors.js';
import type { Vrf } from './vrf.js';

/** A curve point of noble: immutable, and complete in its formulas on both curves. */
export type EcvrfPoint<P extends CurvePoint<bigint, P>> = CurvePoint<bigint, P>;

/** The two secret numbers of one proof. BigInts cannot be overwritten; they live until they are collected. */
export interface SecretScalars {
  /** The private key as a scalar, 1 to order - 1. */
  readonly x: bigint;
  /** The nonce of this proof, 0 to order - 1; 0 with probability 2^-252 on edwards25519, and never on P-256. */
  readonly k: bigint;
}

/** What a suite hashes with. */
export interface EcvrfHash {
  /** `suite_string`. */
  readonly suite: number;
  hash(bytes: Uint8Array): Uint8Array;
}

/** One ECVRF suite over one curve. */
export interface EcvrfGroup<P extends EcvrfPoint<P>>
  extends EcvrfHash,
    Pick<Vrf, 'name' | 'publicKeyLength' | 'proofLength'> {
  /** Its points encode themselves: `toBytes` is `point_to_string`. */
  readonly points: CurvePointCons<P>;
  /** Whether the identity has an encoding of the length of the others. */
  readonly encodesIdentity: boolean;
  /** `string_to_point`, canonical encodings only; `undefined` is the RFC's INVALID. */
  decodePoint(bytes: Uint8Array): P | undefined;
  /** `interpret_hash_value_as_a_point`, before the cofactor is cleared. */
  candidatePoint(hash: Uint8Array): P | undefined;
  /** `string_to_int`, of any length. */
  decodeInteger(bytes: Uint8Array): bigint;
  /** `int_to_string` of 32 bytes (`qLen`). */
  encodeScalar(scalar: bigint): Uint8Array;
  /** Why these bytes are no private key, or `undefined` where they are one. */
  privateKeyDefect(secret: Uint8Array): DecodeErrorCode | undefined;
  /** 32 fresh bytes that are a private key. */
  generateSecret(): Uint8Array;
  /** The scalar x of a private key. */
  secretScalar(secret: Uint8Array): bigint;
  /** x, and the nonce for the encoded point H. */
  secretScalars(secret: Uint8Array, encodedH: Uint8Array): SecretScalars;
}
