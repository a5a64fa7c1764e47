/**
 * The implicit binary search tree over log entries (draft-ietf-keytrans-protocol, "Implicit Binary Search Tree" and
 * the appendix of that name), in numbers alone. Fourteen entries:
 *
 *                    7
 *              /           \
 *           3                 11            frontier: 7, 11, 13, down the right hand to the last entry
 *         /   \             /    \
 *       1       5         9        13       direct path of 4: 5, 3, 7, up to the root
 *      / \     / \       / \       /
 *     0   2   4   6     8  10    12
 *
 * An entry's level is the number of one bits at the end of its position: 0 for even positions, which have no
 * children. Nothing here shifts or masks: positions go up to 2^53 - 2, and a bitwise operator would cut them to 32
 * bits.
 *
 * The frontier's positions plus one are the prefix sums of the sizes of the log tree's full subtrees (14 = 8 + 4 + 2:
 * 8, 12, 14), so both have as many members as the size has one bits, and the full subtrees of the tree that ends
 * with a frontier entry are the first of today's.
 */

import { assertPosition, assertTreeSize } from './order-bounds.js';

/**
 * The first entry of every search: the greatest power of two that the size reaches, less one.
 * @throws ArgumentRangeError
 */
export function searchRoot(treeSize: number): number {
  assertTreeSize(treeSize);
  let power = 1;
  while (power * 2 <= treeSize) power *= 2;
  return power - 1;
}

/**
 * The left child, or `undefined` for an entry at an even position. It is the same in every tree with this entry.
 * @throws ArgumentRangeError
 */
export function leftChild(position: number): number | undefined {
  assertPosition(position, Number.MAX_SAFE_INTEGER);
  const reach = childDistance(position);
  return reach === undefined ? undefined : position - reach;
}

/**
 * The right child, or `undefined`: an entry at an even position has none, nor has the last entry.
 * @throws ArgumentRangeError
 */
export function rightChild(position: number, treeSize: number): number | undefined {
  assertPosition(position, treeSize);
  const reach = childDistance(position);
  if (reach === undefined) return undefined;
  let child: number | undefined = position + reach;
  // In a right subtree that is not complete yet, the root stands further to the left; in an empty one there is none.
  while (child !== undefined && child >= treeSize) child = leftChild(child);
  return child;
}

/**
 * Ancestors, the parent first and the root last: at most 53. "Direct path" in the draft; the entry itself is not
 * part of it.
 * @throws ArgumentRangeError
 */
export function directPath(position: number, treeSize: number): number[] {
  assertPosition(position, treeSize);
  const path: number[] = [];
  let at: number | undefined = searchRoot(treeSize);
  while (at !== undefined && at !== position) {
    path.push(at);
    at = position < at ? leftChild(at) : rightChild(at, treeSize);
  }
  return path.reverse();
}

/**
 * The ancestors to the left, the nearest first: what an owner's initialization inspects.
 * @throws ArgumentRangeError
 */
export function leftAncestors(position: number, treeSize: number): number[] {
  return directPath(position, treeSize).filter((ancestor) => ancestor < position);
}

/**
 * The ancestors to the right, the nearest first, so in ascending order: the path on which a label is monitored.
 *
 * In a monitoring request an entry of the map lies at the log entry that first holds the version, or at one of these
 * of it. (The draft says "on the direct path", which has no place for the entry itself and would admit ancestors to
 * the left, where the version does not exist.)
 * @throws ArgumentRangeError
 */
export function rightAncestors(position: number, treeSize: number): number[] {
  return directPath(position, treeSize).filter((ancestor) => ancestor > position);
}

/**
 * The root, its right child, and so on to the last entry: in ascending order, at most 53.
 * @throws ArgumentRangeError
 */
export function frontier(treeSize: number): number[] {
  const entries: number[] = [];
  let at: number | undefined = searchRoot(treeSize);
  while (at !== undefined) {
    entries.push(at);
    at = rightChild(at, treeSize);
  }
  return entries;
}

/** How far an entry's children are from it where the tree is complete, half of 2^level; none at level 0. */
function childDistance(position: number): number | undefined {
  if (position % 2 === 0) return undefined;
  let distance = 1;
  while (position % (distance * 4) === distance * 4 - 1) distance *= 2;
  return distance;
}
