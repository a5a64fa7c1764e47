/**
 * Auditing log entries, one after the other: the steps of "Auditing" in the draft, which are numbered here as there.
 *
 *     AuditorUpdate ─▶ roots of the prefix tree before and after ─▶ log entry ─▶ leaf of the log tree
 *                        │ before: the root that the last entry had
 *
 * Prefix trees are hashed for many updates at once, which none of them notices; everything else goes entry by entry, so
 * that what is refused first is the first log entry that is false.
 */

import { equalBytes, joinBytes } from '../../bytes/compare.js';
import { DecodeError, PolicyError, VerificationError } from '../../errors.js';
import { createTreeBuilder, type TreeBuilder } from '../../log/builder.js';
import { keytransLog } from '../../log/keytrans.js';
import {
  evaluatePrefixUpdate,
  evaluatePrefixUpdates,
  type PrefixRoots,
} from '../../prefix/evaluate-update.js';
import type { AuditorState, TimedEntry } from './auditor-state.js';
import type { AuditorUpdate } from '../wire/auditor-update.js';
import { walkDistinguishedBefore } from '../walks/distinguished.js';
import { openMemory, type OpenMemory } from './insertion-memory.js';
import { encodeLogEntry } from '../wire/proofs.js';
import { frontier } from '../walks/search-tree.js';
import type { TrustedLog } from '../verifier/trusted-log.js';
import type { Walk } from '../walks/walk.js';

/** Updates whose prefix trees are hashed at once: so many of them, or those with so many changes, whichever is less. */
const BATCH_UPDATES = 256;
const BATCH_CHANGES = 512;
/** Bytes of an encoded LogEntry. */
const LOG_ENTRY_BYTES = 40;

/** How updates are audited. */
export interface AuditRules {
  readonly log: TrustedLog;
  /** The auditor's clock, milliseconds since 1970; absent for none. */
  readonly nowMs: number | undefined;
  /** How many insertions are remembered. */
  readonly insertionsKept: number;
  /**
   * At this size of the log, compare the root; absent for nowhere. What `compare` throws ends the audit.
   */
  readonly checkpoint?:
    | { readonly treeSize: number; compare(root: Uint8Array, timestampMs: number): void }
    | undefined;
}

/** What an audit comes to. */
export interface Audited {
  /** Without the head: nothing is signed here. */
  readonly state: AuditorState;
  /** Of the log tree, 32 bytes. */
  readonly root: Uint8Array;
}

/** An audit under way. */
interface Progress {
  readonly builder: TreeBuilder;
  readonly memory: OpenMemory;
  treeSize: number;
  /** Along the frontier of that size. */
  entries: readonly TimedEntry[];
  prefixTree: Uint8Array;
  /** Log entries that are not leaves of the builder's tree yet. */
  pending: Uint8Array[];
}

/**
 * Audits the next log entries.
 * @param updates one or more
 * @throws VerificationError `ERR_TIMESTAMP_ORDER` (step 1); those of `evaluatePrefixUpdate` (steps 2 to 4);
 *   `ERR_REMOVED_EARLY` (step 5); `ERR_ENTRY_ROOT` (step 6)
 * @throws PolicyError `ERR_HEAD_AHEAD`, `ERR_REMOVED_UNKNOWN`; what the checkpoint throws
 */
export function auditUpdates(
  state: AuditorState,
  updates: readonly AuditorUpdate[],
  rules: AuditRules,
): Audited {
  const { log, insertionsKept, checkpoint } = rules;
  const { hasher } = log;
  const edge = { treeSize: state.treeSize, edge: state.fullSubtrees };
  const progress: Progress = {
    builder: createTreeBuilder({ scheme: keytransLog, hasher, state: edge }),
    memory: openMemory(state.memory, insertionsKept),
    treeSize: state.treeSize,
    entries: state.frontier,
    prefixTree: state.prefixTree,
    pending: [],
  };
  for (const batch of batchesOf(updates)) {
    const roots = rootsOf(log, batch);
    for (const [i, update] of batch.entries()) {
      takeUpdate(rules, progress, update, () => roots?.[i] ?? evaluatePrefixUpdate(update, { hasher }));
      if (progress.treeSize !== checkpoint?.treeSize) continue;
      checkpoint.compare(rootOf(log, progress), update.timestampMs);
    }
  }
  const root = rootOf(log, progress);
  return Object.freeze({
    state: Object.freeze({
      treeSize: progress.treeSize,
      fullSubtrees: progress.builder.exportState().edge,
      frontier: Object.freeze(progress.entries),
      prefixTree: progress.prefixTree,
      memory: progress.memory.close(),
      head: state.head,
    }),
    root,
  });
}

/** Runs of updates: small ones in large batches, large ones by themselves, since the engine has enough of them. */
function* batchesOf(updates: readonly AuditorUpdate[]): Generator<readonly AuditorUpdate[], void> {
  let from = 0;
  let changes = 0;
  for (const [at, { added, removed }] of updates.entries()) {
    const next = changes + added.length + removed.length;
    if (at > from && (at - from === BATCH_UPDATES || next > BATCH_CHANGES)) {
      yield updates.slice(from, at);
      from = at;
      changes = 0;
    }
    changes += added.length + removed.length;
  }
  yield updates.slice(from);
}

/** All roots at once; `undefined` where one of the updates is false, which the one by one find. */
function rootsOf(
  { hasher }: TrustedLog,
  updates: readonly AuditorUpdate[],
): readonly PrefixRoots[] | undefined {
  try {
    return evaluatePrefixUpdates(updates, { hasher });
  } catch (error) {
    if (error instanceof VerificationError || error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** One log entry. */
function takeUpdate(
  { log: { configuration }, nowMs }: AuditRules,
  progress: Progress,
  { timestampMs, added, removed }: AuditorUpdate,
  evaluate: () => PrefixRoots,
): void {
  const { memory, treeSize: position } = progress;
  // 1. "`timestamp` is greater than or equal to the timestamp of the previous log entry."
  const before = progress.entries.at(-1);
  if (before !== undefined && timestampMs < before.timestampMs) {
    throw new VerificationError('ERR_TIMESTAMP_ORDER', 'the log entry is older than the one before');
  }
  // Not the draft's: users refuse such a log, and a timestamp cannot be taken back.
  if (nowMs !== undefined && timestampMs - nowMs > configuration.maxAheadMs) {
    throw new PolicyError('ERR_HEAD_AHEAD', 'the log entry is too far ahead of the clock');
  }
  // 2. to 4., and the roots of 6. and 7.
  const roots = evaluate();
  // 5. "with the addition of the new log entry, … published in at least one distinguished log entry before removal."
  const entries = [...progress.entries, Object.freeze({ position, timestampMs })];
  const shown = answer(
    walkDistinguishedBefore(position + 1, configuration.reasonableMonitoringWindowMs),
    entries,
  );
  memory.forgetShown(shown);
  for (const { vrfOutput } of removed) memory.assertShown(vrfOutput, shown);
  // 6. "Verify that this matches the auditor's state."
  if (!equalBytes(roots.before, progress.prefixTree)) {
    throw new VerificationError('ERR_ENTRY_ROOT', 'the update is not one of the newest prefix tree');
  }
  // 7. The new roots.
  if (added.length > 0) {
    memory.remember(Object.freeze({ position, keys: joinBytes(added.map(({ vrfOutput }) => vrfOutput)) }));
  }
  progress.prefixTree = roots.after;
  progress.pending.push(encodeLogEntry({ timestampMs, prefixTree: roots.after }));
  progress.treeSize = position + 1;
  const known = new Set(frontier(progress.treeSize));
  progress.entries = entries.filter((entry) => known.has(entry.position));
}

/** The root of the log tree so far: the engine gets all new log entries at once. */
function rootOf({ hasher }: TrustedLog, progress: Progress): Uint8Array {
  progress.builder.append(hasher.hashLeaves(joinBytes(progress.pending), LOG_ENTRY_BYTES));
  progress.pending = [];
  return progress.builder.root();
}

/** Runs a walk that asks for timestamps of these entries alone. */
function answer<Result>(walk: Walk<Result>, entries: readonly TimedEntry[]): Result {
  let step = walk.next();
  while (step.done !== true) {
    const { position } = step.value;
    const entry = entries.find((each) => each.position === position) as TimedEntry;
    step = walk.next(entry.timestampMs);
  }
  return step.value;
}
