/**
 * A new tree from a stored one: page by page it is opened along the changed keys, changed, hashed and written.
 *
 *               ┌── ● ──┐        1  open some pages of a level, and renew the pages below them that keys lead into
 *               │  / \  │        2  remove and add what ends in these pages
 *               ├ ●   ● ┤        3  hash them, level by level, all of these pages at once
 *               └─┼───┼─┘        4  write them; only their new hashes are kept for the pages above
 *              ┌─ ◌ ─┬─ ◌ ─┐
 *
 * So the workspace holds some pages of each level, however large the batch, and nothing is stored before all is known.
 */

import { ArgumentRangeError } from '../errors.js';
import { addLeaves, removeLeaves } from './change.js';
import { hashNodes } from './hash-nodes.js';
import { encodeJournal, type JournalLine, journalKey, mergeJournals } from './journal.js';
import { compareKeys, HASH_BYTES } from './key.js';
import { hashAtOf, kindOf, moveHash, becomeNode } from './node.js';
import {
  checkPages,
  type Keys,
  type Opening,
  type Page,
  pagesBelow,
  readPages,
  topPage,
} from './open-pages.js';
import { pageKey } from './page.js';
import { createPageWriter, isUncut, type PageWriter, writePage } from './page-writer.js';
import {
  ABSENT,
  hashFrom,
  markOf,
  release,
  sameBytes,
  type Slot,
  type Workspace,
  ZERO_AT,
} from './workspace.js';

/** Pages that are worked on at a time: enough for one call of the engine, and few enough for the caches. */
export const PAGES_AT_ONCE = 1024;

/** The changes of an update, in the workspace. */
export interface Change {
  /** The position that the pages are stored under. */
  readonly position: number;
  /** Offsets of leaves, in any order. */
  readonly added: readonly number[];
  /** Offsets of keys, in any order. */
  readonly removed: readonly number[];
}

/** An update at work. */
interface Update {
  readonly opening: Opening;
  readonly keys: Keys;
  readonly writer: PageWriter;
}

/**
 * Stores a new tree beside the one it is made from.
 * @param base where the old root lies, and the position of its topmost page
 * @returns the new root, fresh
 */
export async function updatePages(
  opening: Opening,
  base: { readonly rootAt: number; readonly position: number },
  change: Change,
): Promise<Uint8Array> {
  const { store, work, levels } = opening;
  const { position } = change;
  const keys = {
    added: sorted(work, change.added, 'added'),
    removed: sorted(work, change.removed, 'removed'),
  };
  const writer = createPageWriter(work, levels, position);
  const update: Update = { opening, keys, writer };
  const isEmpty = sameBytes(work, base.rootAt, ZERO_AT, HASH_BYTES);
  const old = isEmpty ? undefined : topPage(work, base.rootAt, base.position, keys);
  const [, [leftOver]] = await Promise.all([
    old === undefined ? undefined : renewSome(update, [old], 0, []),
    store.getMany([journalKey(position)]),
  ]);
  const top = finish(update, old?.node ?? ABSENT);

  const journal = { base: isEmpty ? undefined : base.position, lines: journalLines(writer) };
  const encoded = encodeJournal(mergeJournals(journal, position, writer.pages, leftOver));
  await store.putMany([{ key: journalKey(position), value: encoded }]);
  const entries = writer.pages.map(({ path, value }) => ({ key: pageKey(position, path), value }));
  await store.putMany(entries);
  return hashFrom(work, hashAtOf(work, top));
}

/**
 * Makes new pages of old ones that stand at one depth, and of all below them that keys lead into.
 * @param unchecked pages above that were read; whoever needs the workspace for long, or reads no more, checks them
 */
async function renew(
  update: Update,
  pages: readonly Page[],
  depth: number,
  unchecked: Page[],
): Promise<void> {
  const { work } = update.opening;
  if (pages.length <= PAGES_AT_ONCE) {
    await renewSome(update, pages, depth, unchecked);
    return;
  }
  checkPages(work, unchecked.splice(0));
  for (let first = 0; first < pages.length; first += PAGES_AT_ONCE) {
    const mark = markOf(work);
    const some = pages.slice(first, first + PAGES_AT_ONCE);
    const areClosed = await renewSome(update, some, depth, []);
    if (areClosed) release(work, mark);
  }
}

/** @returns whether nothing is needed any more of what was opened for these pages */
async function renewSome(
  update: Update,
  pages: readonly Page[],
  depth: number,
  unchecked: Page[],
): Promise<boolean> {
  const { opening, keys } = update;
  const { work, levels } = opening;
  await readPages(opening, pages);
  for (const page of pages) unchecked.push(page);
  const below = pagesBelow(opening, keys, pages, depth);
  if (below.length === 0) checkPages(work, unchecked.splice(0));
  else await renew(update, below, depth + levels, unchecked);
  for (const page of pages) changePage(update, page, depth);
  hashNodes(
    work,
    pages.map(({ node }) => node),
  );
  // What has become too small for a page stays in the workspace, for the page above.
  return pages.map((page) => closePage(update, page)).every(Boolean);
}

/**
 * Changes what ends in a page. Where nothing is left of it, what is added is left to the page above: there it
 * may stand higher.
 */
function changePage({ opening, keys }: Update, page: Page, depth: number): void {
  const { work, levels } = opening;
  const end = depth + levels;
  const { node, removedFrom, removedTo, addedFrom, addedTo } = page;
  const left = removeLeaves({ work, keys: keys.removed, end }, node, removedFrom, removedTo, depth);
  const top =
    left === ABSENT ? ABSENT : addLeaves({ work, keys: keys.added, end }, left, addedFrom, addedTo, depth);
  // Another node only where nothing is left, or where the tree was one leaf.
  if (top !== node) becomeNode(work, node, top);
}

/** Writes a page that was changed. @returns whether nothing is needed any more of what was opened for it */
function closePage({ opening: { work }, writer }: Update, page: Page): boolean {
  const { node, path, hashAt, position } = page;
  const isThere = kindOf(work, node) !== ABSENT;
  if (isThere && (path === '' || !isUncut(work, node))) {
    writePage(writer, node, path, position);
    moveHash(work, node, hashAt);
    return true;
  }
  writer.unwritten.set(path, position);
  return !isThere;
}

/** The tree's top: what was made of the old topmost page, or where nothing is left of that, a new tree. */
function finish({ opening: { work }, keys: { added, removed }, writer }: Update, old: Slot): Slot {
  if (kindOf(work, old) !== ABSENT) return old;
  const end = Number.POSITIVE_INFINITY;
  if (old === ABSENT) removeLeaves({ work, keys: removed, end }, ABSENT, 0, removed.length, 0);
  const top = addLeaves({ work, keys: added, end }, ABSENT, 0, added.length, 0);
  hashNodes(work, [top]);
  if (top !== ABSENT) writePage(writer, top, '', writer.unwritten.get(''));
  return top;
}

/** A line for each page that is written or replaced. Every opened page is replaced: a change leads through it. */
function journalLines({ pages, unwritten }: PageWriter): JournalLine[] {
  return [...pages, ...Array.from(unwritten, ([path, replaced]) => ({ path, replaced }))];
}

/** Keys in ascending order. @throws ArgumentRangeError a key twice */
function sorted(work: Workspace, keys: readonly number[], name: string): number[] {
  const order = [...keys].sort((a, b) => compareKeys(work.bytes, a, b));
  if (order.some((key, i) => i > 0 && compareKeys(work.bytes, order[i - 1] as number, key) === 0)) {
    throw new ArgumentRangeError(`changes.${name} has a key twice`);
  }
  return order;
}
