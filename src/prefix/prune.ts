/**
 * Deleting what only old trees need.
 *
 * Trees share pages, so a page goes when the last tree that refers to it does: that is the tree before the one
 * that replaced it. The journals know which that is. They are followed from the oldest tree that is kept back to the
 * oldest that is there, and their pages deleted. Then the newest of these journals says so, the others go, and last
 * that one: so whatever cuts this short, the next call finds the rest, and never takes a page that is still needed.
 * A tree that was made from an empty one shares nothing with those before.
 */

import { encodePrunedJournal, isPrunedJournal, journalKey, parseJournal } from './journal.js';
import type { NodeStore } from './node-store.js';
import { corrupt, pageKey } from './page.js';

/** Journals that are read or deleted at a time. */
const BATCH = 256;

/**
 * Deletes every page that no tree from one on refers to.
 * @param from the first position that was not pruned before
 * @param keep the position of the oldest tree that is kept
 * @throws StateError `ERR_STORED_STATE` the journals do not lead back from there
 */
export async function pruneStore(store: NodeStore, from: number, keep: number): Promise<void> {
  const found: number[] = [];
  let next: number | undefined = keep;
  let isPruned = false;
  for (let last = keep; last >= from; last -= BATCH) {
    const positions = Array.from({ length: Math.min(BATCH, last - from + 1) }, (_, i) => last - i);
    const journals = await store.getMany(positions.map(journalKey));
    const pages: string[] = [];
    for (const [i, position] of positions.entries()) {
      const journal = journals[i];
      if (journal === undefined) continue;
      found.push(position);
      isPruned ||= isPrunedJournal(journal);
      if (isPruned) continue;
      // What stands above the next of the chain was given up; nothing may be missing of the chain itself.
      if (next !== undefined && position < next) throw corrupt('a journal that no tree leads back to');
      const { base, lines } = parseJournal(journal);
      const isOfChain = position === next;
      for (const { path, replaced } of lines) {
        if (!isOfChain) pages.push(pageKey(position, path));
        else if (replaced !== undefined) pages.push(pageKey(replaced, path));
      }
      if (isOfChain) next = base;
    }
    if (pages.length > 0) await store.deleteMany(pages);
  }
  const [newest, ...older] = found;
  if (newest === undefined) return;
  await store.putMany([{ key: journalKey(newest), value: encodePrunedJournal() }]);
  for (let done = 0; done < older.length; done += BATCH) {
    await store.deleteMany(older.slice(done, done + BATCH).map(journalKey));
  }
  await store.deleteMany([journalKey(newest)]);
}
