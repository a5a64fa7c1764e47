/**
 * The safety number: 60 digits over two identities, byte-equal to what Signal's libsignal computes (its
 * `Fingerprint`, versions 1 and 2), and shown by WhatsApp too.
 *
 *     h0 = SHA-512( 00 00 ‖ key ‖ id ‖ key )        hn = SHA-512( hn-1 ‖ key )        `iterations` hashes in all
 *     30 digits a side: six times 5 bytes of the last hash, big-endian, mod 100,000
 *
 * The two halves stand in lexicographic order, so both sides show the same 60 digits. At 30 digits a side (about
 * 100 bits, stretched by the iterations) searching for a second key is out of reach; that is why this function
 * from keys alone may exist and one to 8 digits may not.
 */

import { assertBytes } from '../bytes/compare.js';
import { sha512 } from '../crypto/hash.js';
import { deriveKeyId, encodePublicKey, type PublicKey } from '../crypto/public-key.js';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.js';
import { encodeScannable, type ScannableVersion } from './scannable-safety-number.js';

/** One side of a safety number, as bytes the messenger defines. */
export interface SafetyNumberParty {
  /** What the messenger knows the person by; 1 to 1,024 bytes. */
  readonly id: Uint8Array;
  /** The identity key as the messenger writes it (Signal: 33 bytes with its type); 1 to 1,024 bytes. */
  readonly key: Uint8Array;
}

/** A safety number. Frozen. */
export interface SafetyNumber {
  /** 60 digits, without spaces: see {@link formatSafetyNumber}. The same on both sides. */
  readonly display: string;
  /** For a QR code, 74 bytes; another on each side: see `compareScannedSafetyNumber`. Fresh. */
  readonly scannable: Uint8Array;
}

/** What Signal and WhatsApp use. */
const ITERATIONS_DEFAULT = 5200;
/** libsignal's bounds. */
const ITERATIONS_MIN = 2;
const ITERATIONS_MAX = 1_000_000;
/** Every hash covers the key: at this size a number takes ten times as long as for Signal's 33 bytes. */
const FIELD_MAX_BYTES = 1024;
const HASH_LENGTH = 64;

/**
 * The safety number of two identities.
 *
 * Equal numbers prove equal pairs of ids and keys, and nothing about devices or later keys.
 * 5200 iterations are 10,400 hashes: it takes tens of milliseconds, so not in a list of contacts.
 *
 * @param options.iterations hashes a side, 2 to 1,000,000 (default 5200); both sides must use the same
 * @param options.version of the scannable form, 1 or 2 (default 2); the digits do not depend on it
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function deriveSafetyNumber(options: {
  readonly local: SafetyNumberParty;
  readonly remote: SafetyNumberParty;
  readonly iterations?: number | undefined;
  readonly version?: ScannableVersion | undefined;
}): SafetyNumber {
  const { local, remote, iterations = ITERATIONS_DEFAULT, version = 2 } = options;
  if (typeof iterations !== 'number') throw new ArgumentTypeError('iterations must be a number');
  if (!Number.isInteger(iterations) || iterations < ITERATIONS_MIN || iterations > ITERATIONS_MAX) {
    throw new ArgumentRangeError(`iterations must be ${ITERATIONS_MIN} to ${ITERATIONS_MAX}`);
  }
  if (version !== 1 && version !== 2) throw new ArgumentRangeError('version must be 1 or 2');
  assertParty(local, 'local');
  assertParty(remote, 'remote');

  const ours = fingerprint(local, iterations);
  const theirs = fingerprint(remote, iterations);
  const halves = [digits(ours), digits(theirs)].sort();
  return Object.freeze({
    display: halves.join(''),
    scannable: encodeScannable({ version, local: ours.slice(0, 32), remote: theirs.slice(0, 32) }),
  });
}

/**
 * The safety number of two CKV/1 accounts: the key is the encoded PublicKey, the id its keyId.
 * @throws argument errors; DecodeError where one of them is no public key
 */
export function deriveAccountSafetyNumber(options: {
  readonly local: PublicKey;
  readonly remote: PublicKey;
}): SafetyNumber {
  const party = (key: PublicKey): SafetyNumberParty => ({ id: deriveKeyId(key), key: encodePublicKey(key) });
  return deriveSafetyNumber({ local: party(options.local), remote: party(options.remote) });
}

/**
 * The digits as people read them: twelve groups of five.
 * @param display 60 digits
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function formatSafetyNumber(display: string): string {
  if (typeof display !== 'string') throw new ArgumentTypeError('a safety number must be a string');
  if (!/^[0-9]{60}$/.test(display)) throw new ArgumentRangeError('a safety number has 60 digits');
  return Array.from({ length: 12 }, (_, group) => display.slice(5 * group, 5 * group + 5)).join(' ');
}

function assertParty(party: SafetyNumberParty, name: string): void {
  for (const field of ['id', 'key'] as const) {
    const bytes = party[field];
    assertBytes(bytes, `${name}.${field}`);
    if (bytes.length === 0 || bytes.length > FIELD_MAX_BYTES) {
      throw new ArgumentRangeError(`${name}.${field} must have 1 to ${FIELD_MAX_BYTES} bytes`);
    }
  }
}

function fingerprint({ id, key }: SafetyNumberParty, iterations: number): Uint8Array {
  const first = new Uint8Array(2 + key.length + id.length + key.length);
  first.set(key, 2);
  first.set(id, 2 + key.length);
  first.set(key, 2 + key.length + id.length);

  const block = new Uint8Array(HASH_LENGTH + key.length);
  block.set(sha512(first));
  block.set(key, HASH_LENGTH);
  for (let done = 1; done < iterations; done++) block.set(sha512(block));
  return block.slice(0, HASH_LENGTH);
}

function digits(hash: Uint8Array): string {
  let text = '';
  for (let start = 0; start < 30; start += 5) {
    let value = 0;
    for (const byte of hash.subarray(start, start + 5)) value = value * 256 + byte;
    text += String(value % 100_000).padStart(5, '0');
  }
  return text;
}
