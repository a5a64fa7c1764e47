/**
 * The wire format of key transparency, held to its laws and to the reference: for random values of every structure in
 * every suite and mode, and for bytes damaged at random.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { standsFor } from '../../scripts/vectors/refusals.js';
import { Refusal } from '../reference/encoding.js';
import { readWire, STRUCTURE_NAMES, writeWire } from '../reference/keytrans-wire.js';
import { codeOf } from '../support/accounts.js';
import { LIBRARY, type Setting, structureOf, textOf } from '../support/keytrans-library.js';
import { settings, valuesOf } from '../support/keytrans-values.js';
import { check } from '../support/property.js';

test('library and reference have the same structures', () => {
  expect(Object.keys(LIBRARY)).toEqual(STRUCTURE_NAMES);
  expect(STRUCTURE_NAMES).toHaveLength(29);
});

/** A setting in which the structure exists, and one of its values. */
function given(name: string): fc.Arbitrary<{ setting: Setting; value: unknown }> {
  const where =
    name === 'ManagerUpdateRequest'
      ? settings.map((setting): Setting => ({ ...setting, mode: 'thirdPartyManagement' }))
      : settings;
  return where.chain((setting) => valuesOf(name, setting).map((value) => ({ setting, value })));
}

const plain = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Everything reachable that is an object but no byte array is frozen, and no byte array is a view. */
function isOwnAndFrozen(value: unknown, source: Uint8Array): boolean {
  if (value instanceof Uint8Array) return value.buffer !== source.buffer;
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every((below) => isOwnAndFrozen(below, source));
}

/** One change of an encoding: bytes put in place of others. */
const damages = fc.record({
  at: fc.nat(),
  remove: fc.nat(3),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 3 }),
    fc.constantFrom(0, 1, 2, 3, 4, 32, 127, 255).map((byte) => Uint8Array.of(byte)),
  ),
});

function damaged(
  bytes: Uint8Array,
  { at, remove, insert }: { at: number; remove: number; insert: Uint8Array },
) {
  const start = at % (bytes.length + 1);
  return Uint8Array.from([...bytes.subarray(0, start), ...insert, ...bytes.subarray(start + remove)]);
}

/** What the reference makes of bytes: the value, or why it refuses. */
function judged(name: string, bytes: Uint8Array, setting: Setting): { value: unknown } | Refusal {
  try {
    return { value: readWire(name, bytes, setting) };
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

describe.each(STRUCTURE_NAMES)('%s', (name) => {
  const { parse, encode } = structureOf(name);

  test('is written as the reference writes it, and read again as it was', () => {
    check(
      fc.property(given(name), ({ setting, value }) => {
        const bytes = encode(value, setting);
        expect(hex(bytes)).toBe(hex(writeWire(name, value, setting).bytes));
        const again = parse(bytes, setting);
        expect(textOf(again)).toBe(textOf(value));
        expect(textOf(readWire(name, bytes, setting))).toBe(textOf(value));
        expect(isOwnAndFrozen(again, bytes)).toBe(true);
        expect(hex(encode(again, setting))).toBe(hex(bytes));
      }),
    );
  });

  test('damaged: is refused as the reference refuses it, or read as it reads it and written back', () => {
    check(
      fc.property(
        given(name),
        fc.array(damages, { minLength: 1, maxLength: 2 }),
        ({ setting, value }, changes) => {
          const bytes = changes.reduce(damaged, plain(writeWire(name, value, setting).bytes));
          const verdict = judged(name, bytes, setting);
          if (verdict instanceof Refusal) {
            const code = String(codeOf(() => parse(bytes, setting)));
            expect(`${verdict.reason} ${code} ${standsFor(code, verdict.reason)}`).toMatch(/ true$/);
          } else {
            expect(textOf(parse(bytes, setting))).toBe(textOf(verdict.value));
            expect(hex(encode(parse(bytes, setting), setting))).toBe(hex(bytes));
          }
        },
      ),
    );
  });
});
