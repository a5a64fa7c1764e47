import {
  assembleConsistency,
  assembleInclusion,
  assembleRoot,
  createTypeScriptHasher,
  planConsistency,
  planInclusion,
  planRoot,
  keytransLog,
} from 'contact-key-verification/log.js';
import { describe, expect, it } from 'vitest';
import { grow, leafList, outcome, replaced, schemes } from '../support/log-tree.js';
import { MTH } from '../support/rfc6962.js';

const MAX = Number.MAX_SAFE_INTEGER;
const hasher = createTypeScriptHasher();

describe('a plan', () => {
  it('names balanced nodes only: the proof of leaf 0 among 7', () => {
    expect(planInclusion({ treeSize: 7, index: 0 })).toEqual({
      treeSize: 7,
      index: 0,
      nodes: [
        { level: 0, index: 1 },
        { level: 1, index: 1 },
        { level: 1, index: 2 },
        { level: 0, index: 6 },
      ],
      widths: [1, 1, 2],
    });
  });

  it('of a consistency proof begins with the seed, unless that is the older tree itself', () => {
    expect(planConsistency({ olderSize: 3, newerSize: 7 }).nodes).toEqual([
      { level: 0, index: 2 },
      { level: 0, index: 3 },
      { level: 1, index: 0 },
      { level: 1, index: 2 },
      { level: 0, index: 6 },
    ]);
    expect(planConsistency({ olderSize: 4, newerSize: 7 }).widths).toEqual([2]);
    expect(planConsistency({ olderSize: 7, newerSize: 7 }).nodes).toEqual([]);
  });

  it('of a root is the right edge', () => {
    expect(planRoot(0).nodes).toEqual([]);
    expect(planRoot(6)).toEqual({
      treeSize: 6,
      nodes: [
        { level: 2, index: 0 },
        { level: 1, index: 2 },
      ],
    });
    expect(planRoot(MAX).nodes).toHaveLength(53);
  });

  it('is frozen through and through', () => {
    const plans = [
      planRoot(7),
      planInclusion({ treeSize: 7, index: 0 }),
      planConsistency({ olderSize: 3, newerSize: 7 }),
    ];
    for (const plan of plans) {
      expect(Object.isFrozen(plan)).toBe(true);
      expect(Object.isFrozen(plan.nodes)).toBe(true);
      for (const node of plan.nodes) expect(Object.isFrozen(node)).toBe(true);
      if ('widths' in plan) expect(Object.isFrozen(plan.widths)).toBe(true);
    }
  });

  it('names at most 105 nodes at any size, all of them complete', () => {
    let most = 0;
    const sizes = [MAX, MAX - 1, 2 ** 52 + 1, 2 ** 33 - 1, 2 ** 32, 961_984_011];
    for (const newerSize of sizes) {
      const plans = [3, 5, 2 ** 31 - 1, newerSize - 1, newerSize - 2].flatMap((number) => [
        planConsistency({ olderSize: Math.min(number, newerSize), newerSize }),
        planInclusion({ treeSize: newerSize, index: Math.min(number, newerSize - 1) }),
      ]);
      for (const { nodes, widths } of plans) {
        most = Math.max(most, nodes.length);
        expect(widths.reduce((sum, width) => sum + width, 0)).toBe(nodes.length);
        for (const { level, index } of nodes) {
          expect((BigInt(index) + 1n) * 2n ** BigInt(level)).toBeLessThanOrEqual(BigInt(newerSize));
        }
      }
    }
    expect(most).toBe(105);
  });

  it('refuses numbers that are none, and an index or size out of range', () => {
    for (const bad of [-1, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY]) {
      expect(outcome(() => planRoot(bad))).toBe('ERR_ARGUMENT_RANGE');
      expect(outcome(() => planInclusion({ treeSize: bad, index: 0 }))).toBe('ERR_ARGUMENT_RANGE');
      expect(outcome(() => planInclusion({ treeSize: 7, index: bad }))).toBe('ERR_ARGUMENT_RANGE');
      expect(outcome(() => planConsistency({ olderSize: bad, newerSize: 7 }))).toBe('ERR_ARGUMENT_RANGE');
      expect(outcome(() => planConsistency({ olderSize: 1, newerSize: bad }))).toBe('ERR_ARGUMENT_RANGE');
    }
    for (const bad of ['7', 7n, null, undefined] as never[]) {
      expect(outcome(() => planRoot(bad))).toBe('ERR_ARGUMENT_TYPE');
      expect(outcome(() => planInclusion({ treeSize: bad, index: 0 }))).toBe('ERR_ARGUMENT_TYPE');
      expect(outcome(() => planInclusion({ treeSize: 7, index: bad }))).toBe('ERR_ARGUMENT_TYPE');
      expect(outcome(() => planConsistency({ olderSize: bad, newerSize: 7 }))).toBe('ERR_ARGUMENT_TYPE');
    }
    expect(outcome(() => planInclusion({ treeSize: 7, index: 7 }))).toBe('ERR_ARGUMENT_RANGE');
    expect(outcome(() => planInclusion({ treeSize: 0, index: 0 }))).toBe('ERR_ARGUMENT_RANGE');
    expect(outcome(() => planConsistency({ olderSize: 0, newerSize: 7 }))).toBe('ERR_ARGUMENT_RANGE');
    expect(outcome(() => planConsistency({ olderSize: 8, newerSize: 7 }))).toBe('ERR_ARGUMENT_RANGE');
    expect(outcome(() => planInclusion(undefined as never))).toBe('ERR_ARGUMENT_TYPE');
    expect(outcome(() => planConsistency(null as never))).toBe('ERR_ARGUMENT_TYPE');
  });
});

describe('assembling', () => {
  const leaves = leafList(70);
  const { store } = grow(leaves, { hasher });

  it('gives the root of every earlier size from the nodes of a later one', () => {
    for (const scheme of schemes) {
      const tree = grow(leaves, { hasher, scheme });
      for (let size = 1; size <= 70; size++) {
        const plan = planRoot(size);
        const root = assembleRoot(plan, tree.store.fetch(plan.nodes), { hasher, scheme });
        expect(root).toEqual(tree.head(size).root);
      }
    }
    expect(assembleRoot(planRoot(0), [])).toEqual(MTH([]));
    const none = (): unknown => assembleRoot(planRoot(0), [], { scheme: keytransLog });
    expect(outcome(none)).toBe('ERR_ARGUMENT_RANGE');
  });

  it('works from a plan that went through storage', () => {
    const plan = planInclusion({ treeSize: 7, index: 0 });
    const copy = JSON.parse(JSON.stringify(plan)) as typeof plan;
    const nodes = store.fetch(plan.nodes);
    expect(assembleInclusion(copy, nodes)).toEqual(assembleInclusion(plan, nodes));
  });

  it('gives fresh hashes, never the store’s own', () => {
    const plan = planInclusion({ treeSize: 8, index: 0 });
    const nodes = store.fetch(plan.nodes);
    for (const [i, hash] of assembleInclusion(plan, nodes).entries()) expect(hash).not.toBe(nodes[i]);
    const root = store.fetch(planRoot(8).nodes);
    expect(assembleRoot(planRoot(8), root)).not.toBe(root[0]);
  });

  it('refuses other nodes than planned', () => {
    const plan = planConsistency({ olderSize: 3, newerSize: 7 });
    const nodes = store.fetch(plan.nodes);
    const attempt = (given: unknown): string =>
      outcome(() => assembleConsistency(plan, given as Uint8Array[]));
    expect(attempt(nodes)).toBe('accepted');
    expect(attempt(nodes.slice(1))).toBe('ERR_ARGUMENT_RANGE');
    expect(attempt([...nodes, new Uint8Array(32)])).toBe('ERR_ARGUMENT_RANGE');
    expect(attempt(replaced(nodes, 2, new Uint8Array(31)))).toBe('ERR_LENGTH');
    expect(attempt(replaced(nodes, 2, undefined as never))).toBe('ERR_ARGUMENT_TYPE');
    expect(attempt(null)).toBe('ERR_ARGUMENT_TYPE');
    expect(outcome(() => assembleConsistency(null as never, nodes))).toBe('ERR_ARGUMENT_TYPE');
  });

  it('refuses a plan whose widths do not fit its nodes', () => {
    const plan = planInclusion({ treeSize: 7, index: 0 });
    const nodes = store.fetch(plan.nodes);
    for (const widths of [[1, 1, 1], [1, 1, 2, 1], [0, 1, 2], [], [4, 1]]) {
      expect(outcome(() => assembleInclusion({ ...plan, widths }, nodes))).toBe('ERR_ARGUMENT_RANGE');
    }
  });
});
