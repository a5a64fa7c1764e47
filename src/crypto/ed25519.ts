/**
 * Ed25519 (RFC 8032), strict: canonical encodings of A and R, S below the group order, the cofactored
 * equation. Public keys must be of prime order, which the RFC does not ask for; without it one signature can
 * fit many keys and messages.
 */

import { ed25519 as curve } from '@noble/curves/ed25519.js';
import type { DecodeErrorCode } from '../errors.js';
import { randomBytes } from '../platform.js';
import { PRIVATE_KEY_LENGTH, SIGNATURE_LENGTH, type SignatureScheme } from './signature-scheme.js';

const PUBLIC_KEY_LENGTH = 32;
/** RFC 8032 instead of ZIP 215, which would accept non-canonical points. */
const STRICT = { zip215: false } as const;

/** Ed25519: TLS scheme 0x0807. */
export const ed25519: SignatureScheme = /* @__PURE__ */ Object.freeze<SignatureScheme>({
  id: 0x0807,
  name: 'Ed25519',
  publicKeyLength: PUBLIC_KEY_LENGTH,

  publicKeyDefect(key): DecodeErrorCode | undefined {
    if (key.length !== PUBLIC_KEY_LENGTH) return 'ERR_KEY_LENGTH';
    try {
      const point = curve.Point.fromBytes(key, STRICT.zip215);
      return point.isSmallOrder() || !point.isTorsionFree() ? 'ERR_KEY_ORDER' : undefined;
    } catch {
      return 'ERR_KEY_POINT';
    }
  },

  privateKeyDefect: (secret) => (secret.length === PRIVATE_KEY_LENGTH ? undefined : 'ERR_KEY_LENGTH'),

  generatePrivateKey: () => randomBytes(PRIVATE_KEY_LENGTH),

  derivePublicKey: (secret) => curve.getPublicKey(secret),

  sign: (secret, message) => curve.sign(message, secret),

  isValidSignature(key, message, signature) {
    if (signature.length !== SIGNATURE_LENGTH || key.length !== PUBLIC_KEY_LENGTH) return false;
    try {
      return curve.verify(signature, message, key, STRICT);
    } catch {
      return false;
    }
  },
});
