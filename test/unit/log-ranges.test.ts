import {
  createRangeBuilder,
  createTileSink,
  createTreeBuilder,
  encodeTilePath,
  joinRanges,
  type NodeRun,
  planRoot,
  type RangeBuilder,
  type Tile,
  type TreeRange,
} from 'contact-key-verification/log.js';
import { describe, expect, it } from 'vitest';
import { flat, leafAt, leafList, NodeStore, outcome, SparseTree } from '../support/log-tree.js';
import { MTH } from '../support/rfc6962.js';

const leaves = leafList(600);
const hashesOf = (begin: number, end: number): Uint8Array => flat(leaves.slice(begin, end));

function rangeOf(begin: number, end: number): TreeRange {
  const builder = createRangeBuilder(begin);
  builder.append(hashesOf(begin, end));
  return builder.exportRange();
}

describe('a range', () => {
  it('is the fewest balanced subtrees over its leaves, their sizes rising, then falling', () => {
    // [3,4) [4,8) [8,16) [16,18) [18,19)
    expect(rangeOf(3, 19).hashes).toEqual([
      leafAt(3),
      MTH(leaves.slice(4, 8)),
      MTH(leaves.slice(8, 16)),
      MTH(leaves.slice(16, 18)),
      leafAt(18),
    ]);
  });

  it('from leaf 0 is the right edge of a tree', () => {
    for (const size of [0, 1, 2, 7, 64, 100]) {
      const tree = createTreeBuilder();
      tree.append(hashesOf(0, size));
      const { treeSize, edge } = tree.exportState();
      expect(rangeOf(0, size)).toEqual({ begin: 0, end: treeSize, hashes: edge });
      expect(edge).toHaveLength(planRoot(size).nodes.length);
    }
  });

  it('knows its place while it grows, and is the same however it is cut', () => {
    const builder = createRangeBuilder(5);
    expect([builder.begin, builder.end]).toEqual([5, 5]);
    expect(builder.exportRange()).toEqual({ begin: 5, end: 5, hashes: [] });
    for (let at = 5; at < 90; at++) builder.append(leafAt(at));
    expect([builder.begin, builder.end]).toEqual([5, 90]);
    expect(builder.exportRange()).toEqual(rangeOf(5, 90));
  });

  it('is frozen, and shares no bytes with its builder or its sources', () => {
    const builder = createRangeBuilder(1);
    const batch = Buffer.from(hashesOf(1, 4));
    builder.append(batch);
    batch.fill(0);
    const range = builder.exportRange();
    expect([range, range.hashes].every((value) => Object.isFrozen(value))).toBe(true);
    for (const hash of range.hashes) hash.fill(0);
    expect(builder.exportRange()).toEqual(rangeOf(1, 4));
    const [left, right] = [rangeOf(0, 1), rangeOf(1, 2)];
    const joined = joinRanges([left, right]);
    for (const hash of [...left.hashes, ...right.hashes]) hash.fill(0);
    expect(joined).toEqual(rangeOf(0, 2));
    const alone = rangeOf(0, 1);
    const copy = joinRanges([alone]);
    alone.hashes[0]?.fill(0);
    expect(copy).toEqual(rangeOf(0, 1));
  });

  it('has at most 104 hashes, in trees of 2^53 - 1 leaves', () => {
    const max = Number.MAX_SAFE_INTEGER;
    const middle = { begin: 1, end: max, hashes: Array.from({ length: 104 }, () => new Uint8Array(32)) };
    expect(joinRanges([middle])).toEqual(middle);
    for (const length of [103, 105]) {
      const hashes = Array.from({ length }, () => new Uint8Array(32));
      expect(outcome(() => joinRanges([{ ...middle, hashes }]))).toBe('ERR_STORED_STATE');
    }
    const last = createRangeBuilder(max - 1);
    last.append(leafAt(0));
    expect(outcome(() => last.append(leafAt(0)))).toBe('ERR_ARGUMENT_RANGE');
    expect(last.end).toBe(max);
  });

  it('is as it was after a malformed batch, and after a receiver that throws', () => {
    let failing = false;
    const failure = new Error('disk full');
    const builder = createRangeBuilder(2, {
      onNodes: () => {
        if (failing) throw failure;
      },
    });
    builder.append(hashesOf(2, 5));
    for (const batch of [new Uint8Array(31), null, 'leaf']) {
      expect(outcome(() => builder.append(batch as never))).toMatch(/^ERR_ARGUMENT/);
    }
    failing = true;
    expect(() => builder.append(hashesOf(5, 9))).toThrow(failure);
    expect(builder.exportRange()).toEqual(rangeOf(2, 5));
    failing = false;
    builder.append(hashesOf(5, 9));
    expect(builder.exportRange()).toEqual(rangeOf(2, 9));
  });

  it('refuses an append from within an append', () => {
    const codes: string[] = [];
    const builder: RangeBuilder = createRangeBuilder(0, {
      onNodes: () => codes.push(outcome(() => builder.append(leafAt(9)))),
    });
    builder.append(hashesOf(0, 2));
    expect(codes).toEqual(['ERR_NOT_READY', 'ERR_NOT_READY']);
    expect(builder.exportRange()).toEqual(rangeOf(0, 2));
  });

  it.each([
    [-1, 'ERR_ARGUMENT_RANGE'],
    [0.5, 'ERR_ARGUMENT_RANGE'],
    [2 ** 53, 'ERR_ARGUMENT_RANGE'],
    ['0', 'ERR_ARGUMENT_TYPE'],
    [undefined, 'ERR_ARGUMENT_TYPE'],
  ])('does not begin at %s', (begin, code) => {
    expect(outcome(() => createRangeBuilder(begin as never))).toBe(code);
  });
});

describe('joining', () => {
  it('gives the range over all', () => {
    expect(joinRanges([rangeOf(3, 10), rangeOf(10, 10), rangeOf(10, 77), rangeOf(77, 100)])).toEqual(
      rangeOf(3, 100),
    );
    expect(joinRanges([rangeOf(7, 7)])).toEqual(rangeOf(7, 7));
  });

  it('does not take equals for siblings', () => {
    // [1,2) and [2,3) are equal in size, and children of two parents.
    expect(joinRanges([rangeOf(1, 2), rangeOf(2, 3)]).hashes).toEqual([leafAt(1), leafAt(2)]);
    expect(joinRanges([rangeOf(2, 4), rangeOf(4, 6)]).hashes).toHaveLength(2);
  });

  it.each([
    ['a gap', [rangeOf(0, 4), rangeOf(5, 8)]],
    ['an overlap', [rangeOf(0, 4), rangeOf(3, 8)]],
    ['the same range twice', [rangeOf(0, 4), rangeOf(0, 4)]],
    ['another order', [rangeOf(4, 8), rangeOf(0, 4)]],
    ['a gap after neighbours', [rangeOf(0, 4), rangeOf(4, 8), rangeOf(9, 10)]],
    ['an empty range elsewhere', [rangeOf(0, 4), rangeOf(5, 5)]],
    ['no range at all', []],
  ])('refuses %s, before any node is handed out', (_, ranges) => {
    const runs: NodeRun[] = [];
    expect(outcome(() => joinRanges(ranges, { onNodes: (run) => runs.push(run) }))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
    expect(runs).toEqual([]);
  });

  const good = { begin: 1, end: 3, hashes: [leafAt(1), leafAt(2)] };
  it.each([
    ['null', null],
    ['text', 'range'],
    ['a range without begin', { ...good, begin: undefined }],
    ['a fractional begin', { ...good, begin: 0.5 }],
    ['a negative begin', { ...good, begin: -1 }],
    ['a bigint', { ...good, end: 3n }],
    ['an end before its begin', { ...good, begin: 4 }],
    ['an end of 2^53', { ...good, end: 2 ** 53 }],
    ['another begin', { ...good, begin: 2 }],
    ['no hashes', { ...good, hashes: undefined }],
    ['a hash missing', { ...good, hashes: good.hashes.slice(1) }],
    ['a hash too many', { ...good, hashes: [...good.hashes, leafAt(3)] }],
    ['a short hash', { ...good, hashes: [leafAt(1), new Uint8Array(31)] }],
    ['text for a hash', { ...good, hashes: [leafAt(1), 'x'.repeat(32)] }],
  ])('refuses %s', (_, range) => {
    expect(outcome(() => joinRanges([good]))).toBe('accepted');
    expect(outcome(() => joinRanges([range as never]))).toBe('ERR_STORED_STATE');
    const tree = createTreeBuilder();
    tree.append(leafAt(0));
    expect(outcome(() => tree.appendRange(range as never))).toBe('ERR_STORED_STATE');
    expect(tree.treeSize).toBe(1);
  });

  it('refuses what is no list of ranges', () => {
    for (const ranges of [null, undefined, 3]) {
      expect(outcome(() => joinRanges(ranges as never))).toBe('ERR_ARGUMENT_TYPE');
    }
    expect(outcome(() => joinRanges(good as never))).toBe('ERR_ARGUMENT_TYPE');
  });
});

describe('a tree', () => {
  it('takes ranges and batches alike', () => {
    const tree = createTreeBuilder();
    tree.appendRange(rangeOf(0, 5));
    tree.append(hashesOf(5, 9));
    tree.appendRange(rangeOf(9, 100));
    expect(tree.treeSize).toBe(100);
    expect(tree.root()).toEqual(MTH(leaves.slice(0, 100)));
  });

  it('refuses a range that begins elsewhere, and is as it was', () => {
    const tree = createTreeBuilder();
    tree.append(hashesOf(0, 5));
    for (const [begin, end] of [
      [4, 8],
      [6, 8],
      [0, 5],
    ] as const) {
      expect(outcome(() => tree.appendRange(rangeOf(begin, end)))).toBe('ERR_ARGUMENT_RANGE');
    }
    expect(tree.root()).toEqual(MTH(leaves.slice(0, 5)));
  });

  it('is as it was where the receiver of nodes throws, and refuses a range from within it', () => {
    const codes: string[] = [];
    const tree = createTreeBuilder({
      onNodes: () => {
        codes.push(outcome(() => tree.appendRange(rangeOf(5, 6))));
        throw new Error('disk full');
      },
    });
    tree.appendRange(rangeOf(0, 3));
    expect(() => tree.appendRange(rangeOf(3, 4))).toThrow('disk full');
    expect(codes).toEqual(['ERR_NOT_READY']);
    expect(tree.root()).toEqual(MTH(leaves.slice(0, 3)));
  });

  it('of 2^53 - 1 leaves is joined from ranges', () => {
    const sparse = new SparseTree(0);
    const size = Number.MAX_SAFE_INTEGER;
    const half = 2 ** 52;
    const { nodes } = planRoot(size);
    const tree = createTreeBuilder();
    tree.appendRange({ begin: 0, end: half, hashes: sparse.fetch(nodes.slice(0, 1)) });
    tree.appendRange({ begin: half, end: size, hashes: sparse.fetch(nodes.slice(1)) });
    expect(tree.root()).toEqual(sparse.head(size).root);
    expect(outcome(() => tree.append(leafAt(0)))).toBe('ERR_ARGUMENT_RANGE');
  });
});

describe('nodes and tiles of ranges', () => {
  it('all ranges and joins together hand out every node once', () => {
    const store = new NodeStore();
    const options = { onNodes: store.put };
    const ranges = [0, 3, 10, 64, 99, 100].map((begin, i, begins) => {
      const builder = createRangeBuilder(begin, options);
      builder.append(hashesOf(begin, begins[i + 1] ?? 100));
      return builder.exportRange();
    });
    const last = joinRanges(ranges.slice(2), options);
    joinRanges([joinRanges(ranges.slice(0, 2), options), last], options);
    const whole = new NodeStore();
    createTreeBuilder({ onNodes: whole.put }).append(hashesOf(0, 100));
    expect(store.size).toBe(whole.size);
    const { nodes } = planRoot(100);
    expect(store.fetch(nodes)).toEqual(whole.fetch(nodes));
  });

  const tilesOf = (tiles: readonly Tile[]): Map<string, Uint8Array> =>
    new Map(tiles.map((tile) => [encodeTilePath(tile), tile.hashes]));

  const expected = ((): Map<string, Uint8Array> => {
    const sink = createTileSink();
    const tree = createTreeBuilder({ onNodes: sink.onNodes });
    tree.append(hashesOf(0, 600));
    return tilesOf(sink.takeTiles(600));
  })();

  it('one sink takes the nodes of ranges whose begin is a multiple of their size rounded up', () => {
    for (const size of [1, 2, 16, 256, 512]) {
      const sink = createTileSink();
      const tree = createTreeBuilder({ onNodes: sink.onNodes });
      for (let begin = 0; begin < 600; begin += size) {
        const part = createRangeBuilder(begin, { onNodes: sink.onNodes });
        part.append(hashesOf(begin, Math.min(begin + size, 600)));
        tree.appendRange(part.exportRange());
      }
      expect(tilesOf(sink.takeTiles(600))).toEqual(expected);
    }
  });

  it('a subtree as large as a tile makes its tiles apart; what joins the subtrees makes those above', () => {
    // Tiles repeat every 8 levels: the roots of subtrees of 256 leaves are the hashes of tile level 1.
    const width = 256;
    const tiles: Tile[] = [];
    const above = createTileSink();
    const tree = createTreeBuilder({
      onNodes: (run) => above.onNodes({ ...run, level: run.level - 8 }),
    });
    for (let begin = 0; begin < 600; begin += width) {
      // A job of its own, which knows its leaves and its place.
      const sink = createTileSink();
      const part = createTreeBuilder({ onNodes: sink.onNodes });
      part.append(hashesOf(begin, Math.min(begin + width, 600)));
      for (const tile of sink.takeTiles(part.treeSize)) {
        if (tile.level < 1) tiles.push({ ...tile, index: tile.index + begin / width });
      }
      // The one who joins.
      const { edge, treeSize } = part.exportState();
      const hashes = edge[0] as Uint8Array;
      if (treeSize === width) above.onNodes({ level: 0, index: begin / width, hashes });
      tree.appendRange({ begin, end: begin + treeSize, hashes: edge });
    }
    for (const tile of above.takeTiles(Math.floor(600 / width)))
      tiles.push({ ...tile, level: tile.level + 1 });
    expect(tilesOf(tiles)).toEqual(expected);
  });

  it('a sink refuses nodes of ranges that come in another order', () => {
    const sink = createTileSink();
    createRangeBuilder(0, { onNodes: sink.onNodes }).append(hashesOf(0, 4));
    const later = createRangeBuilder(8, { onNodes: sink.onNodes });
    expect(outcome(() => later.append(hashesOf(8, 12)))).toBe('ERR_NOT_READY');
  });
});
