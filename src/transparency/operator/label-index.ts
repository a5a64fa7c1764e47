/**
 * Which versions of a label there are, and in which log entry each was inserted.
 *
 *     insertions   entry 3: 1 version │ entry 8: 2 versions │ entry 9: …        versions 0 │ 1 2 │ …
 *
 * In a log with a third-party manager the first versions of an insertion can be skipped ones, without values; the last
 * never is.
 *
 * A label's record is written before the log entry that it speaks of. So whoever reads one says how large the tree
 * is: insertions at that size or beyond belong to an entry that is not there yet, or that never came to be.
 */

import { ArgumentRangeError } from '../../errors.js';
import { VERSION_MAX } from '../walks/order-bounds.js';
import type { InsertionRecord } from './operator-records.js';

/** Versions that one log entry inserted. */
export interface Insertion {
  readonly position: number;
  readonly firstVersion: number;
  readonly lastVersion: number;
  /** How many versions, from the first on, were skipped; exactly in a log with a third-party manager. */
  readonly skipped: number | undefined;
}

/** The history of a label in a tree. */
export interface LabelHistory {
  /** In ascending order. */
  readonly insertions: readonly Insertion[];
  /** The greatest version; `undefined` for a label that is not there. */
  readonly greatest: number | undefined;
  /** The greatest version that a log entry's prefix tree holds. */
  greatestAt(position: number): number | undefined;
  /** What inserted a version; `undefined` where it is not there. */
  insertionOf(version: number): Insertion | undefined;
  /** Whether a version is there, and has no value. */
  isSkipped(version: number): boolean;
}

/**
 * The history of a label as a tree has it.
 * @param records as they are stored
 * @param treeSize entries of the tree
 */
export function labelHistory(records: readonly InsertionRecord[], treeSize: number): LabelHistory {
  const insertions: Insertion[] = [];
  let next = 0;
  for (const { position, count, skipped } of records) {
    if (position >= treeSize) break;
    insertions.push({ position, firstVersion: next, lastVersion: next + count - 1, skipped });
    next += count;
  }
  const insertionOf = (version: number): Insertion | undefined => {
    const found = lastWhere(insertions, ({ firstVersion }) => firstVersion <= version);
    return found !== undefined && version <= found.lastVersion ? found : undefined;
  };
  return {
    insertions,
    greatest: insertions.at(-1)?.lastVersion,
    greatestAt: (position) =>
      lastWhere(insertions, (insertion) => insertion.position <= position)?.lastVersion,
    insertionOf,
    isSkipped(version) {
      const found = insertionOf(version);
      return found !== undefined && version < found.firstVersion + (found.skipped ?? 0);
    },
  };
}

/**
 * A label's records with an insertion more.
 * @param records as they are stored
 * @param added its position is that of the log entry to come, which is also the size of the tree before
 * @throws ArgumentRangeError the label would have a version above 2^32 - 2: one of 2^32 - 1 cannot be proven to be the
 *   greatest
 */
export function withInsertion(
  records: readonly InsertionRecord[],
  added: InsertionRecord,
): readonly InsertionRecord[] {
  const kept = records.filter((record) => record.position < added.position);
  const versions = kept.reduce((sum, record) => sum + record.count, added.count);
  if (versions > VERSION_MAX) throw new ArgumentRangeError('a label has at most 2^32 - 1 versions');
  return [...kept, added];
}

/** The last of insertions for which something holds that holds for none after the first for which it does not. */
function lastWhere(
  insertions: readonly Insertion[],
  holds: (insertion: Insertion) => boolean,
): Insertion | undefined {
  let low = 0;
  let high = insertions.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(insertions[middle] as Insertion)) low = middle + 1;
    else high = middle;
  }
  return insertions[low - 1];
}
