/**
 * What follows from the log's evidence.
 */

import { equalBytes } from '../bytes/compare.js';
import type { LogEvidence } from './evidence.js';
import { joinProven } from './merge.js';
import { factsOf, observe } from './note.js';
import type { ContactPolicy } from './policy.js';
import type { ContactState, ListInUse, Proven } from './state.js';
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
  const answered = settled(state, ['log-unavailable', 'log-proof-invalid'], nowMs);
  const fresh = nowMs - proof.provenMs <= policy.logAgeMs;
  const judged = fresh
    ? settled(answered, ['log-stale'], nowMs)
    : trouble(answered, 'log-stale', 'too-old', nowMs);
  const { list } = judged;
  if (list === undefined) {
    return proof.kind === 'newest' ? trouble(judged, 'directory-outdated', 'log-shows-newer', nowMs) : judged;
  }
  if (equalBytes(proof.listId, list.listId)) return confirm(judged, proof, nowMs);
  return proof.kind === 'newest' ? contradict(judged, list, proof, nowMs) : judged;
}

function confirm(
  state: ContactState,
  { kind, sequence, listId, provenMs }: Proof,
  nowMs: number,
): ContactState {
  const proven: Proven = {
    sequence,
    listId,
    includedMs: provenMs,
    newestMs: kind === 'newest' ? provenMs : 0,
  };
  const shown = settled(state, ['log-outdated'], nowMs);
  const known = kind === 'newest' ? directoryCaughtUp(shown, 'log', nowMs) : shown;
  return Object.freeze({ ...known, proven: joinProven(state.proven, proven) });
}

/** The log proves another list to be the newest. */
function contradict(state: ContactState, list: ListInUse, proof: Proof, nowMs: number): ContactState {
  const { proven } = state;
  const about = { sequence: proof.sequence, before: list.listId, after: proof.listId };
  // By the log's own clock, so that a replica that lags behind is no rollback.
  const shownAtMs =
    proven !== undefined && equalBytes(proven.listId, list.listId)
      ? Math.max(proven.newestMs, proven.includedMs)
      : undefined;
  const wasShown = shownAtMs !== undefined && proof.provenMs > shownAtMs;
  if (proof.sequence > list.sequence) return trouble(state, 'directory-outdated', 'log-shows-newer', nowMs);
  const accepted = state.accepted.find(({ sequence }) => sequence === proof.sequence);
  const other = accepted !== undefined && !equalBytes(accepted.listId, proof.listId);
  if (wasShown) {
    const facts =
      proof.sequence < list.sequence
        ? factsOf('list-rollback', 'alarm', 'log-proves-older', about)
        : factsOf('list-fork', 'alarm', 'log-shows-other', about);
    return observe(state, facts, nowMs);
  }
  // A list that never was in the log may be the loser of an honest race: that is told, and loud if it lasts.
  return trouble(state, 'log-outdated', other ? 'log-shows-other' : 'log-shows-older', nowMs);
}
