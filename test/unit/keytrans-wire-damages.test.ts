/**
 * Every published structure of key transparency, cut short at every byte and damaged at every place that the reference
 * marks: enumerators, presence octets, counts, lengths and integers, none left out.
 */

import { describe, expect, test } from 'vitest';
import { standsFor } from '../../scripts/vectors/refusals.js';
import { type Reason, Refusal } from '../reference/encoding.js';
import type { Mark } from '../reference/keytrans-bytes.js';
import { readWire, writeWire } from '../reference/keytrans-wire.js';
import { codeOf } from '../support/accounts.js';
import { type Setting, structureOf } from '../support/keytrans-library.js';
import { bytes, type Fields, PUBLISHED } from '../vectors/files.js';

const CASES = (PUBLISHED.find(({ file }) => file === 'keytrans-wire')?.valid ?? []).map(
  ({ name, structure, input }) => ({ name, structure: structure.slice(2), input }),
);

/** How a damaged encoding is refused: by code, and at which byte. */
function refused(structure: string, damaged: Uint8Array, setting: Setting): unknown {
  try {
    structureOf(structure).parse(damaged, setting);
  } catch (error) {
    const { code, offset } = error as Record<string, unknown>;
    return { code, offset };
  }
  return 'accepted';
}

/** Why the reference refuses it. */
function reasonOf(structure: string, damaged: Uint8Array, setting: Setting): Reason {
  try {
    readWire(structure, damaged, setting);
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
  throw new Error('the reference accepts it');
}

function patched(whole: Uint8Array, at: number, by: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(whole);
  copy.set(by, at);
  return copy;
}

const opened = (
  structure: string,
  input: Fields,
): { whole: Uint8Array; setting: Setting; marks: readonly Mark[] } => {
  const whole = bytes(input['bytes']);
  const setting = input as unknown as Setting;
  return { whole, setting, marks: writeWire(structure, readWire(structure, whole, setting), setting).marks };
};

test('there are all structures, and every kind of mark', () => {
  expect(new Set(CASES.map(({ structure }) => structure)).size).toBe(29);
  const kinds = CASES.flatMap(({ structure, input }) =>
    opened(structure, input).marks.map(({ kind }) => kind),
  );
  const counted = (kind: Mark['kind']): number => kinds.filter((each) => each === kind).length;
  expect(counted('enum')).toBeGreaterThan(100);
  expect(counted('presence')).toBeGreaterThan(50);
  expect(counted('count')).toBeGreaterThan(200);
  expect(counted('length')).toBeGreaterThan(100);
  expect(counted('uint64')).toBeGreaterThan(100);
});

describe.each(CASES)('$name', ({ structure, input }) => {
  const { whole, setting, marks } = opened(structure, input);
  const at = (kind: Mark['kind']): readonly Mark[] => marks.filter((mark) => mark.kind === kind);
  const ones = (width: number): number[] => Array.from({ length: width }, () => 255);

  test('cut short at any byte, or with a byte more', () => {
    for (let length = 0; length < whole.length; length++)
      expect(codeOf(() => structureOf(structure).parse(whole.slice(0, length), setting))).toBe(
        'ERR_TRUNCATED',
      );
    expect(refused(structure, Uint8Array.of(...whole, 0), setting)).toEqual({
      code: 'ERR_TRAILING_BYTES',
      offset: whole.length,
    });
  });

  test('with another enumerator or presence octet', () => {
    for (const { offset, known = [0, 1] } of [...at('enum'), ...at('presence')]) {
      for (let octet = 0; octet < 256; octet++) {
        if (known.includes(octet)) continue;
        const refusal = refused(structure, patched(whole, offset, [octet]), setting);
        expect(refusal).toEqual({ code: 'ERR_ENUM', offset });
      }
    }
  });

  test('with an integer above 2^53 - 1', () => {
    for (const { offset } of at('uint64')) {
      for (const digits of [[0, 32, 0, 0, 0, 0, 0, 0], ones(8)])
        expect(refused(structure, patched(whole, offset, digits), setting)).toEqual({
          code: 'ERR_INTEGER',
          offset,
        });
    }
  });

  test('with a count of all ones', () => {
    for (const { offset, width } of at('count')) {
      const refusal = refused(structure, patched(whole, offset, ones(width)), setting);
      const { code } = refusal as { code: string };
      const reason = reasonOf(structure, patched(whole, offset, ones(width)), setting);
      // A result has two bytes at least, so there may be room for 255 where much follows: then what follows is judged.
      if (whole.length - offset - 1 < 2 * 255) expect(refusal).toEqual({ code: 'ERR_TRUNCATED', offset });
      else expect(standsFor(code, reason)).toBe(true);
    }
  });

  test('with a length of all ones', () => {
    for (const { offset, width } of at('length')) {
      const damaged = patched(whole, offset, ones(width));
      // One label has 255 bytes already; another one reaches into what follows it, which the reference judges too.
      if (width === 1 && whole[offset] === 255) continue;
      const { code } = refused(structure, damaged, setting) as { code: string };
      const isKey = /^(?:Configuration|.*Tbs)$/.test(structure) && width === 2;
      if (width === 1) expect(standsFor(code, reasonOf(structure, damaged, setting))).toBe(true);
      else expect(code).toBe(isKey ? 'ERR_KEY_LENGTH' : width === 4 ? 'ERR_LENGTH' : 'ERR_TRUNCATED');
    }
  });
});
