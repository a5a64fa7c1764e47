/**
 * The scannable form of a safety number, as libsignal writes its `ScannableFingerprint`:
 *
 *     message LogicalFingerprint { bytes content = 1; }
 *     message CombinedFingerprints { uint32 version = 1; LogicalFingerprint local = 2; LogicalFingerprint remote = 3; }
 *
 *     08 vv   12 22 0a 20 local[32]   1a 22 0a 20 remote[32]                74 bytes
 *
 * Protocol Buffers allow many encodings of one message; exactly this one is accepted.
 */

import { assertBytes, concatBytes, equalBytes } from '../bytes/compare.js';
import { ArgumentRangeError } from '../errors.js';

/** Versions of the scannable form. */
export type ScannableVersion = 1 | 2;

interface Scannable {
  readonly version: ScannableVersion;
  /** First 32 bytes of the last hash of the one who shows it. */
  readonly local: Uint8Array;
  /** First 32 bytes of the last hash of the one who scans it. */
  readonly remote: Uint8Array;
}

const VERSION_TAG = 0x08;
const LOCAL_HEADER: Uint8Array = /* @__PURE__ */ Uint8Array.of(0x12, 34, 0x0a, 32);
const REMOTE_HEADER: Uint8Array = /* @__PURE__ */ Uint8Array.of(0x1a, 34, 0x0a, 32);
const LENGTH = 74;

/** The 74 bytes, fresh. */
export function encodeScannable({ version, local, remote }: Scannable): Uint8Array {
  return concatBytes(Uint8Array.of(VERSION_TAG, version), LOCAL_HEADER, local, REMOTE_HEADER, remote);
}

/** The parts, or what is wrong with the bytes. */
function parseScannable(bytes: Uint8Array): Scannable | 'not-a-safety-number' | 'unknown-version' {
  const version = bytes[1];
  if (bytes[0] !== VERSION_TAG || version === undefined) return 'not-a-safety-number';
  if (version !== 1 && version !== 2) return 'unknown-version';
  if (
    bytes.length !== LENGTH ||
    !equalBytes(bytes.subarray(2, 6), LOCAL_HEADER) ||
    !equalBytes(bytes.subarray(38, 42), REMOTE_HEADER)
  ) {
    return 'not-a-safety-number';
  }
  return { version, local: bytes.slice(6, 38), remote: bytes.slice(42, 74) };
}

/**
 * What scanning the other side's safety number showed.
 *
 * | outcome | meaning |
 * | --- | --- |
 * | `not-a-safety-number` | something else was scanned |
 * | `unknown-version` | a newer app made it |
 * | `other-version` | version 1 against 2: one of the apps is older |
 * | `own-code` | this device's own code was scanned |
 * | `my-key-for-them-differs` | what I hold for them is not what they hold: alarm |
 * | `their-key-for-me-differs` | what they hold for me is not mine: alarm |
 * | `match` | both agree |
 */
export type ScannedSafetyNumber =
  | 'not-a-safety-number'
  | 'unknown-version'
  | 'other-version'
  | 'own-code'
  | 'my-key-for-them-differs'
  | 'their-key-for-me-differs'
  | 'match';

/**
 * Compares a scanned safety number with the own one, in the order of the table above.
 * @param own `scannable` of `deriveSafetyNumber`
 * @param scanned from outside; not changed
 * @throws ArgumentTypeError; ArgumentRangeError where `own` is no scannable safety number
 */
export function compareScannedSafetyNumber(own: Uint8Array, scanned: Uint8Array): ScannedSafetyNumber {
  assertBytes(own, 'own');
  assertBytes(scanned, 'scanned');
  const ours = parseScannable(own);
  if (typeof ours === 'string') throw new ArgumentRangeError('own is no scannable safety number');
  const theirs = parseScannable(scanned);
  if (typeof theirs === 'string') return theirs;
  if (theirs.version !== ours.version) return 'other-version';
  // Two identical halves would make the own code a match; it never is.
  if (equalBytes(theirs.local, ours.local)) return 'own-code';
  if (!equalBytes(theirs.local, ours.remote)) return 'my-key-for-them-differs';
  if (!equalBytes(theirs.remote, ours.local)) return 'their-key-for-me-differs';
  return 'match';
}
