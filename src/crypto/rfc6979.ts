/**
 * Nonces from a private key and a hash (RFC 6979 section 3.2), with HMAC-SHA256 and for groups whose order has 256
 * bits, so that neither a hash nor a candidate loses bits. ECDSA has its own inside noble; this one is the VRF's.
 */

import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import { concatBytes } from '../bytes/compare.js';
import { hmacSha256 } from './hash.js';

/**
 * The nonce k, 1 to order - 1. At least half of all hashes are below the order, so the loop ends; for P-256 it ends
 * at once but for one in 2^32.
 * @param order of the group: 2^255 to 2^256
 * @param secret the private key: 32 bytes, big-endian, below the order
 * @param digest the hash of what is signed: 32 bytes
 */
export function deriveNonce(order: bigint, secret: Uint8Array, digest: Uint8Array): bigint {
  const seed = concatBytes(secret, numberToBytesBE(bytesToNumberBE(digest) % order, 32));
  let v: Uint8Array = new Uint8Array(32).fill(1);
  let key: Uint8Array = new Uint8Array(32);
  key = hmacSha256(key, concatBytes(v, Uint8Array.of(0), seed));
  v = hmacSha256(key, v);
  key = hmacSha256(key, concatBytes(v, Uint8Array.of(1), seed));
  seed.fill(0);
  for (;;) {
    // Step g, and the end of step h where the loop comes round; then the candidate of step h.
    v = hmacSha256(key, v);
    v = hmacSha256(key, v);
    const candidate = bytesToNumberBE(v);
    if (candidate > 0n && candidate < order) return candidate;
    key = hmacSha256(key, concatBytes(v, Uint8Array.of(0)));
  }
}
