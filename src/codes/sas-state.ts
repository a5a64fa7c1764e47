/**
 * The stored form of a code session between two messages. Ours alone: no other program reads it.
 *
 *     struct {
 *       uint8 version = 1;
 *       Purpose purpose;   uint64 began_ms;   uint64 attempts<0..255>;
 *       Subject own;       Subject peer;
 *       opaque seed<0..32>;                       // 32 bytes while a nonce is secret, then empty
 *       opaque own_start<0..51>, peer_start<0..51>, reply<0..51>, reveal<0..51>;    // messages, or empty
 *       opaque checksum[32];                      // H("sas state", all before): finds damage, stops nobody
 *     }
 *
 * What is read back must be a state that this library could have written: messages that belong together, a
 * commitment that opens, a seed exactly as long as it is needed.
 */

import { type Codec, decode, encode, opaque, struct, uint64, vector, version } from '../bytes/codec.js';
import { concatBytes, equalBytes } from '../bytes/compare.js';
import { hashLabelled } from '../crypto/label.js';
import { SecretBytes } from '../crypto/secret-bytes.js';
import { StateError } from '../errors.js';
import { SAS_ATTEMPTS_MAX } from './sas-attempts.js';
import {
  encodeSasMessage,
  parseSasMessage,
  purposeCodec,
  SAS_MESSAGE_MAX_BYTES,
  type SasMessage,
  type SasPurpose,
  type SasReply,
  type SasReveal,
  type SasStart,
} from './sas-message.js';
import {
  contextOf,
  initiatorNonce,
  opensCommitment,
  phaseOf,
  type SasState,
  startOf,
} from './sas-progress.js';
import { parseSubject } from './sas-subject.js';
import { deriveCommitment, subjectCodec } from './sas-transcript.js';

export const SEED_LENGTH = 32;
const CHECKSUM_LENGTH = 32;
/** Far above any state, and far below anything that could hurt. */
const STATE_MAX_BYTES = 1024;

interface Stored {
  readonly version: 1;
  readonly purpose: SasPurpose;
  readonly beganMs: number;
  readonly attempts: readonly number[];
  readonly own: Uint8Array;
  readonly peer: Uint8Array;
  readonly seed: Uint8Array;
  readonly ownStart: Uint8Array;
  readonly peerStart: Uint8Array;
  readonly reply: Uint8Array;
  readonly reveal: Uint8Array;
}

const optionalMessage: Codec<Uint8Array> = /* @__PURE__ */ opaque(0, SAS_MESSAGE_MAX_BYTES);

const storedCodec: Codec<Stored> = /* @__PURE__ */ struct({
  version: version(1, 1),
  purpose: purposeCodec,
  beganMs: uint64,
  attempts: vector(uint64, { min: 0, ceiling: 255, limit: SAS_ATTEMPTS_MAX }),
  own: subjectCodec,
  peer: subjectCodec,
  seed: opaque(0, SEED_LENGTH),
  ownStart: optionalMessage,
  peerStart: optionalMessage,
  reply: optionalMessage,
  reveal: optionalMessage,
});

const NOTHING: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** The stored form of a state. */
export function encodeSasState(state: SasState): SecretBytes {
  const bytesOf = (value: SasMessage | undefined): Uint8Array =>
    value === undefined ? NOTHING : encodeSasMessage(value);
  const seed = state.seed?.reveal() ?? NOTHING;
  const body = encode(storedCodec, {
    version: 1,
    purpose: state.purpose,
    beganMs: state.beganMs,
    attempts: state.attempts,
    own: state.own,
    peer: state.peer,
    seed,
    ownStart: bytesOf(state.ownStart),
    peerStart: bytesOf(state.peerStart),
    reply: bytesOf(state.reply),
    reveal: bytesOf(state.reveal),
  });
  const whole = concatBytes(body, hashLabelled('sas state', body));
  const secret = new SecretBytes(whole);
  for (const copy of [seed, body, whole]) copy.fill(0);
  return secret;
}

/**
 * A state from its stored form.
 * @throws StateError `ERR_STORED_STATE` for whatever this library did not write
 */
export function parseSasState(bytes: Uint8Array): SasState {
  let state: SasState | undefined;
  try {
    state = readState(bytes);
    if (state !== undefined && !isPossible(state)) state = undefined;
  } catch {
    // Which defect it is helps nobody: the session is lost either way.
    state = undefined;
  }
  if (state === undefined) {
    throw new StateError('ERR_STORED_STATE', 'the stored code session is damaged');
  }
  return state;
}

function readState(bytes: Uint8Array): SasState | undefined {
  const end = bytes.length - CHECKSUM_LENGTH;
  if (bytes.length > STATE_MAX_BYTES || end < 0) return undefined;
  const body = bytes.subarray(0, end);
  if (!equalBytes(hashLabelled('sas state', body), bytes.subarray(end))) return undefined;
  const stored = decode(storedCodec, body, 'SasState', STATE_MAX_BYTES);
  const seed = stored.seed.length === 0 ? undefined : new SecretBytes(stored.seed);
  stored.seed.fill(0);
  return Object.freeze({
    purpose: stored.purpose,
    beganMs: stored.beganMs,
    attempts: stored.attempts,
    own: stored.own,
    peer: stored.peer,
    seed,
    ownStart: readMessage('start', stored.ownStart),
    peerStart: readMessage('start', stored.peerStart),
    reply: readMessage('reply', stored.reply),
    reveal: readMessage('reveal', stored.reveal),
  });
}

function readMessage<T extends SasMessage['type']>(
  type: T,
  bytes: Uint8Array,
): Extract<SasMessage, { type: T }> | undefined {
  if (bytes.length === 0) return undefined;
  const value = parseSasMessage(bytes);
  if (value.type !== type) throw new StateError('ERR_STORED_STATE', 'a message in the wrong place');
  return value as Extract<SasMessage, { type: T }>;
}

/** Whether the steps of `sas-progress.ts` could have led here. Throws where a subject is none. */
function isPossible(state: SasState): boolean {
  const { purpose, ownStart, peerStart, seed, reply, reveal } = state;
  const [ownRole, peerRole] = ownStart === undefined ? OTHER_BEGAN : WE_BEGAN;
  parseSubject(purpose, ownRole, state.own);
  parseSubject(purpose, peerRole, state.peer);
  if (equalBytes(state.own, state.peer) || state.attempts.at(-1) !== state.beganMs) return false;

  if (ownStart !== undefined && ownStart.purpose !== purpose) return false;
  if (peerStart !== undefined && peerStart.purpose !== purpose) return false;
  if (ownStart !== undefined && peerStart !== undefined) {
    const crossed =
      purpose === 'contact' &&
      !equalBytes(ownStart.sessionId, peerStart.sessionId) &&
      !equalBytes(ownStart.commitment, peerStart.commitment);
    if (!crossed) return false;
  }

  const start = startOf(state);
  const secret = seed !== undefined && seed.length === SEED_LENGTH;
  switch (phaseOf(state)) {
    case 'awaiting-start':
      return secret && reply === undefined;
    case 'awaiting-reply':
      return secret && reply === undefined && start !== undefined && commits(state, seed, start);
    case 'awaiting-reveal':
      return seed === undefined && belongs(start, reply);
    case 'complete':
      return seed === undefined && belongs(start, reply) && opens(state, start, reveal);
  }
}

const WE_BEGAN = ['initiator', 'responder'] as const;
const OTHER_BEGAN = ['responder', 'initiator'] as const;

function commits(state: SasState, seed: SecretBytes, start: SasStart): boolean {
  const nonce = initiatorNonce(seed, start.sessionId);
  return equalBytes(deriveCommitment(contextOf(state, start), nonce), start.commitment);
}

function belongs(start: SasStart | undefined, answer: SasReply | SasReveal | undefined): boolean {
  return start !== undefined && answer !== undefined && equalBytes(answer.sessionId, start.sessionId);
}

function opens(state: SasState, start: SasStart | undefined, reveal: SasReveal | undefined): boolean {
  return (
    start !== undefined &&
    reveal !== undefined &&
    belongs(start, reveal) &&
    opensCommitment(state, start, reveal)
  );
}
