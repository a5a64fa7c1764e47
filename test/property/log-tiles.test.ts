import {
  assembleConsistency,
  assembleInclusion,
  createTileSink,
  createTreeBuilder,
  createTypeScriptHasher,
  encodeTilePath,
  planConsistency,
  planInclusion,
  planTiles,
  verifyConsistency,
  verifyInclusion,
  verifyTiles,
} from 'contact-key-verification/log.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flipBit } from '../support/log-notes.js';
import { flat, grow, leafList, outcome, replaced, SparseTree, tileFrom } from '../support/log-tree.js';
import { check } from '../support/property.js';

const hasher = createTypeScriptHasher();
const leaves = leafList(600);
const { store, head } = grow(leaves, { hasher });
const anyHeight = fc.constantFrom(1, 2, 3, 4, 5, 8, 12);
const anySize = fc.integer({ min: 1, max: 600 });

describe('tiles', () => {
  it('give the proofs that nodes give, and are refused with any one bit flipped', () => {
    check(
      fc.property(anySize, anyHeight, fc.nat(), fc.nat(), (treeSize, height, salt, bit) => {
        const index = salt % treeSize;
        const olderSize = 1 + (salt % treeSize);
        const inclusion = planInclusion({ treeSize, index });
        const consistency = planConsistency({ olderSize, newerSize: treeSize });
        const plan = planTiles({ treeSize, nodes: [...inclusion.nodes, ...consistency.nodes], height });
        const tiles = plan.tiles.map((tile) => tileFrom((ids) => store.fetch(ids), tile));
        const { nodes } = verifyTiles(head(treeSize), plan, tiles, { hasher });
        const proof = assembleInclusion(inclusion, nodes.slice(0, inclusion.nodes.length), { hasher });
        expect(proof).toEqual(assembleInclusion(inclusion, store.fetch(inclusion.nodes), { hasher }));
        const extension = assembleConsistency(consistency, nodes.slice(inclusion.nodes.length), { hasher });
        expect(extension).toEqual(
          assembleConsistency(consistency, store.fetch(consistency.nodes), { hasher }),
        );
        verifyInclusion(head(treeSize), { index, leafHash: leaves[index] as Uint8Array, proof }, { hasher });
        verifyConsistency(head(olderSize), head(treeSize), extension, { hasher });

        const at = bit % tiles.length;
        const tile = tiles[at] as Uint8Array;
        const damaged = replaced(tiles, at, flipBit(tile, bit % (tile.length * 8)));
        expect(outcome(() => verifyTiles(head(treeSize), plan, damaged, { hasher }))).toBe('ERR_TILE_ROOT');
      }),
    );
  });

  it('are few, in trees of any size', () => {
    const anyHugeSize = fc
      .tuple(fc.integer({ min: 0, max: 52 }), fc.maxSafeNat())
      .map(([bits, salt]) => 2 ** bits + (salt % 2 ** bits));
    check(
      fc.property(anyHugeSize, fc.maxSafeNat(), fc.constantFrom(3, 4, 5), (treeSize, salt, height) => {
        const index = salt % treeSize;
        const tree = new SparseTree(index);
        const inclusion = planInclusion({ treeSize, index });
        const plan = planTiles({ treeSize, nodes: inclusion.nodes, height });
        expect(plan.tiles.length).toBeLessThanOrEqual(2 * Math.ceil(53 / height));
        const tiles = plan.tiles.map((tile) => tileFrom((ids) => tree.fetch(ids), tile));
        const { nodes } = verifyTiles(tree.head(treeSize), plan, tiles, { hasher });
        const proof = assembleInclusion(inclusion, nodes, { hasher });
        verifyInclusion(tree.head(treeSize), { index, leafHash: tree.leaf(index), proof }, { hasher });
      }),
    );
  });
});

describe('a tile sink', () => {
  it('has the same tiles however the stream is cut, resumed and taken', () => {
    check(
      fc.property(fc.array(fc.integer({ min: 0, max: 70 }), { maxLength: 8 }), anyHeight, (cut, height) => {
        const files = new Map<string, Uint8Array>();
        const sink = createTileSink({ height });
        const builder = createTreeBuilder({ hasher, onNodes: sink.onNodes });
        for (const count of cut) {
          builder.append(flat(leaves.slice(builder.treeSize, builder.treeSize + count)));
          for (const tile of sink.takeTiles(builder.treeSize))
            files.set(encodeTilePath(tile, 'sumdb'), tile.hashes);
        }
        const { treeSize } = builder;
        if (treeSize === 0) return;
        const nodes = Array.from({ length: treeSize }, (_, index) => ({ level: 0, index }));
        for (const tile of planTiles({ treeSize, nodes, height }).tiles) {
          const written = files.get(encodeTilePath(tile, 'sumdb')) ?? new Uint8Array(0);
          expect(Buffer.from(written).equals(tileFrom((ids) => store.fetch(ids), tile))).toBe(true);
        }
      }),
    );
  });
});
