/**
 * What an owner knows of a label: the greatest version that each log entry should hold, from the rightmost verified
 * one on (draft, "Owner Algorithm").
 *
 *     entry     … 15 ………… 18 … 21 … 21      start: 15, verified and distinguished
 *     versions     ..4     5    6 7         later: 18 → 5, 21 → 7; of several in one entry the greatest counts
 */

import type { MonitorMapEntry } from '../wire/monitor-messages.js';

/** The state of an owner. Frozen. */
export interface OwnedLabel {
  /** The rightmost distinguished log entry that was verified. */
  readonly start: number;
  /** The greatest version there; `undefined` where the label did not exist. */
  readonly greatestAtStart: number | undefined;
  /** Where greater ones were inserted since: positions and versions rise. */
  readonly later: readonly MonitorMapEntry[];
}

/** How many insertions an owner's state holds that no verified distinguished entry covers yet. */
export const LATER_MAX = 255;

/** The greatest version that a log entry should hold, at `start` or to the right of it. */
export function expectedAt({ greatestAtStart, later }: OwnedLabel, position: number): number | undefined {
  let expected = greatestAtStart;
  for (const entry of later) if (entry.position <= position) expected = entry.version;
  return expected;
}

/** The greatest version of all. */
export function greatestOf({ greatestAtStart, later }: OwnedLabel): number | undefined {
  return later.at(-1)?.version ?? greatestAtStart;
}

/** The rightmost of: the start, the entry in which the greatest version was inserted. */
export function lastPositionOf({ start, later }: OwnedLabel): number {
  return later.at(-1)?.position ?? start;
}

/** The state once a distinguished entry is verified, at `start` or to the right of it. */
export function advanceTo(owned: OwnedLabel, verified: number): OwnedLabel {
  return Object.freeze({
    start: verified,
    greatestAtStart: expectedAt(owned, verified),
    later: Object.freeze(owned.later.filter(({ position }) => position > verified)),
  });
}

/** The state once new versions are verified to be in an entry to the right of all others. */
export function withInsertion(owned: OwnedLabel, inserted: MonitorMapEntry): OwnedLabel {
  return Object.freeze({ ...owned, later: Object.freeze([...owned.later, Object.freeze(inserted)]) });
}
