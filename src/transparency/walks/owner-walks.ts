/**
 * What a label's owner checks (draft, "Monitoring the Tree", "Owner Algorithm"): that the label's past is what the
 * owner takes it to be, and then, time and again, that distinguished log entries hold no version that is not the
 * owner's.
 */

import { PolicyError, VerificationError } from '../../errors.js';
import { isExpired, walkIsDistinguished } from './distinguished.js';
import type { SearchPolicy } from './fixed-version-search.js';
import { leftAncestors, leftChild, rightChild, searchRoot } from './search-tree.js';
import { askIsOver, askLookUps, askSearchLadder, askTimestamp, type Walk } from './walk.js';

/** The greatest version that a log entry should hold; `undefined` where the label should not be there. */
export type ExpectedVersion = (position: number, index: number) => number | undefined;

/** What an owner found in a log entry. */
export interface OwnedEntry {
  readonly position: number;
  /** `undefined` where the label does not exist. */
  readonly greatest: number | undefined;
}

/**
 * The walk of an owner's initialization. The user's view of the tree has been updated before.
 *
 * @param start the starting position that the owner asked for, below treeSize
 * @param expected the greatest version in each inspected entry, as the log claims it; `index` counts from 0
 * @returns the inspected entries: start, then its ancestors to the left, the nearest first
 * @throws PolicyError `ERR_OWNER_START` the starting position is expired or not distinguished
 * @throws VerificationError `ERR_GREATEST_VERSION` an entry holds another greatest version
 */
export function* walkOwnerInitialization(
  treeSize: number,
  policy: SearchPolicy,
  start: number,
  expected: ExpectedVersion,
): Walk<readonly OwnedEntry[]> {
  const rightmostMs = yield* askTimestamp(treeSize - 1);
  const expired = function* (position: number): Walk<boolean> {
    return isExpired(yield* askTimestamp(position), rightmostMs, policy.maximumLifetimeMs);
  };
  const isChecked = yield* walkIsDistinguished(start, treeSize, policy.reasonableMonitoringWindowMs);
  if (!isChecked || (yield* expired(start))) {
    throw new PolicyError('ERR_OWNER_START', 'the starting position is expired or not distinguished');
  }
  const owned: OwnedEntry[] = [];
  for (const position of [start, ...leftAncestors(start, treeSize)]) {
    if (yield* expired(position)) break;
    const greatest = expected(position, owned.length);
    yield* confirmGreatest(position, greatest);
    owned.push(Object.freeze({ position, greatest }));
  }
  return Object.freeze(owned);
}

/** How far an owner's monitoring came. */
export interface OwnerMonitoring {
  /** The rightmost distinguished entry that has been verified, or where it started. */
  readonly verified: number;
  /** Whether the proof ended before the rightmost distinguished entry: then the owner asks again. */
  readonly isPartial: boolean;
}

/**
 * The walk of an owner's monitoring: distinguished entries to the right of a position, from left to right. The
 * user's view of the tree has been updated before, and the label's map monitored.
 *
 * @param start the rightmost distinguished entry that was verified before, below treeSize
 * @param expected the greatest version in each entry, as the owner knows it
 * @throws VerificationError `ERR_GREATEST_VERSION` an entry holds another greatest version
 */
export function* walkOwnerMonitoring(
  treeSize: number,
  windowMs: number,
  start: number,
  expected: (position: number) => number | undefined,
): Walk<OwnerMonitoring> {
  let verified = start;
  let isPartial = false;

  const visit = function* (position: number, left: number, right: number): Walk<void> {
    if (right - left < windowMs) return;
    const child = rightChild(position, treeSize);
    if (position > start) {
      const before = leftChild(position);
      if (before !== undefined) yield* visit(before, left, yield* askTimestamp(position));
      if (isPartial) return;
      const greatest = expected(position);
      if (yield* askIsOver(position, greatest)) {
        isPartial = true;
        return;
      }
      yield* confirmGreatest(position, greatest);
      verified = position;
    }
    if (child !== undefined) yield* visit(child, yield* askTimestamp(position), right);
  };

  yield* visit(searchRoot(treeSize), 0, yield* askTimestamp(treeSize - 1));
  return Object.freeze({ verified, isPartial });
}

/**
 * Asks an entry for a ladder that confirms its greatest version, without omissions. Where the label is not there, that
 * is the absence of version 0; of no other version need the owner know the VRF output.
 */
function* confirmGreatest(position: number, greatest: number | undefined): Walk<void> {
  const isConfirmed =
    greatest === undefined
      ? (yield* askLookUps(position, [0]))[0] === false
      : (yield* askSearchLadder(position, greatest, false)) === 0;
  if (!isConfirmed) {
    throw new VerificationError('ERR_GREATEST_VERSION', 'a log entry holds another greatest version');
  }
}
