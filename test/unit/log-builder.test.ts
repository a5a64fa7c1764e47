import {
  createTreeBuilder,
  type NodeRun,
  planRoot,
  type TreeBuilder,
  type TreeBuilderState,
  keytransLog,
} from 'contact-key-verification/log.js';
import { describe, expect, it } from 'vitest';
import { flat, leafList, NodeStore, outcome } from '../support/log-tree.js';
import { MTH } from '../support/rfc6962.js';

const leaves = leafList(100);

describe('a builder', () => {
  it('starts with the empty tree', () => {
    const builder = createTreeBuilder();
    expect(builder.treeSize).toBe(0);
    expect(builder.root()).toEqual(MTH([]));
    expect(builder.exportState()).toEqual({ treeSize: 0, edge: [] });
    const rootless = createTreeBuilder({ scheme: keytransLog });
    expect(outcome(() => rootless.root())).toBe('ERR_ARGUMENT_RANGE');
  });

  it('takes an empty batch as nothing', () => {
    const runs: NodeRun[] = [];
    const builder = createTreeBuilder({ onNodes: (run) => runs.push(run) });
    builder.append(new Uint8Array(0));
    expect(builder.treeSize).toBe(0);
    expect(runs).toEqual([]);
  });

  it('hands out every balanced node once, children first, leaf hashes included', () => {
    for (const cut of [1, 2, 3, 7, 32, 100]) {
      const store = new NodeStore();
      const builder = createTreeBuilder({ onNodes: store.put });
      for (let at = 0; at < 100; at += cut) builder.append(flat(leaves.slice(at, at + cut)));
      // 100 leaves, 50 pairs, 25 fours, 12, 6, 3, 1
      expect(store.size).toBe(100 + 50 + 25 + 12 + 6 + 3 + 1);
    }
  });

  it('hands out copies: a receiver that scribbles on them changes nothing', () => {
    const scribbled = createTreeBuilder({ onNodes: ({ hashes }) => void hashes.fill(0) });
    const batch = flat(leaves);
    scribbled.append(batch);
    expect(batch).toEqual(flat(leaves));
    // One by one: now the nodes are those that join a batch with what stands to its left.
    for (const leaf of leaves) scribbled.append(leaf);
    expect(scribbled.root()).toEqual(MTH([...leaves, ...leaves]));
  });

  it('keeps no view of a batch, and hands out no view of itself', () => {
    const builder = createTreeBuilder();
    const batch = (leaves[0] as Uint8Array).slice();
    builder.append(batch);
    batch.fill(0);
    builder.root().fill(0);
    builder.exportState().edge[0]?.fill(0);
    expect(builder.root()).toEqual(leaves[0]);
  });

  it('keeps no view of a Node Buffer either, whose slice is one, and hands out none', () => {
    for (const count of [1, 2, 5]) {
      const runs: NodeRun[] = [];
      const builder = createTreeBuilder({ onNodes: (run) => runs.push(run) });
      const batch = Buffer.from(flat(leaves.slice(0, count)));
      builder.append(batch);
      batch.fill(0);
      expect(builder.root()).toEqual(MTH(leaves.slice(0, count)));
      const handedOut = runs.filter(({ level }) => level === 0).map(({ hashes }) => hashes);
      expect(flat(handedOut)).toEqual(flat(leaves.slice(0, count)));
    }
  });

  it('is as it was where the receiver of nodes throws, and can go on', () => {
    let calls = 0;
    const failure = new Error('disk full');
    let failing = true;
    const store = new NodeStore();
    const builder = createTreeBuilder({
      onNodes: (run) => {
        if (failing && ++calls === 5) throw failure;
        if (!failing) store.put(run);
      },
    });
    expect(() => builder.append(flat(leaves))).toThrow(failure);
    expect(builder.treeSize).toBe(0);
    failing = false;
    builder.append(flat(leaves));
    expect(builder.root()).toEqual(MTH(leaves));
    expect(store.size).toBe(197);
  });

  it('is as it was after a malformed batch', () => {
    const builder = createTreeBuilder();
    builder.append(flat(leaves.slice(0, 3)));
    for (const length of [1, 31, 33]) {
      expect(outcome(() => builder.append(new Uint8Array(length)))).toBe('ERR_ARGUMENT_RANGE');
    }
    for (const batch of [null, undefined, 'leaf', leaves]) {
      expect(outcome(() => builder.append(batch as never))).toBe('ERR_ARGUMENT_TYPE');
    }
    expect(builder.treeSize).toBe(3);
    expect(builder.root()).toEqual(MTH(leaves.slice(0, 3)));
  });

  it('refuses an append from within an append', () => {
    const codes: string[] = [];
    const builder: TreeBuilder = createTreeBuilder({
      onNodes: () => codes.push(outcome(() => builder.append(leaves[9] as Uint8Array))),
    });
    builder.append(flat(leaves.slice(0, 2)));
    expect(codes).toEqual(['ERR_NOT_READY', 'ERR_NOT_READY']);
    expect(builder.root()).toEqual(MTH(leaves.slice(0, 2)));
  });
});

describe('a builder’s state', () => {
  it('is the right edge, frozen', () => {
    const store = new NodeStore();
    const builder = createTreeBuilder({ onNodes: store.put });
    builder.append(flat(leaves));
    const state = builder.exportState();
    expect(state).toEqual({ treeSize: 100, edge: store.fetch(planRoot(100).nodes) });
    expect(Object.isFrozen(state)).toBe(true);
    expect(Object.isFrozen(state.edge)).toBe(true);
  });

  it('goes on from any size, twice if need be', () => {
    for (let size = 0; size <= 100; size++) {
      const before = createTreeBuilder();
      before.append(flat(leaves.slice(0, size)));
      const state = before.exportState();
      for (let time = 0; time < 2; time++) {
        const after = createTreeBuilder({ state });
        after.append(flat(leaves.slice(size)));
        expect(after.root()).toEqual(MTH(leaves));
      }
    }
  });

  it('is copied on the way in', () => {
    const edge = [(leaves[0] as Uint8Array).slice()];
    const builder = createTreeBuilder({ state: { treeSize: 1, edge } });
    edge[0]?.fill(0);
    expect(builder.root()).toEqual(leaves[0]);
  });

  const three: TreeBuilderState = { treeSize: 3, edge: [new Uint8Array(32), new Uint8Array(32)] };
  it.each([
    { damage: 'null', state: null },
    { damage: 'no object', state: 3 },
    { damage: 'without a size', state: { edge: three.edge } },
    { damage: 'without an edge', state: { treeSize: 3 } },
    { damage: 'of another size', state: { ...three, treeSize: 4 } },
    { damage: 'of a fractional size', state: { ...three, treeSize: 3.5 } },
    { damage: 'of a negative size', state: { ...three, treeSize: -3 } },
    { damage: 'of size 2^53', state: { treeSize: 2 ** 53, edge: [new Uint8Array(32)] } },
    { damage: 'of a bigint size', state: { ...three, treeSize: 3n } },
    { damage: 'with a hash missing', state: { ...three, edge: three.edge.slice(1) } },
    { damage: 'with a hash too many', state: { ...three, edge: [...three.edge, new Uint8Array(32)] } },
    { damage: 'with a short hash', state: { ...three, edge: [new Uint8Array(32), new Uint8Array(31)] } },
    { damage: 'with text for a hash', state: { ...three, edge: [new Uint8Array(32), 'x'.repeat(32)] } },
  ])('is refused where it is $damage', ({ state }) => {
    expect(outcome(() => createTreeBuilder({ state: three }))).toBe('accepted');
    expect(outcome(() => createTreeBuilder({ state: state as never }))).toBe('ERR_STORED_STATE');
  });
});
