/**
 * Distinguished log entries, those that label owners check, and expired ones, which a log may have pruned
 * (draft-ietf-keytrans-protocol, "Reasonable Monitoring Window" and "Maximum Lifetime").
 *
 * From the root down, an entry stands between a left and a right timestamp, at first 0 and that of the last entry.
 * It is distinguished if they are at least the window apart; its own timestamp then bounds its children:
 *
 *     window 10        7 (t = 14)     0 … 21   distinguished
 *                    /            \
 *          3 (t = 6)                11 (t = 18)
 *          0 … 14  distinguished    14 … 21  not, nor is anything below
 *
 * So a status depends on the timestamps of ancestors and of the last entry, never on the entry's own, and nothing
 * is distinguished below what is not. A window of 0 makes every entry distinguished.
 *
 * Timestamps are asked for one by one and only when a decision needs them: in a proof, who asks first is part of the
 * protocol. What is asked for must not decrease from left to right; whoever answers sees to that.
 */

import { assertMilliseconds, assertPosition, assertTreeSize } from './order-bounds.js';
import { leftChild, rightChild, searchRoot } from './search-tree.js';
import { askTimestamp, type Walk } from './walk.js';

/**
 * Whether a log entry is distinguished. Asks for the last entry's timestamp, then for the ancestors' from the root
 * down, until one of them is not distinguished, which is then not asked.
 *
 * @param position 0 to treeSize - 1
 * @param windowMs the log's Reasonable Monitoring Window
 * @throws ArgumentRangeError
 */
export function* walkIsDistinguished(position: number, treeSize: number, windowMs: number): Walk<boolean> {
  assertPosition(position, treeSize);
  assertMilliseconds(windowMs, 'windowMs');
  let left = 0;
  let right = yield* askTimestamp(treeSize - 1);
  let at: number | undefined = searchRoot(treeSize);
  while (at !== undefined && right - left >= windowMs) {
    if (at === position) return true;
    if (position < at) {
      right = yield* askTimestamp(at);
      at = leftChild(at);
    } else {
      left = yield* askTimestamp(at);
      at = rightChild(at, treeSize);
    }
  }
  return false;
}

/**
 * The rightmost distinguished log entry, or `undefined` where none is. It is on the frontier, and where the lifetime
 * is above the window, as it must be, it is not expired. Asks for timestamps of the frontier only: the last, then
 * from the root down to the entry that it returns.
 *
 * @throws ArgumentRangeError
 */
export function* walkRightmostDistinguished(treeSize: number, windowMs: number): Walk<number | undefined> {
  assertTreeSize(treeSize);
  assertMilliseconds(windowMs, 'windowMs');
  const right = yield* askTimestamp(treeSize - 1);
  let left = 0;
  let rightmost: number | undefined;
  let at: number | undefined = searchRoot(treeSize);
  while (at !== undefined && right - left >= windowMs) {
    rightmost = at;
    at = rightChild(at, treeSize);
    left = yield* askTimestamp(rightmost);
  }
  return rightmost;
}

/**
 * The rightmost distinguished log entry but the last: what an auditor asks when the last one removes leaves (draft,
 * "Auditing", step 5). Where the last entry stands above others it may hide them on the frontier; so this goes down its
 * left hand too. Asks for timestamps of the last entry, and of the frontier of the tree without it.
 *
 *                    7 last           7 is distinguished: down to 3, then right. Without 7 these are the frontier
 *              /                      of seven entries, 3 5 6
 *           3
 *         /   \
 *       1       5
 *      / \     / \
 *     0   2   4   6
 *
 * @throws ArgumentRangeError
 */
export function* walkDistinguishedBefore(treeSize: number, windowMs: number): Walk<number | undefined> {
  assertTreeSize(treeSize);
  assertMilliseconds(windowMs, 'windowMs');
  const last = treeSize - 1;
  const right = yield* askTimestamp(last);
  let left = 0;
  let rightmost: number | undefined;
  let at: number | undefined = searchRoot(treeSize);
  while (at !== undefined && right - left >= windowMs) {
    if (at === last) {
      at = leftChild(at);
    } else {
      rightmost = at;
      left = yield* askTimestamp(at);
      at = rightChild(at, treeSize);
    }
  }
  return rightmost;
}

/**
 * Whether a log entry has reached its maximum lifetime.
 *
 * @param timestampMs of the entry
 * @param rightmostTimestampMs of the tree's last entry, no earlier
 * @param maximumLifetimeMs as the log's configuration has it; `undefined` where it defines none, and nothing expires
 * @throws ArgumentRangeError
 */
export function isExpired(
  timestampMs: number,
  rightmostTimestampMs: number,
  maximumLifetimeMs: number | undefined,
): boolean {
  assertMilliseconds(timestampMs, 'timestampMs');
  assertMilliseconds(rightmostTimestampMs, 'rightmostTimestampMs');
  if (maximumLifetimeMs === undefined) return false;
  assertMilliseconds(maximumLifetimeMs, 'maximumLifetimeMs');
  return rightmostTimestampMs - timestampMs >= maximumLifetimeMs;
}
