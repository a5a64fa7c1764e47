/**
 * The elliptic-curve VRF of RFC 9381 as one would put it together from noble's points: what the library's own is
 * compared with. Nothing is refused with care here.
 */

import {
  type CurvePoint,
  type CurvePointCons,
  mulAddUnsafe,
  normalizeZ,
} from '@noble/curves/abstract/curve.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import {
  bytesToNumberBE,
  bytesToNumberLE,
  createHmacDrbg,
  numberToBytesBE,
  numberToBytesLE,
} from '@noble/curves/utils.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';

/** One curve with its suite. */
export interface Curve<P extends CurvePoint<bigint, P>> {
  readonly suite: number;
  readonly pointLength: number;
  readonly points: CurvePointCons<P>;
  hash(bytes: Uint8Array): Uint8Array;
  candidate(hash: Uint8Array): P;
  integer(bytes: Uint8Array): bigint;
  scalarToBytes(scalar: bigint): Uint8Array;
  /** The scalar of a private key, and the nonce for an encoded point. */
  scalars(secret: Uint8Array, encodedH?: Uint8Array): { readonly x: bigint; readonly k: bigint };
}

/** The point of a public key with its encoding. */
export interface Key<P> {
  readonly point: P;
  readonly encoded: Uint8Array;
}

/** U = s·B − c·Y and V = s·H − c·Γ. */
export type Combine = <P extends CurvePoint<bigint, P>>(
  points: CurvePointCons<P>,
  given: { readonly y: P; readonly h: P; readonly gamma: P; readonly s: bigint; readonly c: bigint },
) => readonly [P, P];

export const fourMultiplications: Combine = (points, { y, h, gamma, s, c }) => [
  points.BASE.multiplyUnsafe(s).subtract(y.multiplyUnsafe(c)),
  h.multiplyUnsafe(s).subtract(gamma.multiplyUnsafe(c)),
];

export const sharedDoublings: Combine = (points, { y, h, gamma, s, c }) => [
  points.BASE.multiplyUnsafe(s).subtract(y.multiplyUnsafe(c)),
  mulAddUnsafe(points, [h, gamma.negate()], [s, c]),
];

/** Encodings of points, each with an inversion of its own. */
export function encodeEach<P extends CurvePoint<bigint, P>>(_: CurvePointCons<P>, given: P[]): Uint8Array[] {
  return given.map((point) => point.toBytes());
}

/** Encodings of points with one inversion. */
export function encodeTogether<P extends CurvePoint<bigint, P>>(
  points: CurvePointCons<P>,
  given: P[],
): Uint8Array[] {
  return normalizeZ(points, given).map((point) => point.toBytes());
}

/** Hashing to the curve by try-and-increment. */
export function encodeToCurve<P extends CurvePoint<bigint, P>>(
  curve: Curve<P>,
  key: Uint8Array,
  input: Uint8Array,
): P {
  for (let counter = 0; counter < 256; counter++) {
    try {
      const bytes = Buffer.concat([Buffer.of(curve.suite, 1), key, input, Buffer.of(counter, 0)]);
      return curve.candidate(curve.hash(bytes)).clearCofactor();
    } catch {
      // No point: the next one.
    }
  }
  throw new Error('no point');
}

export function challenge<P extends CurvePoint<bigint, P>>(
  curve: Curve<P>,
  encoded: readonly Uint8Array[],
): Uint8Array {
  return curve.hash(Buffer.concat([Buffer.of(curve.suite, 2), ...encoded, Buffer.of(0)])).subarray(0, 16);
}

export function outputOf<P extends CurvePoint<bigint, P>>(curve: Curve<P>, cleared: Uint8Array): Uint8Array {
  return curve.hash(Buffer.concat([Buffer.of(curve.suite, 3), cleared, Buffer.of(0)])).subarray(0, 32);
}

/** Verification with whatever multiplies and encodes. */
export function verify<P extends CurvePoint<bigint, P>>(
  curve: Curve<P>,
  key: Key<P>,
  input: Uint8Array,
  proof: Uint8Array,
  { combine, encode }: { readonly combine: Combine; readonly encode: typeof encodeEach },
): Uint8Array {
  const { points, pointLength } = curve;
  const encodedGamma = proof.subarray(0, pointLength);
  const c = proof.subarray(pointLength, pointLength + 16);
  const gamma = points.fromBytes(encodedGamma);
  const s = curve.integer(proof.subarray(pointLength + 16));
  const h = encodeToCurve(curve, key.encoded, input);
  const [u, v] = combine(points, { y: key.point, h, gamma, s, c: curve.integer(c) });
  const [encodedH, encodedU, encodedV, cleared] = encode(points, [h, u, v, gamma.clearCofactor()]) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const expected = challenge(curve, [key.encoded, encodedH, encodedGamma, encodedU, encodedV]);
  if (!Buffer.from(c).equals(expected)) throw new Error('the proof is false');
  return outputOf(curve, cleared);
}

/** Multiplies by what only the prover knows. */
export type Multiply = <P extends CurvePoint<bigint, P>>(point: P, scalar: bigint) => P;

/** Proving, the public key computed on the way: the proof and the output, one after the other. */
export function prove<P extends CurvePoint<bigint, P>>(
  curve: Curve<P>,
  secret: Uint8Array,
  input: Uint8Array,
  multiply: Multiply,
): Uint8Array {
  const { BASE, Fn } = curve.points;
  const { x } = curve.scalars(secret);
  const key = multiply(BASE, x).toBytes();
  const h = encodeToCurve(curve, key, input);
  const encodedH = h.toBytes();
  const { k } = curve.scalars(secret, encodedH);
  const gamma = multiply(h, x);
  const encodedGamma = gamma.toBytes();
  const [u, v] = [multiply(BASE, k).toBytes(), multiply(h, k).toBytes()];
  const c = challenge(curve, [key, encodedH, encodedGamma, u, v]);
  const s = curve.scalarToBytes((k + curve.integer(c) * x) % Fn.ORDER);
  return Buffer.concat([encodedGamma, c, s, outputOf(curve, gamma.clearCofactor().toBytes())]);
}

type P256Point = typeof p256.Point.BASE;
type EdwardsPoint = typeof ed25519.Point.BASE;

export const P256: Curve<P256Point> = {
  suite: 1,
  pointLength: 33,
  points: p256.Point,
  hash: sha256,
  candidate: (hash) => p256.Point.fromBytes(Buffer.concat([Buffer.of(2), hash])),
  integer: bytesToNumberBE,
  scalarToBytes: (scalar) => numberToBytesBE(scalar, 32),
  scalars: (secret, encodedH) => ({
    x: bytesToNumberBE(secret),
    k: encodedH === undefined ? 0n : nonceOf(secret, sha256(encodedH)),
  }),
};

/** RFC 6979 with noble's generator of candidates; all but one of 2^32 are taken at once. */
function nonceOf(secret: Uint8Array, hash: Uint8Array): bigint {
  const reduced = numberToBytesBE(bytesToNumberBE(hash) % p256.Point.Fn.ORDER, 32);
  const candidates = createHmacDrbg<bigint>(32, 32, (key: Uint8Array, message: Uint8Array) =>
    hmac(sha256, key, message),
  );
  return candidates(Buffer.concat([secret, reduced]), (bytes) => {
    const k = bytesToNumberBE(bytes);
    return k > 0n && k < p256.Point.Fn.ORDER ? k : undefined;
  });
}

export const EDWARDS25519: Curve<EdwardsPoint> = {
  suite: 3,
  pointLength: 32,
  points: ed25519.Point,
  hash: sha512,
  candidate: (hash) => ed25519.Point.fromBytes(hash.subarray(0, 32)),
  integer: bytesToNumberLE,
  scalarToBytes: (scalar) => numberToBytesLE(scalar, 32),
  scalars(secret, encodedH) {
    const halves = sha512(secret);
    halves[0] = (halves[0] as number) & 0xf8;
    halves[31] = ((halves[31] as number) & 0x7f) | 0x40;
    const hashed =
      encodedH === undefined ? undefined : sha512(Buffer.concat([halves.subarray(32), encodedH]));
    const { ORDER } = ed25519.Point.Fn;
    return {
      x: bytesToNumberLE(halves.subarray(0, 32)) % ORDER,
      k: hashed === undefined ? 0n : bytesToNumberLE(hashed) % ORDER,
    };
  },
};
