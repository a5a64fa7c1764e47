/**
 * A new tree from a stored one: open it along the changed keys, change it, hash it level by level, write its pages.
 */

import { ArgumentRangeError } from '../errors.js';
import { addLeaves, removeLeaves } from './change.js';
import { compareKeys } from './key.js';
import { encodeJournal, journalKey, mergeJournals } from './journal.js';
import { hashAtOf, hashNodes, kindOf, leftOf, positionOf, rightOf, setPosition } from './node.js';
import { openPages, type Opening } from './open-pages.js';
import { encodePage, type PageBytes, pageKey, pathBelow } from './page.js';
import { ABSENT, hashFrom, PARENT, type Slot, type Workspace } from './workspace.js';

/** The changes of an update, in the workspace. */
export interface Change {
  /** The position that the pages are stored under. */
  readonly position: number;
  /** Offsets of leaves, in any order. */
  readonly added: readonly number[];
  /** Offsets of keys, in any order. */
  readonly removed: readonly number[];
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
  const { store, work } = opening;
  const { position } = change;
  const added = sorted(opening, change.added, 'added');
  const removed = sorted(opening, change.removed, 'removed');
  const keys = removed.length === 0 ? added : ascending(work, [...added, ...removed]);
  const [old, [leftOver]] = await Promise.all([
    openPages(opening, base.rootAt, base.position, keys),
    store.getMany([journalKey(position)]),
  ]);
  const replaced = new Map(old.pages.map(({ node, path }) => [path, positionOf(work, node)]));
  const top = addLeaves(work, removeLeaves(work, old.top, removed), added);
  hashNodes(work, [top]);

  const pages = new Map<string, PageBytes>();
  if (top !== ABSENT) writePage({ opening, position, pages }, top, '');
  // Every opened page is replaced: a change leads through it. Where no leaf is left there, by none.
  const lines = [...new Set([...pages.keys(), ...replaced.keys()])].map((path) => ({
    path,
    replaced: replaced.get(path),
  }));
  const journal = { base: old.top === ABSENT ? undefined : base.position, lines };
  const value = encodeJournal(mergeJournals(journal, position, new Set(pages.keys()), leftOver));
  await store.putMany([{ key: journalKey(position), value }]);
  // Views, taken when the workspace grows no more: a batch makes many pages, and arrays of their own would weigh more.
  const entries = Array.from(pages, ([path, { at, length }]) => ({
    key: pageKey(position, path),
    value: work.bytes.subarray(at, at + length),
  }));
  await store.putMany(entries);
  return hashFrom(work, hashAtOf(work, top));
}

/** Keys in ascending order. @throws ArgumentRangeError a key twice */
function sorted({ work }: Opening, keys: readonly number[], name: string): number[] {
  const order = ascending(work, keys);
  if (order.some((key, i) => i > 0 && compareKeys(work.bytes, order[i - 1] as number, key) === 0)) {
    throw new ArgumentRangeError(`changes.${name} has a key twice`);
  }
  return order;
}

function ascending(work: Workspace, keys: readonly number[]): number[] {
  return [...keys].sort((a, b) => compareKeys(work.bytes, a, b));
}

interface Writing {
  readonly opening: Opening;
  readonly position: number;
  /** The pages by their paths. */
  readonly pages: Map<string, PageBytes>;
}

/** Writes a page, those below it first: it holds their positions. */
function writePage(writing: Writing, top: Slot, path: string): void {
  const { opening, position, pages } = writing;
  writeBelow(writing, top, path, 0, 0);
  setPosition(opening.work, top, position);
  pages.set(path, encodePage(opening.work, top, opening.levels));
}

function writeBelow(writing: Writing, slot: Slot, path: string, level: number, way: number): void {
  const { work } = writing.opening;
  if (kindOf(work, slot) !== PARENT) return;
  if (level === writing.opening.levels) {
    writePage(writing, slot, pathBelow(path, way));
    return;
  }
  writeBelow(writing, leftOf(work, slot), path, level + 1, 2 * way);
  writeBelow(writing, rightOf(work, slot), path, level + 1, 2 * way + 1);
}
