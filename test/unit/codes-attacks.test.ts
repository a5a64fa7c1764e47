/**
 * Every attack twice: in the toy, where it works once its rule is taken out, and against the library, where it
 * meets the rule.
 */

import { createSasSession, restoreSasSession, type SasSession } from 'contact-key-verification/codes.js';
import { describe, expect, test } from 'vitest';
import { encodePublicKey } from '../reference/keys.js';
import { encodeSasMessage, sasCommitment } from '../reference/sas.js';
import { codeOf } from '../support/accounts.js';
import {
  ALICE,
  answerOf,
  beginContact,
  BOB,
  digitsOf,
  filled,
  hex,
  MALLORY_AS_ALICE,
  MALLORY_AS_BOB,
  NOW,
  outgoing,
  T0,
} from '../support/sas.js';
import {
  ALL_RULES,
  attackByReflection,
  attackByTrying,
  attackOnOldState,
  attackWithLateKey,
  attackWithWrongCommitment,
  ToyPhone,
  type ToyRules,
} from '../support/sas-model.js';

const without = (...rules: readonly (keyof ToyRules)[]): ToyRules => ({
  ...ALL_RULES,
  ...Object.fromEntries(rules.map((rule) => [rule, false])),
});

/** Mallory's start to Bob, as Alice, with a commitment that he can open. */
function committed(nonce: Uint8Array, sessionId: Uint8Array): Uint8Array {
  const transcript = {
    purpose: 1 as const,
    sessionId,
    initiator: encodePublicKey(MALLORY_AS_ALICE),
    nonceI: nonce,
  };
  const commitment = sasCommitment(transcript);
  return encodeSasMessage({ type: 'start', purpose: 1, session_id: sessionId, commitment });
}

test('the toy works: two honest phones show one code', () => {
  const alice = new ToyPhone(ALL_RULES, 'alice', () => 'bob');
  const bob = new ToyPhone(ALL_RULES, 'bob', () => 'alice');
  bob.act();
  bob.takeReveal(alice.takeReply(bob.takeStart(alice.begin()) as string));
  expect(alice.code).toBe(bob.code);
  expect(alice.code).toBeDefined();
});

describe('a wrong commitment: the nonce is chosen with the other one in view', () => {
  test('works on a responder that does not check', () => {
    expect(attackWithWrongCommitment(without('commitmentChecked'))).toBe('fooled');
    expect(attackWithWrongCommitment(ALL_RULES)).toBe('commitment');
  });

  test('ends the session here', () => {
    const bob = beginContact('responder', BOB, MALLORY_AS_ALICE);
    answerOf(bob, committed(filled(32, 1), filled(16, 7)));
    const late = encodeSasMessage({ type: 'reveal', session_id: filled(16, 7), nonce: filled(32, 2) });
    expect(codeOf(() => bob.receive(late, NOW))).toBe('ERR_SAS_COMMITMENT');
    expect(codeOf(() => bob.readCode(NOW))).toBe('ERR_SPENT');
    const right = encodeSasMessage({ type: 'reveal', session_id: filled(16, 7), nonce: filled(32, 1) });
    expect(codeOf(() => bob.receive(right, NOW))).toBe('ERR_SPENT');
  });
});

describe('an unattended responder: thousands of sessions that nobody sees', () => {
  test('works where phones answer by themselves', () => {
    expect(attackByTrying(without('attended', 'counted'), { patient: false })).toBe('fooled');
    expect(attackByTrying(ALL_RULES, { patient: false })).toBe('no answer');
    // Either rule alone stops it.
    expect(attackByTrying(without('counted'), { patient: false })).toBe('no answer');
    expect(attackByTrying(without('attended'), { patient: false })).toBe('attempts');
  });

  test('works on a user who tries without end, where nobody counts', () => {
    expect(attackByTrying(without('counted'), { patient: true })).toBe('fooled');
    expect(attackByTrying(ALL_RULES, { patient: true })).toBe('attempts');
  });

  test('gets one answer for each act here, and five acts', () => {
    let attempts: readonly number[] = [];
    let answers = 0;
    const tries = Array.from({ length: 40 }, (_, i) => committed(filled(32, i), filled(16, i)));
    const flood = (session: SasSession): void => {
      for (const start of tries) {
        if (session.receive(start, NOW).send !== undefined) answers++;
      }
    };
    for (let acts = 1; acts <= 5; acts++) {
      const session = beginContact('responder', BOB, MALLORY_AS_ALICE, { attempts });
      attempts = session.attempts;
      flood(session);
      expect(answers).toBe(acts);
      session.answer('cancel', NOW);
      expect(codeOf(() => flood(session))).toBe('ERR_SPENT');
    }
    expect(codeOf(() => beginContact('responder', BOB, MALLORY_AS_ALICE, { attempts }))).toBe(
      'ERR_SAS_ATTEMPTS',
    );
  });
});

describe('a late key: named when the nonces are known', () => {
  test('works where the code is taken over the key that the directory names last', () => {
    expect(attackWithLateKey(without('keysFixed'))).toBe('fooled');
    expect(attackWithLateKey(ALL_RULES)).toBe('codes differ');
  });

  test('reaches neither the code nor the pin here', () => {
    const named = { scheme: BOB.scheme, key: Uint8Array.from(BOB.key) };
    const alice = createSasSession({
      purpose: 'contact',
      role: 'initiator',
      own: ALICE,
      peer: named,
      attempts: [],
      ...NOW,
    });
    const bob = beginContact('responder', BOB, ALICE);
    bob.receive(answerOf(alice, answerOf(bob, outgoing(alice))), NOW);
    const before = digitsOf(alice);
    named.key = Uint8Array.from(MALLORY_AS_BOB.key);
    (named as { scheme: number }).scheme = MALLORY_AS_BOB.scheme;
    expect(digitsOf(alice)).toBe(before);
    expect(alice.answer('same', NOW)).toMatchObject({ pinned: BOB });
  });
});

describe('a reflected start: a phone compares with itself', () => {
  test('works where own commitment and own key are taken from the peer', () => {
    expect(attackByReflection(without('reflectionRefused', 'ownKeyRefused'))).toBe('fooled');
    expect(attackByReflection(ALL_RULES)).toBe('own key');
    // Either rule alone stops it.
    expect(attackByReflection(without('reflectionRefused'))).toBe('own key');
    expect(attackByReflection(without('ownKeyRefused'))).toBe('reflected');
  });

  test('ends the session here, and the own key does not even begin one', () => {
    expect(codeOf(() => beginContact('initiator', ALICE, ALICE))).toBe('ERR_SAS_OWN_KEY');
    const alice = beginContact('initiator', ALICE, BOB);
    expect(codeOf(() => alice.receive(outgoing(alice), NOW))).toBe('ERR_SAS_REFLECTED');
  });
});

describe('an old state, restored: the commitment is chosen with the nonce in view', () => {
  test('works where the nonce of the reply stands in the state', () => {
    expect(attackOnOldState(without('nonceForEachStart'))).toBe('fooled');
    expect(attackOnOldState(ALL_RULES)).toBe('codes differ');
  });

  test('answers the same start with the same nonce here, and another start with another', () => {
    const stored = beginContact('responder', BOB, MALLORY_AS_ALICE).exportState();
    const restored = (): SasSession => restoreSasSession(stored, NOW);
    const first = committed(filled(32, 1), filled(16, 1));
    const reply = answerOf(restored(), first);
    expect(hex(answerOf(restored(), first))).toBe(hex(reply));
    for (const other of [committed(filled(32, 2), filled(16, 1)), committed(filled(32, 1), filled(16, 2))]) {
      expect(hex(answerOf(restored(), other).subarray(18))).not.toBe(hex(reply.subarray(18)));
    }
  });
});

describe('a man in the middle who plays by the rules', () => {
  test('shows two people two codes', () => {
    const alice = beginContact('initiator', ALICE, MALLORY_AS_BOB);
    const bob = beginContact('responder', BOB, MALLORY_AS_ALICE);
    const toAlice = beginContact('responder', MALLORY_AS_BOB, ALICE);
    const toBob = beginContact('initiator', MALLORY_AS_ALICE, BOB);
    toAlice.receive(answerOf(alice, answerOf(toAlice, outgoing(alice))), NOW);
    bob.receive(answerOf(toBob, answerOf(bob, outgoing(toBob))), NOW);
    expect(digitsOf(alice)).not.toBe(digitsOf(bob));
    expect(alice.attempts).toEqual([T0]);
  });

  test('cannot hand on messages between people who hold his keys', () => {
    const alice = beginContact('initiator', ALICE, MALLORY_AS_BOB);
    const bob = beginContact('responder', BOB, MALLORY_AS_ALICE);
    const reveal = answerOf(alice, answerOf(bob, outgoing(alice)));
    expect(codeOf(() => bob.receive(reveal, NOW))).toBe('ERR_SAS_COMMITMENT');
    // Her phone has a code, his has none.
    expect(digitsOf(alice)).toHaveLength(8);
  });
});
