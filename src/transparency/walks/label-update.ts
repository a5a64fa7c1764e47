/**
 * Checking that new versions of a label were inserted as its owner knows them (draft, "Updating a Label",
 * "Algorithm").
 *
 *     entries   0 … … … position-1 │ position … … … last       1. the previous tree had no greater version: a
 *               previous tree      │ new versions                 greatest-version search in it, as far as no owner's
 *               └──────────────────┴─ current tree                monitoring covers it
 *                                                              2. the entry at `position` holds the new ones
 *
 * Which entries are distinguished is decided in the current tree throughout.
 */

import { VerificationError } from '../../errors.js';
import { walkIsDistinguished } from './distinguished.js';
import { baseLadder } from './ladder.js';
import { frontier } from './search-tree.js';
import { askLookUps, askSearchLadder, type Walk } from './walk.js';
import { assumeSearchLadder } from './walk.js';

/** New versions of a label, in one log entry. */
export interface InsertedVersions {
  /** The log entry that they were inserted in. */
  readonly position: number;
  /** The label's greatest version before; `undefined` where it had none. */
  readonly previousGreatest: number | undefined;
  /**
   * The rightmost of: the owner's starting position, the entry that the previous greatest version was inserted in.
   * Looked at only where there is a previous greatest version.
   */
  readonly previousPosition: number;
  /** The new versions, ascending, without a gap: skipped ones first. */
  readonly versions: readonly number[];
  /** The greatest version that each earlier log entry holds, as the owner knows it. */
  readonly greatestAt: (position: number) => number | undefined;
}

/** Where new versions were found. */
export interface UpdateResult {
  /** Whether the entry is distinguished. Where not, the owner monitors the new greatest version from there. */
  readonly isDistinguished: boolean;
}

/**
 * The walk that checks an update. The user's view of the tree has been updated before.
 * @throws VerificationError `ERR_GREATEST_VERSION` the previous tree held a greater version, or the entry does not
 *   hold the new ones as its greatest; `ERR_UPDATED_VERSION` it lacks one of the new versions
 */
export function* walkLabelUpdate(
  treeSize: number,
  windowMs: number,
  inserted: InsertedVersions,
): Walk<UpdateResult> {
  yield* searchPreviousTree(treeSize, windowMs, inserted);
  const { position, versions } = inserted;
  const greatest = versions.at(-1) as number;
  const isDistinguished = yield* walkIsDistinguished(position, treeSize, windowMs);
  if (!isDistinguished && (yield* askSearchLadder(position, greatest, true)) !== 0) {
    throw new VerificationError('ERR_GREATEST_VERSION', 'the new version is not the greatest');
  }
  const ladder = new Set(baseLadder(greatest));
  const beside = versions.filter((version) => !ladder.has(version));
  if (beside.length > 0) {
    const included = yield* askLookUps(position, beside);
    if (!included.every((isIncluded) => isIncluded)) {
      throw new VerificationError('ERR_UPDATED_VERSION', 'a new version is not where it was inserted');
    }
  }
  return Object.freeze({ isDistinguished });
}

/** Step 1: nobody slipped in another version between the last that the owner knows and the new ones. */
function* searchPreviousTree(
  treeSize: number,
  windowMs: number,
  { position, previousGreatest, previousPosition, greatestAt }: InsertedVersions,
): Walk<void> {
  if (position === 0) return;
  // The path to the previous tree's last entry is asked for first, and holds what its frontier needs.
  yield* walkIsDistinguished(position - 1, treeSize, windowMs);
  let isCovered = true;
  const target = previousGreatest ?? 0;
  for (const entry of frontier(position)) {
    isCovered &&= yield* walkIsDistinguished(entry, treeSize, windowMs);
    if (isCovered) continue;
    if (previousGreatest !== undefined && entry <= previousPosition) {
      // Passed over, and yet what it would have shown is left out further to the right, "as if the log entries had
      // been inspected": what this entry would have shown, with the version that it holds, which may be below the
      // target. None of these is left of the owner's start: an entry of this frontier up to there is the start, or an
      // ancestor of it, so distinguished as well.
      yield* assumeSearchLadder(entry, target, greatestAt(entry));
      continue;
    }
    const verdict = yield* askSearchLadder(entry, target, true);
    if (verdict !== (previousGreatest === undefined ? -1 : 0)) {
      throw new VerificationError('ERR_GREATEST_VERSION', 'the previous tree holds another greatest version');
    }
  }
}
