/**
 * Proofs from a tiled log, through a function that the program supplies: plan, fetch, verify, assemble in one.
 * The library does no I/O of its own; where a program needs other steps, each of them is there alone.
 */

import { assertInteger, assertObject } from '../bytes/arguments.js';
import { ArgumentTypeError } from '../errors.js';
import { assembleConsistency, assembleInclusion } from './assemble.js';
import type { TreeHead } from './head.js';
import { planConsistency, planInclusion } from './plan.js';
import type { NodeId } from './shape.js';
import type { TreeOptions } from './subtree.js';
import type { TileId } from './tile.js';
import { encodeTilePath, type TilePathForm } from './tile-path.js';
import { planTiles } from './tile-plan.js';
import { verifyTiles } from './verify-tiles.js';

/**
 * Gets one tile, from wherever. It may give the full tile where a partial one is asked for and gone. What it
 * throws passes through.
 * @param path of the tile below the log's prefix, without slash before it
 */
export type FetchTile = (path: string, tile: TileId) => Uint8Array | Promise<Uint8Array>;

/** How to read a tiled log. */
export interface TileReading extends TreeOptions {
  readonly fetchTile: FetchTile;
  /** How paths are spelled; default `c2sp`. */
  readonly form?: TilePathForm | undefined;
  /** The tiles' height; default 8, and always 8 in `c2sp`. */
  readonly height?: number | undefined;
}

/**
 * The hashes of nodes of a log, checked against a head.
 *
 * @param head verified, of 1 leaf or more
 * @param nodes balanced subtrees complete in its tree, at most 4,096; a leaf hash is level 0
 * @param reading all tiles are asked for at once
 * @returns 32 bytes each, in the order of `nodes`, fresh
 * @throws what `fetchTile` throws
 * @throws DecodeError `ERR_LENGTH`; VerificationError `ERR_TILE_ROOT`; ArgumentTypeError, ArgumentRangeError
 */
export async function fetchNodes(
  head: TreeHead,
  nodes: readonly NodeId[],
  reading: TileReading,
): Promise<readonly Uint8Array[]> {
  assertObject(head, 'head');
  assertObject(reading, 'reading');
  const { treeSize, root } = head;
  const { fetchTile, form, height } = reading;
  if (typeof fetchTile !== 'function') throw new ArgumentTypeError('fetchTile must be a function');
  const plan = planTiles({ treeSize, nodes, height });
  const paths = plan.tiles.map((tile) => encodeTilePath(tile, form));
  const tiles = await Promise.all(plan.tiles.map(async (tile, i) => fetchTile(paths[i] as string, tile)));
  return verifyTiles({ treeSize, root }, plan, tiles, reading).nodes;
}

/**
 * An inclusion proof from a tiled log, as `verifyInclusion` takes it. The tiles are checked against the head, so
 * the proof is true for the leaf hash that stands at the index; that this is the entry's, `verifyInclusion` checks.
 *
 * @param head verified, of 1 leaf or more
 * @param index 0 to treeSize - 1
 * @throws as {@link fetchNodes}
 * @example
 * const proof = await fetchInclusion(head, index, { fetchTile: (path) => get(`https://example.com/log/${path}`) });
 * verifyInclusion(head, { index, leafHash: hashLeaf(entry), proof });
 */
export async function fetchInclusion(
  head: TreeHead,
  index: number,
  reading: TileReading,
): Promise<Uint8Array[]> {
  assertObject(head, 'head');
  const plan = planInclusion({ treeSize: head.treeSize, index });
  return assembleInclusion(plan, await fetchNodes(head, plan.nodes, reading), reading);
}

/**
 * A consistency proof from a tiled log, as `verifyConsistency` takes it. The tiles are checked against the newer
 * head; whether the older one belongs to the same log, `verifyConsistency` checks.
 *
 * @param olderSize leaves of the older head, 1 to the newer head's
 * @param newer verified
 * @throws as {@link fetchNodes}
 * @example
 * const proof = await fetchConsistency(stored.treeSize, head, { fetchTile });
 * verifyConsistency(stored, head, proof);
 */
export async function fetchConsistency(
  olderSize: number,
  newer: TreeHead,
  reading: TileReading,
): Promise<Uint8Array[]> {
  assertInteger(olderSize, 'olderSize', 1, Number.MAX_SAFE_INTEGER);
  assertObject(newer, 'newer');
  const plan = planConsistency({ olderSize, newerSize: newer.treeSize });
  return assembleConsistency(plan, await fetchNodes(newer, plan.nodes, reading), reading);
}
