import { inspect } from 'node:util';
import * as codes from 'contact-key-verification/codes.js';
import {
  createSasSession,
  reviewSasAttempts,
  SAS_LIFETIME_MS,
  type SasSession,
} from 'contact-key-verification/codes.js';
import { type PublicKey, SecretBytes } from 'contact-key-verification/suites.js';
import { describe, expect, test, vi } from 'vitest';
import { encodePublicKey } from '../reference/keys.js';
import { decodeSasMessage, encodeSasMessage, sasCode, sasCommitment } from '../reference/sas.js';
import { codeOf } from '../support/accounts.js';
import {
  ALICE,
  answerOf,
  beginContact,
  BOB,
  digitsOf,
  exchange,
  filled,
  hex,
  LINK_OFFER,
  MALLORY_AS_BOB,
  NOW,
  outgoing,
  startWith,
  stateOf,
  T0,
} from '../support/sas.js';

const SMALLEST = 0x00;
const LARGEST = 0xff;

/** Every use of a session that has ended. */
function expectSpent(session: SasSession): void {
  expect(session.phase).toBe('ended');
  expect(session.isLive(NOW)).toBe(false);
  const { start } = exchange();
  expect(codeOf(() => session.receive(start, NOW))).toBe('ERR_SPENT');
  expect(codeOf(() => session.messageToSend(NOW))).toBe('ERR_SPENT');
  expect(codeOf(() => session.readCode(NOW))).toBe('ERR_SPENT');
  expect(codeOf(() => session.answer('same', NOW))).toBe('ERR_SPENT');
  expect(codeOf(() => session.answer('cancel', NOW))).toBe('ERR_SPENT');
  expect(codeOf(() => session.exportState())).toBe('ERR_SPENT');
}

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
    expectSpent(initiator);
    expectSpent(responder);
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
    expectSpent(responder);
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
    expectSpent(responder);
  });

  test('of our own, sent back, ends the session, whatever stands around it', () => {
    for (const changed of [[], [2], [3], [2, 3]]) {
      const initiator = beginContact('initiator', ALICE, BOB);
      const start = outgoing(initiator);
      if (changed.includes(2)) start[2] = 2;
      if (changed.includes(3)) start.fill(9, 3, 19);
      expect(codeOf(() => initiator.receive(start, NOW))).toBe('ERR_SAS_REFLECTED');
      expectSpent(initiator);
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
    expect(codeOf(() => link(Uint8Array.of(...LINK_OFFER, 0)))).toBe('ERR_TOO_LARGE');
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
      expectSpent(session);
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
    expectSpent(initiator);

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
      expectSpent(run[side]);
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

describe('the code and the answer', () => {
  test('are not there before the session is complete', () => {
    const initiator = beginContact('initiator', ALICE, BOB);
    const responder = beginContact('responder', BOB, ALICE);
    const early = (session: SasSession): void => {
      const before = stateOf(session);
      expect(codeOf(() => session.readCode(NOW))).toBe('ERR_NOT_READY');
      expect(codeOf(() => session.answer('same', NOW))).toBe('ERR_NOT_READY');
      expect(codeOf(() => session.answer('different', NOW))).toBe('ERR_NOT_READY');
      expect(stateOf(session)).toBe(before);
    };
    early(initiator);
    early(responder);
    const reply = answerOf(responder, outgoing(initiator));
    early(responder);
    const reveal = answerOf(initiator, reply);
    expect(initiator.phase).toBe('complete');
    early(responder);
    responder.receive(reveal, NOW);
    expect(responder.phase).toBe('complete');
  });

  test('cancel is possible at any time, and final', () => {
    const waiting = beginContact('responder', BOB, ALICE);
    expect(waiting.answer('cancel', NOW)).toEqual({ outcome: 'cancel', purpose: 'contact' });
    expectSpent(waiting);
  });

  test('different is final', () => {
    const { initiator } = exchange();
    expect(initiator.answer('different', NOW)).toEqual({ outcome: 'different', purpose: 'contact' });
    expectSpent(initiator);
  });

  test('an answer that is none changes nothing', () => {
    const { initiator } = exchange();
    expect(codeOf(() => initiator.answer('yes' as never, NOW))).toBe('ERR_ARGUMENT_RANGE');
    expect(initiator.phase).toBe('complete');
  });

  test('a code that begins with zeros keeps its 8 digits', () => {
    // One code in ten begins with a zero: 200 sessions without one would be a chance of 10^-9.
    const seen = Array.from({ length: 200 }, () => digitsOf(exchange().initiator));
    for (const digits of seen) expect(digits).toMatch(/^[0-9]{8}$/);
    expect(seen.some((digits) => digits.startsWith('0'))).toBe(true);
  });
});

describe('time', () => {
  const LAST = { nowMs: T0 + SAS_LIFETIME_MS - 1 };
  const OVER = { nowMs: T0 + SAS_LIFETIME_MS };
  const EARLIER = { nowMs: T0 - 1 };

  test('ten minutes, and not a millisecond more', () => {
    expect(SAS_LIFETIME_MS).toBe(600_000);
    expect(exchange().initiator.readCode(LAST).digits).toHaveLength(8);
    expect(exchange().initiator.answer('same', LAST).outcome).toBe('same');
  });

  test.each([
    ['after ten minutes', OVER],
    ['before the beginning', EARLIER],
  ])('%s nothing is sent, taken, shown or answered', (_, now) => {
    const uses: readonly ((session: SasSession) => unknown)[] = [
      (session) => session.messageToSend(now),
      (session) => session.receive(startWith(1), now),
      (session) => session.readCode(now),
      (session) => session.answer('same', now),
      (session) => session.answer('different', now),
      (session) => session.answer('cancel', now),
    ];
    for (const use of uses) {
      const { initiator } = exchange();
      expect(initiator.isLive(now)).toBe(false);
      expect(initiator.phase).toBe('complete');
      expect(codeOf(() => use(initiator))).toBe('ERR_SAS_EXPIRED');
      expectSpent(initiator);
    }
  });

  test('must be a time; anything else changes nothing', () => {
    const session = beginContact('initiator', ALICE, BOB);
    for (const nowMs of [Number.NaN, -1, 0.5, 2 ** 53, Number.POSITIVE_INFINITY]) {
      expect(codeOf(() => session.readCode({ nowMs }))).toBe('ERR_ARGUMENT_RANGE');
      expect(codeOf(() => beginContact('initiator', ALICE, BOB, { nowMs }))).toBe('ERR_ARGUMENT_RANGE');
    }
    expect(codeOf(() => session.messageToSend({ nowMs: '1' as never }))).toBe('ERR_ARGUMENT_TYPE');
    expect(codeOf(() => session.receive('x' as never, NOW))).toBe('ERR_ARGUMENT_TYPE');
    expect(session.phase).toBe('awaiting-reply');
  });
});

describe('attempts', () => {
  const DAY_MS = 24 * 60 * 60 * 1000;

  test('each session counts when it begins, and the sixth in 24 hours is refused', () => {
    let attempts: readonly number[] = [];
    for (let i = 0; i < 5; i++) {
      const session = beginContact(i % 2 === 0 ? 'initiator' : 'responder', ALICE, BOB, {
        attempts,
        nowMs: T0 + i,
      });
      session.answer('cancel', { nowMs: T0 + i });
      attempts = session.attempts;
    }
    expect(attempts).toEqual([T0, T0 + 1, T0 + 2, T0 + 3, T0 + 4]);
    const next = (nowMs: number): readonly number[] =>
      beginContact('initiator', ALICE, BOB, { attempts, nowMs }).attempts;
    expect(codeOf(() => next(T0 + 5))).toBe('ERR_SAS_ATTEMPTS');
    expect(codeOf(() => next(T0 + DAY_MS - 1))).toBe('ERR_SAS_ATTEMPTS');
    expect(next(T0 + DAY_MS)).toEqual([T0 + 1, T0 + 2, T0 + 3, T0 + 4, T0 + DAY_MS]);
  });

  test('a clock that is set back forgets none', () => {
    const attempts = [T0, T0, T0, T0, T0];
    const nowMs = T0 - 10 * DAY_MS;
    expect(codeOf(() => beginContact('initiator', ALICE, BOB, { attempts, nowMs }))).toBe('ERR_SAS_ATTEMPTS');
    const review = reviewSasAttempts({ attempts, nowMs });
    expect(review).toEqual({ attempts: Array(5).fill(nowMs), remaining: 0, retryAtMs: nowMs + DAY_MS });
    expect(reviewSasAttempts({ attempts: review.attempts, nowMs: nowMs + DAY_MS }).remaining).toBe(5);
  });

  test('the limit can be lowered, not raised', () => {
    const begin = (limit: number, attempts: number[]): unknown =>
      createSasSession({
        purpose: 'contact',
        role: 'initiator',
        own: ALICE,
        peer: BOB,
        attempts,
        limit,
        ...NOW,
      });
    expect(begin(2, [T0])).toBeDefined();
    expect(codeOf(() => begin(2, [T0, T0]))).toBe('ERR_SAS_ATTEMPTS');
    for (const limit of [0, 6, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(codeOf(() => begin(limit, []))).toBe('ERR_ARGUMENT_RANGE');
    }
  });

  test('may stand in any order', () => {
    const attempts = [T0 - 1, T0 - 5, T0 - 3];
    const review = reviewSasAttempts({ attempts, ...NOW, limit: 2 });
    expect(review).toEqual({ attempts: [T0 - 5, T0 - 3, T0 - 1], remaining: 0, retryAtMs: T0 - 3 + DAY_MS });
    expect(attempts).toEqual([T0 - 1, T0 - 5, T0 - 3]);
  });

  test('must be a list of times', () => {
    for (const attempts of [undefined, T0, 'x', { length: 0 }, ['1']]) {
      expect(codeOf(() => beginContact('initiator', ALICE, BOB, { attempts } as never))).toBe(
        'ERR_ARGUMENT_TYPE',
      );
    }
    expect(codeOf(() => beginContact('initiator', ALICE, BOB, { attempts: [-1] }))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
  });

  test('no randomness is drawn for a session that is refused', () => {
    const draw = vi.spyOn(globalThis.crypto, 'getRandomValues');
    expect(codeOf(() => beginContact('initiator', ALICE, BOB, { attempts: [T0, T0, T0, T0, T0] }))).toBe(
      'ERR_SAS_ATTEMPTS',
    );
    expect(draw).not.toHaveBeenCalled();
    draw.mockRestore();
  });

  test('one live session per contact', () => {
    const current = beginContact('initiator', ALICE, BOB);
    const begin = (nowMs: number): unknown =>
      createSasSession({
        purpose: 'contact',
        role: 'responder',
        own: ALICE,
        peer: BOB,
        attempts: current.attempts,
        current,
        nowMs,
      });
    expect(codeOf(() => begin(T0 + 1))).toBe('ERR_SAS_LIVE');
    expect(begin(T0 + SAS_LIFETIME_MS)).toBeDefined();
    expect(current.phase).toBe('awaiting-reply');
    current.answer('cancel', NOW);
    expect(begin(T0 + 1)).toBeDefined();
  });
});

describe('what can be seen of a session', () => {
  test('printing, JSON and clones show neither nonce nor code', () => {
    const run = exchange();
    const waiting = beginContact('initiator', ALICE, BOB);
    for (const session of [run.initiator, run.responder, waiting]) {
      const printed = [
        JSON.stringify(session),
        String(session),
        inspect(session, { depth: 9, showHidden: true }),
        inspect(structuredClone(session), { depth: 9, showHidden: true }),
        inspect(session.exportState(), { depth: 9, showHidden: true }),
        JSON.stringify({ session, state: session.exportState() }),
      ].join('\n');
      expect(printed).not.toContain(digitsOf(run.initiator));
      // A byte array in any of these would show several numbers in a row.
      expect(printed).not.toMatch(/\d+,\s*\d+,\s*\d+/);
    }
    expect(Object.isFrozen(run.initiator)).toBe(true);
    expect(Object.isFrozen(run.initiator.attempts)).toBe(true);
  });

  test('the secret is overwritten as soon as its nonce is out, and whenever the session ends', () => {
    const destroy = vi.spyOn(SecretBytes.prototype, 'destroy');
    const destroyedBy = (act: () => unknown): boolean => {
      destroy.mockClear();
      act();
      return destroy.mock.calls.length > 0;
    };
    const alice = beginContact('initiator', ALICE, BOB);
    const bob = beginContact('responder', BOB, ALICE);
    let message = outgoing(alice);
    expect(destroyedBy(() => (message = answerOf(bob, message)))).toBe(true);
    expect(destroyedBy(() => answerOf(alice, message))).toBe(true);

    const begin = (): SasSession => beginContact('initiator', ALICE, BOB);
    const [cancelled, aborted, expired] = [begin(), begin(), begin()];
    expect(destroyedBy(() => cancelled.answer('cancel', NOW))).toBe(true);
    expect(destroyedBy(() => codeOf(() => aborted.receive(outgoing(aborted), NOW)))).toBe(true);
    expect(destroyedBy(() => codeOf(() => expired.messageToSend({ nowMs: 0 })))).toBe(true);
    destroy.mockRestore();
  });

  test('the door exports no function from keys alone to a short code', () => {
    // Whoever adds a name here answers for it: two keys must not be enough to compute fewer than 60 digits.
    expect(Object.keys(codes).sort()).toEqual([
      'SAS_ATTEMPTS_MAX',
      'SAS_LIFETIME_MS',
      'comparePublicCode',
      'compareScannedSafetyNumber',
      'createSasSession',
      'deriveAccountSafetyNumber',
      'derivePublicCode',
      'deriveSafetyNumber',
      'encodeQrPayload',
      'formatSafetyNumber',
      'parsePublicCode',
      'restoreSasSession',
      'reviewQrPayload',
      'reviewSasAttempts',
    ]);
  });
});
