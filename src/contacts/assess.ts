/**
 * What a state means now: trust, findings, devices. Computed, never stored, so it cannot go out of date.
 */

import { equalBytes } from '../bytes/compare.js';
import {
  breaksHeardOf,
  conditionsOf,
  contradictionsOf,
  isDoubted,
  isRecent,
  provenMsOf,
} from './conditions.js';
import { type Finding, type FindingCode, rankOf } from './finding.js';
import { FINDINGS } from './finding-rules.js';
import { activePins, standingOf } from './mark.js';
import { isUnseen, noteId, observeAgain, observeLasting, observeOnce, topicOf } from './note.js';
import type { ContactPolicy } from './policy.js';
import {
  type ContactDevice,
  type ContactState,
  NEVER,
  NO_SEQUENCE,
  type Note,
  type NoteFacts,
} from './state.js';

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
   * blocked, verification off, or an alarm that says another key may be listening. Of one's own account: one's own
   * devices, this one among them.
   */
  readonly devices: readonly ContactDevice[];
}

/** Alarms under which nothing may be encrypted until a person has decided. */
const STOPPING: ReadonlySet<FindingCode> = /* @__PURE__ */ new Set<FindingCode>([
  'verified-key-changed',
  'codes-differ',
  'public-code-mismatch',
  'own-list-foreign',
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

/** What is the case now is noted, so that it stays until seen when it no longer is. */
export function settle(state: ContactState, policy: ContactPolicy, nowMs: number): ContactState {
  let next = isDoubted(state, policy, nowMs) ? doubted(state) : state;
  for (const { facts, sinceMs } of conditionsOf(state, policy, nowMs)) {
    next = observeLasting(next, facts, sinceMs, nowMs);
  }
  for (const facts of contradictionsOf(state)) next = observeOnce(next, facts, nowMs);
  for (const note of breaksHeardOf(state)) next = observeAgain(next, note, nowMs);
  return next;
}

/**
 * While the list in use is doubted, no proof of it counts: once that is over, the log has to be asked again. Else the
 * proof of a device that knows of the doubt, and the word of another that it is over, would add up to trust that neither
 * has.
 */
function doubted(state: ContactState): ContactState {
  const { proven } = state;
  if (proven === undefined || proven.inUse === NEVER) return state;
  return Object.freeze({ ...state, proven: Object.freeze({ ...proven, inUse: NEVER }) });
}

/** Names of the notes of what is the case now. */
export function currentIds(state: ContactState, policy: ContactPolicy, nowMs: number): ReadonlySet<string> {
  const conditions = conditionsOf(state, policy, nowMs).map(({ facts }) => facts);
  return new Set([...conditions, ...contradictionsOf(state)].map(noteId));
}

/** What a settled state means now. */
export function assess(state: ContactState, policy: ContactPolicy, nowMs: number): Assessment {
  const current = new Set(conditionsOf(state, policy, nowMs).map(({ facts }) => noteId(facts)));
  const shown = state.notes.filter((note) => isShown(note, current));
  const alarms = shown.filter(({ level }) => level === 'alarm');
  const stopped = alarms.some(isStopping);
  const trust = trustOf(state, alarms, policy, nowMs);
  const usable = trust !== 'blocked' && !stopped && state.list?.verification === true;
  return Object.freeze({
    trust,
    findings: Object.freeze(loudestOf(shown).map((note) => findingOf(note, state))),
    devices: usable && state.list !== undefined ? state.list.devices : Object.freeze([]),
  });
}

function isStopping({ code, why }: NoteFacts): boolean {
  // Of two lists of one sequence that own devices accepted, nobody has decided which one to go by.
  return STOPPING.has(code) || why === 'devices-accepted-two';
}

function isShown(note: Note, current: ReadonlySet<string>): boolean {
  if (current.has(noteId(note))) return true;
  if (note.level === 'alarm') return isUnseen(note);
  // That lists were not followed is over at once, and still has to be told.
  return note.seenMs === 0 && (!PASSING.has(note.code) || note.why === 'lists-not-followed');
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

function trustOf(
  state: ContactState,
  alarms: readonly NoteFacts[],
  policy: ContactPolicy,
  nowMs: number,
): Trust {
  if (state.block.blocked) return 'blocked';
  if (alarms.length > 0) return 'doubtful';
  const { list, proven } = state;
  if (list === undefined || !list.verification) return 'unverified';
  if (activePins(state).some((pin) => standingOf(pin, state, list) === 'stands')) return 'verified';
  if (proven === undefined || !equalBytes(proven.listId, list.listId)) return 'unverified';
  return isRecent(provenMsOf(proven.inUse, policy), policy, nowMs) ? 'consistent' : 'unverified';
}

function findingOf(note: Note, { owner, identifier }: ContactState): Finding {
  const { code, level, why, deviceId, deviceKey, before, after, sinceMs, lastMs } = note;
  const { evidence, evidenceOmitted, folded } = note;
  const device = deviceKey.length === 0 ? undefined : Object.freeze({ id: deviceId, signingKey: deviceKey });
  return Object.freeze({
    id: noteId(note),
    code,
    level,
    why,
    subject: Object.freeze({ owner, identifier, device }),
    before,
    after,
    sequence: note.sequence === NO_SEQUENCE ? undefined : note.sequence,
    sinceMs,
    lastMs,
    dismissed: !isUnseen(note),
    actions: FINDINGS[code].actions,
    evidence,
    evidenceOmitted,
    folded,
  });
}
