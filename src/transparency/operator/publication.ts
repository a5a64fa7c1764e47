/**
 * Sequencing log entries and publishing tree heads, so that a crash loses nothing that was published and no two heads
 * of one size are ever signed.
 *
 *     pages, labels, openings ─▶ nodes ─▶ entry ─▶ signature ─▶ head ─▶ (acknowledged)
 *                                          │
 *            nothing is referred to        │       the root of this size is fixed: what is signed
 *            before; written again         │       later, here or after a crash, is this root
 *
 * The entry is put only where there is none at its position. So of two attempts, by one program after another or by
 * two at once, one decides what the log says there, and the other finds that out before it signs anything.
 *
 * Opening a store signs and publishes entries that were put and not published.
 */

import { StateError, VerificationError } from '../../errors.js';
import type { TreeHasher } from '../../hashing/tree-hasher.js';
import { createTreeBuilder, type TreeBuilderState } from '../../log/builder.js';
import type { NodeRun } from '../../log/compact-range.js';
import { keytransLog } from '../../log/keytrans.js';
import { balancedNodes } from '../../log/shape.js';
import type { CipherSuite } from '../../crypto/cipher-suite.js';
import type { PublicKey } from '../../crypto/public-key.js';
import type { NodeEntry } from '../../prefix/node-store.js';
import type { Configuration } from '../wire/configuration.js';
import type { LogArchive } from './log-archive.js';
import { encodeRecord, entryRecord, type EntryRecord, headRecord, openRecord } from './operator-records.js';
import { entryKey, nodeKey, type OperatorStore, PUBLISHED_KEY } from './operator-store.js';
import { encodeLogEntry } from '../wire/proofs.js';
import { encodeTreeHeadTbs } from '../wire/tree-head.js';
import { HASH_BYTES } from '../wire/wire-context.js';

/**
 * Signs an encoded `TreeHeadTBS` with the key of the log's configuration: `suite.signatures.sign` with a secret, or
 * whatever keeps the key. It may be asked again for one that it has signed.
 */
export type TreeHeadSigner = (treeHeadTbs: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** A tree head that was signed and stored. */
export interface PublishedHead {
  readonly treeSize: number;
  readonly root: Uint8Array;
  readonly signature: Uint8Array;
  /** The rightmost log entry. */
  readonly newest: EntryRecord;
}

/** What publishing needs. */
export interface PublicationParts {
  readonly configuration: Configuration;
  readonly suite: CipherSuite;
  readonly signer: TreeHeadSigner;
  readonly store: OperatorStore;
  readonly archive: LogArchive;
  readonly hasher: TreeHasher;
}

/** The writing end of a log. One call at a time. */
export interface Publication {
  /** The newest published head; `undefined` for a log without entries. */
  readonly head: PublishedHead | undefined;
  /**
   * Publishes what an earlier call, or an earlier program, put and did not publish. Nothing to do costs one read.
   * @throws StateError `ERR_STORED_STATE`; what store and signer throw
   */
  recover(): Promise<void>;
  /**
   * Appends a log entry and publishes the head. Everything that it refers to must be stored.
   * @throws StateError `ERR_STORED_STATE` another writer put an entry in this place; what store and signer throw.
   *   Then `recover` finds out what became of it
   */
  append(entry: EntryRecord): Promise<void>;
}

/** The tree that a log entry makes. */
interface Extended {
  readonly state: TreeBuilderState;
  readonly root: Uint8Array;
  readonly nodes: readonly NodeEntry[];
}

/**
 * Opens the writing end of a log.
 * @throws StateError `ERR_STORED_STATE` a damaged store, or one whose head the configuration's key did not sign; what
 *   store and signer throw
 */
export async function openPublication(parts: PublicationParts): Promise<Publication> {
  const { configuration, suite, signer, store, hasher } = parts;
  const publicKey = suite.signatures.parsePublicKey(configuration.signaturePublicKey);
  const scheme = keytransLog;
  let state: TreeBuilderState = { treeSize: 0, edge: [] };
  let head: PublishedHead | undefined;

  function extend(entry: EntryRecord): Extended {
    const runs: NodeRun[] = [];
    const builder = createTreeBuilder({ scheme, hasher, state, onNodes: (run) => runs.push(run) });
    builder.append(
      suite.hash(encodeLogEntry({ timestampMs: entry.timestampMs, prefixTree: entry.prefixTree.root })),
    );
    return { state: builder.exportState(), root: builder.root(), nodes: runs.flatMap(entriesOf) };
  }

  async function publish(entry: EntryRecord, { state: next, root }: Extended): Promise<void> {
    const { treeSize } = next;
    const tbs = encodeTreeHeadTbs({ config: configuration, treeSize, root });
    const signature = await signer(tbs);
    // A head that nobody can verify must not become the newest.
    suite.signatures.verify(publicKey, tbs, signature);
    await store.putMany([{ key: PUBLISHED_KEY, value: encodeRecord(headRecord, { treeSize, signature }) }]);
    state = next;
    head = Object.freeze({ treeSize, root, signature: Uint8Array.from(signature), newest: entry });
  }

  async function recover(): Promise<void> {
    for (;;) {
      const [bytes] = await store.getMany([entryKey(state.treeSize)]);
      if (bytes === undefined) return;
      const entry = openRecord(entryRecord, bytes, 'log entry');
      const extended = extend(entry);
      await store.putMany(extended.nodes);
      await publish(entry, extended);
    }
  }

  const [published] = await store.getMany([PUBLISHED_KEY]);
  if (published !== undefined) {
    ({ state, head } = await openHead(published, parts, publicKey));
  }
  await recover();

  return {
    get head() {
      return head;
    },
    recover,
    async append(entry) {
      const extended = extend(entry);
      await store.putMany(extended.nodes);
      const position = state.treeSize;
      if (!(await store.putNew({ key: entryKey(position), value: encodeRecord(entryRecord, entry) }))) {
        throw new StateError('ERR_STORED_STATE', 'another writer has put a log entry in this place');
      }
      await publish(entry, extended);
    },
  };
}

/** The newest head that was stored, checked against the nodes and the key. */
async function openHead(
  bytes: Uint8Array,
  { configuration, suite, archive, hasher }: PublicationParts,
  publicKey: PublicKey,
): Promise<{ readonly state: TreeBuilderState; readonly head: PublishedHead }> {
  const { treeSize, signature } = openRecord(headRecord, bytes, 'published head');
  if (treeSize < 1) throw new StateError('ERR_STORED_STATE', 'a published head of no entries');
  const edge = await archive.nodes(balancedNodes({ begin: 0, end: treeSize }));
  const state: TreeBuilderState = { treeSize, edge };
  const root = createTreeBuilder({ scheme: keytransLog, hasher, state }).root();
  try {
    suite.signatures.verify(
      publicKey,
      encodeTreeHeadTbs({ config: configuration, treeSize, root }),
      signature,
    );
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    throw new StateError('ERR_STORED_STATE', 'the published head is not of this log, or the tree is damaged');
  }
  const newest = await archive.entry(treeSize - 1);
  return { state, head: Object.freeze({ treeSize, root, signature, newest }) };
}

function entriesOf({ level, index, hashes }: NodeRun): NodeEntry[] {
  return Array.from({ length: hashes.length / HASH_BYTES }, (_, i) => ({
    key: nodeKey({ level, index: index + i }),
    value: hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  }));
}
