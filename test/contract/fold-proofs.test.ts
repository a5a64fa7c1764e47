/**
 * The TreeHasher contract on proofs, over every engine: proofs of any number and lengths, in any order, each with
 * sides and tags of its own, lead where the naive reference says.
 */

import { createTypeScriptHasher } from 'contact-key-verification/log.js';
import {
  createWasmHasher,
  type PairTags,
  type ProofBatch,
  type TreeHasher,
} from 'contact-key-verification/wasm.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { misaligned, naiveHasher, noise } from '../support/naive-hasher.js';
import { check } from '../support/property.js';

const engines: readonly TreeHasher[] = [
  createTypeScriptHasher(),
  createWasmHasher(),
  createWasmHasher({ simd: 'off' }),
];

const rfc6962: readonly PairTags[] = [{ left: 1 }];
const keytrans: readonly PairTags[] = [
  { left: 0, right: 0 },
  { left: 1, right: 0 },
  { left: 1, right: 1 },
];
const mixed: readonly PairTags[] = [{ left: 7 }, { left: 8, right: 9 }];
const forms = [
  ['65', rfc6962],
  ['66', keytrans],
  ['65 and 66', mixed],
] as const;

/** Proofs of the given lengths over reproducible bytes, their steps without a visible pattern. */
function proofsOf(lengths: readonly number[], tags: readonly PairTags[], seed = 1): ProofBatch {
  const siblings = lengths.reduce((sum, length) => sum + length, 0);
  return {
    hashes: noise((siblings + lengths.length) * 32, seed),
    lengths,
    steps: noise(siblings, seed + 1).map((byte) => byte % (2 * tags.length)),
    tags,
  };
}

function expectSame(engine: TreeHasher, proofs: ProofBatch): void {
  expect(Buffer.compare(engine.foldProofs(proofs), naiveHasher.foldProofs(proofs))).toBe(0);
}

const times = (count: number, length: number): number[] => Array.from({ length: count }, () => length);

describe.each(engines)('$name', (engine) => {
  test.each(forms)('0 to 40 proofs, of one length and of many, %s bytes', (_, tags) => {
    for (let count = 0; count <= 40; count++) {
      expectSame(engine, proofsOf(times(count, 3), tags, count));
      expectSame(
        engine,
        proofsOf(
          Array.from({ length: count }, (__, i) => i % 11),
          tags,
          count,
        ),
      );
      expectSame(
        engine,
        proofsOf(
          Array.from({ length: count }, (__, i) => (count - i) % 7),
          tags,
          count,
        ),
      );
    }
  });

  test.each(forms)('a proof of every length from 0 to 64, %s bytes', (_, tags) => {
    for (let length = 0; length <= 64; length++) expectSame(engine, proofsOf([length], tags, length));
  });

  test('the root that foldSubtrees gives, for every leaf of a tree of 16', () => {
    const leaves = noise(16 * 32);
    const level = (height: number): Uint8Array =>
      engine.foldSubtrees(leaves, height, { left: 1 }, { left: 1 });
    for (let index = 0; index < 16; index++) {
      const path = [0, 1, 2, 3].map((height) => {
        const at = Math.floor(index / 2 ** height);
        const sibling = at % 2 === 0 ? at + 1 : at - 1;
        return { hash: level(height).slice(32 * sibling, 32 * sibling + 32), step: at % 2 };
      });
      const root = engine.foldProofs({
        hashes: new Uint8Array(
          Buffer.concat([leaves.subarray(32 * index, 32 * index + 32), ...path.map(({ hash }) => hash)]),
        ),
        lengths: [4],
        steps: Uint8Array.from(path, ({ step }) => step),
        tags: rfc6962,
      });
      expect(root).toEqual(level(4));
    }
  });

  test.each([
    ['more hashes than the window holds', times(500, 20)],
    ['as many hashes as the window holds', times(512, 15)],
    ['one hash more', [...times(512, 15), 0]],
    ['more proofs than results fit', times(4100, 0)],
    ['the longest that there are', [1024, 0, 1024, 1023, 1, 1024, 1024, 1024, 1024, 1024, 1024]],
    ['one long among short ones', [2, 1, 0, 300, 1, 2, 3, 1, 2, 3, 1, 2, 3]],
  ])('%s', (_, lengths) => {
    expectSame(engine, proofsOf(lengths, rfc6962));
    expectSame(engine, proofsOf(lengths, keytrans));
  });

  test('128 tags, and steps that name the last', () => {
    const tags = Array.from({ length: 128 }, (_, i) => ({ left: i, right: 255 - i }));
    expectSame(engine, proofsOf(times(60, 9), tags));
    const last = { ...proofsOf([2], tags), steps: Uint8Array.of(255, 254) };
    expectSame(engine, last);
  });

  test('inputs stay as they were, and the result is fresh', () => {
    const proofs = proofsOf([3, 0, 2], keytrans);
    const hashes = misaligned(proofs.hashes, 5);
    const around = new Uint8Array(hashes.buffer).slice();
    const roots = engine.foldProofs({ ...proofs, hashes });
    const kept = roots.slice();
    expect(new Uint8Array(hashes.buffer)).toEqual(around);
    expect(roots.buffer.byteLength).toBe(roots.length);
    engine.foldProofs(proofsOf([3, 0, 2], keytrans, 9));
    expect(roots).toEqual(kept);
    expect(engine.foldProofs({ ...proofs, hashes: Buffer.from(proofs.hashes) })).toEqual(kept);
  });

  describe('arguments', () => {
    const good = proofsOf([2, 1], rfc6962);
    const any = (value: unknown): never => value as never;
    const type = 'ERR_ARGUMENT_TYPE';
    const range = 'ERR_ARGUMENT_RANGE';
    test.each<readonly [string, object, string]>([
      ['hashes that are no bytes', { hashes: [1] }, type],
      ['a hash too few', { hashes: noise(4 * 32) }, range],
      ['a hash too many', { hashes: noise(6 * 32) }, range],
      ['a byte too many', { hashes: noise(5 * 32 + 1) }, range],
      ['lengths that are no array', { lengths: Uint8Array.of(2, 1) }, type],
      ['a length as text', { lengths: [2, '1'] }, type],
      ['a negative length', { lengths: [4, -1] }, range],
      ['a fractional length', { lengths: [1.5, 1.5] }, range],
      [
        'a length above 1,024',
        { lengths: [1025], hashes: noise(1026 * 32), steps: new Uint8Array(1025) },
        range,
      ],
      ['lengths with a hole', { lengths: [2, undefined, 1] }, type],
      ['steps that are no bytes', { steps: [0, 0, 0] }, type],
      ['a step too few', { steps: new Uint8Array(2) }, range],
      ['a step too many', { steps: new Uint8Array(4) }, range],
      ['a step that names no tags', { steps: Uint8Array.of(0, 2, 0) }, range],
      ['tags that are no array', { tags: { left: 1 } }, type],
      ['no tags', { tags: [] }, range],
      ['129 tags', { tags: Array.from({ length: 129 }, () => ({ left: 1 })) }, range],
      ['tags of null', { tags: [null] }, type],
      ['a tag of 256', { tags: [{ left: 256 }] }, range],
      ['a right tag of -1', { tags: [{ left: 1, right: -1 }] }, range],
    ])('%s: refused, and the engine goes on', (_, change, code) => {
      let caught: unknown;
      try {
        engine.foldProofs({ ...good, ...change });
      } catch (error) {
        caught = error;
      }
      expect(caught).toMatchObject({ code });
      expectSame(engine, good);
    });

    test('proofs that are missing', () => {
      for (const missing of [undefined, null, 1]) {
        expect(() => engine.foldProofs(any(missing))).toThrow(TypeError);
      }
    });

    test('tags and lengths are read before anything is hashed', () => {
      const shifty: PairTags = {
        get left() {
          engine.foldProofs(proofsOf([5, 5], keytrans, 3));
          return 1;
        },
      };
      const proofs = { ...good, tags: [shifty] };
      expect(engine.foldProofs(proofs)).toEqual(naiveHasher.foldProofs(good));
    });
  });
});

test('every engine is the naive reference', () => {
  const tag = fc.nat({ max: 255 });
  const pair: fc.Arbitrary<PairTags> = fc.oneof(
    fc.record({ left: tag }),
    fc.record({ left: tag, right: tag }),
  );
  const tags = fc.array(pair, { minLength: 1, maxLength: 4 });
  const lengths = fc.array(fc.nat({ max: 12 }), { maxLength: 30 });
  check(
    fc.property(lengths, tags, fc.nat(), fc.boolean(), (each, kinds, seed, oneForm) => {
      const alike = kinds.filter(({ right }) => (right === undefined) === (kinds[0]?.right === undefined));
      const proofs = proofsOf(each, oneForm ? alike : kinds, seed);
      for (const engine of engines) expectSame(engine, proofs);
    }),
  );
});
