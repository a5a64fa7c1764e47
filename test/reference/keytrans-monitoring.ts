/**
 * "Monitoring the Tree" of draft-ietf-keytrans-protocol (commit 526cc8a), sentence by sentence: the contact algorithm
 * and the two of the owner.
 */
import { Refusal } from './encoding.js';
import type { Entries } from './keytrans-entries.js';
import * as order from './keytrans-order.js';

export interface MapEntry {
  readonly position: number;
  readonly version: number;
}

// --------------------------------------------------------------------------------- "Contact Algorithm"

/** @param ownerStart the owner's advertised starting position, or null where this is no owner monitoring */
export function contactAlgorithm(
  entries: Entries,
  map: readonly MapEntry[],
  ownerStart: number | null,
): MapEntry[] {
  const { treeSize } = entries.task;
  const provided = new Map<number, number>();
  const after: MapEntry[] = [];
  const keep = (pair: MapEntry): void => {
    // "a map from a position in the log to a version counter", which is "the greatest version … proven to exist": where
    // a pair comes to an entry that has one, and gave no ladder since it was not moved, the greater version is kept.
    const other = after.find(({ position }) => position === pair.position);
    if (other === undefined) after.push(pair);
    else entries.demand(other.version > pair.version, 'monitored-version');
  };

  // "for each entry in the map, from rightmost to leftmost log entry"
  for (const pair of [...map].sort((a, b) => b.position - a.position)) {
    // Step 1; "the final step of monitoring is to remove all mappings where the position corresponds to a
    // distinguished log entry".
    if (entries.isDistinguished(pair.position)) continue;
    // Steps 2.1 and 2.2
    const rightward = order.directPath(pair.position, treeSize).filter((x) => x > pair.position);
    // Step 2.3
    const first = rightward.findIndex((x) => entries.isDistinguished(x));
    const list = first === -1 ? rightward : rightward.slice(0, first + 1);
    // Step 2.4. The pair is dropped with the entry that is skipped: the owner's state has its version, too.
    if (first !== -1 && ownerStart !== null && pair.position >= ownerStart) list.pop();
    // Step 3
    let at: number | null = pair.position;
    for (const x of list) {
      const target = provided.get(x);
      if (target !== undefined) {
        // Steps 3.1.1 and 3.1.2
        entries.demand(target > pair.version, 'monitored-version');
        at = null;
        break;
      }
      // Steps 3.2 and 3.3
      const there = entries.lookUp(x, order.monitoringBinaryLadder(pair.version));
      entries.demand(!there.includes(false), 'monitored-version');
      provided.set(x, pair.version);
      at = x;
    }
    if (at !== null && first === -1) keep({ position: at, version: pair.version });
  }
  return after.sort((a, b) => a.position - b.position);
}

// --------------------------------------------------------------------------------- "Owner Algorithm", first

/**
 * @param greatestVersions as the log gives them: one for each entry, up to the first in which the label is not
 * @returns how many entries were inspected
 */
export function ownerInitialization(
  entries: Entries,
  start: number,
  greatestVersions: readonly number[],
): number {
  const { treeSize } = entries.task;
  // "This starting position MUST correspond to an unexpired distinguished log entry."
  if (start >= treeSize) throw new Refusal('owner-start');
  const isDistinguished = entries.isDistinguished(start);
  entries.demand(isDistinguished && !entries.isExpired(start), 'owner-start');
  // Step 1
  const leftward = order.directPath(start, treeSize).filter((x) => x < start);
  let inspected = 0;
  for (const x of [start, ...leftward]) {
    if (entries.isExpired(x)) break;
    // Step 5
    confirm(entries, x, greatestVersions[inspected] ?? null);
    inspected += 1;
  }
  return inspected;
}

/** "a search binary ladder … without omitting redundant lookups"; "or zero if no version was given". */
function confirm(entries: Entries, x: number, greatest: number | null): void {
  // A search ladder for version zero of a label that is absent has one lookup, and no other VRF output is known.
  const isConfirmed =
    greatest === null ? entries.lookUp(x, [0])[0] === false : entries.ladder(x, greatest, false) === 0;
  entries.demand(isConfirmed, 'greatest-version');
}

// --------------------------------------------------------------------------------- "Owner Algorithm", second

/** What an owner expects of the log. */
export interface Owned {
  /** "the rightmost distinguished log entry that they've verified is correct" */
  readonly start: number;
  readonly greatestAtStart: number | null;
  /** Where greater versions were inserted since, ascending. */
  readonly later: readonly MapEntry[];
}

export function expectedAt({ greatestAtStart, later }: Owned, x: number): number | null {
  return [...later].reverse().find(({ position }) => position <= x)?.version ?? greatestAtStart;
}

export const greatestOf = (owned: Owned): number | null => expectedAt(owned, Infinity);

/** @returns the rightmost entry that was verified, and whether it is the rightmost distinguished one */
export function ownerMonitoring(
  entries: Entries,
  owned: Owned,
): { readonly verified: number; readonly isComplete: boolean } {
  const { treeSize } = entries.task;
  const { start } = owned;
  let verified = start;
  let isComplete = true;
  const recurse = (x: number): void => {
    if (!isComplete) return;
    const toLeft = order.childOf(() => order.left(x));
    const toRight = order.childOf(() => order.right(x, treeSize));
    // "The timestamp for each log entry that causes the … algorithm to recurse either left or right."
    const into = (child: number | null): void => {
      if (child === null || !isComplete) return;
      entries.time(x);
      recurse(child);
    };
    if (!entries.isDistinguished(x)) return; // Step 1
    if (x <= start) return into(toRight); // Step 2
    into(toLeft); // Step 3
    if (!isComplete) return;
    // Step 4
    const expected = expectedAt(owned, x);
    if (entries.isOver(x, expected)) {
      isComplete = false;
      return;
    }
    confirm(entries, x, expected); // Step 5
    verified = x;
    into(toRight); // Step 6
  };
  recurse(order.root(treeSize));
  return { verified, isComplete };
}
