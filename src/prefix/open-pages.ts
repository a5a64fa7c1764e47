/**
 * Opening a stored tree along some keys: one read of the store for each level of pages, whatever the number of keys.
 */

import { HASH_BYTES, splitAt } from './key.js';
import { hashNodes } from './hash-nodes.js';
import { closedNode, hashAtOf, kindOf, leftOf, openNode, positionOf, rightOf } from './node.js';
import type { NodeStore } from './node-store.js';
import { corrupt, decodePage, pageKey, pathBelow } from './page.js';
import { ABSENT, CLOSED, PARENT, put, sameBytes, type Slot, type Workspace, ZERO_AT } from './workspace.js';

/** A stored tree: where its pages are, how many levels each has, and the buffer that they are read into. */
export interface Opening {
  readonly store: NodeStore;
  readonly levels: number;
  readonly work: Workspace;
}

/** Two lists of keys that lead through a tree, each in ascending order: offsets into the workspace. */
export interface Keys {
  readonly added: readonly number[];
  readonly removed: readonly number[];
}

/** A stored page, and the run of each list that leads into it. */
export interface Page {
  /** Its top. */
  readonly node: Slot;
  readonly path: string;
  /** Where the hash lies by which it is known. */
  readonly hashAt: number;
  /** The position that it is stored under. */
  readonly position: number;
  readonly addedFrom: number;
  readonly addedTo: number;
  readonly removedFrom: number;
  readonly removedTo: number;
}

/**
 * The topmost page of a tree, closed, for all keys.
 * @param rootAt where the root's hash lies in the workspace: not zeros, which is the tree without leaves
 */
export function topPage(work: Workspace, rootAt: number, position: number, keys: Keys): Page {
  return {
    node: closedNode(work, rootAt, position),
    path: '',
    hashAt: rootAt,
    position,
    addedFrom: 0,
    addedTo: keys.added.length,
    removedFrom: 0,
    removedTo: keys.removed.length,
  };
}

/**
 * A tree with every page open that one of the keys leads into.
 *
 * @param rootAt where the root's hash lies in the workspace
 * @param position under which the topmost page is stored
 * @param sorted offsets of keys in ascending order
 * @throws StateError `ERR_STORED_STATE` a page is missing, or is not what the tree refers to
 */
export async function openTree(
  opening: Opening,
  rootAt: number,
  position: number,
  sorted: readonly number[],
): Promise<Slot> {
  const { work, levels } = opening;
  if (sameBytes(work, rootAt, ZERO_AT, HASH_BYTES)) return ABSENT;
  const keys = { added: sorted, removed: [] };
  const top = topPage(work, rootAt, position, keys);
  let pages = sorted.length === 0 ? [] : [top];
  for (let depth = 0; pages.length > 0; depth += levels) {
    await openPages(opening, pages);
    pages = pagesBelow(work, keys, pages, depth);
  }
  return top.node;
}

/**
 * Reads pages in one go, and checks each against the hash by which it is known.
 * @throws StateError `ERR_STORED_STATE`
 */
export async function openPages({ store, levels, work }: Opening, pages: readonly Page[]): Promise<void> {
  const values = await store.getMany(pages.map(({ position, path }) => pageKey(position, path)));
  for (let i = 0; i < pages.length; i++) {
    const value = values[i];
    if (!(value instanceof Uint8Array)) throw corrupt('nothing where a page should be');
    const decoded = decodePage(work, put(work, value), value.length, levels);
    if (decoded === ABSENT) throw corrupt('a page without a node');
    openNode(work, (pages[i] as Page).node, decoded);
  }
  hashNodes(
    work,
    pages.map(({ node }) => node),
  );
  for (const { node, hashAt } of pages) {
    if (!sameBytes(work, hashAtOf(work, node), hashAt, HASH_BYTES)) throw corrupt('another page');
  }
}

/** The pages that keys lead into from some that were opened, from left to right. */
export function pagesBelow(work: Workspace, keys: Keys, pages: readonly Page[], depth: number): Page[] {
  const below: Page[] = [];
  for (const page of pages) {
    const { node, addedFrom, addedTo, removedFrom, removedTo } = page;
    follow({ work, keys, page, below }, node, addedFrom, addedTo, removedFrom, removedTo, depth, 0);
  }
  return below;
}

interface Search {
  readonly work: Workspace;
  readonly keys: Keys;
  readonly page: Page;
  readonly below: Page[];
}

function follow(
  search: Search,
  slot: Slot,
  addedFrom: number,
  addedTo: number,
  removedFrom: number,
  removedTo: number,
  depth: number,
  way: number,
): void {
  if (addedFrom === addedTo && removedFrom === removedTo) return;
  const { work, keys } = search;
  const kind = kindOf(work, slot);
  if (kind === CLOSED) {
    search.below.push({
      node: slot,
      path: pathBelow(search.page.path, way),
      hashAt: hashAtOf(work, slot),
      position: positionOf(work, slot),
      addedFrom,
      addedTo,
      removedFrom,
      removedTo,
    });
    return;
  }
  if (kind !== PARENT) return;
  const added = splitAt(work.bytes, keys.added, addedFrom, addedTo, depth);
  const removed = splitAt(work.bytes, keys.removed, removedFrom, removedTo, depth);
  follow(search, leftOf(work, slot), addedFrom, added, removedFrom, removed, depth + 1, 2 * way);
  follow(search, rightOf(work, slot), added, addedTo, removed, removedTo, depth + 1, 2 * way + 1);
}
