/** "Walking Distinguished Heads" of draft-ietf-keytrans-protocol (commit 526cc8a). */
import { equal } from './encoding.js';
import type { Entries } from './keytrans-entries.js';
import * as order from './keytrans-order.js';

/** "the two simplest possible definitions": `n` rightmost ones, or those younger than a threshold. */
export type RecentRule = { readonly count: number } | { readonly withinMs: number };

/** @returns the entries that were enumerated, from right to left */
export function distinguishedWalk(entries: Entries, stop: number | null, recent: RecentRule): number[] {
  const { treeSize } = entries.task;
  const enumerated: number[] = [];
  const isRecent = (x: number): boolean => {
    // "MUST NOT include any expired distinguished log entries"
    if (entries.isExpired(x)) return false;
    if ('count' in recent) return enumerated.length < recent.count;
    return entries.time(treeSize - 1) - entries.time(x) < recent.withinMs;
  };
  const recurse = (x: number | null): void => {
    if (x === null || !entries.isDistinguished(x)) return; // Step 1
    entries.time(x); // "each log entry that reaches step 2"
    recurse(order.childOf(() => order.right(x, treeSize))); // Step 2
    if (stop !== null && x <= stop) return; // Step 3
    if (!isRecent(x)) return; // Step 4
    enumerated.push(x);
    recurse(order.childOf(() => order.left(x))); // Step 5
  };
  recurse(order.root(treeSize));
  return enumerated;
}

/**
 * "checking that each list is either a prefix or a suffix of the other, having at least one root value in common": as
 * the text says, so the lists may have different lengths.
 * @returns how many roots they have in common, at most; 0 for none
 */
export function commonRoots(own: readonly Uint8Array[], peer: readonly Uint8Array[]): number {
  const same = (a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean =>
    a.every((root, i) => equal(root, b[i] as Uint8Array));
  const counts = Array.from({ length: Math.min(own.length, peer.length) }, (_, i) => i + 1);
  const fitting = counts.filter(
    (n) => same(own.slice(-n), peer.slice(0, n)) || same(peer.slice(-n), own.slice(0, n)),
  );
  return fitting.at(-1) ?? 0;
}
