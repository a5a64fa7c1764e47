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

import { assertBytes, equalBytes } from '../bytes/compare.js';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.js';
import { type Assessment, assess, currentIds, settle } from './assess.js';
import { assertAnswer, assertEvidence, type DirectoryAnswer, type LogEvidence } from './evidence.js';
import { noteId } from './note.js';
import { assertMs, type ContactPolicy, completePolicy } from './policy.js';
import { assertState, type ContactState, emptyState, type Note } from './state.js';
import { takeDirectory } from './take-directory.js';
import { takeLog } from './take-log.js';
import { forgetInterruptions } from './trouble.js';

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
  /** Store it, in one transaction with the list. */
  readonly state: ContactState;
  /**
   * The encoded list in use, where this review was given it: store it in place of the one before, and verify the next
   * list against it. `undefined`: keep the stored one, for what was given was refused or not taken into use.
   */
  readonly listToStore: Uint8Array | undefined;
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
  assertState(stored);
  let state = settle(forgetInterruptions(stored, policy, nowMs), policy, nowMs);
  if (directory !== undefined) {
    assertAnswer(directory);
    state = takeDirectory(state, directory, policy, nowMs);
  }
  if (log !== undefined) {
    assertEvidence(log);
    state = takeLog(state, log, policy, nowMs);
  }
  state = tidy(settle(state, policy, nowMs), policy, nowMs);
  const listToStore = listGiven(state, directory);
  return Object.freeze({ state, listToStore, ...assess(state, policy, nowMs) });
}

/** Lets go of what is past and seen, or only a notice. Alarms stay, and what is still the case. */
function tidy(state: ContactState, policy: ContactPolicy, nowMs: number): ContactState {
  const current = currentIds(state, policy, nowMs);
  const isPast = (note: Note): boolean => {
    const { level, lastMs, seenMs } = note;
    const mayGo = level === 'notice' || (level === 'warning' && seenMs > 0);
    return mayGo && nowMs - lastMs > policy.keepMs && !current.has(noteId(note));
  };
  return Object.freeze({ ...state, notes: Object.freeze(state.notes.filter((note) => !isPast(note))) });
}

/** The bytes of the list in use, if this answer is where it was taken from. */
function listGiven({ list }: ContactState, directory: DirectoryAnswer | undefined): Uint8Array | undefined {
  if (list === undefined || directory?.kind !== 'list') return undefined;
  return equalBytes(directory.list.listId, list.listId) ? directory.list.encoded : undefined;
}
