/** Honest code sessions, of which vectors are made and damaged. */
import { createHmac } from 'node:crypto';
import { encodePublicKey, labelled } from '../../test/reference/keys.js';
import { encodeSasMessage, type Purpose, sasCommitment, type Transcript } from '../../test/reference/sas.js';
import { linkOffer } from '../../test/reference/sas-session.js';
import { alice, bob, bytesOf } from './people.js';
import { type Fields, hex } from './vector-file.js';

/** The three messages of a session. */
export type Messages = { readonly start: Buffer; readonly reply: Buffer; readonly reveal: Buffer };

export function messagesOf(t: Transcript): Messages {
  const session_id = t.sessionId;
  const commitment = sasCommitment(t);
  return {
    start: encodeSasMessage({ type: 'start', purpose: t.purpose, session_id, commitment }),
    reply: encodeSasMessage({ type: 'reply', session_id, nonce: t.nonceR }),
    reveal: encodeSasMessage({ type: 'reveal', session_id, nonce: t.nonceI }),
  };
}

// ------------------------------------------------------------------------------------- what a side draws

/**
 * This library draws a seed and derives its nonces from it. Nobody else has to: to another program they are nonces.
 * The seeds are published so that a test can make this library draw them.
 */
const nonceOf = (seed: Uint8Array, use: Uint8Array): Buffer =>
  createHmac('sha256', seed).update(labelled('sas nonce', use)).digest();

export const seed = (name: string): Buffer => bytesOf(`seed: ${name}`);
export const sessionId = (name: string): Buffer => bytesOf(`session: ${name}`).subarray(0, 16);

/** Everything of a session between a seed that begins it and one that answers. */
export function converse(
  purpose: Purpose,
  initiator: Buffer,
  responder: Buffer,
  [seedI, id, seedR]: readonly [seedI: Buffer, id: Buffer, seedR: Buffer],
): Transcript & Messages {
  const nonceI = nonceOf(seedI, id);
  const begun = { purpose, sessionId: id, initiator, responder, nonceI };
  const { start } = messagesOf({ ...begun, nonceR: Buffer.alloc(32) });
  const transcript = { ...begun, nonceR: nonceOf(seedR, start) };
  return { ...transcript, ...messagesOf(transcript) };
}

export const purposeName = (purpose: Purpose): string => (purpose === 1 ? 'contact' : 'linking');

/** The input of the side that begins; it draws a nonce for answering too, in case it yields. */
export function initiatorInput(
  session: Transcript,
  seedOfSide: Buffer,
  received: readonly Buffer[],
  answers?: Buffer,
): Fields {
  return {
    role: 'initiator',
    purpose: purposeName(session.purpose),
    own: hex(session.initiator),
    peer: hex(session.responder),
    sessionId: hex(session.sessionId),
    initiatorNonce: hex(session.nonceI),
    responderNonce: answers === undefined ? null : hex(nonceOf(seedOfSide, answers)),
    seed: hex(seedOfSide),
    received: received.map(hex),
  };
}

export function responderInput(session: Transcript, seedOfSide: Buffer, received: readonly Buffer[]): Fields {
  return {
    role: 'responder',
    purpose: purposeName(session.purpose),
    own: hex(session.responder),
    peer: hex(session.initiator),
    sessionId: null,
    initiatorNonce: null,
    responderNonce: hex(session.nonceR),
    seed: hex(seedOfSide),
    received: received.map(hex),
  };
}

export const ALICE: Buffer = encodePublicKey(alice.publicKey);
export const BOB: Buffer = encodePublicKey(bob.publicKey);
export const OFFER: Buffer = linkOffer(bytesOf('an HPKE key'), bytesOf('a nonce').subarray(0, 16));

export const contact: Transcript & Messages = converse(1, ALICE, BOB, [
  seed('Alice'),
  sessionId('contact'),
  seed('Bob'),
]);
export const linking: Transcript & Messages = converse(2, OFFER, BOB, [
  seed('new'),
  sessionId('linking'),
  seed('old'),
]);
