/**
 * CKV/1, "Codes that need no session": the safety number, "as Signal and WhatsApp show it", and the QR payload.
 */
import { createHash } from 'node:crypto';
import { concat, equal, fixed, uint } from './encoding.js';
import { type PublicKey, encodePublicKey, keyId } from './keys.js';

type Bytes = Uint8Array;

export type Party = { readonly id: Bytes; readonly key: Bytes };
export type SafetyNumber = { readonly display: string; readonly scannable: Buffer };

/**
 * One side's digest: SHA-512 over two bytes of version zero, the key, the identifier and the key; then over the
 * digest before and the key, `iterations` hashes in all.
 */
export function fingerprint(party: Party, iterations: number): Buffer {
  let digest: Bytes = concat(uint(2, 0), party.key, party.id);
  for (let i = 0; i < iterations; i++) {
    digest = createHash('sha512').update(digest).update(party.key).digest();
  }
  return Buffer.from(digest);
}

/** "30 + 30 digits": six groups of five bytes, each a big-endian number mod 100,000, padded to five digits. */
export function fingerprintDigits(digest: Bytes): string {
  let digits = '';
  for (let group = 0; group < 6; group++) {
    const number = Buffer.from(digest).readUIntBE(group * 5, 5);
    digits += (number % 100_000).toString().padStart(5, '0');
  }
  return digits;
}

/** "SHA-512, 5200 iterations, 30 + 30 digits in lexicographic order"; "scannable form … versions 1 and 2". */
export function safetyNumber(local: Party, remote: Party, version: 1 | 2, iterations = 5200): SafetyNumber {
  const localDigest = fingerprint(local, iterations);
  const remoteDigest = fingerprint(remote, iterations);
  const display = [fingerprintDigits(localDigest), fingerprintDigits(remoteDigest)].sort().join('');
  // Protocol buffers: field 1 is a varint, fields 2 and 3 are messages whose field 1 is bytes.
  const logical = (digest: Bytes): Buffer => protobufBytes(1, digest.subarray(0, 32));
  const scannable = concat(
    Buffer.from([1 * 8 + 0, version]),
    protobufBytes(2, logical(localDigest)),
    protobufBytes(3, logical(remoteDigest)),
  );
  return { display, scannable };
}

/** Wire type 2; every length here is below 128, so one byte of varint. */
function protobufBytes(field: number, bytes: Bytes): Buffer {
  return concat(Buffer.from([field * 8 + 2, bytes.length]), bytes);
}

/** "For account keys: key = encoded PublicKey, identifier = keyId." */
export function partyOf(accountKey: PublicKey): Party {
  return { id: keyId(accountKey), key: encodePublicKey(accountKey) };
}

// ------------------------------------------------------------------------------------- scanning one

export type ScannedOutcome =
  | 'not-a-safety-number'
  | 'unknown-version'
  | 'other-version'
  | 'own-code'
  | 'my-key-for-them-differs'
  | 'their-key-for-me-differs'
  | 'match';

/**
 * The scannable form of the other side against the own one. Protocol buffers write a message in many ways; the
 * one above is accepted. `own` comes from `safetyNumber`.
 */
export function readScannable(own: Bytes, scanned: Bytes): ScannedOutcome {
  if (scanned.length < 2 || scanned[0] !== own[0]) return 'not-a-safety-number';
  const version = scanned[1];
  if (version !== 1 && version !== 2) return 'unknown-version';
  const form = (bytes: Bytes): Buffer => concat(bytes.subarray(2, 6), bytes.subarray(38, 42));
  if (scanned.length !== own.length || !equal(form(scanned), form(own))) return 'not-a-safety-number';
  if (version !== own[1]) return 'other-version';
  const halves = (bytes: Bytes): [local: Bytes, remote: Bytes] => [
    bytes.subarray(6, 38),
    bytes.subarray(42, 74),
  ];
  const [mine, theirs] = halves(own);
  const [shownOfThem, shownOfMe] = halves(scanned);
  if (equal(shownOfThem, mine)) return 'own-code';
  if (!equal(shownOfThem, theirs)) return 'my-key-for-them-differs';
  return equal(shownOfMe, mine) ? 'match' : 'their-key-for-me-differs';
}

// ------------------------------------------------------------------------------------- QR payload

/** `{ "CKV" magic[3]; uint8 version = 1; keyId mine; keyId yours; }` as the one shows it who made it. */
export function qrPayload(mine: Bytes, yours: Bytes): Buffer {
  return concat(Buffer.from('CKV', 'ascii'), uint(1, 1), fixed(32, mine), fixed(32, yours));
}

export type QrOutcome =
  | 'not-a-ckv-code'
  | 'wrong-length'
  | 'unknown-version'
  | 'own-code'
  | 'my-key-for-them-differs'
  | 'their-key-for-me-differs'
  | 'match';

/** "Outcomes, tried in this order". `own` is the scanner's keyId, `peer` the one it holds for the other. */
export function readQrPayload(scanned: Bytes, own: Bytes, peer: Bytes): QrOutcome {
  if (scanned.length < 3 || !equal(scanned.subarray(0, 3), Buffer.from('CKV', 'ascii')))
    return 'not-a-ckv-code';
  if (scanned.length === 3) return 'wrong-length'; // "(no version byte)"
  if (scanned[3] !== 1) return 'unknown-version';
  if (scanned.length !== 3 + 1 + 32 + 32) return 'wrong-length';
  const mine = scanned.subarray(4, 36);
  const yours = scanned.subarray(36, 68);
  if (equal(mine, own)) return 'own-code';
  if (!equal(mine, peer)) return 'my-key-for-them-differs';
  if (!equal(yours, own)) return 'their-key-for-me-differs';
  return 'match';
}
