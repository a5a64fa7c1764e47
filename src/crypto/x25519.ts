/**
 * X25519 (RFC 7748), for HPKE alone. Any 32 bytes are a public key of it; the few of small order lead every
 * secret to the same all-zero result, which is refused as RFC 9180 section 7.1.4 asks.
 */

import { x25519 as curve } from '@noble/curves/ed25519.js';
import { randomBytes } from '../platform.js';

/** Bytes of a private key, a public key and a shared secret. */
export const X25519_LENGTH = 32;

/**
 * A fresh private key: 32 bytes from the platform's CSPRNG.
 * @throws UnsupportedError `ERR_NO_RANDOMNESS`
 */
export function generateX25519Secret(): Uint8Array {
  return randomBytes(X25519_LENGTH);
}

/** The public key of a private key: 32 bytes, fresh. */
export function deriveX25519PublicKey(secret: Uint8Array): Uint8Array {
  return curve.getPublicKey(secret);
}

/** The shared secret, 32 bytes, fresh; `undefined` where the public key is of small order. */
export function deriveX25519Shared(secret: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined {
  try {
    return curve.getSharedSecret(secret, publicKey);
  } catch {
    return undefined;
  }
}
