/** RFC 9381, section 5.5: what the two suites with try-and-increment fix. */
import { createHash } from 'node:crypto';
import {
  addEdwards,
  BASE,
  bigEndian,
  decodeEdwards,
  encodeEdwards,
  IDENTITY,
  L,
  littleEndian,
  mod,
  multiplyEdwards,
  type EdwardsPoint,
  sameEdwards,
} from './curves.js';
import { demand } from './encoding.js';
import {
  addP256,
  decodeP256,
  encodeP256,
  isInfinity,
  multiplyP256,
  negateP256,
  P256_BASE,
  P256_ORDER,
  type P256Point,
} from './p256-points.js';
import { nonces } from './rfc6979.js';

/** The parameters of section 5, named as there. */
export interface VrfGroup<Point> {
  readonly suiteString: number;
  readonly ptLen: number;
  readonly q: bigint;
  readonly cofactor: bigint;
  readonly B: Point;
  add(a: Point, b: Point): Point;
  negate(point: Point): Point;
  multiply(scalar: bigint, point: Point): Point;
  isIdentity(point: Point): boolean;
  pointToString(point: Point): Buffer;
  stringToPoint(octets: Uint8Array): Point | undefined;
  interpretHashValueAsAPoint(octets: Uint8Array): Point | undefined;
  stringToInt(octets: Uint8Array): bigint;
  intToString(value: bigint, length: number): Buffer;
  hash(octets: Uint8Array): Buffer;
  /** x from SK; refuses what is no secret key. */
  secretScalar(SK: Uint8Array): bigint;
  nonce(SK: Uint8Array, hString: Uint8Array): bigint;
}

const digits = (value: bigint, length: number): Buffer =>
  Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex');
const sha256 = (octets: Uint8Array): Buffer => createHash('sha256').update(octets).digest();
const sha512 = (octets: Uint8Array): Buffer => createHash('sha512').update(octets).digest();

/** "ECVRF-P256-SHA256-TAI" */
export const P256_TAI: VrfGroup<P256Point> = {
  suiteString: 0x01,
  ptLen: 33,
  q: P256_ORDER,
  cofactor: 1n,
  B: P256_BASE,
  add: addP256,
  negate: negateP256,
  multiply: multiplyP256,
  isIdentity: isInfinity,
  pointToString(point) {
    // "This implies that ptLen = fLen + 1 = 33": infinity, which SEC 1 writes as one octet, is no such string.
    demand(!isInfinity(point), 'vrf-proof');
    return encodeP256(point);
  },
  stringToPoint: decodeP256,
  interpretHashValueAsAPoint: (octets) => decodeP256(Buffer.concat([Buffer.of(0x02), octets])),
  stringToInt: bigEndian,
  intToString: digits,
  hash: sha256,
  secretScalar(SK) {
    demand(SK.length === 32, 'key-invalid');
    const x = bigEndian(SK);
    demand(x > 0n && x < P256_ORDER, 'secret-invalid');
    return x;
  },
  nonce(SK, hString) {
    const [k] = nonces(bigEndian(SK), sha256(hString));
    return k as bigint;
  },
};

/** RFC 8032, section 5.1.5, steps 1 and 2, and the half that is left. */
function expand(SK: Uint8Array): [scalar: bigint, prefix: Buffer] {
  demand(SK.length === 32, 'key-invalid');
  const h = sha512(SK);
  const first = littleEndian(h.subarray(0, 32));
  const clamped = (first % 2n ** 254n) - (first % 8n) + 2n ** 254n;
  return [clamped, h.subarray(32)];
}

/** "ECVRF-EDWARDS25519-SHA512-TAI" */
export const EDWARDS25519_TAI: VrfGroup<EdwardsPoint> = {
  suiteString: 0x03,
  ptLen: 32,
  q: L,
  cofactor: 8n,
  B: BASE,
  add: addEdwards,
  negate: ([X, Y, Z, T]) => [-X, Y, Z, -T],
  multiply: multiplyEdwards,
  isIdentity: (point) => sameEdwards(point, IDENTITY),
  pointToString: encodeEdwards,
  stringToPoint: decodeEdwards,
  interpretHashValueAsAPoint: (octets) => decodeEdwards(octets.subarray(0, 32)),
  stringToInt: littleEndian,
  intToString: (value, length) => digits(value, length).reverse(),
  hash: sha512,
  secretScalar: (SK) => expand(SK)[0],
  nonce: (SK, hString) => mod(littleEndian(sha512(Buffer.concat([expand(SK)[1], hString]))), L),
};
