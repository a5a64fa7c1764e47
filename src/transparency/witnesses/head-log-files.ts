/** What a head log serves from its store: tiles and entry bundles (C2SP tlog-tiles), and proofs for witnesses. */

import { ArgumentTypeError, DecodeError } from '../../errors.js';
import { joinBytes } from '../../bytes/compare.js';
import type { TreeHasher } from '../../hashing/tree-hasher.js';
import { assembleConsistency } from '../../log/assemble.js';
import { encodeEntryBundle } from '../../log/entry-bundle.js';
import { planConsistency } from '../../log/plan.js';
import { nodesAtTileLevel } from '../../log/tile.js';
import { parseEntryBundlePath, parseTilePath } from '../../log/tile-path.js';
import { type HeadLogStore, readEntries, readNodes } from './head-log-store.js';

/** A tile or an entry bundle, as its path says; `undefined` where there is no such path, or the tree does not reach. */
export async function readResource(
  store: HeadLogStore,
  treeSize: number,
  path: string,
): Promise<Uint8Array | undefined> {
  if (typeof path !== 'string') throw new ArgumentTypeError('path must be a string');
  const bundle = tryPath(() => parseEntryBundlePath(path));
  if (bundle !== undefined) {
    const first = bundle.index * 2 ** bundle.height;
    if (first + bundle.width > treeSize) return undefined;
    return encodeEntryBundle([...(await readEntries(store, first, bundle.width))]);
  }
  const tile = tryPath(() => parseTilePath(path));
  if (tile === undefined) return undefined;
  const { height, level, index, width } = tile;
  const first = index * 2 ** height;
  if (first + width > nodesAtTileLevel(treeSize, height, level)) return undefined;
  const ids = Array.from({ length: width }, (_, i) => ({ level: height * level, index: first + i }));
  return joinBytes(await readNodes(store, ids));
}

/** The proof that the tree of one size extends that of another. From an empty tree there is none to give. */
export async function growthProof(
  store: HeadLogStore,
  olderSize: number,
  newerSize: number,
  hasher: TreeHasher,
): Promise<readonly Uint8Array[]> {
  if (olderSize === 0) return [];
  const plan = planConsistency({ olderSize, newerSize });
  return assembleConsistency(plan, await readNodes(store, plan.nodes), { hasher });
}

function tryPath<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
