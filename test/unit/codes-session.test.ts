import { createSasSession } from 'contact-key-verification/codes.js';
import type { PublicKey } from 'contact-key-verification/suites.js';
import { describe, expect, test } from 'vitest';
import { encodePublicKey } from '../reference/keys.js';
import { decodeSasMessage, encodeSasMessage, sasCode, sasCommitment } from '../reference/sas.js';
import { codeOf } from '../support/accounts.js';
import {
  ALICE,
  answerOf,
  assertSpent,
  beginContact,
  BOB,
  digitsOf,
  exchange,
  hex,
  LINK_OFFER,
  MALLORY_AS_BOB,
  NOW,
  outgoing,
  startWith,
} from '../support/sas.js';

const LARGEST = 0xff;

describe('an honest session', () => {
  test('shows both sides the code that the protocol page defines', () => {
    const { initiator, responder, start, reply, reveal } = exchange();
    const begin = decodeSasMessage(start);
    const [nonceR, nonceI] = [decodeSasMessage(reply), decodeSasMessage(reveal)];
    if (begin.type !== 'start' || nonceR.type !== 'reply' || nonceI.type !== 'reveal') throw new Error();
    const transcript = {
      purpose: 1 as const,
      sessionId: begin.session_id,
      initiator: encodePublicKey(ALICE),
      responder: encodePublicKey(BOB),
      nonceI: nonceI.nonce,
      nonceR: nonceR.nonce,
    };
    expect(hex(begin.commitment)).toBe(hex(sasCommitment(transcript)));
    const digits = sasCode(transcript);
    const display = `${digits.slice(0, 4)} ${digits.slice(4)}`;
    expect(initiator.readCode(NOW)).toEqual({ digits, display });
    expect(responder.readCode(NOW)).toEqual({ digits, display });
  });

  test('pins exactly the peer of the transcript, each side for itself', () => {
    const { initiator, responder } = exchange();
    const outcome = initiator.answer('same', NOW);
    expect(outcome).toEqual({ outcome: 'same', purpose: 'contact', pinned: BOB });
    expect(Object.isFrozen(outcome)).toBe(true);
    // Nothing of that reaches the other side: its own user decides.
    expect(responder.phase).toBe('complete');
    expect(responder.answer('different', NOW)).toEqual({ outcome: 'different', purpose: 'contact' });
    assertSpent(initiator);
    assertSpent(responder);
  });

  test('links a device: the offer on one side, the account key on the other', () => {
    const initiator = createSasSession({
      purpose: 'linking',
      role: 'initiator',
      own: LINK_OFFER,
      peer: ALICE,
      attempts: [],
      ...NOW,
    });
    const responder = createSasSession({
      purpose: 'linking',
      role: 'responder',
      own: ALICE,
      peer: LINK_OFFER,
      attempts: [],
      ...NOW,
    });
    responder.receive(answerOf(initiator, answerOf(responder, outgoing(initiator))), NOW);
    expect(digitsOf(initiator)).toBe(digitsOf(responder));
    const byNew = initiator.answer('same', NOW);
    const byOld = responder.answer('same', NOW);
    if (byNew.outcome !== 'same' || byOld.outcome !== 'same') throw new Error();
    // The types say which is which.
    const accountKey: PublicKey = byNew.pinned;
    const offer: Uint8Array = byOld.pinned;
    expect(accountKey).toEqual(ALICE);
    expect(hex(offer)).toBe(hex(LINK_OFFER));
  });

  test('says what there is to send, as often as it is asked', () => {
    const initiator = beginContact('initiator', ALICE, BOB);
    const responder = beginContact('responder', BOB, ALICE);
    expect(responder.messageToSend(NOW)).toBeUndefined();
    const start = outgoing(initiator);
    expect(outgoing(initiator)).toEqual(start);
    const reply = answerOf(responder, start);
    expect(outgoing(responder)).toEqual(reply);
    const reveal = answerOf(initiator, reply);
    expect(outgoing(initiator)).toEqual(reveal);
    start.fill(0);
    reveal.fill(0);
    expect(outgoing(initiator)).not.toEqual(reveal);
  });

  test('draws new nonces and session ids every time', () => {
    const messages = [exchange(), exchange()].map(({ start, reply, reveal }) => [
      hex(start.subarray(3, 19)),
      hex(start.subarray(19)),
      hex(reply.subarray(18)),
      hex(reveal.subarray(18)),
    ]);
    expect(new Set(messages.flat()).size).toBe(8);
  });
});

describe('the commitment', () => {
  test('is checked at the reveal', () => {
    const { start, reply } = exchange();
    const responder = beginContact('responder', BOB, ALICE);
    answerOf(responder, start);
    const message = decodeSasMessage(reply);
    if (message.type !== 'reply') throw new Error();
    const reveal = encodeSasMessage({ ...message, type: 'reveal' });
    expect(codeOf(() => responder.receive(reveal, NOW))).toBe('ERR_SAS_COMMITMENT');
    assertSpent(responder);
  });

  test('binds the initiator: a responder who goes by another key for it sees a false reveal', () => {
    const initiator = beginContact('initiator', ALICE, BOB);
    const responder = beginContact('responder', BOB, MALLORY_AS_BOB);
    const reveal = answerOf(initiator, answerOf(responder, outgoing(initiator)));
    expect(codeOf(() => responder.receive(reveal, NOW))).toBe('ERR_SAS_COMMITMENT');
  });

  test('cannot be replaced within a session', () => {
    const responder = beginContact('responder', BOB, ALICE);
    answerOf(responder, startWith(1));
    expect(codeOf(() => responder.receive(startWith(2), NOW))).toBe('ERR_SAS_UNEXPECTED');
    assertSpent(responder);
  });

  test('of our own, sent back, ends the session, whatever stands around it', () => {
    for (const changed of [[], [2], [3], [2, 3]]) {
      const initiator = beginContact('initiator', ALICE, BOB);
      const start = outgoing(initiator);
      if (changed.includes(2)) start[2] = 2;
      if (changed.includes(3)) start.fill(9, 3, 19);
      expect(codeOf(() => initiator.receive(start, NOW))).toBe('ERR_SAS_REFLECTED');
      assertSpent(initiator);
    }
  });

  test('of our own, sent back after we yielded, ends the session too', () => {
    const initiator = beginContact('initiator', ALICE, BOB);
    const start = outgoing(initiator);
    expect(initiator.receive(startWith(LARGEST), NOW).event).toBe('crossed-yielded');
    expect(codeOf(() => initiator.receive(start, NOW))).toBe('ERR_SAS_REFLECTED');
  });

  test('of another start under our session id ends the session', () => {
    const initiator = beginContact('initiator', ALICE, BOB);
    const start = outgoing(initiator);
    start[50] = (start[50] as number) ^ 1;
    expect(codeOf(() => initiator.receive(start, NOW))).toBe('ERR_SAS_UNEXPECTED');
  });
});

describe('subjects', () => {
  test('our own key from the peer is refused', () => {
    for (const role of ['initiator', 'responder'] as const) {
      expect(codeOf(() => beginContact(role, ALICE, { ...ALICE }))).toBe('ERR_SAS_OWN_KEY');
    }
  });

  test('are fixed before the first message: later changes of the objects reach nothing', () => {
    const own = { scheme: ALICE.scheme, key: Uint8Array.from(ALICE.key) };
    const peer = { scheme: BOB.scheme, key: Uint8Array.from(BOB.key) };
    const initiator = beginContact('initiator', own, peer);
    const responder = beginContact('responder', BOB, ALICE);
    own.key.set(MALLORY_AS_BOB.key);
    peer.key.fill(0);
    responder.receive(answerOf(initiator, answerOf(responder, outgoing(initiator))), NOW);
    expect(digitsOf(initiator)).toBe(digitsOf(responder));
    expect(initiator.answer('same', NOW)).toMatchObject({ pinned: BOB });
  });

  test('must be keys', () => {
    const broken = { scheme: BOB.scheme, key: Uint8Array.from(BOB.key) };
    broken.key[5] = (broken.key[5] as number) ^ 1;
    expect(codeOf(() => beginContact('initiator', ALICE, broken))).toBe('ERR_KEY_POINT');
    expect(codeOf(() => beginContact('initiator', broken, ALICE))).toBe('ERR_KEY_POINT');
    expect(codeOf(() => beginContact('initiator', ALICE, { ...BOB, scheme: 1 } as never))).toBe('ERR_SCHEME');
    expect(codeOf(() => beginContact('initiator', ALICE, undefined as never))).toBe('ERR_ARGUMENT_TYPE');
  });

  test('must be a LinkOffer on the side that links', () => {
    const link = (own: unknown, peer: unknown = ALICE): unknown =>
      createSasSession({ purpose: 'linking', role: 'initiator', own, peer, attempts: [], ...NOW } as never);
    const newer = Uint8Array.from(LINK_OFFER).fill(2, 0, 1);
    expect(codeOf(() => link(LINK_OFFER.subarray(1)))).toBe('ERR_VERSION');
    expect(codeOf(() => link(newer))).toBe('ERR_VERSION');
    expect(codeOf(() => link(LINK_OFFER.subarray(0, 48)))).toBe('ERR_TRUNCATED');
    expect(codeOf(() => link(Uint8Array.of(...LINK_OFFER, 0)))).toBe('ERR_TRAILING_BYTES');
    expect(codeOf(() => link(ALICE))).toBe('ERR_ARGUMENT_TYPE');
    expect(codeOf(() => link(LINK_OFFER, LINK_OFFER))).toBe('ERR_ARGUMENT_TYPE');
  });

  test('purpose and role must be known', () => {
    const setup = { own: ALICE, peer: BOB, attempts: [], ...NOW };
    expect(codeOf(() => createSasSession({ ...setup, purpose: 'x', role: 'initiator' } as never))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
    expect(codeOf(() => createSasSession({ ...setup, purpose: 'contact', role: 'x' } as never))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
  });
});
