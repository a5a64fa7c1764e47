/**
 * A private signature key held in this process: an account key or a device's signing key.
 */

import { type PublicKey, schemeOf } from '../crypto/public-key.js';
import { SecretBytes } from '../crypto/secret-bytes.js';
import type { SignatureScheme } from '../crypto/signature-scheme.js';
import { assertBytes } from '../bytes/compare.js';
import { DecodeError } from '../errors.js';
import type { LocalSigner } from './signer.js';

/**
 * A private key. Printing shows no secret, and neither does JSON, which therefore cannot store one; `destroy` overwrites the secret one (what that does not
 * achieve in JavaScript: see {@link SecretBytes}). Made by {@link generatePrivateKey} or the `parse…` functions.
 */
export class PrivateKey implements LocalSigner {
  readonly publicKey: PublicKey;
  readonly #secret: SecretBytes;

  /** @param secret 32 bytes that are a private key of this scheme; copied */
  constructor(scheme: SignatureScheme, secret: Uint8Array) {
    const defect = scheme.privateKeyDefect(secret);
    if (defect !== undefined) throw new DecodeError(defect, 'PrivateKey', 0, `no ${scheme.name} private key`);
    this.publicKey = Object.freeze({ scheme: scheme.id, key: scheme.derivePublicKey(secret) });
    this.#secret = new SecretBytes(secret);
    Object.freeze(this);
  }

  /**
   * Signs bytes as they are. CKV/1 signs labelled bytes only (`encodeLabelled`); a key that signs anything
   * else beside them must separate it as well.
   * @returns 64 bytes, fresh
   * @throws StateError `ERR_DESTROYED`
   */
  sign(message: Uint8Array): Uint8Array {
    assertBytes(message, 'message');
    return this.#secret.use((secret) => schemeOf(this.publicKey.scheme).sign(secret, message));
  }

  /**
   * The 32 secret bytes (a scalar, big-endian, or a seed), for export. The caller overwrites them after use.
   * @throws StateError `ERR_DESTROYED`
   */
  reveal(): Uint8Array {
    return this.#secret.reveal();
  }

  get isDestroyed(): boolean {
    return this.#secret.isDestroyed;
  }

  /** Overwrites the secret. Afterwards signing throws. */
  destroy(): void {
    this.#secret.destroy();
  }

  toString(): string {
    return '[PrivateKey redacted]';
  }

  toJSON(): string {
    return this.toString();
  }
}

/**
 * A fresh private key from the platform's CSPRNG.
 * @throws UnsupportedError `ERR_NO_RANDOMNESS`
 * @example
 * const accountKey = generatePrivateKey(ed25519);
 */
export function generatePrivateKey(scheme: SignatureScheme): PrivateKey {
  const secret = scheme.generatePrivateKey();
  try {
    return new PrivateKey(scheme, secret);
  } finally {
    secret.fill(0);
  }
}

/**
 * A private key from its 32 bytes: a scalar, big-endian (P-256), or a seed (Ed25519). Copied.
 * @throws DecodeError `ERR_KEY_LENGTH`, `ERR_KEY_SCALAR`
 */
export function parsePrivateKeyRaw(scheme: SignatureScheme, secret: Uint8Array): PrivateKey {
  assertBytes(secret, 'a private key');
  return new PrivateKey(scheme, secret);
}

/** The 32 bytes of a private key, fresh. The caller overwrites them after use. */
export function encodePrivateKeyRaw(privateKey: PrivateKey): Uint8Array {
  return privateKey.reveal();
}

/**
 * A public key from its raw bytes: 65 bytes, uncompressed SEC1 (P-256), or 32 bytes (Ed25519).
 * @throws DecodeError `ERR_KEY_LENGTH`, `ERR_KEY_POINT`, `ERR_KEY_ORDER`
 */
export function parsePublicKeyRaw(scheme: SignatureScheme, key: Uint8Array): PublicKey {
  assertBytes(key, 'a public key');
  const defect = scheme.publicKeyDefect(key);
  if (defect !== undefined) throw new DecodeError(defect, 'PublicKey', 0, `no ${scheme.name} public key`);
  return Object.freeze({ scheme: scheme.id, key: Uint8Array.from(key) });
}

/** The raw bytes of a public key, fresh. */
export function encodePublicKeyRaw(publicKey: PublicKey): Uint8Array {
  return Uint8Array.from(publicKey.key);
}
