/**
 * What CKV/1 signs and hashes with: the two signature schemes, public keys and their identifiers, labels, and
 * the holder of secrets.
 */

export { PURPOSES, type Purpose, encodeLabelled, hashLabelled } from './crypto/label.js';
export {
  deriveKeyId,
  encodePublicKey,
  equalPublicKeys,
  isValidSignature,
  parsePublicKey,
  type PublicKey,
} from './crypto/public-key.js';
export { ed25519 } from './crypto/ed25519.js';
export { p256 } from './crypto/p256.js';
export { SecretBytes } from './crypto/secret-bytes.js';
export type { SchemeId, SignatureScheme } from './crypto/signature-scheme.js';
