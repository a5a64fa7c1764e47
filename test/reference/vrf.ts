/**
 * The elliptic-curve VRF of RFC 9381, section 5, step by step and with its names, over BigInt; and what KEYTRANS
 * makes of it: outputs of 32 bytes, and commitments (draft-ietf-keytrans-protocol, *Cryptographic Computations*).
 */
import { createHmac } from 'node:crypto';
import { concat, demand, equal } from './encoding.js';
import { EDWARDS25519_TAI, P256_TAI, type VrfGroup } from './vrf-groups.js';

const cLen = 16;
const qLen = 32;

/** What proving computes on its way. Points are encoded. */
export interface VrfTrace {
  readonly PK: Buffer;
  readonly x: bigint;
  readonly ctr: number;
  readonly H: Buffer;
  readonly k: bigint;
  readonly U: Buffer;
  readonly V: Buffer;
  readonly pi: Buffer;
  readonly beta: Buffer;
}

/** Section 5.4.1.1, with the public key as the salt. */
function encodeToCurve<Point>(
  group: VrfGroup<Point>,
  salt: Uint8Array,
  alpha: Uint8Array,
): { H: Point; ctr: number } {
  for (let ctr = 0; ctr < 256; ctr++) {
    const front = Buffer.of(group.suiteString, 0x01);
    const hashString = group.hash(concat(front, salt, alpha, Buffer.of(ctr), Buffer.of(0x00)));
    const candidate = group.interpretHashValueAsAPoint(hashString);
    if (candidate === undefined) continue;
    const H = group.multiply(group.cofactor, candidate);
    if (!group.isIdentity(H)) return { H, ctr };
  }
  throw new Error('one byte does not count that far');
}

/** Section 5.4.3. */
function challenge<Point>(group: VrfGroup<Point>, ...points: readonly Point[]): bigint {
  const strings = points.map((point) => group.pointToString(point));
  const cString = group.hash(concat(Buffer.of(group.suiteString, 0x02), ...strings, Buffer.of(0x00)));
  return group.stringToInt(cString.subarray(0, cLen));
}

/** Section 5.2, steps 3 to 6. */
function gammaToHash<Point>(group: VrfGroup<Point>, Gamma: Point): Buffer {
  const cleared = group.pointToString(group.multiply(group.cofactor, Gamma));
  return group.hash(concat(Buffer.of(group.suiteString, 0x03), cleared, Buffer.of(0x00)));
}

/** What a prover does who does not follow section 5.1. Points are encoded. */
export interface Own {
  /** This nonce. */
  readonly k?: bigint;
  /** This point more in the public key, and in Gamma. Of small order, or no proof holds. */
  readonly plusY?: Uint8Array;
  readonly plusGamma?: Uint8Array;
}

/** Section 5.1. */
function proveOver<Point>(
  group: VrfGroup<Point>,
  SK: Uint8Array,
  alpha: Uint8Array,
  own: Own = {},
): VrfTrace {
  const plus = (point: Point, more: Uint8Array | undefined): Point => {
    const added = more === undefined ? undefined : group.stringToPoint(more);
    return added === undefined ? point : group.add(point, added);
  };
  const x = group.secretScalar(SK);
  const Y = plus(group.multiply(x, group.B), own.plusY);
  const PK = group.pointToString(Y);
  const { H, ctr } = encodeToCurve(group, PK, alpha);
  const hString = group.pointToString(H);
  const Gamma = plus(group.multiply(x, H), own.plusGamma);
  const k = own.k ?? group.nonce(SK, hString);
  const [U, V] = [group.multiply(k, group.B), group.multiply(k, H)];
  const c = challenge(group, Y, H, Gamma, U, V);
  const s = (k + c * x) % group.q;
  const pi = concat(group.pointToString(Gamma), group.intToString(c, cLen), group.intToString(s, qLen));
  return {
    PK,
    x,
    ctr,
    H: hString,
    k,
    U: group.pointToString(U),
    V: group.pointToString(V),
    pi,
    beta: gammaToHash(group, Gamma),
  };
}

/** Section 5.3 with validate_key, and sections 5.4.4 and 5.4.5. */
function verifyOver<Point>(
  group: VrfGroup<Point>,
  PK: Uint8Array,
  alpha: Uint8Array,
  pi: Uint8Array,
): Buffer {
  const Y = validKey(group, PK);
  demand(pi.length === group.ptLen + cLen + qLen, 'vector-length');
  const Gamma = group.stringToPoint(pi.subarray(0, group.ptLen));
  if (Gamma === undefined) return refusePoint();
  const c = group.stringToInt(pi.subarray(group.ptLen, group.ptLen + cLen));
  const s = group.stringToInt(pi.subarray(group.ptLen + cLen));
  demand(s < group.q, 'vrf-scalar');
  const { H } = encodeToCurve(group, PK, alpha);
  const minus = (scalar: bigint, point: Point): Point => group.negate(group.multiply(scalar, point));
  const U = group.add(group.multiply(s, group.B), minus(c, Y));
  const V = group.add(group.multiply(s, H), minus(c, Gamma));
  demand(c === challenge(group, Y, H, Gamma, U, V), 'vrf-proof');
  return gammaToHash(group, Gamma);
}

function refusePoint(): never {
  demand(false, 'vrf-point');
  throw new Error('unreachable');
}

function validKey<Point>(group: VrfGroup<Point>, PK: Uint8Array): Point {
  demand(PK.length === group.ptLen, 'key-invalid');
  const Y = group.stringToPoint(PK);
  demand(Y !== undefined, 'key-invalid');
  demand(!group.isIdentity(group.multiply(group.cofactor, Y as Point)), 'key-invalid');
  return Y as Point;
}

// ------------------------------------------------------------------------------------- by name

export type VrfScheme = 'ECVRF-P256-SHA256-TAI' | 'ECVRF-EDWARDS25519-SHA512-TAI';

/** Calls `run` with the group of that name, whatever its points are. */
function withGroup<T>(name: string, run: <Point>(group: VrfGroup<Point>) => T): T {
  if (name === 'ECVRF-P256-SHA256-TAI') return run(P256_TAI);
  if (name === 'ECVRF-EDWARDS25519-SHA512-TAI') return run(EDWARDS25519_TAI);
  throw new Error(`no VRF: ${name}`);
}

export const vrfProve = (name: string, SK: Uint8Array, alpha: Uint8Array, own?: Own): VrfTrace =>
  withGroup(name, (group) => proveOver(group, SK, alpha, own));

/** @returns all of beta; throws a `Refusal` where the RFC says INVALID */
export const vrfVerify = (name: string, PK: Uint8Array, alpha: Uint8Array, pi: Uint8Array): Buffer =>
  withGroup(name, (group) => verifyOver(group, PK, alpha, pi));

/** Refuses what is no public key. */
export const vrfCheckKey = (name: string, PK: Uint8Array): void =>
  withGroup(name, (group) => {
    validKey(group, PK);
  });

/** "with the output truncated to 32 bytes" */
export const vrfOutput = (beta: Uint8Array): Uint8Array => beta.subarray(0, 32);

/** "HMAC(Kc, CommitmentValue)" */
export function commitment(commitmentValue: Uint8Array): Buffer {
  const Kc = Buffer.from('d821f8790d97709796b4d7903357c3f5', 'hex');
  return createHmac('sha256', Kc).update(commitmentValue).digest();
}

export function checkCommitment(given: Uint8Array, commitmentValue: Uint8Array): void {
  demand(equal(given, commitment(commitmentValue)), 'commitment');
}
