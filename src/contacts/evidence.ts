/**
 * What a review is given: what the directory said, and what the log proved, as plain data. Nothing is verified
 * here; whoever fills these in has verified (`verifyDeviceList`, a log's client), and says how it ended.
 */

import { assertObject } from '../bytes/arguments.js';
import { assertBytes } from '../bytes/compare.js';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.js';
import type { Device } from '../keys/device-list.js';
import type { VerifiedDeviceList } from '../keys/verify-device-list.js';
import { assertMs } from './policy.js';

/** A device as a directory's older interface, or a message, names it. */
export interface NamedDevice {
  readonly signingKey: Device['signingKey'];
  readonly id?: Uint8Array | undefined;
  /** The long-lived messaging keys that were used with it, if known. */
  readonly messagingKeys?: Uint8Array | undefined;
}

/** What every answer may carry besides. */
interface Named {
  /** Devices that the directory names outside the signed list (an older interface, pre-keys, sessions). */
  readonly named?: readonly NamedDevice[] | undefined;
}

/** What the directory said about the identifier. */
export type DirectoryAnswer =
  /** A list that `verifyDeviceList` returned, given the list stored beside this state. */
  | (Named & {
      readonly kind: 'list';
      readonly list: VerifiedDeviceList;
      /** Verified lists of the same contact's other identifiers. */
      readonly others?: readonly VerifiedDeviceList[] | undefined;
    })
  /** A list that `verifyDeviceList` refused. */
  | (Named & {
      readonly kind: 'refused';
      /** The code of the DecodeError, VerificationError, PolicyError or UnsupportedError. */
      readonly code: string;
      /** The refused SignedDeviceList, kept where it proves something, up to 65,536 bytes. */
      readonly bytes?: Uint8Array | undefined;
    })
  /** It answered that there is no list. */
  | (Named & { readonly kind: 'no-list' })
  /** It was not asked, or did not answer: nothing follows from that. */
  | { readonly kind: 'unreachable' };

/** What a transparency log proved, or did not. The times are the log's own, of the head that was proven against. */
export type LogEvidence =
  /** No log is in use, or it was not asked. */
  | { readonly kind: 'none' }
  /** This list is proven to be the newest of its identifier at that time (KEYTRANS). */
  | {
      readonly kind: 'newest';
      readonly sequence: number;
      readonly listId: Uint8Array;
      readonly provenMs: number;
    }
  /** This list is proven to be in the log; whether it is the newest is not (a plain RFC 6962 log). */
  | {
      readonly kind: 'included';
      readonly sequence: number;
      readonly listId: Uint8Array;
      readonly provenMs: number;
    }
  /** The log did not answer: for this label, or at all. */
  | { readonly kind: 'unavailable'; readonly scope: 'label' | 'log' }
  /** The log's head is older than its own policy allows. */
  | { readonly kind: 'stale' }
  /** Two heads that cannot belong to one log; the evidence convinces others. Over 65,536 bytes the app has to keep it. */
  | { readonly kind: 'fork'; readonly evidence: Uint8Array }
  /** A proof, or a head's signature, was false. */
  | { readonly kind: 'proof-invalid' };

/** Refuses what is no answer, such as a list that was parsed and not verified. */
export function assertAnswer(answer: DirectoryAnswer): void {
  assertKind(answer, ['list', 'refused', 'no-list', 'unreachable'], 'directory');
  if (answer.kind === 'unreachable') return;
  for (const device of arrayOf(answer.named, 'directory.named')) assertNamedDevice(device);
  if (answer.kind === 'list') {
    assertVerified(answer.list, 'directory.list');
    for (const other of arrayOf(answer.others, 'directory.others')) assertVerified(other, 'directory.others');
  }
  if (answer.kind === 'refused') {
    if (typeof answer.code !== 'string') throw new ArgumentTypeError('directory.code must be a string');
    if (answer.bytes !== undefined) assertBytes(answer.bytes, 'directory.bytes');
  }
}

/** Refuses what is no evidence. */
export function assertEvidence(log: LogEvidence): void {
  assertKind(log, ['none', 'newest', 'included', 'unavailable', 'stale', 'fork', 'proof-invalid'], 'log');
  if (log.kind === 'fork') assertBytes(log.evidence, 'log.evidence');
  if (log.kind === 'newest' || log.kind === 'included') {
    assertListName(log.sequence, log.listId, 'log');
    assertMs(log.provenMs, 'log.provenMs');
  }
}

/** Refuses what names no list. */
export function assertListName(sequence: number, listId: Uint8Array, name: string): void {
  assertBytes(listId, `${name}.listId`);
  if (listId.length !== 32) throw new ArgumentRangeError(`${name}.listId has 32 bytes`);
  if (typeof sequence !== 'number') throw new ArgumentTypeError(`${name}.sequence must be a number`);
  if (!Number.isSafeInteger(sequence) || sequence < 0 || sequence > 2 ** 32 - 2) {
    throw new ArgumentRangeError(`${name}.sequence is a whole number from 0 to 2^32 - 2`);
  }
}

/** Refuses what names no device. Sizes come from outside and are no error. */
export function assertNamedDevice(device: NamedDevice): void {
  assertObject(device, 'a named device');
  const { signingKey, id, messagingKeys } = device;
  assertObject(signingKey, 'a signing key');
  assertBytes(signingKey.key, 'a signing key');
  const scheme: unknown = signingKey.scheme;
  if (!Number.isInteger(scheme) || (scheme as number) < 0 || (scheme as number) > 0xffff) {
    throw new ArgumentRangeError('a scheme is a whole number from 0 to 65,535');
  }
  if (id !== undefined) assertBytes(id, 'a device id');
  if (messagingKeys !== undefined) assertBytes(messagingKeys, 'messaging keys');
}

function assertVerified(list: VerifiedDeviceList, name: string): void {
  assertObject(list, name);
  const isVerified = list.listId instanceof Uint8Array && typeof list.continuity === 'object';
  if (!isVerified) throw new ArgumentTypeError(`${name} must come from verifyDeviceList`);
}

function assertKind(value: { readonly kind: string }, kinds: readonly string[], name: string): void {
  assertObject(value, name);
  if (!kinds.includes(value.kind)) throw new ArgumentRangeError(`${name}.kind is one of ${kinds.join(', ')}`);
}

function arrayOf<T>(values: readonly T[] | undefined, name: string): readonly T[] {
  if (values !== undefined && !Array.isArray(values)) throw new ArgumentTypeError(`${name} must be an array`);
  return values ?? [];
}
