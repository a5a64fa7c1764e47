import { inspect } from 'node:util';
import * as codes from 'contact-key-verification/codes.js';
import type { SasSession } from 'contact-key-verification/codes.js';
import { SecretBytes } from 'contact-key-verification/suites.js';
import { describe, expect, test, vi } from 'vitest';
import { codeOf } from '../support/accounts.js';
import { ALICE, answerOf, beginContact, BOB, digitsOf, exchange, NOW, outgoing } from '../support/sas.js';

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
