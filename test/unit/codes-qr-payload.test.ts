import { encodeQrPayload, reviewQrPayload } from 'contact-key-verification/codes.js';
import { deriveKeyId } from 'contact-key-verification/suites.js';
import { describe, expect, test } from 'vitest';
import { qrPayload } from '../reference/safety-number.js';
import { codeOf } from '../support/accounts.js';
import { ALICE, BOB, hex, MALLORY_AS_ALICE, MALLORY_AS_BOB } from '../support/sas.js';

const BY_ALICE = { mine: ALICE, theirs: BOB };
const BY_BOB = { mine: BOB, theirs: ALICE };
const shown = encodeQrPayload(BY_BOB);
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the QR payload', () => {
  test('is 68 bytes: magic, version, and both keyIds as its maker sees them', () => {
    expect(hex(shown)).toBe(hex(qrPayload(deriveKeyId(BOB), deriveKeyId(ALICE))));
    expect(shown).toHaveLength(68);
  });

  test('matches for the one who scans, and back', () => {
    expect(reviewQrPayload(shown, BY_ALICE)).toBe('match');
    expect(reviewQrPayload(encodeQrPayload(BY_ALICE), BY_BOB)).toBe('match');
  });

  const at = (offset: number, value: number): Uint8Array => {
    const changed = Uint8Array.from(shown);
    changed[offset] = value;
    return changed;
  };

  test.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'not-a-ckv-code'],
    ['part of the magic', ascii('CK'), 'not-a-ckv-code'],
    ['a link offer', ascii('CKL'), 'not-a-ckv-code'],
    ['a web address', ascii('https://example.org/'), 'not-a-ckv-code'],
    ['another case', at(0, 'c'.charCodeAt(0)), 'not-a-ckv-code'],
    ['no version byte', ascii('CKV'), 'wrong-length'],
    ['a newer version', at(3, 2), 'unknown-version'],
    ['a newer version of another length', ascii('CKV\u0002'), 'unknown-version'],
    ['no key', ascii('CKV\u0001'), 'wrong-length'],
    ['a byte too few', shown.subarray(0, 67), 'wrong-length'],
    ['a byte too many', Uint8Array.of(...shown, 0), 'wrong-length'],
    ['a megabyte', Uint8Array.of(...shown, ...new Uint8Array(100_000)), 'wrong-length'],
    ['the own code', encodeQrPayload(BY_ALICE), 'own-code'],
    ['the own code for someone else', encodeQrPayload({ mine: ALICE, theirs: MALLORY_AS_BOB }), 'own-code'],
    [
      'another key for them',
      encodeQrPayload({ mine: MALLORY_AS_BOB, theirs: ALICE }),
      'my-key-for-them-differs',
    ],
    [
      'another key for me',
      encodeQrPayload({ mine: BOB, theirs: MALLORY_AS_ALICE }),
      'their-key-for-me-differs',
    ],
    [
      'two other keys',
      encodeQrPayload({ mine: MALLORY_AS_BOB, theirs: MALLORY_AS_ALICE }),
      'my-key-for-them-differs',
    ],
  ])('with %s: see the outcome', (_, scanned, outcome) => {
    expect(reviewQrPayload(scanned, BY_ALICE)).toBe(outcome);
  });

  test('with the own key for both never matches', () => {
    const both = { mine: ALICE, theirs: ALICE };
    expect(reviewQrPayload(encodeQrPayload(both), both)).toBe('own-code');
  });

  test('refuses what is no bytes, and keys that are none', () => {
    expect(codeOf(() => reviewQrPayload('CKV' as never, BY_ALICE))).toBe('ERR_ARGUMENT_TYPE');
    expect(codeOf(() => encodeQrPayload({ mine: ALICE } as never))).toBe('ERR_ARGUMENT_TYPE');
  });
});
