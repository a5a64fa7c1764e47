/**
 * Hashing the nodes of trees, as many in one call of the engine as there are: all leaves, then level by level from
 * below.
 *
 *              ●          third call
 *             / \
 *            ●   ●        second call
 *           / \ / \
 *          ○  ○ ◌  ○      first call; what has a hash is left out, and all that is below it
 */

import { HASH_BYTES, LEAF_BYTES } from './key.js';
import { hashAtOf, kindOf, leafAtOf, leftOf, rightOf } from './node.js';
import { copyWords, LEAF, NOWHERE, reserve, type Slot, type Workspace } from './workspace.js';

const LEAF_TAG = 0x02;
const PARENT_TAG = 0x03;

/** Hashes what is not hashed in some trees whose tops stand at one depth. */
export function hashNodes(work: Workspace, tops: readonly Slot[]): void {
  const leaves: Slot[] = [];
  const levels: Slot[][] = [];
  for (const top of tops) collect(work, top, 0, leaves, levels);
  hashLeaves(work, leaves);
  for (let level = levels.length - 1; level >= 0; level--) hashParents(work, levels[level] as Slot[]);
}

/** Gathers the nodes without a hash. What is below a node with a hash has one too. */
function collect(work: Workspace, slot: Slot, level: number, leaves: Slot[], levels: Slot[][]): void {
  if (hashAtOf(work, slot) !== NOWHERE) return;
  if (kindOf(work, slot) === LEAF) {
    leaves.push(slot);
    return;
  }
  const nodes = levels[level];
  if (nodes === undefined) levels[level] = [slot];
  else nodes.push(slot);
  collect(work, leftOf(work, slot), level + 1, leaves, levels);
  collect(work, rightOf(work, slot), level + 1, leaves, levels);
}

function hashLeaves(work: Workspace, leaves: readonly Slot[]): void {
  const from = reserve(work, leaves.length * LEAF_BYTES);
  const { words } = work;
  let to = from;
  for (const leaf of leaves) {
    copyWords(words, leafAtOf(work, leaf), words, to, LEAF_BYTES);
    to += LEAF_BYTES;
  }
  hashPairs(work, leaves, from, LEAF_TAG);
}

function hashParents(work: Workspace, parents: readonly Slot[]): void {
  const from = reserve(work, parents.length * LEAF_BYTES);
  const { words } = work;
  let to = from;
  for (const parent of parents) {
    copyWords(words, hashAtOf(work, leftOf(work, parent)), words, to, HASH_BYTES);
    copyWords(words, hashAtOf(work, rightOf(work, parent)), words, to + HASH_BYTES, HASH_BYTES);
    to += LEAF_BYTES;
  }
  hashPairs(work, parents, from, PARENT_TAG);
}

/** Hashes 64 bytes for each node, and leaves the hashes where the bytes were. */
function hashPairs(work: Workspace, slots: readonly Slot[], from: number, tag: number): void {
  if (slots.length === 0) return;
  const pairs = work.bytes.subarray(from, from + slots.length * LEAF_BYTES);
  work.bytes.set(work.hasher.hashPairs(pairs, { left: tag }), from);
  work.length = from + slots.length * HASH_BYTES;
  const { hashAts } = work.nodes;
  let hashAt = from;
  for (const slot of slots) {
    hashAts[slot] = hashAt;
    hashAt += HASH_BYTES;
  }
}
