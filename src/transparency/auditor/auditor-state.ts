/**
 * What an auditor keeps between two log entries: nothing that grows with the log (draft, "Auditing").
 *
 * | what | what for | at most |
 * | --- | --- | --- |
 * | full subtrees of the log tree | the next root | 53 hashes |
 * | timestamps along the frontier | which entries are distinguished | 53 |
 * | root of the newest prefix tree | that the next update begins where the last one ended | 1 hash |
 * | insertions that no distinguished entry shows yet | removals | as many keys as the program says |
 * | the newest head that was signed | sending it again | 1 |
 */

import { emptyMemory, type InsertionMemory } from './insertion-memory.js';
import type { CombinedTreeProof } from '../wire/proofs.js';
import { evaluateProof } from '../verifier/received-proof.js';
import type { AuditorTreeHead } from '../wire/tree-head.js';
import type { TreeView } from '../verifier/tree-view.js';
import type { TrustedLog } from '../verifier/trusted-log.js';
import { walkUpdateView } from '../walks/update-view.js';
import { HASH_BYTES } from '../wire/wire-context.js';

/** When a log entry was made. */
export interface TimedEntry {
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly timestampMs: number;
}

/** An auditor's state. Frozen; each update makes a new one. */
export interface AuditorState {
  /** Log entries, those before the auditor's start included. */
  readonly treeSize: number;
  /** Heads of the full subtrees, the largest first: 32 bytes each. */
  readonly fullSubtrees: readonly Uint8Array[];
  /** Log entries along the frontier, ascending. */
  readonly frontier: readonly TimedEntry[];
  /** Root of the newest entry's prefix tree, 32 bytes; zeros before the first entry. */
  readonly prefixTree: Uint8Array;
  readonly memory: InsertionMemory;
  /** The newest head that was signed from this state or one before it. */
  readonly head: AuditorTreeHead | undefined;
}

/** The state of an auditor who begins with the log. */
export function firstState(): AuditorState {
  return Object.freeze({
    treeSize: 0,
    fullSubtrees: Object.freeze([]),
    frontier: Object.freeze([]),
    prefixTree: new Uint8Array(HASH_BYTES),
    memory: emptyMemory(0),
    head: undefined,
  });
}

/**
 * The state of an auditor who begins in the middle, from what the operator says of the log up to there: the proof that a
 * user gets who has never seen the log, without a look into a prefix tree. It proves that these entries are in one tree;
 * which tree that is, the operator decides.
 * @param treeSize log entries before the first one to be audited, 1 or more
 * @throws VerificationError codes of `evaluateProof`
 */
export function stateFrom(log: TrustedLog, treeSize: number, proof: CombinedTreeProof): AuditorState {
  const walk = walkUpdateView(treeSize, treeSize);
  const { view } = evaluateProof({ treeSize, versions: new Map(), proof }, walk, { hasher: log.hasher });
  const last = view.frontier.at(-1) as TreeView['frontier'][number];
  return Object.freeze({
    treeSize,
    fullSubtrees: view.fullSubtrees,
    frontier: Object.freeze(
      view.frontier.map(({ position, timestampMs }) => Object.freeze({ position, timestampMs })),
    ),
    prefixTree: last.prefixTree,
    memory: emptyMemory(treeSize),
    head: undefined,
  });
}
