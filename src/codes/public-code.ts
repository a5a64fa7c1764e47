/**
 * The public code: an account key's identifier as text for a profile, a card, a signature (CKV/1, "Codes that need
 * no session").
 *
 *     Bech32m (BIP 350), human part "ckv", data 0x01 ‖ keyId[32]: 63 characters, all lower or all upper case
 *
 * It carries all 256 bits, so it needs no session; it is as trustworthy as the place where it was read. The one
 * use of `@scure/base` in this room is Bech32m.
 */

import { bech32m } from '@scure/base';
import { equalBytes } from '../bytes/compare.js';
import { deriveKeyId, type PublicKey } from '../crypto/public-key.js';
import { ArgumentTypeError, DecodeError, UnsupportedError } from '../errors.js';
import type { VerifiedDeviceList } from '../keys/verify-device-list.js';

const HUMAN_PART = 'ckv';
const VERSION = 1;
const DATA_LENGTH = 33;

/**
 * ASCII in one case. Without this, case mapping lets strangers in: the Kelvin sign lowers to a `k`.
 * BIP 350 allows 90 characters in all; six of them are the checksum.
 */
const FORM = /^(?:ckv1[02-9ac-hj-np-z]{6,86}|CKV1[02-9AC-HJ-NP-Z]{6,86})$/;

/**
 * The public code of an account key: 63 characters, lower case.
 * @throws argument errors; DecodeError where `accountKey` is no public key
 */
export function derivePublicCode(accountKey: PublicKey): string {
  return encodeKeyId(deriveKeyId(accountKey));
}

function encodeKeyId(keyId: Uint8Array): string {
  const data = new Uint8Array(DATA_LENGTH);
  data[0] = VERSION;
  data.set(keyId, 1);
  return bech32m.encode(HUMAN_PART, bech32m.toWords(data));
}

/**
 * The keyId in a public code. No surrounding space is accepted.
 * @param text from outside; lower case or upper case, not mixed
 * @returns 32 bytes, fresh
 * @throws DecodeError `ERR_CODE_FORMAT`; UnsupportedError `ERR_VERSION` where the checksum holds and the version is
 *   another; ArgumentTypeError
 */
export function parsePublicCode(text: string): Uint8Array {
  if (typeof text !== 'string') throw new ArgumentTypeError('a public code must be a string');
  const words = FORM.test(text) ? decodeWords(text) : [];
  const [first, second] = words;
  if (first === undefined || second === undefined) throw malformed();
  // The version is the first eight bits, and comes before length and padding: another may have others.
  if (first * 8 + Math.floor(second / 4) !== VERSION) {
    throw new UnsupportedError('ERR_VERSION', 'unknown public code version');
  }
  const data = bech32m.fromWordsUnsafe(words);
  if (data?.length !== DATA_LENGTH) throw malformed();
  return data.slice(1);
}

/** The 5-bit values, or none where the checksum is wrong. */
function decodeWords(text: string): number[] {
  try {
    return bech32m.decode(text as `ckv1${string}`).words;
  } catch {
    return [];
  }
}

function malformed(): DecodeError {
  return new DecodeError('ERR_CODE_FORMAT', 'PublicCode', 0, 'not a public code');
}

/**
 * Whether a published code is the contact's (CKV/1, "Codes that need no session").
 *
 * `current` proves that this list's account key is the one whose owner published the code, if the place where the
 * code was read is the owner's. It does not prove that they know *your* key: comparing 8 digits does both.
 *
 * @param code the text, from outside
 * @param list the contact's list, verified
 * @returns `current`; `earlier`: a key that the list's chain came from; `other`: neither, so warn
 * @throws as {@link parsePublicCode}
 * @example
 * if (comparePublicCode(codeFromHerProfile, list) === 'current') pin(list.accountKey);
 */
export function comparePublicCode(code: string, list: VerifiedDeviceList): 'current' | 'earlier' | 'other' {
  const keyId = parsePublicCode(code);
  if (equalBytes(keyId, deriveKeyId(list.accountKey))) return 'current';
  const earlier = list.successions.some(({ key }) => equalBytes(keyId, deriveKeyId(key)));
  return earlier ? 'earlier' : 'other';
}
