/**
 * Searching for the greatest version of a label (draft, "Greatest-Version Search", "Algorithm").
 *
 *                    7*                     from the rightmost distinguished entry, here 11, or the root where none is,
 *              /           \                to the right along the frontier: 11 13
 *           3                 11*
 *         /   \             /    \          the greatest version is claimed, so each entry is asked for a ladder of it:
 *       1       5         9       (13)      nowhere may a greater one be, and the last entry must have it
 *
 * Label owners check distinguished entries, so what was true of the label up to there is theirs to have noticed.
 */

import { VerificationError } from '../../errors.js';
import { walkRightmostDistinguished } from './distinguished.js';
import { rightChild, searchRoot } from './search-tree.js';
import { askSearchLadder, type Walk } from './walk.js';

/** Where a search ended. */
export interface SearchResult {
  /** The terminal log entry: for a greatest version, the leftmost inspected one that has it. */
  readonly terminal: number;
  /**
   * The rightmost distinguished log entry; `undefined` where none is. A user of a log that is deployed for contact
   * monitoring must monitor the label where the terminal entry is further to the right.
   */
  readonly rightmostDistinguished: number | undefined;
}

/**
 * The walk of a greatest-version search. The user's view of the tree has been updated before.
 * @param treeSize of the current tree, 1 or more
 * @param windowMs the log's Reasonable Monitoring Window
 * @param claimed the greatest version, as the log claims it: 0 to 2^32 - 1
 * @throws VerificationError `ERR_GREATEST_VERSION` the label has a greater version somewhere, or lacks this one at
 *   the end
 * @throws ArgumentRangeError
 */
export function* walkGreatestVersion(
  treeSize: number,
  windowMs: number,
  claimed: number,
): Walk<SearchResult> {
  const rightmostDistinguished = yield* walkRightmostDistinguished(treeSize, windowMs);
  let terminal = treeSize - 1;
  let position: number | undefined = rightmostDistinguished ?? searchRoot(treeSize);
  while (position !== undefined) {
    const verdict = yield* askSearchLadder(position, claimed, true);
    const isLast: boolean = position === treeSize - 1;
    if (verdict === 1 || (isLast && verdict !== 0)) {
      throw new VerificationError('ERR_GREATEST_VERSION', 'the claimed version is not the greatest');
    }
    if (verdict === 0) terminal = Math.min(terminal, position);
    position = isLast ? undefined : rightChild(position, treeSize);
  }
  return Object.freeze({ terminal, rightmostDistinguished });
}
