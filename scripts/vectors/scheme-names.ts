/** The signature schemes by the names that the vectors give them. */
import { ECDSA_P256_SHA256, ED25519 } from '../../test/reference/keys.js';
import type { Json } from './vector-file.js';

export const SCHEMES = ['P-256', 'Ed25519'] as const;

export function schemeOf(name: Json | undefined): number {
  if (name === 'P-256') return ECDSA_P256_SHA256;
  if (name === 'Ed25519') return ED25519;
  throw new Error(`no scheme: ${JSON.stringify(name)}`);
}
