/** Stored states: versions, damage, size. */

import { encodeUtf8 } from 'contact-key-verification/bytes.js';
import {
  createContact,
  encodeContact,
  mergeContacts,
  parseContact,
  reduceContact,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import { expect, test } from 'vitest';
import { codeOf } from '../support/accounts.js';
import { firstOf, keyIdOf, listIdOf, nextOf, START, verified } from '../support/contact-world.js';

const BOB = 'tel:+15551234567';
const list = firstOf(BOB, 'K0', ['phone', 'laptop']);
const met = reviewContact({ directory: { kind: 'list', list: verified(list) }, nowMs: START }).state;
const compared = reduceContact(met, { kind: 'code-same', keyId: keyIdOf('K0') }, { nowMs: START });

/** A state of which the log proved nothing, as version 1 wrote it: it ends before the lists that own devices wrote. */
function versionOne(bytes: Uint8Array): Uint8Array {
  const old = bytes.slice(0, -2);
  old[1] = 1;
  return old;
}

test('a compared contact with two devices and 32-byte messaging keys takes less than 500 bytes', () => {
  const bytes = encodeContact(compared).length;
  expect(bytes).toBe(encodeContact(parseContact(encodeContact(compared))).length);
  expect(bytes).toBeLessThan(500);
});

test('version 1 is read, and written as the newest from then on', () => {
  const migrated = parseContact(versionOne(encodeContact(compared)));
  expect(migrated).toEqual(compared);
  expect(encodeContact(migrated)).toEqual(encodeContact(compared));
});

test.each([0, 4, 5, 0xff])('version %i is refused as unknown, whatever follows', (version) => {
  const bytes = encodeContact(compared);
  bytes[1] = version;
  expect(codeOf(() => parseContact(bytes))).toBe('ERR_VERSION');
  expect(codeOf(() => parseContact(Uint8Array.of(0, version, 9, 9)))).toBe('ERR_VERSION');
});

test('damage is refused: cut, lengthened, too large, out of order', () => {
  const bytes = encodeContact(compared);
  expect(codeOf(() => parseContact(bytes.slice(0, -1)))).toBe('ERR_TRUNCATED');
  expect(codeOf(() => parseContact(Uint8Array.of(...bytes, 0)))).toBe('ERR_TRAILING_BYTES');
  expect(codeOf(() => parseContact(new Uint8Array(2 ** 22 + 1)))).toBe('ERR_TOO_LARGE');
  const next = nextOf(list, {});
  const directory = { kind: 'list', list: verified(next, list) } as const;
  const { state } = reviewContact({ stored: compared, directory, nowMs: START });
  const swapped = { ...state, accepted: [...state.accepted].reverse() };
  expect(codeOf(() => parseContact(encodeContact(swapped)))).toBe('ERR_ORDER');
});

test('states of two contacts are not merged', () => {
  const other = createContact({ identifier: encodeUtf8('tel:+15550000000') });
  const own = createContact({ identifier: encodeUtf8(BOB), owner: 'own' });
  expect(codeOf(() => mergeContacts(met, other))).toBe('ERR_ARGUMENT_RANGE');
  expect(codeOf(() => mergeContacts(met, own))).toBe('ERR_ARGUMENT_RANGE');
});

test('what a program passes wrongly is an argument error', () => {
  const nowMs = START;
  const key = new Uint8Array(31);
  const wrong: (() => unknown)[] = [
    () => reviewContact({ nowMs: -1 }),
    () => reviewContact({ nowMs: 0.5 }),
    () => reviewContact({ nowMs, policy: { logAgeMs: Number.NaN } }),
    () => reviewContact({ nowMs, directory: { kind: 'nothing' } as never }),
    () => reviewContact({ nowMs, log: { kind: 'nothing' } as never }),
    () => reduceContact(met, { kind: 'code-same', keyId: key }, { nowMs }),
    () => reduceContact(met, { kind: 'something' } as never, { nowMs }),
    () => reduceContact(met, { kind: 'own-list-written', sequence: 0, listId: listIdOf(list) }, { nowMs }),
    () => createContact({ identifier: new Uint8Array(0) }),
  ];
  for (const run of wrong) expect(codeOf(run)).toBe('ERR_ARGUMENT_RANGE');
});
