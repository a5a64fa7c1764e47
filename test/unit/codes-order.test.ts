import { createSasSession } from 'contact-key-verification/codes.js';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../support/accounts.js';
import {
  ALICE,
  answerOf,
  assertSpent,
  beginContact,
  BOB,
  digitsOf,
  exchange,
  filled,
  hex,
  LINK_OFFER,
  NOW,
  outgoing,
  startWith,
  stateOf,
  T0,
} from '../support/sas.js';

const SMALLEST = 0x00;
const LARGEST = 0xff;

describe('what begins and what answers', () => {
  test('a further start is reported, and not answered', () => {
    const responder = beginContact('responder', BOB, ALICE);
    answerOf(responder, startWith(1));
    const before = stateOf(responder);
    for (const commitment of [SMALLEST, 2, LARGEST]) {
      const receipt = responder.receive(startWith(commitment, { id: filled(16, 100 + commitment) }), NOW);
      expect(receipt).toEqual({ event: 'further-start' });
    }
    expect(stateOf(responder)).toBe(before);
  });

  test('nothing answers after the end', () => {
    const { initiator, responder } = exchange();
    initiator.answer('cancel', NOW);
    responder.answer('same', NOW);
    for (const session of [initiator, responder]) {
      expect(codeOf(() => session.receive(startWith(3), NOW))).toBe('ERR_SPENT');
    }
  });

  test('a start for another purpose ends the session', () => {
    for (const role of ['initiator', 'responder'] as const) {
      const session = beginContact(role, BOB, ALICE);
      expect(codeOf(() => session.receive(startWith(LARGEST, { purpose: 2 }), NOW))).toBe('ERR_SAS_PURPOSE');
      assertSpent(session);
    }
  });

  test('who links a device does not yield to a start', () => {
    const session = createSasSession({
      purpose: 'linking',
      role: 'initiator',
      own: LINK_OFFER,
      peer: ALICE,
      attempts: [],
      ...NOW,
    });
    const before = stateOf(session);
    expect(session.receive(startWith(LARGEST, { purpose: 2 }), NOW)).toEqual({ event: 'further-start' });
    expect(stateOf(session)).toBe(before);
    expect(codeOf(() => session.receive(startWith(LARGEST), NOW))).toBe('ERR_SAS_PURPOSE');
  });

  test('messages out of order end the session', () => {
    const { reply, reveal } = exchange();
    const sessionId = reply.subarray(2, 18);
    const asReveal = Uint8Array.from(reply).fill(3, 1, 2);

    const initiator = beginContact('initiator', ALICE, BOB);
    asReveal.set(outgoing(initiator).subarray(3, 19), 2);
    expect(codeOf(() => initiator.receive(asReveal, NOW))).toBe('ERR_SAS_UNEXPECTED');
    assertSpent(initiator);

    const again = exchange();
    expect(hex(sessionId)).not.toBe(hex(again.reply.subarray(2, 18)));
    // Its own reply, sent back.
    expect(codeOf(() => again.responder.receive(again.reply, NOW))).toBe('ERR_SAS_UNEXPECTED');
    // Its own reveal, sent back.
    expect(codeOf(() => again.initiator.receive(again.reveal, NOW))).toBe('ERR_SAS_UNEXPECTED');
    expect(hex(reveal)).not.toBe(hex(again.reveal));
  });

  test('a second, different reply or reveal ends the session, with the code in view too', () => {
    for (const [side, message] of [
      ['initiator', 'reply'],
      ['responder', 'reveal'],
    ] as const) {
      const run = exchange();
      const other = Uint8Array.from(run[message]);
      other[49] = (other[49] as number) ^ 1;
      expect(codeOf(() => run[side].receive(other, NOW))).toBe('ERR_SAS_UNEXPECTED');
      assertSpent(run[side]);
    }
  });

  test('repeats and messages of other sessions change nothing', () => {
    const run = exchange();
    const foreign = exchange();
    for (const [session, repeats] of [
      [run.initiator, [run.reply]],
      [run.responder, [run.start, run.reveal]],
    ] as const) {
      const before = stateOf(session);
      for (const message of repeats) {
        expect(session.receive(message, NOW)).toEqual({ event: 'ignored-repeat' });
      }
      for (const message of [foreign.reply, foreign.reveal]) {
        expect(session.receive(message, NOW)).toEqual({ event: 'ignored-foreign' });
      }
      expect(stateOf(session)).toBe(before);
    }
    const waiting = beginContact('responder', BOB, ALICE);
    expect(waiting.receive(foreign.reveal, NOW)).toEqual({ event: 'ignored-foreign' });
    expect(waiting.phase).toBe('awaiting-start');
  });
});

describe('starts that cross', () => {
  test('the smaller commitment yields, replies, and has spent one attempt', () => {
    const session = beginContact('initiator', ALICE, BOB);
    const receipt = session.receive(startWith(LARGEST), NOW);
    expect(receipt.event).toBe('crossed-yielded');
    expect(session.phase).toBe('awaiting-reveal');
    expect(session.attempts).toEqual([T0]);
    expect(hex((receipt.send as Uint8Array).subarray(0, 18))).toBe(`0102${'07'.repeat(16)}`);
  });

  test('the larger one stays, and says so once', () => {
    const session = beginContact('initiator', ALICE, BOB);
    expect(session.receive(startWith(SMALLEST), NOW)).toEqual({ event: 'crossed-kept' });
    expect(session.receive(startWith(SMALLEST), NOW)).toEqual({ event: 'ignored-repeat' });
    // Only one start of the other side can have crossed ours; whoever sends more is not crossing.
    expect(session.receive(startWith(LARGEST, { id: filled(16, 8) }), NOW)).toEqual({
      event: 'further-start',
    });
    expect(session.phase).toBe('awaiting-reply');
  });

  test('the losing start may arrive when the winner already has the code', () => {
    const { initiator } = exchange();
    const code = digitsOf(initiator);
    expect(initiator.receive(startWith(SMALLEST), NOW)).toEqual({ event: 'crossed-kept' });
    expect(digitsOf(initiator)).toBe(code);
  });

  test('nobody yields once the nonce is revealed', () => {
    const { initiator } = exchange();
    const before = stateOf(initiator);
    expect(initiator.receive(startWith(LARGEST), NOW)).toEqual({ event: 'further-start' });
    for (const commitment of [SMALLEST, LARGEST]) {
      const linking = startWith(commitment, { purpose: 2 });
      expect(initiator.receive(linking, NOW)).toEqual({ event: 'further-start' });
    }
    expect(stateOf(initiator)).toBe(before);
  });

  test('a reply to the dropped start is foreign', () => {
    const session = beginContact('initiator', ALICE, BOB);
    const reply = answerOf(beginContact('responder', BOB, ALICE), outgoing(session));
    session.receive(startWith(LARGEST), NOW);
    expect(session.receive(reply, NOW)).toEqual({ event: 'ignored-foreign' });
  });
});
