/**
 * What every draft of a device list is made of and held to, before anything is signed.
 */

import { assertArray, assertObject } from '../bytes/arguments.js';
import { assertBytes, compareBytes, equalBytes } from '../bytes/compare.js';
import { deriveKeyId, equalPublicKeys, type PublicKey } from '../crypto/public-key.js';
import { ArgumentRangeError } from '../errors.js';
import { assertBoolean, deviceIdBytes } from './arguments.js';
import { type DeviceId, deriveNextPosition, type ListPosition } from './device-entry.js';
import { type Device, DEVICES_MAX, type Succession } from './device-list.js';
import { checkNotSucceeded } from './list-continuity.js';
import { accountKeysOf, checkKeyRoles, checkPossessions } from './list-rules.js';
import type { VerifiedDeviceList } from './verify-device-list.js';

/** A list that is ready to be signed. */
export interface DeviceListDraft {
  readonly position: ListPosition;
  /** The list it follows; absent for an identifier's first list. */
  readonly current?: VerifiedDeviceList;
  /** Whether it continues the chain of `current`; false: first list or reset. */
  readonly continues: boolean;
  /** Successions that are kept. */
  readonly successions: readonly Succession[];
  /** The account key that hands over to `position.accountKey` in this list, if one does. */
  readonly handsOver?: PublicKey;
  /** The device that makes this list; absent: the account key alone. */
  readonly author?: Device;
  readonly verification: boolean;
  /** Sorted by id. */
  readonly devices: readonly Device[];
}

/**
 * Who makes the next list: the id of a device in the current one, or `null` for the account key alone, which
 * contacts are warned of (a leaked account key looks the same).
 */
export interface Authorship {
  readonly author: DeviceId | null;
}

/** Refuses what the program asked for. */
export function refuse(when: boolean, why: string): void {
  if (when) throw new ArgumentRangeError(why);
}

export function find(devices: readonly Device[], id: Uint8Array): Device | undefined {
  return devices.find((device) => equalBytes(device.id, id));
}

/** The draft that continues `current` and changes nothing yet. */
export function following(current: VerifiedDeviceList, change: Authorship): DeviceListDraft {
  assertObject(current, 'current');
  assertObject(change, 'change');
  const { author } = change;
  const { successions, verification, devices } = current;
  const base = {
    position: deriveNextPosition(current),
    current,
    continues: true,
    successions,
    verification,
    devices,
  };
  if (author === null) return base;
  const device = find(devices, deviceIdBytes(author));
  if (device === undefined) throw new ArgumentRangeError('the author is not a device of the current list');
  return { ...base, author: device };
}

/** A removed signing key comes back under no id. */
export function refuseRemoved(devices: readonly Device[], removedKeyIds: readonly Uint8Array[]): void {
  assertArray(removedKeyIds, 'removedKeyIds');
  for (const removed of removedKeyIds) assertBytes(removed, 'a removed keyId');
  const listed = devices.map(({ signingKey }) => deriveKeyId(signingKey));
  refuse(
    listed.some((keyId) => removedKeyIds.some((removed) => equalBytes(removed, keyId))),
    'a removed signing key is never listed again',
  );
}

/** The entries, made for exactly this position by devices that hold their keys. */
export function freshEntries(position: ListPosition, devices: readonly Device[]): readonly Device[] {
  assertArray(devices, 'devices');
  for (const device of devices) assertObject(device, 'a device entry');
  const accountKeyId = deriveKeyId(position.accountKey);
  const fresh = devices.every(
    ({ since, joined }) => since === position.sequence && equalBytes(joined, accountKeyId),
  );
  refuse(!fresh, 'an entry was made for another position');
  checkPossessions(position.identifier, devices);
  return devices;
}

/** `devices` with some entries made anew by the same devices. */
export function replaceEntries(devices: readonly Device[], fresh: readonly Device[]): readonly Device[] {
  for (const { id, signingKey } of fresh) {
    refuse(fresh.filter((other) => equalBytes(other.id, id)).length > 1, 'a device gave two fresh entries');
    const before = find(devices, id);
    const same = before !== undefined && equalPublicKeys(before.signingKey, signingKey);
    refuse(!same, 'an entry is made anew only by the device that stands in the list');
  }
  return devices.map((device) => find(fresh, device.id) ?? device);
}

/** Before anything is signed: a succession to a key that cannot follow must never exist. */
function checkRoles({ position, current, continues, handsOver, devices }: DeviceListDraft): void {
  const { accountKey } = position;
  if (current !== undefined) checkNotSucceeded({ accountKey }, current);
  // All keys of the chain so far, the one that falls off now included.
  const earlier = current !== undefined && continues ? accountKeysOf(current) : [accountKey];
  checkKeyRoles(handsOver === undefined ? earlier : [...earlier, accountKey], devices);
}

export function finish(draft: DeviceListDraft): DeviceListDraft {
  assertBoolean(draft.verification, 'verification');
  refuse(draft.devices.length > DEVICES_MAX, `a list has at most ${DEVICES_MAX} devices`);
  const devices = [...draft.devices].sort((a, b) => compareBytes(a.id, b.id));
  const repeated = devices.some(({ id }, i) => i > 0 && equalBytes(id, (devices[i - 1] as Device).id));
  refuse(repeated, 'a device with this id is already listed');
  checkRoles(draft);
  return Object.freeze({ ...draft, devices: Object.freeze(devices) });
}
