/**
 * Lists that are true: Bob's, from his first phone to a reset, and some at the limits. Every maker here signs what it
 * is told to, so that the damages can be signed as well as the story.
 */
import {
  type Device,
  type DeviceList,
  encodeSignedDeviceList,
  listId,
  MAX_SUCCESSIONS,
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

export const phoneEntry: Device = entry('phone', phone, account, 0);
export const laptopEntry: Device = entry('laptop', laptop, account, 1);

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

/** So many devices, with ids of one to 32 bytes: `a`, `aa`, … (a prefix comes first), then 32 times `b`, `c`, … */
export function crowd(count: number): SignedDeviceList {
  const devices = Array.from({ length: count }, (_, i) =>
    makeDevice(IDENTIFIER, ed25519(`crowd ${i}`), account3.publicKey, {
      id: i < 32 ? Buffer.alloc(i + 1, 'a') : Buffer.alloc(32, 0x61 + i - 31),
      messaging_keys: NONE,
      since: 0,
    }),
  );
  return signList(beginning(account3, 0, devices), account3);
}

export const chainKey = (i: number): KeyPair => ed25519(`chain ${i}`);

/** The list of this sequence in a life of which each list brought a new account key: as many as there may be. */
export function longChain(sequence: number, before?: DeviceList, count = MAX_SUCCESSIONS): DeviceList {
  const newest = chainKey(sequence);
  const successions = Array.from({ length: Math.min(count, sequence) }, (_, i) => {
    const at = sequence - Math.min(count, sequence) + i + 1;
    return handover(chainKey(at - 1), chainKey(at).publicKey, at);
  });
  return {
    ...beginning(newest, sequence, [entry('phone', phone, newest, sequence)]),
    successions,
    previous: before === undefined ? Buffer.alloc(32, 0x11) : listId(before),
  };
}

export const signLongChain = (list: DeviceList): SignedDeviceList => signList(list, chainKey(list.sequence));

/** A list of exactly so many bytes, by the messaging keys of its one device. */
export function sized(length: number): Buffer {
  const of = (count: number): Buffer =>
    encodeSignedDeviceList(
      signList(beginning(account3, 0, [entry('phone', laptop, account3, 0, '.'.repeat(count))]), account3),
    );
  return of(length - of(0).length);
}
