/**
 * Taking a verified list into use: how it follows the one before, what changed, and what of that a person is told.
 * `verifyDeviceList` has checked it against the list that the app stored; here it is held against this state, in
 * case the two have drifted apart.
 */

import { equalBytes } from '../bytes/compare.js';
import type { VerifiedDeviceList } from '../keys/verify-device-list.js';
import { signingKeyBytes } from './join.js';
import { activePins } from './mark.js';
import { joinHandovers, joinNames, joinPins, joinRemoved, joinSpans } from './merge.js';
import { aboutDevice, factsOf, observe } from './note.js';
import {
  ACCEPTED_MAX,
  type ContactDevice,
  type ContactState,
  type ListInUse,
  NO_SEQUENCE,
  type Pin,
} from './state.js';
import { directoryCaughtUp, settled, trouble } from './trouble.js';

/** How a newer list follows the one in use. `expired`: the log proved that the lists between are gone. */
type Following = 'first' | 'next' | 'unauthored' | 'reset' | 'expired';

/** The state after the directory handed out this list. */
export function takeList(state: ContactState, list: VerifiedDeviceList, nowMs: number): ContactState {
  const { list: current } = state;
  if (state.identifier.length > 0 && !equalBytes(state.identifier, list.identifier)) {
    return observe(
      state,
      factsOf('list-invalid', 'alarm', 'other-identifier', { after: list.listId }),
      nowMs,
    );
  }
  const fork = [...state.accepted].find(
    ({ sequence, listId }) => sequence === list.sequence && !equalBytes(listId, list.listId),
  );
  if (fork !== undefined) {
    const about = { sequence: list.sequence, before: fork.listId, after: list.listId };
    const facts = factsOf('list-fork', 'alarm', 'directory-shows-other', about);
    return observe(state, facts, nowMs, list.encoded);
  }
  if (current !== undefined && list.sequence < current.sequence) {
    return trouble(state, 'directory-outdated', 'directory-shows-older', nowMs);
  }
  if (current !== undefined && list.sequence === current.sequence) {
    return directoryCaughtUp(settled(state, ['list-gap', 'update-needed'], nowMs), 'directory', nowMs);
  }
  const following = followingOf(current, list);
  if (following === undefined) return trouble(state, 'list-gap', 'not-from-stored-list', nowMs);
  return use(state, list, following, nowMs);
}

function followingOf(current: ListInUse | undefined, list: VerifiedDeviceList): Following | undefined {
  const { continuity } = list;
  if (current === undefined) return 'first';
  const isNext = list.sequence === current.sequence + 1;
  if (continuity.kind === 'reset') return isNext ? 'reset' : undefined;
  if (continuity.kind === 'next') {
    if (!isNext || !equalBytes(list.previous, current.listId)) return undefined;
    return continuity.authored ? 'next' : 'unauthored';
  }
  // Only `gapExpired` makes a first sight out of a later list and lets the mark fall.
  return continuity.kind === 'first-sight' && list.mark === 'fallen' ? 'expired' : undefined;
}

function use(
  state: ContactState,
  list: VerifiedDeviceList,
  following: Following,
  nowMs: number,
): ContactState {
  const { list: current } = state;
  const { sequence, listId, accountKeyId, earlierKeyIds, verification } = list;
  const devices = Object.freeze(list.devices.map(deviceOf));
  const inUse: ListInUse = Object.freeze({
    sequence,
    listId,
    accountKeyId,
    earlierKeyIds,
    verification,
    devices,
    acceptedMs: nowMs,
  });
  const from = current === undefined || following === 'expired' ? sequence : current.sequence;
  const taken: ContactState = {
    ...state,
    identifier: list.identifier,
    list: inUse,
    accepted: joinNames(state.accepted, [{ sequence, listId }], ACCEPTED_MAX),
    followed: joinSpans(state.followed, [{ from, to: sequence }]),
    pins:
      current === undefined
        ? joinPins(
            [],
            state.pins.map((pin) => placed(pin, sequence)),
          )
        : state.pins,
  };
  const known = ['list-gap', 'update-needed', 'directory-outdated', 'log-outdated'] as const;
  let next = settled(Object.freeze(taken), known, nowMs);
  if (current !== undefined) {
    next = noteKeyChange(next, state, current, inUse, following, nowMs);
    next = noteDevices(next, current, inUse, following, nowMs);
  }
  return noteOwn(next, current, inUse, following, nowMs);
}

function deviceOf({ id, signingKey, messagingKeys }: ContactDevice): ContactDevice {
  return Object.freeze({ id, signingKey, messagingKeys });
}

/** A pin that waited for the first list is about that list. */
function placed(pin: Pin, sequence: number): Pin {
  return pin.sequence === NO_SEQUENCE ? { ...pin, sequence } : pin;
}

function noteKeyChange(
  next: ContactState,
  before: ContactState,
  current: ListInUse,
  inUse: ListInUse,
  following: Following,
  nowMs: number,
): ContactState {
  const { sequence } = inUse;
  const about = { sequence, before: current.accountKeyId, after: inUse.accountKeyId };
  const pinned = activePins(before).length > 0;
  const changed = !equalBytes(current.accountKeyId, inUse.accountKeyId);
  let state = next;
  if (following === 'expired') {
    const gap = { sequence, before: current.listId, after: inUse.listId };
    state = observe(state, factsOf('list-gap', 'warning', 'lists-expired', gap), nowMs);
    const isChained = inUse.earlierKeyIds.some((keyId) => equalBytes(keyId, current.accountKeyId));
    if (changed && !isChained && !pinned) {
      state = observe(state, factsOf('account-key-reset', 'warning', 'no-chain', about), nowMs);
    }
    return state;
  }
  if (following === 'unauthored' && current.devices.length > 0) {
    const lists = { sequence, before: current.listId, after: inUse.listId };
    state = observe(state, factsOf('list-unauthored', 'warning', 'account-key-alone', lists), nowMs);
  }
  if (!changed && following !== 'reset') return state;

  const how = following === 'reset' ? 'reset' : following === 'next' ? 'authored' : 'succeeded';
  const handover = {
    sequence,
    from: current.accountKeyId,
    to: inUse.accountKeyId,
    how,
    atMs: nowMs,
  } as const;
  state = Object.freeze({ ...state, handovers: joinHandovers(state.handovers, [handover]) });
  if (how === 'reset') {
    // Where a key was compared, the pin says so itself, for as long as it holds.
    const facts = factsOf('account-key-reset', 'warning', 'reset', about);
    return pinned ? state : observe(state, facts, nowMs);
  }
  const facts =
    how === 'authored'
      ? factsOf('account-key-succeeded', 'notice', 'chain-with-device', about)
      : factsOf('account-key-succeeded', pinned ? 'warning' : 'notice', 'chain-without-device', about);
  return observe(state, facts, nowMs);
}

function noteDevices(
  next: ContactState,
  current: ListInUse,
  inUse: ListInUse,
  following: Following,
  nowMs: number,
): ContactState {
  const { sequence } = inUse;
  const before = new Map(
    current.devices.map((device) => [signingKeyBytes(device.signingKey).join(), device]),
  );
  const after = new Set(inUse.devices.map((device) => signingKeyBytes(device.signingKey).join()));
  let state = next;
  for (const device of inUse.devices) {
    const old = before.get(signingKeyBytes(device.signingKey).join());
    const about = { ...aboutDevice(device), sequence };
    if (old === undefined) {
      // One's own devices answer for what they add; a list that no known device made is judged below.
      const ownDevice = state.owner === 'own' && following === 'next';
      const facts = ownDevice
        ? factsOf('own-device-added', 'notice', 'own-device', about)
        : factsOf('device-added', 'notice', 'list-changed', about);
      state = observe(state, facts, nowMs);
    } else if (!equalBytes(old.messagingKeys, device.messagingKeys)) {
      state = observe(state, factsOf('device-rekeyed', 'notice', 'list-changed', about), nowMs);
    }
  }
  for (const device of current.devices) {
    if (after.has(signingKeyBytes(device.signingKey).join())) continue;
    const about = { ...aboutDevice(device), sequence };
    const gone = { sequence, signingKey: device.signingKey, atMs: nowMs };
    state = Object.freeze({ ...state, removed: joinRemoved(state.removed, [gone]) });
    state = observe(state, factsOf('device-removed', 'notice', 'list-changed', about), nowMs);
  }
  return state;
}

/** One's own entry: what no device of one's own made, or has said that it made, is an alarm. */
function noteOwn(
  next: ContactState,
  current: ListInUse | undefined,
  inUse: ListInUse,
  following: Following,
  nowMs: number,
): ContactState {
  if (next.owner !== 'own' || following === 'next') return next;
  if (next.written.some(({ listId }) => equalBytes(listId, inUse.listId))) return next;
  const { sequence } = inUse;
  const about = { sequence, before: current?.listId ?? new Uint8Array(0), after: inUse.listId };
  let state = observe(next, factsOf('own-list-foreign', 'alarm', 'not-own-device', about), nowMs);
  const known = new Set(current?.devices.map(({ signingKey }) => signingKeyBytes(signingKey).join()));
  for (const device of inUse.devices) {
    if (known.has(signingKeyBytes(device.signingKey).join())) continue;
    const unknown = { ...aboutDevice(device), sequence };
    state = observe(state, factsOf('own-device-unknown', 'alarm', 'not-own-device', unknown), nowMs);
  }
  return state;
}
