/**
 * The keys of the vectors. A secret is SHA-256 of a name that everybody can read here: none of these keys protects
 * anything, and nobody should use one.
 */
import { createHash } from 'node:crypto';
import { ECDSA_P256_SHA256, ED25519, type KeyPair, keyPairFrom } from '../../test/reference/keys.js';

/** 32 bytes that belong to a name. */
export function bytesOf(name: string): Buffer {
  return createHash('sha256').update(`contact-key-verification vectors: ${name}`).digest();
}

export const p256 = (name: string): KeyPair => keyPairFrom(ECDSA_P256_SHA256, bytesOf(name));
export const ed25519 = (name: string): KeyPair => keyPairFrom(ED25519, bytesOf(name));

export const alice = ed25519('Alice, account');
export const bob = p256('Bob, account');
export const mallory = ed25519('Mallory, account');
export const stranger = p256('a stranger');
