/** Parts of structures that are not always there, and counts that are judged before what they count. */

import { describe, expect, test } from 'vitest';
import {
  type Codec,
  decode,
  encode,
  fixedBytes,
  struct,
  uint16,
  uint8,
  vector,
} from '../../src/bytes/codec.js';
import { joined, optional, presentIf, tagged } from '../../src/bytes/variants.js';
import { codeOf } from '../support/accounts.js';

const read = <T>(codec: Codec<T>, ...bytes: number[]): T =>
  decode(codec, Uint8Array.from(bytes), 'Thing', 1000);
const write = <T>(codec: Codec<T>, value: T): number[] => [...encode(codec, value)];

/** Code, path and offset of a refusal. */
function refusal(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    const { code, structure, offset } = error as Record<string, unknown>;
    return [code, structure, offset];
  }
  return 'accepted';
}

describe('optional', () => {
  const maybe = struct({ number: optional(uint16) });

  test('reads and writes both', () => {
    expect(read(maybe, 0)).toEqual({ number: undefined });
    expect(read(maybe, 1, 0, 7)).toEqual({ number: 7 });
    expect(write(maybe, { number: undefined })).toEqual([0]);
    expect(write(maybe, { number: 7 })).toEqual([1, 0, 7]);
  });

  test('refuses every other presence octet where it stands', () => {
    for (let octet = 2; octet < 256; octet++)
      expect(refusal(() => read(maybe, octet, 0, 7))).toEqual(['ERR_ENUM', 'Thing.number', 0]);
  });
});

describe('presentIf', () => {
  const [there, away] = [presentIf(true, uint8), presentIf(false, uint8)];

  test('leaves no trace of what is away', () => {
    expect([read(there, 7), read(away)]).toEqual([7, undefined]);
    expect([write(there, 7), write(away, undefined)]).toEqual([[7], []]);
    expect(codeOf(() => read(away, 7))).toBe('ERR_TRAILING_BYTES');
    expect(codeOf(() => read(there))).toBe('ERR_TRUNCATED');
  });

  test('writes no value where none has a place, and none without one', () => {
    expect(codeOf(() => write(away, 7))).toBe('ERR_ARGUMENT_RANGE');
    expect(codeOf(() => write(there, undefined))).toBe('ERR_ARGUMENT_RANGE');
  });
});

type Shapes = { readonly point: object; readonly circle: { readonly radius: number } };
const shape = tagged<'shape', Shapes>('shape', {
  point: { number: 1, rest: struct<object>({}) },
  circle: { number: 4, rest: struct({ radius: uint16 }) },
});

describe('tagged', () => {
  test('reads and writes every case', () => {
    expect(read(shape, 1)).toEqual({ shape: 'point' });
    expect(read(shape, 4, 1, 0)).toEqual({ shape: 'circle', radius: 256 });
    expect(write(shape, { shape: 'point' })).toEqual([1]);
    expect(write(shape, { shape: 'circle', radius: 256 })).toEqual([4, 1, 0]);
    expect(Object.isFrozen(read(shape, 1))).toBe(true);
  });

  test('refuses every number that is none of them', () => {
    for (let number = 0; number < 256; number++) {
      if (number === 1 || number === 4) continue;
      expect(refusal(() => read(struct({ it: shape }), number))).toEqual(['ERR_ENUM', 'Thing.it.shape', 0]);
    }
  });

  test('a program that writes nonsense is told', () => {
    expect(codeOf(() => write(shape, { shape: 'square' } as never))).toBe('ERR_ARGUMENT_RANGE');
    expect(codeOf(() => write(shape, { shape: 'toString' } as never))).toBe('ERR_ARGUMENT_RANGE');
    expect(codeOf(() => write(shape, undefined as never))).toBe('ERR_ARGUMENT_TYPE');
    expect(codeOf(() => write(shape, null as never))).toBe('ERR_ARGUMENT_TYPE');
  });
});

test('joined structs are one value', () => {
  const both = joined(struct({ id: uint8 }), shape);
  expect(read(both, 9, 4, 0, 3)).toEqual({ id: 9, shape: 'circle', radius: 3 });
  expect(write(both, { id: 9, shape: 'circle', radius: 3 })).toEqual([9, 4, 0, 3]);
  expect(Object.isFrozen(read(both, 9, 1))).toBe(true);
});

describe('the fewest bytes of a value', () => {
  test.each([
    ['an integer', uint16, 2],
    ['fixed bytes', fixedBytes(5), 5],
    ['an optional', optional(uint16), 1],
    ['a part that is there', presentIf(true, uint16), 2],
    ['a part that is away', presentIf(false, uint16), 0],
    ['a tagged union: of its smallest case', shape, 1],
    ['a struct', struct({ a: uint8, b: fixedBytes(3) }), 4],
    ['a joined struct', joined(struct({ a: uint8 }), shape), 2],
    ['a vector of any length', vector(uint16, { min: 0, ceiling: 255 }), 1],
    ['a vector of at least three', vector(uint16, { min: 3, ceiling: 65_535 }), 8],
  ] as [string, Codec<unknown>, number][])('%s', (_, { minBytes }, expected) => {
    expect(minBytes).toBe(expected);
  });
});

describe('a count', () => {
  const pair = struct({ tag: shape, id: uint8 });
  const early = vector(pair, { min: 0, ceiling: 65_535, upFront: true });
  const late = vector(pair, { min: 0, ceiling: 65_535 });

  test('of more than the bytes hold is refused where it stands, if that is asked for', () => {
    expect(refusal(() => read(early, 0, 2, 1, 5, 1))).toEqual(['ERR_TRUNCATED', 'Thing', 0]);
    expect(refusal(() => read(late, 0, 2, 1, 5, 1))).toEqual(['ERR_TRUNCATED', 'Thing.1.id', 5]);
    expect(refusal(() => read(early, 255, 255, 0, 5))).toEqual(['ERR_TRUNCATED', 'Thing', 0]);
    expect(refusal(() => read(late, 255, 255, 0, 5))).toEqual(['ERR_ENUM', 'Thing.0.tag.shape', 2]);
  });

  test('of what the bytes hold is not', () => {
    expect(read(early, 0, 0)).toEqual([]);
    expect(read(early, 0, 2, 1, 5, 1, 6)).toHaveLength(2);
    expect(refusal(() => read(early, 0, 1, 4, 0))).toEqual(['ERR_TRUNCATED', 'Thing.0.tag.radius', 3]);
  });
});

test('an encoding over its limit is not written', () => {
  expect(encode(uint16, 1, 2)).toHaveLength(2);
  expect(codeOf(() => encode(uint16, 1, 1))).toBe('ERR_ARGUMENT_RANGE');
});
