/**
 * Opening a head log for operation. What is signed is fixed before:
 *
 *     nodes ─▶ entry ─▶ (appended) ─▶ signature ─▶ cosignatures ─▶ checkpoint ─▶ (shown)
 *                │
 *                └ put only where there is none at its index: the root of this size is fixed
 */

import { assertArray, assertObject } from '../../bytes/arguments.js';
import { equalBytes } from '../../bytes/compare.js';
import { ArgumentRangeError, ArgumentTypeError, PolicyError, StateError } from '../../errors.js';
import { createTreeBuilder, type TreeBuilderState } from '../../log/builder.js';
import { parseCheckpointText } from '../../log/checkpoint-text.js';
import type { NodeRun } from '../../log/compact-range.js';
import type { TreeHead } from '../../log/head.js';
import { hashLeaf } from '../../log/leaf.js';
import { openCheckpoint } from '../../log/open-checkpoint.js';
import { resolveKeys } from '../../log/open-note.js';
import { planRoot } from '../../log/plan.js';
import { appendSignatures, signCheckpointAsync } from '../../log/sign-note.js';
import { parseNote } from '../../log/signed-note.js';
import { encodeVerifierKey, parseVerifierKey, type VerifierKey } from '../../log/verifier-key.js';
import {
  isConfusable,
  resolveWitnesses,
  type WitnessPolicy,
  witnessKeysOf,
} from '../../log/witness-policy.js';
import { openLog } from '../verifier/trusted-log.js';
import { encodeAddCheckpoint, openWitnessAnswer, type WitnessAnswer } from './add-checkpoint.js';
import type { HeadLog, HeadLogOptions, WitnessOutcome } from './head-log.js';
import { growthProof, readResource } from './head-log-files.js';
import {
  bindStore,
  CHECKPOINT_KEY,
  entryKey,
  type HeadLogStore,
  nodeEntriesOf,
  readEntries,
  readNodes,
} from './head-log-store.js';
import { assertNext, encodeWitnessedHead, parseWitnessedHead, type WitnessedHead } from './witnessed-head.js';

/** Entries that are read at once when a log is opened. */
const REPLAYED = 256;

interface StoredTree {
  readonly tree: TreeBuilderState;
  readonly newest: WitnessedHead | undefined;
}

/** A checkpoint on its way to the witnesses. */
interface Candidate extends TreeHead {
  /** With the log's signatures alone: what is sent. Some witnesses take no more than 10 KiB. */
  readonly bare: Uint8Array;
  /** With the cosignatures that came so far. */
  note: Uint8Array;
}

/**
 * Opens a head log: a new one, or the one that is in the store.
 *
 * @param configurationBytes that of the key transparency log
 * @throws StateError `ERR_STATE_LOG` the store has the head log of another log, or of another origin; `ERR_STORED_STATE`
 *   it is damaged; what the store throws
 * @throws DecodeError, UnsupportedError the configuration, or a key of the policy
 * @throws ArgumentTypeError, ArgumentRangeError also where a signer's key is a witness's
 * @example
 * const heads = await openHeadLog(configurationBytes, { suite, origin: 'example.com/heads', signers: [signer], store });
 * await heads.append(await operator.distinguishedHeads(heads.newest?.position));
 * await heads.signCheckpoint();
 * const { body, take } = await heads.submit(witnessKey);
 * await take(await post(`${submissionPrefix}/add-checkpoint`, body));
 */
export async function openHeadLog(configurationBytes: Uint8Array, options: HeadLogOptions): Promise<HeadLog> {
  assertObject(options, 'options');
  const { suite, origin, signers, witnesses, store, hasher } = options;
  const log = openLog(configurationBytes, suite, hasher);
  if (typeof origin !== 'string') throw new ArgumentTypeError('origin must be a string');
  if (origin === '' || origin.includes('\n')) throw new ArgumentRangeError('origin must be a line');
  assertArray(signers, 'signers');
  const keys = resolveKeys(
    signers.map(({ key }) => key),
    'signers',
  );
  assertApart(keys, witnesses);
  await bindStore(store, log.id, origin);

  let { tree: state, newest } = await openTree();
  let published = await readPublished(store);
  let candidate: Candidate | undefined;
  /** What each witness is known to have, by its key. */
  const sizes = new Map<string, number>();
  let turns: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = turns.then(work, work);
    turns = turn.catch(() => undefined);
    return turn;
  }

  /** The tree with more entries, its new nodes stored. */
  async function extend(from: TreeBuilderState, entries: readonly Uint8Array[]): Promise<TreeBuilderState> {
    const runs: NodeRun[] = [];
    const builder = createTreeBuilder({ hasher: log.hasher, state: from, onNodes: (run) => runs.push(run) });
    for (const entry of entries) builder.append(hashLeaf(entry));
    await store.putMany(runs.flatMap(nodeEntriesOf));
    return builder.exportState();
  }

  /** The tree of the checkpoint that is stored, and the entries after it. */
  async function openTree(): Promise<StoredTree> {
    const shown = headOf(await readPublished(store));
    if (shown === undefined) return replay({ treeSize: 0, edge: [] });
    const tree = { treeSize: shown.treeSize, edge: await readNodes(store, planRoot(shown.treeSize).nodes) };
    if (!equalBytes(createTreeBuilder({ hasher: log.hasher, state: tree }).root(), shown.root))
      throw new StateError('ERR_STORED_STATE', 'the nodes are not those of the checkpoint');
    return replay(tree);
  }

  /** The tree with all entries that were put, by whomever; of the last of them nodes may be missing, and are written. */
  async function replay(from: TreeBuilderState): Promise<StoredTree> {
    let tree = from;
    for (;;) {
      const keysAfter = Array.from({ length: REPLAYED }, (_, i) => entryKey(tree.treeSize + i));
      const found = await store.getMany(keysAfter);
      const end = found.indexOf(undefined);
      tree = await extend(tree, (end < 0 ? found : found.slice(0, end)) as readonly Uint8Array[]);
      if (end >= 0) break;
    }
    if (tree.treeSize === 0) return { tree, newest: undefined };
    const [last] = await readEntries(store, tree.treeSize - 1, 1);
    return { tree, newest: parseWitnessedHead(log, last as Uint8Array) };
  }

  /** Takes what an append that failed, or another program, has put after all. */
  async function catchUp(): Promise<void> {
    ({ tree: state, newest } = await replay(state));
  }

  async function appendAll(heads: readonly WitnessedHead[]): Promise<void> {
    await catchUp();
    let before = newest;
    for (const head of heads) {
      assertNext(log, before, head);
      before = head;
    }
    const entries = heads.map((head) => encodeWitnessedHead(log, head));
    for (const entry of entries) {
      const next = await extend(state, [entry]);
      if (!(await store.putNew({ key: entryKey(state.treeSize), value: entry })))
        throw new StateError('ERR_STORED_STATE', 'another writer has put an entry in this place');
      state = next;
      newest = parseWitnessedHead(log, entry);
    }
  }

  /** Whether as many witnesses have cosigned as the policy asks for. */
  function isWitnessed(note: Uint8Array): boolean {
    try {
      openCheckpoint(note, { origin, keys, witnesses });
      return true;
    } catch (error) {
      if (error instanceof PolicyError) return false;
      throw error;
    }
  }

  /** Shows a checkpoint, if it has its witnesses. */
  async function publish({ note }: Candidate): Promise<boolean> {
    if (!isWitnessed(note)) return false;
    await store.putMany([{ key: CHECKPOINT_KEY, value: note }]);
    published = note;
    return true;
  }

  async function takeLines(sent: Candidate, lines: Uint8Array): Promise<boolean> {
    // A newer candidate has another text, or fresher cosignatures: these are too late for it.
    if (candidate !== sent) return false;
    sent.note = appendSignatures(sent.note, lines);
    return publish(sent);
  }

  return Object.freeze<HeadLog>({
    get treeSize() {
      return state.treeSize;
    },
    get newest() {
      return newest;
    },
    append(heads) {
      assertArray(heads, 'heads');
      return inTurn(() => appendAll(heads as readonly WitnessedHead[]));
    },
    signCheckpoint: (time = {}) =>
      inTurn(async () => {
        const { treeSize } = state;
        if (treeSize === 0) throw new StateError('ERR_NOT_READY', 'the head log has no entry yet');
        const root = createTreeBuilder({ hasher: log.hasher, state }).root();
        const bare = await signCheckpointAsync({ origin, treeSize, root }, signers, time);
        candidate = { treeSize, root, bare, note: bare };
        await publish(candidate);
        return Uint8Array.from(bare);
      }),
    async submit(witness) {
      const key = typeof witness === 'string' ? parseVerifierKey(witness) : witness;
      const name = encodeVerifierKey(key);
      if (key.algorithm !== 'cosignature') throw new ArgumentRangeError('witness must be a cosignature key');
      const sent = candidate;
      if (sent === undefined) throw new StateError('ERR_NOT_READY', 'no checkpoint is signed yet');
      const { bare, treeSize } = sent;
      const known = sizes.get(name) ?? 0;
      const oldSize = known > treeSize ? 0 : known;
      const proof = await growthProof(store, oldSize, treeSize, log.hasher);
      return Object.freeze({
        body: encodeAddCheckpoint({ oldSize, proof, checkpoint: bare }),
        take: (answer: WitnessAnswer) =>
          inTurn(async (): Promise<WitnessOutcome> => {
            const opened = openWitnessAnswer(answer, bare, [key]);
            if (opened.outcome === 'refused') return opened;
            if (opened.outcome === 'cosigned') {
              sizes.set(name, treeSize);
              return Object.freeze({
                outcome: 'cosigned',
                isPublished: await takeLines(sent, opened.lines),
              });
            }
            sizes.set(name, opened.treeSize);
            return opened.treeSize > state.treeSize
              ? Object.freeze({ outcome: 'ahead', treeSize: opened.treeSize })
              : opened;
          }),
      });
    },
    async read(path) {
      if (path === 'checkpoint') return published?.slice();
      return readResource(store, state.treeSize, path);
    },
  });
}

/** A log that is its own witness proves nothing by it. */
function assertApart(keys: readonly VerifierKey[], witnesses: WitnessPolicy | undefined): void {
  const others = witnesses === undefined ? [] : witnessKeysOf(resolveWitnesses(witnesses));
  if (keys.some((key) => others.some((other) => isConfusable(key, other))))
    throw new ArgumentRangeError('a public key must not be a signer’s and a witness’s');
}

async function readPublished(store: HeadLogStore): Promise<Uint8Array | undefined> {
  const [note] = await store.getMany([CHECKPOINT_KEY]);
  return note;
}

/** @throws StateError `ERR_STORED_STATE` no checkpoint */
function headOf(note: Uint8Array | undefined): TreeHead | undefined {
  if (note === undefined) return undefined;
  try {
    return parseCheckpointText(parseNote(note).text);
  } catch {
    throw new StateError('ERR_STORED_STATE', 'the store has a damaged checkpoint');
  }
}
