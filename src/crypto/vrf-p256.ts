/**
 * ECVRF-P256-SHA256-TAI (RFC 9381 section 5.5). Points are compressed SEC1, 33 bytes; integers are big-endian; the
 * group has prime order. Nonces follow RFC 6979 over SHA-256 of the encoded H.
 */

import type { WeierstrassPoint } from '@noble/curves/abstract/weierstrass.js';
import { p256 as curve } from '@noble/curves/nist.js';
import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import { concatBytes } from '../bytes/compare.js';
import { createVrf } from './ecvrf.js';
import type { EcvrfGroup } from './ecvrf-group.js';
import { sha256 } from './hash.js';
import { p256 } from './p256.js';
import { deriveNonce } from './rfc6979.js';
import type { Vrf } from './vrf.js';

type Point = WeierstrassPoint<bigint>;

const POINT_LENGTH = 33;
/** The sign of y that a hash taken as x stands for. */
const EVEN_Y = 0x02;

function decodePoint(bytes: Uint8Array): Point | undefined {
  // Noble would take the uncompressed form too.
  if (bytes.length !== POINT_LENGTH) return undefined;
  try {
    return curve.Point.fromBytes(bytes);
  } catch {
    return undefined;
  }
}

/** The suite over P-256, for `ecvrf.ts`. */
export const p256Group: EcvrfGroup<Point> = /* @__PURE__ */ Object.freeze<EcvrfGroup<Point>>({
  name: 'ECVRF-P256-SHA256-TAI',
  suite: 0x01,
  publicKeyLength: POINT_LENGTH,
  proofLength: 81,
  points: curve.Point,
  encodesIdentity: false,
  hash: sha256,
  decodePoint,
  candidatePoint: (hash) => decodePoint(concatBytes(Uint8Array.of(EVEN_Y), hash)),
  decodeInteger: bytesToNumberBE,
  encodeScalar: (scalar) => numberToBytesBE(scalar, 32),
  privateKeyDefect: p256.privateKeyDefect,
  generateSecret: p256.generatePrivateKey,
  secretScalar: bytesToNumberBE,
  secretScalars: (secret, encodedH) => ({
    x: bytesToNumberBE(secret),
    k: deriveNonce(curve.Point.Fn.ORDER, secret, sha256(encodedH)),
  }),
});

/** The VRF of KT_128_SHA256_P256. */
export const vrfP256: Vrf = /* @__PURE__ */ createVrf(p256Group);
