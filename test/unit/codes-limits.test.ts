import {
  createSasSession,
  reviewSasAttempts,
  SAS_LIFETIME_MS,
  type SasSession,
} from 'contact-key-verification/codes.js';
import { describe, expect, test, vi } from 'vitest';
import { codeOf } from '../support/accounts.js';
import {
  ALICE,
  answerOf,
  assertSpent,
  beginContact,
  BOB,
  digitsOf,
  exchange,
  NOW,
  outgoing,
  startWith,
  stateOf,
  T0,
} from '../support/sas.js';

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
    assertSpent(waiting);
  });

  test('different is final', () => {
    const { initiator } = exchange();
    expect(initiator.answer('different', NOW)).toEqual({ outcome: 'different', purpose: 'contact' });
    assertSpent(initiator);
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
      assertSpent(initiator);
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
