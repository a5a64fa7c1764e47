/**
 * Forging device lists. A valid list is cut into its encoded pieces, any piece is replaced by any bytes, and every
 * signature whose content changed is made anew, but only where the forger holds the key.
 *
 * It stands on the naive reference and on OpenSSL, so what it makes owes nothing to the library under test; and
 * it writes what the library's own encoders would refuse.
 */

import { createHash } from 'node:crypto';
import { type PrivateKey, parsePrivateKeyRaw } from 'contact-key-verification/keys.js';
import { ed25519, p256, type SignatureScheme } from 'contact-key-verification/suites.js';
import { decodeSignedDeviceList } from '../reference/device-list.js';
import { opaque, uint } from '../reference/encoding.js';
import { encodePublicKey, type KeyPair, keyId, keyPairFrom, sign } from '../reference/keys.js';
import { otherS } from '../reference/rfc6979.js';

/** One key for both sides: the library's private key, and the reference's pair. */
export interface TestKey {
  readonly own: PrivateKey;
  readonly pair: KeyPair;
  /** The encoded PublicKey. */
  readonly encoded: Buffer;
  readonly id: Buffer;
}

/** The key of this name: the same in every run, so that a failing case can be run again. */
export function keyNamed(name: string, scheme: SignatureScheme): TestKey {
  const secret = createHash('sha256').update(name).digest();
  const pair = keyPairFrom(scheme.id, secret);
  const encoded = encodePublicKey(pair.publicKey);
  return { own: parsePrivateKeyRaw(scheme, secret), pair, encoded, id: keyId(pair.publicKey) };
}

export const edKey = (name: string): TestKey => keyNamed(name, ed25519);
export const ecKey = (name: string): TestKey => keyNamed(name, p256);

/** Encoded pieces: length prefixes included, nothing checked. */
export interface SuccessionPieces {
  key: Uint8Array;
  sequence: Uint8Array;
  signature: Uint8Array;
}

export interface DevicePieces {
  id: Uint8Array;
  signingKey: Uint8Array;
  messagingKeys: Uint8Array;
  joined: Uint8Array;
  since: Uint8Array;
  possession: Uint8Array;
}

export interface ListPieces {
  version: Uint8Array;
  identifier: Uint8Array;
  accountKey: Uint8Array;
  successions: SuccessionPieces[];
  sequence: Uint8Array;
  previous: Uint8Array;
  author: Uint8Array;
  verification: Uint8Array;
  devices: DevicePieces[];
  account: Uint8Array;
  authorSignature: Uint8Array;
}

export const idPiece = (id: string | Uint8Array): Buffer => opaque(0, 255, Buffer.from(id));
export const hashPiece = (hash: Uint8Array): Buffer => opaque(0, 32, hash);
export const bytesPiece = (bytes: string | Uint8Array): Buffer => opaque(0, 2 ** 16 - 1, Buffer.from(bytes));
export const sequencePiece = (sequence: number): Buffer => uint(8, sequence);
export const EMPTY: Uint8Array = Uint8Array.of(0);
export const NO_SIGNATURE: Uint8Array = Uint8Array.of(0, 0);

/** The pieces of a valid list. */
export function cut(bytes: Uint8Array): ListPieces {
  const { list, account, author } = decodeSignedDeviceList(bytes);
  return {
    version: uint(2, list.version),
    identifier: idPiece(list.identifier),
    accountKey: encodePublicKey(list.account_key),
    successions: list.successions.map(({ key, sequence, signature }) => ({
      key: encodePublicKey(key),
      sequence: sequencePiece(sequence),
      signature: bytesPiece(signature),
    })),
    sequence: sequencePiece(list.sequence),
    previous: hashPiece(list.previous),
    author: idPiece(list.author),
    verification: uint(1, list.verification),
    devices: list.devices.map((device) => ({
      id: idPiece(device.id),
      signingKey: encodePublicKey(device.signing_key),
      messagingKeys: bytesPiece(device.messaging_keys),
      joined: device.joined,
      since: sequencePiece(device.since),
      possession: bytesPiece(device.possession),
    })),
    account: bytesPiece(account),
    authorSignature: bytesPiece(author),
  };
}

const entryContent = ({ identifier }: ListPieces, device: DevicePieces): Buffer =>
  Buffer.concat([
    identifier,
    device.id,
    device.signingKey,
    device.messagingKeys,
    device.joined,
    device.since,
  ]);

function handoverContent(pieces: ListPieces, index: number): Buffer {
  const { key, sequence } = pieces.successions[index] as SuccessionPieces;
  const next = pieces.successions[index + 1]?.key ?? pieces.accountKey;
  return Buffer.concat([pieces.identifier, key, next, sequence]);
}

/** What account key and author sign. */
export function listContent(pieces: ListPieces): Buffer {
  return Buffer.concat([
    pieces.version,
    pieces.identifier,
    pieces.accountKey,
    uint(1, pieces.successions.length),
    ...pieces.successions.flatMap(({ key, sequence, signature }) => [key, sequence, signature]),
    pieces.sequence,
    pieces.previous,
    pieces.author,
    pieces.verification,
    uint(1, pieces.devices.length),
    ...pieces.devices.flatMap((device) => [
      device.id,
      device.signingKey,
      device.messagingKeys,
      device.joined,
      device.since,
      device.possession,
    ]),
  ]);
}

export function join(pieces: ListPieces): Buffer {
  return Buffer.concat([listContent(pieces), pieces.account, pieces.authorSignature]);
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Every content of the list that is signed inside it. */
function signedInside(pieces: ListPieces): Set<string> {
  const entries = pieces.devices.map((device) => hex(entryContent(pieces, device)));
  return new Set([...entries, ...pieces.successions.map((_, i) => hex(handoverContent(pieces, i)))]);
}

/**
 * Changes a valid list and signs what the change touched.
 * @param held the keys the forger has; whatever else would need a new signature keeps the old one
 */
export function forge(
  base: Uint8Array,
  held: readonly TestKey[],
  change: (pieces: ListPieces) => void,
): Uint8Array {
  const pieces = cut(base);
  const authorBefore = authorKeyOf(pieces);
  const before = signedInside(pieces);
  const listBefore = listContent(pieces);
  change(pieces);

  const signWith = (key: Uint8Array, purpose: string, content: Uint8Array): Uint8Array | undefined => {
    const found = held.find(({ encoded }) => encoded.equals(key));
    return found === undefined ? undefined : bytesPiece(sign(found.pair, purpose, content));
  };
  pieces.successions.forEach((succession, i) => {
    const content = handoverContent(pieces, i);
    if (before.has(hex(content))) return;
    succession.signature = signWith(succession.key, 'succession', content) ?? succession.signature;
  });
  for (const device of pieces.devices) {
    const content = entryContent(pieces, device);
    if (before.has(hex(content))) continue;
    device.possession = signWith(device.signingKey, 'device possession', content) ?? device.possession;
  }
  const content = listContent(pieces);
  if (!content.equals(listBefore)) {
    pieces.account = signWith(pieces.accountKey, 'device list', content) ?? pieces.account;
    const author = authorKeyOf(pieces) ?? authorBefore;
    if (author !== undefined && !Buffer.from(pieces.author).equals(EMPTY)) {
      pieces.authorSignature = signWith(author, 'device list author', content) ?? pieces.authorSignature;
    }
  }
  return join(pieces);
}

/** The author's signing key, where the author stands in this very list as it mostly does. */
function authorKeyOf(pieces: ListPieces): Uint8Array | undefined {
  return pieces.devices.find(({ id }) => Buffer.from(id).equals(pieces.author))?.signingKey;
}

/** Signs one purpose by hand, for damages that are a wrong signature. */
export const signature = (key: TestKey, purpose: string, ...content: readonly Uint8Array[]): Buffer =>
  bytesPiece(sign(key.pair, purpose, Buffer.concat(content)));

/** A P-256 signature's twin, as a field: the same r with the other s, which verifies as well. */
export const twinSignature = (signed: Uint8Array): Buffer => bytesPiece(otherS(signed.subarray(2)));
