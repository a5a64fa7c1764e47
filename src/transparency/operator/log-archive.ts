/**
 * Reading a log from its store: log entries and nodes of the log tree, all of which never change once they are there.
 */

import { StateError } from '../../errors.js';
import type { NodeId } from '../../log/shape.js';
import { boundedCache } from './bounded-cache.js';
import { type EntryRecord, entryRecord, openRecord } from './operator-records.js';
import { entryKey, nodeKey, type OperatorStore } from './operator-store.js';
import { HASH_BYTES } from '../wire/wire-context.js';

/** Log entries kept in memory: every answer asks for the same ones along the frontier. */
const ENTRIES_KEPT = 4096;

/** The stored part of a log that never changes. */
export interface LogArchive {
  /**
   * A log entry of the tree.
   * @throws StateError `ERR_STORED_STATE`
   */
  entry(position: number): Promise<EntryRecord>;
  /**
   * Complete nodes of the log tree, in order.
   * @throws StateError `ERR_STORED_STATE`
   */
  nodes(ids: readonly NodeId[]): Promise<readonly Uint8Array[]>;
}

/** The archive of a store. */
export function openArchive(store: OperatorStore): LogArchive {
  const entries = boundedCache<number, EntryRecord>(ENTRIES_KEPT);
  return {
    async entry(position) {
      const known = entries.get(position);
      if (known !== undefined) return known;
      const [bytes] = await store.getMany([entryKey(position)]);
      const entry = openRecord(entryRecord, bytes, 'log entry');
      entries.set(position, entry);
      return entry;
    },
    async nodes(ids) {
      const found = await store.getMany(ids.map(nodeKey));
      return ids.map((_, i) => {
        const node = found[i];
        if (node instanceof Uint8Array && node.length === HASH_BYTES) return node;
        throw new StateError('ERR_STORED_STATE', 'the store lacks a node of the log tree');
      });
    },
  };
}
