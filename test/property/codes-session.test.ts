/**
 * Laws of the code session: two honest phones converge whatever the network does, and show one code exactly where
 * both hold the same two subjects.
 */

import {
  createSasSession,
  reviewSasAttempts,
  type SasSession,
  type SasSetup,
} from 'contact-key-verification/codes.js';
import type { PublicKey } from 'contact-key-verification/suites.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodePublicKey } from '../reference/keys.js';
import { decodeSasMessage, sasCode } from '../reference/sas.js';
import { codeOf } from '../support/accounts.js';
import { check } from '../support/property.js';
import {
  ALICE,
  answerOf,
  beginContact,
  BOB,
  digitsOf,
  encoded,
  hex,
  KEYS,
  NOW,
  outgoing,
  stateOf,
  T0,
} from '../support/sas.js';
import { deed, LEFT, Network, RIGHT } from '../support/sas-network.js';

const key = fc.constantFrom(...KEYS);
const linkOffer = fc.uint8Array({ minLength: 48, maxLength: 48 }).map((rest) => Uint8Array.of(1, ...rest));

/** What the initiator is, and what the responder is. */
const subjects = fc.oneof(
  fc.record({ purpose: fc.constant('contact' as const), initiator: key, responder: key }),
  fc.record({ purpose: fc.constant('linking' as const), initiator: linkOffer, responder: key }),
);

const begin = (purpose: string, role: string, own: unknown, peer: unknown): SasSession =>
  createSasSession({ purpose, role, own, peer, attempts: [], ...NOW } as SasSetup & {
    attempts: number[];
    nowMs: number;
  });

const bytesOf = (subject: PublicKey | Uint8Array): Uint8Array =>
  subject instanceof Uint8Array ? subject : encodePublicKey(subject);

test('both sides show the code of the reference, and pin each other', () => {
  check(
    fc.property(subjects, ({ purpose, initiator, responder }) => {
      fc.pre(encoded(initiator) !== encoded(responder));
      const ours = begin(purpose, 'initiator', initiator, responder);
      const theirs = begin(purpose, 'responder', responder, initiator);
      const [start, reply] = [outgoing(ours), answerOf(theirs, outgoing(ours))];
      const reveal = answerOf(ours, reply);
      theirs.receive(reveal, NOW);

      const [first, second, third] = [start, reply, reveal].map(decodeSasMessage);
      if (first?.type !== 'start' || second?.type !== 'reply' || third?.type !== 'reveal') throw new Error();
      const expected = sasCode({
        purpose: first.purpose,
        sessionId: first.session_id,
        initiator: bytesOf(initiator),
        responder: bytesOf(responder),
        nonceI: third.nonce,
        nonceR: second.nonce,
      });
      expect([digitsOf(ours), digitsOf(theirs)]).toEqual([expected, expected]);
      const pinned = [ours, theirs].map((session) => {
        const outcome = session.answer('same', NOW);
        return outcome.outcome === 'same' ? encoded(outcome.pinned) : undefined;
      });
      expect(pinned).toEqual([encoded(responder), encoded(initiator)]);
    }),
  );
});

test('where either side holds another subject for one of them, there are never two equal codes', () => {
  const four = fc.record({ own: key, peer: key, theirOwn: key, theirPeer: key });
  check(
    fc.property(four, ({ own, peer, theirOwn, theirPeer }) => {
      const same = encoded(own) === encoded(theirPeer) && encoded(peer) === encoded(theirOwn);
      fc.pre(!same && encoded(own) !== encoded(peer) && encoded(theirOwn) !== encoded(theirPeer));
      const ours = beginContact('initiator', own, peer);
      const theirs = beginContact('responder', theirOwn, theirPeer);
      const reveal = answerOf(ours, answerOf(theirs, outgoing(ours)));
      if (encoded(own) !== encoded(theirPeer)) {
        expect(codeOf(() => theirs.receive(reveal, NOW))).toBe('ERR_SAS_COMMITMENT');
      } else {
        theirs.receive(reveal, NOW);
        expect(digitsOf(ours)).not.toBe(digitsOf(theirs));
      }
    }),
  );
});

test.each([
  ['one side begins', false],
  ['both begin and the starts cross', true],
])('%s: repeats, losses, reordering and restarts end in one code', (_, bothBegin) => {
  let crossings = 0;
  check(
    fc.property(fc.array(deed, { maxLength: 20 }), (deeds) => {
      const network = new Network(bothBegin);
      for (const one of deeds) network.do(one);
      network.settle();
      const [alice, bob] = network.sessions;
      expect([alice.phase, bob.phase]).toEqual(['complete', 'complete']);
      expect(digitsOf(alice)).toBe(digitsOf(bob));
      expect([alice.attempts, bob.attempts]).toEqual([[T0], [T0]]);
      expect(network.events).not.toContain('further-start');
      if (network.events.some((event) => event.startsWith('crossed'))) crossings++;

      // What was sent at any time changes nothing any more.
      const before = [stateOf(alice), stateOf(bob)];
      // Only the losing start may come first then, once.
      for (const to of [0, 1] as const) {
        for (const message of network.sentTo[to]) {
          network.deliver(to, message);
          expect(network.events.at(-1)).toMatch(/^(ignored-repeat|ignored-foreign|crossed-kept)$/);
        }
      }
      expect(digitsOf(alice)).toBe(digitsOf(bob));
      if (!bothBegin) expect([stateOf(alice), stateOf(bob)]).toEqual(before);
      expect(alice.answer('same', NOW)).toMatchObject({ pinned: RIGHT });
      expect(bob.answer('same', NOW)).toMatchObject({ pinned: LEFT });
    }),
  );
  expect(crossings > 0).toBe(bothBegin);
});

test('whatever bytes arrive: a session goes on unchanged, moves by a rule, or ends for good', () => {
  const message = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.record({
      head: fc.constantFrom('010101', '010102', '0102', '0103', '0203', '0104'),
      id: fc.nat({ max: 2 }),
      rest: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      own: fc.boolean(),
    }),
  );
  check(
    fc.property(
      fc.constantFrom<'initiator' | 'responder'>('initiator', 'responder'),
      fc.array(message, { maxLength: 8 }),
      (role, messages) => {
        const session = beginContact(role, ALICE, BOB);
        const ownId = session.messageToSend(NOW)?.subarray(3, 19) ?? new Uint8Array(16);
        for (const part of messages) {
          const bytes =
            part instanceof Uint8Array
              ? part
              : Uint8Array.of(
                  ...Buffer.from(part.head, 'hex'),
                  ...(part.own ? ownId : new Uint8Array(16).fill(part.id)),
                  ...part.rest,
                );
          const before = stateOf(session);
          try {
            const { event, send } = session.receive(bytes, NOW);
            if (event.startsWith('ignored') || event === 'further-start')
              expect(stateOf(session)).toBe(before);
            else expect(stateOf(session)).not.toBe(before);
            if (send !== undefined) expect(hex(outgoing(session))).toBe(hex(send));
          } catch (error) {
            expect((error as { code: string }).code).toMatch(/^ERR_/);
            expect(session.phase).toBe('ended');
            expect(codeOf(() => session.receive(bytes, NOW))).toBe('ERR_SPENT');
            return;
          }
        }
        // Nobody who does not know our nonce can open a commitment for us, so a responder has no code.
        if (session.phase === 'complete') expect(role).toBe('initiator');
        if (session.phase === 'complete') {
          expect(session.answer('same', NOW)).toMatchObject({ pinned: BOB });
        }
      },
    ),
  );
});

test('no window of 24 hours holds more than five sessions, and none is refused without need', () => {
  const DAY_MS = 24 * 60 * 60 * 1000;
  check(
    fc.property(fc.array(fc.nat({ max: DAY_MS / 2 }), { maxLength: 40 }), (steps) => {
      let attempts: readonly number[] = [];
      let nowMs = T0;
      const begun: number[] = [];
      for (const step of steps) {
        nowMs += step;
        const recent = begun.filter((time) => time > nowMs - DAY_MS);
        const review = reviewSasAttempts({ attempts, nowMs });
        expect(review.attempts).toEqual(recent);
        expect(review.remaining).toBe(5 - recent.length);
        expect(review.retryAtMs).toBe(recent.length < 5 ? nowMs : (recent.at(-5) as number) + DAY_MS);
        if (review.remaining === 0) continue;
        attempts = [...review.attempts, nowMs];
        begun.push(nowMs);
      }
      for (const end of begun) {
        expect(begun.filter((time) => time > end - DAY_MS && time <= end).length).toBeLessThanOrEqual(5);
      }
    }),
  );
});

test('however the clock is set, no attempt is forgotten before 24 hours of it have gone by', () => {
  const DAY_MS = 24 * 60 * 60 * 1000;
  const clock = fc.array(fc.integer({ min: T0 - 3 * DAY_MS, max: T0 + 3 * DAY_MS }), { maxLength: 30 });
  check(
    fc.property(clock, (times) => {
      let attempts: readonly number[] = [T0];
      let latest = T0;
      for (const nowMs of times) {
        const review = reviewSasAttempts({ attempts, nowMs });
        // Whoever only sets the clock back, or less than a day ahead of where it was, gains nothing.
        latest = Math.min(latest, nowMs);
        expect(review.attempts.length).toBe(nowMs - latest < DAY_MS ? 1 : 0);
        if (review.attempts.length === 0) return;
        attempts = review.attempts;
      }
    }),
  );
});
