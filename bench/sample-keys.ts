/**
 * Keys for benchmarks: the same ones in every run, so that runs can be compared.
 */

import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import {
  encodePrivateKeyDer,
  encodePublicKeyDer,
  type PrivateKey,
  parsePrivateKeyRaw,
} from 'contact-key-verification/keys.js';
import { ed25519, p256, type SignatureScheme } from 'contact-key-verification/suites.js';

export const SCHEMES: readonly SignatureScheme[] = [ed25519, p256];

/** The private key of this name: no secret. */
export function sampleKey(scheme: SignatureScheme, name: string): PrivateKey {
  return parsePrivateKeyRaw(scheme, createHash('sha256').update(name).digest());
}

/** A key pair as Node's cryptography holds it, and how it signs so that signatures are r ‖ s. */
export interface NodeKeys {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  /** What `sign` and `verify` of node:crypto take as their digest. */
  readonly digest: 'sha256' | null;
}

export function nodeKeysOf(key: PrivateKey): NodeKeys {
  return {
    publicKey: createPublicKey({
      key: Buffer.from(encodePublicKeyDer(key.publicKey)),
      format: 'der',
      type: 'spki',
    }),
    privateKey: createPrivateKey({
      key: Buffer.from(encodePrivateKeyDer(key)),
      format: 'der',
      type: 'pkcs8',
    }),
    digest: key.publicKey.scheme === p256.id ? 'sha256' : null,
  };
}
