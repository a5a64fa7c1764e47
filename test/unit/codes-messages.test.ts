import type { SasSession } from 'contact-key-verification/codes.js';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../support/accounts.js';
import { ALICE, beginContact, BOB, digitsOf, exchange, filled, NOW, outgoing } from '../support/sas.js';

/** How a session between Alice and Bob ends when one of its messages is damaged on the way. */
function fateOf(which: 'start' | 'reply' | 'reveal', damage: (message: Uint8Array) => Uint8Array): string {
  const alice = beginContact('initiator', ALICE, BOB);
  const bob = beginContact('responder', BOB, ALICE);
  let message = outgoing(alice);
  for (const [name, receiver] of [
    ['start', bob],
    ['reply', alice],
    ['reveal', bob],
  ] as readonly [string, SasSession][]) {
    const sent = name === which ? damage(message) : message;
    try {
      const { event, send } = receiver.receive(sent, NOW);
      if (event.startsWith('ignored')) return event;
      message = send ?? message;
    } catch (error) {
      if (receiver.phase !== 'ended') return 'the session went on';
      return String((error as { code: unknown }).code);
    }
  }
  return digitsOf(alice) === digitsOf(bob) ? 'one code' : 'two codes';
}

const flip =
  (bit: number) =>
  (message: Uint8Array): Uint8Array => {
    const flipped = Uint8Array.from(message);
    const at = Math.floor(bit / 8);
    flipped[at] = (flipped[at] as number) ^ (1 << (bit % 8));
    return flipped;
  };

/** Fields of a message: name, length, and what a flipped bit in it comes to. */
type Field = readonly [name: string, length: number, fates: readonly string[]];

const FIELDS: Record<'start' | 'reply' | 'reveal', readonly Field[]> = {
  start: [
    ['version', 1, ['ERR_VERSION']],
    // One bit makes a start a reveal, which is shorter.
    ['type', 1, ['ERR_ENUM', 'ERR_TRAILING_BYTES']],
    ['purpose', 1, ['ERR_ENUM']],
    // Bob takes it for the id, and Alice does not know the session that he answers.
    ['session_id', 16, ['ignored-foreign']],
    ['commitment', 32, ['ERR_SAS_COMMITMENT']],
  ],
  reply: [
    ['version', 1, ['ERR_VERSION']],
    ['type', 1, ['ERR_ENUM', 'ERR_SAS_UNEXPECTED']],
    ['session_id', 16, ['ignored-foreign']],
    ['nonce', 32, ['two codes']],
  ],
  reveal: [
    ['version', 1, ['ERR_VERSION']],
    // One bit makes a reveal a reply, another a start with a random purpose.
    ['type', 1, ['ERR_ENUM', 'ERR_SAS_UNEXPECTED', 'ERR_TRUNCATED']],
    ['session_id', 16, ['ignored-foreign']],
    ['nonce', 32, ['ERR_SAS_COMMITMENT']],
  ],
};

describe.each(['start', 'reply', 'reveal'] as const)('the %s', (which) => {
  const length = FIELDS[which].reduce((sum, [, bytes]) => sum + bytes, 0);

  test(`has ${which === 'start' ? 51 : 50} bytes, and undamaged leads to one code`, () => {
    expect(exchange()[which]).toHaveLength(length);
    expect(fateOf(which, (message) => message)).toBe('one code');
  });

  let offset = 0;
  for (const [name, bytes, fates] of FIELDS[which]) {
    const first = offset * 8;
    offset += bytes;
    test(`with any bit of its ${name} flipped: ${fates.join(' or ')}`, () => {
      for (let bit = first; bit < first + bytes * 8; bit++) {
        expect(fates).toContain(fateOf(which, flip(bit)));
      }
    });
  }

  test('cut short, extended or empty ends the session', () => {
    for (let end = 1; end < length; end++) {
      expect(fateOf(which, (message) => message.subarray(0, end))).toBe('ERR_TRUNCATED');
    }
    expect(fateOf(which, () => new Uint8Array(0))).toBe('ERR_TRUNCATED');
    expect(fateOf(which, (message) => Uint8Array.of(...message, 0))).toBe('ERR_TRAILING_BYTES');
    expect(fateOf(which, () => new Uint8Array(10_000_000))).toBe('ERR_TOO_LARGE');
  });
});

test('the size is judged before the version, and the version before all else', () => {
  const fate = (...message: number[]): string =>
    codeOf(() => beginContact('responder', BOB, ALICE).receive(Uint8Array.from(message), NOW));
  expect(fate(...filled(1025, 2))).toBe('ERR_TOO_LARGE');
  expect(fate(...filled(1024, 2))).toBe('ERR_VERSION');
  expect(fate(2)).toBe('ERR_VERSION');
  expect(fate(0, 9, 9)).toBe('ERR_VERSION');
  expect(fate(1, 9)).toBe('ERR_ENUM');
  expect(fate(1, 1, 3)).toBe('ERR_ENUM');
  expect(fate(1, 1, 1)).toBe('ERR_TRUNCATED');
});

test('what is received is not changed, and what is sent is not shared', () => {
  const { start } = exchange();
  const given = Uint8Array.from(start);
  const bob = beginContact('responder', BOB, ALICE);
  const { send } = bob.receive(given, NOW);
  expect(given).toEqual(start);
  given.fill(0);
  send?.fill(0);
  expect(bob.receive(start, NOW).event).toBe('ignored-repeat');
  expect(outgoing(bob)).not.toEqual(send);
});
