/**
 * A CombinedTreeProof as its maker writes it: the same walks, answered from the log's own data, and each answer
 * appended to its queue the first time it is asked for (draft, "CombinedTreeProof Implementation").
 */

import { StateError } from '../../errors.js';
import { planBatchProof } from '../../log/batch-plan.js';
import type { NodeId } from '../../log/shape.js';
import type { PrefixTree, PrefixTreeHead } from '../../prefix/prefix-tree.js';
import { assertTreeSize } from '../walks/order-bounds.js';
import { createEntryLedger, type EntryLedger } from '../walks/entry-ledger.js';
import { climbSearchLadder } from '../walks/ladder.js';
import type { CombinedTreeProof, PrefixProof } from '../wire/proofs.js';
import { frontier } from '../walks/search-tree.js';
import { walkUpdateView } from '../walks/update-view.js';
import { type AwaitedProofSource, type Walk, walkAwaiting } from '../walks/walk.js';

/** A log entry as the log keeps it. */
export interface StoredEntry {
  /** Milliseconds since 1970, no earlier than the entry before. */
  readonly timestampMs: number;
  readonly prefixTree: PrefixTreeHead;
}

/** A log's own data. Whatever it throws passes through. */
export interface StoredLog {
  /** The log entry at a position of the tree. */
  entry(position: number): Promise<StoredEntry>;
  /** Nodes of the log tree that are complete: 32 bytes each, in order. */
  nodes(ids: readonly NodeId[]): Promise<readonly Uint8Array[]>;
  /** The prefix trees of all entries. */
  readonly prefixTree: Pick<PrefixTree, 'prove'>;
}

/** The history of one label. */
export interface StoredLabel {
  /** Whether the prefix tree of a log entry holds a version. */
  holds(position: number, version: number): boolean;
  /** The VRF output of a version, also of one that does not exist: 32 bytes. */
  vrfOutput(version: number): Uint8Array | Promise<Uint8Array>;
}

/** What a proof is to be made for. */
export interface ProofRequest {
  /** Entries of the tree, 1 or more. */
  readonly treeSize: number;
  /** The size that the user advertised, 1 to `treeSize`; absent for none. */
  readonly advertisedSize?: number | undefined;
  /** Leaves of the auditor's tree whose head is sent along; absent for none. */
  readonly auditorSize?: number | undefined;
  /**
   * Whether the proof ends before a look into a log entry, in operations that allow it. `looks` counts those made so
   * far. Absent: it never does.
   */
  readonly endsBefore?:
    | ((position: number, expected: number | undefined, looks: number) => boolean)
    | undefined;
}

/**
 * Makes a proof: updates the user's view of the tree, then goes on with a walk.
 *
 * @param request sizes. The caller has checked what the user advertised
 * @param log its data
 * @param label its history; the walk must be about it
 * @param walk the algorithms of the operation at hand, over a tree of that size; not begun yet
 * @returns what the walk found, and the proof, frozen
 * @throws StateError `ERR_STORED_STATE` the prefix tree and the label's history do not agree, or the log's timestamps
 *   decrease; what the log's data and the walk throw
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export async function recordProof<Result>(
  { treeSize, advertisedSize, auditorSize, endsBefore }: ProofRequest,
  log: StoredLog,
  label: StoredLabel,
  walk: Walk<Result>,
): Promise<{ readonly result: Result; readonly proof: CombinedTreeProof }> {
  assertTreeSize(treeSize);
  const retained = new Set(advertisedSize === undefined ? [] : frontier(advertisedSize));
  const ledger = createEntryLedger();
  const entries = new Map<number, StoredEntry>();
  const timestampsMs: number[] = [];
  const prefixProofs: PrefixProof[] = [];

  /** Looks versions up, as they must be found. The timestamp was asked for before, so the entry is here. */
  async function look(position: number, versions: readonly number[]): Promise<void> {
    const { prefixTree } = entries.get(position) as StoredEntry;
    const outputs = await Promise.all(versions.map((version) => label.vrfOutput(version)));
    const { proof, commitments } = await log.prefixTree.prove(prefixTree, outputs);
    for (const [i, version] of versions.entries()) {
      const isIncluded = commitments[i] !== undefined;
      if (isIncluded !== label.holds(position, version)) {
        throw new StateError('ERR_STORED_STATE', 'the prefix tree is not what the label’s history says');
      }
      ledger.enterLookUp(position, version, isIncluded);
    }
    ledger.enterRoot(position, prefixTree.root);
    prefixProofs.push(proof);
  }

  const source: AwaitedProofSource = {
    async timestamp(position) {
      const known = ledger.timestampOf(position);
      if (known !== undefined) return known;
      const entry = await log.entry(position);
      entries.set(position, entry);
      enterOwnTimestamp(ledger, position, entry.timestampMs, retained.has(position));
      if (!retained.has(position)) timestampsMs.push(entry.timestampMs);
      return entry.timestampMs;
    },
    async searchLadder(position, target, omit) {
      const versions: number[] = [];
      const lookUp = (version: number): boolean => {
        versions.push(version);
        return label.holds(position, version);
      };
      const verdict = climbSearchLadder(target, lookUp, omit ? ledger.shownBeside(position) : undefined);
      await look(position, versions);
      return verdict;
    },
    async lookUps(position, versions) {
      await look(position, versions);
      return versions.map((version) => label.holds(position, version));
    },
    async assumedLadder(position, target, greatest) {
      ledger.enterAssumed(position, target, greatest);
    },
    isOver: async (position, expected) => endsBefore?.(position, expected, prefixProofs.length) ?? false,
  };

  await walkAwaiting(walkUpdateView(treeSize, advertisedSize), source);
  const result = await walkAwaiting(walk, source);
  const given = ledger.given();
  const prefixRoots = given
    .filter(({ prefixTree }) => prefixTree === undefined)
    .map(({ position }) => (entries.get(position) as StoredEntry).prefixTree.root);
  const { nodes } = planBatchProof({
    treeSize,
    leaves: given.map(({ position }) => position),
    retainedSize: advertisedSize,
    auditorSize,
  });
  return Object.freeze({
    result,
    proof: Object.freeze({
      timestampsMs: Object.freeze(timestampsMs),
      prefixProofs: Object.freeze(prefixProofs),
      prefixRoots: Object.freeze(prefixRoots),
      inclusion: Object.freeze({ elements: Object.freeze([...(await log.nodes(nodes))]) }),
    }),
  });
}

/** A proof with such timestamps would be refused by whoever gets it. */
function enterOwnTimestamp(
  ledger: EntryLedger,
  position: number,
  timestampMs: number,
  isRetained: boolean,
): void {
  try {
    ledger.enterTimestamp(position, timestampMs, isRetained);
  } catch {
    throw new StateError('ERR_STORED_STATE', 'the log’s timestamps decrease');
  }
}
