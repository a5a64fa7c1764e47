/**
 * Lists that are true: Bob's, from his first phone to a reset, and some at the limits. Every maker here signs what it
 * is told to, so that the damages can be signed as well as the story.
 */
import {
  type Device,
  type DeviceList,
  encodeSignedDeviceList,
  listId,
  MAX_BYTES,
  type SignedDeviceList,
} from '../../test/reference/device-list.js';
import type { KeyPair, PublicKey } from '../../test/reference/keys.js';
import { makeDevice, makeSuccession, signList } from '../../test/reference/list-making.js';
import { ed25519, p256 } from './people.js';

export const IDENTIFIER: Buffer = Buffer.from('tel:+15551234567');
export const NONE: Buffer = Buffer.alloc(0);

/** Bob's account keys, one after the other; and his devices' signing keys. */
export const account = p256('Bob, account');
export const account2 = ed25519('Bob, account 2');
export const account3 = ed25519('Bob, account 3');
export const account4 = p256('Bob, account 4');
export const phone = p256('Bob, phone');
export const laptop = ed25519('Bob, laptop');
export const tablet = ed25519('Bob, tablet');

export const id = (name: string): Buffer => Buffer.from(name);

/** An entry of Bob's. */
export function entry(
  name: string,
  key: KeyPair,
  under: KeyPair,
  since: number,
  messaging = `messaging keys of the ${name}`,
  identifier = IDENTIFIER,
): Device {
  const fields = { id: id(name), messaging_keys: Buffer.from(messaging), since };
  return makeDevice(identifier, key, under.publicKey, fields);
}

/** The succession of Bob's from one account key to the next. */
export const handover = (from: KeyPair, to: PublicKey, sequence: number): DeviceList['successions'][number] =>
  makeSuccession(IDENTIFIER, from, to, sequence);

/** The list after `before`: the same but for what is given. */
export function after(before: DeviceList, changes: Partial<DeviceList>): DeviceList {
  return { ...before, sequence: before.sequence + 1, previous: listId(before), ...changes };
}

/** A list that begins. */
export function beginning(
  accountKey: KeyPair,
  sequence: number,
  devices: readonly Device[],
  identifier = IDENTIFIER,
): DeviceList {
  return {
    version: 1,
    identifier,
    account_key: accountKey.publicKey,
    successions: [],
    sequence,
    previous: NONE,
    author: NONE,
    verification: 1,
    devices,
  };
}

const phoneEntry = entry('phone', phone, account, 0);
export const laptopEntry = entry('laptop', laptop, account, 1);

const first = beginning(account, 0, [phoneEntry]);
const added = after(first, { author: id('phone'), devices: [laptopEntry, phoneEntry] });
const rotated = after(added, {
  account_key: account2.publicKey,
  successions: [handover(account, account2.publicKey, 2)],
  author: id('laptop'),
  devices: [laptopEntry],
});
const off = after(rotated, { verification: 0 });
const on = after(off, {
  verification: 1,
  author: NONE,
  devices: [laptopEntry, entry('tablet', tablet, account2, 4)],
});
const rekeyed = after(on, {
  author: id('tablet'),
  devices: [entry('laptop', laptop, account2, 5, 'new messaging keys'), ...on.devices.slice(1)],
});
const alone = after(rekeyed, {
  account_key: account3.publicKey,
  successions: [...rotated.successions, handover(account2, account3.publicKey, 6)],
  author: NONE,
});
const reset = beginning(account4, 7, [entry('new phone', phone, account4, 7)]);

/** Bob's lists, each with its signatures. */
export const story = {
  first: signList(first, account),
  added: signList(added, account, phone),
  rotated: signList(rotated, account2, laptop),
  off: signList(off, account2, laptop),
  on: signList(on, account2),
  rekeyed: signList(rekeyed, account2, tablet),
  alone: signList(alone, account3),
  reset: signList(reset, account4),
} as const;

// ------------------------------------------------------------------------------------- at the limits

/** As many devices as there may be. Ids of one to 32 bytes, where a prefix comes first. */
export function crowd(count: number): SignedDeviceList {
  const devices = Array.from({ length: count }, (_, i) => ({
    ...entry('x', ed25519(`crowd ${i}`), account3, 0, ''),
    id: Buffer.alloc(Math.min(i + 1, 32), i < 32 ? 0x61 : i),
  }));
  const signed = devices.map((device, i) =>
    makeDevice(IDENTIFIER, ed25519(`crowd ${i}`), account3.publicKey, device),
  );
  return signList(beginning(account3, 0, signed), account3);
}

const chainKey = (i: number): KeyPair => ed25519(`chain ${i}`);

/** A list after so many successions, one in each list; and the one after it, by the account key alone. */
export function longChain(count: number, oldest = 0): DeviceList {
  const newest = chainKey(oldest + count);
  const successions = Array.from({ length: count }, (_, i) =>
    handover(chainKey(oldest + i), chainKey(oldest + i + 1).publicKey, oldest + i + 1),
  );
  const sequence = oldest + count;
  return {
    ...beginning(newest, sequence, [entry('phone', phone, newest, sequence)]),
    successions,
    previous: Buffer.alloc(32, 0x11),
  };
}

export const signLongChain = (list: DeviceList, newest: number): SignedDeviceList =>
  signList(list, chainKey(newest));

/** A list of exactly so many bytes, by the messaging keys of its one device. */
export function sized(length: number): Buffer {
  const of = (count: number): Buffer =>
    encodeSignedDeviceList(
      signList(beginning(account3, 0, [entry('phone', laptop, account3, 0, '.'.repeat(count))]), account3),
    );
  return of(length - of(0).length);
}

export { MAX_BYTES };
