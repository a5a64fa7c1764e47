/**
 * Events that move a contact between reviews: what a person answered, and what arrived.
 */

import { assertBytes, equalBytes } from '../bytes/compare.js';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.js';
import { settle } from './assess.js';
import { write } from './accept-list.js';
import { assertListName, assertNamedDevice, type NamedDevice } from './evidence.js';
import { activePins, differedMs, sequenceOfKey, standingOf, unlistedBreaks } from './mark.js';
import { joinPins } from './merge.js';
import { factsOf, markSeen, noteId, observe } from './note.js';
import { assertMs, type ContactPolicy, completePolicy } from './policy.js';
import { assertState, type ContactState, type Note, type Pin, type PinnedBy } from './state.js';
import { takeDevice } from './take-directory.js';
import { settled, trouble } from './trouble.js';

/** Something that happened to a contact. keyIds have 32 bytes: `deriveKeyId` of what a session pinned. */
export type ContactEvent =
  /** The user compared 8-digit codes and said so; `keyId` is of the session's pinned key. */
  | { readonly kind: 'code-same'; readonly keyId: Uint8Array }
  | { readonly kind: 'code-different' }
  /** The other side's reveal did not open its commitment (`ERR_SAS_COMMITMENT`). */
  | { readonly kind: 'false-reveal' }
  | {
      readonly kind: 'code-interrupted';
      readonly why: 'session-cancelled' | 'session-expired' | 'session-aborted' | 'further-start';
    }
  /** A published code was read elsewhere and saved; `keyId` is what `parsePublicCode` gave. */
  | { readonly kind: 'public-code-saved'; readonly keyId: Uint8Array }
  | { readonly kind: 'public-code-forgotten'; readonly keyId: Uint8Array }
  /** A safety number or QR code was compared; `keyId` is of the contact's key it was made with. */
  | { readonly kind: 'number-same' | 'qr-same'; readonly keyId: Uint8Array }
  | { readonly kind: 'number-different' | 'qr-different' }
  /** A message came from this device. Look the list up first where the message says that there is a newer one. */
  | { readonly kind: 'message-received'; readonly device: NamedDevice }
  /**
   * The user goes on with what changed. That never verifies it. `after` is that of the finding the user was shown:
   * what has changed again by now is not accepted with it. Left out: whatever is in use.
   */
  | { readonly kind: 'change-accepted'; readonly after?: Uint8Array | undefined }
  /** The user has seen this finding; with the same facts it stays quiet. */
  | { readonly kind: 'finding-seen'; readonly id: string }
  | { readonly kind: 'contact-blocked' | 'contact-unblocked' }
  /** Own account: a device of one's own made this list, and says so before it publishes. */
  | { readonly kind: 'own-list-written'; readonly sequence: number; readonly listId: Uint8Array }
  /** Nothing but time: notes what has become louder. */
  | { readonly kind: 'time-passed' };

/** Findings that accepting a change puts away. */
const OF_A_CHANGE: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'verified-key-changed',
  'account-key-reset',
  'account-key-succeeded',
  'own-list-foreign',
]);

/**
 * The state after an event. Pure; trust, findings and devices follow from `reviewContact` without an answer.
 *
 * Only `code-same`, `number-same`, `qr-same` and `public-code-saved` can make a contact verified, and only for
 * the key they name.
 *
 * @param state not changed
 * @param options.nowMs milliseconds since 1970
 * @returns frozen
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function reduceContact(
  state: ContactState,
  event: ContactEvent,
  options: { readonly nowMs: number; readonly policy?: Partial<ContactPolicy> | undefined },
): ContactState {
  const { nowMs } = options;
  assertState(state);
  assertMs(nowMs, 'nowMs');
  if (typeof event !== 'object' || event === null) throw new ArgumentTypeError('an event must be an object');
  const policy = completePolicy(options.policy);
  // What is the case before the event is noted first, so that no event makes it unseen.
  return settle(step(settle(state, policy, nowMs), event, policy, nowMs), policy, nowMs);
}

function step(state: ContactState, event: ContactEvent, policy: ContactPolicy, nowMs: number): ContactState {
  switch (event.kind) {
    case 'code-same':
      return pinOnly(settled(state, ['code-interrupted'], nowMs), event.keyId, 'code', nowMs);
    case 'number-same':
      return pinOnly(settled(state, ['code-interrupted'], nowMs), event.keyId, 'safety-number', nowMs);
    case 'qr-same':
      return pinOnly(settled(state, ['code-interrupted'], nowMs), event.keyId, 'qr', nowMs);
    case 'public-code-saved':
      return pin(state, event.keyId, 'public-code', nowMs);
    case 'public-code-forgotten':
      assertKeyId(event.keyId);
      return drop(
        state,
        (other) => other.by === 'public-code' && equalBytes(other.keyId, event.keyId),
        nowMs,
      );
    case 'code-different':
      return differ(state, 'session-different', nowMs);
    case 'number-different':
      return differ(state, 'number-different', nowMs);
    case 'qr-different':
      return differ(state, 'qr-different', nowMs);
    case 'false-reveal':
      // Whoever is on the line can send one, so it costs the contact no mark.
      return observe(state, factsOf('codes-differ', 'alarm', 'false-reveal'), nowMs);
    case 'code-interrupted':
      if (!INTERRUPTIONS.has(event.why)) throw new ArgumentRangeError('an unknown way to end a session');
      return trouble(state, 'code-interrupted', event.why, nowMs);
    case 'message-received':
      assertNamedDevice(event.device);
      return takeDevice(state, event.device, 'message-sender', policy, nowMs);
    case 'change-accepted':
      return acceptChange(state, event.after, nowMs);
    case 'finding-seen':
      return markSeen(state, (note) => noteId(note) === event.id, nowMs);
    case 'contact-blocked':
      return decide(state, true, nowMs);
    case 'contact-unblocked':
      return decide(state, false, nowMs);
    case 'own-list-written':
      assertListName(event.sequence, event.listId, 'event');
      if (state.owner !== 'own') {
        throw new ArgumentRangeError("only an own account has lists of one's own devices");
      }
      return write(state, { sequence: event.sequence, listId: Uint8Array.from(event.listId) });
    case 'time-passed':
      return state;
    default:
      throw new ArgumentRangeError('an unknown event');
  }
}

const INTERRUPTIONS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'session-cancelled',
  'session-expired',
  'session-aborted',
  'further-start',
]);

function assertKeyId(keyId: unknown): asserts keyId is Uint8Array {
  assertBytes(keyId, 'a keyId');
  if (keyId.length !== 32) throw new ArgumentRangeError('a keyId has 32 bytes');
}

function pin(state: ContactState, keyId: Uint8Array, by: PinnedBy, nowMs: number): ContactState {
  assertKeyId(keyId);
  const before = state.pins.find((other) => equalBytes(other.keyId, keyId));
  const breaks = unlistedBreaks(state).map(({ lastMs }) => lastMs);
  const answered = [before?.atMs ?? 0, before?.droppedMs ?? 0, differedMs(state.notes), ...breaks];
  const added: Pin = {
    keyId: Uint8Array.from(keyId),
    by,
    sequence: sequenceOfKey(state, keyId),
    // Later than what it replaces or answers, even where the clock went back.
    atMs: Math.max(nowMs, ...answered.map((ms) => ms + 1)),
    droppedMs: before?.droppedMs ?? 0,
  };
  // A saved code does not take the place of a comparison of the same key that still counts.
  const kept = before !== undefined && by === 'public-code' && counts(state, before);
  return kept ? state : Object.freeze({ ...state, pins: joinPins(state.pins, [added]) });
}

function counts(state: ContactState, other: Pin): boolean {
  if (!activePins(state).includes(other)) return false;
  return state.list === undefined || standingOf(other, state, state.list) === 'stands';
}

/** What a person compared now stands for all that was compared before. */
function pinOnly(state: ContactState, keyId: Uint8Array, by: PinnedBy, nowMs: number): ContactState {
  assertKeyId(keyId);
  const others = drop(state, (other) => !equalBytes(other.keyId, keyId), nowMs);
  return pin(others, keyId, by, nowMs);
}

function drop(state: ContactState, isDropped: (pin: Pin) => boolean, nowMs: number): ContactState {
  const dropped = activePins(state)
    .filter(isDropped)
    .map((other) => ({ ...other, droppedMs: Math.max(nowMs, other.atMs) }));
  return Object.freeze({ ...state, pins: joinPins(state.pins, dropped) });
}

/** A person's "different" is final: the marks fall, whatever key they were on. */
function differ(
  state: ContactState,
  why: 'session-different' | 'number-different' | 'qr-different',
  nowMs: number,
): ContactState {
  const after = state.list?.accountKeyId ?? new Uint8Array(0);
  const noted = observe(state, factsOf('codes-differ', 'alarm', why, { after }), nowMs);
  return drop(noted, () => true, nowMs);
}

/** Accepts what the user was shown, and only that: what is in use may have changed since. */
function acceptChange(state: ContactState, after: Uint8Array | undefined, nowMs: number): ContactState {
  if (after !== undefined) assertBytes(after, 'event.after');
  const { list } = state;
  const wasShown = (name: Uint8Array): boolean => after === undefined || equalBytes(name, after);
  const isOfChange = (note: Note): boolean => OF_A_CHANGE.has(note.code) || note.why === 'not-own-device';
  const seen = markSeen(state, (note) => isOfChange(note) && wasShown(note.after), nowMs);
  if (list === undefined || (!wasShown(list.accountKeyId) && !wasShown(list.listId))) return seen;
  const { sequence, listId } = list;
  // Saved codes stay: they are forgotten by name.
  const isOver = (other: Pin): boolean =>
    other.by !== 'public-code' && standingOf(other, state, list) !== 'stands';
  return drop(write(seen, { sequence, listId }), isOver, nowMs);
}

function decide(state: ContactState, blocked: boolean, nowMs: number): ContactState {
  const block = Object.freeze({ blocked, atMs: Math.max(nowMs, state.block.atMs + 1) });
  return Object.freeze({ ...state, block });
}
