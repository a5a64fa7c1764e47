/**
 * Nodes of a prefix tree while it is worked on, and their hashes.
 *
 *              ●          parent   SHA-256( 03 ‖ left ‖ right )
 *             / \         leaf     SHA-256( 02 ‖ vrf_output ‖ commitment )
 *            ○   ●        absent   32 zeros, without hashing
 *               / \       closed   only its hash is known: an element of a proof, or the top of a stored page
 *              ∅   ◌
 *
 * (Draft, "Prefix Tree" under "Cryptographic Computations".) A tree without leaves has the root of 32 zeros; in a
 * tree of one leaf that was never larger, the leaf is the root, at depth 0. The draft leaves both open.
 */

import { HASH_BYTES, LEAF_BYTES } from './key.js';
import { reserve, type Workspace, ZERO_AT } from './workspace.js';

/** A node, or `undefined` where there is none. */
export type Slot = TreeNode | undefined;

/** A node. Of one shape for all kinds, so that a batch of them stays fast; the offsets are into the workspace. */
export interface TreeNode {
  kind: 'leaf' | 'parent' | 'closed';
  left: Slot;
  right: Slot;
  /** Of a leaf: where its key and commitment lie. */
  leafAt: number;
  /** Where its hash lies, or {@link NOWHERE} as long as it is not computed. */
  hashAt: number;
  /** Of the top of a stored page: the position under which that page is stored, or {@link NOWHERE}. */
  position: number;
}

/** No offset, no position. */
export const NOWHERE = -1;

const LEAF_TAG = 0x02;
const PARENT_TAG = 0x03;

/** A leaf, not yet hashed. */
export function leafNode(leafAt: number): TreeNode {
  return { kind: 'leaf', left: undefined, right: undefined, leafAt, hashAt: NOWHERE, position: NOWHERE };
}

/** A parent, not yet hashed. */
export function parentNode(left: Slot, right: Slot): TreeNode {
  return { kind: 'parent', left, right, leafAt: NOWHERE, hashAt: NOWHERE, position: NOWHERE };
}

/** A node of which only the hash is known. */
export function closedNode(hashAt: number, position: number): TreeNode {
  return { kind: 'closed', left: undefined, right: undefined, leafAt: NOWHERE, hashAt, position };
}

/** Where the hash of a slot lies. */
export function hashOf(slot: Slot): number {
  return slot === undefined ? ZERO_AT : slot.hashAt;
}

/**
 * Hashes what is not hashed in some trees whose tops stand at one depth: all leaves in one call of the engine,
 * then level by level from below, one call each.
 */
export function hashNodes(work: Workspace, tops: readonly Slot[]): void {
  const leaves: TreeNode[] = [];
  const levels: TreeNode[][] = [];
  for (const top of tops) collect(top, 0, leaves, levels);
  hashEach(work, leaves, LEAF_TAG, ({ leafAt }, to) => {
    work.bytes.copyWithin(to, leafAt, leafAt + LEAF_BYTES);
  });
  for (const level of levels.reverse()) {
    hashEach(work, level, PARENT_TAG, ({ left, right }, to) => {
      const leftAt = hashOf(left);
      const rightAt = hashOf(right);
      work.bytes.copyWithin(to, leftAt, leftAt + HASH_BYTES);
      work.bytes.copyWithin(to + HASH_BYTES, rightAt, rightAt + HASH_BYTES);
    });
  }
}

/** Gathers the nodes without a hash. What is below a node with a hash has one too. */
function collect(slot: Slot, level: number, leaves: TreeNode[], levels: TreeNode[][]): void {
  if (slot === undefined || slot.hashAt !== NOWHERE) return;
  if (slot.kind === 'leaf') {
    leaves.push(slot);
    return;
  }
  const nodes = levels[level];
  if (nodes === undefined) levels[level] = [slot];
  else nodes.push(slot);
  collect(slot.left, level + 1, leaves, levels);
  collect(slot.right, level + 1, leaves, levels);
}

/** Gathers 64 bytes for each node, hashes them all in one call, and leaves the hashes where the bytes were. */
function hashEach(
  work: Workspace,
  nodes: readonly TreeNode[],
  tag: number,
  gather: (node: TreeNode, to: number) => void,
): void {
  if (nodes.length === 0) return;
  const length = nodes.length * LEAF_BYTES;
  const from = reserve(work, length);
  for (const [i, node] of nodes.entries()) gather(node, from + i * LEAF_BYTES);
  const hashes = work.hasher.hashPairs(work.bytes.subarray(from, from + length), { left: tag });
  work.bytes.set(hashes, from);
  work.length = from + nodes.length * HASH_BYTES;
  for (const [i, node] of nodes.entries()) node.hashAt = from + i * HASH_BYTES;
}
