/**
 * Opening a stored tree along some keys: one read of the store for each level of pages, whatever the number of keys.
 */

import { closedNode, hashAtOf, hashNodes, kindOf, leftOf, openNode, positionOf, rightOf } from './node.js';
import { HASH_BYTES, splitAt } from './key.js';
import type { NodeStore } from './node-store.js';
import { corrupt, decodePage, pageKey, pathBelow } from './page.js';
import { ABSENT, CLOSED, PARENT, put, sameBytes, type Slot, type Workspace, ZERO_AT } from './workspace.js';

/** A stored tree: where its pages are, how many levels each has, and the buffer that they are read into. */
export interface Opening {
  readonly store: NodeStore;
  readonly levels: number;
  readonly work: Workspace;
}

/** A page that was opened. */
export interface OpenedPage {
  /** Its top. */
  readonly node: Slot;
  readonly path: string;
}

/** A tree, open along some keys. */
export interface OpenedTree {
  readonly top: Slot;
  readonly pages: readonly OpenedPage[];
}

/** A page that is to be read, and the run of keys that lead into it. */
interface Wanted extends OpenedPage {
  readonly low: number;
  readonly high: number;
}

/**
 * A tree with every page open that one of the keys leads into.
 *
 * @param rootAt where the root's hash lies in the workspace
 * @param position under which the topmost page is stored
 * @param keys offsets of keys in ascending order
 * @throws StateError `ERR_STORED_STATE` a page is missing, or is not what the tree refers to
 */
export async function openPages(
  opening: Opening,
  rootAt: number,
  position: number,
  keys: readonly number[],
): Promise<OpenedTree> {
  const { work, levels } = opening;
  if (sameBytes(work, rootAt, ZERO_AT, HASH_BYTES)) return { top: ABSENT, pages: [] };
  const top = closedNode(work, rootAt, position);
  const pages: OpenedPage[] = [];
  let wanted: Wanted[] = keys.length === 0 ? [] : [{ node: top, path: '', low: 0, high: keys.length }];
  for (let depth = 0; wanted.length > 0; depth += levels) {
    await readPages(opening, wanted);
    for (const page of wanted) pages.push(page);
    const below: Wanted[] = [];
    for (const page of wanted) follow(work, keys, page, page.node, page.low, page.high, depth, 0, below);
    wanted = below;
  }
  return { top, pages };
}

/** Reads pages in one go, and checks each against the hash by which it is known. */
async function readPages({ store, levels, work }: Opening, wanted: readonly Wanted[]): Promise<void> {
  const pages = await store.getMany(wanted.map(({ node, path }) => pageKey(positionOf(work, node), path)));
  const known = wanted.map(({ node }) => hashAtOf(work, node));
  for (const [i, { node }] of wanted.entries()) {
    const page = pages[i];
    if (!(page instanceof Uint8Array)) throw corrupt('nothing where a page should be');
    const at = put(work, page);
    const decoded = decodePage(work, at, page.length, levels);
    if (decoded === ABSENT) throw corrupt('a page without a node');
    openNode(work, node, decoded);
  }
  hashNodes(
    work,
    wanted.map(({ node }) => node),
  );
  for (const [i, { node }] of wanted.entries()) {
    if (!sameBytes(work, hashAtOf(work, node), known[i] as number, HASH_BYTES)) throw corrupt('another page');
  }
}

/** Finds the pages that a run of keys leads into from one that was opened. */
function follow(
  work: Workspace,
  keys: readonly number[],
  from: Wanted,
  slot: Slot,
  low: number,
  high: number,
  depth: number,
  way: number,
  below: Wanted[],
): void {
  if (low === high) return;
  const kind = kindOf(work, slot);
  if (kind === CLOSED) {
    below.push({ node: slot, path: pathBelow(from.path, way), low, high });
    return;
  }
  if (kind !== PARENT) return;
  const middle = splitAt(work.bytes, keys, low, high, depth);
  follow(work, keys, from, leftOf(work, slot), low, middle, depth + 1, 2 * way, below);
  follow(work, keys, from, rightOf(work, slot), middle, high, depth + 1, 2 * way + 1, below);
}
