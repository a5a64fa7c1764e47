/**
 * Checking tiles against a head, and reading nodes from them.
 *
 * Tiles come from a server, a cache or a mirror, none of which is trusted. Checked are all of them, each hash in
 * each: the last tiles by the root that they hash to, every other one by the hash in the tile above it. So the
 * proofs assembled from the nodes are true, and the tiles can be kept.
 */

import { assertInteger, assertObject } from '../bytes/arguments.js';
import { assertBytes, equalBytes } from '../bytes/compare.js';
import { DecodeError, VerificationError } from '../errors.js';
import { copyHead, type TreeHead } from './head.js';
import { planRoot } from './plan.js';
import type { NodeId } from './shape.js';
import {
  hashingOf,
  HASH_LENGTH,
  joinRun,
  type Subtree,
  type TreeHashing,
  type TreeOptions,
} from './subtree.js';
import { type NodePlace, placeOf, type TileId } from './tile.js';
import { encodeTilePath } from './tile-path.js';
import { keyOf, type TilePlan, planTiles } from './tile-plan.js';

declare const verified: unique symbol;

/** Tiles that belong to a head. Only {@link verifyTiles} makes this. Frozen, its arrays fresh. */
export interface VerifiedTiles {
  /** The hashes of the plan's nodes, in its order: what `assembleInclusion` and its like take. */
  readonly nodes: readonly Uint8Array[];
  /** The tiles, as wide as planned, in the plan's order: worth keeping. */
  readonly tiles: readonly Uint8Array[];
  readonly [verified]: 'tiles';
}

/** The tiles of a plan by place. */
type Tiles = ReadonlyMap<string, { readonly id: TileId; readonly hashes: Uint8Array }>;

/**
 * Verifies that tiles belong to a head, and yields the nodes that were planned.
 *
 * **Before**: the head was verified (`openCheckpoint`).
 *
 * @param head whose tree has the plan's size
 * @param plan of `planTiles`
 * @param tiles the tiles of `plan.tiles`, in that order, n × 32 bytes each. A wider tile of the same place is as
 *   good, up to the full one: it begins with the same hashes, and only those planned are read
 * @param options engine and scheme
 * @returns frozen and fresh
 * @throws DecodeError `ERR_LENGTH` a tile of the wrong length
 * @throws VerificationError `ERR_TILE_ROOT` the tiles lead to another root, or do not fit together
 * @throws ArgumentTypeError, ArgumentRangeError another number of tiles, or a plan for another size
 * @example
 * const { nodes } = verifyTiles(head, tilePlan, tiles);
 * const proof = assembleInclusion(plan, nodes);
 */
export function verifyTiles(
  head: TreeHead,
  plan: TilePlan,
  tiles: ArrayLike<Uint8Array>,
  options: TreeOptions = {},
): VerifiedTiles {
  const { treeSize, root } = copyHead(head, 'head');
  assertObject(plan, 'plan');
  assertInteger(plan.treeSize, 'plan.treeSize', treeSize, treeSize);
  // Planned again rather than trusted: a plan that lacks a tile between would leave tiles unproven.
  const { height, nodes, tiles: ids } = planTiles({ treeSize, nodes: plan.nodes, height: plan.height });
  assertObject(tiles, 'tiles');
  assertInteger(tiles.length, 'tiles.length', ids.length, ids.length);
  const given: Tiles = new Map(
    ids.map((id, i) => [keyOf(id.level, id.index), { id, hashes: copyTile(tiles[i], id) }]),
  );
  const hashing = hashingOf(options);
  const read = (node: NodeId): Uint8Array => readNode(given, placeOf(node, height), hashing);

  const [first, ...rest] = planRoot(treeSize).nodes.map(
    (node): Subtree => ({ size: 2 ** node.level, hash: read(node) }),
  );
  if (first === undefined || !equalBytes(joinRun(hashing, [first, ...rest]).hash, root)) {
    throw new VerificationError('ERR_TILE_ROOT', 'the tiles lead to another root');
  }
  // The root has proven the last tile of each level, and those are exactly the tiles that are not full.
  for (const { id, hashes } of given.values()) {
    if (id.width === 2 ** height) assertFits(given, id, fold(hashing, id.level, hashes, height));
  }
  return Object.freeze({
    nodes: Object.freeze(nodes.map(read)),
    tiles: Object.freeze(
      ids.map(({ level, index }) => (given.get(keyOf(level, index)) as { hashes: Uint8Array }).hashes),
    ),
  }) as VerifiedTiles;
}

/** Refuses a full tile whose root is not the one that the tile above it holds. */
function assertFits(tiles: Tiles, { height, level, index }: TileId, root: Uint8Array): void {
  const above = tiles.get(keyOf(level + 1, Math.floor(index / 2 ** height)));
  const begin = (index % 2 ** height) * HASH_LENGTH;
  if (above === undefined || !equalBytes(above.hashes.subarray(begin, begin + HASH_LENGTH), root)) {
    throw new VerificationError('ERR_TILE_ROOT', 'a tile does not fit the one above it');
  }
}

/** The hash of a node, from the tile it lies in: fresh. */
function readNode(tiles: Tiles, place: NodePlace, hashing: TreeHashing): Uint8Array {
  const { tileLevel, tileIndex, begin, levels } = place;
  const { hashes } = tiles.get(keyOf(tileLevel, tileIndex)) as { hashes: Uint8Array };
  const run = hashes.subarray(begin * HASH_LENGTH, (begin + 2 ** levels) * HASH_LENGTH);
  return fold(hashing, tileLevel, run, levels);
}

/** The root over 2^levels hashes of a tile of this level: fresh. */
function fold(
  { hasher, scheme }: TreeHashing,
  tileLevel: number,
  hashes: Uint8Array,
  levels: number,
): Uint8Array {
  const bottom = tileLevel === 0 ? scheme.twoLeaves : scheme.twoParents;
  return hasher.foldSubtrees(hashes, levels, bottom, scheme.twoParents);
}

/** The planned part of a tile from outside, copied. @throws ArgumentTypeError; DecodeError `ERR_LENGTH` */
function copyTile(tile: unknown, id: TileId): Uint8Array {
  const path = encodeTilePath(id, 'sumdb');
  assertBytes(tile, path);
  const hashes = tile.length / HASH_LENGTH;
  if (!Number.isInteger(hashes) || hashes < id.width || hashes > 2 ** id.height) {
    throw new DecodeError('ERR_LENGTH', path, 0, `${id.width} hashes of ${HASH_LENGTH} bytes expected`);
  }
  // Not `slice`: on a Node Buffer that is a view of the caller's memory.
  return new Uint8Array(tile.subarray(0, id.width * HASH_LENGTH));
}
