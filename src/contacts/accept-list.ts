/**
 * Taking a verified list into use: how it follows the one before, what changed, and what of that a person is told.
 * `verifyDeviceList` has checked it against the list that the app stored; here it is held against this state, in
 * case the two have drifted apart.
 */

import { equalBytes } from '../bytes/compare.js';
import type { VerifiedDeviceList } from '../keys/verify-device-list.js';
import { isOwnList } from './conditions.js';
import { signingKeyBytes } from './join.js';
import { activePins } from './mark.js';
import { joinHandovers, joinNames, joinPins, joinRemoved, joinSpans } from './merge.js';
import { aboutDevice, factsOf, observe } from './note.js';
import {
  ACCEPTED_MAX,
  type ContactDevice,
  type ContactState,
  type Handover,
  type ListInUse,
  type ListName,
  NO_SEQUENCE,
  type Pin,
  type Proven,
  WRITTEN_MAX,
} from './state.js';
import { directoryCaughtUp, settled, trouble } from './trouble.js';

const NOTHING: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

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
  const known = current === undefined ? state.accepted : [...state.accepted, current];
  const fork = known.find(
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
  // A list that was verified without the stored one is a first sight too: it follows nothing.
  return list.gapExpired ? 'expired' : undefined;
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
    proven: provenInUse(state.proven, listId),
  };
  // That the log is behind ends when the log catches up, not when there is still another list to wait for.
  const over = ['list-gap', 'update-needed', 'directory-outdated'] as const;
  let next = settled(Object.freeze(taken), over, nowMs);
  // A log that had shown the list before was not behind: one of its replicas was.
  const wasShown = current !== undefined && equalBytes(state.proven?.listId ?? NOTHING, current.listId);
  if (wasShown) next = settled(next, ['log-outdated'], nowMs);
  if (current !== undefined && following === 'next' && isOwnList(state)) {
    // A device of one's own made it, on a list of one's own.
    next = write(next, { sequence, listId });
  }
  if (current !== undefined) {
    next = noteKeyChange(next, state, current, inUse, following, nowMs);
    next = noteDevices(next, current, inUse, nowMs);
  }
  return noteForeign(next, current, inUse, nowMs);
}

/** The state of one's own account in which this list is one's own. */
export function write(state: ContactState, list: ListName): ContactState {
  if (state.owner !== 'own') return state;
  return Object.freeze({ ...state, written: joinNames(state.written, [list], WRITTEN_MAX) });
}

/** What this device knew to be proven before the list came is from now on proven of the list that it uses. */
function provenInUse(proven: Proven | undefined, listId: Uint8Array): Proven | undefined {
  if (proven === undefined || !equalBytes(proven.listId, listId)) return proven;
  const { includedMs, newestMs } = proven;
  return Object.freeze({ ...proven, inUse: Object.freeze({ includedMs, newestMs }) });
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
  if (following === 'unauthored' && current.devices.length > 0) {
    const lists = { sequence, before: current.listId, after: inUse.listId };
    state = observe(state, factsOf('list-unauthored', 'warning', 'account-key-alone', lists), nowMs);
  }
  if (!changed && following !== 'reset') return state;

  const how = howChanged(current, inUse, following);
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
    const why = following === 'reset' ? 'reset' : 'no-chain';
    const facts = factsOf('account-key-reset', 'warning', why, about);
    return pinned ? state : observe(state, facts, nowMs);
  }
  const facts =
    how === 'authored'
      ? factsOf('account-key-succeeded', 'notice', 'chain-with-device', about)
      : factsOf('account-key-succeeded', pinned ? 'warning' : 'notice', 'chain-without-device', about);
  return observe(state, facts, nowMs);
}

function howChanged(current: ListInUse, inUse: ListInUse, following: Following): Handover['how'] {
  if (following === 'next') return 'authored';
  if (following === 'reset') return 'reset';
  const isChained = inUse.earlierKeyIds.some((keyId) => equalBytes(keyId, current.accountKeyId));
  return isChained ? 'succeeded' : 'reset';
}

function noteDevices(next: ContactState, current: ListInUse, inUse: ListInUse, nowMs: number): ContactState {
  const { sequence } = inUse;
  const lists = { sequence, before: current.listId, after: inUse.listId };
  const before = new Map(
    current.devices.map((device) => [signingKeyBytes(device.signingKey).join(), device]),
  );
  const after = new Set(inUse.devices.map((device) => signingKeyBytes(device.signingKey).join()));
  let state = next;
  for (const device of inUse.devices) {
    const old = before.get(signingKeyBytes(device.signingKey).join());
    const about = { ...aboutDevice(device), ...lists };
    if (old === undefined) {
      // One's own devices answer for what they add; a list that none of them made is judged below.
      const ownDevice = state.owner === 'own' && isOwnList(state);
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
    const about = { ...aboutDevice(device), ...lists };
    const gone = { sequence, signingKey: device.signingKey, atMs: nowMs };
    state = Object.freeze({ ...state, removed: joinRemoved(state.removed, [gone]) });
    state = observe(state, factsOf('device-removed', 'notice', 'list-changed', about), nowMs);
  }
  return state;
}

/** The devices of a foreign list under one's own name. That the list is foreign is a condition of the state. */
function noteForeign(
  next: ContactState,
  current: ListInUse | undefined,
  inUse: ListInUse,
  nowMs: number,
): ContactState {
  if (next.owner !== 'own' || isOwnList(next)) return next;
  const known = new Set(current?.devices.map(({ signingKey }) => signingKeyBytes(signingKey).join()));
  const lists = { sequence: inUse.sequence, before: current?.listId ?? NOTHING, after: inUse.listId };
  let state = next;
  for (const device of inUse.devices) {
    if (known.has(signingKeyBytes(device.signingKey).join())) continue;
    const about = { ...aboutDevice(device), ...lists };
    state = observe(state, factsOf('own-device-unknown', 'alarm', 'not-own-device', about), nowMs);
  }
  return state;
}
