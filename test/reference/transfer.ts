/**
 * CKV/1, section "The account key on a new device, and its backup". What is drawn at random is given here.
 */
import { type DeviceList, decodeSignedDeviceList } from './device-list.js';
import { concat, demand, equal, fixed, opaque, Reader, uint } from './encoding.js';
import { aeadOpen, aeadSeal, expand, extract, hpkeOpen, hpkeSeal, type Psk, x25519Public } from './hpke.js';
import { judge } from './judgement.js';
import { privateKeyFrom } from './key-formats.js';
import {
  ECDSA_P256_SHA256,
  ED25519,
  encodePublicKey,
  equalKeys,
  H,
  type KeyPair,
  keyId,
  labelled,
  type PublicKey,
  readPublicKey,
  secretOf,
  sign,
  verify,
} from './keys.js';

type Bytes = Uint8Array;
const NONE: Buffer = Buffer.alloc(0);
const ANY = 2 ** 16 - 1;

// ------------------------------------------------------------------------------------- structures

/** `LinkOffer { uint8 version = 1; opaque hpke_key[32]; opaque nonce[16]; }` */
export type LinkOffer = { readonly hpke_key: Bytes; readonly nonce: Bytes };

/** What the device that offers keeps: the secret of its hpke_key. */
export type OwnOffer = { readonly secret: Bytes; readonly nonce: Bytes };

export const offerOf = ({ secret, nonce }: OwnOffer): LinkOffer => ({
  hpke_key: x25519Public(secret),
  nonce,
});

export const encodeLinkOffer = ({ hpke_key, nonce }: LinkOffer): Buffer =>
  concat(uint(1, 1), fixed(32, hpke_key), fixed(16, nonce));

function readLinkOffer(reader: Reader): LinkOffer {
  demand(reader.uint(1) === 1, 'unknown-version');
  return { hpke_key: reader.fixed(32), nonce: reader.fixed(16) };
}

function whole<T>(bytes: Bytes, limit: number, read: (reader: Reader) => T): T {
  demand(bytes.length <= limit, 'too-large');
  const reader = new Reader(bytes);
  const value = read(reader);
  reader.end();
  return value;
}

export const decodeLinkOffer = (bytes: Bytes): LinkOffer => whole(bytes, 1024, readLinkOffer);

/** `{ "CKL" magic[3]; LinkOffer; psk[32] }` */
export const encodeLinkQr = (offer: LinkOffer, psk: Bytes): Buffer =>
  concat(Buffer.from('CKL'), encodeLinkOffer(offer), fixed(32, psk));

const decodeLinkQr = (bytes: Bytes): { offer: LinkOffer; psk: Bytes } =>
  whole(bytes, 1024, (reader) => {
    demand(equal(reader.fixed(3), Buffer.from('CKL')), 'unknown-value');
    return { offer: readLinkOffer(reader), psk: reader.fixed(32) };
  });

/** The offer of a listed device: how its signature travels. */
export const encodeSignedLinkOffer = (offer: LinkOffer, device: Bytes, signature: Bytes): Buffer =>
  concat(encodeLinkOffer(offer), opaque(1, 32, device), opaque(0, ANY, signature));

/** "A device still listed signs its offer (label "link offer")" */
export const signLinkOffer = (offer: LinkOffer, device: Bytes, signer: KeyPair): Buffer =>
  encodeSignedLinkOffer(offer, device, sign(signer, 'link offer', encodeLinkOffer(offer)));

/** `LinkMessage { PublicKey account_key; opaque enc<>; opaque ciphertext<>; opaque signature<>; }` */
export type LinkMessage = {
  readonly account_key: PublicKey;
  readonly enc: Bytes;
  readonly ciphertext: Bytes;
  readonly signature: Bytes;
};

export const encodeLinkMessage = (message: LinkMessage): Buffer =>
  concat(
    encodePublicKey(message.account_key),
    opaque(0, ANY, message.enc),
    opaque(0, ANY, message.ciphertext),
    opaque(0, ANY, message.signature),
  );

export const decodeLinkMessage = (bytes: Bytes): LinkMessage =>
  whole(bytes, 65_536, (reader) => ({
    account_key: readPublicKey(reader),
    enc: reader.opaque(0, ANY),
    ciphertext: reader.opaque(0, ANY),
    signature: reader.opaque(0, ANY),
  }));

/** "plaintext `{ uint8 version = 1; uint16 scheme; opaque private_key<0..2^8-1>; }`" */
export const plaintextOf = (pair: KeyPair): Buffer =>
  concat(uint(1, 1), uint(2, pair.publicKey.scheme), opaque(0, 255, secretOf(pair)));

const decodePlaintext = (bytes: Bytes): KeyPair =>
  whole(bytes, 259, (reader) => {
    demand(reader.uint(1) === 1, 'unknown-version');
    const scheme = reader.uint(2);
    demand(scheme === ECDSA_P256_SHA256 || scheme === ED25519, 'unknown-scheme');
    const secret = reader.opaque(0, 255);
    return privateKeyFrom(scheme, secret);
  });

// ------------------------------------------------------------------------------------- sealing

/** "`info` = the struct of H with label "CKV/1 link info" and content { LinkOffer, PublicKey account_key }" */
export const linkInfo = (offer: LinkOffer, accountKey: PublicKey): Buffer =>
  labelled('link info', concat(encodeLinkOffer(offer), encodePublicKey(accountKey)));

/** "`psk_id = H("link offer id", LinkOffer)`" */
export const pskOf = (offer: LinkOffer, psk: Bytes): Psk => ({
  psk,
  pskId: H('link offer id', encodeLinkOffer(offer)),
});

/** "over `{ opaque info<0..2^16-1>; opaque enc<0..2^16-1>; opaque ciphertext<0..2^16-1>; }`" */
export const linkContent = (info: Bytes, enc: Bytes, ciphertext: Bytes): Buffer =>
  concat(opaque(0, ANY, info), opaque(0, ANY, enc), opaque(0, ANY, ciphertext));

/** A message for an offer: "QR: … mode_psk" with a psk, "base mode and the account key's signature" without. */
export function sealFor(
  pair: KeyPair,
  offer: LinkOffer,
  ephemeral: Bytes,
  psk?: Bytes,
  plain = plaintextOf(pair),
): Buffer {
  const info = linkInfo(offer, pair.publicKey);
  const mode = psk === undefined ? undefined : pskOf(offer, psk);
  const { enc, ciphertext } = hpkeSeal(offer.hpke_key, ephemeral, plain, { info, psk: mode });
  const signature = psk === undefined ? sign(pair, 'link', linkContent(info, enc, ciphertext)) : NONE;
  return encodeLinkMessage({ account_key: pair.publicKey, enc, ciphertext, signature });
}

export function sealForQr(pair: KeyPair, scanned: Bytes, ephemeral: Bytes): Buffer {
  const { offer, psk } = decodeLinkQr(scanned);
  return sealFor(pair, offer, ephemeral, psk);
}

/** The list as anybody accepts it at first sight. */
function listOf(signed: Bytes, identifier: Bytes): DeviceList {
  const verdict = judge(signed, identifier, undefined, undefined);
  if ('refused' in verdict) throw new Error(`the list is no list: ${verdict.refused}`);
  return decodeSignedDeviceList(signed).list;
}

export function sealForListed(
  pair: KeyPair,
  signedOffer: Bytes,
  signedList: Bytes,
  identifier: Bytes,
  ephemeral: Bytes,
): Buffer {
  const list = listOf(signedList, identifier);
  if (!equalKeys(list.account_key, pair.publicKey)) throw new Error('not the key of the list');
  const { offer, device, signature } = whole(signedOffer, 65_536, (reader) => ({
    offer: readLinkOffer(reader),
    device: reader.opaque(1, 32),
    signature: reader.opaque(0, ANY),
  }));
  const asking = list.devices.find(({ id }) => equal(id, device));
  const holds =
    asking !== undefined && verify(asking.signing_key, 'link offer', encodeLinkOffer(offer), signature);
  demand(holds, 'link-device');
  return sealFor(pair, offer, ephemeral);
}

// ------------------------------------------------------------------------------------- opening

function opened(own: OwnOffer, message: LinkMessage, psk: Psk | undefined): KeyPair {
  const info = linkInfo(offerOf(own), message.account_key);
  const pair = decodePlaintext(hpkeOpen(own.secret, message.enc, message.ciphertext, { info, psk }));
  demand(equalKeys(pair.publicKey, message.account_key), 'sealed-key');
  return pair;
}

function demandSignature(own: OwnOffer, { account_key, enc, ciphertext, signature }: LinkMessage): void {
  const content = linkContent(linkInfo(offerOf(own), account_key), enc, ciphertext);
  demand(verify(account_key, 'link', content, signature), 'signature');
}

export function openFromQr(own: OwnOffer, psk: Bytes, bytes: Bytes): KeyPair {
  const message = decodeLinkMessage(bytes);
  demand(message.signature.length === 0, 'vector-length');
  return opened(own, message, pskOf(offerOf(own), psk));
}

/** "The opened key must be that of `info` and transcript, not the directory's." */
export function openFromSession(own: OwnOffer, compared: PublicKey, bytes: Bytes): KeyPair {
  const message = decodeLinkMessage(bytes);
  demand(equalKeys(message.account_key, compared), 'sealed-account');
  demandSignature(own, message);
  return opened(own, message, undefined);
}

/** "and takes only a successor of its key" */
export function openFromListed(
  own: OwnOffer,
  signedBy: PublicKey,
  held: PublicKey,
  signedList: Bytes,
  identifier: Bytes,
  bytes: Bytes,
): KeyPair {
  const list = listOf(signedList, identifier);
  const message = decodeLinkMessage(bytes);
  demand(
    list.devices.some(({ signing_key }) => equalKeys(signing_key, signedBy)),
    'link-device',
  );
  demand(equalKeys(message.account_key, list.account_key), 'sealed-account');
  demand(
    list.successions.some(({ key }) => equalKeys(key, held)),
    'sealed-account',
  );
  demandSignature(own, message);
  return opened(own, message, undefined);
}

// ------------------------------------------------------------------------------------- recovery key and backup

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** "the last two being the first 10 bits of H("recovery check", ASCII of the first 26)" */
export function recoveryCheck(first: string): string {
  const bits = [...H('recovery check', Buffer.from(first, 'ascii'))]
    .map((b) => b.toString(2).padStart(8, '0'))
    .join('');
  return [bits.slice(0, 5), bits.slice(5, 10)]
    .map((five) => ALPHABET.charAt(Number.parseInt(five, 2)))
    .join('');
}

/** "case, `-` and spaces are ignored on input" @returns the first 26 */
export function readRecoveryKey(text: string): string {
  demand(text.length <= 256, 'recovery-key');
  let typed = '';
  for (const character of text) {
    if (character === '-' || character === ' ') continue;
    const upper = /^[a-z]$/.test(character) ? character.toUpperCase() : character;
    demand(ALPHABET.includes(upper), 'recovery-key');
    typed += upper;
  }
  demand(typed.length === 28, 'recovery-key');
  const first = typed.slice(0, 26);
  demand(recoveryCheck(first) === typed.slice(26), 'recovery-key');
  return first;
}

/** "28 characters in 7 groups of 4 … shown with `-`" */
export const showRecoveryKey = (first: string): string =>
  ((first + recoveryCheck(first)).match(/.{4}/g) as string[]).join('-');

export type Backup = {
  readonly version: number;
  readonly key_id: Bytes;
  readonly salt: Bytes;
  readonly commitment: Bytes;
  readonly ciphertext: Bytes;
};

const backupHeader = ({ version, key_id, salt, commitment }: Omit<Backup, 'ciphertext'>): Buffer =>
  concat(uint(1, version), fixed(32, key_id), fixed(32, salt), fixed(32, commitment));

export const encodeBackup = (backup: Backup): Buffer =>
  concat(backupHeader(backup), opaque(0, ANY, backup.ciphertext));

export const decodeBackup = (bytes: Bytes): Backup =>
  whole(bytes, 65_634, (reader) => {
    demand(reader.uint(1) === 1, 'unknown-version');
    const [key_id, salt, commitment] = [reader.fixed(32), reader.fixed(32), reader.fixed(32)];
    return { version: 1, key_id, salt, commitment, ciphertext: reader.opaque(0, ANY) };
  });

/** "HKDF-SHA256 (ikm: ASCII of the first 26, salt: fresh, info: "CKV/1 backup") ⇒ 64 bytes" */
export function deriveBackup(first: string, salt: Bytes): { key: Buffer; commitment: Buffer } {
  const both = expand(extract(salt, Buffer.from(first, 'ascii')), Buffer.from('CKV/1 backup', 'ascii'), 64);
  return { key: both.subarray(0, 32), commitment: both.subarray(32) };
}

const ZERO_NONCE: Buffer = Buffer.alloc(12);

/** "nonce zero …; the fields before the ciphertext are associated data" */
export function sealBackup(
  pair: KeyPair,
  recoveryKey: string,
  salt: Bytes,
  key_id: Bytes = keyId(pair.publicKey),
  plain: Bytes = plaintextOf(pair),
): Buffer {
  const { key, commitment } = deriveBackup(readRecoveryKey(recoveryKey), salt);
  const header = { version: 1, key_id, salt, commitment };
  return encodeBackup({ ...header, ciphertext: aeadSeal(key, ZERO_NONCE, backupHeader(header), plain) });
}

/**
 * "the opened key must have the blob's keyId"
 * @param rules which of them are kept; tests leave one out to show what it is for
 */
export function openBackup(
  bytes: Bytes,
  recoveryKey: string,
  expected?: Bytes,
  rules: { readonly commitment: boolean; readonly header: boolean } = { commitment: true, header: true },
): KeyPair {
  const backup = decodeBackup(bytes);
  demand(expected === undefined || equal(expected, backup.key_id), 'sealed-account');
  const { key, commitment } = deriveBackup(readRecoveryKey(recoveryKey), backup.salt);
  if (rules.commitment) demand(equal(commitment, backup.commitment), 'sealed');
  const aad = rules.header ? backupHeader(backup) : NONE;
  const pair = decodePlaintext(aeadOpen(key, ZERO_NONCE, aad, backup.ciphertext));
  if (rules.header) demand(equal(keyId(pair.publicKey), backup.key_id), 'sealed-key');
  return pair;
}
