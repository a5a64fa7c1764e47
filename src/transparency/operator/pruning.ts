/**
 * Deleting the prefix trees of expired log entries (draft, "Maximum Lifetime"): no search looks into them. Log entries
 * themselves, log tree and openings stay: timestamps of expired entries are asked for by every user who passes them.
 *
 * In a log with an auditor the list of changes of a log entry goes with the tree that they are proven in, the one of the
 * entry before: without it they cannot be told any more. The first entry needs no tree, and keeps its list.
 *
 *     readableFrom moves ─▶ answers under way end ─▶ changes go, pages go ─▶ prunedTo moves
 */

import type { PrefixTree } from '../../prefix/prefix-tree.js';
import type { Configuration } from '../wire/configuration.js';
import { isExpired } from '../walks/distinguished.js';
import type { LogArchive } from './log-archive.js';
import { encodeRecord, openRecord, type PruningRecord, pruningRecord } from './operator-records.js';
import { changesKey, type OperatorStore, PRUNED_KEY } from './operator-store.js';
import type { PublishedHead } from './publication.js';

/** Lists of changes that are deleted at once. */
const BATCH = 256;

/** What pruning needs. */
export interface PruningParts {
  readonly configuration: Configuration;
  readonly store: OperatorStore;
  readonly archive: LogArchive;
  readonly prefixTree: PrefixTree;
  /** Resolves when the answers under way are done. */
  answersDone(): Promise<void>;
}

/** How far a log is pruned. */
export interface Pruning {
  /** Prefix trees that are stored under a lower position must not be read. */
  readonly readableFrom: number;
  /**
   * Deletes what has expired. Where it fails half-way, the next call goes on.
   * @param audited log entries that the auditor has processed: the tree of the last of them is kept, and all after
   */
  prune(head: PublishedHead, audited: number): Promise<void>;
}

/** Opens the pruning of a log. @throws StateError `ERR_STORED_STATE`; what the store throws */
export async function openPruning(parts: PruningParts): Promise<Pruning> {
  const { configuration, store, archive, prefixTree } = parts;
  const { maximumLifetimeMs } = configuration;
  const [stored] = await store.getMany([PRUNED_KEY]);
  let state: PruningRecord =
    stored === undefined ? { readableFrom: 0, prunedTo: 0 } : openRecord(pruningRecord, stored, 'pruning');

  async function remember(next: PruningRecord): Promise<void> {
    await store.putMany([{ key: PRUNED_KEY, value: encodeRecord(pruningRecord, next) }]);
    state = next;
  }

  /** The first entry that has not expired; there is one, the newest. */
  async function firstUnexpired({ treeSize, newest }: PublishedHead): Promise<number> {
    let low = 0;
    let high = treeSize - 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const { timestampMs } = await archive.entry(middle);
      if (isExpired(timestampMs, newest.timestampMs, maximumLifetimeMs)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Deletes the lists of changes from one position to another. */
  async function deleteChanges(from: number, last: number): Promise<void> {
    if (configuration.mode !== 'thirdPartyAuditing') return;
    for (let first = Math.max(1, from); first <= last; first += BATCH) {
      const length = Math.min(BATCH, last - first + 1);
      await store.deleteMany(Array.from({ length }, (_, i) => changesKey(first + i)));
    }
  }

  return {
    get readableFrom() {
      return state.readableFrom;
    },
    async prune(head, audited) {
      if (audited === 0) return;
      const oldest = Math.min(await firstUnexpired(head), audited - 1);
      const { prefixTree: keep } = await archive.entry(oldest);
      if (keep.position + 1 <= state.prunedTo) return;
      await remember({ readableFrom: keep.position, prunedTo: state.prunedTo });
      await parts.answersDone();
      await deleteChanges(state.prunedTo, keep.position);
      await prefixTree.prune({ from: state.prunedTo, keep });
      await remember({ readableFrom: keep.position, prunedTo: keep.position + 1 });
    },
  };
}
