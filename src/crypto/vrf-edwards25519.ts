/**
 * ECVRF-EDWARDS25519-SHA512-TAI (RFC 9381 section 5.5). Points are 32 bytes, decoded as RFC 8032 section 5.1.3 has
 * it: y below the field's prime, no sign on x = 0. Integers are little-endian; the cofactor is 8. Private keys and
 * nonces are those of Ed25519, with the encoded H as the message (section 5.4.2.2).
 *
 * One seed must not serve Ed25519 and this VRF: a signature over H's encoding would have the VRF proof's nonce,
 * and the two together give the private key away.
 */

import type { EdwardsPoint } from '@noble/curves/abstract/edwards.js';
import { ed25519 as curve } from '@noble/curves/ed25519.js';
import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js';
import { concatBytes } from '../bytes/compare.js';
import { createVrf } from './ecvrf.js';
import type { EcvrfGroup } from './ecvrf-group.js';
import { ed25519 } from './ed25519.js';
import { sha512 } from './hash.js';
import type { Vrf } from './vrf.js';

const POINT_LENGTH = 32;
/** RFC 8032 instead of ZIP 215, which would accept non-canonical points. */
const ZIP_215 = false;

function decodePoint(bytes: Uint8Array): EdwardsPoint | undefined {
  try {
    return curve.Point.fromBytes(bytes, ZIP_215);
  } catch {
    return undefined;
  }
}

/** A seed's two halves (RFC 8032 section 5.1.5): the scalar, and what nonces are made of. */
function expand<T>(seed: Uint8Array, use: (scalar: bigint, prefix: Uint8Array) => T): T {
  const halves = sha512(seed);
  halves[0] = (halves[0] as number) & 0xf8;
  halves[31] = ((halves[31] as number) & 0x7f) | 0x40;
  try {
    // Never zero: the least multiple of 8 and of the order, which is odd, is above 2^255.
    return use(bytesToNumberLE(halves.subarray(0, 32)) % curve.Point.Fn.ORDER, halves.subarray(32));
  } finally {
    halves.fill(0);
  }
}

/** The suite over edwards25519, for `ecvrf.ts`. */
export const edwards25519Group: EcvrfGroup<EdwardsPoint> = /* @__PURE__ */ Object.freeze<
  EcvrfGroup<EdwardsPoint>
>({
  name: 'ECVRF-EDWARDS25519-SHA512-TAI',
  suite: 0x03,
  publicKeyLength: POINT_LENGTH,
  proofLength: 80,
  points: curve.Point,
  encodesIdentity: true,
  hash: sha512,
  decodePoint,
  candidatePoint: (hash) => decodePoint(hash.subarray(0, POINT_LENGTH)),
  decodeInteger: bytesToNumberLE,
  encodeScalar: (scalar) => numberToBytesLE(scalar, 32),
  privateKeyDefect: ed25519.privateKeyDefect,
  generateSecret: ed25519.generatePrivateKey,
  secretScalar: (seed) => expand(seed, (scalar) => scalar),
  secretScalars: (seed, encodedH) =>
    expand(seed, (scalar, prefix) => ({
      x: scalar,
      k: bytesToNumberLE(sha512(concatBytes(prefix, encodedH))) % curve.Point.Fn.ORDER,
    })),
});

/** The VRF of KT_128_SHA256_Ed25519. */
export const vrfEdwards25519: Vrf = /* @__PURE__ */ createVrf(edwards25519Group);
