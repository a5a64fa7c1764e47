/**
 * ChaCha20-Poly1305 (RFC 8439). It does not commit to its key: one ciphertext can be made to open under several
 * keys, so whoever opens under a key that could be guessed must check a commitment to it first (`backup.ts` does).
 *
 * The one use of `@noble/ciphers`, which is an optional peer of the door `transfer.js`: nothing else may import this
 * module.
 */

import { chacha20poly1305 } from '@noble/ciphers/chacha.js';

export const AEAD_KEY_LENGTH = 32;
export const AEAD_NONCE_LENGTH = 12;
export const AEAD_TAG_LENGTH = 16;

/** What one key and nonce seal, once. */
export interface AeadContext {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** 12 bytes; never twice under one key. */
  readonly nonce: Uint8Array;
  /** Authenticated beside the plaintext, and not part of the ciphertext. */
  readonly associatedData: Uint8Array;
}

/** Ciphertext and tag, 16 bytes longer than the plaintext, fresh. */
export function sealAead({ key, nonce, associatedData }: AeadContext, plaintext: Uint8Array): Uint8Array {
  return chacha20poly1305(key, nonce, associatedData).encrypt(plaintext);
}

/** The plaintext, fresh; `undefined` where anything of it is not what was sealed. */
export function openAead(
  { key, nonce, associatedData }: AeadContext,
  ciphertext: Uint8Array,
): Uint8Array | undefined {
  try {
    return chacha20poly1305(key, nonce, associatedData).decrypt(ciphertext);
  } catch {
    return undefined;
  }
}
