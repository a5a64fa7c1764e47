/**
 * A small world for reviewing contacts: an account whose lists stand in for verified ones. Signatures are left out,
 * for a review never sees one; what `verifyDeviceList` would return is imitated field by field, so that a thousand
 * single reviews take no time. That the imitation is no other than the real thing is shown over a whole account of
 * really signed lists by `contacts-imitation.test.ts`; lives and attacks run over those (`contact-story.ts`).
 */

import { createHash } from 'node:crypto';
import type { VerifiedDeviceList } from 'contact-key-verification/keys.js';
import { encodeUtf8 } from 'contact-key-verification/bytes.js';

export const MINUTE = 60_000;
export const HOUR: number = 60 * MINUTE;
export const DAY: number = 24 * HOUR;
export const START = 1_700_000_000_000;

export const digest = (...parts: readonly unknown[]): Uint8Array =>
  Uint8Array.from(createHash('sha256').update(JSON.stringify(parts)).digest());

export const keyIdOf = (account: string): Uint8Array => digest('key id', account);

/** A device of the world, by its name: the name is its id and makes its signing key. */
export interface WorldDevice {
  readonly name: string;
  readonly messaging: number;
}

export const signingKeyOf = (name: string): VerifiedDeviceList['accountKey'] => ({
  scheme: 0x0807,
  key: digest('signing key', name),
});

export const messagingKeysOf = ({ name, messaging }: WorldDevice): Uint8Array =>
  digest('messaging keys', name, messaging);

/** One list of an account's life. */
export interface WorldList {
  readonly identifier: string;
  readonly sequence: number;
  /** Account keys, oldest first; the last one is in force. */
  readonly chain: readonly string[];
  readonly devices: readonly WorldDevice[];
  readonly verification: boolean;
  /** How it was made from the one before. */
  readonly how: 'first' | 'authored' | 'alone' | 'reset';
  readonly before: WorldList | undefined;
  /** Tells twins apart. */
  readonly salt: string;
}

export function firstOf(identifier: string, account: string, devices: readonly string[]): WorldList {
  return {
    identifier,
    sequence: 0,
    chain: [account],
    devices: devices.map((name) => ({ name, messaging: 0 })),
    verification: true,
    how: 'first',
    before: undefined,
    salt: '',
  };
}

export function nextOf(before: WorldList, change: Partial<WorldList>): WorldList {
  return { ...before, sequence: before.sequence + 1, how: 'authored', before, ...change };
}

const listIds = new WeakMap<WorldList, Uint8Array>();

export function listIdOf(list: WorldList): Uint8Array {
  const known = listIds.get(list) ?? makeListId(list);
  listIds.set(list, known);
  return known;
}

function makeListId(list: WorldList): Uint8Array {
  const { identifier, sequence, chain, devices, verification, how, salt, before } = list;
  const previous = before === undefined || how === 'reset' ? '' : [...listIdOf(before)];
  return digest('list', identifier, sequence, chain, devices, verification, how, salt, previous);
}

/** What `verifyDeviceList` would return for a list, given the one stored before. */
export function verified(
  list: WorldList,
  stored?: WorldList,
  options: { readonly gapExpired?: boolean } = {},
): VerifiedDeviceList {
  const { chain, sequence, devices, how } = list;
  const account = chain.at(-1) as string;
  const same = stored !== undefined && stored.sequence === sequence;
  const continuity =
    stored === undefined || options.gapExpired === true
      ? { kind: 'first-sight' }
      : same
        ? { kind: 'same' }
        : how === 'reset'
          ? { kind: 'reset' }
          : { kind: 'next', authored: how === 'authored', succeeded: account !== stored.chain.at(-1) };
  const expired = options.gapExpired === true;
  const kept = account === stored?.chain.at(-1);
  const carried = kept ? 'kept' : how === 'authored' ? 'moved' : 'fallen';
  const mark = stored === undefined ? 'none' : expired || (how === 'reset' && !same) ? 'fallen' : carried;
  const imitation = {
    version: 1,
    identifier: encodeUtf8(list.identifier),
    accountKey: { scheme: 0x0807, key: digest('account key', account) },
    successions: [],
    sequence,
    previous: list.before === undefined || how === 'reset' ? new Uint8Array(0) : listIdOf(list.before),
    author: encodeUtf8(how === 'authored' ? 'author' : ''),
    verification: list.verification,
    devices: devices.map((device) => ({
      id: encodeUtf8(device.name),
      signingKey: signingKeyOf(device.name),
      messagingKeys: messagingKeysOf(device),
      joined: keyIdOf(account),
      since: sequence,
      possession: new Uint8Array(64),
    })),
    listId: listIdOf(list),
    accountKeyId: keyIdOf(account),
    earlierKeyIds: chain.slice(0, -1).map(keyIdOf),
    encoded: listIdOf(list),
    continuity,
    mark,
    gapExpired: expired,
  };
  return imitation as unknown as VerifiedDeviceList;
}

/** The code of the refusal, or `undefined` where `verifyDeviceList` would return the list. */
export function refusalOf(list: WorldList, stored: WorldList | undefined): string | undefined {
  if (stored === undefined || list.sequence === stored.sequence + 1) return undefined;
  if (list.sequence < stored.sequence) return 'ERR_LIST_ROLLBACK';
  if (list.sequence > stored.sequence) return 'ERR_LIST_GAP';
  const same = listIdOf(list).join() === listIdOf(stored).join();
  return same ? undefined : 'ERR_LIST_FORK';
}
