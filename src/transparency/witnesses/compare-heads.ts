/**
 * Comparing what a head log says of a key transparency log with what the log has proven to a user. Where both have a
 * head at one position, both have the whole log up to there: the root says so.
 *
 *     head log            a    b    c    d          c, d: read, and not among the user's yet
 *     user                     b    .  ...          all distinguished entries from the first that is listed on
 *
 * A head log must hold exactly the distinguished entries: once distinguished, an entry stays so, and no entry becomes so
 * to the left of one that is. So within what the user's list covers, each must have what the other has. That every entry
 * is compared matters: a log that shows two faces can put the heads of both into one head log, in turns, and each user
 * finds his own among them; what gives it away is that each finds the other's, too.
 */

import { equalBytes } from '../../bytes/compare.js';
import type { TrackerState } from './tracker-state.js';
import type { WitnessedHead } from './witnessed-head.js';

/** A head that the user's client has proven: one of `heads` of `DistinguishedHeads`. */
export type ProvenHead = Omit<WitnessedHead, 'signature'>;

/** How a head log and a user's own view of the log compare. Frozen. */
export type WitnessedComparison =
  /** Within the time allowed: all that both have is the same, and the newest of it is recent enough. */
  | {
      readonly outcome: 'same';
      /** The newest head that both have: up to it, the log that the user sees is the one that was witnessed. */
      readonly matched: WitnessedHead;
      /** Entries of the head log after it, that the user's log has not shown as distinguished yet. */
      readonly pending: number;
    }
  /**
   * The same, but for entries that were not compared, since the user's list begins further right: the user came too
   * seldom. **Another face could stand there**, shown to others when it was new. Compare within the time that a walk
   * covers; who always comes later is not protected.
   */
  | {
      readonly outcome: 'gap';
      readonly matched: WitnessedHead;
      readonly pending: number;
      /** How many were not compared, 1 or more. */
      readonly skipped: number;
    }
  /** One position, two roots: **the log shows two faces.** The log has signed `witnessed`. */
  | { readonly outcome: 'other-root'; readonly witnessed: WitnessedHead; readonly proven: ProvenHead }
  /** One position and root, two times: the head log lies. */
  | { readonly outcome: 'other-time'; readonly witnessed: WitnessedHead; readonly proven: ProvenHead }
  /** The head log has a head where the user's log has no distinguished entry: others see another log, or it lies. */
  | { readonly outcome: 'foreign'; readonly witnessed: WitnessedHead }
  /** The head log has passed over a head that the user's log has, for good: others do not see the user's log. */
  | { readonly outcome: 'omitted'; readonly proven: ProvenHead }
  /**
   * The head log, as it was read, has no entry as recent as it must: it is late, was not read for long, or the user's log
   * has heads that it hides.
   */
  | { readonly outcome: 'head-log-late'; readonly newestMs: number }
  /** The head log has recent entries, and the user's log has not shown one of them: walk its distinguished heads again. */
  | { readonly outcome: 'log-late'; readonly witnessed: WitnessedHead };

/** What a comparison found, and the state after it; the state stays where there is a contradiction. */
export interface Compared {
  readonly result: WitnessedComparison;
  readonly state: TrackerState;
}

/**
 * Compares.
 * @param heads ascending, and all distinguished entries from the first of them on
 * @param oldestMs the time that the newest head in common must have at least
 */
export function compareHeads(state: TrackerState, heads: readonly ProvenHead[], oldestMs: number): Compared {
  const known = [...(state.matched === undefined ? [] : [state.matched]), ...state.pending];
  const contradiction = findForeign(known, heads) ?? findOmitted(known, heads);
  if (contradiction !== undefined) return { result: Object.freeze(contradiction), state };

  const begin = heads[0]?.position ?? Infinity;
  const end = heads.at(-1)?.position ?? -1;
  const covered = known.filter(({ position }) => position >= begin && position <= end);
  const matched = covered.at(-1) ?? state.matched;
  const pending = matched === undefined ? state.pending : known.slice(known.indexOf(matched) + 1);
  const skipped = state.pending.filter(
    ({ position }) => position < begin && position < (matched?.position ?? -1),
  ).length;
  const after: TrackerState = Object.freeze({ ...state, matched, pending: Object.freeze(pending) });
  return { result: Object.freeze(judge({ matched, pending, skipped, end }, oldestMs)), state: after };
}

/** A head of the head log that the user's list covers, and has not, or has otherwise. */
function findForeign(
  known: readonly WitnessedHead[],
  heads: readonly ProvenHead[],
): WitnessedComparison | undefined {
  const byPosition = new Map(heads.map((head) => [head.position, head]));
  for (const witnessed of known) {
    const { position } = witnessed;
    if (position < (heads[0]?.position ?? Infinity) || position > (heads.at(-1)?.position ?? -1)) continue;
    const proven = byPosition.get(position);
    if (proven === undefined) return { outcome: 'foreign', witnessed };
    if (!equalBytes(proven.root, witnessed.root)) return { outcome: 'other-root', witnessed, proven };
    if (proven.timestampMs !== witnessed.timestampMs) return { outcome: 'other-time', witnessed, proven };
  }
  return undefined;
}

/** A head of the user's between entries of the head log, which come in order, that is none of them. */
function findOmitted(
  known: readonly WitnessedHead[],
  heads: readonly ProvenHead[],
): WitnessedComparison | undefined {
  const begin = known[0]?.position ?? Infinity;
  const end = known.at(-1)?.position ?? -1;
  const positions = new Set(known.map(({ position }) => position));
  const proven = heads.find(({ position }) => position > begin && position < end && !positions.has(position));
  return proven === undefined ? undefined : { outcome: 'omitted', proven };
}

/** What is left once nothing contradicts. */
interface Overlap {
  readonly matched: WitnessedHead | undefined;
  readonly pending: readonly WitnessedHead[];
  readonly skipped: number;
  /** Position of the user's last head. */
  readonly end: number;
}

/** Whether what is in common is recent enough; if not, who is late. */
function judge({ matched, pending, skipped, end }: Overlap, oldestMs: number): WitnessedComparison {
  if (matched !== undefined && matched.timestampMs >= oldestMs)
    return skipped === 0
      ? { outcome: 'same', matched, pending: pending.length }
      : { outcome: 'gap', matched, pending: pending.length, skipped };
  const witnessed = pending.find(({ position, timestampMs }) => position > end && timestampMs >= oldestMs);
  if (witnessed !== undefined) return { outcome: 'log-late', witnessed };
  const newestMs = pending.at(-1)?.timestampMs ?? (matched as WitnessedHead).timestampMs;
  return { outcome: 'head-log-late', newestMs };
}
