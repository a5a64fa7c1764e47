/**
 * How a code session comes into being: by its user's act, or back from storage.
 */

import { equalBytes } from '../bytes/compare.js';
import type { PublicKey } from '../crypto/public-key.js';
import { SecretBytes } from '../crypto/secret-bytes.js';
import { ArgumentRangeError, ArgumentTypeError, PolicyError } from '../errors.js';
import { randomBytes } from '../platform.js';
import { addAttempt, reviewSasAttempts } from './sas-attempts.js';
import { SESSION_ID_LENGTH, type SasPurpose, type SasStart } from './sas-message.js';
import { initiatorNonce, type SasState } from './sas-progress.js';
import { isExpired, type SasNow, SasSession } from './sas-session.js';
import { parseSasState, SEED_LENGTH } from './sas-state.js';
import { encodeSubject } from './sas-subject.js';
import { deriveCommitment } from './sas-transcript.js';
import { assertTimeMs } from './time.js';

/** Who compares what. */
export type SasSetup =
  | {
      readonly purpose: 'contact';
      readonly role: 'initiator' | 'responder';
      /** The account key of this device's own account. */
      readonly own: PublicKey;
      /** The account key of the contact's list that this device goes by now; not an older pin. */
      readonly peer: PublicKey;
    }
  | {
      readonly purpose: 'linking';
      readonly role: 'initiator';
      /** The encoded LinkOffer of this new device, 49 bytes. */
      readonly own: Uint8Array;
      /** The account key that arrived. */
      readonly peer: PublicKey;
    }
  | {
      readonly purpose: 'linking';
      readonly role: 'responder';
      /** The account key of this device's own account. */
      readonly own: PublicKey;
      /** The encoded LinkOffer that arrived, 49 bytes. */
      readonly peer: Uint8Array;
    };

/** What "same" pins: the LinkOffer for who links a new device, an account key for everyone else. */
export type PinnedBy<Setup> = Setup extends { readonly purpose: 'linking'; readonly role: 'responder' }
  ? Uint8Array
  : PublicKey;

/**
 * Begins a code session because the user of this device asked for it, as initiator or, when the other side's start
 * is there, as responder. Both subjects are copied and fixed here, before the first message.
 *
 * The initiator sends {@link SasSession.messageToSend} first; the responder gives the start to
 * {@link SasSession.receive}.
 *
 * @param options.attempts start times (ms) of this contact's sessions so far, as returned last; `[]` at first
 * @param options.nowMs milliseconds since 1970
 * @param options.limit sessions in any 24 hours, 1 to 5 (default 5)
 * @param options.current the session with this contact that the app still holds, if any
 * @throws PolicyError `ERR_SAS_OWN_KEY` where the peer's key is the own key, `ERR_SAS_LIVE` where `current` is
 *   live, `ERR_SAS_ATTEMPTS` at the limit; DecodeError, UnsupportedError where a subject is invalid (any code
 *   of `parsePublicKey`; `ERR_VERSION`); UnsupportedError `ERR_NO_RANDOMNESS`; argument errors
 * @example
 * const session = createSasSession({ purpose: 'contact', role: 'initiator', own, peer, attempts: [], nowMs });
 * send(session.messageToSend({ nowMs }));
 */
export function createSasSession<Setup extends SasSetup>(
  options: Setup & {
    readonly attempts: readonly number[];
    readonly nowMs: number;
    readonly limit?: number | undefined;
    readonly current?: SasSession | undefined;
  },
): SasSession<PinnedBy<Setup>> {
  const { purpose, role, nowMs, current } = options;
  if (purpose !== 'contact' && purpose !== 'linking') {
    throw new ArgumentRangeError("a purpose is 'contact' or 'linking'");
  }
  if (role !== 'initiator' && role !== 'responder') {
    throw new ArgumentRangeError("a role is 'initiator' or 'responder'");
  }
  const own = encodeSubject(purpose, role, options.own);
  const peer = encodeSubject(purpose, role === 'initiator' ? 'responder' : 'initiator', options.peer);
  if (equalBytes(own, peer)) throw new PolicyError('ERR_SAS_OWN_KEY', "the peer's key is our own");
  const review = reviewSasAttempts(options);
  if (current?.isLive({ nowMs }) === true) {
    throw new PolicyError('ERR_SAS_LIVE', 'a code session with this contact is still live');
  }
  const attempts = addAttempt(review, nowMs);

  const drawn = randomBytes(SEED_LENGTH);
  const seed = new SecretBytes(drawn);
  drawn.fill(0);
  const ownStart = role === 'initiator' ? commit(purpose, own, seed) : undefined;
  return new SasSession<PinnedBy<Setup>>(
    Object.freeze({
      purpose,
      beganMs: nowMs,
      attempts,
      own,
      peer,
      seed,
      ownStart,
      peerStart: undefined,
      reply: undefined,
      reveal: undefined,
    }),
  );
}

function commit(purpose: SasPurpose, initiator: Uint8Array, seed: SecretBytes): SasStart {
  const sessionId = randomBytes(SESSION_ID_LENGTH);
  const nonce = initiatorNonce(seed, sessionId);
  const commitment = deriveCommitment({ purpose, sessionId, initiator }, nonce);
  nonce.fill(0);
  return Object.freeze({ type: 'start', purpose, sessionId, commitment });
}

/**
 * A session from its stored form. It goes on byte for byte as the exported one would have; so let only one of the
 * two go on, and never restore a state that is older than the last message sent.
 *
 * @param stored what {@link SasSession.exportState} returned, or its bytes; not changed
 * @param now.nowMs milliseconds since 1970
 * @throws StateError `ERR_STORED_STATE`, `ERR_DESTROYED`; PolicyError `ERR_SAS_EXPIRED`; argument errors
 */
export function restoreSasSession(stored: SecretBytes | Uint8Array, { nowMs }: SasNow): SasSession {
  assertTimeMs(nowMs, 'nowMs');
  const state = stored instanceof SecretBytes ? stored.use(parseSasState) : parseBytes(stored);
  if (isExpired(state, nowMs)) {
    state.seed?.destroy();
    throw new PolicyError('ERR_SAS_EXPIRED', 'this code session is over ten minutes old');
  }
  return new SasSession(state);
}

function parseBytes(stored: Uint8Array): SasState {
  if (!(stored instanceof Uint8Array)) {
    throw new ArgumentTypeError('a stored session must be SecretBytes or a Uint8Array');
  }
  return parseSasState(stored);
}
