/**
 * Where a log's operator keeps everything: one store of bytes by key, the node store of its prefix tree with one
 * method more.
 *
 * | key | value | written |
 * | --- | --- | --- |
 * | `0…-…`, `0…!` | pages and journals of the prefix trees | before their log entry |
 * | `log-label-…` | where each version of a label was inserted | before its log entry |
 * | `log-version-…` | a version's commitment, VRF output and VRF proof | before its log entry |
 * | `log-opening-…` | its commitment's opening and its value: deletable by themselves | before its log entry |
 * | `log-changes-…` | the leaves that a log entry adds, for the auditor; only in a log with one, until the tree before is pruned | before its log entry |
 * | `log-node-…` | a complete node of the log tree | before the log entry that completes it |
 * | `log-entry-…` | a log entry: its timestamp and prefix tree | once, by `putNew` |
 * | `log-published` | the newest tree head and its signature | after it is signed |
 * | `log-auditor` | the newest auditor's head | when it is accepted |
 * | `log-pruned` | how far the prefix trees are pruned | before and after |
 * | `log-configuration` | of which log all this is | once, by `putNew` |
 *
 * The one write that decides is that of the log entry. Before it, nothing that was written is referred to; after it,
 * the root of the tree of that size is fixed for good. Whatever signs, signs what is fixed.
 */

import { equalBytes } from '../../bytes/compare.js';
import { encodeHex } from '../../bytes/text.js';
import { sha256 } from '../../crypto/hash.js';
import { StateError } from '../../errors.js';
import type { NodeId } from '../../log/shape.js';
import type { NodeEntry, NodeStore } from '../../prefix/node-store.js';

/**
 * A store for a log. `operatorStoreContract` of the door `testing` checks an implementation.
 *
 * What is put under one key is there whole or not at all, after a crash too; a batch need not be atomic. Values have
 * up to 2^20 bytes and some more; a journal, and the record of a label with many versions, may have more.
 * `createMemoryNodeStore` makes one in memory, which is lost with the program.
 *
 * One operator at a time may have a store open for writing: two would spoil each other's pages, which is found out.
 * Even then `putNew` sees to it that no two heads of one size are signed.
 */
export interface OperatorStore extends NodeStore {
  /**
   * Writes a value where there is none under its key, as one step that no other call, of this process or another,
   * comes between: SQL's `INSERT … ON CONFLICT DO NOTHING`. When the promise resolves it is stored durably. Where
   * it rejects, it is stored by then, or never.
   * @returns whether it was written; `false` where there is a value already, which stays
   */
  putNew(entry: NodeEntry): Promise<boolean>;
}

export const PUBLISHED_KEY = 'log-published-head';
export const AUDITOR_KEY = 'log-auditor-head';
export const PRUNED_KEY = 'log-pruned-trees';
export const CONFIGURATION_KEY = 'log-configuration';

/**
 * Binds a store to a log.
 * @param key where its configuration is
 * @throws StateError `ERR_STORED_STATE` it has another
 */
export async function bindConfiguration(store: OperatorStore, key: string, bytes: Uint8Array): Promise<void> {
  if (await store.putNew({ key, value: bytes })) return;
  const [stored] = await store.getMany([key]);
  if (stored === undefined || !equalBytes(stored, bytes)) {
    throw new StateError('ERR_STORED_STATE', 'the store has a log of another configuration');
  }
}

/** The key of a log entry. */
export function entryKey(position: number): string {
  return `log-entry-${numberText(position)}`;
}

/** The key of a log entry's changes. */
export function changesKey(position: number): string {
  return `log-changes-${numberText(position)}`;
}

/** The key of a node of the log tree. */
export function nodeKey({ level, index }: NodeId): string {
  return `log-node-${level}-${numberText(index)}`;
}

/** A label as part of a key: labels can be longer than keys. It hides nothing from those who know labels. */
export function labelName(label: Uint8Array): string {
  return encodeHex(sha256(label));
}

/** The key of a label's record. */
export function labelKey(name: string): string {
  return `log-label-${name}`;
}

/** The key of a version's record. */
export function versionKey(name: string, version: number): string {
  return `log-version-${name}-${version.toString(16)}`;
}

/** The key of a version's opening and value. */
export function openingKey(name: string, version: number): string {
  return `log-opening-${name}-${version.toString(16)}`;
}

function numberText(value: number): string {
  return value.toString(16).padStart(14, '0');
}
