/**
 * The implicit binary search tree and update views: against the draft's appendix code and its inductive definition,
 * for every tree of up to 300 entries, and near 2^53.
 */

import { planRoot } from 'contact-key-verification/log.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  directPath,
  frontier,
  leftAncestors,
  leftChild,
  rightAncestors,
  rightChild,
  searchRoot,
} from '../../src/transparency/walks/search-tree.js';
import { updateView } from '../../src/transparency/walks/update-view.js';
import * as reference from '../reference/keytrans-order.js';
import { outcome } from '../support/log-tree.js';
import { check } from '../support/property.js';

const MAX = Number.MAX_SAFE_INTEGER;
const SIZES = Array.from({ length: 300 }, (_, i) => i + 1);
const positions = (size: number): number[] => Array.from({ length: size }, (_, i) => i);

/** Sizes of every magnitude, and those beside powers of two. */
const anySize = fc.oneof(
  fc.integer({ min: 1, max: 5000 }),
  fc.integer({ min: 1, max: MAX }),
  fc
    .tuple(fc.integer({ min: 3, max: 53 }), fc.integer({ min: -3, max: 3 }))
    .map(([power, more]) => Math.min(MAX, 2 ** power + more)),
);
const sizeAndPosition = anySize.chain((size) =>
  fc.tuple(
    fc.constant(size),
    fc.oneof(
      fc.integer({ min: 0, max: size - 1 }),
      fc.integer({ min: Math.max(0, size - 9), max: size - 1 }),
    ),
  ),
);

const childrenOf = (position: number, size: number): (number | null)[] => [
  leftChild(position) ?? null,
  rightChild(position, size) ?? null,
];
const referenceChildren = (position: number, size: number): (number | null)[] => [
  reference.childOf(() => reference.left(position)),
  reference.childOf(() => reference.right(position, size)),
];

describe('the search tree', () => {
  test('of fourteen entries is the one drawn in the draft', () => {
    expect(searchRoot(14)).toBe(7);
    expect(frontier(14)).toEqual([7, 11, 13]);
    expect(positions(14).map((position) => childrenOf(position, 14))).toEqual([
      [null, null],
      [0, 2],
      [null, null],
      [1, 5],
      [null, null],
      [4, 6],
      [null, null],
      [3, 11],
      [null, null],
      [8, 10],
      [null, null],
      [9, 13],
      [null, null],
      [12, null],
    ]);
    expect(directPath(4, 14)).toEqual([5, 3, 7]);
    expect(leftAncestors(4, 14)).toEqual([3]);
    expect(rightAncestors(4, 14)).toEqual([5, 7]);
  });

  test('of fifty entries has the frontier that the draft names', () => {
    expect(frontier(50)).toEqual([31, 47, 49]);
  });

  test('is that of the appendix, for all sizes to 300', () => {
    for (const size of SIZES) {
      const entries = positions(size);
      expect(searchRoot(size)).toBe(reference.root(size));
      expect(frontier(size)).toEqual(reference.frontier(size));
      expect(entries.map((x) => childrenOf(x, size))).toEqual(entries.map((x) => referenceChildren(x, size)));
    }
  });

  test('is the inductive one, for all sizes to 300', () => {
    for (const size of SIZES) {
      const paths: number[][] = [];
      const collect = (node: reference.SearchNode | null, above: readonly number[]): void => {
        if (node === null) return;
        paths[node.index] = [...above];
        expect(childrenOf(node.index, size)).toEqual([node.left?.index ?? null, node.right?.index ?? null]);
        collect(node.left, [node.index, ...above]);
        collect(node.right, [node.index, ...above]);
      };
      collect(reference.inductiveTree(size), []);
      expect(positions(size).map((position) => directPath(position, size))).toEqual(paths);
    }
  });

  test('is that of the appendix at any size', () => {
    check(
      fc.property(sizeAndPosition, ([size, position]) => {
        expect(searchRoot(size)).toBe(reference.root(size));
        expect(childrenOf(position, size)).toEqual(referenceChildren(position, size));
        expect(directPath(position, size)).toEqual(reference.directPath(position, size));
        expect(frontier(size)).toEqual(reference.frontier(size));
      }),
    );
  });

  test('has its ancestors on two sides', () => {
    check(
      fc.property(sizeAndPosition, ([size, position]) => {
        const right = rightAncestors(position, size);
        const left = leftAncestors(position, size);
        expect(right).toEqual([...right].sort((a, b) => a - b));
        expect(left).toEqual([...left].sort((a, b) => b - a));
        expect(new Set([...left, ...right])).toEqual(new Set(directPath(position, size)));
        expect(left.length + right.length).toBeLessThanOrEqual(53);
      }),
    );
  });

  test('has a frontier that tells the full subtrees', () => {
    check(
      fc.property(anySize, (size) => {
        let sum = 0;
        const ends = planRoot(size).nodes.map(({ level }) => (sum += 2 ** level));
        const entries = frontier(size);
        expect(entries.map((position) => position + 1)).toEqual(ends);
        for (const [i, entry] of entries.entries()) {
          expect(planRoot(entry + 1).nodes).toEqual(planRoot(size).nodes.slice(0, i + 1));
        }
      }),
    );
  });
});

describe('an update view', () => {
  test('is that of the draft’s prose, for all sizes to 300', () => {
    for (const size of SIZES) {
      expect(updateView(size)).toEqual(reference.updateView(size, null));
      const advertised = positions(size).map((position) => position + 1);
      expect(advertised.map((m) => updateView(size, m))).toEqual(
        advertised.map((m) => reference.updateView(size, m)),
      );
    }
  });

  test('is that of the prose at any size', () => {
    check(
      fc.property(sizeAndPosition, ([size, position]) => {
        expect(updateView(size, position + 1)).toEqual(reference.updateView(size, position + 1));
      }),
    );
  });

  test('ascends, begins beyond what was seen, and ends with the last entry', () => {
    check(
      fc.property(sizeAndPosition, ([size, position]) => {
        const view = updateView(size, position + 1);
        expect(view).toEqual([...new Set(view)].sort((a, b) => a - b));
        expect(view.every((entry) => entry > position)).toBe(true);
        expect(view.at(-1)).toBe(position + 1 === size ? undefined : size - 1);
        expect(view.length).toBeLessThanOrEqual(104);
      }),
    );
  });

  test.each<[name: string, size: number, advertised: number | undefined, view: number[]]>([
    ['of the worked example', 13, 4, [7, 11, 12]],
    ['of somebody who has seen nothing', 14, undefined, [7, 11, 13]],
    ['of one tree', 14, 14, []],
    ['from a last entry on the new frontier', 21, 16, [19, 20]],
    ['from a last entry on the new frontier, one entry later', 21, 20, [20]],
    ['as drawn, from 5 to 14', 14, 5, [5, 7, 11, 13]],
  ])('%s', (_, size, advertised, view) => {
    expect(updateView(size, advertised)).toEqual(view);
  });

  test('is longest from one entry to the largest tree', () => {
    expect(updateView(MAX, 1)).toHaveLength(104);
  });
});

test.each<[name: string, run: () => unknown]>([
  ['the root of no entries', () => searchRoot(0)],
  ['the root of a fraction', () => searchRoot(1.5)],
  ['the root of 2^53 entries', () => searchRoot(2 ** 53)],
  ['the root of NaN', () => searchRoot(Number.NaN)],
  ['the left child of -1', () => leftChild(-1)],
  ['the left child of NaN', () => leftChild(Number.NaN)],
  ['the left child of a position that no tree has', () => leftChild(MAX)],
  ['the right child of an entry that is not there', () => rightChild(14, 14)],
  ['the path of an entry that is not there', () => directPath(14, 14)],
  ['the ancestors of -1', () => rightAncestors(-1, 14)],
  ['the frontier of nothing', () => frontier(0)],
  ['a view of nothing', () => updateView(0)],
  ['a view from a tree of no entries', () => updateView(14, 0)],
  ['a view from a larger tree', () => updateView(14, 15)],
])('%s is refused', (_, run) => {
  expect(outcome(run)).toBe('ERR_ARGUMENT_RANGE');
});
