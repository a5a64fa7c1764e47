/** The recovery key as people handle it, and the sealed backup. */

import { inspect } from 'node:util';
import { generatePrivateKey } from 'contact-key-verification/keys.js';
import { deriveKeyId, ed25519 } from 'contact-key-verification/suites.js';
import {
  generateRecoveryKey,
  openBackup,
  parseRecoveryKey,
  sealBackup,
} from 'contact-key-verification/transfer.js';
import { describe, expect, test, vi } from 'vitest';
import { RecoveryKey } from '../../src/transfer/recovery-key.js';
import { keyPairFrom } from '../reference/keys.js';
import { sealBackup as sealPlainly, showRecoveryKey } from '../reference/transfer.js';
import { codeOf, SCHEMES } from '../support/accounts.js';
import { secretOf } from '../support/transfer.js';

const FIRST = 'ABCDEFGHJKLMNPQRSTUVWXYZ23';
const SHOWN = showRecoveryKey(FIRST);
const accountKey = generatePrivateKey(ed25519);

describe('a recovery key', () => {
  test('is shown as 7 groups of 4 characters without I, O, 0 and 1', () => {
    for (let i = 0; i < 50; i++)
      expect(generateRecoveryKey().reveal()).toMatch(/^(?:[A-HJ-NP-Z2-9]{4}-){6}[A-HJ-NP-Z2-9]{4}$/);
  });

  test('has every character in every place, and no bit that is always the same', () => {
    const keys = Array.from({ length: 400 }, () => generateRecoveryKey().reveal().replaceAll('-', ''));
    for (let at = 0; at < 28; at++)
      expect(new Set(keys.map((key) => key.charAt(at))).size, `place ${at}`).toBe(32);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('is made of the 5 low bits of 26 drawn bytes', () => {
    const spy = vi.spyOn(globalThis.crypto, 'getRandomValues').mockImplementation((array) => {
      (array as Uint8Array).forEach((_, i) => ((array as Uint8Array)[i] = i + 32));
      return array;
    });
    try {
      expect(generateRecoveryKey().reveal()).toBe(showRecoveryKey('ABCDEFGHJKLMNPQRSTUVWXYZ23'));
      expect(spy.mock.calls.map(([array]) => (array as Uint8Array).length)).toEqual([26]);
      // What was drawn is overwritten.
      expect(spy.mock.calls[0]?.[0]).toEqual(new Uint8Array(26));
    } finally {
      spy.mockRestore();
    }
  });

  test.each([
    ['as shown', SHOWN],
    ['in lower case', SHOWN.toLowerCase()],
    ['in mixed case', `${SHOWN.slice(0, 9).toLowerCase()}${SHOWN.slice(9)}`],
    ['without hyphens', SHOWN.replaceAll('-', '')],
    ['with spaces', ` ${SHOWN.replaceAll('-', ' ')} `],
    ['with hyphens anywhere', `--${[...SHOWN].join('-')}-`],
    ['in 256 characters', SHOWN.padEnd(256, ' ')],
  ])('is read %s', (_, text) => {
    expect(parseRecoveryKey(text).reveal()).toBe(SHOWN);
  });

  test.each([
    ['nothing', ''],
    ['a character missing', SHOWN.slice(1)],
    ['a character too many', `${SHOWN}A`],
    ['two exchanged', SHOWN.replace('AB', 'BA')],
    ['another first character', SHOWN.replace('A', 'B')],
    ['another check character', `${SHOWN.slice(0, -1)}${SHOWN.endsWith('A') ? 'B' : 'A'}`],
    [
      'another character before it',
      `${SHOWN.slice(0, -2)}${SHOWN.at(-2) === 'A' ? 'B' : 'A'}${SHOWN.at(-1)}`,
    ],
    ['a zero', SHOWN.replace('A', '0')],
    ['a one', SHOWN.replace('A', '1')],
    ['an I', SHOWN.replace('A', 'I')],
    ['an i', SHOWN.replace('A', 'i')],
    ['an o', SHOWN.replace('A', 'o')],
    ['a dotless i', SHOWN.replace('A', '\u0131')],
    ['a long s, which upper case would make an S', SHOWN.replace('S', '\u017f')],
    ['the Kelvin sign', SHOWN.replace('K', '\u212a')],
    ['a tab', SHOWN.replace('-', '\t')],
    ['a line break at the end', `${SHOWN}\n`],
    ['a dash that is no hyphen', SHOWN.replace('-', '\u2013')],
    ['a no-break space', SHOWN.replace('-', '\u00a0')],
    ['257 characters', SHOWN.padEnd(257, ' ')],
  ])('is not read with %s', (_, text) => {
    expect(codeOf(() => parseRecoveryKey(text))).toBe('ERR_RECOVERY_KEY');
  });

  test('is text', () => {
    for (const value of [undefined, null, 28, [SHOWN], new TextEncoder().encode(SHOWN)])
      expect(codeOf(() => parseRecoveryKey(value as never))).toBe('ERR_ARGUMENT_TYPE');
  });

  test('a mistake names no character of it', () => {
    expect.assertions(1);
    try {
      parseRecoveryKey(SHOWN.replace('A', 'B'));
    } catch (error) {
      expect(String(error)).not.toMatch(/[A-HJ-NP-Z2-9]{4}-/);
    }
  });

  test('shows itself only when asked', () => {
    const key = parseRecoveryKey(SHOWN);
    const printed = [
      JSON.stringify({ key }),
      String(key),
      inspect(key, { depth: 9, showHidden: true }),
      inspect(structuredClone(key), { depth: 9, showHidden: true }),
    ].join('\n');
    expect(printed).not.toContain(FIRST.slice(0, 4));
    expect(printed).not.toMatch(/\d+,\s*\d+,\s*\d+/);
    expect(String(key)).toBe('[RecoveryKey redacted]');
    expect(JSON.stringify(key)).toBe('"[RecoveryKey redacted]"');
    expect(Object.isFrozen(key)).toBe(true);
  });

  test('can be destroyed', () => {
    const key = parseRecoveryKey(SHOWN);
    const blob = sealBackup(accountKey, key);
    expect(key.isDestroyed).toBe(false);
    key.destroy();
    key.destroy();
    expect(key.isDestroyed).toBe(true);
    const uses: readonly (() => unknown)[] = [
      () => key.reveal(),
      () => key.use((ascii) => ascii.length),
      () => sealBackup(accountKey, key),
      () => openBackup(blob, { recoveryKey: key }),
    ];
    for (const use of uses) expect(codeOf(use)).toBe('ERR_DESTROYED');
  });
});

describe.each(SCHEMES)('a backup of a $name key', (scheme) => {
  const key = generatePrivateKey(scheme);
  const recoveryKey = parseRecoveryKey(SHOWN);

  test('opens with its recovery key, and nothing is destroyed by it', () => {
    const blob = sealBackup(key, recoveryKey);
    expect(blob.length).toBe(1 + 3 * 32 + 2 + 52);
    expect(blob.subarray(1, 33)).toEqual(deriveKeyId(key.publicKey));
    const kept = Uint8Array.from(blob);
    for (const accountKeyId of [undefined, deriveKeyId(key.publicKey)]) {
      const opened = openBackup(blob, { recoveryKey, accountKeyId });
      expect(secretOf(opened)).toBe(secretOf(key));
      expect(opened.publicKey).toEqual(key.publicKey);
    }
    expect(blob).toEqual(kept);
    expect([key.isDestroyed, recoveryKey.isDestroyed]).toEqual([false, false]);
  });

  test('does not open with another', () => {
    const blob = sealBackup(key, recoveryKey);
    expect(codeOf(() => openBackup(blob, { recoveryKey: generateRecoveryKey() }))).toBe('ERR_SEALED');
  });

  test('with any one bit changed does not open, and says no more than where it was found', () => {
    const blob = sealBackup(key, recoveryKey);
    for (let at = 0; at < blob.length; at++) {
      const changed = Uint8Array.from(blob);
      changed[at] = (changed[at] as number) ^ (1 << (at % 8));
      const expected = at === 0 ? /^ERR_VERSION$/ : at === 97 || at === 98 ? /^ERR_T/ : /^ERR_SEALED$/;
      expect(
        codeOf(() => openBackup(changed, { recoveryKey })),
        `byte ${at}`,
      ).toMatch(expected);
    }
  });
});

describe('a backup', () => {
  const recoveryKey = new RecoveryKey(new TextEncoder().encode(FIRST));
  const blob = sealBackup(accountKey, recoveryKey);

  test('is refused in every wrong length', () => {
    for (let length = 0; length < blob.length; length++)
      expect(codeOf(() => openBackup(blob.subarray(0, length), { recoveryKey }))).toBe('ERR_TRUNCATED');
    expect(codeOf(() => openBackup(Uint8Array.of(...blob, 0), { recoveryKey }))).toBe('ERR_TRAILING_BYTES');
    const most = new Uint8Array(99 + 65_535);
    most[0] = 1;
    most.fill(255, 97, 99);
    expect(codeOf(() => openBackup(most, { recoveryKey }))).toBe('ERR_SEALED');
    expect(codeOf(() => openBackup(new Uint8Array(most.length + 1), { recoveryKey }))).toBe('ERR_TOO_LARGE');
  });

  test('holds no more than a private key: what is longer is refused unread', () => {
    const pair = keyPairFrom(accountKey.publicKey.scheme, accountKey.reveal());
    const opened = (length: number): string => {
      const plain = new Uint8Array(length).fill(255, 3);
      plain.set([1, 0x08, 0x07]);
      const sealed = sealPlainly(pair, SHOWN, new Uint8Array(32), undefined, plain);
      return codeOf(() => openBackup(sealed, { recoveryKey }));
    };
    expect(opened(4 + 255)).toBe('ERR_KEY_LENGTH');
    expect(opened(4 + 255 + 1)).toBe('ERR_TOO_LARGE');
  });

  test('refuses arguments of the wrong kind', () => {
    const uses: readonly (readonly [() => unknown, string])[] = [
      [() => sealBackup(accountKey.publicKey as never, recoveryKey), 'ERR_ARGUMENT_TYPE'],
      [() => sealBackup(accountKey, SHOWN as never), 'ERR_ARGUMENT_TYPE'],
      [() => openBackup('text' as never, { recoveryKey }), 'ERR_ARGUMENT_TYPE'],
      [() => openBackup(blob, undefined as never), 'ERR_ARGUMENT_TYPE'],
      [() => openBackup(blob, { recoveryKey: SHOWN as never }), 'ERR_ARGUMENT_TYPE'],
      [() => openBackup(blob, { recoveryKey, accountKeyId: 'x' as never }), 'ERR_ARGUMENT_TYPE'],
      [() => openBackup(blob, { recoveryKey, accountKeyId: blob.subarray(1, 32) }), 'ERR_ARGUMENT_RANGE'],
      [() => openBackup(new Uint8Array(0), { recoveryKey, accountKeyId: blob }), 'ERR_ARGUMENT_RANGE'],
    ];
    for (const [use, code] of uses) expect(codeOf(use), String(use)).toBe(code);
  });

  test('is not made of a destroyed account key', () => {
    const key = generatePrivateKey(ed25519);
    key.destroy();
    expect(codeOf(() => sealBackup(key, recoveryKey))).toBe('ERR_DESTROYED');
  });
});
