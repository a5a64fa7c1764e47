/**
 * Two people and their code sessions, for tests.
 */

import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { createSasSession, type SasSession } from 'contact-key-verification/codes.js';
import { generatePrivateKey } from 'contact-key-verification/keys.js';
import { ed25519, encodePublicKey, p256, type PublicKey } from 'contact-key-verification/suites.js';
import { codeOf } from './accounts.js';

/** Some point in time. */
export const T0 = 1_750_000_000_000;
export const NOW = { nowMs: T0 } as const;
export const MINUTE_MS = 60_000;

const key = (scheme: typeof ed25519): PublicKey => generatePrivateKey(scheme).publicKey;

/** Account keys of both schemes. No law here depends on which key it is, only on which are equal. */
export const KEYS: readonly PublicKey[] = [key(ed25519), key(p256), key(ed25519), key(p256), key(ed25519)];
export const [ALICE, BOB, MALLORY_AS_BOB, MALLORY_AS_ALICE] = KEYS as readonly [
  PublicKey,
  PublicKey,
  PublicKey,
  PublicKey,
];

/** A LinkOffer: version, HPKE key, nonce. */
export const LINK_OFFER: Uint8Array = Uint8Array.of(
  1,
  ...createHash('sha256').update('hpke key').digest(),
  ...createHash('md5').update('nonce').digest(),
);

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const encoded = (value: PublicKey | Uint8Array): string =>
  hex(value instanceof Uint8Array ? value : encodePublicKey(value));

export function beginContact(
  role: 'initiator' | 'responder',
  own: PublicKey,
  peer: PublicKey,
  more: { attempts?: readonly number[]; nowMs?: number } = {},
): SasSession<PublicKey> {
  return createSasSession({ purpose: 'contact', role, own, peer, attempts: [], ...NOW, ...more });
}

export const filled = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

/** A start of somebody else, with a commitment of the test's choice. */
export function startWith(
  commitment: number,
  { id = filled(16, 7), purpose = 1 }: { id?: Uint8Array; purpose?: 1 | 2 } = {},
): Uint8Array {
  return Uint8Array.of(1, 1, purpose, ...id, ...filled(32, commitment));
}

/** What this side sends now; fails where it is not its turn. */
export function outgoing(session: SasSession): Uint8Array {
  const message = session.messageToSend(NOW);
  if (message === undefined) throw new Error('nothing to send');
  return message;
}

/** Delivers a message that must be answered. */
export function answerOf(session: SasSession, message: Uint8Array): Uint8Array {
  const { send } = session.receive(message, NOW);
  if (send === undefined) throw new Error('no answer');
  return send;
}

/** A session between two sides that know each other's keys, and its three messages. */
export interface Exchange {
  readonly initiator: SasSession<PublicKey>;
  readonly responder: SasSession<PublicKey>;
  readonly start: Uint8Array;
  readonly reply: Uint8Array;
  readonly reveal: Uint8Array;
}

/** A whole honest exchange, up to the codes. */
export function exchange(): Exchange {
  const initiator = beginContact('initiator', ALICE, BOB);
  const responder = beginContact('responder', BOB, ALICE);
  const start = outgoing(initiator);
  const reply = answerOf(responder, start);
  const reveal = answerOf(initiator, reply);
  responder.receive(reveal, NOW);
  return { initiator, responder, start, reply, reveal };
}

export const digitsOf = (session: SasSession): string => session.readCode(NOW).digits;

/** The stored form, as hex: two sessions with one stored form are in one state. */
export const stateOf = (session: SasSession): string => session.exportState().use(hex);

/** Fails unless a session has ended, and every use of it says so. */
export function assertSpent(session: SasSession): void {
  assert.equal(session.phase, 'ended');
  assert.equal(session.isLive(NOW), false);
  const message = startWith(1);
  const uses: readonly (() => unknown)[] = [
    () => session.receive(message, NOW),
    () => session.messageToSend(NOW),
    () => session.readCode(NOW),
    () => session.answer('same', NOW),
    () => session.answer('cancel', NOW),
    () => session.exportState(),
  ];
  for (const use of uses) assert.equal(codeOf(use), 'ERR_SPENT');
}
