import {
  createTileSink,
  createTreeBuilder,
  encodeTilePath,
  type NodeRun,
  type Tile,
  treeRoot,
  keytransLog,
} from 'contact-key-verification/log.js';
import {
  createWorkerPool,
  type ParallelTreeBuilder,
  type WorkerPool,
} from 'contact-key-verification/parallel.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeWorkers, settled } from '../support/fake-worker.js';
import { leafAt, NodeStore, outcome, schemes } from '../support/log-tree.js';

const hasher = createWasmHasher();
/** Distinct leaf hashes, many. */
const all = new Uint8Array(32 * 150_000).map((_, i) => Math.floor(i / 32 / 256 ** (i % 3)) + (i % 32));
const upTo = (count: number): Uint8Array => all.subarray(0, 32 * count);
const between = (begin: number, end: number): Uint8Array => all.subarray(32 * begin, 32 * end);

const open: WorkerPool[] = [];
function poolOf(workers = 2): { pool: WorkerPool; fakes: ReturnType<typeof fakeWorkers>['workers'] } {
  const { spawn, workers: fakes } = fakeWorkers({ hasher });
  const pool = createWorkerPool({ spawn, workers, hasher });
  open.push(pool);
  return { pool, fakes };
}

afterEach(() => {
  for (const pool of open.splice(0)) pool.close();
});

function record(): { runs: NodeRun[]; onNodes: (run: NodeRun) => void } {
  const runs: NodeRun[] = [];
  return { runs, onNodes: (run) => void runs.push(run) };
}

/** Nodes in the order in which they came, level by level. As text, which is compared sooner than bytes. */
function byLevel(runs: readonly NodeRun[]): string[] {
  const levels: { next: number; hashes: Uint8Array[] }[] = [];
  for (const { level, index, hashes } of runs) {
    const row = (levels[level] ??= { next: 0, hashes: [] });
    expect(index).toBe(row.next);
    row.next += hashes.length / 32;
    row.hashes.push(hashes);
  }
  return levels.map(({ hashes }) => Buffer.concat(hashes).toString('base64'));
}

describe('treeRoot of a pool', () => {
  it('is that of one thread, at sizes around those of the pieces', async () => {
    const { pool, fakes } = poolOf();
    const sizes = [0, 1, 2, 4095, 4096, 4097, 32_767, 32_768, 32_769, 65_536, 98_304 + 4096, 150_000];
    for (const size of sizes) {
      expect(await pool.treeRoot(upTo(size))).toEqual(treeRoot(upTo(size), { hasher }));
    }
    expect(fakes.map(({ jobs }) => jobs > 3)).toEqual([true, true]);
    expect(pool.workers).toBe(2);
  });

  it('is that of any scheme, and refuses as that does', async () => {
    const { pool } = poolOf();
    for (const scheme of schemes) {
      const withFunction = { ...scheme, toString: () => 'not to be cloned' };
      const root = await pool.treeRoot(upTo(70_000), { scheme: withFunction });
      expect(root).toEqual(treeRoot(upTo(70_000), { hasher, scheme }));
    }
    expect(await settled(pool.treeRoot(upTo(0), { scheme: keytransLog }))).toBe('ERR_ARGUMENT_RANGE');
    expect(await settled(pool.treeRoot(new Uint8Array(33)))).toBe('ERR_ARGUMENT_RANGE');
    expect(await settled(pool.treeRoot('leaves' as never))).toBe('ERR_ARGUMENT_TYPE');
  });

  it('reads the leaves in place and leaves them as they were, Node Buffers too', async () => {
    const { pool } = poolOf();
    for (const leaves of [upTo(70_000).slice(), Buffer.from(upTo(70_000))]) {
      expect(await pool.treeRoot(leaves)).toEqual(treeRoot(upTo(70_000), { hasher }));
      expect(Buffer.compare(leaves, upTo(70_000))).toBe(0);
    }
  });

  it('serves several calls at a time', async () => {
    const { pool } = poolOf();
    const sizes = [40_000, 150_000, 5000, 70_000];
    const roots = await Promise.all(sizes.map((size) => pool.treeRoot(upTo(size))));
    expect(roots).toEqual(sizes.map((size) => treeRoot(upTo(size), { hasher })));
  });
});

describe('a builder of a pool', () => {
  it('has the state of a tree builder, and goes on from one', async () => {
    const { pool } = poolOf();
    const one = createTreeBuilder({ hasher });
    let builder = pool.createTreeBuilder();
    expect(builder.exportState()).toEqual(one.exportState());
    for (const [begin, end] of [
      [0, 3],
      [3, 40_000],
      [40_000, 40_000],
      [40_000, 140_000],
    ] as const) {
      one.append(between(begin, end));
      await builder.append(between(begin, end));
      expect(builder.treeSize).toBe(end);
      expect(builder.exportState()).toEqual(one.exportState());
      expect(builder.root()).toEqual(one.root());
      builder = pool.createTreeBuilder({ state: builder.exportState() });
    }
    expect(outcome(() => pool.createTreeBuilder({ state: { treeSize: 1, edge: [] } }))).toBe(
      'ERR_STORED_STATE',
    );
  });

  it('hands out the nodes of a tree builder, each level from left to right, children first', async () => {
    const { pool } = poolOf();
    const [one, many] = [record(), record()];
    const single = createTreeBuilder({ hasher, onNodes: one.onNodes });
    const builder = pool.createTreeBuilder({ onNodes: many.onNodes });
    let at = 0;
    for (const end of [7, 9000, 9001, 60_000]) {
      single.append(between(at, end));
      await builder.append(between(at, end));
      at = end;
    }
    expect(byLevel(many.runs)).toEqual(byLevel(one.runs));
  });

  it('hands out children before their parent', async () => {
    const { pool } = poolOf();
    // Refuses a node that comes twice, or before its children.
    const store = new NodeStore();
    const builder = pool.createTreeBuilder({ onNodes: store.put });
    await builder.appendAll([upTo(7), between(7, 8500)]);
    expect(store.size).toBe(
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13].reduce(
        (sum, level) => sum + Math.floor(8500 / 2 ** level),
        0,
      ),
    );
  });

  it('fills a tile sink', async () => {
    const { pool } = poolOf();
    const [one, many] = [createTileSink(), createTileSink()];
    createTreeBuilder({ hasher, onNodes: one.onNodes }).append(upTo(100_000));
    const builder = pool.createTreeBuilder({ onNodes: many.onNodes });
    await builder.appendAll([between(0, 33_333), between(33_333, 100_000)]);
    const text = (tiles: readonly Tile[]): string[] =>
      tiles.map((tile) => `${encodeTilePath(tile)} ${Buffer.from(tile.hashes).toString('base64')}`);
    expect(text(many.takeTiles(100_000))).toEqual(text(one.takeTiles(100_000)));
  });

  it('is as it was where the receiver of nodes throws, and can go on', async () => {
    const { pool } = poolOf();
    let countdown = Number.POSITIVE_INFINITY;
    const builder = pool.createTreeBuilder({
      onNodes: () => {
        if (--countdown === 0) throw new Error('disk full');
      },
    });
    await builder.append(upTo(1000));
    const state = builder.exportState();
    countdown = 40;
    expect(await settled(builder.append(between(1000, 100_000)))).toBe('Error: disk full');
    expect(builder.exportState()).toEqual(state);
    await builder.append(between(1000, 100_000));
    expect(builder.root()).toEqual(treeRoot(upTo(100_000), { hasher }));
  });

  it('takes one call at a time', async () => {
    const { pool } = poolOf();
    const codes: Promise<string>[] = [];
    const builder: ParallelTreeBuilder = pool.createTreeBuilder({
      onNodes: () => void codes.push(settled(builder.append(leafAt(0)))),
    });
    const first = builder.append(upTo(2));
    expect(await settled(builder.append(upTo(1)))).toBe('ERR_NOT_READY');
    await first;
    expect(await Promise.all(codes)).toEqual(['ERR_NOT_READY', 'ERR_NOT_READY']);
    expect(builder.treeSize).toBe(2);
  });

  it('refuses more than 2^53 - 1 leaves, and is as it was', async () => {
    const { pool } = poolOf();
    const edge = Array.from({ length: 52 }, (_, i) => leafAt(i));
    const builder = pool.createTreeBuilder({ state: { treeSize: 2 ** 53 - 2, edge } });
    expect(await settled(builder.append(upTo(2)))).toBe('ERR_ARGUMENT_RANGE');
    await builder.append(upTo(1));
    expect(builder.treeSize).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('a stream', () => {
  it('may come from anything iterable, in batches of any size, out of one buffer', async () => {
    const { pool } = poolOf();
    const ends = [1, 5000, 5000, 40_000, 139_000, 150_000];
    function* fromOneBuffer(): Generator<Uint8Array> {
      const buffer = new Uint8Array(all.length);
      let at = 0;
      for (const end of ends) {
        const batch = buffer.subarray(0, 32 * (end - at));
        batch.set(between(at, end));
        yield batch;
        buffer.fill(0);
        at = end;
      }
    }
    async function* slowly(): AsyncGenerator<Uint8Array> {
      for (const batch of fromOneBuffer()) {
        await new Promise(setImmediate);
        yield batch;
      }
    }
    for (const batches of [fromOneBuffer(), slowly()]) {
      const builder = pool.createTreeBuilder();
      await builder.appendAll(batches);
      expect(builder.root()).toEqual(treeRoot(all, { hasher }));
    }
    const builder = pool.createTreeBuilder();
    await builder.appendAll([]);
    expect(builder.treeSize).toBe(0);
  });

  it.each([
    ['at its end', undefined],
    ['by what it throws', new Error('no more')],
  ])('that came to an end %s is not told to end', async (_, failure) => {
    const { pool } = poolOf();
    let returned = 0;
    const iterator = {
      next: (): IteratorResult<Uint8Array> => {
        if (failure !== undefined) throw failure;
        return { done: true, value: undefined };
      },
      return: (): IteratorResult<Uint8Array> => {
        returned++;
        return { done: true, value: undefined };
      },
    };
    const builder = pool.createTreeBuilder();
    const code = await settled(builder.appendAll({ [Symbol.iterator]: () => iterator }));
    expect(code).toBe(failure === undefined ? 'accepted' : 'Error: no more');
    expect(returned).toBe(0);
  });

  it('of anything else is refused', async () => {
    const { pool } = poolOf();
    const builder = pool.createTreeBuilder();
    for (const batches of [null, undefined, 3, {}, upTo(1)]) {
      expect(await settled(builder.appendAll(batches as never))).toBe('ERR_ARGUMENT_TYPE');
    }
    expect(builder.treeSize).toBe(0);
  });

  it.each([
    ['a batch is malformed', new Uint8Array(31), 'ERR_ARGUMENT_RANGE'],
    ['a batch is no bytes', 'leaf', 'ERR_ARGUMENT_TYPE'],
    ['its producer throws', undefined, 'Error: no more'],
  ])('where %s ends with all batches before it', async (_, bad, code) => {
    const { pool } = poolOf();
    let returned = false;
    async function* batches(): AsyncGenerator<Uint8Array> {
      try {
        yield between(0, 50_000);
        yield between(50_000, 100_000);
        if (bad === undefined) throw new Error('no more');
        yield bad as Uint8Array;
        yield between(100_000, 150_000);
      } finally {
        returned = true;
      }
    }
    const builder = pool.createTreeBuilder();
    expect(await settled(builder.appendAll(batches()))).toBe(code);
    expect(returned).toBe(true);
    expect(builder.treeSize).toBe(100_000);
    await builder.append(between(100_000, 150_000));
    expect(builder.root()).toEqual(treeRoot(all, { hasher }));
  });
});
