/**
 * The next list from the last: pure functions that state a change and leave it unsigned. They set `previous`,
 * `author`, `sequence` and the chain, so that an app cannot get them wrong; `signDeviceList` signs a draft.
 *
 *     position ──▶ devices sign their entries ─┐
 *     current list ──▶ draft…(current, change) ┴─▶ signDeviceList(draft, signers) ──▶ publish `encoded`
 *
 * Publishing compares and swaps on `sequence`. Who loses verifies the winner's list and drafts again on it.
 */

import { assertArray, assertObject } from '../bytes/arguments.js';
import { equalBytes } from '../bytes/compare.js';
import { deriveKeyId, equalPublicKeys, type PublicKey } from '../crypto/public-key.js';
import { deviceIdBytes } from './arguments.js';
import { type DeviceId, deriveNextPosition, type ListPosition } from './device-entry.js';
import { type Device, SUCCESSIONS_MAX } from './device-list.js';
import {
  type Authorship,
  type DeviceListDraft,
  find,
  finish,
  following,
  freshEntries,
  refuse,
  refuseRemoved,
  replaceEntries,
} from './draft-rules.js';
import type { VerifiedDeviceList } from './verify-device-list.js';

/** A change of the account key. */
export interface Handover {
  /** Fresh; kept by the devices that stay, never given to one that was removed. */
  readonly nextAccountKey: PublicKey;
  /**
   * Fresh entries, for the next position under the new key. Needed only for devices that joined under a
   * succession that falls off a full chain of 64; others keep their entries.
   */
  readonly devices?: readonly Device[] | undefined;
}

/**
 * An identifier's first list, for the devices that are online now; the others are added later.
 * @param devices entries signed for `position`
 */
export function draftFirstList(
  position: ListPosition,
  devices: readonly Device[],
  options: { readonly verification?: boolean | undefined } = {},
): DeviceListDraft {
  assertObject(position, 'position');
  const verification = options.verification ?? true;
  const draft = { position, continues: false, successions: [], verification };
  return finish({ ...draft, devices: freshEntries(position, devices) });
}

/**
 * Beginning again, when the account key or every device is lost. Contacts see a reset; no mark survives it.
 * @param current the newest list the log holds
 * @param change.accountKey the account key from now on; none that was succeeded before
 * @param change.devices entries signed for `deriveNextPosition(current, accountKey)`
 * @param change.removedKeyIds as for {@link draftDeviceAddition}; empty for a new owner
 */
export function draftReset(
  current: VerifiedDeviceList,
  change: {
    readonly accountKey: PublicKey;
    readonly devices: readonly Device[];
    readonly removedKeyIds: readonly Uint8Array[];
    readonly verification?: boolean | undefined;
  },
): DeviceListDraft {
  assertObject(change, 'change');
  const position = deriveNextPosition(current, change.accountKey);
  const devices = freshEntries(position, change.devices);
  refuseRemoved(devices, change.removedKeyIds);
  const verification = change.verification ?? true;
  return finish({ position, current, continues: false, successions: [], verification, devices });
}

/**
 * Adds devices.
 * @param change.devices entries signed for `deriveNextPosition(current)`
 * @param change.removedKeyIds keyIds of all signing keys that earlier lists removed (collect them with
 *   {@link deriveRemovedKeyIds}): a removed key is never listed again, as who holds the lost device may hold it
 */
export function draftDeviceAddition(
  current: VerifiedDeviceList,
  change: Authorship & { readonly devices: readonly Device[]; readonly removedKeyIds: readonly Uint8Array[] },
): DeviceListDraft {
  const base = following(current, change);
  const added = freshEntries(base.position, change.devices);
  refuseRemoved(added, change.removedKeyIds);
  refuse(added.length === 0, 'no device to add was given');
  return finish({ ...base, devices: [...current.devices, ...added] });
}

/**
 * Removes devices. A device in other hands holds the account key, so the key changes with it; only a device
 * that was retired in its owner's hands may go without.
 * @param change.retired `true` instead of `nextAccountKey`: the app knows that the devices are in their owner's
 *   hands and their copy of the account key was destroyed
 */
export function draftDeviceRemoval(
  current: VerifiedDeviceList,
  change: Authorship & { readonly ids: readonly DeviceId[] } & (Handover | { readonly retired: true }),
): DeviceListDraft {
  const base = following(current, change);
  assertArray(change.ids, 'ids');
  const ids = change.ids.map(deviceIdBytes);
  refuse(ids.length === 0, 'no device to remove was named');
  refuse(
    ids.some((id) => find(current.devices, id) === undefined),
    'a device to remove is not in the list',
  );
  const remaining = current.devices.filter((device) => !ids.some((id) => equalBytes(id, device.id)));
  if (!('nextAccountKey' in change)) {
    refuse(
      change.retired !== true,
      'a removal changes the account key or says that the devices were retired',
    );
    return finish({ ...base, devices: remaining });
  }
  const byRemoved = base.author !== undefined && find(remaining, base.author.id) === undefined;
  refuse(byRemoved, 'a device in other hands cannot make the list that removes it');
  return handOver(base, current, change, remaining);
}

/**
 * Changes the account key and keeps the devices.
 */
export function draftAccountKeyChange(
  current: VerifiedDeviceList,
  change: Authorship & Handover,
): DeviceListDraft {
  return handOver(following(current, change), current, change, current.devices);
}

/**
 * Changes the messaging keys of devices that stay.
 * @param change.devices their entries signed for `deriveNextPosition(current)`, under the same signing keys
 */
export function draftMessagingKeyChange(
  current: VerifiedDeviceList,
  change: Authorship & { readonly devices: readonly Device[] },
): DeviceListDraft {
  const base = following(current, change);
  const fresh = freshEntries(base.position, change.devices);
  refuse(fresh.length === 0, 'no device gave a fresh entry');
  return finish({ ...base, devices: replaceEntries(current.devices, fresh) });
}

/**
 * Turns verification off or on. An identifier that is given up ends with an off list.
 */
export function draftVerificationChange(
  current: VerifiedDeviceList,
  change: Authorship & { readonly verification: boolean },
): DeviceListDraft {
  const base = following(current, change);
  refuse(current.verification === change.verification, 'verification already is what it would be changed to');
  return finish({ ...base, verification: change.verification });
}

/** keyIds of signing keys that `before` lists and `after` does not: never to be listed again. */
export function deriveRemovedKeyIds(
  before: VerifiedDeviceList,
  after: VerifiedDeviceList,
): readonly Uint8Array[] {
  return before.devices
    .filter(
      ({ signingKey }) => !after.devices.some((device) => equalPublicKeys(device.signingKey, signingKey)),
    )
    .map(({ signingKey }) => deriveKeyId(signingKey));
}

function handOver(
  base: DeviceListDraft,
  current: VerifiedDeviceList,
  change: Handover,
  remaining: readonly Device[],
): DeviceListDraft {
  const position = deriveNextPosition(current, change.nextAccountKey);
  refuse(equalPublicKeys(position.accountKey, current.accountKey), 'the next account key is the current one');
  const full = current.successions.length === SUCCESSIONS_MAX;
  const [dropped] = full ? current.successions : [];
  const devices = replaceEntries(remaining, freshEntries(position, change.devices ?? []));
  if (dropped !== undefined) {
    const droppedId = deriveKeyId(dropped.key);
    const stale = devices.some((device) => equalBytes(device.joined, droppedId));
    refuse(stale, 'a device joined under the succession that now falls off, and gave no fresh entry');
  }
  const successions = full ? current.successions.slice(1) : current.successions;
  return finish({ ...base, position, successions, handsOver: current.accountKey, devices });
}
