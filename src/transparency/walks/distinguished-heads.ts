/**
 * Walking the recent distinguished log entries, from right to left (draft, "Walking Distinguished Heads",
 * "Algorithm"): common points of reference, at which two users can tell whether they see one log.
 */

import { assertInteger, assertObject } from '../../bytes/arguments.js';
import { isExpired } from './distinguished.js';
import { assertMilliseconds } from './order-bounds.js';
import { leftChild, rightChild, searchRoot } from './search-tree.js';
import { askTimestamp, type Walk } from './walk.js';

/** An entry that was met. */
export interface DistinguishedEntry {
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly timestampMs: number;
}

/** Whether an entry still counts as recent. Once it says no, it must say no to all that is further to the left. */
export type IsRecent = (
  entry: DistinguishedEntry,
  /** How many have been met before, all further to the right. */
  before: number,
  rightmostTimestampMs: number,
) => boolean;

/**
 * An application's definition of "recent", which its users and its log share: the draft's two (draft, "Walking
 * Distinguished Heads", "Algorithm"). It recommends no more than ten entries, and two or more for comparing.
 */
export type Recent =
  /** So many of the rightmost, 1 to 255. */
  | { readonly count: number }
  /** Those whose timestamp is less than this before that of the last entry. Milliseconds. */
  | { readonly withinMs: number };

/**
 * That definition, without expired entries: these are never recent.
 * @param maximumLifetimeMs as the log's configuration has it
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function recentBy(recent: Recent, maximumLifetimeMs: number | undefined): IsRecent {
  assertObject(recent, 'recent');
  if ('count' in recent) assertInteger(recent.count, 'recent.count', 1, RECENT_MAX);
  else assertMilliseconds(recent.withinMs, 'recent.withinMs');
  return ({ timestampMs }, before, rightmostMs) =>
    !isExpired(timestampMs, rightmostMs, maximumLifetimeMs) &&
    ('count' in recent ? before < recent.count : rightmostMs - timestampMs < recent.withinMs);
}

/** The most roots that a DistinguishedHead holds. */
const RECENT_MAX = 255;

/**
 * The walk over recent distinguished entries. The user's view of the tree has been updated before.
 *
 * @param stop where to end: an entry at or to the left of it is not enumerated; absent for nowhere
 * @param isRecent the application's definition, which both sides share; it must hold for no expired entry
 * @returns the entries from right to left
 */
export function* walkDistinguishedHeads(
  treeSize: number,
  windowMs: number,
  stop: number | undefined,
  isRecent: IsRecent,
): Walk<readonly DistinguishedEntry[]> {
  const met: DistinguishedEntry[] = [];
  const rightmostMs = yield* askTimestamp(treeSize - 1);
  let isOver = false;

  const visit = function* (position: number | undefined, left: number, right: number): Walk<void> {
    if (position === undefined || isOver || right - left < windowMs) return;
    const timestampMs = yield* askTimestamp(position);
    yield* visit(rightChild(position, treeSize), timestampMs, right);
    if (isOver) return;
    const entry = Object.freeze({ position, timestampMs });
    if ((stop !== undefined && position <= stop) || !isRecent(entry, met.length, rightmostMs)) {
      isOver = true;
      return;
    }
    met.push(entry);
    yield* visit(leftChild(position), left, timestampMs);
  };

  yield* visit(searchRoot(treeSize), 0, rightmostMs);
  return Object.freeze(met);
}
