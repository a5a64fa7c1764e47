import { comparePublicCode, derivePublicCode, parsePublicCode } from 'contact-key-verification/codes.js';
import {
  draftAccountKeyChange,
  generatePrivateKey,
  type PrivateKey,
  signDeviceList,
  type VerifiedDeviceList,
} from 'contact-key-verification/keys.js';
import { deriveKeyId, ed25519, p256 } from 'contact-key-verification/suites.js';
import { describe, expect, test } from 'vitest';
import { encodeBech32m } from '../reference/public-code.js';
import { codeOf, firstList, makeDevice } from '../support/accounts.js';
import { ALICE, BOB, filled, hex, KEYS } from '../support/sas.js';

/** Bech32m of any bytes under any human part, by the reference. */
function bech32m(humanPart: string, bytes: readonly number[], padding = '0'): string {
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const whole = bits.padEnd(Math.ceil(bits.length / 5) * 5, padding);
  return encodeBech32m(
    humanPart,
    (whole.match(/.{5}/g) ?? []).map((group) => Number.parseInt(group, 2)),
  );
}

const KEY_ID = [...deriveKeyId(ALICE)];

describe('the public code', () => {
  test('is 63 characters of one case and carries the keyId', () => {
    for (const key of KEYS) {
      const code = derivePublicCode(key);
      expect(code).toMatch(/^ckv1[02-9ac-hj-np-z]{59}$/);
      expect(hex(parsePublicCode(code))).toBe(hex(deriveKeyId(key)));
      expect(hex(parsePublicCode(code.toUpperCase()))).toBe(hex(deriveKeyId(key)));
    }
    expect(derivePublicCode(ALICE)).toBe(bech32m('ckv', [1, ...KEY_ID]));
  });

  const code = derivePublicCode(ALICE);
  const kelvin = String.fromCodePoint(0x212a);

  test.each([
    ['nothing', ''],
    ['one case for the human part, another for the rest', `CKV${code.slice(3)}`],
    ['one letter in the other case', code.replace(/[a-z](?=[^a-z]*$)/, (letter) => letter.toUpperCase())],
    ['a space before', ` ${code}`],
    ['a line end after', `${code}\n`],
    ['groups', code.replace(/(.{5})/g, '$1 ')],
    ['a letter that only lowers to a k', code.toUpperCase().replace('K', kelvin)],
    ['another human part', bech32m('ckw', [1, ...KEY_ID])],
    ['a human part with a one', bech32m('ckv1', [1, ...KEY_ID])],
    ['a byte too few', bech32m('ckv', [1, ...KEY_ID.slice(1)])],
    ['a byte too many', bech32m('ckv', [1, ...KEY_ID, 0])],
    ['no version', bech32m('ckv', [])],
    ['padding that is not zero', bech32m('ckv', [1, ...KEY_ID], '1')],
    ['five bits of padding', encodeBech32m('ckv', [0, 4, ...filled(52, 0)])],
    ['no checksum', code.slice(0, -6)],
    ['the older checksum of Bech32', 'ckv1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszdmcf8w'],
    ['a megabyte', `ckv1${'q'.repeat(1_000_000)}`],
  ])('is refused with %s', (_, text) => {
    expect(codeOf(() => parsePublicCode(text))).toBe('ERR_CODE_FORMAT');
  });

  test('is never confused with one of a newer version, whatever its length', () => {
    for (const bytes of [[2, ...KEY_ID], [0, ...KEY_ID], [2], [255, 1, 2, 3]]) {
      expect(codeOf(() => parsePublicCode(bech32m('ckv', bytes, '1')))).toBe('ERR_VERSION');
      expect(codeOf(() => parsePublicCode(bech32m('ckv', bytes)))).toBe('ERR_VERSION');
    }
  });

  test('must be a string', () => {
    for (const text of [undefined, 1, new Uint8Array(63), ['ckv1']]) {
      expect(codeOf(() => parsePublicCode(text as never))).toBe('ERR_ARGUMENT_TYPE');
    }
  });
});

describe('compared with a verified list', () => {
  const [first, second, third] = [ed25519, p256, ed25519].map(generatePrivateKey) as [
    PrivateKey,
    PrivateKey,
    PrivateKey,
  ];
  const phone = makeDevice('phone');
  const start = firstList(first, [phone]);
  const next = (list: VerifiedDeviceList, from: PrivateKey, to: PrivateKey): VerifiedDeviceList =>
    signDeviceList(draftAccountKeyChange(list, { author: 'phone', nextAccountKey: to.publicKey }), [
      from,
      to,
      phone.key,
    ]);

  test('it is the current key, an earlier one of the chain, or another', () => {
    expect(comparePublicCode(derivePublicCode(first.publicKey), start)).toBe('current');
    expect(comparePublicCode(derivePublicCode(second.publicKey), start)).toBe('other');
    const list = next(next(start, first, second), second, third);
    expect(comparePublicCode(derivePublicCode(third.publicKey), list)).toBe('current');
    expect(comparePublicCode(derivePublicCode(second.publicKey), list)).toBe('earlier');
    expect(comparePublicCode(derivePublicCode(first.publicKey).toUpperCase(), list)).toBe('earlier');
    expect(comparePublicCode(derivePublicCode(BOB), list)).toBe('other');
    expect(codeOf(() => comparePublicCode('ckv1', list))).toBe('ERR_CODE_FORMAT');
  });
});
