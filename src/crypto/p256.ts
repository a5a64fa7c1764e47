/**
 * ECDSA on P-256 with SHA-256 (FIPS 186-5), the scheme of secure enclaves and WebCrypto. Public keys are
 * uncompressed SEC1 points; signatures are r ‖ s, 32 bytes each. High s is accepted, because hardware
 * produces it: a signature is therefore never an identifier of what it signs. Nonces follow RFC 6979.
 */

import { p256 as curve } from '@noble/curves/nist.js';
import { randomBytes } from '../platform.js';
import { PRIVATE_KEY_LENGTH, SIGNATURE_LENGTH, type SignatureScheme } from './signature-scheme.js';

const UNCOMPRESSED = 0x04;
const PUBLIC_KEY_LENGTH = 65;
/** Enough bytes that the reduction to a scalar has no noticeable bias (FIPS 186-5 appendix A.2.1). */
const SEED_LENGTH = 48;
/** High s must pass, and what we sign is not forced to low s either, as no verifier here asks for it. */
const ANY_S = { lowS: false, prehash: true, format: 'compact' } as const;

/** ECDSA P-256 with SHA-256: TLS scheme 0x0403. */
export const p256: SignatureScheme = /* @__PURE__ */ Object.freeze<SignatureScheme>({
  id: 0x0403,
  name: 'P-256',
  publicKeyLength: PUBLIC_KEY_LENGTH,

  publicKeyDefect(key) {
    if (key.length !== PUBLIC_KEY_LENGTH) return 'ERR_KEY_LENGTH';
    if (key[0] !== UNCOMPRESSED) return 'ERR_KEY_POINT';
    // The group has prime order, so a point on the curve is all there is to check.
    return curve.utils.isValidPublicKey(key, false) ? undefined : 'ERR_KEY_POINT';
  },

  privateKeyDefect(secret) {
    if (secret.length !== PRIVATE_KEY_LENGTH) return 'ERR_KEY_LENGTH';
    return curve.utils.isValidSecretKey(secret) ? undefined : 'ERR_KEY_SCALAR';
  },

  generatePrivateKey() {
    const seed = randomBytes(SEED_LENGTH);
    const secret = curve.utils.randomSecretKey(seed);
    seed.fill(0);
    return secret;
  },

  derivePublicKey: (secret) => curve.getPublicKey(secret, false),

  sign: (secret, message) => curve.sign(message, secret, ANY_S),

  isValidSignature(key, message, signature) {
    if (signature.length !== SIGNATURE_LENGTH || p256.publicKeyDefect(key) !== undefined) return false;
    try {
      return curve.verify(signature, message, key, ANY_S);
    } catch {
      return false;
    }
  },
});
