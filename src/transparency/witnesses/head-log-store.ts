/**
 * Where a head log keeps everything: one store of bytes by key. It may be the operator's own; keys differ.
 *
 * | key | value | written |
 * | --- | --- | --- |
 * | `heads-node-…` | a complete node of the head log's tree | before the entry that completes it |
 * | `heads-entry-…` | an entry: a WitnessedHead | once, by `putNew` |
 * | `heads-checkpoint` | the newest checkpoint that enough witnesses cosigned | after its entries, before it is shown |
 * | `heads-configuration` | of which log all this is, and its origin | once, by `putNew` |
 *
 * The one write that decides is that of an entry: it fixes the root of the tree of that size for good, and whatever is
 * signed later, here or after a crash, is that root.
 */

import { encode, opaque, struct } from '../../bytes/codec.js';
import type { Codec } from '../../bytes/codec.js';
import { equalBytes } from '../../bytes/compare.js';
import { encodeUtf8 } from '../../bytes/text.js';
import { StateError } from '../../errors.js';
import type { NodeRun } from '../../log/compact-range.js';
import type { NodeId } from '../../log/shape.js';
import type { NodeEntry, NodeStore } from '../../prefix/node-store.js';
import { HASH_BYTES, hashCodec } from '../wire/wire-context.js';

/** A store for a head log. Every `OperatorStore` is one; `operatorStoreContract` of the door `testing` checks it. */
export interface HeadLogStore extends NodeStore {
  /**
   * Writes a value where there is none under its key, as one step that no other call, of this process or another,
   * comes between. When the promise resolves it is stored durably. Where it rejects, it is stored by then, or never.
   * @returns whether it was written; `false` where there is a value already, which stays
   */
  putNew(entry: NodeEntry): Promise<boolean>;
}

export const CHECKPOINT_KEY = 'heads-checkpoint';
const CONFIGURATION_KEY = 'heads-configuration';

/** The key of an entry. */
export function entryKey(index: number): string {
  return `heads-entry-${numberText(index)}`;
}

/** The key of a node of the tree. */
export function nodeKey({ level, index }: NodeId): string {
  return `heads-node-${level}-${numberText(index)}`;
}

/** Nodes as they are stored. */
export function nodeEntriesOf({ level, index, hashes }: NodeRun): NodeEntry[] {
  return Array.from({ length: hashes.length / HASH_BYTES }, (_, i) => ({
    key: nodeKey({ level, index: index + i }),
    value: hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  }));
}

interface StoredConfiguration {
  readonly log: Uint8Array;
  readonly origin: Uint8Array;
}

const configurationCodec: Codec<StoredConfiguration> = /* @__PURE__ */ struct<StoredConfiguration>({
  log: hashCodec,
  origin: /* @__PURE__ */ opaque(1, 2 ** 16 - 1),
});

/**
 * Binds a store to a head log.
 * @throws StateError `ERR_STATE_LOG` it has that of another log, or under another origin
 */
export async function bindStore(store: HeadLogStore, log: Uint8Array, origin: string): Promise<void> {
  const value = encode(configurationCodec, { log, origin: encodeUtf8(origin) });
  if (await store.putNew({ key: CONFIGURATION_KEY, value })) return;
  const [stored] = await store.getMany([CONFIGURATION_KEY]);
  if (stored === undefined || !equalBytes(stored, value)) {
    throw new StateError('ERR_STATE_LOG', 'the store has the head log of another log, or of another origin');
  }
}

/** Nodes of the tree. @throws StateError `ERR_STORED_STATE` one is missing */
export async function readNodes(store: HeadLogStore, ids: readonly NodeId[]): Promise<readonly Uint8Array[]> {
  const found = await store.getMany(ids.map(nodeKey));
  return ids.map((_, i) => {
    const node = found[i];
    if (node?.length === HASH_BYTES) return node;
    throw new StateError('ERR_STORED_STATE', 'the store lacks a node of the head log');
  });
}

/** Entries from an index on. @throws StateError `ERR_STORED_STATE` one is missing */
export async function readEntries(
  store: HeadLogStore,
  index: number,
  count: number,
): Promise<readonly Uint8Array[]> {
  const found = await store.getMany(Array.from({ length: count }, (_, i) => entryKey(index + i)));
  return found.map((entry) => {
    if (entry !== undefined) return entry;
    throw new StateError('ERR_STORED_STATE', 'the store lacks an entry of the head log');
  });
}

function numberText(value: number): string {
  return value.toString(16).padStart(14, '0');
}
