/**
 * The 8-digit code session: two people compare 8 digits and thereby pin each other's account key (CKV/1, "The
 * 8-digit code"; the protocol is Vaudenay's, CRYPTO 2005, known as MANA IV).
 *
 * An attacker who controls network and directory has one chance in 10^8 per session that a person begins,
 * however much he computes. What the app has to do for that to hold:
 *
 * - create a session only when its user acts, in either role, and never let anything answer or restart by itself;
 * - keep one session per contact, give it every code message of that contact, store its `attempts`;
 * - replace the stored state before sending what a call returned, and never go back to an older state: who
 *   restores the state from before the reveal has already given the secret away;
 * - put in for the peer the key of the list it now goes by, and for its own user the true key of this device.
 */

import { assertBytes } from '../bytes/compare.js';
import type { SecretBytes } from '../crypto/secret-bytes.js';
import { ArgumentRangeError, PolicyError, StateError } from '../errors.js';
import { keepConfirmation } from './sas-confirmation.js';
import type { SasPurpose } from './sas-message.js';
import {
  advance,
  codeOf,
  outgoingOf,
  phaseOf,
  type SasEvent,
  type SasPhase,
  type SasState,
} from './sas-progress.js';
import { encodeSasState } from './sas-state.js';
import { parseSubject, type SasSubject } from './sas-subject.js';
import { assertTimeMs } from './time.js';

/** How long a session lives, from its beginning on this device: 10 minutes. */
export const SAS_LIFETIME_MS: number = 10 * 60 * 1000;

/** When a call happens: milliseconds since 1970. */
export interface SasNow {
  readonly nowMs: number;
}

/** What a received message did, and what to send because of it. Frozen; `send` is fresh. */
export interface SasReceipt {
  readonly event: SasEvent;
  readonly send?: Uint8Array<ArrayBuffer>;
}

/** The code as people see it. Frozen. */
export interface SasCode {
  /** `12345678` */
  readonly digits: string;
  /** `1234 5678` */
  readonly display: string;
}

/** What the user said. Frozen. Only `same` carries something to pin. */
export type SasOutcome<Pinned> =
  | { readonly outcome: 'same'; readonly purpose: SasPurpose; readonly pinned: Pinned }
  | { readonly outcome: 'different' | 'cancel'; readonly purpose: SasPurpose };

/**
 * One session on one device. Made by {@link createSasSession} and {@link restoreSasSession} only. It goes one
 * way: whatever ends it (an answer, ten minutes, a wrong message) wipes it, and every later use throws
 * StateError `ERR_SPENT`. Printing, JSON and structured clones of it show neither nonce nor code.
 */
export class SasSession<Pinned extends SasSubject = SasSubject> {
  readonly purpose: SasPurpose;
  /** When it began, ms. It lives for {@link SAS_LIFETIME_MS}. */
  readonly beganMs: number;
  /** The start times (ms) of this contact's sessions, this one included: store it at once. Frozen. */
  readonly attempts: readonly number[];
  #state: SasState | undefined;

  /** Not for callers: the state comes checked. */
  constructor(state: SasState) {
    this.purpose = state.purpose;
    this.beganMs = state.beganMs;
    this.attempts = state.attempts;
    this.#state = state;
    Object.freeze(this);
  }

  /** Where it stands. It does not look at the time: see {@link SasSession.isLive}. */
  get phase(): SasPhase {
    return this.#state === undefined ? 'ended' : phaseOf(this.#state);
  }

  /** Whether it can still be used at this time. Changes nothing. */
  isLive({ nowMs }: SasNow): boolean {
    assertTimeMs(nowMs, 'nowMs');
    return this.#state !== undefined && !isExpired(this.#state, nowMs);
  }

  /**
   * What this device has to send now, or sent last: the start, the reply or the reveal. Sending it again does no
   * harm, for the other side ignores repeats; so this is also what to call after a restart.
   * @returns fresh bytes, or `undefined` while a start is awaited and once the responder has the code
   * @throws StateError `ERR_SPENT`; PolicyError `ERR_SAS_EXPIRED` (ends the session); argument errors
   */
  messageToSend({ nowMs }: SasNow): Uint8Array<ArrayBuffer> | undefined {
    return outgoingOf(this.#live(nowMs));
  }

  /**
   * Takes one message of the other side. Exact repeats and messages of other sessions change nothing; whatever
   * else is wrong or out of order ends the session.
   *
   * Store {@link SasSession.exportState} anew before sending what this returns.
   *
   * @param bytes the message, at most 1,024 bytes; not changed
   * @throws DecodeError `ERR_TOO_LARGE`, `ERR_TRUNCATED`, `ERR_TRAILING_BYTES`, `ERR_ENUM`; UnsupportedError
   *   `ERR_VERSION`; VerificationError `ERR_SAS_COMMITMENT` (a false reveal: warn the user as if the codes had
   *   differed), `ERR_SAS_REFLECTED`, `ERR_SAS_PURPOSE`, `ERR_SAS_UNEXPECTED`; PolicyError `ERR_SAS_EXPIRED`:
   *   all of these end the session. StateError `ERR_SPENT`; argument errors, which change nothing
   */
  receive(bytes: Uint8Array, { nowMs }: SasNow): SasReceipt {
    assertBytes(bytes, 'a message');
    const before = this.#live(nowMs);
    try {
      const { state, event, send } = advance(before, bytes);
      if (state.seed === undefined) before.seed?.destroy();
      this.#state = state;
      return Object.freeze(send === undefined ? { event } : { event, send });
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  /**
   * The code to show. The initiator has it once the reply came, the responder once the reveal was checked.
   * @throws StateError `ERR_NOT_READY` before that, `ERR_SPENT`; PolicyError `ERR_SAS_EXPIRED` (ends the
   *   session); argument errors
   */
  readCode({ nowMs }: SasNow): SasCode {
    const digits = codeOf(this.#live(nowMs));
    if (digits === undefined) throw new StateError('ERR_NOT_READY', 'the code is not complete yet');
    return Object.freeze({ digits, display: `${digits.slice(0, 4)} ${digits.slice(4)}` });
  }

  /**
   * Takes the user's word, and ends the session. The other side's word counts for nothing here.
   *
   * `same` proves that the other side holds the same pair of subjects, up to a chance of 10^-8; it pins exactly the
   * peer's subject of this transcript, whatever the directory says meanwhile. `different` is final: report it.
   *
   * @param answer `cancel` at any time, the others once the code can be read
   * @throws StateError `ERR_NOT_READY` (nothing changed), `ERR_SPENT`; PolicyError `ERR_SAS_EXPIRED` (ends the
   *   session); argument errors
   */
  answer(answer: 'same' | 'different' | 'cancel', { nowMs }: SasNow): SasOutcome<Pinned> {
    if (answer !== 'same' && answer !== 'different' && answer !== 'cancel') {
      throw new ArgumentRangeError("an answer is 'same', 'different' or 'cancel'");
    }
    const state = this.#live(nowMs);
    const { purpose } = state;
    if (answer !== 'cancel' && phaseOf(state) !== 'complete') {
      throw new StateError('ERR_NOT_READY', 'the code is not complete yet');
    }
    const outcome: SasOutcome<Pinned> =
      answer === 'same'
        ? { outcome: answer, purpose, pinned: pinnedOf(state) as Pinned }
        : { outcome: answer, purpose };
    Object.freeze(outcome);
    if (answer === 'same') {
      const { beganMs, own, peer } = state;
      keepConfirmation(outcome, Object.freeze({ purpose, beganMs, own, peer }));
    }
    this.#end();
    return outcome;
  }

  /**
   * The session as bytes for storage, its secret included: keep them where private keys are kept, replace them
   * after every call that changed something and before sending, and delete them when the session ends.
   * @returns fresh; give it to {@link restoreSasSession}
   * @throws StateError `ERR_SPENT`
   */
  exportState(): SecretBytes {
    return encodeSasState(this.#used());
  }

  #used(): SasState {
    if (this.#state === undefined) throw new StateError('ERR_SPENT', 'this code session has ended');
    return this.#state;
  }

  #live(nowMs: number): SasState {
    assertTimeMs(nowMs, 'nowMs');
    const state = this.#used();
    if (isExpired(state, nowMs)) {
      this.#end();
      throw new PolicyError('ERR_SAS_EXPIRED', 'this code session is over ten minutes old');
    }
    return state;
  }

  #end(): void {
    this.#state?.seed?.destroy();
    this.#state = undefined;
  }
}

/** A clock that shows a time before the beginning was set back, so it cannot vouch for the ten minutes. */
export function isExpired(state: SasState, nowMs: number): boolean {
  return nowMs < state.beganMs || nowMs - state.beganMs >= SAS_LIFETIME_MS;
}

function pinnedOf(state: SasState): SasSubject {
  // Only in a contact session can the roles have changed, and there both subjects are of one kind.
  return parseSubject(state.purpose, state.ownStart === undefined ? 'initiator' : 'responder', state.peer);
}
