/**
 * Opening a stored tree along some keys: one read of the store for each level of pages, whatever the number of keys.
 *
 * What is read is followed before it is checked, so that the pages of all levels are hashed together: five calls of
 * the engine, not five for each level. Until then a page is a claim, and nothing but further reading rests on it.
 */

import { DEPTH_MAX, HASH_BYTES, splitAt } from './key.js';
import { hashNodes } from './hash-nodes.js';
import { closedNode, hashAtOf, kindOf, leftOf, becomeNode, positionOf, rightOf } from './node.js';
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
  /** Its place in the page above. */
  readonly node: Slot;
  /** Its top as it was read; {@link ABSENT} before. */
  read: Slot;
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
    read: ABSENT,
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
  const read: Page[] = [];
  let pages = sorted.length === 0 ? [] : [top];
  for (let depth = 0; pages.length > 0; depth += levels) {
    await readPages(opening, pages);
    for (const page of pages) read.push(page);
    pages = pagesBelow(opening, keys, pages, depth);
  }
  checkPages(work, read);
  return top.node;
}

/**
 * Reads pages in one go. They are to be checked before anything is told or stored of what they say.
 * @throws StateError `ERR_STORED_STATE`
 */
export async function readPages({ store, levels, work }: Opening, pages: readonly Page[]): Promise<void> {
  const values = await store.getMany(pages.map(({ position, path }) => pageKey(position, path)));
  for (let i = 0; i < pages.length; i++) {
    const value = values[i];
    if (!(value instanceof Uint8Array)) throw corrupt('nothing where a page should be');
    const decoded = decodePage(work, put(work, value), value.length, levels);
    if (decoded === ABSENT) throw corrupt('a page without a node');
    const page = pages[i] as Page;
    page.read = decoded;
  }
}

/**
 * Checks pages that were read, of any depths, against the hashes by which they are known.
 * @throws StateError `ERR_STORED_STATE`
 */
export function checkPages(work: Workspace, pages: readonly Page[]): void {
  hashNodes(
    work,
    pages.map(({ read }) => read),
  );
  for (const { read, hashAt } of pages) {
    if (!sameBytes(work, hashAtOf(work, read), hashAt, HASH_BYTES)) throw corrupt('another page');
  }
  // Only now do they take the places of the references to them, which had those hashes.
  for (const { node, read } of pages) becomeNode(work, node, read);
}

/**
 * The pages that keys lead into from some that were read, from left to right.
 * @param depth of the tops of those that were read
 * @throws StateError `ERR_STORED_STATE` deeper than any tree
 */
export function pagesBelow(
  { work, levels }: Opening,
  keys: Keys,
  pages: readonly Page[],
  depth: number,
): Page[] {
  const below: Page[] = [];
  for (const page of pages) {
    const { read, addedFrom, addedTo, removedFrom, removedTo } = page;
    follow({ work, keys, page, below }, read, addedFrom, addedTo, removedFrom, removedTo, depth, 0);
  }
  // As nothing was checked, a store could lead on for ever.
  if (below.length > 0 && depth + levels > DEPTH_MAX) throw corrupt('a tree that is too deep');
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
      read: ABSENT,
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
