/** "Updating a Label", "Algorithm", of draft-ietf-keytrans-protocol (commit 526cc8a), step by step. */
import type { Entries } from './keytrans-entries.js';
import { expectedAt, greatestOf, type Owned } from './keytrans-monitoring.js';
import * as order from './keytrans-order.js';

/**
 * @param position "the log entry where the new versions were added"
 * @param created the new versions, ascending
 * @param owned what the owner knew before
 * @returns whether the entry is distinguished: where not, the contact monitoring map gets a new entry
 */
export function labelUpdate(
  entries: Entries,
  position: number,
  created: readonly number[],
  owned: Owned,
): boolean {
  previousTree(entries, position, owned);
  const greatest = Math.max(...created);
  const ladder = order.baseBinaryLadder(greatest);
  const others = created.filter((version) => !ladder.includes(version));
  // "The timestamp of each log entry on the path from the root to the parent of the log entry where the new versions
  // were inserted".
  const isDistinguished = entries.isDistinguished(position);
  // Step 4
  if (!isDistinguished) entries.demand(entries.ladder(position, greatest) === 0, 'greatest-version');
  // Step 3, and the rest of step 4
  if (others.length > 0) {
    entries.demand(!entries.lookUp(position, others).includes(false), 'updated-version');
  }
  return isDistinguished;
}

/** Steps 1 and 2. Whether an entry is distinguished is judged in the current tree. */
function previousTree(entries: Entries, position: number, owned: Owned): void {
  // "the log tree up to but excluding the log entry where the new versions were added"
  if (position === 0) return;
  // "The timestamp of each log entry on the path from the root to the parent of the rightmost log entry of the
  // previous tree" comes first.
  entries.isDistinguished(position - 1);
  const frontier = order.frontier(position);
  const first = frontier.findIndex((x) => !entries.isDistinguished(x));
  if (first === -1) return;
  const previous = greatestOf(owned);
  const insertedAt = owned.later.at(-1)?.position ?? owned.start;
  for (const x of frontier.slice(first)) {
    // Step 2.1. It "will still be omitted as if the log entries had been inspected": with what the entry holds.
    if (previous !== null && (x <= owned.start || x <= insertedAt)) {
      entries.skip(x, previous, expectedAt(owned, x) ?? -1);
      continue;
    }
    // Steps 2.2 and 2.3
    const verdict = entries.ladder(x, previous ?? 0);
    entries.demand(verdict === (previous === null ? -1 : 0), 'greatest-version');
  }
}

/** The versions of which the response has VRF proofs, ascending. */
export function newlyProven(previous: number | null, created: readonly number[]): number[] {
  const known = previous === null ? [0] : order.baseBinaryLadder(previous);
  const wanted = [...order.baseBinaryLadder(Math.max(...created)), ...created];
  return [...new Set(wanted)].filter((version) => !known.includes(version)).sort((a, b) => a - b);
}
