/**
 * How a code session moves: pure steps from one state and one message to the next state.
 *
 *     initiator   (act) ── start ──► awaiting-reply ──── reply in, reveal out ────► complete
 *     responder   (act) ── awaiting-start ── start in, reply out ──► awaiting-reveal ── reveal in ──► complete
 *     crossing    awaiting-reply ── a start with a larger commitment in, reply out ──► awaiting-reveal
 *
 * A state is the setup and the messages so far; role and phase follow from them, so there is nothing that could
 * contradict them. Whatever a step refuses, it refuses by throwing, and the session then ends for good.
 */

import { compareBytes, equalBytes } from '../bytes/compare.js';
import type { SecretBytes } from '../crypto/secret-bytes.js';
import { VerificationError } from '../errors.js';
import {
  encodeSasMessage,
  equalSasMessages,
  parseSasMessage,
  type SasPurpose,
  type SasReply,
  type SasReveal,
  type SasRole,
  type SasStart,
} from './sas-message.js';
import { deriveCode, deriveCommitment, deriveNonce, type SasContext } from './sas-transcript.js';

/** Everything one side knows. Frozen; a step makes a new one. */
export interface SasState {
  readonly purpose: SasPurpose;
  readonly beganMs: number;
  readonly attempts: readonly number[];
  /** Encoded subject of this side. */
  readonly own: Uint8Array;
  /** Encoded subject of the other side. */
  readonly peer: Uint8Array;
  /** Where this side's nonces come from, as long as one of them is secret. */
  readonly seed: SecretBytes | undefined;
  /** What this side sent as initiator, even if it later yielded. */
  readonly ownStart: SasStart | undefined;
  /** The one start that was taken from the other side: answered, or outdone by the own one. */
  readonly peerStart: SasStart | undefined;
  readonly reply: SasReply | undefined;
  readonly reveal: SasReveal | undefined;
}

/** Where a session stands. `ended`: answered, cancelled, expired or aborted. */
export type SasPhase = 'awaiting-start' | 'awaiting-reply' | 'awaiting-reveal' | 'complete' | 'ended';

/**
 * What a message did.
 *
 * | event | meaning |
 * | --- | --- |
 * | `start-accepted` | the other side's start was taken; send the reply |
 * | `code-ready` | the code can be shown; the initiator sends the reveal first |
 * | `crossed-kept` | both sides had begun, and this side's session stays |
 * | `crossed-yielded` | both sides had begun, and this side dropped its own; send the reply |
 * | `further-start` | someone tried to begin another session; it was not answered: tell the user |
 * | `ignored-repeat` | a message that had come before |
 * | `ignored-foreign` | a message of another session |
 */
export type SasEvent =
  | 'start-accepted'
  | 'code-ready'
  | 'crossed-kept'
  | 'crossed-yielded'
  | 'further-start'
  | 'ignored-repeat'
  | 'ignored-foreign';

/** A step's result. */
export interface SasStep {
  readonly state: SasState;
  readonly event: SasEvent;
  readonly send?: Uint8Array<ArrayBuffer>;
}

/** Where both sides had begun, the larger commitment stays (as ZRTP, RFC 6189 section 4.2). */
function outdoes(start: SasStart, other: SasStart): boolean {
  return compareBytes(start.commitment, other.commitment) > 0;
}

/** The start that this session follows. */
export function startOf(state: SasState): SasStart | undefined {
  const { ownStart, peerStart } = state;
  if (ownStart === undefined || peerStart === undefined) return ownStart ?? peerStart;
  return outdoes(peerStart, ownStart) ? peerStart : ownStart;
}

export function roleOf(state: SasState): SasRole {
  const start = startOf(state);
  return start !== undefined && start === state.ownStart ? 'initiator' : 'responder';
}

export function phaseOf(state: SasState): Exclude<SasPhase, 'ended'> {
  if (state.reveal !== undefined) return 'complete';
  if (roleOf(state) === 'initiator') return 'awaiting-reply';
  return state.peerStart === undefined ? 'awaiting-start' : 'awaiting-reveal';
}

export function contextOf(state: SasState, start: SasStart): SasContext {
  const [initiator, responder] =
    roleOf(state) === 'initiator' ? [state.own, state.peer] : [state.peer, state.own];
  return { purpose: state.purpose, sessionId: start.sessionId, initiator, responder };
}

/** The code, or `undefined` before the session is complete. */
export function codeOf(state: SasState): string | undefined {
  const start = startOf(state);
  if (start === undefined || state.reply === undefined || state.reveal === undefined) return undefined;
  return deriveCode(contextOf(state, start), state.reveal.nonce, state.reply.nonce);
}

/** What this side sends next or sent last, or `undefined` where it is the other's turn. */
export function outgoingOf(state: SasState): Uint8Array<ArrayBuffer> | undefined {
  const message = roleOf(state) === 'initiator' ? (state.reveal ?? state.ownStart) : state.reply;
  return message === undefined ? undefined : encodeSasMessage(message);
}

/** The nonce by which this side begins a session. */
export function initiatorNonce(seed: SecretBytes, sessionId: Uint8Array): Uint8Array {
  return deriveNonce(seed, sessionId);
}

/** The reply of this side to a start. */
function replyTo(seed: SecretBytes, start: SasStart): SasReply {
  const nonce = deriveNonce(seed, encodeSasMessage(start));
  return Object.freeze({ type: 'reply', sessionId: start.sessionId, nonce });
}

/**
 * Takes one message.
 * @throws what {@link parseSasMessage} throws; VerificationError `ERR_SAS_REFLECTED`, `ERR_SAS_PURPOSE`,
 *   `ERR_SAS_UNEXPECTED`, `ERR_SAS_COMMITMENT`
 */
export function advance(state: SasState, bytes: Uint8Array): SasStep {
  const message = parseSasMessage(bytes);
  switch (message.type) {
    case 'start':
      return takeStart(state, message);
    case 'reply':
      return takeReply(state, message);
    case 'reveal':
      return takeReveal(state, message);
  }
}

function takeStart(state: SasState, start: SasStart): SasStep {
  const { ownStart, peerStart } = state;
  if (ownStart !== undefined && equalBytes(start.commitment, ownStart.commitment)) {
    throw new VerificationError('ERR_SAS_REFLECTED', 'the peer sent our own commitment back');
  }
  if (peerStart !== undefined && equalSasMessages(start, peerStart))
    return { state, event: 'ignored-repeat' };
  for (const known of [ownStart, peerStart]) {
    if (known !== undefined && equalBytes(start.sessionId, known.sessionId)) {
      throw unexpected('a session has one commitment');
    }
  }
  if (peerStart !== undefined) return { state, event: 'further-start' };

  const phase = phaseOf(state);
  if (phase !== 'complete' && start.purpose !== state.purpose) {
    throw new VerificationError('ERR_SAS_PURPOSE', 'the peer began a session for another purpose');
  }
  if (ownStart === undefined) return answerStart(state, start, 'start-accepted');
  // Who links a device never begins a session of purpose 2 at its other end, so there is no honest crossing.
  if (state.purpose !== 'contact' || start.purpose !== 'contact') return { state, event: 'further-start' };
  if (outdoes(ownStart, start)) {
    return { state: Object.freeze({ ...state, peerStart: start }), event: 'crossed-kept' };
  }
  // After our reveal it is too late to yield; an honest peer with a larger commitment would not have replied.
  if (phase === 'complete') return { state, event: 'further-start' };
  return answerStart(state, start, 'crossed-yielded');
}

function answerStart(
  state: SasState,
  peerStart: SasStart,
  event: 'start-accepted' | 'crossed-yielded',
): SasStep {
  const reply = replyTo(seedOf(state), peerStart);
  return {
    state: Object.freeze({ ...state, seed: undefined, peerStart, reply }),
    event,
    send: encodeSasMessage(reply),
  };
}

function takeReply(state: SasState, reply: SasReply): SasStep {
  const start = startOf(state);
  if (start === undefined || !equalBytes(reply.sessionId, start.sessionId)) {
    return { state, event: 'ignored-foreign' };
  }
  if (roleOf(state) !== 'initiator') throw unexpected('a reply to a session that we did not begin');
  if (state.reply !== undefined) {
    if (equalSasMessages(reply, state.reply)) return { state, event: 'ignored-repeat' };
    throw unexpected('a second, different reply');
  }
  const nonce = initiatorNonce(seedOf(state), start.sessionId);
  const reveal: SasReveal = Object.freeze({ type: 'reveal', sessionId: start.sessionId, nonce });
  return {
    state: Object.freeze({ ...state, seed: undefined, reply, reveal }),
    event: 'code-ready',
    send: encodeSasMessage(reveal),
  };
}

function takeReveal(state: SasState, reveal: SasReveal): SasStep {
  const start = startOf(state);
  if (start === undefined || !equalBytes(reveal.sessionId, start.sessionId)) {
    return { state, event: 'ignored-foreign' };
  }
  if (roleOf(state) !== 'responder') throw unexpected('a reveal in a session that we began');
  if (state.reveal !== undefined) {
    if (equalSasMessages(reveal, state.reveal)) return { state, event: 'ignored-repeat' };
    throw unexpected('a second, different reveal');
  }
  if (!opensCommitment(state, start, reveal)) {
    throw new VerificationError('ERR_SAS_COMMITMENT', 'the revealed nonce does not open the commitment');
  }
  return { state: Object.freeze({ ...state, reveal }), event: 'code-ready' };
}

/** Whether a reveal opens the commitment of the start, for the initiator that this side believes in. */
export function opensCommitment(state: SasState, start: SasStart, reveal: SasReveal): boolean {
  return equalBytes(deriveCommitment(contextOf(state, start), reveal.nonce), start.commitment);
}

function seedOf(state: SasState): SecretBytes {
  // Present in every phase that asks for it: `createSasSession` and `restoreSasSession` see to that.
  return state.seed as SecretBytes;
}

function unexpected(message: string): VerificationError {
  return new VerificationError('ERR_SAS_UNEXPECTED', message);
}
