/**
 * Points of P-256 over BigInt, in Jacobian coordinates by the formulas of every textbook: x = X/Z², y = Y/Z³, and
 * Z = 0 for the point at infinity. Nothing here is fast, and nothing here is secret.
 */
import { bigEndian, mod, power } from './curves.js';

/** FIPS 186-5 and SP 800-186, section 3.2.1.3. */
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
export const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

export type P256Point = readonly [X: bigint, Y: bigint, Z: bigint];
export const P256_INFINITY: P256Point = [1n, 1n, 0n];
export const P256_BASE: P256Point = [
  0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
  1n,
];

export const isInfinity = ([, , Z]: P256Point): boolean => Z === 0n;

function double([X, Y, Z]: P256Point): P256Point {
  const S = 4n * X * Y ** 2n;
  const M = 3n * X ** 2n - 3n * Z ** 4n; // a = -3
  const X3 = mod(M ** 2n - 2n * S, P);
  return [X3, mod(M * (S - X3) - 8n * Y ** 4n, P), mod(2n * Y * Z, P)];
}

export function addP256(a: P256Point, b: P256Point): P256Point {
  if (isInfinity(a)) return b;
  if (isInfinity(b)) return a;
  const [X1, Y1, Z1] = a;
  const [X2, Y2, Z2] = b;
  const U1 = mod(X1 * Z2 ** 2n, P);
  const S1 = mod(Y1 * Z2 ** 3n, P);
  const H = mod(X2 * Z1 ** 2n - U1, P);
  const R = mod(Y2 * Z1 ** 3n - S1, P);
  if (H === 0n) return R === 0n ? double(a) : P256_INFINITY;
  const X3 = mod(R ** 2n - H ** 3n - 2n * U1 * H ** 2n, P);
  return [X3, mod(R * (U1 * H ** 2n - X3) - S1 * H ** 3n, P), mod(H * Z1 * Z2, P)];
}

export const negateP256 = ([X, Y, Z]: P256Point): P256Point => [X, mod(-Y, P), Z];

export function multiplyP256(scalar: bigint, point: P256Point): P256Point {
  let result = P256_INFINITY;
  let doubled = point;
  for (let s = scalar; s > 0n; s /= 2n) {
    if (s % 2n === 1n) result = addP256(result, doubled);
    doubled = double(doubled);
  }
  return result;
}

/** SEC 1, section 2.3.3, with compression; not for infinity. */
export function encodeP256([X, Y, Z]: P256Point): Buffer {
  const inverse = power(Z, P - 2n, P);
  const x = mod(X * inverse ** 2n, P);
  const y = mod(Y * inverse ** 3n, P);
  return Buffer.from(`0${2n + (y % 2n)}${x.toString(16).padStart(64, '0')}`, 'hex');
}

/** SEC 1, section 2.3.4, compressed points only. */
export function decodeP256(bytes: Uint8Array): P256Point | undefined {
  if (bytes.length !== 33 || (bytes[0] !== 2 && bytes[0] !== 3)) return undefined;
  const x = bigEndian(bytes.subarray(1));
  if (x >= P) return undefined;
  const square = mod(x ** 3n - 3n * x + B, P);
  const root = power(square, (P + 1n) / 4n, P);
  if (mod(root * root, P) !== square) return undefined;
  return [x, root % 2n === BigInt(bytes[0] - 2) ? root : P - root, 1n];
}
