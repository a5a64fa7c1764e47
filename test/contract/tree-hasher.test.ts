/**
 * The TreeHasher contract, over every engine: each computes what the naive reference does, in any order of
 * calls, at any size and alignment, and hands out bytes of its own.
 */

import { createTypeScriptHasher } from 'contact-key-verification/log.js';
import { createWasmHasher, type PairTags, type TreeHasher } from 'contact-key-verification/wasm.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { misaligned, naiveHasher, noise } from '../support/naive-hasher.js';
import { check } from '../support/property.js';

const engines: readonly TreeHasher[] = [
  createTypeScriptHasher(),
  createWasmHasher(),
  createWasmHasher({ simd: 'off' }),
];

/** Hashes of one window of the WebAssembly engines, as their header states it. */
const WINDOW_HASHES = 8192;
const WINDOW_BYTES = 32 * WINDOW_HASHES;

const rfc6962: PairTags = { left: 1 };
const keytrans: PairTags = { left: 0, right: 1 };
const forms: readonly (readonly [string, PairTags])[] = [
  ['65', rfc6962],
  ['66', keytrans],
  ['65, highest tag', { left: 255 }],
  ['66, equal tags', { left: 3, right: 3 }],
];

/** `expect(…).toEqual` on long byte strings is slow; this says where they differ. */
function expectEqual(actual: Uint8Array, expected: Uint8Array): void {
  expect(actual.length).toBe(expected.length);
  if (Buffer.compare(actual, expected) === 0) return;
  expect(actual.findIndex((byte, i) => byte !== expected[i])).toBe(-1);
}

test('the engines are the three there are', () => {
  expect(engines.map((engine) => engine.name)).toEqual(['typescript', 'wasm-simd', 'wasm-scalar']);
  expect(engines.every((engine) => Object.isFrozen(engine))).toBe(true);
});

describe.each(engines)('$name', (engine) => {
  describe('hashPairs', () => {
    test.each(forms)('every batch size from 0 to 600, %s bytes', (_, tags) => {
      const hashes = noise(600 * 64);
      const expected = naiveHasher.hashPairs(hashes, tags);
      for (let count = 0; count <= 600; count++) {
        expectEqual(engine.hashPairs(hashes.subarray(0, count * 64), tags), expected.subarray(0, count * 32));
      }
    });

    test.each(forms)('batches beside and across the window, %s bytes', (_, tags) => {
      const window = WINDOW_HASHES / 2;
      const hashes = noise((3 * window + 7) * 64);
      const expected = naiveHasher.hashPairs(hashes, tags);
      for (const count of [window - 1, window, window + 1, 2 * window, 3 * window + 7]) {
        expectEqual(engine.hashPairs(hashes.subarray(0, count * 64), tags), expected.subarray(0, count * 32));
      }
    });
  });

  describe('foldSubtrees', () => {
    test.each([
      ['every level alike', rfc6962, rfc6962],
      ['bottom unlike inner', keytrans, { left: 1, right: 1 }],
      ['bottom of one form, inner of the other', { left: 7 }, { left: 8, right: 9 }],
    ] as const)('every height from 0 to 10, one to nine subtrees, %s', (_, bottom, inner) => {
      for (let height = 0; height <= 10; height++) {
        for (let count = 1; count <= (height < 7 ? 9 : 3); count++) {
          const hashes = noise(count * 2 ** height * 32, height);
          const roots = engine.foldSubtrees(hashes, height, bottom, inner);
          expectEqual(roots, naiveHasher.foldSubtrees(hashes, height, bottom, inner));
        }
      }
    });

    test.each([
      [12, 1],
      [12, 3],
      [13, 1],
      [13, 2],
      [14, 1],
      [14, 3],
      [16, 1],
    ])('height %i, %i subtrees: as high as the window and higher', (height, count) => {
      const hashes = noise(count * 2 ** height * 32);
      const roots = engine.foldSubtrees(hashes, height, keytrans, { left: 1, right: 1 });
      expectEqual(roots, naiveHasher.foldSubtrees(hashes, height, keytrans, { left: 1, right: 1 }));
    });

    test('no subtrees have no roots, at any height', () => {
      for (let height = 0; height <= 32; height++) {
        expect(engine.foldSubtrees(new Uint8Array(0), height, rfc6962, rfc6962)).toEqual(new Uint8Array(0));
      }
    });
  });

  describe('hashLeaves', () => {
    test.each([[undefined], [0], [255]])(
      'every length from 1 to 200, zero to ten leaves, prefix %s',
      (prefix) => {
        for (let length = 1; length <= 200; length++) {
          const leaves = noise(10 * length, length);
          const expected = naiveHasher.hashLeaves(leaves, length, prefix);
          for (let count = 0; count <= 10; count++) {
            const digests = engine.hashLeaves(leaves.subarray(0, count * length), length, prefix);
            expectEqual(digests, expected.subarray(0, count * 32));
          }
        }
      },
    );

    test.each([
      [32, undefined],
      [32, 0],
      [40, undefined],
      [40, 0],
      [40, 255],
      [54, 2],
      [55, undefined],
      [65, undefined],
    ])('every number from 0 to 64, %i bytes, prefix %s', (length, prefix) => {
      const leaves = noise(64 * length);
      const expected = naiveHasher.hashLeaves(leaves, length, prefix);
      for (let count = 0; count <= 64; count++) {
        const digests = engine.hashLeaves(leaves.subarray(0, count * length), length, prefix);
        expectEqual(digests, expected.subarray(0, count * 32));
      }
    });

    test.each([
      ['more digests than the window holds', 1, WINDOW_HASHES + 3],
      ['lengths that do not divide the window', 40, 6600],
      ['a few long leaves', 1000, 11],
      ['a window of four, and one more', WINDOW_BYTES / 4, 5],
      ['less than four to a window', WINDOW_BYTES / 4 + 1, 5],
      ['one to a window', WINDOW_BYTES, 2],
      ['longer than the window', WINDOW_BYTES + 1, 2],
    ])('%s: %i bytes × %i', (_, length, count) => {
      const leaves = noise(length * count);
      for (const prefix of [undefined, 0]) {
        const digests = engine.hashLeaves(leaves, length, prefix);
        expectEqual(digests, naiveHasher.hashLeaves(leaves, length, prefix));
      }
    });

    test('no leaves have no digests, at any length', () => {
      for (const length of [1, 32, WINDOW_BYTES + 1, Number.MAX_SAFE_INTEGER]) {
        expect(engine.hashLeaves(new Uint8Array(0), length, 0)).toEqual(new Uint8Array(0));
      }
    });
  });

  describe('ownership', () => {
    const hashes = noise(64 * 32);
    const calls: readonly (readonly [string, (input: Uint8Array) => Uint8Array])[] = [
      ['hashPairs', (input) => engine.hashPairs(input, keytrans)],
      ['foldSubtrees', (input) => engine.foldSubtrees(input, 3, keytrans, rfc6962)],
      ['foldSubtrees of height 0', (input) => engine.foldSubtrees(input, 0, keytrans, rfc6962)],
      ['hashLeaves', (input) => engine.hashLeaves(input, 32, 0)],
    ];

    test.each(calls)('%s leaves its input as it was, and returns a buffer of its own', (_, call) => {
      const input = misaligned(hashes, 5);
      const around = new Uint8Array(input.buffer);
      const before = new Uint8Array(around);
      const first = call(input);
      expect(around).toEqual(before);
      expect(Object.getPrototypeOf(first)).toBe(Uint8Array.prototype);
      expect(first.byteOffset).toBe(0);
      expect(first.buffer.byteLength).toBe(first.length);

      const kept = new Uint8Array(first);
      const second = call(misaligned(noise(64 * 32, 2), 1));
      second.fill(0);
      expect(first).toEqual(kept);
      first.fill(0);
      expect(call(input)).toEqual(kept);
    });

    test.each(calls)('%s takes a Buffer, and returns a plain Uint8Array', (_, call) => {
      const digests = call(Buffer.from(hashes));
      expect(Object.getPrototypeOf(digests)).toBe(Uint8Array.prototype);
      expect(digests).toEqual(call(hashes));
    });
  });

  describe('arguments', () => {
    const pair = noise(64);
    const type = { name: 'TypeError', code: 'ERR_ARGUMENT_TYPE' };
    const range = { name: 'RangeError', code: 'ERR_ARGUMENT_RANGE' };
    const any = (value: unknown): never => value as never;
    const wrong: readonly (readonly [string, () => unknown, typeof type])[] = [
      ['pairs that are no bytes', () => engine.hashPairs(any([1, 2]), rfc6962), type],
      ['pairs that are missing', () => engine.hashPairs(any(undefined), rfc6962), type],
      ['pairs as words', () => engine.hashPairs(any(new Uint32Array(64)), rfc6962), type],
      ['a pair and a half', () => engine.hashPairs(noise(96), rfc6962), range],
      ['one byte too many', () => engine.hashPairs(noise(65), rfc6962), range],
      ['tags that are missing', () => engine.hashPairs(pair, any(undefined)), type],
      ['tags that are null', () => engine.hashPairs(pair, any(null)), type],
      ['tags without a left', () => engine.hashPairs(pair, any({})), type],
      ['a left tag as text', () => engine.hashPairs(pair, any({ left: '1' })), type],
      ['a right tag of null', () => engine.hashPairs(pair, any({ left: 1, right: null })), type],
      ['a left tag of 256', () => engine.hashPairs(pair, { left: 256 }), range],
      ['a left tag of -1', () => engine.hashPairs(pair, { left: -1 }), range],
      ['a right tag of -1', () => engine.hashPairs(pair, { left: 1, right: -1 }), range],
      ['a fractional tag', () => engine.hashPairs(pair, { left: 0.5 }), range],
      ['a tag that is no number', () => engine.hashPairs(pair, { left: Number.NaN }), range],
      ['subtrees that are no bytes', () => engine.foldSubtrees(any('ab'), 1, rfc6962, rfc6962), type],
      ['a subtree and a half', () => engine.foldSubtrees(noise(96), 1, rfc6962, rfc6962), range],
      ['less than a subtree', () => engine.foldSubtrees(pair, 32, rfc6962, rfc6962), range],
      ['half a hash', () => engine.foldSubtrees(noise(16), 0, rfc6962, rfc6962), range],
      ['a height of -1', () => engine.foldSubtrees(pair, -1, rfc6962, rfc6962), range],
      ['a height of 33', () => engine.foldSubtrees(new Uint8Array(0), 33, rfc6962, rfc6962), range],
      ['a fractional height', () => engine.foldSubtrees(pair, 0.5, rfc6962, rfc6962), range],
      ['a height as text', () => engine.foldSubtrees(pair, any('1'), rfc6962, rfc6962), type],
      ['bottom tags that are missing', () => engine.foldSubtrees(pair, 0, any(undefined), rfc6962), type],
      ['inner tags that are missing', () => engine.foldSubtrees(pair, 1, rfc6962, any(undefined)), type],
      ['an inner tag of 256', () => engine.foldSubtrees(pair, 0, rfc6962, { left: 256 }), range],
      ['leaves that are no bytes', () => engine.hashLeaves(any(null), 32), type],
      ['a leaf and a half', () => engine.hashLeaves(noise(48), 32), range],
      ['leaves of no length', () => engine.hashLeaves(new Uint8Array(0), 0), range],
      ['leaves of negative length', () => engine.hashLeaves(pair, -64), range],
      ['leaves of infinite length', () => engine.hashLeaves(pair, Number.POSITIVE_INFINITY), range],
      ['a length above 2^53 - 1', () => engine.hashLeaves(new Uint8Array(0), 2 ** 53), range],
      ['a length as bigint', () => engine.hashLeaves(pair, any(32n)), type],
      ['a prefix of 256', () => engine.hashLeaves(pair, 32, 256), range],
      ['a prefix of -1', () => engine.hashLeaves(pair, 32, -1), range],
      ['a prefix of null', () => engine.hashLeaves(pair, 32, any(null)), type],
    ];

    test.each(wrong)('%s: refused, and the engine goes on', (_, call, { name, code }) => {
      let caught: unknown;
      try {
        call();
      } catch (error) {
        caught = error;
      }
      expect(caught).toBeInstanceOf(name === 'TypeError' ? TypeError : RangeError);
      expect(caught).toMatchObject({ code });
      expect(engine.hashPairs(pair, rfc6962)).toEqual(naiveHasher.hashPairs(pair, rfc6962));
    });

    test('tags are read once, before anything is hashed', () => {
      let reads = 0;
      const shifty: PairTags = {
        get left() {
          reads++;
          engine.hashPairs(noise(640, 3), keytrans);
          return reads;
        },
      };
      expect(engine.hashPairs(pair, shifty)).toEqual(naiveHasher.hashPairs(pair, { left: 1 }));
      expect(reads).toBe(1);
    });
  });
});

describe('any order of calls, over all engines', () => {
  const tag = fc.integer({ min: 0, max: 255 });
  const tags: fc.Arbitrary<PairTags> = fc.oneof(
    fc.record({ left: tag }),
    fc.record({ left: tag, right: tag }),
  );
  const place = { seed: fc.nat(), offset: fc.nat({ max: 70 }) };
  const call = fc.oneof(
    fc.record({ ...place, kind: fc.constant('pairs' as const), count: fc.nat({ max: 600 }), tags }),
    fc.record({
      ...place,
      kind: fc.constant('fold' as const),
      count: fc.nat({ max: 9 }),
      height: fc.nat({ max: 6 }),
      bottom: tags,
      inner: tags,
    }),
    fc.record({
      ...place,
      kind: fc.constant('leaves' as const),
      count: fc.nat({ max: 40 }),
      length: fc.integer({ min: 1, max: 300 }),
      prefix: fc.option(tag, { nil: undefined }),
    }),
  );
  type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

  function run(engine: TreeHasher, c: Call): Uint8Array {
    const bytes = (length: number): Uint8Array => misaligned(noise(length, c.seed), c.offset);
    if (c.kind === 'pairs') return engine.hashPairs(bytes(c.count * 64), c.tags);
    if (c.kind === 'leaves') return engine.hashLeaves(bytes(c.count * c.length), c.length, c.prefix);
    return engine.foldSubtrees(bytes(c.count * 2 ** c.height * 32), c.height, c.bottom, c.inner);
  }

  test('every engine is the naive reference', () => {
    check(
      fc.property(fc.array(call, { minLength: 1, maxLength: 4 }), (calls) => {
        const expected = calls.map((c) => run(naiveHasher, c));
        for (const engine of engines) {
          const digests = calls.map((c) => run(engine, c));
          digests.forEach((digest, i) => {
            expectEqual(digest, expected[i] as Uint8Array);
          });
        }
      }),
    );
  });
});
