/**
 * Opening a LinkMessage for an offer, once it is settled whose account key it may bring.
 */

import type { LinkOfferFields } from '../codes/sas-subject.js';
import { isValidSignature } from '../crypto/public-key.js';
import type { SecretBytes } from '../crypto/secret-bytes.js';
import { VerificationError } from '../errors.js';
import type { PrivateKey } from '../keys/private-key.js';
import { openForOffer } from './hpke.js';
import { encodeLinkContent, encodeLinkInfo, type LinkMessage } from './link-encoding.js';
import { openKeyOf } from './sealed-key.js';
import type { X25519Key } from './x25519-kem.js';

/** What opens a message. */
export interface LinkOpener {
  readonly offer: LinkOfferFields;
  readonly hpkeKey: X25519Key;
  /** The QR code's secret, where it authenticates. */
  readonly psk?: SecretBytes | undefined;
}

/**
 * Opens a message of base mode, which authenticates nobody: the account key must have signed it.
 * @throws VerificationError `ERR_SIGNATURE`; as {@link openMessage}
 */
export async function openSignedMessage(message: LinkMessage, opener: LinkOpener): Promise<PrivateKey> {
  const { accountKey, signature } = message;
  const content = encodeLinkContent(encodeLinkInfo(opener.offer, accountKey), message);
  if (!isValidSignature(accountKey, 'link', content, signature)) {
    throw new VerificationError('ERR_SIGNATURE', 'the account key did not sign this message');
  }
  return openMessage(message, opener);
}

/**
 * Opens a message, and holds the private key in it to the account key beside it.
 * @throws VerificationError `ERR_SEALED`, `ERR_SEALED_KEY`; DecodeError; UnsupportedError `ERR_VERSION`, `ERR_SCHEME`
 */
export async function openMessage(
  message: LinkMessage,
  { offer, hpkeKey, psk }: LinkOpener,
): Promise<PrivateKey> {
  const info = encodeLinkInfo(offer, message.accountKey);
  const plaintext = await openForOffer({ offer, info, psk }, hpkeKey, message);
  return openKeyOf(message.accountKey, plaintext);
}
