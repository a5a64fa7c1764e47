/**
 * Tiles from a growing tree: takes the nodes that a tree builder hands out, and yields the tiles that are new.
 *
 *     builder.append(leafHashes)  →  onNodes  →  sink  →  takeTiles(builder.treeSize)  →  files
 *
 * Nodes are kept by their place until they are taken: an append that failed half-way and is made again, or made
 * with other leaves, writes over what it left, and only what belongs to the tree that was reached is taken.
 */

import { assertInteger, assertObject } from '../bytes/arguments.js';
import { assertBytes } from '../bytes/compare.js';
import { ArgumentRangeError, StateError } from '../errors.js';
import { planRoot } from './plan.js';
import type { NodeRun } from './compact-range.js';
import { HASH_LENGTH } from './subtree.js';
import { assertTileHeight, nodesAtTileLevel, TILE_HEIGHT, tileInTree, type TileId } from './tile.js';
import { planTiles } from './tile-plan.js';

/** A tile with its hashes. */
export interface Tile extends TileId {
  /** `width` × 32 bytes. */
  readonly hashes: Uint8Array;
}

/** How to make tiles. */
export interface TileSinkOptions {
  /** Their height, 1 to 30; default 8. */
  readonly height?: number | undefined;
  /**
   * Where to go on: the size of the tree that was taken last, and its tiles that are not full, as
   * `planTiles({ treeSize, nodes: planRoot(treeSize).nodes })` lists them. Trusted, and copied: check them with
   * `verifyTiles`, whose `nodes` are then also the `edge` of the builder's state. Default: an empty tree.
   */
  readonly state?: { readonly treeSize: number; readonly tiles: readonly Uint8Array[] } | undefined;
}

/** Makes tiles of a growing tree. */
export interface TileSink {
  /** The builder's `onNodes`. @throws StateError `ERR_NOT_READY` nodes that do not join those before */
  readonly onNodes: (run: NodeRun) => void;
  /**
   * The tiles that the tree of this size has and the tree taken before had not: full ones, and those at the right
   * edge that grew. Write all of them before the head is signed. Between two calls the sink keeps 32 bytes a leaf.
   *
   * @param treeSize the builder's, and not less than at the call before
   * @returns the lowest level first, each level from the left; fresh and frozen. None where nothing was appended
   * @throws StateError `ERR_NOT_READY` not all nodes of such a tree have come
   * @throws ArgumentTypeError, ArgumentRangeError
   */
  takeTiles(treeSize: number): readonly Tile[];
}

/** The nodes of one tile level that are not in full tiles taken already. */
interface Level {
  /** Index of the first node that is kept: where a tile begins. */
  first: number;
  /** Nodes that were taken, counted from the tree's left edge. */
  taken: number;
  /** Nodes that came, counted likewise. */
  end: number;
  /** The nodes from `first` to `end`, 32 bytes each; then room for more. */
  hashes: Uint8Array;
}

/**
 * Creates a sink for tiles.
 *
 * @throws StateError `ERR_STORED_STATE` a state whose tiles are not those of its size
 * @throws ArgumentTypeError, ArgumentRangeError
 * @example
 * const sink = createTileSink();
 * const builder = createTreeBuilder({ onNodes: sink.onNodes });
 * builder.append(leafHashes);
 * for (const tile of sink.takeTiles(builder.treeSize)) await store(encodeTilePath(tile), tile.hashes);
 */
export function createTileSink(options: TileSinkOptions = {}): TileSink {
  const { height = TILE_HEIGHT, state } = options;
  assertTileHeight(height);
  const levels = state === undefined ? [] : levelsOf(state, height);
  let takenSize = state?.treeSize ?? 0;

  return Object.freeze({
    onNodes({ level, index, hashes }: NodeRun): void {
      if (level % height !== 0) return;
      put(levelAt(levels, level / height), index, hashes);
    },
    takeTiles(treeSize: number): readonly Tile[] {
      assertInteger(treeSize, 'treeSize', takenSize, Number.MAX_SAFE_INTEGER);
      const reached: Level[] = [];
      for (let level = 0; nodesAtTileLevel(treeSize, height, level) > 0; level++) {
        reached.push(levelAt(levels, level));
      }
      // All levels are looked at before any of them changes.
      if (reached.some(({ end }, level) => end < nodesAtTileLevel(treeSize, height, level))) {
        throw new StateError('ERR_NOT_READY', 'not all nodes of a tree of this size have come');
      }
      const tiles = reached.flatMap((nodes, level) => takeLevel(nodes, level, height, treeSize));
      takenSize = treeSize;
      return Object.freeze(tiles);
    },
  });
}

/** Keeps nodes at their place; nodes from there on that came before and were not taken are forgotten. */
function put(nodes: Level, index: number, hashes: Uint8Array): void {
  if (index < nodes.taken || index > nodes.end) {
    throw new StateError('ERR_NOT_READY', 'nodes that do not join those before');
  }
  const at = (index - nodes.first) * HASH_LENGTH;
  if (at + hashes.length > nodes.hashes.length) {
    const larger = new Uint8Array(Math.max(at + hashes.length, nodes.hashes.length * 2));
    larger.set(nodes.hashes.subarray(0, at));
    nodes.hashes = larger;
  }
  nodes.hashes.set(hashes, at);
  nodes.end = index + hashes.length / HASH_LENGTH;
}

/** The new tiles of one level. Full ones are then forgotten. */
function takeLevel(nodes: Level, level: number, height: number, treeSize: number): Tile[] {
  const count = nodesAtTileLevel(treeSize, height, level);
  if (count === nodes.taken) return [];
  const tiles: Tile[] = [];
  for (let begin = nodes.first; begin < count; begin += 2 ** height) {
    const tile = tileInTree(treeSize, height, level, begin / 2 ** height);
    const at = (begin - nodes.first) * HASH_LENGTH;
    tiles.push(Object.freeze({ ...tile, hashes: nodes.hashes.slice(at, at + tile.width * HASH_LENGTH) }));
  }
  const first = count - (count % 2 ** height);
  nodes.hashes = nodes.hashes.slice(
    (first - nodes.first) * HASH_LENGTH,
    (nodes.end - nodes.first) * HASH_LENGTH,
  );
  nodes.first = first;
  nodes.taken = count;
  return tiles;
}

function levelAt(levels: Level[], level: number): Level {
  while (levels.length <= level) levels.push({ first: 0, taken: 0, end: 0, hashes: new Uint8Array(0) });
  return levels[level] as Level;
}

/** The levels that a stored state describes, copied. */
function levelsOf(state: NonNullable<TileSinkOptions['state']>, height: number): Level[] {
  try {
    assertObject(state, 'state');
    const { treeSize, tiles } = state;
    assertInteger(treeSize, 'state.treeSize', 0, Number.MAX_SAFE_INTEGER);
    assertObject(tiles, 'state.tiles');
    const ids = treeSize === 0 ? [] : planTiles({ treeSize, nodes: planRoot(treeSize).nodes, height }).tiles;
    assertInteger(tiles.length, 'state.tiles.length', ids.length, ids.length);
    const levels: Level[] = [];
    for (let level = 0; nodesAtTileLevel(treeSize, height, level) > 0; level++) {
      const taken = nodesAtTileLevel(treeSize, height, level);
      const first = taken - (taken % 2 ** height);
      levels.push({ first, taken, end: taken, hashes: new Uint8Array(0) });
    }
    for (const [i, { level, width }] of ids.entries()) {
      const hashes = tiles[i];
      assertBytes(hashes, 'state.tiles');
      if (hashes.length !== width * HASH_LENGTH) throw new ArgumentRangeError('a tile of another width');
      levelAt(levels, level).hashes = new Uint8Array(hashes);
    }
    return levels;
  } catch {
    throw new StateError('ERR_STORED_STATE', 'the state is not that of a tile sink');
  }
}
