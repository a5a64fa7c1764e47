/**
 * Searching for one version of a label (draft, "Fixed-Version Search", "Algorithm"): a binary search over log
 * entries for the first that has it, which ends sooner where an entry has it as its greatest.
 *
 *     expired        →  right child, without a look into the prefix tree: it may be pruned
 *     greatest below →  right child
 *     greatest above →  left child
 *     greatest equal →  found, if an owner could check it: nothing above is expired, or the entry or an unexpired
 *                       one above it to the left is distinguished
 *     no child       →  the leftmost entry with a greater version is asked for this one, if an unexpired
 *                       distinguished entry was inspected to the left of it, or nothing was expired
 */

import { isExpired, walkIsDistinguished, walkRightmostDistinguished } from './distinguished.js';
import type { SearchResult } from './greatest-version-search.js';
import type { LadderVerdict } from './ladder.js';
import { leftChild, rightChild, searchRoot } from './search-tree.js';
import { askLookUps, askSearchLadder, askTimestamp, type Walk } from './walk.js';

/** What a search needs to know of the log's configuration. A `Configuration` has it. */
export interface SearchPolicy {
  readonly reasonableMonitoringWindowMs: number;
  /** `undefined` where log entries do not expire. */
  readonly maximumLifetimeMs: number | undefined;
}

/** How a search for one version ended. */
export type FixedVersionResult =
  | ({ readonly outcome: 'found' } & SearchResult)
  /** Nothing shows the version; `absent` where the log says there is none, `expired` where it may be too old. */
  | { readonly outcome: 'absent' | 'expired' };

/** A log entry that was inspected. */
interface Inspected {
  readonly position: number;
  readonly verdict: LadderVerdict | 'expired';
}

const ABSENT: FixedVersionResult = /* @__PURE__ */ Object.freeze({ outcome: 'absent' });
const EXPIRED: FixedVersionResult = /* @__PURE__ */ Object.freeze({ outcome: 'expired' });

/**
 * The walk of a fixed-version search. The user's view of the tree has been updated before, so that the last entry's
 * timestamp is known.
 *
 * The draft has no encoding for negative results: the client treats `absent` and `expired` as a response that fails.
 *
 * @param treeSize of the current tree, 1 or more
 * @param target the version, 0 to 2^32 - 1
 * @throws ArgumentRangeError
 */
export function* walkFixedVersion(
  treeSize: number,
  policy: SearchPolicy,
  target: number,
): Walk<FixedVersionResult> {
  const inspected: Inspected[] = [];
  const rightmostMs = yield* askTimestamp(treeSize - 1);
  let position: number | undefined = searchRoot(treeSize);
  while (position !== undefined) {
    const timestampMs = yield* askTimestamp(position);
    if (isExpired(timestampMs, rightmostMs, policy.maximumLifetimeMs)) {
      inspected.push({ position, verdict: 'expired' });
      position = rightChild(position, treeSize);
      continue;
    }
    const verdict = yield* askSearchLadder(position, target, true);
    inspected.push({ position, verdict });
    if (verdict === 0) {
      const checked =
        !hasExpired(inspected) || (yield* anyDistinguished(inspected, treeSize, policy, position));
      return checked ? yield* found(position, treeSize, policy) : EXPIRED;
    }
    position = verdict === -1 ? rightChild(position, treeSize) : leftChild(position);
  }

  const above = inspected.filter(({ verdict }) => verdict === 1).map((entry) => entry.position);
  if (above.length === 0) return ABSENT;
  const leftmost = Math.min(...above);
  // Strictly to its left: where it is itself the leftmost that owners check, none of them may have looked.
  if (hasExpired(inspected) && !(yield* anyDistinguished(inspected, treeSize, policy, leftmost - 1))) {
    return EXPIRED;
  }
  const [isIncluded] = yield* askLookUps(leftmost, [target]);
  return isIncluded === true ? yield* found(leftmost, treeSize, policy) : ABSENT;
}

function* found(
  terminal: number,
  treeSize: number,
  { reasonableMonitoringWindowMs }: SearchPolicy,
): Walk<FixedVersionResult> {
  const rightmostDistinguished = yield* walkRightmostDistinguished(treeSize, reasonableMonitoringWindowMs);
  return Object.freeze({ outcome: 'found', terminal, rightmostDistinguished });
}

function hasExpired(inspected: readonly Inspected[]): boolean {
  return inspected.some(({ verdict }) => verdict === 'expired');
}

/**
 * Whether an inspected entry that is not expired, up to a position, is distinguished. Inspected entries are each
 * other's ancestors, so no timestamp is asked for that is not known.
 */
function* anyDistinguished(
  inspected: readonly Inspected[],
  treeSize: number,
  { reasonableMonitoringWindowMs }: SearchPolicy,
  upTo: number,
): Walk<boolean> {
  for (const { position, verdict } of inspected) {
    if (verdict === 'expired' || position > upTo) continue;
    if (yield* walkIsDistinguished(position, treeSize, reasonableMonitoringWindowMs)) return true;
  }
  return false;
}
