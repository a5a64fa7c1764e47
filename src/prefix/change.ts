/**
 * Removing and adding leaves, for the operator's stored tree and for an auditor's piece of one alike: only so do
 * both arrive at the same root.
 *
 * Removals come first. A removal empties the leaf's place; a parent goes with its last child, as the draft knows no
 * node of neither kind ("Terminology"); and nothing moves.
 *
 *          ●               ●              ●
 *         / \   remove b  / \   remove c / \
 *        a   ●     →     a   ●     →    a   ∅
 *           / \             / \
 *          b   c           ∅   c                  a and c stay where they are
 *
 * That c does not move up to take its parent's place, the draft does not say. But whether a sibling is a leaf, its
 * hash in a proof does not tell, so an auditor could not follow; that it is missing, 32 zeros do tell.
 */

import { StateError, VerificationError } from '../errors.js';
import { compareKeys, DEPTH_MAX, splitAt } from './key.js';
import { leafNode, NOWHERE, parentNode, type Slot, type TreeNode } from './node.js';
import type { Workspace } from './workspace.js';

/** A run of keys in ascending order, none of them twice: offsets into the workspace. */
interface Run {
  readonly work: Workspace;
  readonly keys: readonly number[];
}

/**
 * Takes leaves out of a tree.
 * @param keys offsets of keys, ascending
 * @returns the new tree; the nodes of the old one were changed
 * @throws VerificationError `ERR_PREFIX_ABSENT`
 */
export function removeLeaves(work: Workspace, top: Slot, keys: readonly number[]): Slot {
  return remove({ work, keys }, top, 0, keys.length, 0);
}

/**
 * Puts leaves into a tree.
 * @param keys offsets of leaves, ascending by their keys
 * @returns the new tree; the nodes of the old one were changed
 * @throws VerificationError `ERR_PREFIX_PRESENT`, `ERR_PREFIX_DEPTH`
 */
export function addLeaves(work: Workspace, top: Slot, keys: readonly number[]): Slot {
  return add({ work, keys }, top, 0, keys.length, 0);
}

function remove(run: Run, slot: Slot, low: number, high: number, depth: number): Slot {
  if (low === high) return slot;
  if (slot?.kind === 'parent') {
    const middle = splitAt(run.work.bytes, run.keys, low, high, depth);
    slot.left = remove(run, slot.left, low, middle, depth + 1);
    slot.right = remove(run, slot.right, middle, high, depth + 1);
    return slot.left === undefined && slot.right === undefined ? undefined : touched(slot);
  }
  assertOpen(slot);
  const [key] = run.keys.slice(low, high) as [number];
  if (slot === undefined || high - low > 1 || compareKeys(run.work.bytes, slot.leafAt, key) !== 0) {
    throw new VerificationError('ERR_PREFIX_ABSENT', 'a key is removed that is not in the tree');
  }
  return undefined;
}

function add(run: Run, slot: Slot, low: number, high: number, depth: number): Slot {
  if (low === high) return slot;
  if (slot?.kind === 'parent') {
    const middle = splitAt(run.work.bytes, run.keys, low, high, depth);
    slot.left = add(run, slot.left, low, middle, depth + 1);
    slot.right = add(run, slot.right, middle, high, depth + 1);
    return touched(slot);
  }
  assertOpen(slot);
  if (slot === undefined) return build(run, low, high, depth);
  const keys = run.keys.slice(low, high);
  const { leafAt } = slot;
  const order = keys.map((key) => compareKeys(run.work.bytes, key, leafAt));
  if (order.includes(0)) {
    throw new VerificationError('ERR_PREFIX_PRESENT', 'a key is added that is in the tree');
  }
  keys.splice(order.filter((sign) => sign < 0).length, 0, leafAt);
  return build({ work: run.work, keys }, 0, keys.length, depth);
}

/** A tree of leaves that take a free place: each stands where no other shares its prefix. */
function build(run: Run, low: number, high: number, depth: number): TreeNode {
  if (high - low === 1) return leafNode(run.keys[low] as number);
  if (depth === DEPTH_MAX) {
    throw new VerificationError('ERR_PREFIX_DEPTH', 'two keys share their first 255 bits');
  }
  const middle = splitAt(run.work.bytes, run.keys, low, high, depth);
  const left = low === middle ? undefined : build(run, low, middle, depth + 1);
  const right = middle === high ? undefined : build(run, middle, high, depth + 1);
  return parentNode(left, right);
}

function touched(node: TreeNode): TreeNode {
  node.hashAt = NOWHERE;
  return node;
}

function assertOpen(slot: Slot): void {
  if (slot?.kind === 'closed') throw new StateError('ERR_NOT_READY', 'a part of the tree was not opened');
}
