/**
 * Which tiles are needed for which nodes, together with the tiles that prove them to belong to a head.
 *
 * A root is hashed from the right edge of its tree, and the right edge lies in the last tiles of the tile
 * levels: those tiles a root proves. Every other tile is full, and its root stands in the tile above. So a plan
 * holds the last tiles, the tiles of the nodes asked for, and whatever lies between:
 *
 *     tile level 2                 [ last ]           proven by the head's root
 *                                  /
 *     tile level 1        [ full ]    [ last ]        proven by a hash of the tile above; by the root
 *                          /                \
 *     tile level 0   [ asked for ]         [ last ]
 */

import { assertInteger, assertObject } from '../bytes/arguments.js';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.js';
import { planRoot } from './plan.js';
import type { NodeId } from './shape.js';
import { assertTileHeight, placeOf, TILE_HEIGHT, tileInTree, type TileId } from './tile.js';

/** Far more nodes than any proof is made of. */
const NODES_MAX = 4096;

/** Tiles to fetch. Plain frozen data. */
export interface TilePlan {
  /** Leaves of the head that the tiles are checked against. */
  readonly treeSize: number;
  /** The tiles' height. */
  readonly height: number;
  /** The nodes that are wanted. */
  readonly nodes: readonly NodeId[];
  /** The tiles to fetch, each once, a tile before those below it. */
  readonly tiles: readonly TileId[];
}

/**
 * Plans the tiles from which nodes are had, and checked.
 *
 * The plan of `planRoot(treeSize).nodes` names the last tile of each level: all the partial tiles of that tree,
 * and all that a tile sink needs in order to go on.
 *
 * @param request `treeSize`: of the head to check against, 1 to 2^53 - 1. `nodes`: balanced subtrees complete in
 *   that tree, at most 4,096, such as `planInclusion`, `planConsistency` and `planRoot` name them. `height`: of the
 *   tiles, default 8
 * @returns frozen
 * @throws ArgumentTypeError, ArgumentRangeError
 * @example
 * const plan = planInclusion({ treeSize: head.treeSize, index });
 * const { tiles } = planTiles({ treeSize: head.treeSize, nodes: plan.nodes });
 */
export function planTiles(request: {
  readonly treeSize: number;
  readonly nodes: readonly NodeId[];
  readonly height?: number | undefined;
}): TilePlan {
  assertObject(request, 'request');
  const { treeSize, nodes: given, height = TILE_HEIGHT } = request;
  assertInteger(treeSize, 'treeSize', 1, Number.MAX_SAFE_INTEGER);
  assertTileHeight(height);
  const nodes = copyNodes(given, treeSize);

  const last = new Map<string, TileId>();
  for (const node of planRoot(treeSize).nodes) {
    const { tileLevel, tileIndex } = placeOf(node, height);
    last.set(keyOf(tileLevel, tileIndex), tileInTree(treeSize, height, tileLevel, tileIndex));
  }
  const tiles = new Map(last);
  for (const node of nodes) {
    const place = placeOf(node, height);
    let index = place.tileIndex;
    // Upwards until a tile that is planned already: above a full tile there is always one.
    for (let level = place.tileLevel; !tiles.has(keyOf(level, index)); level++) {
      tiles.set(keyOf(level, index), tileInTree(treeSize, height, level, index));
      index = Math.floor(index / 2 ** height);
    }
  }
  const ordered = [...tiles.values()].sort((a, b) => b.level - a.level || a.index - b.index);
  return Object.freeze({ treeSize, height, nodes, tiles: Object.freeze(ordered) });
}

/** The nodes, each complete in the tree; copied and frozen. */
function copyNodes(nodes: readonly NodeId[], treeSize: number): readonly NodeId[] {
  if (!Array.isArray(nodes)) throw new ArgumentTypeError('nodes must be an array');
  if (nodes.length > NODES_MAX) throw new ArgumentRangeError(`nodes must be at most ${NODES_MAX}`);
  const copies = (nodes as readonly NodeId[]).map((node) => {
    assertObject(node, 'a node');
    const { level, index } = node;
    assertInteger(level, 'level', 0, 52);
    assertInteger(index, 'index', 0, Math.floor(treeSize / 2 ** level) - 1);
    return Object.freeze({ level, index });
  });
  return Object.freeze(copies);
}

/** What tells tiles of one plan apart. */
export function keyOf(level: number, index: number): string {
  return `${level}/${index}`;
}
