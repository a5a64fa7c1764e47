/**
 * Reading a head log up to a checkpoint. Every new entry is read and hashed onto the tree that is known, and the root
 * that comes out must be the checkpoint's: that proves at once that the tree extends the last one, and what is in it.
 *
 *     known tree, its right edge  ┐
 *     new entries, from bundles   ┴─▶ root  =  checkpoint
 *
 * A user without a state takes the right edge before the last entry from tiles, and reads that entry alone.
 */

import { assertInteger } from '../../bytes/arguments.js';
import { assertBytes, equalBytes } from '../../bytes/compare.js';
import { ArgumentRangeError, DecodeError, PolicyError, VerificationError } from '../../errors.js';
import { createTreeBuilder, type TreeBuilderState } from '../../log/builder.js';
import { parseEntryBundle } from '../../log/entry-bundle.js';
import type { TreeHead } from '../../log/head.js';
import { hashLeaf } from '../../log/leaf.js';
import { type CheckpointPolicy, type Freshness, openCheckpoint } from '../../log/open-checkpoint.js';
import { planRoot } from '../../log/plan.js';
import { type EntryBundleId, TILE_HEIGHT } from '../../log/tile.js';
import { encodeEntryBundlePath, encodeTilePath } from '../../log/tile-path.js';
import { planTiles, type TilePlan } from '../../log/tile-plan.js';
import type { VerifierKey } from '../../log/verifier-key.js';
import { verifyTiles } from '../../log/verify-tiles.js';
import { lastOf, PENDING_MAX, type TrackedLog, type TrackerState } from './tracker-state.js';
import { withLinesOf } from './trusted-lines.js';
import { assertNext, parseWitnessedHead, type WitnessedHead } from './witnessed-head.js';

const BUNDLE_ENTRIES: number = 2 ** TILE_HEIGHT;
/** Entries of one step: each costs the verification of a signature. */
const STEP_MAX = PENDING_MAX;

/** What reading needs to know of a head log. */
export interface ReadingContext extends TrackedLog {
  readonly policy: CheckpointPolicy;
  readonly freshness: Omit<Freshness, 'nowMs'>;
  /** The keys whose lines of a checkpoint are kept: all that are trusted. */
  readonly kept: readonly VerifierKey[];
}

/** A checkpoint that was opened. */
export interface OpenedReading {
  readonly paths: readonly string[];
  verify(files: readonly unknown[]): {
    readonly heads: readonly WitnessedHead[];
    readonly state: TrackerState;
  };
}

/** From where on entries are read. */
interface Start {
  readonly treeSize: number;
  /** Tiles that prove the right edge there; none where it is known. */
  readonly tiles: TilePlan | undefined;
  readonly bundles: readonly EntryBundleId[];
}

/** Opens a checkpoint. Throws what `HeadTracker.open` says. */
export function openReading(
  context: ReadingContext,
  known: TrackerState | undefined,
  note: Uint8Array,
  nowMs: number,
): OpenedReading {
  assertInteger(nowMs, 'nowMs', 0, Number.MAX_SAFE_INTEGER);
  const { treeSize, root } = openCheckpoint(note, {
    ...context.policy,
    freshness: { ...context.freshness, nowMs },
  });
  const head: TreeHead = { treeSize, root };
  const checkpoint = withLinesOf(note, context.kept);
  if (treeSize === 0) throw new VerificationError('ERR_HEAD_EMPTY', 'the head log has no entries');
  if (known !== undefined) assertNotBefore(known, head);
  const start = planStart(known, treeSize);
  const tilePaths = start.tiles?.tiles.map((tile) => encodeTilePath(tile)) ?? [];

  return {
    paths: Object.freeze([...tilePaths, ...start.bundles.map((bundle) => encodeEntryBundlePath(bundle))]),
    verify(files) {
      assertInteger(files.length, 'files.length', 0, Number.MAX_SAFE_INTEGER);
      if (files.length !== tilePaths.length + start.bundles.length)
        throw new ArgumentRangeError('files must be those of the paths');
      const tiles = files.slice(0, tilePaths.length) as readonly Uint8Array[];
      const edge =
        start.tiles === undefined
          ? (known as TrackerState).tree.edge
          : verifyTiles(head, start.tiles, tiles, context.log).nodes;
      const entries = entriesFrom(start, files.slice(tilePaths.length));
      const tree = growTo(context, { treeSize: start.treeSize, edge }, entries, head);
      const heads = openEntries(context, known, entries);
      const pending = Object.freeze([...(known?.pending ?? []), ...heads]);
      const state = Object.freeze({ checkpoint, tree, root, matched: known?.matched, pending });
      return { heads, state };
    },
  };
}

/** @throws VerificationError `ERR_HEAD_ORDER`, `ERR_HEAD_MISMATCH` */
function assertNotBefore(known: TrackerState, head: TreeHead): void {
  if (head.treeSize < known.tree.treeSize)
    throw new VerificationError('ERR_HEAD_ORDER', 'the head log had more entries before');
  if (head.treeSize === known.tree.treeSize && !equalBytes(head.root, known.root))
    throw new VerificationError('ERR_HEAD_MISMATCH', 'the head log had another root of this size');
}

/** @throws PolicyError `ERR_HEAD_LOG_GAP` */
function planStart(known: TrackerState | undefined, treeSize: number): Start {
  const begin = known?.tree.treeSize ?? treeSize - 1;
  if (treeSize - begin > STEP_MAX)
    throw new PolicyError('ERR_HEAD_LOG_GAP', `more than ${STEP_MAX} new heads`);
  const tiles = known === undefined ? planTiles({ treeSize, nodes: planRoot(begin).nodes }) : undefined;
  const bundles = begin === treeSize ? [] : bundlesOf(Math.floor(begin / BUNDLE_ENTRIES), treeSize);
  return { treeSize: begin, tiles, bundles };
}

/** The entry bundles of a tree from one of them on. */
function bundlesOf(from: number, treeSize: number): readonly EntryBundleId[] {
  const count = Math.ceil(treeSize / BUNDLE_ENTRIES) - from;
  return Array.from({ length: count }, (_, i) => {
    const index = from + i;
    const width = Math.min(BUNDLE_ENTRIES, treeSize - index * BUNDLE_ENTRIES);
    return { height: TILE_HEIGHT, index, width };
  });
}

/** The entries that are new, out of bundles that may begin with known ones. */
function entriesFrom({ treeSize, bundles }: Start, files: readonly unknown[]): readonly Uint8Array[] {
  const entries = bundles.flatMap(({ width }, i) => openBundle(files[i], width));
  return entries.slice(treeSize % BUNDLE_ENTRIES);
}

/** A bundle of so many entries, or the full one that took its place (tlog-tiles, "Partial Tiles"). */
function openBundle(bytes: unknown, width: number): readonly Uint8Array[] {
  assertBytes(bytes, 'an entry bundle');
  try {
    return parseEntryBundle(bytes, width);
  } catch (error) {
    if (!(error instanceof DecodeError) || error.code !== 'ERR_TRAILING_BYTES') throw error;
    return parseEntryBundle(bytes, BUNDLE_ENTRIES).slice(0, width);
  }
}

/** @throws VerificationError `ERR_PROOF_ROOT` */
function growTo(
  { log: { hasher } }: TrackedLog,
  from: TreeBuilderState,
  entries: readonly Uint8Array[],
  { root }: TreeHead,
): TreeBuilderState {
  const builder = createTreeBuilder({ hasher, state: from });
  for (const entry of entries) builder.append(hashLeaf(entry));
  if (!equalBytes(builder.root(), root))
    throw new VerificationError('ERR_PROOF_ROOT', 'the entries lead to another root than the checkpoint’s');
  return builder.exportState();
}

/** What the entries say, each held against the one before. */
function openEntries(
  { log }: TrackedLog,
  known: TrackerState | undefined,
  entries: readonly Uint8Array[],
): readonly WitnessedHead[] {
  let before = known === undefined ? undefined : lastOf(known);
  const heads = entries.map((entry) => {
    const head = parseWitnessedHead(log, entry);
    assertNext(log, before, head);
    before = head;
    return head;
  });
  return Object.freeze(heads);
}
