/**
 * ECDSA signatures as DER, the form of X.509, Certificate Transparency and Sigstore: `SEQUENCE { INTEGER r,
 * INTEGER s }` (RFC 3279 section 2.2.3), for 32-byte r and s.
 *
 * DER leaves each pair exactly one encoding, so reading is strict: short lengths, the fewest bytes an integer
 * can have, nothing negative, nothing left over. For P-256 the whole has 8 to 72 bytes.
 */

import { concatBytes } from '../bytes/compare.js';

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const SCALAR_LENGTH = 32;
/** The first byte of a positive integer stays below this; otherwise a zero byte stands before it. */
const SIGN_BIT = 0x80;

/**
 * r ‖ s, 64 bytes, fresh; or `undefined` where the bytes are no DER of two integers below 2^256. Whether the
 * integers are in range is for the curve to judge.
 */
export function parseEcdsaDer(der: Uint8Array): Uint8Array | undefined {
  if (der[0] !== SEQUENCE || der[1] !== der.length - 2 || der.length >= SIGN_BIT) return undefined;
  const r = readInteger(der, 2);
  if (r === undefined) return undefined;
  const s = readInteger(der, r.end);
  if (s === undefined || s.end !== der.length) return undefined;
  return concatBytes(r.scalar, s.scalar);
}

/** The DER of r ‖ s, fresh. @param signature 64 bytes */
export function encodeEcdsaDer(signature: Uint8Array): Uint8Array {
  const r = encodeInteger(signature.subarray(0, SCALAR_LENGTH));
  const s = encodeInteger(signature.subarray(SCALAR_LENGTH));
  return concatBytes(Uint8Array.of(SEQUENCE, r.length + s.length), r, s);
}

/** The integer that begins at `start`, padded to 32 bytes, and where it ends. */
function readInteger(der: Uint8Array, start: number): { scalar: Uint8Array; end: number } | undefined {
  const length = der[start + 1];
  if (der[start] !== INTEGER || length === undefined || length === 0) return undefined;
  const end = start + 2 + length;
  if (end > der.length) return undefined;
  let bytes = der.subarray(start + 2, end);
  const [first, second] = bytes;
  if (first === undefined || first >= SIGN_BIT) return undefined;
  if (first === 0 && length > 1) {
    if (second === undefined || second < SIGN_BIT) return undefined;
    bytes = bytes.subarray(1);
  }
  if (bytes.length > SCALAR_LENGTH) return undefined;
  const scalar = new Uint8Array(SCALAR_LENGTH);
  scalar.set(bytes, SCALAR_LENGTH - bytes.length);
  return { scalar, end };
}

function encodeInteger(scalar: Uint8Array): Uint8Array {
  const begin = scalar.findIndex((byte) => byte !== 0);
  const bytes = begin < 0 ? Uint8Array.of(0) : scalar.subarray(begin);
  const sign = (bytes[0] as number) >= SIGN_BIT ? Uint8Array.of(0) : new Uint8Array(0);
  return concatBytes(Uint8Array.of(INTEGER, sign.length + bytes.length), sign, bytes);
}
