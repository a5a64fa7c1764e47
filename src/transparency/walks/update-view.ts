/**
 * Which timestamps bring a user from the tree last seen to the current one (draft-ietf-keytrans-protocol, "Updating
 * Views of the Tree", "Algorithm"). From 5 entries to 14:
 *
 *                    7*                     the last entry seen is 4; its ancestors from 5 on, upwards: 5 7
 *              /           \                then the frontier to the right of the last of them: 11 13
 *           3                 11*
 *         /   \             /    \
 *       1       5*        9        13*
 *      / \     / \       / \       /
 *     0   2  (4)  6     8  10    12
 */

import { assertInteger } from '../../bytes/arguments.js';
import { assertTreeSize } from './order-bounds.js';
import { frontier, rightAncestors } from './search-tree.js';
import { askTimestamp, type Walk } from './walk.js';

/**
 * The log entries whose timestamps a user needs, in ascending order, which is the order of checking: at most 104.
 *
 * Where the last entry seen is on the new frontier it has no ancestor beyond it, and the frontier to its right is
 * all there is. Between trees of one size there is nothing.
 *
 * @param treeSize of the current tree
 * @param advertisedSize of the tree last seen, 1 to treeSize; absent for a user who has seen none
 * @throws ArgumentRangeError
 */
export function updateView(treeSize: number, advertisedSize?: number): number[] {
  assertTreeSize(treeSize);
  if (advertisedSize === undefined) return frontier(treeSize);
  assertInteger(advertisedSize, 'advertisedSize', 1, treeSize);
  const lastSeen = advertisedSize - 1;
  const ancestors = rightAncestors(lastSeen, treeSize);
  const start = ancestors.at(-1) ?? lastSeen;
  return [...ancestors, ...frontier(treeSize).filter((position) => position > start)];
}

/**
 * The walk that updates a view: asks for those timestamps. Whether they rise is for the source to see to, and whether
 * the last is near enough to the user's clock for whoever has one.
 */
export function* walkUpdateView(treeSize: number, advertisedSize?: number): Walk<void> {
  for (const position of updateView(treeSize, advertisedSize)) yield* askTimestamp(position);
}
