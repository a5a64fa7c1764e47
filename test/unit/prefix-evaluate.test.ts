/** Evaluating prefix proofs: what is refused, and when. Histories and lies at random are in the property tests. */
import type { TreeHasher } from 'contact-key-verification/log.js';
import {
  evaluatePrefixProof,
  evaluatePrefixUpdate,
  type PrefixLeaf,
  type PrefixProof,
  type PrefixSearchResult,
  verifyPrefixProof,
} from 'contact-key-verification/prefix.js';
import { describe, expect, test } from 'vitest';
import { addLeaves, removeLeaves } from '../../src/prefix/change.js';
import { closedNode, parentNode } from '../../src/prefix/node.js';
import { ABSENT, createWorkspace, NOWHERE, put } from '../../src/prefix/workspace.js';
import * as reference from '../reference/prefix-tree.js';
import { keyAt, leafAt, leavesOf, named } from '../support/prefix-tree.js';

const leaves = leavesOf(50);
const tree = leaves.reduce<reference.Tree>((rest, leaf) => reference.insert(rest, leaf), undefined);
const root = new Uint8Array(reference.value(tree));
const [first, second] = leaves as [PrefixLeaf, PrefixLeaf];
const prove = (...keys: Uint8Array[]): PrefixProof => reference.prove(tree, keys);

/** An engine that must not be asked for anything. */
const idle: TreeHasher = {
  name: 'typescript',
  hashPairs: () => {
    throw new Error('something was hashed');
  },
  foldSubtrees: () => new Uint8Array(0),
  hashLeaves: () => new Uint8Array(0),
  foldProofs: () => new Uint8Array(0),
};

describe('a proof of wrong shape is refused before anything is hashed', () => {
  const good = prove(first.vrfOutput);
  const [result] = good.results as [PrefixSearchResult];
  const wrong: [string, string, PrefixProof][] = [
    ['ERR_PROOF_LENGTH', 'an element missing', { ...good, elements: good.elements.slice(1) }],
    ['ERR_PROOF_LENGTH', 'an element too many', { ...good, elements: [...good.elements, root] }],
    ['ERR_PREFIX_COUNT', 'no result', { ...good, results: [] }],
    ['ERR_PREFIX_DEPTH', 'depth 256', { ...good, results: [{ ...result, depth: 256 }] }],
    ['ERR_PREFIX_DEPTH', 'a negative depth', { ...good, results: [{ ...result, depth: -1 }] }],
    ['ERR_PREFIX_DEPTH', 'half a depth', { ...good, results: [{ ...result, depth: 2.5 }] }],
    [
      'ERR_PREFIX_LEAF_KEY',
      'its own leaf',
      { ...good, results: [{ resultType: 'nonInclusionLeaf', leaf: first, depth: result.depth }] },
    ],
    [
      'ERR_PREFIX_LEAF_PATH',
      'a leaf elsewhere',
      { ...good, results: [{ resultType: 'nonInclusionLeaf', leaf: second, depth: 200 }] },
    ],
  ];
  test.each(wrong)('%s: %s', (code, _, proof) => {
    const run = (): unknown => evaluatePrefixProof([first], proof, { hasher: idle });
    expect(run).toThrow(expect.objectContaining({ code }));
  });

  test('and the engine is asked where the shape is right', () => {
    expect(() => evaluatePrefixProof([first], good, { hasher: idle })).toThrow('something was hashed');
  });

  test('a million elements too many are not even read', () => {
    const elements = Object.assign([] as Uint8Array[], { length: 1e6 });
    expect(() => evaluatePrefixProof([first], { ...good, elements }, { hasher: idle })).toThrow(
      expect.objectContaining({ code: 'ERR_PROOF_LENGTH' }),
    );
  });
});

test('one call of the engine for all leaves, and one for each level', () => {
  const calls: [tag: number, pairs: number][] = [];
  const watching: TreeHasher = {
    ...idle,
    hashPairs: (hashes, { left, right }) => {
      expect(right).toBeUndefined();
      calls.push([left, hashes.length / 64]);
      return new Uint8Array(hashes.length / 2);
    },
  };
  const searched = leaves.slice(0, 20);
  const proof = prove(...searched.map(({ vrfOutput }) => vrfOutput));
  evaluatePrefixProof(searched, proof, { hasher: watching });
  const deepest = Math.max(...proof.results.map(({ depth }) => depth));
  expect(calls.map(([tag]) => tag)).toEqual([2, ...Array<number>(deepest).fill(3)]);
  expect(calls[0]).toEqual([2, 20]);
  expect(calls.at(-1)).toEqual([3, 1]);
});

test('trees of no leaf and of one are not taken for each other, nor for a larger one', () => {
  const none: PrefixProof = { results: [{ resultType: 'nonInclusionParent', depth: 0 }], elements: [] };
  const one: PrefixProof = { results: [{ resultType: 'inclusion', depth: 0 }], elements: [] };
  const single = new Uint8Array(reference.leafValue(first));
  const zero = new Uint8Array(32);
  expect(evaluatePrefixProof([first], none)).toEqual(zero);
  expect(evaluatePrefixProof([first], one)).toEqual(single);
  const refused = expect.objectContaining({ code: 'ERR_PROOF_ROOT' });
  for (const [proof, roots] of [
    [none, [single, root]],
    [one, [zero, root]],
    [prove(first.vrfOutput), [zero, single]],
  ] as const) {
    for (const other of roots) expect(() => verifyPrefixProof(other, [first], proof)).toThrow(refused);
  }
});

test('a proof of no search is the root itself, and nothing else', () => {
  expect(evaluatePrefixProof([], { results: [], elements: [root] })).toEqual(root);
  const refused = expect.objectContaining({ code: 'ERR_PROOF_LENGTH' });
  expect(() => evaluatePrefixProof([], { results: [], elements: [] })).toThrow(refused);
  expect(() => evaluatePrefixProof([], { results: [], elements: [root, root] })).toThrow(refused);
});

test('255 searches and no more', () => {
  const many = leavesOf(256, 'many');
  const whole = many.reduce<reference.Tree>((rest, leaf) => reference.insert(rest, leaf), undefined);
  const proofOf = (count: number): PrefixProof =>
    reference.prove(
      whole,
      many.slice(0, count).map(({ vrfOutput }) => vrfOutput),
    );
  expect(verifyPrefixProof(reference.value(whole), many.slice(0, 255), proofOf(255))).toHaveLength(255);
  expect(() => evaluatePrefixProof(many, proofOf(256))).toThrow(
    expect.objectContaining({ code: 'ERR_PREFIX_COUNT' }),
  );
});

test('what is verified is a copy, and the commitment of an absent key is not handed on', () => {
  const absent = { vrfOutput: keyAt('', 'absent'), commitment: named('claimed') };
  const search = { ...first, vrfOutput: first.vrfOutput.slice() };
  const found = verifyPrefixProof(root, [search, absent], prove(first.vrfOutput, absent.vrfOutput));
  search.vrfOutput.fill(0);
  expect(found).toEqual([first, { vrfOutput: absent.vrfOutput, commitment: undefined }]);
  expect(Object.isFrozen(found)).toBe(true);
});

describe('an update', () => {
  test('of more than 255 changes is refused', () => {
    const added = leavesOf(256, 'more').sort((a, b) => Buffer.compare(a.vrfOutput, b.vrfOutput));
    const proof = prove(...added.map(({ vrfOutput }) => vrfOutput));
    expect(() => evaluatePrefixUpdate({ added, removed: [], proof })).toThrow(
      expect.objectContaining({ code: 'ERR_PREFIX_COUNT' }),
    );
  });

  test('is refused before anything is hashed where a list is wrong', () => {
    const [low, high] = [leafAt('0', 'low'), leafAt('1', 'high')];
    const proof = prove(high.vrfOutput, low.vrfOutput);
    const update = { added: [high, low], removed: [], proof };
    expect(() => evaluatePrefixUpdate(update, { hasher: idle })).toThrow(
      expect.objectContaining({ code: 'ERR_PREFIX_ORDER' }),
    );
  });
});

test('no change reaches into a part that was not opened', () => {
  const work = createWorkspace({});
  const keyOffset = put(work, new Uint8Array(64));
  const closed = (): ReturnType<typeof parentNode> =>
    parentNode(work, closedNode(work, keyOffset, NOWHERE), ABSENT);
  const notReady = expect.objectContaining({ code: 'ERR_NOT_READY' });
  const run = { work, keys: [keyOffset], end: Number.POSITIVE_INFINITY };
  expect(() => addLeaves(run, closed(), 0, 1, 0)).toThrow(notReady);
  expect(() => removeLeaves(run, closed(), 0, 1, 0)).toThrow(notReady);
});

describe('arguments', () => {
  const good = prove(first.vrfOutput);
  const bad = <T>(value: unknown): T => value as T;
  test.each<[string, () => unknown]>([
    ['searches', () => evaluatePrefixProof(bad(undefined), good)],
    ['a search', () => evaluatePrefixProof([bad(null)], good)],
    ['a key', () => evaluatePrefixProof([{ vrfOutput: bad('key') }], good)],
    ['a proof', () => evaluatePrefixProof([first], bad(null))],
    ['results', () => evaluatePrefixProof([first], { ...good, results: bad({ length: 1 }) })],
    ['a result', () => evaluatePrefixProof([first], { ...good, results: [bad(undefined)] })],
    ['elements', () => evaluatePrefixProof([first], { ...good, elements: bad({ length: 6 }) })],
    ['options', () => evaluatePrefixProof([first], good, bad(null))],
    [
      'a leaf',
      () =>
        evaluatePrefixProof([first], {
          results: [bad({ resultType: 'nonInclusionLeaf', depth: 1 })],
          elements: [],
        }),
    ],
    ['an update', () => evaluatePrefixUpdate(bad(undefined))],
    ['added', () => evaluatePrefixUpdate({ added: bad(1), removed: [], proof: good })],
    ['verified searches', () => verifyPrefixProof(root, bad(undefined), good)],
    ['a verified search', () => verifyPrefixProof(root, [bad(null)], good)],
    ['a verified key', () => verifyPrefixProof(root, [{ vrfOutput: bad(7) }], good)],
    ['a verified proof', () => verifyPrefixProof(root, [first], bad(null))],
    ['verified results', () => verifyPrefixProof(root, [first], { ...good, results: bad(null) })],
    ['a root', () => verifyPrefixProof(bad('root'), [first], good)],
  ])('%s of the wrong kind', (_, run) => {
    expect(run).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT_TYPE' }));
  });

  test('an unknown type of result', () => {
    const results = [bad<PrefixSearchResult>({ resultType: 'inclusive', depth: 1 })];
    expect(() => evaluatePrefixProof([first], { ...good, results })).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT_RANGE' }),
    );
  });

  test.each<[string, () => unknown]>([
    ['a key', () => evaluatePrefixProof([{ vrfOutput: new Uint8Array(31) }], good)],
    ['a commitment', () => evaluatePrefixProof([{ ...first, commitment: new Uint8Array(33) }], good)],
    [
      'an element',
      () => evaluatePrefixProof([first], { ...good, elements: good.elements.map(() => new Uint8Array(0)) }),
    ],
  ])('%s of another length', (_, run) => {
    expect(run).toThrow(expect.objectContaining({ code: 'ERR_LENGTH' }));
  });
});
