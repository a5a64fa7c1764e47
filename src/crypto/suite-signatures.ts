/**
 * The signatures of a cipher suite: those of operator, manager and auditor over tree heads and values. They are the
 * schemes of `p256.ts` and `ed25519.ts`, in the encodings that the draft (*KT Cipher Suites*) takes from SEC 1 and
 * RFC 8032. What is signed carries no label of its own: such a key must sign nothing but KEYTRANS structures.
 */

import { assertBytes } from '../bytes/compare.js';
import { ArgumentTypeError, DecodeError, VerificationError } from '../errors.js';
import type { PublicKey } from './public-key.js';
import type { SecretBytes } from './secret-bytes.js';
import type { SignatureScheme } from './signature-scheme.js';

/** Signature keys and signatures of one cipher suite. Frozen. */
export interface SuiteSignatures {
  /** The scheme, for making and storing private keys. */
  readonly scheme: SignatureScheme;
  /**
   * A public key from its raw bytes: 65, uncompressed SEC1 (P-256), or 32 (Ed25519). Ed25519 keys must be of prime
   * order, which RFC 8032 does not ask for: otherwise one signature can fit many keys.
   * @param bytes copied
   * @throws DecodeError `ERR_KEY_LENGTH`, `ERR_KEY_POINT`, `ERR_KEY_ORDER`
   */
  parsePublicKey(bytes: Uint8Array): PublicKey;
  /**
   * Checks a signature over an encoded `…TBS` structure. Of ECDSA's two signatures that fit, both pass.
   * @param signature 64 bytes: r ‖ s (P-256), or R ‖ S (Ed25519); of another length it is false
   * @throws VerificationError `ERR_SIGNATURE`
   */
  verify(publicKey: PublicKey, message: Uint8Array, signature: Uint8Array): void;
  /**
   * Signs an encoded `…TBS` structure. Deterministic; ECDSA takes the lower s.
   * @param secret 32 bytes: a scalar, big-endian (P-256), or a seed (Ed25519)
   * @returns 64 bytes, fresh
   * @throws StateError `ERR_DESTROYED`
   * @throws DecodeError `ERR_KEY_LENGTH`, `ERR_KEY_SCALAR`
   */
  sign(secret: SecretBytes, message: Uint8Array): Uint8Array;
}

/**
 * The signatures of a suite over a scheme.
 * @param sign where the suite signs otherwise than the scheme
 */
export function createSuiteSignatures(
  scheme: SignatureScheme,
  sign: SignatureScheme['sign'] = scheme.sign,
): SuiteSignatures {
  return Object.freeze<SuiteSignatures>({
    scheme,

    parsePublicKey(bytes) {
      assertBytes(bytes, 'a public key');
      const key = Uint8Array.from(bytes);
      const defect = scheme.publicKeyDefect(key);
      if (defect !== undefined)
        throw new DecodeError(defect, 'SignaturePublicKey', 0, `no ${scheme.name} public key`);
      return Object.freeze({ scheme: scheme.id, key });
    },

    verify(publicKey, message, signature) {
      if (publicKey.scheme !== scheme.id) throw new ArgumentTypeError(`expected a key of ${scheme.name}`);
      assertBytes(message, 'a message');
      assertBytes(signature, 'a signature');
      if (!scheme.isValidSignature(publicKey.key, message, signature))
        throw new VerificationError('ERR_SIGNATURE', 'the signature is false');
    },

    sign(secret, message) {
      assertBytes(message, 'a message');
      return secret.use((bytes) => {
        const defect = scheme.privateKeyDefect(bytes);
        if (defect !== undefined)
          throw new DecodeError(defect, 'SignaturePrivateKey', 0, `no ${scheme.name} private key`);
        return sign(bytes, message);
      });
    },
  });
}
