import {
  assembleConsistency,
  assembleInclusion,
  assembleRoot,
  createTypeScriptHasher,
  encodeTilePath,
  fetchConsistency,
  fetchInclusion,
  fetchNodes,
  type NodeId,
  planConsistency,
  planInclusion,
  planRoot,
  planTiles,
  type TileId,
  verifyConsistency,
  verifyInclusion,
  verifyTiles,
} from 'contact-key-verification/log.js';
import { describe, expect, it } from 'vitest';
import { tilesOf } from '../reference/tiles.js';
import { flipBit } from '../support/log-notes.js';
import { grow, leafList, outcome, replaced, schemes, SparseTree, tileFrom } from '../support/log-tree.js';

const hasher = createTypeScriptHasher();
const SIZE = 600;
const leaves = leafList(SIZE);
const HEIGHTS = [1, 2, 3, 8];
const { store, head } = grow(leaves, { hasher });
const tileOf = (tile: TileId): Uint8Array => tileFrom((ids) => store.fetch(ids), tile);

/** The nodes, by way of tiles. */
function throughTiles(treeSize: number, nodes: readonly NodeId[], height: number): readonly Uint8Array[] {
  const plan = planTiles({ treeSize, nodes, height });
  return verifyTiles(head(treeSize), plan, plan.tiles.map(tileOf), { hasher }).nodes;
}

describe('proofs from tiles', () => {
  it.each(HEIGHTS)('are those from nodes, at every size to 600, with tiles of height %i', (height) => {
    for (let treeSize = 1; treeSize <= SIZE; treeSize++) {
      const index = (treeSize * 7919) % treeSize;
      const olderSize = 1 + ((treeSize * 104_729) % treeSize);
      const inclusion = planInclusion({ treeSize, index });
      const consistency = planConsistency({ olderSize, newerSize: treeSize });
      const older = planRoot(olderSize);
      const nodes = [...inclusion.nodes, ...consistency.nodes, ...older.nodes];
      const read = throughTiles(treeSize, nodes, height);
      expect(Buffer.concat(read).equals(Buffer.concat(store.fetch(nodes)))).toBe(true);
      const split = inclusion.nodes.length;
      const proof = assembleInclusion(inclusion, read.slice(0, split), { hasher });
      verifyInclusion(head(treeSize), { index, leafHash: leaves[index] as Uint8Array, proof }, { hasher });
      const end = split + consistency.nodes.length;
      const extension = assembleConsistency(consistency, read.slice(split, end), { hasher });
      verifyConsistency(head(olderSize), head(treeSize), extension, { hasher });
      expect(assembleRoot(older, read.slice(end), { hasher })).toEqual(head(olderSize).root);
    }
  });

  it("are had at 2^53 - 1 leaves, and at a real log's size", () => {
    for (const treeSize of [961_984_011, 2 ** 40, 2 ** 53 - 1]) {
      const index = Math.floor(treeSize / 3);
      const tree = new SparseTree(index);
      const plan = planInclusion({ treeSize, index });
      const tilePlan = planTiles({ treeSize, nodes: plan.nodes });
      const tiles = tilePlan.tiles.map((tile) => tileFrom((ids) => tree.fetch(ids), tile));
      const proof = assembleInclusion(plan, verifyTiles(tree.head(treeSize), tilePlan, tiles).nodes);
      const claim = { index, leafHash: tree.leaf(index), proof };
      expect(verifyInclusion(tree.head(treeSize), claim).index).toBe(index);
      expect(tilePlan.tiles.length).toBeLessThanOrEqual(14);
    }
  });

  it('are had under every scheme', () => {
    for (const scheme of schemes) {
      const other = grow(leaves.slice(0, 20), { hasher, scheme });
      const plan = planTiles({
        treeSize: 20,
        nodes: planInclusion({ treeSize: 20, index: 3 }).nodes,
        height: 2,
      });
      const tiles = plan.tiles.map((tile) => tileFrom((ids) => other.store.fetch(ids), tile));
      expect(verifyTiles(other.head(20), plan, tiles, { hasher, scheme }).nodes).toEqual(
        other.store.fetch(plan.nodes),
      );
    }
  });
});

describe('a plan of tiles', () => {
  it("names the specification's tiles of 70,000 leaves", () => {
    const { tiles } = planTiles({ treeSize: 70_000, nodes: planRoot(70_000).nodes });
    expect(tiles.map((tile) => encodeTilePath(tile))).toEqual([
      'tile/2/000.p/1',
      'tile/1/001.p/17',
      'tile/0/273.p/112',
    ]);
    expect(planTiles({ treeSize: 256, nodes: [] }).tiles.map((tile) => encodeTilePath(tile))).toEqual([
      'tile/1/000.p/1',
    ]);
  });

  it('with all leaves names all tiles of the log, and no others, each once', () => {
    for (const treeSize of [1, 255, 256, 257, 600, 2000]) {
      const nodes = Array.from({ length: treeSize }, (_, index) => ({ level: 0, index }));
      const paths = planTiles({ treeSize, nodes }).tiles.map((tile) => encodeTilePath(tile));
      expect(paths.sort()).toEqual(
        tilesOf(treeSize)
          .map(({ path }) => path)
          .sort(),
      );
    }
  });

  it('is frozen data, a tile before those below it', () => {
    const plan = planTiles({ treeSize: SIZE, nodes: [{ level: 0, index: 0 }] });
    expect(plan.tiles.map((tile) => encodeTilePath(tile))).toEqual([
      'tile/1/000.p/2',
      'tile/0/000',
      'tile/0/002.p/88',
    ]);
    expect(Object.isFrozen(plan) && Object.isFrozen(plan.tiles) && Object.isFrozen(plan.tiles[0])).toBe(true);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  const many = Array.from({ length: 4097 }, () => ({ level: 0, index: 0 }));
  it.each([
    ['no leaves', { treeSize: 0, nodes: [] }],
    ['2^53 leaves', { treeSize: 2 ** 53, nodes: [] }],
    ['a node beyond the tree', { treeSize: 6, nodes: [{ level: 0, index: 6 }] }],
    ['a node that is not complete', { treeSize: 6, nodes: [{ level: 2, index: 1 }] }],
    ['a level that is none', { treeSize: 6, nodes: [{ level: 53, index: 0 }] }],
    ['4,097 nodes', { treeSize: 6, nodes: many }],
    ['a height of 0', { treeSize: 6, nodes: [], height: 0 }],
    ['a height of 31', { treeSize: 6, nodes: [], height: 31 }],
  ])('is refused with %s', (_, request) => {
    expect(outcome(() => planTiles(request))).toBe('ERR_ARGUMENT_RANGE');
  });
});

describe('tiles that are not those of the head', () => {
  const nodes = planInclusion({ treeSize: SIZE, index: 300 }).nodes;

  it.each(HEIGHTS)(
    'are refused, whichever tile and whichever of its hashes is wrong, at height %i',
    (height) => {
      const plan = planTiles({ treeSize: SIZE, nodes, height });
      const tiles = plan.tiles.map(tileOf);
      for (const [at, tile] of tiles.entries()) {
        for (let hash = 0; hash < tile.length / 32; hash++) {
          const damaged = replaced(tiles, at, flipBit(tile, hash * 256 + (hash % 256)));
          expect(outcome(() => verifyTiles(head(SIZE), plan, damaged, { hasher }))).toBe('ERR_TILE_ROOT');
        }
      }
    },
  );

  const plan = planTiles({ treeSize: SIZE, nodes });
  const tiles = plan.tiles.map(tileOf);
  const [top, middle, right] = tiles as [Uint8Array, Uint8Array, Uint8Array];

  it('are refused in another order, or under another head', () => {
    expect(plan.tiles.map((tile) => encodeTilePath(tile))).toEqual([
      'tile/1/000.p/2',
      'tile/0/001',
      'tile/0/002.p/88',
    ]);
    expect(
      outcome(() =>
        verifyTiles(head(SIZE), plan, [top, tileOf({ ...(plan.tiles[1] as TileId), index: 0 }), right]),
      ),
    ).toBe('ERR_TILE_ROOT');
    expect(outcome(() => verifyTiles({ treeSize: SIZE, root: head(599).root }, plan, tiles))).toBe(
      'ERR_TILE_ROOT',
    );
    expect(outcome(() => verifyTiles(head(599), plan, tiles))).toBe('ERR_ARGUMENT_RANGE');
  });

  it('are refused where they are too short, cut within a hash, or longer than a full tile', () => {
    const verify = (last: Uint8Array): string =>
      outcome(() => verifyTiles(head(SIZE), plan, [top, middle, last]));
    expect(verify(right)).toBe('accepted');
    expect(verify(right.subarray(32))).toBe('ERR_LENGTH');
    expect(verify(right.subarray(1))).toBe('ERR_LENGTH');
    expect(verify(new Uint8Array(0))).toBe('ERR_LENGTH');
    expect(verify(new Uint8Array(257 * 32))).toBe('ERR_LENGTH');
    expect(outcome(() => verifyTiles(head(SIZE), plan, [top, middle]))).toBe('ERR_ARGUMENT_RANGE');
    expect(outcome(() => verifyTiles(head(SIZE), plan, [top, middle, right, right]))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
    expect(
      outcome(() => verifyTiles(head(SIZE), plan, replaced<unknown>(tiles, 0, 'x') as Uint8Array[])),
    ).toBe('ERR_ARGUMENT_TYPE');
  });

  it('may be wider: only the planned part is read and handed out', () => {
    const wide = new Uint8Array(256 * 32);
    wide.set(right);
    wide.fill(7, right.length);
    const verified = verifyTiles(head(SIZE), plan, [top, middle, wide]);
    expect(verified.tiles).toEqual(tiles);
    expect(Object.isFrozen(verified) && Object.isFrozen(verified.tiles)).toBe(true);
  });

  it('are not let through by a plan that was cut short', () => {
    const forged = Uint8Array.from(middle).fill(9);
    const without = { ...plan, tiles: plan.tiles.slice(1) };
    expect(outcome(() => verifyTiles(head(SIZE), without, [forged, right]))).toBe('ERR_ARGUMENT_RANGE');
    expect(outcome(() => verifyTiles(head(SIZE), { ...plan, tiles: [] }, [top, forged, right]))).toBe(
      'ERR_TILE_ROOT',
    );
  });

  it('are copied', () => {
    const given = tiles.map((tile) => Uint8Array.from(tile));
    const verified = verifyTiles(head(SIZE), plan, given);
    for (const tile of given) tile.fill(0);
    expect(verified.tiles).toEqual(tiles);
  });
});

describe('reading a log through a function', () => {
  const fetchTile = (_: string, tile: TileId): Uint8Array => tileOf(tile);

  it('gives proofs and nodes', async () => {
    const asked: string[] = [];
    const reading = {
      fetchTile: async (path: string, tile: TileId) => {
        asked.push(path);
        return tileOf(tile);
      },
    };
    const proof = await fetchInclusion(head(SIZE), 300, reading);
    verifyInclusion(head(SIZE), { index: 300, leafHash: leaves[300] as Uint8Array, proof });
    expect(asked).toEqual(['tile/1/000.p/2', 'tile/0/001', 'tile/0/002.p/88']);
    const older = head(500);
    verifyConsistency(
      older,
      head(SIZE),
      await fetchConsistency(500, head(SIZE), { fetchTile, form: 'sumdb' }),
    );
    await expect(fetchNodes(head(SIZE), [{ level: 0, index: 5 }], { fetchTile })).resolves.toEqual([
      leaves[5],
    ]);
  });

  it('spells paths as it is told', async () => {
    const asked: string[] = [];
    const note = (path: string, tile: TileId): Uint8Array => {
      asked.push(path);
      return tileOf(tile);
    };
    await fetchInclusion(head(7), 0, { fetchTile: note, form: 'sumdb', height: 2 });
    expect(asked).toEqual(['tile/2/1/000.p/1', 'tile/2/0/000', 'tile/2/0/001.p/3']);
    await expect(fetchInclusion(head(7), 0, { fetchTile: note, height: 2 })).rejects.toMatchObject({
      code: 'ERR_ARGUMENT_RANGE',
    });
  });

  it('passes on what the function throws, and refuses what it forges', async () => {
    const gone = new Error('gone');
    const failing = { fetchTile: () => Promise.reject(gone) };
    await expect(fetchInclusion(head(SIZE), 3, failing)).rejects.toBe(gone);
    const throwing = {
      fetchTile: (): Uint8Array => {
        throw gone;
      },
    };
    await expect(fetchInclusion(head(SIZE), 3, throwing)).rejects.toBe(gone);
    const forging = { fetchTile: (path: string, tile: TileId) => flipBit(fetchTile(path, tile), 9) };
    await expect(fetchInclusion(head(SIZE), 3, forging)).rejects.toMatchObject({ code: 'ERR_TILE_ROOT' });
    const none = { fetchTile: undefined as unknown as typeof fetchTile };
    await expect(fetchInclusion(head(SIZE), 3, none)).rejects.toMatchObject({ code: 'ERR_ARGUMENT_TYPE' });
    await expect(fetchInclusion(head(SIZE), SIZE, { fetchTile })).rejects.toMatchObject({
      code: 'ERR_ARGUMENT_RANGE',
    });
    await expect(fetchConsistency(SIZE + 1, head(SIZE), { fetchTile })).rejects.toMatchObject({
      code: 'ERR_ARGUMENT_RANGE',
    });
  });
});
