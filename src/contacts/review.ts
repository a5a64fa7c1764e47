/**
 * Reviewing a contact: from what is stored, what the directory says and what the log proves, to what a person is
 * told and which devices count (CKV/1, "Reviewing a contact").
 *
 *     stored state ─┐
 *     directory ────┤                    ┌─ state     to store
 *     log ──────────┼─► reviewContact ──►├─ trust     one word
 *     policy ───────┤                    ├─ findings  what to tell
 *     now ──────────┘                    └─ devices   to encrypt to
 */

import { assertBytes } from '../bytes/compare.js';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.js';
import { type Assessment, assess, settle } from './assess.js';
import type { DirectoryAnswer, LogEvidence } from './evidence.js';
import { assertMs, type ContactPolicy, completePolicy } from './policy.js';
import { type ContactState, emptyState, type Note } from './state.js';
import { takeDirectory } from './take-directory.js';
import { takeLog } from './take-log.js';

/** What a review is given. */
export interface ReviewInput {
  /** The state of the last review or event; `undefined`: a contact seen for the first time. */
  readonly stored?: ContactState | undefined;
  /** What the directory said; `undefined`: not asked. */
  readonly directory?: DirectoryAnswer | undefined;
  /** What the log proved; `undefined`: not asked. */
  readonly log?: LogEvidence | undefined;
  /** Defaults stand for what it leaves out. */
  readonly policy?: Partial<ContactPolicy> | undefined;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** What a review says. Frozen. */
export interface Review extends Assessment {
  /** Store it, and beside it the `encoded` bytes of the list it was given. */
  readonly state: ContactState;
}

/**
 * A contact, or an identifier of one's own account, of whom nothing is known yet.
 * @param options.identifier as the directory writes it, at most 255 bytes
 * @param options.owner `own`: this user's own account, reviewed against what its own devices wrote
 * @throws argument errors
 */
export function createContact(options: {
  readonly identifier: Uint8Array;
  readonly owner?: 'contact' | 'own' | undefined;
}): ContactState {
  const { identifier, owner = 'contact' } = options;
  assertBytes(identifier, 'an identifier');
  if (identifier.length === 0 || identifier.length > 255) {
    throw new ArgumentRangeError('an identifier has 1 to 255 bytes');
  }
  if (owner !== 'contact' && owner !== 'own') throw new ArgumentRangeError("owner is 'contact' or 'own'");
  return emptyState(owner, Uint8Array.from(identifier));
}

/**
 * Reviews a contact. Pure: the same input gives the same answer. With neither `directory` nor `log` it says what
 * the stored state means now.
 *
 * A warning is data, never an exception. `verified` proves that a person compared the key in use, or one that
 * carries to it by full handovers; `consistent`, that the log showed this list to everyone who checks. Neither
 * proves who the person is. Encrypt to `devices` and to nothing else.
 *
 * @returns fresh and frozen; parts are shared with what was given
 * @throws ArgumentTypeError, ArgumentRangeError: wrong arguments, or a refusal that is of this program's making
 * @example
 * const { state, trust, findings, devices } = reviewContact({ stored, directory, log, policy, nowMs });
 */
export function reviewContact(input: ReviewInput): Review {
  if (typeof input !== 'object' || input === null) throw new ArgumentTypeError('a review needs an object');
  const { stored = emptyState('contact', new Uint8Array(0)), directory, log, nowMs } = input;
  const policy = completePolicy(input.policy);
  assertMs(nowMs, 'nowMs');
  let state = settle(stored, policy, nowMs);
  if (directory !== undefined) {
    assertKind(directory, ['list', 'refused', 'no-list', 'unreachable'], 'directory');
    state = takeDirectory(state, directory, policy, nowMs);
  }
  if (log !== undefined) {
    assertKind(log, ['none', 'newest', 'included', 'unavailable', 'stale', 'fork', 'proof-invalid'], 'log');
    if (log.kind === 'newest' || log.kind === 'included') {
      assertMs(log.provenMs, 'log.provenMs');
      assertBytes(log.listId, 'log.listId');
    }
    state = takeLog(state, log, policy, nowMs);
  }
  state = tidy(settle(state, policy, nowMs), policy, nowMs);
  return Object.freeze({ state, ...assess(state, policy, nowMs) });
}

function assertKind(value: { readonly kind: string }, kinds: readonly string[], name: string): void {
  if (typeof value !== 'object' || value === null) throw new ArgumentTypeError(`${name} must be an object`);
  if (!kinds.includes(value.kind)) throw new ArgumentRangeError(`${name}.kind is one of ${kinds.join(', ')}`);
}

/** Lets go of what is past: old notices, and warnings that were seen. Alarms stay. */
function tidy(state: ContactState, policy: ContactPolicy, nowMs: number): ContactState {
  const isPast = ({ level, lastMs, seenMs }: Note): boolean =>
    (level === 'notice' || (level === 'warning' && seenMs > 0)) && nowMs - lastMs > policy.keepMs;
  return Object.freeze({ ...state, notes: Object.freeze(state.notes.filter((note) => !isPast(note))) });
}
