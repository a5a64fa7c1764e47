/**
 * The QR payload: two whole keyIds, so nothing has to be compared by eye (CKV/1, "Codes that need no session").
 *
 *     "CKV" ‖ uint8 version = 1 ‖ keyId mine[32] ‖ keyId yours[32]                    68 bytes, raw
 *
 * It verifies for the one who scans; the other side scans back.
 */

import { assertBytes, concatBytes, equalBytes } from '../bytes/compare.js';
import { encodeUtf8 } from '../bytes/text.js';
import { deriveKeyId, type PublicKey } from '../crypto/public-key.js';

const MAGIC = 'CKV';
const VERSION = 1;
const VERSION_AT = MAGIC.length;
const MINE_AT: number = VERSION_AT + 1;
const YOURS_AT: number = MINE_AT + 32;
const LENGTH: number = YOURS_AT + 32;

/** The account keys a QR payload is about, seen from this device. */
export interface QrKeys {
  /** This account's own key. */
  readonly mine: PublicKey;
  /** The key of the contact's list that this device goes by now. */
  readonly theirs: PublicKey;
}

/**
 * The bytes to show to the contact, in a QR code's byte mode.
 * @returns 68 bytes, fresh
 * @throws argument errors; DecodeError where one of them is no public key
 */
export function encodeQrPayload({ mine, theirs }: QrKeys): Uint8Array {
  return concatBytes(encodeUtf8(MAGIC), Uint8Array.of(VERSION), deriveKeyId(mine), deriveKeyId(theirs));
}

/**
 * What scanning the contact's QR code showed, tried in this order.
 *
 * | outcome | meaning |
 * | --- | --- |
 * | `not-a-ckv-code` | something else was scanned |
 * | `wrong-length` | cut off, or with something added |
 * | `unknown-version` | a newer app made it |
 * | `own-code` | it shows this account's own key as its maker's |
 * | `my-key-for-them-differs` | my key for them is not theirs: alarm |
 * | `their-key-for-me-differs` | their key for me is not mine: alarm |
 * | `match` | pin the key |
 */
export type QrOutcome =
  | 'not-a-ckv-code'
  | 'wrong-length'
  | 'unknown-version'
  | 'own-code'
  | 'my-key-for-them-differs'
  | 'their-key-for-me-differs'
  | 'match';

/**
 * Judges scanned bytes against the keys this device goes by. `match` proves that the device which showed the code
 * holds the same pair of account keys, if it is the contact's device that was scanned.
 * @param scanned from outside, of any length; not changed
 * @throws argument errors; DecodeError where `mine` or `theirs` is no public key
 * @example
 * if (reviewQrPayload(scanned, { mine, theirs }) === 'match') pin(theirs);
 */
export function reviewQrPayload(scanned: Uint8Array, { mine, theirs }: QrKeys): QrOutcome {
  assertBytes(scanned, 'scanned');
  const myId = deriveKeyId(mine);
  const theirId = deriveKeyId(theirs);
  if (!equalBytes(scanned.subarray(0, VERSION_AT), encodeUtf8(MAGIC))) return 'not-a-ckv-code';
  if (scanned.length === VERSION_AT) return 'wrong-length';
  if (scanned[VERSION_AT] !== VERSION) return 'unknown-version';
  if (scanned.length !== LENGTH) return 'wrong-length';
  const shown = scanned.subarray(MINE_AT, YOURS_AT);
  if (equalBytes(shown, myId)) return 'own-code';
  if (!equalBytes(shown, theirId)) return 'my-key-for-them-differs';
  if (!equalBytes(scanned.subarray(YOURS_AT), myId)) return 'their-key-for-me-differs';
  return 'match';
}
