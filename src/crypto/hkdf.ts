/**
 * HKDF with SHA-256 (RFC 5869), in its two steps.
 */

import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** HKDF-Extract: 32 bytes, fresh. */
export function hkdfExtract(salt: Uint8Array, keyMaterial: Uint8Array): Uint8Array {
  return extract(sha256, keyMaterial, salt);
}

/** HKDF-Expand, fresh. @param length bytes, 1 to 8,160 */
export function hkdfExpand(pseudorandomKey: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  return expand(sha256, pseudorandomKey, info, length);
}
