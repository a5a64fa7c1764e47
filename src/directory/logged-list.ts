/**
 * From a label's version in the log to a device list: label = identifier, value = SignedDeviceList, version = sequence
 * (CKV/1, "The transparency log").
 */

import type { LogEvidence } from '../contacts/evidence.js';
import { DecodeError, PolicyError, UnsupportedError, VerificationError } from '../errors.js';
import { deriveListId, parseSignedDeviceList } from '../keys/device-list-encoding.js';
import { type VerifiedDeviceList, verifyDeviceList } from '../keys/verify-device-list.js';
import { type Heard, NONE } from './heard.js';

/** A value that the log is proven to hold. */
export interface LoggedValue {
  readonly version: number;
  readonly value: Uint8Array;
  /** What is proven: that it is the newest, or that it is there. */
  readonly proof: 'newest' | 'included';
  /** When the log was current, milliseconds since 1970. */
  readonly timestampMs: number;
}

/** What a list is judged against. */
export interface ListExpectation {
  readonly identifier: Uint8Array;
  readonly stored: VerifiedDeviceList | Uint8Array | undefined;
  readonly gapExpired?: boolean | undefined;
}

/** A value, judged as a device list. */
export interface JudgedList extends Heard {
  /** The verified list; `undefined` where it was refused. */
  readonly list: VerifiedDeviceList | undefined;
  readonly refusal: string | undefined;
}

/**
 * Judges a logged value. A list that is refused is an answer all the same: what it is refused for, people are told.
 * @throws StateError `ERR_STORED_STATE` what is stored here is damaged
 */
export function judgeList(logged: LoggedValue, expectation: ListExpectation): JudgedList {
  const { value } = logged;
  try {
    const list = verifyLogged(logged, expectation);
    return Object.freeze({
      list,
      refusal: undefined,
      directory: Object.freeze({ kind: 'list', list }),
      log: evidenceOf(logged, list.listId),
    });
  } catch (error) {
    if (!isOfTheList(error)) throw error;
    const { code } = error;
    return Object.freeze({
      list: undefined,
      refusal: code,
      directory: Object.freeze({ kind: 'refused', code, bytes: value }),
      // A true list that is not acceptable now: which one the log shows counts. A false one is told of by itself.
      log: error instanceof PolicyError ? evidenceOf(logged, listIdOf(value)) : NONE,
    });
  }
}

/**
 * The list that stands in the log as this version.
 * @throws what `verifyDeviceList` throws; VerificationError `ERR_LIST_SEQUENCE` before any PolicyError
 */
function verifyLogged({ version, value }: LoggedValue, expectation: ListExpectation): VerifiedDeviceList {
  try {
    const list = verifyDeviceList(value, expectation);
    assertSequence(list, version);
    return list;
  } catch (error) {
    // True by itself, and not acceptable after what is stored: where it stands is judged all the same.
    if (error instanceof PolicyError) assertSequence(parseSignedDeviceList(value).list, version);
    throw error;
  }
}

/**
 * A list counts as the version that it says it is: filed elsewhere, it would be a second list of that sequence.
 * @throws VerificationError `ERR_LIST_SEQUENCE`
 */
export function assertSequence({ sequence }: { readonly sequence: number }, version: number): void {
  if (sequence !== version) {
    throw new VerificationError('ERR_LIST_SEQUENCE', 'the list stands in the log under another version');
  }
}

function isOfTheList(
  error: unknown,
): error is DecodeError | VerificationError | PolicyError | UnsupportedError {
  return (
    error instanceof DecodeError ||
    error instanceof VerificationError ||
    error instanceof PolicyError ||
    error instanceof UnsupportedError
  );
}

function listIdOf(value: Uint8Array): Uint8Array {
  return deriveListId(parseSignedDeviceList(value).list);
}

function evidenceOf({ version, proof, timestampMs }: LoggedValue, listId: Uint8Array): LogEvidence {
  return Object.freeze({ kind: proof, sequence: version, listId, provenMs: timestampMs });
}
