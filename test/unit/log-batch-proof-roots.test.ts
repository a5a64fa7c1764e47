/** Roots and full subtrees of earlier trees that a batch proof passes through: at proven leaves, and at what was kept. */

import {
  createTypeScriptHasher,
  evaluateBatchProof,
  keytransLog,
  planBatchProof,
  planRoot,
} from 'contact-key-verification/log.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as reference from '../reference/keytrans-log.js';
import { grow, leafAt, leafList } from '../support/log-tree.js';
import { check } from '../support/property.js';

const LEAVES = 60;
const { store } = grow(leafList(LEAVES), { scheme: keytransLog });
const log = new reference.KeytransLog(leafAt);
const hasher = createTypeScriptHasher();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The claim that these leaves are in a tree, to one who kept an earlier one. */
function claimOf(treeSize: number, leaves: readonly number[], retainedSize: number | undefined) {
  const { nodes } = planBatchProof({ treeSize, leaves, retainedSize });
  return {
    treeSize,
    leaves: leaves.map((index) => ({ index, leafHash: leafAt(index) })),
    retained:
      retainedSize === undefined
        ? undefined
        : { treeSize: retainedSize, fullSubtrees: store.fetch(planRoot(retainedSize).nodes) },
    proof: store.fetch(nodes),
  };
}

const sizesOf = fc.record({
  treeSize: fc.integer({ min: 1, max: LEAVES }),
  chosen: fc.uniqueArray(fc.nat({ max: LEAVES - 1 }), { maxLength: 8 }),
  kept: fc.option(fc.integer({ min: 1, max: LEAVES }), { nil: undefined }),
});

test('are those of the reference, in the order that was asked for', () => {
  check(
    fc.property(sizesOf, ({ treeSize, chosen, kept }) => {
      const leaves = chosen.filter((leaf) => leaf < treeSize).sort((a, b) => a - b);
      const retainedSize = kept === undefined ? undefined : Math.min(kept, treeSize);
      const sizes = [
        ...leaves.map((leaf) => leaf + 1),
        treeSize,
        ...(retainedSize === undefined ? [] : [retainedSize]),
      ];
      sizes.reverse();
      const { roots, fullSubtreesAt } = evaluateBatchProof(
        { ...claimOf(treeSize, leaves, retainedSize), sizes },
        { hasher },
      );
      expect(roots.map(hex)).toEqual(sizes.map((size) => hex(log.value([0, size]))));
      expect(fullSubtreesAt.map((heads) => heads.map(hex))).toEqual(
        sizes.map((size) => store.fetch(planRoot(size).nodes).map(hex)),
      );
    }),
  );
});

test('are none where none was asked for, and never at a size that ends inside a subtree', () => {
  const claim = claimOf(14, [7], undefined);
  expect(evaluateBatchProof(claim, { hasher }).roots).toEqual([]);
  expect(() => evaluateBatchProof({ ...claim, sizes: [5] }, { hasher })).toThrow(RangeError);
  for (const sizes of [[0], [1.5], [15], 7]) {
    expect(() => evaluateBatchProof({ ...claim, sizes: sizes as number[] }, { hasher })).toThrow(
      /sizes?|must be/,
    );
  }
});
