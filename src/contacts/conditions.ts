/**
 * What is the case now, whoever has seen it: what follows from the facts of a state at a time, and ends with them.
 */

import { equalBytes } from '../bytes/compare.js';
import { activePins, resetsSince, standingOf, unlistedBreaks } from './mark.js';
import { factsOf } from './note.js';
import type { ContactPolicy } from './policy.js';
import type { Condition, ContactState, ListInUse, Note, NoteFacts, Pin, ProofTimes } from './state.js';
import { troubleConditions } from './trouble.js';

const NOTHING: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** Everything that is the case now. */
export function conditionsOf(
  state: ContactState,
  policy: ContactPolicy,
  nowMs: number,
): readonly Condition[] {
  return [
    ...troubleConditions(state, policy, nowMs),
    ...pinConditions(state),
    ...proofConditions(state, policy, nowMs),
    ...offConditions(state),
    ...ownConditions(state),
  ];
}

/** What two accepted lists say of each other: this follows from names that do not change any more. */
export function contradictionsOf(state: ContactState): readonly NoteFacts[] {
  return state.accepted.flatMap((name, i) => {
    const before = state.accepted[i - 1];
    if (before === undefined) return [];
    const { sequence } = name;
    const about = { sequence, before: before.listId, after: name.listId };
    // Each of two devices was shown a list of its own, which shows when they merge.
    if (before.sequence === sequence) return factsOf('list-fork', 'alarm', 'devices-accepted-two', about);
    // Nobody saw what lies between: the log proved it expired, or devices merged that met the contact apart.
    const isFollowed = state.followed.some(({ from, to }) => from <= before.sequence && to >= sequence);
    return isFollowed ? [] : factsOf('list-gap', 'warning', 'lists-not-followed', about);
  });
}

/**
 * A break that was only a warning where it was observed, because nothing was compared there, and is an alarm here: the
 * key had been compared on another device. What was compared after it answers it.
 */
export function breaksHeardOf(state: ContactState): readonly Note[] {
  const pins = activePins(state);
  return unlistedBreaks(state)
    .filter(({ lastMs }) => pins.some(({ atMs }) => atMs <= lastMs))
    .map((note) => ({ ...note, code: 'verified-key-changed', level: 'alarm' }));
}

/** When the log proved what the policy asks for; 0: never. */
export function provenMsOf({ includedMs, newestMs }: ProofTimes, policy: ContactPolicy): number {
  return policy.logProof === 'newest' ? newestMs : Math.max(newestMs, includedMs);
}

/** Whether a proof of that time is young enough, and not from the future of this device's clock. */
export function isRecent(provenMs: number, policy: ContactPolicy, nowMs: number): boolean {
  return provenMs > 0 && nowMs - provenMs <= policy.logAgeMs && provenMs <= nowMs + policy.logAheadMs;
}

/** Whether directory, log or own devices contradict the list in use: what of them is an alarm for as long as it lasts. */
export function isDoubted(state: ContactState, policy: ContactPolicy, nowMs: number): boolean {
  const doubts = [...troubleConditions(state, policy, nowMs), ...ownConditions(state)];
  return doubts.some(({ facts }) => facts.level === 'alarm');
}

/** Why a list that was `consistent`, or whose forerunner was, no longer is: trust never falls without a word. */
function proofConditions(state: ContactState, policy: ContactPolicy, nowMs: number): readonly Condition[] {
  const { list, proven, troubles } = state;
  const isTold = troubles.some(({ code, ongoing }) => ongoing && code.startsWith('log-'));
  if (isTold || list === undefined || proven === undefined) return [];
  if (proven.sequence > list.sequence) {
    const facts = factsOf('directory-outdated', 'notice', 'log-shows-newer');
    return [{ facts, sinceMs: proven.newestMs }];
  }
  if (!equalBytes(proven.listId, list.listId)) {
    return [{ facts: factsOf('log-outdated', 'notice', 'log-shows-older'), sinceMs: list.acceptedMs }];
  }
  const anywhereMs = provenMsOf(proven, policy);
  // Never proven as the policy asks (a plain log proves inclusion only): no trust came from it, and none is lost.
  if (anywhereMs === 0) return [];
  const inUseMs = provenMsOf(proven.inUse, policy);
  if (!isRecent(inUseMs, policy, nowMs) && isRecent(anywhereMs, policy, nowMs)) {
    // Of a list that is doubted, that is told already.
    if (isDoubted(state, policy, nowMs)) return [];
    const sinceMs = inUseMs === 0 ? list.acceptedMs : inUseMs + policy.logAgeMs;
    return [{ facts: factsOf('log-stale', 'notice', 'proven-apart'), sinceMs }];
  }
  const provenMs = inUseMs === 0 ? anywhereMs : inUseMs;
  // This device's clock went back: how old the proof is cannot be told.
  if (provenMs > nowMs + policy.logAheadMs) {
    return [{ facts: factsOf('log-stale', 'notice', 'from-the-future'), sinceMs: nowMs }];
  }
  const sinceMs = provenMs + policy.logAgeMs;
  if (nowMs <= sinceMs) return [];
  const level = nowMs - sinceMs > policy.patienceMs ? 'warning' : 'notice';
  return [{ facts: factsOf('log-stale', level, 'too-old'), sinceMs }];
}

function pinConditions(state: ContactState): readonly Condition[] {
  const { list } = state;
  const pins = activePins(state);
  const [first, second] = pins;
  if (list === undefined) {
    if (first === undefined || second === undefined) return [];
    const about = { before: first.keyId, after: second.keyId };
    const facts = factsOf('verified-key-changed', 'alarm', 'two-compared-keys', about);
    return [{ facts, sinceMs: Math.max(first.atMs, second.atMs) }];
  }
  const stands = pins.some((pin) => standingOf(pin, state, list) === 'stands');
  return pins.flatMap((pin) => {
    const facts = factsOfPin(pin, state, list, stands);
    return facts === undefined ? [] : { facts, sinceMs: brokenSince(pin, state, list) };
  });
}

/** What a pin that does not stand is to be told as; of a saved code, also that it is old. */
function factsOfPin(
  pin: Pin,
  state: ContactState,
  list: ListInUse,
  anotherStands: boolean,
): NoteFacts | undefined {
  const standing = standingOf(pin, state, list);
  const about = { before: pin.keyId, after: list.accountKeyId };
  const isInUse = equalBytes(pin.keyId, list.accountKeyId);
  if (pin.by === 'public-code') {
    if (standing === 'broken') return factsOf('public-code-mismatch', 'alarm', 'code-saved', about);
    if (!isInUse) return factsOf('public-code-old', 'notice', 'code-saved', about);
  }
  if (standing === 'stands') return undefined;
  if (standing === 'fallen') {
    const why = isInUse ? 'lists-expired' : 'chain-without-device';
    return factsOf('account-key-succeeded', 'warning', why, about);
  }
  const why = anotherStands
    ? 'two-compared-keys'
    : resetsSince(pin, state, list).length > 0
      ? 'reset'
      : 'no-chain';
  return factsOf('verified-key-changed', 'alarm', why, about);
}

/** A pin that was set again, or an account that began again, is news even where the keys are the same. */
function brokenSince(pin: Pin, state: ContactState, list: ListInUse): number {
  return Math.max(pin.atMs, ...resetsSince(pin, state, list).map(({ atMs }) => atMs));
}

function offConditions({ list }: ContactState): readonly Condition[] {
  if (list === undefined || list.verification) return [];
  const facts = factsOf('verification-off', 'warning', 'signed-off', { sequence: list.sequence });
  return [{ facts, sinceMs: list.acceptedMs }];
}

/** One's own entry shows a list that none of one's own devices answers for. */
function ownConditions(state: ContactState): readonly Condition[] {
  const { list, accepted } = state;
  if (state.owner !== 'own' || list === undefined || isOwnList(state)) return [];
  const before = [...accepted].reverse().find(({ sequence }) => sequence < list.sequence)?.listId ?? NOTHING;
  const about = { sequence: list.sequence, before, after: list.listId };
  const facts = factsOf('own-list-foreign', 'alarm', 'not-own-device', about);
  return [{ facts, sinceMs: list.acceptedMs }];
}

/** Whether a device of one's own made the list in use, or the user said that it is in order. */
export function isOwnList({ list, written }: ContactState): boolean {
  return list !== undefined && written.some(({ listId }) => equalBytes(listId, list.listId));
}
