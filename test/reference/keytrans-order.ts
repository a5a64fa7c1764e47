/**
 * The search order of draft-ietf-keytrans-protocol (commit 526cc8a), slowly: its appendix code line by line, in BigInt
 * as Python's integers have no bounds, and its prose word by word. Positions go in and come out as numbers.
 */
import { Refusal } from './encoding.js';

// ------------------------------------------------------------------------- appendix "Implicit Binary Search Tree"

/** "The exponent of the largest power of 2 less than or equal to x." */
function log2(x: bigint): bigint {
  if (x === 0n) return 0n;
  let k = 0n;
  while (x >> k > 0n) k += 1n;
  return k - 1n;
}

/** "Leaves are level 0, their parents are level 1, etc." */
function level(x: bigint): bigint {
  if ((x & 0x01n) === 0n) return 0n;
  let k = 0n;
  while (((x >> k) & 0x01n) === 1n) k += 1n;
  return k;
}

function leftOf(x: bigint): bigint {
  const k = level(x);
  if (k === 0n) throw new Error('node has no left child');
  return x ^ (0x01n << (k - 1n));
}

function rightOf(x: bigint, n: bigint): bigint {
  const k = level(x);
  if (k === 0n || x === n - 1n) throw new Error('node has no right child');
  let at = x ^ (0x03n << (k - 1n));
  while (at >= n) at = leftOf(at);
  return at;
}

/** "The root index of a search if the log has `n` entries." */
export const root = (n: number): number => Number((1n << log2(BigInt(n))) - 1n);
/** Throws where there is none. */
export const left = (x: number): number => Number(leftOf(BigInt(x)));
/** Throws where there is none. */
export const right = (x: number, n: number): number => Number(rightOf(BigInt(x), BigInt(n)));

/** A child, or null. */
export function childOf(child: () => number): number | null {
  try {
    return child();
  } catch {
    return null;
  }
}

// ------------------------------------------------------------------------- section "Implicit Binary Search Tree"

export interface SearchNode {
  readonly index: number;
  readonly left: SearchNode | null;
  readonly right: SearchNode | null;
}

/** The inductive definition: the root, the tree of what is on its left, and the tree of the rest with an offset. */
export function inductiveTree(n: number, offset = 0): SearchNode | null {
  if (n === 0) return null;
  const rootIndex = 2 ** Math.floor(Math.log2(n)) - 1;
  return {
    index: offset + rootIndex,
    left: inductiveTree(rootIndex, offset),
    right: inductiveTree(n - rootIndex - 1, offset + rootIndex + 1),
  };
}

/** "The root log entry followed by the root's right child, the right child's right child, and so on." */
export function frontier(n: number): number[] {
  const entries = [root(n)];
  while (entries.at(-1) !== n - 1) entries.push(right(entries.at(-1) as number, n));
  return entries;
}

/** "That node's parent along with the parent's direct path": found from the root down. */
export function directPath(x: number, n: number): number[] {
  const path: number[] = [];
  let at = root(n);
  while (at !== x) {
    path.unshift(at);
    at = x < at ? left(at) : right(at, n);
  }
  return path;
}

// ------------------------------------------------------------------------- section "Updating Views", "Algorithm"

/** `size`: as advertised by the user, or null. */
export function updateView(n: number, size: number | null): number[] {
  if (size === null) return frontier(n);
  // "the direct path of the log entry with index `size-1` … whose index is greater than or equal to `size`"
  const entries = directPath(size - 1, n).filter((index) => index >= size);
  // "unless there were no such log entries, in which case the log entry with index `size-1` lies on the frontier"
  let at = entries.at(-1) ?? size - 1;
  // "compute the log entry's right child, the right child's right child, and so on"
  while (at !== n - 1) {
    at = right(at, n);
    entries.push(at);
  }
  return entries;
}

// ------------------------------------------------------------------------- "Reasonable Monitoring Window", "Maximum Lifetime"

/** All distinguished entries, ascending, by the recursive algorithm. */
export function distinguished(timestamps: readonly number[], window: number): number[] {
  const n = timestamps.length;
  const found: number[] = [];
  const time = (index: number): number => timestamps[index] as number;
  const run = (node: SearchNode | null, leftTime: number, rightTime: number): void => {
    if (node === null) return;
    if (rightTime - leftTime < window) return; // step 2
    found.push(node.index);
    run(node.left, leftTime, time(node.index)); // step 3
    run(node.right, time(node.index), rightTime); // step 4
  };
  run(inductiveTree(n), 0, time(n - 1));
  return found.sort((a, b) => a - b);
}

/** "subtracting … and checking if the result is greater than or equal to the defined duration" */
export function expired(timestamp: number, rightmost: number, lifetime: number | null): boolean {
  return lifetime !== null && rightmost - timestamp >= lifetime;
}

// ------------------------------------------------------------------------- appendix "Binary Ladder"

const LIMIT = 1n << 32n;

export function baseBinaryLadder(greatest: number): number[] {
  const n = BigInt(greatest);
  const out: bigint[] = [];
  // Output powers of two minus one until reaching a value greater than n.
  for (;;) {
    const value = (1n << BigInt(out.length)) - 1n;
    out.push(value);
    if (value > n) break;
  }
  // Binary search between the established lower and upper bounds. Python's out[-2] fails where n is -1.
  if (out.length < 2) throw new Error('list index out of range');
  let lowerBound = out.at(-2) as bigint;
  let upperBound = out.at(-1) as bigint;
  while (lowerBound + 1n < upperBound) {
    const value = (lowerBound + upperBound) / 2n;
    out.push(value);
    if (value <= n && value < LIMIT) lowerBound = value;
    else upperBound = value;
  }
  return out.filter((v) => v < LIMIT).map(Number);
}

/** As printed: from the greatest version, so it fails for a label that is absent (-1). */
export function printedSearchLadder(
  t: number,
  n: number,
  leftInclusion: readonly number[] = [],
  rightNonInclusion: readonly number[] = [],
): number[] {
  return cutLadder(baseBinaryLadder(n), t, n, leftInclusion, rightNonInclusion);
}

/** From the target version, which gives the same and has no such case. -1: the label is absent. */
export function searchBinaryLadder(
  t: number,
  n: number,
  leftInclusion: readonly number[] = [],
  rightNonInclusion: readonly number[] = [],
): number[] {
  return cutLadder(baseBinaryLadder(t), t, n, leftInclusion, rightNonInclusion);
}

function cutLadder(
  out: readonly number[],
  t: number,
  n: number,
  leftInclusion: readonly number[],
  rightNonInclusion: readonly number[],
): number[] {
  const wouldEnd = (v: number): boolean => (v <= n && v > t) || (v > n && v <= t);
  const wouldBeDuplicate = (v: number): boolean => leftInclusion.includes(v) || rightNonInclusion.includes(v);
  const first = out.findIndex(wouldEnd);
  const end = first === -1 ? out.length : first + 1;
  return out.slice(0, end).filter((v) => !wouldBeDuplicate(v));
}

export function monitoringBinaryLadder(t: number): number[] {
  return baseBinaryLadder(t).filter((v) => v <= t);
}

// ------------------------------------------------------------------------- what a search ladder says

/** Less than, equal to, or greater than the target: by what the greatest version is. */
export function verdictOf(t: number, n: number): number {
  return Math.sign(n - t);
}

/**
 * By trial: which greatest version, if any, has exactly these results, where what was shown elsewhere is believed?
 * All that have agree on the verdict, or the results would not decide.
 */
export function interpret(
  t: number,
  results: readonly boolean[],
  leftInclusion: readonly number[],
  rightNonInclusion: readonly number[],
): { verdict: number; versions: number[] } {
  const ladder = baseBinaryLadder(t);
  const found = new Map<number, number[]>();
  // Between two versions of the ladder it makes no difference which is the greatest.
  for (const n of [-1, ...ladder.flatMap((v) => [v - 1, v])]) {
    const outcomes = ladder.map((v) => {
      if (leftInclusion.includes(v)) return rightNonInclusion.includes(v) ? 'both' : 'included';
      return rightNonInclusion.includes(v) || v > n ? 'absent' : 'included';
    });
    const decides = (outcome: string, i: number): boolean =>
      outcome === 'both' || (outcome === 'included') === (ladder[i] as number) > t;
    const first = outcomes.findIndex(decides);
    const seen = first === -1 ? ladder : ladder.slice(0, first + 1);
    const versions = seen.filter((v) => !leftInclusion.includes(v) && !rightNonInclusion.includes(v));
    const fits = versions.every((v, i) => results[i] === v <= n);
    if (outcomes[first] === 'both') {
      // The contradiction is met before the results end.
      if (fits) throw new Refusal('ladder-conflict');
      continue;
    }
    if (versions.length !== results.length || !fits) continue;
    found.set(first === -1 ? 0 : outcomes[first] === 'included' ? 1 : -1, versions);
  }
  if (found.size > 1) throw new Error('the results do not decide');
  for (const [verdict, versions] of found) return { verdict, versions };
  throw new Refusal('ladder-length');
}
