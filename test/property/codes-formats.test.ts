/**
 * Laws of the codes that need no session, held against the reference.
 */

import {
  compareScannedSafetyNumber,
  derivePublicCode,
  deriveSafetyNumber,
  encodeQrPayload,
  parsePublicCode,
  reviewQrPayload,
} from 'contact-key-verification/codes.js';
import { deriveKeyId } from 'contact-key-verification/suites.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Refusal } from '../reference/encoding.js';
import { decodePublicCode, encodeBech32m, publicCode } from '../reference/public-code.js';
import { readQrPayload, safetyNumber } from '../reference/safety-number.js';
import { codeOf } from '../support/accounts.js';
import { check } from '../support/property.js';
import { hex, KEYS } from '../support/sas.js';

const key = fc.constantFrom(...KEYS);
const LETTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** The library's verdict on a text, and the reference's, in the same words. */
function verdicts(text: string): [string, string] {
  const ours = ((): string => {
    try {
      return hex(parsePublicCode(text));
    } catch (error) {
      return (error as { code: string }).code;
    }
  })();
  const reference = ((): string => {
    try {
      return hex(decodePublicCode(text));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return error.reason === 'unknown-version' ? 'ERR_VERSION' : 'ERR_CODE_FORMAT';
    }
  })();
  return [ours, reference];
}

test('a public code is the reference’s, and no four letters of it can be mistaken', () => {
  const mistakes = fc.uniqueArray(
    fc.record({ at: fc.integer({ min: 4, max: 62 }), letter: fc.constantFrom(...LETTERS) }),
    { minLength: 1, maxLength: 4, selector: ({ at }) => at },
  );
  check(
    fc.property(key, mistakes, fc.boolean(), (account, changes, upper) => {
      const code = derivePublicCode(account);
      expect(code).toBe(publicCode(account));
      const letters = [...code];
      for (const { at, letter } of changes) letters[at] = letter;
      fc.pre(letters.join('') !== code);
      const text = upper ? letters.join('').toUpperCase() : letters.join('');
      expect(codeOf(() => parsePublicCode(text))).toBe('ERR_CODE_FORMAT');
    }),
  );
});

test('whatever the text: read as the reference reads it', () => {
  const letters = fc.array(fc.nat({ max: 31 }), { maxLength: 60 });
  const valid = fc
    .tuple(fc.constantFrom('ckv', 'ckv', 'ckv', 'ckw', 'ckv1'), letters)
    .map(([humanPart, data]) => encodeBech32m(humanPart, data));
  const ofVersionOne = fc
    .tuple(fc.array(fc.nat({ max: 31 }), { minLength: 50, maxLength: 52 }), fc.nat({ max: 1 }))
    .map(([data, last]) => encodeBech32m('ckv', [0, 4 + ((data[0] as number) % 4), ...data.slice(1), last]));
  const text = fc.oneof(
    fc.string({ maxLength: 100 }),
    valid,
    ofVersionOne,
    valid.map((code) => code.toUpperCase()),
  );
  check(
    fc.property(text, (code) => {
      const [ours, reference] = verdicts(code);
      expect(ours).toBe(reference);
    }),
  );
});

test('a QR payload is judged as the reference judges it', () => {
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc
      .record({
        mine: key,
        theirs: key,
        at: fc.nat({ max: 67 }),
        value: fc.nat({ max: 255 }),
        end: fc.nat(68),
      })
      .map(({ mine, theirs, at, value, end }) => {
        const bytes = encodeQrPayload({ mine, theirs });
        bytes[at] = value;
        return end % 2 === 0 ? bytes : bytes.subarray(0, end);
      }),
    fc.record({ mine: key, theirs: key }).map(encodeQrPayload),
  );
  check(
    fc.property(payload, key, key, (scanned, mine, theirs) => {
      const before = hex(scanned);
      const outcome = reviewQrPayload(scanned, { mine, theirs });
      expect(outcome).toBe(readQrPayload(scanned, deriveKeyId(mine), deriveKeyId(theirs)));
      expect(hex(scanned)).toBe(before);
    }),
  );
});

test('a safety number is the reference’s, equal on both sides, and scanned a match on both', () => {
  const party = fc.record({
    id: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    key: fc.uint8Array({ minLength: 1, maxLength: 160 }),
  });
  const options = fc.record({
    local: party,
    remote: party,
    version: fc.constantFrom(1 as const, 2 as const),
    iterations: fc.integer({ min: 2, max: 12 }),
  });
  check(
    fc.property(options, ({ local, remote, version, iterations }) => {
      const mine = deriveSafetyNumber({ local, remote, version, iterations });
      const expected = safetyNumber(local, remote, version, iterations);
      expect([mine.display, hex(mine.scannable)]).toEqual([expected.display, hex(expected.scannable)]);
      const theirs = deriveSafetyNumber({ local: remote, remote: local, version, iterations });
      expect(theirs.display).toBe(mine.display);
      const same = hex(local.id) === hex(remote.id) && hex(local.key) === hex(remote.key);
      expect(compareScannedSafetyNumber(mine.scannable, theirs.scannable)).toBe(same ? 'own-code' : 'match');
      expect(compareScannedSafetyNumber(mine.scannable, mine.scannable)).toBe('own-code');
    }),
  );
});
