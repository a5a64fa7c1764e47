/**
 * Two phones run a code session over a network that somebody else owns.
 */

import { createSasSession, type SasSession } from 'contact-key-verification/codes.js';
import type { PublicKey } from 'contact-key-verification/suites.js';

/** What one side believes: its own key, and the key of the list it goes by for the other. */
export interface Believer {
  readonly own: PublicKey;
  readonly peer: PublicKey;
}

/** One side of the conversation, as the network sees it: it takes a message and perhaps sends one back. */
export type Side = (message: Uint8Array) => Uint8Array | undefined;

/** What the two people read to each other, and what they make of it. */
export interface SpokenCodes {
  readonly initiator: string;
  readonly responder: string;
  /** The key that the initiator's session was about, where its user said "same": the one to pin. */
  readonly pinned?: PublicKey;
}

export function beginSession(
  role: 'initiator' | 'responder',
  believer: Believer,
  nowMs: number,
): SasSession<PublicKey> {
  return createSasSession({ purpose: 'contact', role, ...believer, attempts: [], nowMs });
}

/** A phone's side of a session that its user began. */
export function sideOf(session: SasSession, nowMs: number): Side {
  return (message) => session.receive(message, { nowMs }).send;
}

/** Passes messages back and forth until neither side has one to send. */
export function converse(first: Uint8Array, responder: Side, initiator: Side): void {
  let message: Uint8Array | undefined = first;
  for (let side = responder; message !== undefined; side = side === responder ? initiator : responder) {
    message = side(message);
  }
}

/** Alice and Bob compare codes over an honest network. */
export function compareCodes(alice: Believer, bob: Believer, nowMs: number): SpokenCodes {
  const initiator = beginSession('initiator', alice, nowMs);
  const responder = beginSession('responder', bob, nowMs);
  converse(
    initiator.messageToSend({ nowMs }) as Uint8Array,
    sideOf(responder, nowMs),
    sideOf(initiator, nowMs),
  );
  const spoken = {
    initiator: initiator.readCode({ nowMs }).display,
    responder: responder.readCode({ nowMs }).display,
  };
  const same = spoken.initiator === spoken.responder;
  const answer = initiator.answer(same ? 'same' : 'different', { nowMs });
  responder.answer(same ? 'same' : 'different', { nowMs });
  return answer.outcome === 'same' ? { ...spoken, pinned: answer.pinned } : spoken;
}

/**
 * The same with a man in the middle, who runs a session of his own with each of them: to Alice he is Bob, under the
 * key `asBob`; to Bob he is Alice, under `asAlice`. He plays by the rules, because whatever else he does ends a
 * session at once.
 */
export function compareCodesIntercepted(
  alice: PublicKey,
  bob: PublicKey,
  asBob: PublicKey,
  asAlice: PublicKey,
  nowMs: number,
): SpokenCodes {
  const withAlice = compareCodes({ own: alice, peer: asBob }, { own: asBob, peer: alice }, nowMs);
  const withBob = compareCodes({ own: asAlice, peer: bob }, { own: bob, peer: asAlice }, nowMs);
  return { initiator: withAlice.initiator, responder: withBob.responder };
}
