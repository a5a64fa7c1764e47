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
import { kindOf, leafAtOf, leafNode, leftOf, parentNode, positionOf, rightOf, setChildren } from './node.js';
import { ABSENT, CLOSED, NOWHERE, PARENT, type Slot, type Workspace } from './workspace.js';

/** Keys in ascending order, none of them twice: offsets into the workspace. */
export interface Run {
  readonly work: Workspace;
  readonly keys: readonly number[];
  /**
   * The depth of the stored pages that are not this run's to change: they have been. `Infinity` where all is.
   */
  readonly end: number;
}

/**
 * Takes leaves out of a tree.
 * @param low, high the keys of the run that lead to the tree's top, which stands at `depth`
 * @returns the new tree; the nodes of the old one were changed
 * @throws VerificationError `ERR_PREFIX_ABSENT`
 */
export function removeLeaves(run: Run, slot: Slot, low: number, high: number, depth: number): Slot {
  if (low === high) return slot;
  const { work, keys } = run;
  if (depth === run.end && positionOf(work, slot) !== NOWHERE) {
    return kindOf(work, slot) === ABSENT ? ABSENT : slot;
  }
  if (kindOf(work, slot) === PARENT) {
    const middle = splitAt(work.bytes, keys, low, high, depth);
    const left = removeLeaves(run, leftOf(work, slot), low, middle, depth + 1);
    const right = removeLeaves(run, rightOf(work, slot), middle, high, depth + 1);
    if (left === ABSENT && right === ABSENT) return ABSENT;
    setChildren(work, slot, left, right);
    return slot;
  }
  assertOpen(work, slot);
  const isThere =
    slot !== ABSENT &&
    high - low === 1 &&
    compareKeys(work.bytes, leafAtOf(work, slot), keys[low] as number) === 0;
  if (!isThere) {
    throw new VerificationError('ERR_PREFIX_ABSENT', 'a key is removed that is not in the tree');
  }
  return ABSENT;
}

/**
 * Puts leaves into a tree, as {@link removeLeaves} takes them out; keys are those of leaves here.
 * @throws VerificationError `ERR_PREFIX_PRESENT`, `ERR_PREFIX_DEPTH`
 */
export function addLeaves(run: Run, slot: Slot, low: number, high: number, depth: number): Slot {
  if (low === high) return slot;
  const { work, keys } = run;
  if (slot === ABSENT) return build(run, low, high, depth);
  if (depth === run.end && positionOf(work, slot) !== NOWHERE) return slot;
  if (kindOf(work, slot) === PARENT) {
    const middle = splitAt(work.bytes, keys, low, high, depth);
    const left = addLeaves(run, leftOf(work, slot), low, middle, depth + 1);
    const right = addLeaves(run, rightOf(work, slot), middle, high, depth + 1);
    setChildren(work, slot, left, right);
    return slot;
  }
  assertOpen(work, slot);
  const leafAt = leafAtOf(work, slot);
  const below = keys.slice(low, high);
  const order = below.map((key) => compareKeys(work.bytes, key, leafAt));
  if (order.includes(0)) {
    throw new VerificationError('ERR_PREFIX_PRESENT', 'a key is added that is in the tree');
  }
  below.splice(order.filter((sign) => sign < 0).length, 0, leafAt);
  return build({ ...run, keys: below }, 0, below.length, depth);
}

/** A tree of leaves that take a free place: each stands where no other shares its prefix. */
function build(run: Run, low: number, high: number, depth: number): Slot {
  const { work, keys } = run;
  if (low === high) return ABSENT;
  if (high - low === 1) return leafNode(work, keys[low] as number);
  if (depth === DEPTH_MAX) {
    throw new VerificationError('ERR_PREFIX_DEPTH', 'two keys share their first 255 bits');
  }
  const middle = splitAt(work.bytes, keys, low, high, depth);
  const left = build(run, low, middle, depth + 1);
  return parentNode(work, left, build(run, middle, high, depth + 1));
}

function assertOpen(work: Workspace, slot: Slot): void {
  if (kindOf(work, slot) === CLOSED) {
    throw new StateError('ERR_NOT_READY', 'a part of the tree was not opened');
  }
}
