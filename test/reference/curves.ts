/**
 * The two curves with schoolbook arithmetic over BigInt, for the questions that node:crypto does not answer: is this
 * point on the curve, canonically written, of prime order; and the cofactored equation of Ed25519.
 * One bit at a time, by one formula: nothing here is fast, and nothing here is secret.
 */
import { createHash } from 'node:crypto';

export function mod(a: bigint, p: bigint): bigint {
  return ((a % p) + p) % p;
}

export function power(base: bigint, exponent: bigint, p: bigint): bigint {
  let result = 1n;
  let square = mod(base, p);
  for (let e = exponent; e > 0n; e /= 2n) {
    if (e % 2n === 1n) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
}

export function bigEndian(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

export function littleEndian(bytes: Uint8Array): bigint {
  return bigEndian(Buffer.from(bytes).reverse());
}

// ------------------------------------------------------------------------------------- P-256 (FIPS 186-5)

const P256 = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const P256_B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/** "65 bytes, uncompressed SEC1, on curve". */
export function isP256Key(key: Uint8Array): boolean {
  if (key.length !== 65 || key[0] !== 4) return false;
  const x = bigEndian(key.subarray(1, 33));
  const y = bigEndian(key.subarray(33, 65));
  return x < P256 && y < P256 && mod(y * y, P256) === mod(x * x * x - 3n * x + P256_B, P256);
}

// ------------------------------------------------------------------------------------- Ed25519 (RFC 8032)

/** RFC 8032 section 5.1: field, order, d, and the base point. */
const P = 2n ** 255n - 19n;
export const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * power(121666n, P - 2n, P), P);

/** x = X/Z, y = Y/Z, x y = T/Z: the coordinates of section 5.1.4. */
export type EdwardsPoint = readonly [X: bigint, Y: bigint, Z: bigint, T: bigint];
export const IDENTITY: EdwardsPoint = [0n, 1n, 1n, 0n];

/** Section 5.1.4, the addition that is complete, used for doubling too. */
export function addEdwards([X1, Y1, Z1, T1]: EdwardsPoint, [X2, Y2, Z2, T2]: EdwardsPoint): EdwardsPoint {
  const A = mod((Y1 - X1) * (Y2 - X2), P);
  const B = mod((Y1 + X1) * (Y2 + X2), P);
  const C = mod(T1 * 2n * D * T2, P);
  const Dd = mod(Z1 * 2n * Z2, P);
  const [E, F, G, H] = [B - A, Dd - C, Dd + C, B + A];
  return [mod(E * F, P), mod(G * H, P), mod(F * G, P), mod(E * H, P)];
}

export function multiplyEdwards(scalar: bigint, point: EdwardsPoint): EdwardsPoint {
  let result = IDENTITY;
  let doubled = point;
  for (let s = scalar; s > 0n; s /= 2n) {
    if (s % 2n === 1n) result = addEdwards(result, doubled);
    doubled = addEdwards(doubled, doubled);
  }
  return result;
}

/** Equal ratios: X1/Z1 = X2/Z2 and Y1/Z1 = Y2/Z2. */
export function sameEdwards([X1, Y1, Z1]: EdwardsPoint, [X2, Y2, Z2]: EdwardsPoint): boolean {
  return mod(X1 * Z2 - X2 * Z1, P) === 0n && mod(Y1 * Z2 - Y2 * Z1, P) === 0n;
}

/** Section 5.1.3; "canonical": y below the field's prime, and no sign on x = 0. */
export function decodeEdwards(bytes: Uint8Array): EdwardsPoint | undefined {
  if (bytes.length !== 32) return undefined;
  const whole = littleEndian(bytes);
  const sign = whole / 2n ** 255n;
  const y = whole % 2n ** 255n;
  if (y >= P) return undefined;
  const u = mod(y * y - 1n, P);
  const v = mod(D * y * y + 1n, P);
  const square = mod(u * power(v, P - 2n, P), P); // x^2; v is never 0, since -1/d is no square
  let x = power(square, (P + 3n) / 8n, P);
  if (mod(x * x, P) !== square) x = mod(x * power(2n, (P - 1n) / 4n, P), P);
  if (mod(x * x, P) !== square) return undefined;
  if (x === 0n && sign === 1n) return undefined;
  if (x % 2n !== sign) x = mod(-x, P);
  return [x, y, 1n, mod(x * y, P)];
}

/** Section 5.1.2. */
export function encodeEdwards([X, Y, Z]: EdwardsPoint): Buffer {
  const inverse = power(Z, P - 2n, P);
  const sign = mod(X * inverse, P) % 2n;
  const whole = mod(Y * inverse, P) + sign * 2n ** 255n;
  return Buffer.from(whole.toString(16).padStart(64, '0'), 'hex').reverse();
}

export const BASE = decodeEdwards(Buffer.from(`58${'66'.repeat(31)}`, 'hex')) as EdwardsPoint; // y = 4/5, x even

/** "32 bytes, canonical, of prime order (checked when parsed)": L times it is the identity, and it is not. */
export function isEd25519Key(key: Uint8Array): boolean {
  const point = decodeEdwards(key);
  return (
    point !== undefined && !sameEdwards(point, IDENTITY) && sameEdwards(multiplyEdwards(L, point), IDENTITY)
  );
}

/** "canonical A and R, S < L, cofactored equation": [8][S]B = [8]R + [8][k]A (RFC 8032, section 5.1.7). */
export function verifyEd25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  const a = decodeEdwards(key);
  const r = decodeEdwards(signature.subarray(0, 32));
  const s = littleEndian(signature.subarray(32, 64));
  if (a === undefined || r === undefined || s >= L) return false;
  const digest = createHash('sha512').update(signature.subarray(0, 32)).update(key).update(message).digest();
  const k = littleEndian(digest) % L;
  return sameEdwards(
    multiplyEdwards(8n * s, BASE),
    addEdwards(multiplyEdwards(8n, r), multiplyEdwards(8n * k, a)),
  );
}
