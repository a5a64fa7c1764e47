/**
 * What a state means now: trust, findings, devices. Computed, never stored, so it cannot go out of date.
 */

import { compareBytes, equalBytes } from '../bytes/compare.js';
import { type Finding, type FindingCode, FINDINGS, rankOf } from './finding.js';
import { activePins, standingOf } from './mark.js';
import { factsOf, isUnseen, noteId, observe, observeOnce, topicOf } from './note.js';
import type { ContactPolicy } from './policy.js';
import {
  type ContactDevice,
  type ContactState,
  NO_SEQUENCE,
  type Note,
  type NoteFacts,
  type Proven,
} from './state.js';
import { troubleFacts } from './trouble.js';

/**
 * How far a contact's keys may be trusted, in one word:
 *
 * | trust | means |
 * | --- | --- |
 * | `unverified` | nobody compared, and the log says nothing recent |
 * | `consistent` | the log proves, within the policy's age, that others are shown this list too |
 * | `verified` | a person compared the key in use, or one that carries to it |
 * | `doubtful` | an alarm stands |
 * | `blocked` | the user broke off contact |
 */
export type Trust = 'unverified' | 'consistent' | 'verified' | 'doubtful' | 'blocked';

/** What a state means. Frozen. */
export interface Assessment {
  readonly trust: Trust;
  /** Loudest first. */
  readonly findings: readonly Finding[];
  /**
   * The devices to encrypt to, and the only ones to accept from. Empty while sending has to stop: no list,
   * blocked, verification off, or an alarm that says another key may be listening.
   */
  readonly devices: readonly ContactDevice[];
}

/** Alarms under which nothing may be encrypted until a person has decided. */
const STOPPING: ReadonlySet<FindingCode> = /* @__PURE__ */ new Set<FindingCode>([
  'verified-key-changed',
  'codes-differ',
  'public-code-mismatch',
]);

/** Quiet findings that say what is the case now, and end with it. */
const PASSING: ReadonlySet<FindingCode> = /* @__PURE__ */ new Set<FindingCode>([
  'list-gap',
  'update-needed',
  'directory-outdated',
  'log-outdated',
  'log-unavailable',
  'log-stale',
  'log-proof-invalid',
  'code-interrupted',
  'verification-off',
  'public-code-old',
]);

/** What is the case now, whoever has seen it. */
function conditionsOf(state: ContactState, policy: ContactPolicy, nowMs: number): readonly NoteFacts[] {
  const { list } = state;
  const conditions = [
    ...troubleFacts(state, policy, nowMs),
    ...pinConditions(state),
    ...proofConditions(state, policy, nowMs),
  ];
  if (list !== undefined && !list.verification) {
    conditions.push(factsOf('verification-off', 'warning', 'signed-off', { sequence: list.sequence }));
  }
  return conditions;
}

/** Why a list that was `consistent`, or whose forerunner was, no longer is: trust never falls without a word. */
function proofConditions(
  { list, proven, troubles }: ContactState,
  policy: ContactPolicy,
  nowMs: number,
): readonly NoteFacts[] {
  const isTold = troubles.some(({ code, ongoing }) => ongoing && code.startsWith('log-'));
  if (isTold || list === undefined || proven === undefined) return [];
  if (!equalBytes(proven.listId, list.listId)) return [factsOf('log-outdated', 'notice', 'log-shows-older')];
  const overdueMs = nowMs - provenMsOf(proven, policy) - policy.logAgeMs;
  if (overdueMs <= 0) return [];
  return [factsOf('log-stale', overdueMs > policy.patienceMs ? 'warning' : 'notice', 'too-old')];
}

function provenMsOf(proven: Proven, policy: ContactPolicy): number {
  return policy.logProof === 'newest' ? proven.newestMs : Math.max(proven.newestMs, proven.includedMs);
}

function pinConditions(state: ContactState): readonly NoteFacts[] {
  const { list } = state;
  const pins = activePins(state);
  const [first, second] = pins;
  if (list === undefined) {
    if (first === undefined || second === undefined) return [];
    const contradiction = { before: first.keyId, after: second.keyId };
    return [factsOf('verified-key-changed', 'alarm', 'two-compared-keys', contradiction)];
  }
  const standings = pins.map((pin) => standingOf(pin, state, list));
  return pins.flatMap((pin, i) => {
    const standing = standings[i];
    const about = { before: pin.keyId, after: list.accountKeyId };
    if (pin.by === 'public-code') {
      if (standing === 'broken') return factsOf('public-code-mismatch', 'alarm', 'code-saved', about);
      const isOld = !equalBytes(pin.keyId, list.accountKeyId);
      return isOld ? factsOf('public-code-old', 'notice', 'code-saved', about) : [];
    }
    if (standing === 'fallen') {
      const why = equalBytes(pin.keyId, list.accountKeyId) ? 'lists-expired' : 'chain-without-device';
      return factsOf('account-key-succeeded', 'warning', why, about);
    }
    if (standing === 'stands') return [];
    const others = standings.includes('stands');
    const why = others ? 'two-compared-keys' : wasReset(state, pin.sequence) ? 'reset' : 'no-chain';
    return factsOf('verified-key-changed', 'alarm', why, about);
  });
}

function wasReset({ handovers }: ContactState, since: number): boolean {
  return handovers.some(({ sequence, how }) => sequence > since && how === 'reset');
}

/** Two accepted lists of one sequence, which shows when devices merge. */
function forksOf({ accepted }: ContactState): readonly NoteFacts[] {
  return accepted.flatMap(({ sequence, listId }, i) => {
    const before = accepted[i - 1];
    if (before === undefined || before.sequence !== sequence) return [];
    const about = { sequence, before: before.listId, after: listId };
    return factsOf('list-fork', 'alarm', 'devices-accepted-two', about);
  });
}

/** The state with everything noted that is the case now, so that it stays until seen when it no longer is. */
export function settle(state: ContactState, policy: ContactPolicy, nowMs: number): ContactState {
  let next = state;
  for (const facts of conditionsOf(state, policy, nowMs)) next = observe(next, facts, nowMs);
  for (const facts of forksOf(state)) next = observeOnce(next, facts, nowMs);
  return next;
}

/** What a settled state means now. */
export function assess(state: ContactState, policy: ContactPolicy, nowMs: number): Assessment {
  const current = new Set(conditionsOf(state, policy, nowMs).map(noteId));
  const shown = state.notes.filter((note) => isShown(note, current));
  const stopped = shown.some(({ code, level }) => level === 'alarm' && STOPPING.has(code));
  const trust = trustOf(state, shown, policy, nowMs);
  const usable = trust !== 'blocked' && !stopped && state.list?.verification === true;
  return Object.freeze({
    trust,
    findings: Object.freeze(loudestOf(shown).map((note) => findingOf(note, state))),
    devices: usable && state.list !== undefined ? state.list.devices : Object.freeze([]),
  });
}

function isShown(note: Note, current: ReadonlySet<string>): boolean {
  if (note.level === 'alarm') return isUnseen(note);
  if (current.has(noteId(note))) return true;
  // That lists have expired is over at once, and still has to be told.
  return note.seenMs === 0 && (!PASSING.has(note.code) || note.why === 'lists-expired');
}

/** A louder note of the same facts stands for the quieter ones. */
function loudestOf(notes: readonly Note[]): readonly Note[] {
  const louder = (note: Note): boolean =>
    notes.some(
      (other) =>
        other.code === note.code &&
        rankOf(other.level) > rankOf(note.level) &&
        topicOf(other) === topicOf(note),
    );
  return notes
    .filter((note) => !louder(note))
    .sort((a, b) => rankOf(b.level) - rankOf(a.level) || a.sinceMs - b.sinceMs);
}

function trustOf(state: ContactState, shown: readonly Note[], policy: ContactPolicy, nowMs: number): Trust {
  if (state.block.blocked) return 'blocked';
  if (shown.some(({ level }) => level === 'alarm')) return 'doubtful';
  const { list, proven } = state;
  if (list === undefined || !list.verification) return 'unverified';
  if (activePins(state).some((pin) => standingOf(pin, state, list) === 'stands')) return 'verified';
  if (proven === undefined || compareBytes(proven.listId, list.listId) !== 0) return 'unverified';
  const provenMs = provenMsOf(proven, policy);
  return provenMs > 0 && nowMs - provenMs <= policy.logAgeMs ? 'consistent' : 'unverified';
}

function findingOf(note: Note, { owner, identifier }: ContactState): Finding {
  const { code, level, why, deviceId, deviceKey, before, after, sequence, sinceMs, lastMs, evidence } = note;
  const device = deviceKey.length === 0 ? undefined : Object.freeze({ id: deviceId, signingKey: deviceKey });
  return Object.freeze({
    id: noteId(note),
    code,
    level,
    why,
    subject: Object.freeze({ owner, identifier, device }),
    before,
    after,
    sequence: sequence === NO_SEQUENCE ? undefined : sequence,
    sinceMs,
    lastMs,
    dismissed: note.seenMs > 0,
    actions: FINDINGS[code].actions,
    evidence,
  });
}
