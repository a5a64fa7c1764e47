/**
 * Hybrid public key encryption (RFC 9180) with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and ChaCha20-Poly1305, one
 * message each. Base mode authenticates nobody, so nothing opened by it counts before a signature was checked; PSK mode
 * authenticates whoever knows the shared secret.
 *
 * The key schedule is that of the `hpke` package; the primitives it is given are those of this library.
 */

import { CipherSuite, DecapError, EncapError, OpenError } from 'hpke';
import { hashLabelled } from '../crypto/label.js';
import type { SecretBytes } from '../crypto/secret-bytes.js';
import { DecodeError, VerificationError } from '../errors.js';
import { chaCha20Poly1305, hkdfSha256 } from './hpke-primitives.js';
import { encodeLinkOffer } from './link-encoding.js';
import type { LinkOfferFields } from '../codes/sas-subject.js';
import { X25519Key, x25519Kem } from './x25519-kem.js';

/** The suite. @param drawSecret see {@link x25519Kem} */
export function createHpkeSuite(drawSecret?: () => Uint8Array): CipherSuite<X25519Key> {
  return new CipherSuite(() => x25519Kem(drawSecret), hkdfSha256, chaCha20Poly1305);
}

/** What a message is bound to. */
export interface HpkeContext {
  readonly offer: LinkOfferFields;
  readonly info: Uint8Array;
  /** The secret of PSK mode, 32 bytes; without it, base mode. */
  readonly psk?: SecretBytes | undefined;
}

interface Sealed {
  readonly enc: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** Calls `use` with the library's options; the copy of the secret is overwritten afterwards. */
async function withOptions<T>(
  { offer, info, psk }: HpkeContext,
  use: (options: { info: Uint8Array; psk?: Uint8Array; pskId?: Uint8Array }) => Promise<T>,
): Promise<T> {
  if (psk === undefined) return use({ info });
  const secret = psk.reveal();
  try {
    return await use({ info, psk: secret, pskId: hashLabelled('link offer id', encodeLinkOffer(offer)) });
  } finally {
    secret.fill(0);
  }
}

/**
 * Seals to the key of an offer.
 * @throws DecodeError `ERR_KEY_ORDER` where the offer's key is of small order; UnsupportedError `ERR_NO_RANDOMNESS`
 */
export async function sealToOffer(context: HpkeContext, plaintext: Uint8Array): Promise<Sealed> {
  const recipient = X25519Key.public(context.offer.hpkeKey);
  try {
    const { encapsulatedSecret, ciphertext } = await withOptions(context, (options) =>
      createHpkeSuite().Seal(recipient, plaintext, options),
    );
    return { enc: encapsulatedSecret, ciphertext };
  } catch (error) {
    // The package wraps what our KEM throws: the key of small order, or a platform without randomness.
    const cause = error instanceof EncapError ? error.cause : error;
    if (cause instanceof RangeError)
      throw new DecodeError('ERR_KEY_ORDER', 'LinkOffer.hpkeKey', 1, 'a key of small order');
    throw cause;
  }
}

/**
 * Opens what was sealed to the key of an offer.
 * @returns the plaintext, fresh; overwrite it after use
 * @throws VerificationError `ERR_SEALED`, whatever the reason
 */
export async function openForOffer(
  context: HpkeContext,
  recipient: X25519Key,
  { enc, ciphertext }: Sealed,
): Promise<Uint8Array> {
  try {
    return await withOptions(context, (options) =>
      createHpkeSuite().Open(recipient, enc, ciphertext, options),
    );
  } catch (error) {
    if (error instanceof DecapError || error instanceof OpenError)
      throw new VerificationError('ERR_SEALED', 'the sealed account key does not open');
    throw error;
  }
}
