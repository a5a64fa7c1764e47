/**
 * What a signature scheme of CKV/1 offers. There are two, one constant per file: `p256.ts`, `ed25519.ts`.
 */

import type { DecodeErrorCode } from '../errors.js';

/** TLS SignatureScheme numbers (RFC 8446 section 4.2.3) of the two schemes. */
export type SchemeId = 0x0403 | 0x0807;

/** One signature scheme. Keys and signatures are raw bytes here. */
export interface SignatureScheme {
  readonly id: SchemeId;
  readonly name: 'P-256' | 'Ed25519';
  /** Bytes of a public key: 65 (P-256, uncompressed SEC1) or 32 (Ed25519). */
  readonly publicKeyLength: number;
  /** Why these bytes are no public key of this scheme, or `undefined` where they are one. */
  publicKeyDefect(key: Uint8Array): DecodeErrorCode | undefined;
  /** Why these 32 bytes are no private key of this scheme, or `undefined` where they are one. */
  privateKeyDefect(secret: Uint8Array): DecodeErrorCode | undefined;
  /** A fresh private key of 32 bytes: a scalar, big-endian (P-256), or a seed (Ed25519). */
  generatePrivateKey(): Uint8Array;
  /** The public key of a private key, fresh. */
  derivePublicKey(secret: Uint8Array): Uint8Array;
  /** A signature of 64 bytes, fresh. Deterministic. */
  sign(secret: Uint8Array, message: Uint8Array): Uint8Array;
  /** Whether the signature is true. False for every malformed key or signature; never throws. */
  isValidSignature(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** Bytes of every private key here. */
export const PRIVATE_KEY_LENGTH = 32;

/** Bytes of every signature here. */
export const SIGNATURE_LENGTH = 64;
