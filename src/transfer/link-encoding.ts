/**
 * What travels when a device is linked, as bytes (CKV/1, "The account key on a new device, and its backup"):
 *
 *     struct { uint8 version = 1; opaque hpke_key[32]; opaque nonce[16]; } LinkOffer;                   49 bytes
 *     struct { opaque magic[3] = "CKL"; LinkOffer offer; opaque psk[32]; } LinkQr;                      84 bytes
 *     struct { LinkOffer offer; opaque device<1..32>; opaque signature<0..2^16-1>; } SignedLinkOffer;
 *     struct { PublicKey account_key; opaque enc<0..2^16-1>; opaque ciphertext<0..2^16-1>;
 *              opaque signature<0..2^16-1>; } LinkMessage;
 *
 * SignedLinkOffer is ours: the text leaves open how a listed device's signature travels. The device's id is not signed;
 * it only says under which of the listed keys the signature is to be checked.
 */

import { type Codec, constant, decode, encode, fixedBytes, opaque, struct } from '../bytes/codec.js';
import { concatBytes } from '../bytes/compare.js';
import { LINK_OFFER_MAX_BYTES, linkOfferCodec, type LinkOfferFields } from '../codes/sas-subject.js';
import { encodeLabelled } from '../crypto/label.js';
import { encodePublicKey, type PublicKey, publicKeyCodec } from '../crypto/public-key.js';

export const PSK_LENGTH = 32;
export const OFFER_NONCE_LENGTH = 16;

/** Far more than version 1 needs; so a longer key of a newer scheme is unsupported, and not damage. */
const MAX_BYTES = 65_536;

const anyBytes: Codec<Uint8Array> = /* @__PURE__ */ opaque(0, 2 ** 16 - 1);

/** "CKL", as one integer. */
const magic: Codec<0x43_4b_4c> = /* @__PURE__ */ constant(3, 0x43_4b_4c);

/** What a QR code of a new device holds. */
export interface LinkQr {
  readonly magic: 0x43_4b_4c;
  readonly offer: LinkOfferFields;
  /** 32 secret bytes. */
  readonly psk: Uint8Array;
}

const linkQrCodec: Codec<LinkQr> = /* @__PURE__ */ struct<LinkQr>({
  magic,
  offer: linkOfferCodec,
  psk: fixedBytes(PSK_LENGTH),
});

/** The offer of a device that is still listed. */
export interface SignedLinkOffer {
  readonly offer: LinkOfferFields;
  readonly device: Uint8Array;
  readonly signature: Uint8Array;
}

const signedLinkOfferCodec: Codec<SignedLinkOffer> = /* @__PURE__ */ struct<SignedLinkOffer>({
  offer: linkOfferCodec,
  device: opaque(1, 32),
  signature: anyBytes,
});

/** The sealed account key. Nothing of it is authenticated yet. */
export interface LinkMessage {
  readonly accountKey: PublicKey;
  /** HPKE's encapsulated key: 32 bytes in truth, whatever stands here. */
  readonly enc: Uint8Array;
  readonly ciphertext: Uint8Array;
  /** By the account key; empty where the QR code's secret authenticates. */
  readonly signature: Uint8Array;
}

const linkMessageCodec: Codec<LinkMessage> = /* @__PURE__ */ struct<LinkMessage>({
  accountKey: publicKeyCodec,
  enc: anyBytes,
  ciphertext: anyBytes,
  signature: anyBytes,
});

const linkContentCodec: Codec<{
  readonly info: Uint8Array;
  readonly enc: Uint8Array;
  readonly ciphertext: Uint8Array;
}> = /* @__PURE__ */ struct({ info: anyBytes, enc: anyBytes, ciphertext: anyBytes });

/** The encoding of a LinkOffer, fresh. */
export function encodeLinkOffer(offer: LinkOfferFields): Uint8Array {
  return encode(linkOfferCodec, offer);
}

/** A LinkOffer from its encoding. @throws DecodeError; UnsupportedError `ERR_VERSION` */
export function parseLinkOffer(bytes: Uint8Array): LinkOfferFields {
  return decode(linkOfferCodec, bytes, 'LinkOffer', LINK_OFFER_MAX_BYTES);
}

/** The encoding of a LinkQr, fresh. It is as secret as its `psk`. */
export function encodeLinkQr(offer: LinkOfferFields, psk: Uint8Array): Uint8Array<ArrayBuffer> {
  return encode(linkQrCodec, { magic: 0x43_4b_4c, offer, psk });
}

/** A LinkQr from its encoding. @throws DecodeError; UnsupportedError `ERR_VERSION` */
export function parseLinkQr(bytes: Uint8Array): LinkQr {
  return decode(linkQrCodec, bytes, 'LinkQr', LINK_OFFER_MAX_BYTES);
}

/** The encoding of a SignedLinkOffer, fresh. */
export function encodeSignedLinkOffer(signed: SignedLinkOffer): Uint8Array<ArrayBuffer> {
  return encode(signedLinkOfferCodec, signed, MAX_BYTES);
}

/** A SignedLinkOffer from its encoding. @throws DecodeError; UnsupportedError `ERR_VERSION` */
export function parseSignedLinkOffer(bytes: Uint8Array): SignedLinkOffer {
  return decode(signedLinkOfferCodec, bytes, 'SignedLinkOffer', MAX_BYTES);
}

/** The encoding of a LinkMessage, fresh. */
export function encodeLinkMessage(message: LinkMessage): Uint8Array<ArrayBuffer> {
  return encode(linkMessageCodec, message, MAX_BYTES);
}

/** A LinkMessage from its encoding. @throws DecodeError; UnsupportedError `ERR_SCHEME` */
export function parseLinkMessage(bytes: Uint8Array): LinkMessage {
  return decode(linkMessageCodec, bytes, 'LinkMessage', MAX_BYTES);
}

/** HPKE's `info`, fresh: for which offer, and which account's key. */
export function encodeLinkInfo(offer: LinkOfferFields, accountKey: PublicKey): Uint8Array {
  return encodeLabelled('link info', concatBytes(encodeLinkOffer(offer), encodePublicKey(accountKey)));
}

/** What the account key signs of a LinkMessage, fresh. */
export function encodeLinkContent(
  info: Uint8Array,
  { enc, ciphertext }: Pick<LinkMessage, 'enc' | 'ciphertext'>,
): Uint8Array {
  return encode(linkContentCodec, { info, enc, ciphertext });
}
