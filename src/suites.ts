/**
 * What CKV/1 signs and hashes with (the two signature schemes, public keys and their identifiers, labels, the holder
 * of secrets), and the two cipher suites of KEYTRANS (draft-ietf-keytrans-protocol, commit 526cc8a) with their
 * verifiable random functions (RFC 9381) and commitments.
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

export type { CipherSuite, CipherSuiteId } from './crypto/cipher-suite.js';
export { KT_128_SHA256_Ed25519 } from './crypto/kt-128-sha256-ed25519.js';
export { KT_128_SHA256_P256 } from './crypto/kt-128-sha256-p256.js';
export type { SuiteSignatures } from './crypto/suite-signatures.js';
export type { Vrf, VrfName, VrfPrivateKey, VrfProof, VrfPublicKey } from './crypto/vrf.js';
