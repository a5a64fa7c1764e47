/**
 * What a program may hand over by mistake, or by malice: wrong types, rotten storage, strings that are no text.
 * Nothing that is handed over is changed.
 */

import { type DeviceListExpectation, verifyDeviceList } from 'contact-key-verification/keys.js';
import { ArgumentTypeError, StateError } from 'contact-key-verification/errors.js';
import { describe, expect, test } from 'vitest';
import { BOB, codeOf } from '../support/accounts.js';
import { ALL } from '../support/list-damages.js';
import { bytesPiece, forge, idPiece } from '../support/list-forge.js';
import { A0, A2, ANEW, BOB_BYTES, tellStory } from '../support/list-story.js';

const { first, rekeyed, added, rotated } = tellStory();
const HOSTILE: readonly unknown[] = [
  null,
  true,
  0,
  '',
  'AAEV',
  Symbol('bytes'),
  () => rotated.encoded,
  [],
  [...rotated.encoded],
  {},
  { length: 3, 0: 0, 1: 1, 2: 2 },
  rotated.encoded.buffer,
  new DataView(rotated.encoded.buffer),
  new Uint16Array(4),
];

/** One argument each: an array among them must not be spread. */
const cases = (values: readonly unknown[]): [unknown][] => values.map((value) => [value]);

const verify = (bytes: unknown, expectation: unknown): unknown =>
  verifyDeviceList(bytes as Uint8Array, expectation as DeviceListExpectation);

describe('wrong types', () => {
  test.each(cases([undefined, ...HOSTILE]))('bytes: %s', (bytes) => {
    expect(() => verify(bytes, { identifier: BOB })).toThrow(ArgumentTypeError);
  });

  test.each(cases([undefined, null, true, 7, 'identifier', Symbol('e')]))(
    'expectation: %s',
    (expectation) => {
      expect(() => verify(rotated.encoded, expectation)).toThrow(ArgumentTypeError);
    },
  );

  test.each(cases([undefined, ...HOSTILE.filter((value) => typeof value !== 'string')]))(
    'identifier: %s',
    (value) => {
      expect(() => verify(rotated.encoded, { identifier: value })).toThrow(ArgumentTypeError);
    },
  );

  test.each(cases(HOSTILE))('stored: %s', (stored) => {
    expect(() => verify(rotated.encoded, { identifier: BOB, stored })).toThrow(ArgumentTypeError);
  });

  test.each(cases(HOSTILE))('account key: %s', (accountKey) => {
    expect(() => verify(rotated.encoded, { identifier: BOB, accountKey })).toThrow(ArgumentTypeError);
  });

  test('an account key that is none of its scheme', () => {
    const pinned = (scheme: unknown, key: unknown): string =>
      codeOf(() => verify(rotated.encoded, { identifier: BOB, accountKey: { scheme, key } }));
    expect(pinned(0x0807, new Uint8Array(32))).toBe('ERR_KEY_ORDER');
    expect(pinned(0x0403, A0.own.publicKey.key)).toBe('ERR_KEY_LENGTH');
    expect(pinned(0x0804, A0.own.publicKey.key)).toBe('ERR_SCHEME');
    expect(pinned('0x0807', A0.own.publicKey.key)).toBe('ERR_ARGUMENT_TYPE');
    expect(pinned(0x0807, [...A0.own.publicKey.key])).toBe('ERR_ARGUMENT_TYPE');
  });
});

describe('identifiers', () => {
  test.each(['\ud800', 'tel:\udfff', 'a\udc00b', '\ud83d'])('a lone surrogate is no text', (identifier) => {
    expect(codeOf(() => verify(rotated.encoded, { identifier }))).toBe('ERR_UTF8');
  });

  test.each(['', 'a'.repeat(256), '\u00e9'.repeat(128), new Uint8Array(0), new Uint8Array(256)])(
    "an identifier of no length or too much is the caller's mistake, not the list's",
    (identifier) => {
      expect(codeOf(() => verify(rotated.encoded, { identifier }))).toBe('ERR_ARGUMENT_RANGE');
    },
  );

  test('as text and as bytes, one of 1 byte and one of 255, and two spellings of one look', () => {
    expect(verify(rotated.encoded, { identifier: BOB_BYTES })).toMatchObject({ sequence: 4 });
    for (const identifier of ['a', 'a'.repeat(255), '\u00e9']) {
      const bytes = forge(first.encoded, ALL, (p) => (p.identifier = idPiece(identifier)));
      expect(verify(bytes, { identifier })).toMatchObject({ sequence: 0 });
      const decomposed = identifier.normalize('NFD');
      if (decomposed === identifier) continue;
      expect(codeOf(() => verify(bytes, { identifier: decomposed }))).toBe('ERR_LIST_IDENTIFIER');
    }
  });
});

describe('ERR_STORED_STATE', () => {
  const stored = (value: unknown, identifier: unknown = BOB): string =>
    codeOf(() => verify(rotated.encoded, { identifier, stored: value }));

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['zeros', new Uint8Array(500).fill(1, 1, 2)],
    ['cut short', added.encoded.subarray(0, -1)],
    ['a byte more', Uint8Array.of(...added.encoded, 0)],
    ['a flipped bit', added.encoded.map((byte, i) => (i === 10 ? byte ^ 1 : byte))],
    ['unsigned', forge(added.encoded, [], (p) => (p.account = bytesPiece(new Uint8Array(64))))],
    ['oversized', new Uint8Array(65_537)],
    ['of another identifier', forge(first.encoded, ALL, (p) => (p.identifier = idPiece('tel:+1')))],
  ])('bytes: %s', (_, bytes) => {
    expect(stored(bytes)).toBe('ERR_STORED_STATE');
    expect(() => verify(rotated.encoded, { identifier: BOB, stored: bytes })).toThrow(StateError);
    expect(stored({ ...added, encoded: bytes })).toBe('ERR_STORED_STATE');
  });

  test('but what a newer app may have written is not called corrupt', () => {
    const scheme = added.encoded.map((byte, i) => (i === 20 ? byte ^ 1 : byte));
    expect(stored(Uint8Array.of(0, 2))).toBe('ERR_VERSION');
    expect(stored(scheme)).toBe('ERR_SCHEME');
  });

  test('of another identifier, as it was returned', () => {
    expect(stored(added, 'tel:+15557654321')).toBe('ERR_STORED_STATE');
  });

  test('it comes before the new list, which is not to blame', () => {
    const expectation = { identifier: BOB, stored: new Uint8Array(1) };
    expect(codeOf(() => verify(new Uint8Array(1), expectation))).toBe('ERR_STORED_STATE');
  });

  test('a copy counts by its bytes, whatever else it says', () => {
    const copy = structuredClone(rekeyed);
    const lying = { ...copy, sequence: 3, listId: added.listId, successions: added.successions };
    expect(stored(lying)).toBe('ERR_LIST_GAP');
    const jsonCopy = JSON.parse(JSON.stringify(added)) as unknown;
    expect(() => verify(rotated.encoded, { identifier: BOB, stored: jsonCopy })).toThrow(ArgumentTypeError);
  });
});

describe('nothing is changed', () => {
  test('neither bytes nor stored list nor key, accepted or not', () => {
    const accountKey = A2.own.publicKey;
    const bad = forge(rotated.encoded, [], (p) => (p.verification = Uint8Array.of(0)));
    for (const bytes of [rotated.encoded, bad]) {
      const expectation = { identifier: BOB_BYTES, stored: added, accountKey, gapExpired: false };
      const before = structuredClone({ bytes, expectation });
      try {
        verifyDeviceList(bytes, expectation);
      } catch {
        // What matters here is what is left behind.
      }
      expect(structuredClone({ bytes, expectation })).toEqual(before);
    }
  });

  test('what was returned is frozen to the last object and owns its bytes', () => {
    const bytes = Uint8Array.from(rotated.encoded);
    const list = verifyDeviceList(bytes, { identifier: BOB, stored: added });
    const copy = structuredClone({ ...list });
    bytes.fill(0);
    expect({ ...list }).toEqual(copy);
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
      expect(Object.isFrozen(value)).toBe(true);
      Object.values(value).forEach(walk);
    };
    walk(list);
  });

  test('a Buffer, or a view into something larger, is as good as its bytes', () => {
    const larger = new Uint8Array(rotated.encoded.length + 20);
    larger.set(rotated.encoded, 10);
    const view = larger.subarray(10, 10 + rotated.encoded.length);
    for (const bytes of [Buffer.from(rotated.encoded), view]) {
      const list = verifyDeviceList(bytes, { identifier: BOB });
      expect(list.encoded).toEqual(rotated.encoded);
      expect(list.encoded.constructor).toBe(Uint8Array);
      expect(list.encoded.byteLength).toBe(list.encoded.buffer.byteLength);
    }
  });

  test('a refused list leaves the stored one as useful as before', () => {
    const known = { identifier: BOB, stored: added, accountKey: ANEW.own.publicKey };
    expect(codeOf(() => verifyDeviceList(rotated.encoded, known))).toBe('ERR_ACCOUNT_KEY');
    expect(verifyDeviceList(rotated.encoded, { identifier: BOB, stored: added }).mark).toBe('moved');
  });
});
