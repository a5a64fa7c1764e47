/** Trees far beyond 32 bits, whose leaves are equal but one. A truncated size or index shows at once. */

import {
  assembleConsistency,
  assembleInclusion,
  assembleRoot,
  createTreeBuilder,
  createTypeScriptHasher,
  planConsistency,
  planInclusion,
  planRoot,
  verifyConsistency,
  verifyInclusion,
} from 'contact-key-verification/log.js';
import { describe, expect, it } from 'vitest';
import { flat, outcome, schemes, SparseTree } from '../support/log-tree.js';

const MAX = Number.MAX_SAFE_INTEGER;
const hasher = createTypeScriptHasher();
const around = (n: number): number[] => [n - 1, n, n + 1];
const sizes = [
  961_984_011,
  ...around(2 ** 31),
  ...around(2 ** 32),
  ...around(2 ** 33),
  2 ** 52 + 1,
  MAX - 1,
  MAX,
];

describe.each(schemes.map((scheme) => ({ scheme, name: scheme.name })))('$name', ({ scheme }) => {
  const options = { hasher, scheme };

  it.each(sizes)('includes any leaf among %d, at its own index only', (treeSize) => {
    const indexes = [
      0,
      1,
      5,
      2 ** 31 - 1,
      2 ** 31,
      2 ** 32 - 1,
      2 ** 32,
      2 ** 32 + 5,
      treeSize - 2,
      treeSize - 1,
    ];
    for (const index of indexes.filter((i) => i < treeSize)) {
      const tree = new SparseTree(index, scheme);
      const head = tree.head(treeSize);
      const plan = planInclusion({ treeSize, index });
      const proof = assembleInclusion(plan, tree.fetch(plan.nodes), options);
      const claim = { index, leafHash: tree.leaf(index), proof };
      expect(verifyInclusion(head, claim, options).index).toBe(index);

      const others = [
        index + 2 ** 31,
        index + 2 ** 32,
        index - 2 ** 31,
        index - 2 ** 32,
        index % 2 ** 32,
        index + 1,
      ];
      for (const other of others.filter((i) => i >= 0 && i < treeSize && i !== index)) {
        const moved = outcome(() => verifyInclusion(head, { ...claim, index: other }, options));
        expect(['ERR_PROOF_ROOT', 'ERR_PROOF_LENGTH']).toContain(moved);
      }
    }
  });

  it('extends every such tree to every larger one', () => {
    for (const olderSize of [1, 3, ...sizes]) {
      for (const newerSize of sizes.filter((size) => size >= olderSize)) {
        const tree = new SparseTree(olderSize - 1, scheme);
        const plan = planConsistency({ olderSize, newerSize });
        const proof = assembleConsistency(plan, tree.fetch(plan.nodes), options);
        const [older, newer] = [tree.head(olderSize), tree.head(newerSize)];
        expect(verifyConsistency(older, newer, proof, options).treeSize).toBe(newerSize);

        const forged = new SparseTree(0, scheme).head(olderSize);
        const expected = olderSize === newerSize ? 'ERR_HEAD_MISMATCH' : 'ERR_PROOF_ROOT';
        if (olderSize > 1)
          expect(outcome(() => verifyConsistency(forged, newer, proof, options))).toBe(expected);
      }
    }
  });

  it('joins the root of every such tree from its right edge', () => {
    for (const treeSize of sizes) {
      const tree = new SparseTree(treeSize - 1, scheme);
      const plan = planRoot(treeSize);
      expect(assembleRoot(plan, tree.fetch(plan.nodes), options)).toEqual(tree.head(treeSize).root);
    }
  });

  it('goes on building at such sizes', () => {
    for (const treeSize of sizes.filter((size) => size < MAX - 40)) {
      const tree = new SparseTree(treeSize + 2, scheme);
      const edge = tree.fetch(planRoot(treeSize).nodes);
      const runs: string[] = [];
      const builder = createTreeBuilder({
        ...options,
        state: { treeSize, edge },
        onNodes: ({ level, index, hashes }) => {
          const ids = Array.from({ length: hashes.length / 32 }, (_, i) => ({ level, index: index + i }));
          expect(flat(tree.fetch(ids))).toEqual(hashes);
          runs.push(`${level}/${index}`);
        },
      });
      expect(builder.root()).toEqual(tree.head(treeSize).root);
      builder.append(flat(Array.from({ length: 33 }, (_, i) => tree.leaf(treeSize + i))));
      expect(builder.treeSize).toBe(treeSize + 33);
      expect(builder.root()).toEqual(tree.head(treeSize + 33).root);
      expect(runs).toContain(`0/${treeSize}`);
    }
  });
});

it('a builder ends at 2^53 - 1 leaves, and stays as it was', () => {
  const tree = new SparseTree(0);
  const edge = tree.fetch(planRoot(MAX - 1).nodes);
  const builder = createTreeBuilder({ hasher, state: { treeSize: MAX - 1, edge } });
  expect(outcome(() => builder.append(new Uint8Array(64)))).toBe('ERR_ARGUMENT_RANGE');
  expect(builder.treeSize).toBe(MAX - 1);
  builder.append(tree.leaf(MAX - 1));
  expect(builder.root()).toEqual(tree.head(MAX).root);
  expect(outcome(() => builder.append(new Uint8Array(32)))).toBe('ERR_ARGUMENT_RANGE');
  builder.append(new Uint8Array(0));
  expect(builder.exportState().edge).toHaveLength(53);
});
