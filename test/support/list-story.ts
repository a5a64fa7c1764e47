/**
 * Valid device lists to damage: a short life of Bob's account, made with the helpers under test, and chains of any
 * length, made by the naive reference.
 */

import {
  deriveFirstPosition,
  deriveNextPosition,
  draftAccountKeyChange,
  draftDeviceAddition,
  draftDeviceRemoval,
  draftFirstList,
  draftMessagingKeyChange,
  draftReset,
  draftVerificationChange,
  signDeviceList,
  type VerifiedDeviceList,
} from 'contact-key-verification/keys.js';
import { encodeSignedDeviceList } from '../reference/device-list.js';
import { makeDevice, makeSuccession, signList } from '../reference/list-making.js';
import { BOB, entryOf, type TestDevice } from './accounts.js';
import { ecKey, edKey, type TestKey } from './list-forge.js';

export const BOB_BYTES: Uint8Array = new TextEncoder().encode(BOB);

/** Keys of the story, of both schemes in every role. The last one is the attacker's. */
export const A0: TestKey = edKey('account 0');
export const A1: TestKey = ecKey('account 1');
export const A2: TestKey = edKey('account 2');
export const ANEW: TestKey = ecKey('account after the reset');
export const LAPTOP: TestKey = edKey('laptop');
export const PHONE: TestKey = ecKey('phone');
export const TABLET: TestKey = edKey('tablet');
export const MALLORY: TestKey = edKey('mallory');

const device = (id: string, key: TestKey): TestDevice => ({ id, key: key.own });

export interface Story {
  /** 0: laptop and phone under A0. */
  readonly first: VerifiedDeviceList;
  /** 1: other messaging keys for the laptop, by the phone. */
  readonly rekeyed: VerifiedDeviceList;
  /** 2: the laptop is lost: removed, A0 hands over to A1, by the phone. */
  readonly removed: VerifiedDeviceList;
  /** 3: the tablet comes, by the phone. */
  readonly added: VerifiedDeviceList;
  /** 4: A1 hands over to A2, by the tablet. */
  readonly rotated: VerifiedDeviceList;
  /** 5: verification off, by the account key alone. */
  readonly off: VerifiedDeviceList;
  /** 5, the other way: everything was lost, and Bob begins again with the phone under ANEW. */
  readonly reset: VerifiedDeviceList;
}

export function tellStory(): Story {
  const [laptop, phone, tablet] = [
    device('laptop', LAPTOP),
    device('phone', PHONE),
    device('tablet', TABLET),
  ];

  const start = deriveFirstPosition({ identifier: BOB, accountKey: A0.own.publicKey });
  const draft = draftFirstList(start, [entryOf(phone, start), entryOf(laptop, start)]);
  const first = signDeviceList(draft, [A0.own]);

  const fresh = entryOf(laptop, deriveNextPosition(first), 'new keys of laptop');
  const rekeying = draftMessagingKeyChange(first, { author: 'phone', devices: [fresh] });
  const rekeyed = signDeviceList(rekeying, [A0.own, phone.key]);

  const removal = draftDeviceRemoval(rekeyed, {
    author: 'phone',
    ids: ['laptop'],
    nextAccountKey: A1.own.publicKey,
  });
  const removed = signDeviceList(removal, [A0.own, A1.own, phone.key]);

  const entry = entryOf(tablet, deriveNextPosition(removed));
  const addition = draftDeviceAddition(removed, { author: 'phone', devices: [entry], removedKeyIds: [] });
  const added = signDeviceList(addition, [A1.own, phone.key]);

  const rotation = draftAccountKeyChange(added, { author: 'tablet', nextAccountKey: A2.own.publicKey });
  const rotated = signDeviceList(rotation, [A1.own, A2.own, tablet.key]);

  const turnedOff = draftVerificationChange(rotated, { author: null, verification: false });
  const off = signDeviceList(turnedOff, [A2.own]);

  const again = deriveNextPosition(rotated, ANEW.own.publicKey);
  const beginning = draftReset(rotated, {
    accountKey: ANEW.own.publicKey,
    devices: [entryOf(phone, again)],
    removedKeyIds: [],
  });
  const reset = signDeviceList(beginning, [ANEW.own]);

  return { first, rekeyed, removed, added, rotated, off, reset };
}

/** The account keys of long chains: P-256, whose keys are quicker to check. Each is made once. */
const chainKeys: TestKey[] = [];
export function chainKey(index: number): TestKey {
  for (let i = chainKeys.length; i <= index; i++) chainKeys.push(ecKey(`chain key ${i}`));
  return chainKeys[index] as TestKey;
}

export interface ChainDevice {
  readonly id: string;
  readonly key: TestKey;
  /** Also says under which key it joined: rotation n is list n. */
  readonly since: number;
}

/**
 * List number `sequence` of an account that changed its key with every list but the first, the first
 * `sequence - successions` handovers having fallen off. By the account key alone, so it needs no list before.
 */
export function chainList(
  sequence: number,
  devices: readonly ChainDevice[],
  successions: number = sequence,
): Uint8Array {
  const account = chainKey(sequence);
  const signed = signList(
    {
      version: 1,
      identifier: BOB_BYTES,
      account_key: account.pair.publicKey,
      successions: Array.from({ length: successions }, (_, i) => {
        const from = sequence - successions + i;
        return makeSuccession(BOB_BYTES, chainKey(from).pair, chainKey(from + 1).pair.publicKey, from + 1);
      }),
      sequence,
      previous: sequence === 0 ? new Uint8Array(0) : new Uint8Array(32).fill(7),
      author: new Uint8Array(0),
      verification: 1,
      devices: devices.map(({ id, key, since }) =>
        makeDevice(BOB_BYTES, key.pair, chainKey(since).pair.publicKey, {
          id: new TextEncoder().encode(id),
          messaging_keys: new TextEncoder().encode(`keys of ${id}`),
          since,
        }),
      ),
    },
    account.pair,
  );
  return Uint8Array.from(encodeSignedDeviceList(signed));
}
