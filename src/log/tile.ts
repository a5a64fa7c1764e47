/**
 * Tiles: a tree's stored nodes in files of one size (C2SP tlog-tiles; Go's checksum database before it).
 *
 * A tile of height h holds 2^h neighbouring nodes of one level, a multiple of h. The levels between are not
 * stored, since a tile is enough to hash them. With height 2, in a tree of 7 leaves:
 *
 *     level 2    [0,4)                                  tile level 1, index 0, width 1 (partial)
 *                /   \
 *     level 1   hashed when needed
 *              / \   / \
 *     level 0 0   1 2   3   4   5   6                   tile level 0: index 0 full, index 1 of width 3
 *
 * Full tiles never change. A partial tile is what a tree of this very size has at the right edge; what it
 * holds is the beginning of the later, wider ones.
 */

import { assertInteger, assertObject } from '../bytes/arguments.js';
import { ArgumentRangeError } from '../errors.js';
import type { NodeId } from './shape.js';

/** The height of tiles in C2SP tlog-tiles, and in the Go checksum database. */
export const TILE_HEIGHT = 8;
/** The height up to which Go's implementation takes tiles. */
export const TILE_HEIGHT_MAX = 30;
/** Tile levels as paths write them, 0 to 63; no tree of 2^53 - 1 leaves reaches the upper ones. */
export const TILE_LEVEL_MAX = 63;

/** A tile of hashes. */
export interface TileId {
  /** Levels of the tree it covers, 1 to 30; 8 in C2SP tlog-tiles. */
  readonly height: number;
  /** Its hashes are nodes of level `height * level`; 0 (leaf hashes) to 63. */
  readonly level: number;
  /** Zero-based, from the left, within the level. */
  readonly index: number;
  /** Hashes in it: 2^height in a full tile, fewer in a partial one; never 0. */
  readonly width: number;
}

/** A bundle of entries: those whose leaf hashes are the tile of level 0 with the same index and width. */
export type EntryBundleId = Omit<TileId, 'level'>;

/** Where a stored node lies: in this tile, as the root over these of its hashes. */
export interface NodePlace {
  readonly tileLevel: number;
  readonly tileIndex: number;
  /** First hash within the tile. */
  readonly begin: number;
  /** Levels of hashing from the tile's hashes to the node, 0 to height - 1. */
  readonly levels: number;
}

/** @throws ArgumentTypeError, ArgumentRangeError */
export function assertTileHeight(height: unknown): asserts height is number {
  assertInteger(height, 'height', 1, TILE_HEIGHT_MAX);
}

/** A checked, frozen copy. @throws ArgumentTypeError, ArgumentRangeError */
export function copyTileId(tile: TileId): TileId {
  assertObject(tile, 'a tile');
  const { level } = tile;
  assertInteger(level, 'level', 0, TILE_LEVEL_MAX);
  const { height, index, width } = copyBundleId(tile);
  return Object.freeze({ height, level, index, width });
}

/** A checked, frozen copy. @throws ArgumentTypeError, ArgumentRangeError */
export function copyBundleId(bundle: EntryBundleId): EntryBundleId {
  assertObject(bundle, 'an entry bundle');
  const { height, index, width } = bundle;
  assertTileHeight(height);
  assertInteger(index, 'index', 0, Number.MAX_SAFE_INTEGER);
  assertInteger(width, 'width', 1, 2 ** height);
  return Object.freeze({ height, index, width });
}

/** In which tile a balanced subtree lies. */
export function placeOf({ level, index }: NodeId, height: number): NodePlace {
  const tileLevel = Math.floor(level / height);
  const levels = level - tileLevel * height;
  const first = index * 2 ** levels;
  const tileIndex = Math.floor(first / 2 ** height);
  return { tileLevel, tileIndex, begin: first - tileIndex * 2 ** height, levels };
}

/** Complete nodes of the level that tiles of this tile level hold: floor(treeSize / 2^(height · level)). */
export function nodesAtTileLevel(treeSize: number, height: number, level: number): number {
  return Math.floor(treeSize / 2 ** (height * level));
}

/**
 * The tile at a place in the tree of a size: full, or as wide as the tree reaches.
 * @throws ArgumentRangeError the tree does not reach there
 */
export function tileInTree(treeSize: number, height: number, level: number, index: number): TileId {
  const nodes = nodesAtTileLevel(treeSize, height, level);
  const width = Math.min(2 ** height, nodes - index * 2 ** height);
  if (width < 1) throw new ArgumentRangeError('the tree has no such tile');
  return Object.freeze({ height, level, index, width });
}
