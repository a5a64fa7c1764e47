/**
 * Searches of draft-ietf-keytrans-protocol (commit 526cc8a) as a user verifies them: "Greatest-Version Search" and
 * "Fixed-Version Search", sentence by sentence.
 */
import type { Combined, Entries, TreeTask, VersionKey } from './keytrans-entries.js';
import * as order from './keytrans-order.js';
import { readCombined, type VerifiedTree } from './keytrans-queues.js';

export type { Combined, FrontierEntry, Retained, VersionKey } from './keytrans-entries.js';

/** What is searched for, where. */
export interface SearchTask extends TreeTask {
  readonly kind: 'greatest' | 'fixed';
  readonly target: number;
}

export interface Found {
  readonly outcome: 'found' | 'absent' | 'expired';
  readonly terminal: number | null;
  readonly rightmostDistinguished: number | null;
}

export type VerifiedSearch = Found & Omit<VerifiedTree, 'rootAt'>;

/** "Algorithm" under "Greatest-Version Search". */
export function greatestVersion(entries: Entries, target: number): Found {
  const { treeSize } = entries.task;
  const rightmostDistinguished = entries.rightmostDistinguished();
  const start = rightmostDistinguished ?? order.root(treeSize);
  const inspected = order.frontier(treeSize).filter((x) => x >= start);
  let terminal = treeSize - 1;
  for (const x of inspected) {
    const verdict = entries.ladder(x, target);
    entries.demand(verdict <= 0, 'greatest-version');
    if (x === treeSize - 1) entries.demand(verdict === 0, 'greatest-version');
    // "the leftmost log entry inspected that contains the greatest version of the label"
    if (verdict === 0) terminal = Math.min(terminal, x);
  }
  return { outcome: 'found', terminal, rightmostDistinguished };
}

/** "Algorithm" under "Fixed-Version Search". */
export function fixedVersion(entries: Entries, target: number): Found {
  const { treeSize } = entries.task;
  const expired: number[] = [];
  const unexpired: number[] = [];
  const greater: number[] = [];
  const success = (terminal: number): Found => ({
    outcome: 'found',
    terminal,
    rightmostDistinguished: entries.rightmostDistinguished(),
  });
  const failure = (outcome: 'absent' | 'expired'): Found => ({
    outcome,
    terminal: null,
    rightmostDistinguished: null,
  });
  const toRight = (x: number): number | null => order.childOf(() => order.right(x, treeSize));
  const toLeft = (x: number): number | null => order.childOf(() => order.left(x));

  let x: number | null = order.root(treeSize);
  while (x !== null) {
    // Step 1
    if (entries.isExpired(x)) {
      expired.push(x);
      x = toRight(x);
      continue;
    }
    // Step 2
    unexpired.push(x);
    const verdict = entries.ladder(x, target);
    if (verdict < 0) {
      x = toRight(x); // Step 3
    } else if (verdict > 0) {
      greater.push(x);
      x = toLeft(x); // Step 4
    } else {
      // Step 5.1
      if (expired.length === 0) return success(x);
      // Step 5.2: "the log entry itself …, or … any unexpired distinguished log entries in its direct path and to its left"
      const at = x;
      const line = [at, ...order.directPath(at, treeSize).filter((above) => above < at)];
      const checked = line.some((one) => unexpired.includes(one) && entries.isDistinguished(one));
      return checked ? success(at) : failure('expired');
    }
  }
  // Step 6.1
  if (greater.length === 0) return failure('absent');
  const identified = Math.min(...greater);
  // Step 6.2
  if (expired.length > 0) {
    const checked = unexpired.filter((one) => one < identified).some((one) => entries.isDistinguished(one));
    if (!checked) return failure('expired');
  }
  // Step 6.3
  return entries.lookUp(identified, [target])[0] === true ? success(identified) : failure('absent');
}

/** Candidates, or a `Refusal`. */
export function verifySearch(
  task: SearchTask,
  versions: ReadonlyMap<number, VersionKey>,
  proof: Combined,
): VerifiedSearch {
  const { result, tree } = readCombined(task, versions, proof, (entries) =>
    task.kind === 'greatest' ? greatestVersion(entries, task.target) : fixedVersion(entries, task.target),
  );
  const { root, auditorRoot, retained } = tree;
  return { ...result, root, auditorRoot, retained };
}
