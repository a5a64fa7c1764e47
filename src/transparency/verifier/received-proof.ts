/**
 * A CombinedTreeProof as its receiver reads it: queues from which walks take what they ask for (draft, "Combined
 * Tree" and "CombinedTreeProof Implementation").
 *
 *     timestamps      one for each log entry of which one is asked for, at first; none for entries that were retained
 *     prefix proofs   one for each look into a prefix tree, whose root is bound to the entry
 *     prefix roots    after the walk, from left to right: of the entries that have a timestamp and no proof
 *     inclusion       from all these entries, as leaves of the log tree, to its root
 *
 * All four must be used up exactly. What comes out are candidates: nothing of it is proven, and nothing may be
 * kept, until a signature over the root is verified.
 */

import { joinBytes } from '../../bytes/compare.js';
import { ArgumentRangeError, VerificationError } from '../../errors.js';
import type { TreeHasher } from '../../hashing/tree-hasher.js';
import { createTypeScriptHasher } from '../../hashing/typescript-hasher.js';
import { evaluateBatchProof } from '../../log/batch-proof.js';
import { evaluatePrefixProof } from '../../prefix/evaluate.js';
import { createEntryLedger, type EntryLedger } from '../walks/entry-ledger.js';
import { interpretLadder } from '../walks/ladder.js';
import { type CombinedTreeProof, encodeLogEntry, type LogEntry, type PrefixProof } from '../wire/proofs.js';
import { frontier } from '../walks/search-tree.js';
import { assertTreeView, type KnownEntry, type TreeView } from './tree-view.js';
import { walkUpdateView } from '../walks/update-view.js';
import { type ProofSource, type Walk, walkThrough } from '../walks/walk.js';

const HASH_BYTES = 32;
/** Bytes of an encoded LogEntry. */
const LOG_ENTRY_BYTES = 40;

/** What is known of a version before a proof is looked at. */
export interface KnownVersion {
  /** 32 bytes, from a verified VRF proof or kept from one. */
  readonly vrfOutput: Uint8Array;
  /** 32 bytes; needed where a proof shows the version to be there. */
  readonly commitment?: Uint8Array | undefined;
}

/** A proof, and what it is to be read with. */
export interface ReceivedProof {
  /** From the tree head that came with the proof. */
  readonly treeSize: number;
  /** What was kept from an earlier tree, and advertised in the request; absent for none. */
  readonly view?: TreeView | undefined;
  /** From the auditor's tree head that came with it; absent for none. */
  readonly auditorSize?: number | undefined;
  /** All versions of the label that the walk may look up. */
  readonly versions: ReadonlyMap<number, KnownVersion>;
  readonly proof: CombinedTreeProof;
}

/** What a proof comes to: **candidates**. Frozen. */
export interface EvaluatedProof<Result> {
  /** What the walk found. */
  readonly result: Result;
  /** The root of the log tree, 32 bytes: to be verified against the tree head's signature. */
  readonly root: Uint8Array;
  /** The same for the auditor's tree head; `undefined` where none came. */
  readonly auditorRoot: Uint8Array | undefined;
  /** What to keep once the signatures are verified. */
  readonly view: TreeView;
  /** The log tree at the earlier sizes that were asked for, in that order. */
  readonly earlier: readonly EarlierTree[];
  /** The log entries that the proof gave, as leaves of the log tree, from left to right. */
  readonly leaves: readonly GivenLeaf[];
  /** The looks into prefix trees, in the order of the walk. */
  readonly looks: readonly Look[];
}

/** The log tree as it was. */
export interface EarlierTree {
  /** 32 bytes. */
  readonly root: Uint8Array;
  readonly view: TreeView;
}

/** A log entry that a proof gave, as a leaf of the log tree. */
export interface GivenLeaf {
  /** Its position. */
  readonly index: number;
  readonly entry: LogEntry;
  /** 32 bytes. */
  readonly leafHash: Uint8Array;
}

/** A look into a log entry's prefix tree. */
export interface Look {
  readonly position: number;
  /** What was looked up, in the order of the proof's results. */
  readonly versions: readonly number[];
  readonly proof: PrefixProof;
}

/** How a proof is read. */
export interface ProofOptions<Result> {
  readonly hasher?: TreeHasher | undefined;
  /**
   * Earlier sizes at which the tree is wanted, once the walk is done: each one more than the position of an entry that
   * it asked about, together with the ancestors to the left.
   */
  readonly sizes?: ((result: Result) => readonly number[]) | undefined;
  /** Whether timestamps may decrease: for whoever proves that they do, and uses nothing else of the result. */
  readonly takesAnyTime?: boolean | undefined;
}

/**
 * Reads a proof: updates the view of the tree, then goes on with a walk.
 *
 * @param received the proof, and what it is to be read with
 * @param walk the algorithms of the operation at hand, over a tree of that size; not begun yet
 * @param options engine
 * @returns candidates, frozen; fresh, but for log entries that were retained
 * @throws VerificationError
 *   `ERR_HEAD_EMPTY` a tree of no entries; `ERR_HEAD_ORDER` one smaller than the retained or the auditor's;
 *   `ERR_PROOF_TIMESTAMPS`, `ERR_PROOF_SEARCHES`, `ERR_PROOF_ROOTS` a queue ends early, or something is left in it;
 *   `ERR_TIMESTAMP_ORDER` timestamps decrease; `ERR_ENTRY_ROOT` two prefix trees for one log entry;
 *   `ERR_LADDER_LENGTH`, `ERR_LADDER_CONFLICT`, codes of prefix proofs and of batch proofs (`evaluatePrefixProof`,
 *   `evaluateBatchProof`); what the walk throws
 * @throws ArgumentRangeError a version of which nothing is known; StateError `ERR_STORED_STATE` a damaged view
 */
export function evaluateProof<Result>(
  received: ReceivedProof,
  walk: Walk<Result>,
  { hasher = createTypeScriptHasher(), sizes, takesAnyTime }: ProofOptions<Result> = {},
): EvaluatedProof<Result> {
  const { treeSize, view, auditorSize, proof } = received;
  if (treeSize < 1) throw new VerificationError('ERR_HEAD_EMPTY', 'a log of no entries proves nothing');
  if (view !== undefined) assertTreeView(view);
  if (view !== undefined && view.treeSize > treeSize) {
    throw new VerificationError('ERR_HEAD_ORDER', 'the tree is smaller than the one known');
  }
  const ledger = createEntryLedger(takesAnyTime);
  for (const { position, timestampMs, prefixTree } of view?.frontier ?? []) {
    ledger.enterTimestamp(position, timestampMs, true);
    ledger.enterRoot(position, prefixTree);
  }
  const queues = openQueues(received, ledger, hasher);
  walkThrough(walkUpdateView(treeSize, view?.treeSize), queues.source);
  const result = walkThrough(walk, queues.source);
  queues.close();

  const wanted = sizes?.(result) ?? [];
  const given = ledger.given();
  // Every entry has a root by now: of a proof, or of the queue of roots.
  const entries = given.map(({ timestampMs, prefixTree }) => ({ timestampMs, prefixTree }) as LogEntry);
  const hashes = hasher.hashLeaves(joinBytes(entries.map(encodeLogEntry)), LOG_ENTRY_BYTES);
  const leaves = given.map(({ position }, i) => ({
    index: position,
    entry: entries[i] as LogEntry,
    leafHash: hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  }));
  const evaluated = evaluateBatchProof(
    {
      treeSize,
      leaves,
      retained: view,
      auditorSize,
      sizes: wanted,
      proof: proof.inclusion.elements,
    },
    { hasher },
  );
  return Object.freeze({
    result,
    root: evaluated.root,
    auditorRoot: evaluated.auditorRoot,
    view: viewOf(ledger, treeSize, evaluated.fullSubtrees),
    earlier: Object.freeze(
      wanted.map((size, i) =>
        Object.freeze({
          root: evaluated.roots[i] as Uint8Array,
          view: viewOf(ledger, size, evaluated.fullSubtreesAt[i] as readonly Uint8Array[]),
        }),
      ),
    ),
    leaves: Object.freeze(leaves),
    looks: Object.freeze(queues.looks),
  });
}

/** The queues of a proof, and the end of them. */
interface Queues {
  readonly source: ProofSource;
  readonly looks: readonly Look[];
  /** Takes the prefix roots that are left to give, and sees to it that nothing else is left. */
  close(): void;
}

function openQueues({ proof, versions }: ReceivedProof, ledger: EntryLedger, hasher: TreeHasher): Queues {
  let timestampsTaken = 0;
  const looks: Look[] = [];

  function nextSearch(): PrefixProof {
    const next = proof.prefixProofs[looks.length];
    if (next === undefined) throw new VerificationError('ERR_PROOF_SEARCHES', 'a prefix proof is missing');
    return next;
  }

  /** Evaluates a prefix proof of these versions, and enters what it shows. */
  function look(position: number, looked: readonly number[], search: PrefixProof): readonly boolean[] {
    looks.push({ position, versions: looked, proof: search });
    const searches = looked.map((version) => knownVersion(versions, version));
    ledger.enterRoot(position, evaluatePrefixProof(searches, search, { hasher }));
    const included = search.results.map(({ resultType }) => resultType === 'inclusion');
    for (const [i, version] of looked.entries()) ledger.enterLookUp(position, version, included[i] === true);
    return included;
  }

  const source: ProofSource = {
    timestamp(position) {
      const known = ledger.timestampOf(position);
      if (known !== undefined) return known;
      const next = proof.timestampsMs[timestampsTaken];
      if (next === undefined) throw new VerificationError('ERR_PROOF_TIMESTAMPS', 'a timestamp is missing');
      timestampsTaken++;
      ledger.enterTimestamp(position, next, false);
      return next;
    },
    searchLadder(position, target, omit) {
      const search = nextSearch();
      const included = search.results.map(({ resultType }) => resultType === 'inclusion');
      const shown = omit ? ledger.shownBeside(position) : undefined;
      const { verdict, versions: looked } = interpretLadder(target, included, shown);
      look(position, looked, search);
      return verdict;
    },
    lookUps: (position, looked) => look(position, looked, nextSearch()),
    assumedLadder: (position, target, greatest) => ledger.enterAssumed(position, target, greatest),
    isOver: () => looks.length === proof.prefixProofs.length,
  };

  return {
    source,
    looks,
    close(): void {
      if (timestampsTaken !== proof.timestampsMs.length) {
        throw new VerificationError('ERR_PROOF_TIMESTAMPS', 'timestamps are left over');
      }
      if (looks.length !== proof.prefixProofs.length) {
        throw new VerificationError('ERR_PROOF_SEARCHES', 'prefix proofs are left over');
      }
      const without = ledger.given().filter(({ prefixTree }) => prefixTree === undefined);
      if (without.length !== proof.prefixRoots.length) {
        throw new VerificationError('ERR_PROOF_ROOTS', `${without.length} prefix roots expected`);
      }
      for (const [i, { position }] of without.entries()) {
        ledger.enterRoot(position, Uint8Array.from(proof.prefixRoots[i] as Uint8Array));
      }
    },
  };
}

function knownVersion(versions: ReadonlyMap<number, KnownVersion>, version: number): KnownVersion {
  const known = versions.get(version);
  if (known === undefined) throw new ArgumentRangeError(`nothing is known of version ${version}`);
  return known;
}

/** A tree's view, from entries that were asked for or retained. */
function viewOf(ledger: EntryLedger, treeSize: number, fullSubtrees: readonly Uint8Array[]): TreeView {
  const entries = frontier(treeSize).map((position) => entryOf(ledger, position));
  return Object.freeze({ treeSize, fullSubtrees, frontier: Object.freeze(entries) });
}

/** An entry of the frontier: updating the view has asked for each that was not retained. */
function entryOf(ledger: EntryLedger, position: number): KnownEntry {
  return Object.freeze({
    position,
    timestampMs: ledger.timestampOf(position) as number,
    prefixTree: ledger.rootOf(position) as Uint8Array,
  });
}
