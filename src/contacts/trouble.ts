/**
 * Troubles: what is out of order for a while, and since when. They become louder with time or repetition.
 */

import type { Level } from './finding.js';
import { joinSets, later } from './join.js';
import { factsOf } from './note.js';
import type { ContactPolicy } from './policy.js';
import { REASONS, type Reason } from './reason.js';
import type { Condition, ContactState, Trouble, TroubleCode } from './state.js';

/** From this many interrupted code sessions on it is a warning. */
const INTERRUPTIONS_MAX = 3;

/** The state with a trouble that goes on, or begins. */
export function trouble(state: ContactState, code: TroubleCode, why: Reason, nowMs: number): ContactState {
  const before = state.troubles.find((other) => other.code === code);
  const ongoing = before?.ongoing === true ? before : undefined;
  return withTrouble(state, {
    code,
    // What the log has shown is not talked away by the directory.
    why: ongoing?.why === 'log-shows-newer' ? 'log-shows-newer' : why,
    ongoing: true,
    sinceMs: Math.min(ongoing?.sinceMs ?? nowMs, nowMs),
    lastMs: nowMs,
    count: Math.min((ongoing?.count ?? 0) + 1, 255),
  });
}

/** The state in which these are in order again. */
export function settled(state: ContactState, codes: readonly TroubleCode[], nowMs: number): ContactState {
  let next = state;
  for (const code of codes) {
    const before = state.troubles.find((other) => other.code === code);
    if (before?.ongoing !== true) continue;
    next = withTrouble(next, { ...before, ongoing: false, sinceMs: nowMs, lastMs: nowMs, count: 0 });
  }
  return next;
}

/** The state in which a trouble with the directory is over, by the word of the one that showed it. */
export function directoryCaughtUp(state: ContactState, by: 'directory' | 'log', nowMs: number): ContactState {
  const record = state.troubles.find(({ code }) => code === 'directory-outdated');
  const shownBy = record?.why === 'log-shows-newer' ? 'log' : 'directory';
  return shownBy === by ? settled(state, ['directory-outdated'], nowMs) : state;
}

function withTrouble(state: ContactState, record: Trouble): ContactState {
  const others = state.troubles.filter(({ code }) => code !== record.code);
  return Object.freeze({ ...state, troubles: joinTroubles(others, [record]) });
}

/** Of two devices' views of one trouble, the later one. */
export function joinTroubles(a: readonly Trouble[], b: readonly Trouble[]): readonly Trouble[] {
  return joinSets(
    a,
    b,
    ({ code }) => code,
    (x, y) =>
      later(x, y, ({ lastMs, ongoing, count, sinceMs, why }) => [
        lastMs,
        ongoing ? 1 : 0,
        count,
        -sinceMs,
        REASONS.indexOf(why),
      ]),
  );
}

/** What the troubles of a state are to be told as, at this time. */
export function troubleConditions(
  state: ContactState,
  policy: ContactPolicy,
  nowMs: number,
): readonly Condition[] {
  return state.troubles
    .filter(({ ongoing }) => ongoing)
    .map((record) => ({
      facts: factsOf(record.code, levelOf(record, policy, nowMs), record.why),
      sinceMs: record.sinceMs,
    }));
}

/** Sessions that ended long ago say nothing of today. */
export function forgetInterruptions(state: ContactState, policy: ContactPolicy, nowMs: number): ContactState {
  const record = state.troubles.find(({ code }) => code === 'code-interrupted');
  const isPast = record !== undefined && nowMs - record.lastMs > policy.keepMs;
  return isPast ? settled(state, ['code-interrupted'], nowMs) : state;
}

function levelOf(record: Trouble, policy: ContactPolicy, nowMs: number): Level {
  const age = nowMs - record.sinceMs;
  // An alarm needs something observed at both ends: a lag that was seen once has not lasted.
  const observedMs = record.lastMs - record.sinceMs;
  switch (record.code) {
    case 'directory-outdated':
    case 'log-outdated':
      return observedMs > policy.logLagMs ? 'alarm' : 'notice';
    case 'log-proof-invalid':
      return record.count > 1 ? 'alarm' : 'warning';
    case 'code-interrupted':
      return record.count >= INTERRUPTIONS_MAX ? 'warning' : 'notice';
    case 'list-gap':
    case 'update-needed':
    case 'log-unavailable':
    case 'log-stale':
      return age > policy.patienceMs ? 'warning' : 'notice';
  }
}
