/**
 * What a signed device list must fulfil given the list accepted before it: never back, no gap, one chain of
 * account keys, entries untouched or fresh, an author from the list before.
 */

import { equalBytes } from '../bytes/compare.js';
import { deriveKeyId, equalPublicKeys, isValidSignature } from '../crypto/public-key.js';
import { PolicyError } from '../errors.js';
import {
  type Device,
  type DeviceList,
  type SignedDeviceList,
  type Succession,
  SUCCESSIONS_MAX,
} from './device-list.js';
import { deriveListId, encodeDevice, encodeDeviceList } from './device-list-encoding.js';
import { accountKeysOf, checkKeyRoles, demand, isStart } from './list-rules.js';

/** How a list follows what was accepted before. */
export type Continuity =
  /** Nothing was known before; neither author nor earlier entries could be checked. */
  | { readonly kind: 'first-sight' }
  /** The very list that was accepted before. */
  | { readonly kind: 'same' }
  /** The next list of the chain. */
  | {
      readonly kind: 'next';
      /** Made by a device of the list before; false: by the account key alone, which one device may have leaked. */
      readonly authored: boolean;
      /** The account key changed, and the one before signed the new one. */
      readonly succeeded: boolean;
    }
  /** The account began again: nothing links this list to what was accepted before. */
  | { readonly kind: 'reset' };

/** What is needed of the list accepted before. */
export interface AcceptedList extends DeviceList {
  readonly listId: Uint8Array;
}

/**
 * Judges a list, already checked by itself, against the one accepted before.
 * @throws PolicyError `ERR_LIST_ROLLBACK`, `ERR_LIST_FORK`, `ERR_LIST_GAP`; VerificationError
 *   `ERR_KEY_REUSED`, `ERR_LIST_PREVIOUS`, `ERR_SUCCESSION_CHAIN`, `ERR_DEVICE_ENTRY`, `ERR_LIST_AUTHOR`
 */
export function judgeContinuity(signed: SignedDeviceList, stored: AcceptedList): Continuity {
  const { list } = signed;
  if (list.sequence < stored.sequence) {
    throw new PolicyError('ERR_LIST_ROLLBACK', 'an older list than the one accepted before');
  }
  if (list.sequence === stored.sequence) {
    if (equalBytes(deriveListId(list), stored.listId)) return { kind: 'same' };
    throw new PolicyError('ERR_LIST_FORK', 'another list of the sequence accepted before');
  }
  if (list.sequence > stored.sequence + 1) {
    throw new PolicyError('ERR_LIST_GAP', 'lists between this one and the one accepted before are missing');
  }
  checkNotSucceeded(list, stored);
  if (isStart(list)) return { kind: 'reset' };

  demand(
    equalBytes(list.previous, stored.listId),
    'ERR_LIST_PREVIOUS',
    'made on another list than the one before',
  );
  const succeeded = checkChainGrowth(list, stored);
  checkEntriesKept(list, stored);
  const authored = checkAuthor(signed, stored);
  return { kind: 'next', authored, succeeded };
}

/**
 * Nothing new counts under a succeeded key: whoever holds a removed device holds one, and could begin again
 * under it. Also where nothing else links the two lists (after a gap whose lists have expired).
 * @throws VerificationError `ERR_KEY_REUSED`
 */
export function checkNotSucceeded(list: Pick<DeviceList, 'accountKey'>, stored: DeviceList): void {
  const succeeded = stored.successions.some(({ key }) => equalPublicKeys(key, list.accountKey));
  demand(!succeeded, 'ERR_KEY_REUSED', 'the account key was succeeded before');
}

/**
 * The chain before, untouched, plus at most one succession that hands over at this very sequence. A full
 * chain drops its oldest when one is added.
 * @returns whether one was added
 */
function checkChainGrowth(list: DeviceList, stored: DeviceList): boolean {
  const succeeded = !equalPublicKeys(list.accountKey, stored.accountKey);
  const full = stored.successions.length === SUCCESSIONS_MAX;
  const kept = succeeded && full ? stored.successions.slice(1) : stored.successions;
  const added = succeeded ? 1 : 0;

  const grown = list.successions.length === kept.length + added;
  const untouched = grown && kept.every((succession, i) => equalSuccessions(succession, list.successions[i]));
  demand(untouched, 'ERR_SUCCESSION_CHAIN', 'earlier successions were changed, dropped or added');
  if (succeeded) {
    const last = list.successions.at(-1) as Succession;
    const handsOver = equalPublicKeys(last.key, stored.accountKey) && last.sequence === list.sequence;
    demand(handsOver, 'ERR_SUCCESSION_CHAIN', 'the account key before did not hand over at this list');
    // The oldest key, where it falls off just now, is of the chain still: no device signs with it.
    checkKeyRoles([...accountKeysOf(stored), list.accountKey], list.devices);
  }
  return succeeded;
}

function equalSuccessions(a: Succession, b: Succession | undefined): boolean {
  return (
    b !== undefined &&
    equalPublicKeys(a.key, b.key) &&
    a.sequence === b.sequence &&
    equalBytes(a.signature, b.signature)
  );
}

/** No old entry, with old messaging keys, comes back: each is the one of the list before, or fresh. */
function checkEntriesKept(list: DeviceList, stored: DeviceList): void {
  const accountKeyId = deriveKeyId(list.accountKey);
  for (const device of list.devices) {
    const fresh = device.since === list.sequence && equalBytes(device.joined, accountKeyId);
    const before = stored.devices.find((other) => equalBytes(other.id, device.id));
    const kept = before !== undefined && equalDevices(before, device);
    demand(fresh || kept, 'ERR_DEVICE_ENTRY', 'an entry that is neither fresh nor that of the list before');
  }
}

function equalDevices(a: Device, b: Device): boolean {
  return equalBytes(encodeDevice(a), encodeDevice(b));
}

/** @returns whether a device of the list before made this one */
function checkAuthor(signed: SignedDeviceList, stored: DeviceList): boolean {
  const { list } = signed;
  if (list.author.length === 0) return false;
  const author = stored.devices.find((device) => equalBytes(device.id, list.author));
  const signedByAuthor =
    author !== undefined &&
    isValidSignature(author.signingKey, 'device list author', encodeDeviceList(list), signed.author);
  demand(signedByAuthor, 'ERR_LIST_AUTHOR', 'no device of the list before made this one');
  return true;
}
