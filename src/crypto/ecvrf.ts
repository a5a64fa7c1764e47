/**
 * The elliptic-curve VRF (RFC 9381 section 5) over either curve, with try-and-increment (TAI).
 *
 * | value | who knows it | multiplied by |
 * | --- | --- | --- |
 * | x, k | the prover alone | noble's `multiply`: a sequence of point operations that does not depend on the scalar |
 * | s, c and all points | everybody | `multiplyUnsafe`, `mulAddUnsafe` and the key's table: as fast as can be |
 *
 * Proving multiplies H twice, by x and by k, and builds no table of H for it: noble blinds scalars of the base point
 * and, on P-256, of every point, and takes points without a table through a fixed window without any branch; with a
 * table both multiplications together come out slower. What is left is arithmetic on BigInts, here k + c·x mod the
 * order, whose time depends on the size of the numbers: JavaScript has no other. No leak is known, none is ruled out.
 */

import { mulAddUnsafe, normalizeZ } from '@noble/curves/abstract/curve.js';
import { assertBytes, concatBytes, equalBytes } from '../bytes/compare.js';
import { ArgumentRangeError, DecodeError, VerificationError } from '../errors.js';
import type { EcvrfGroup, EcvrfHash, EcvrfPoint } from './ecvrf-group.js';
import { EcvrfPrivateKey, EcvrfPublicKey } from './ecvrf-keys.js';
import type { Vrf, VrfProof } from './vrf.js';

/** `cLen` of both suites: bytes of a challenge. */
const CHALLENGE_LENGTH = 16;
const OUTPUT_LENGTH = 32;
/** The counter is one byte (section 5.4.1.1); that an input needs more happens with probability 2^-256. */
const TRIES_MAX = 256;

/** Domain separators of sections 5.2, 5.4.1.1 and 5.4.3. */
const ENCODE_TO_CURVE = 0x01;
const CHALLENGE = 0x02;
const PROOF_TO_HASH = 0x03;
const BACK = 0x00;

/** The VRF over a group. */
export function createVrf<P extends EcvrfPoint<P>>(group: EcvrfGroup<P>): Vrf {
  const { name, publicKeyLength, proofLength } = group;
  return Object.freeze<Vrf>({
    name,
    publicKeyLength,
    proofLength,
    outputLength: OUTPUT_LENGTH,

    parsePublicKey(bytes) {
      assertBytes(bytes, 'a public key');
      return EcvrfPublicKey.parse(group, bytes);
    },

    parsePrivateKey(bytes) {
      assertBytes(bytes, 'a private key');
      return new EcvrfPrivateKey(group, bytes);
    },

    generatePrivateKey() {
      const secret = group.generateSecret();
      try {
        return new EcvrfPrivateKey(group, secret);
      } finally {
        secret.fill(0);
      }
    },

    prove(privateKey, input) {
      assertBytes(input, 'a VRF input');
      return prove(group, EcvrfPrivateKey.of(group, privateKey), input);
    },

    verify(publicKey, input, proof) {
      assertBytes(input, 'a VRF input');
      assertBytes(proof, 'a VRF proof');
      return verify(group, EcvrfPublicKey.of(group, publicKey), input, proof);
    },
  });
}

/** ECVRF_prove, section 5.1. */
function prove<P extends EcvrfPoint<P>>(
  group: EcvrfGroup<P>,
  key: EcvrfPrivateKey<P>,
  input: Uint8Array,
): VrfProof {
  const { encoded } = key.publicKey;
  const h = encodeToCurve(group, encoded, input);
  const [encodedH] = encodePoints(group, [h]);
  const { x, k } = key.use((secret) => group.secretScalars(secret, encodedH));
  const gamma = h.multiply(x);
  const [encodedGamma, u, v, cleared] = encodePoints(group, [
    gamma,
    group.points.BASE.multiply(k),
    h.multiply(k),
    gamma.clearCofactor(),
  ]);
  const c = challenge(group, [encoded, encodedH, encodedGamma, u, v]);
  const s = (k + group.decodeInteger(c) * x) % group.points.Fn.ORDER;
  return Object.freeze({
    proof: concatBytes(encodedGamma, c, group.encodeScalar(s)),
    output: outputOf(group, cleared),
  });
}

/** ECVRF_verify, section 5.3, for a key that was validated when it was parsed. */
function verify<P extends EcvrfPoint<P>>(
  group: EcvrfGroup<P>,
  key: EcvrfPublicKey<P>,
  input: Uint8Array,
  proof: Uint8Array,
): Uint8Array {
  const { gamma, encodedGamma, c, s } = decodeProof(group, proof);
  const { points } = group;
  const h = encodeToCurve(group, key.encoded, input);
  const challenged = group.decodeInteger(c);
  // U = s·B − c·Y: noble keeps a table of B, the key one of −Y.
  const u = points.BASE.multiplyUnsafe(s).add(key.minusTimes(challenged));
  // V = s·H − c·Γ: points that come once, so both share one chain of doublings (Straus). The minus is the point's,
  // since Γ may have a part of small order.
  const v = mulAddUnsafe(points, [h, gamma.negate()], [s, challenged]);
  // RFC 9381 gives the identity of P-256 no encoding; only a prover who gives its private key away gets there.
  if (!group.encodesIdentity && (u.is0() || v.is0())) throw falseProof();
  const [encodedH, encodedU, encodedV, cleared] = encodePoints(group, [h, u, v, gamma.clearCofactor()]);
  if (!equalBytes(c, challenge(group, [key.encoded, encodedH, encodedGamma, encodedU, encodedV])))
    throw falseProof();
  return outputOf(group, cleared);
}

/** A proof taken apart. */
export interface DecodedProof<P> {
  readonly gamma: P;
  readonly encodedGamma: Uint8Array;
  /** The challenge, as bytes. */
  readonly c: Uint8Array;
  readonly s: bigint;
}

/**
 * ECVRF_decode_proof, section 5.4.4.
 * @throws DecodeError `ERR_LENGTH`, `ERR_VRF_POINT`, `ERR_VRF_SCALAR`
 */
export function decodeProof<P extends EcvrfPoint<P>>(
  group: EcvrfGroup<P>,
  proof: Uint8Array,
): DecodedProof<P> {
  const { publicKeyLength: pointLength, proofLength } = group;
  const scalarAt = pointLength + CHALLENGE_LENGTH;
  if (proof.length !== proofLength)
    throw new DecodeError('ERR_LENGTH', 'VrfProof', 0, `must have ${proofLength} bytes`);
  const encodedGamma = proof.slice(0, pointLength);
  const gamma = group.decodePoint(encodedGamma);
  if (gamma === undefined) throw new DecodeError('ERR_VRF_POINT', 'VrfProof', 0, 'no point of the curve');
  const s = group.decodeInteger(proof.subarray(scalarAt));
  if (s >= group.points.Fn.ORDER)
    throw new DecodeError('ERR_VRF_SCALAR', 'VrfProof', scalarAt, 'not below the order of the group');
  return { gamma, encodedGamma, c: proof.slice(pointLength, scalarAt), s };
}

/**
 * ECVRF_encode_to_curve_try_and_increment, section 5.4.1.1; the salt is the encoded public key. About two tries.
 * @throws ArgumentRangeError where none of 256 tries gives a point: nobody will see that happen
 */
export function encodeToCurve<P extends EcvrfPoint<P>>(
  group: EcvrfHash & Pick<EcvrfGroup<P>, 'candidatePoint'>,
  salt: Uint8Array,
  input: Uint8Array,
): P {
  const preimage = concatBytes(
    Uint8Array.of(group.suite, ENCODE_TO_CURVE),
    salt,
    input,
    Uint8Array.of(0, BACK),
  );
  const counterAt = preimage.length - 2;
  for (let counter = 0; counter < TRIES_MAX; counter++) {
    preimage[counterAt] = counter;
    const point = group.candidatePoint(group.hash(preimage))?.clearCofactor();
    if (point !== undefined && !point.is0()) return point;
  }
  throw new ArgumentRangeError('no point of the curve belongs to this input');
}

/** ECVRF_challenge_generation, section 5.4.3: 16 bytes over Y, H, Γ, U, V. */
export function challenge(
  { suite, hash }: EcvrfHash,
  encodedPoints: readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array],
): Uint8Array {
  const preimage = concatBytes(Uint8Array.of(suite, CHALLENGE), ...encodedPoints, Uint8Array.of(BACK));
  return hash(preimage).slice(0, CHALLENGE_LENGTH);
}

/**
 * ECVRF_proof_to_hash, section 5.2, whole: 32 (P-256) or 64 bytes (edwards25519).
 * @param encodedClearedGamma the encoded point cofactor·Γ
 */
export function proofToHash({ suite, hash }: EcvrfHash, encodedClearedGamma: Uint8Array): Uint8Array {
  return hash(concatBytes(Uint8Array.of(suite, PROOF_TO_HASH), encodedClearedGamma, Uint8Array.of(BACK)));
}

/** The draft's output: the first 32 bytes (`VRF.Nh`). */
function outputOf(group: EcvrfHash, encodedClearedGamma: Uint8Array): Uint8Array {
  return proofToHash(group, encodedClearedGamma).slice(0, OUTPUT_LENGTH);
}

/** The encodings of several points, which share one inversion. */
function encodePoints<P extends EcvrfPoint<P>, const T extends readonly P[]>(
  { points }: EcvrfGroup<P>,
  toEncode: T,
): { readonly [K in keyof T]: Uint8Array } {
  return normalizeZ(points, [...toEncode]).map((point) => point.toBytes()) as {
    readonly [K in keyof T]: Uint8Array;
  };
}

function falseProof(): VerificationError {
  return new VerificationError('ERR_VRF_PROOF', 'the VRF proof does not hold for this key and input');
}
