/**
 * What the two sides of a code session stand for, as the transcript holds it.
 *
 * | purpose | initiator | responder |
 * | --- | --- | --- |
 * | contact | its account PublicKey | its account PublicKey |
 * | linking | its LinkOffer | the account PublicKey |
 *
 * A subject is kept as its encoding, so that what a person confirms is, byte for byte, what was hashed.
 */

import { type Codec, decode, encode, fixedBytes, struct, version } from '../bytes/codec.js';
import { encodePublicKey, parsePublicKey, type PublicKey } from '../crypto/public-key.js';
import type { SasPurpose, SasRole } from './sas-message.js';

/** What a device that is to be linked hands out. What its parts are for, `transfer/` knows; here its form counts. */
export interface LinkOfferFields {
  readonly version: 1;
  readonly hpkeKey: Uint8Array;
  readonly nonce: Uint8Array;
}

/** `LinkOffer { uint8 version = 1; opaque hpke_key[32]; opaque nonce[16]; }`. */
export const linkOfferCodec: Codec<LinkOfferFields> = /* @__PURE__ */ struct({
  version: version(1, 1),
  hpkeKey: fixedBytes(32),
  nonce: fixedBytes(16),
});

/** What is looked at: far more than version 1 needs, so that a newer one is unsupported, and not damage. */
export const LINK_OFFER_MAX_BYTES = 1024;

/** An account key, or an encoded LinkOffer. */
export type SasSubject = PublicKey | Uint8Array;

function isLinkOffer(purpose: SasPurpose, role: SasRole): boolean {
  return purpose === 'linking' && role === 'initiator';
}

/**
 * The encoding of the subject of that role, fresh and checked: later changes to `subject` do not reach it.
 * @throws DecodeError where it is no valid key or offer; UnsupportedError `ERR_SCHEME`, `ERR_VERSION`;
 *   ArgumentTypeError, ArgumentRangeError where it is not even of the right kind
 */
export function encodeSubject(purpose: SasPurpose, role: SasRole, subject: SasSubject): Uint8Array {
  if (isLinkOffer(purpose, role)) {
    return encode(
      linkOfferCodec,
      decode(linkOfferCodec, subject as Uint8Array, 'LinkOffer', LINK_OFFER_MAX_BYTES),
    );
  }
  return encodePublicKey(parsePublicKey(encodePublicKey(subject as PublicKey)));
}

/** The subject of that role from its encoding, fresh. Throws as {@link encodeSubject} does. */
export function parseSubject(purpose: SasPurpose, role: SasRole, encoded: Uint8Array): SasSubject {
  return isLinkOffer(purpose, role) ? encodeSubject(purpose, role, encoded) : parsePublicKey(encoded);
}
