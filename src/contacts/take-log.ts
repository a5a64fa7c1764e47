/**
 * What follows from the log's evidence.
 */

import { equalBytes } from '../bytes/compare.js';
import type { LogEvidence } from './evidence.js';
import { joinProven } from './merge.js';
import { factsOf, observe } from './note.js';
import type { ContactPolicy } from './policy.js';
import { type ContactState, type ListInUse, NEVER, type NoteFacts, type Proven } from './state.js';
import { directoryCaughtUp, settled, trouble } from './trouble.js';

type Proof = Extract<LogEvidence, { kind: 'newest' | 'included' }>;

/** The state after the log's evidence. */
export function takeLog(
  state: ContactState,
  evidence: LogEvidence,
  policy: ContactPolicy,
  nowMs: number,
): ContactState {
  switch (evidence.kind) {
    case 'none':
      return state;
    case 'unavailable':
      return trouble(
        state,
        'log-unavailable',
        evidence.scope === 'label' ? 'this-contact' : 'whole-log',
        nowMs,
      );
    case 'stale':
      return trouble(state, 'log-stale', 'too-old', nowMs);
    case 'fork':
      return observe(state, factsOf('log-fork', 'alarm', 'two-heads'), nowMs, evidence.evidence);
    case 'proof-invalid':
      return trouble(state, 'log-proof-invalid', 'proof-false', nowMs);
    case 'newest':
    case 'included':
      return takeProof(state, evidence, policy, nowMs);
  }
}

function takeProof(state: ContactState, proof: Proof, policy: ContactPolicy, nowMs: number): ContactState {
  if (proof.provenMs > nowMs + policy.logAheadMs) {
    return trouble(state, 'log-stale', 'from-the-future', nowMs);
  }
  if (isMisnumbered(state, proof)) return trouble(state, 'log-proof-invalid', 'proof-false', nowMs);
  const answered = settled(state, ['log-unavailable', 'log-proof-invalid'], nowMs);
  const fresh = nowMs - proof.provenMs <= policy.logAgeMs;
  const judged = fresh
    ? settled(answered, ['log-stale'], nowMs)
    : trouble(answered, 'log-stale', 'too-old', nowMs);
  const { list } = judged;
  const lie = proof.kind === 'newest' ? lieOf(judged.proven, proof) : undefined;
  if (lie !== undefined) return observe(judged, lie, nowMs);
  if (list !== undefined && equalBytes(proof.listId, list.listId)) return confirm(judged, proof, nowMs);
  // That another list is in the log does not say which one is the newest.
  return proof.kind === 'newest' ? differ(judged, list, proof, nowMs) : judged;
}

/** A list says its own sequence; a log that files it under another one gives no proof of it. */
function isMisnumbered({ list, accepted }: ContactState, { listId, sequence }: Proof): boolean {
  const names = list === undefined ? accepted : [...accepted, list];
  return names.some((name) => equalBytes(name.listId, listId) && name.sequence !== sequence);
}

/** What a log cannot prove after what it proved before. By its own clock, so that a replica that lags is no rollback. */
function lieOf(proven: Proven | undefined, proof: Proof): NoteFacts | undefined {
  if (proven === undefined) return undefined;
  const about = { sequence: proof.sequence, before: proven.listId, after: proof.listId };
  if (proof.sequence === proven.sequence) {
    const isOther = !equalBytes(proof.listId, proven.listId);
    return isOther ? factsOf('list-fork', 'alarm', 'log-shows-other', about) : undefined;
  }
  const isLater = proof.provenMs > Math.max(proven.newestMs, proven.includedMs);
  const isBack = isLater && proof.sequence < proven.sequence;
  return isBack ? factsOf('list-rollback', 'alarm', 'log-proves-older', about) : undefined;
}

/** The log shows the list in use. */
function confirm(state: ContactState, proof: Proof, nowMs: number): ContactState {
  const shown = settled(state, ['log-outdated'], nowMs);
  const known = proof.kind === 'newest' ? directoryCaughtUp(shown, 'log', nowMs) : shown;
  return remember(known, proof, true);
}

/** The log shows another list than the one in use to be the newest. */
function differ(state: ContactState, list: ListInUse | undefined, proof: Proof, nowMs: number): ContactState {
  const known = remember(state, proof, false);
  if (list === undefined || proof.sequence > list.sequence) {
    return trouble(known, 'directory-outdated', 'log-shows-newer', nowMs);
  }
  // A list that never was in the log may be the loser of an honest race: that is told, and loud if it lasts.
  const names = [...state.accepted, list];
  const isOther = names.some(
    ({ sequence, listId }) => sequence === proof.sequence && !equalBytes(listId, proof.listId),
  );
  if (isOther) return trouble(known, 'log-outdated', 'log-shows-other', nowMs);
  // A log that moves on is late, and not stuck.
  const movesOn = state.proven !== undefined && proof.sequence > state.proven.sequence;
  const begun = movesOn ? settled(known, ['log-outdated'], nowMs) : known;
  return trouble(begun, 'log-outdated', 'log-shows-older', nowMs);
}

function remember(
  state: ContactState,
  { kind, sequence, listId, provenMs }: Proof,
  isInUse: boolean,
): ContactState {
  const times = Object.freeze({ includedMs: provenMs, newestMs: kind === 'newest' ? provenMs : 0 });
  const proven: Proven = Object.freeze({
    sequence,
    listId: Uint8Array.from(listId),
    ...times,
    inUse: isInUse ? times : NEVER,
  });
  return Object.freeze({ ...state, proven: joinProven(state.proven, proven) });
}
