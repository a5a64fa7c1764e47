/**
 * HKDF-SHA256 and ChaCha20-Poly1305 in the form in which the `hpke` package takes a KDF and an AEAD from outside.
 */

import type { AEAD, KDF } from 'hpke';
import {
  AEAD_KEY_LENGTH,
  AEAD_NONCE_LENGTH,
  AEAD_TAG_LENGTH,
  openAead,
  sealAead,
} from '../crypto/chacha20-poly1305.js';
import { hkdfExpand, hkdfExtract } from '../crypto/hkdf.js';

/** HKDF-SHA256 (RFC 9180 section 7.2, number 0x0001): extract, then expand. */
export function hkdfSha256(): KDF {
  return {
    id: 0x0001,
    type: 'KDF',
    name: 'HKDF-SHA256',
    Nh: 32,
    stages: 2,
    Extract: async (salt, ikm) => hkdfExtract(salt, ikm),
    Expand: async (prk, info, length) => hkdfExpand(prk, info, length),
    Derive: async () => {
      throw new TypeError('HKDF has two stages');
    },
  };
}

/** ChaCha20-Poly1305 (RFC 9180 section 7.3, number 0x0003). */
export function chaCha20Poly1305(): AEAD {
  return {
    id: 0x0003,
    type: 'AEAD',
    name: 'ChaCha20Poly1305',
    Nk: AEAD_KEY_LENGTH,
    Nn: AEAD_NONCE_LENGTH,
    Nt: AEAD_TAG_LENGTH,
    Seal: async (key, nonce, associatedData, plaintext) =>
      sealAead({ key, nonce, associatedData }, plaintext),
    async Open(key, nonce, associatedData, ciphertext) {
      const plaintext = openAead({ key, nonce, associatedData }, ciphertext);
      if (plaintext === undefined) throw new RangeError('nothing that this key sealed');
      return plaintext;
    },
  };
}
