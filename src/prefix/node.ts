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
 *
 * A node is its number in a table of columns: a batch opens half a million of them, and as many objects would keep
 * the garbage collector busier than the hashing.
 */

import { HASH_BYTES, LEAF_BYTES } from './key.js';
import {
  ABSENT,
  CLOSED,
  LEAF,
  type NodeTable,
  NOWHERE,
  PARENT,
  reserve,
  type Slot,
  type Workspace,
} from './workspace.js';

const LEAF_TAG = 0x02;
const PARENT_TAG = 0x03;

/** A leaf, not yet hashed, whose key and commitment lie at this offset. */
export function leafNode(work: Workspace, leafAt: number): Slot {
  return newNode(work, LEAF, ABSENT, ABSENT, leafAt, NOWHERE, NOWHERE);
}

/** A parent, not yet hashed. */
export function parentNode(work: Workspace, left: Slot, right: Slot): Slot {
  return newNode(work, PARENT, left, right, NOWHERE, NOWHERE, NOWHERE);
}

/**
 * A node of which only the hash is known.
 * @param position of the stored page that it is the top of, or {@link NOWHERE}
 */
export function closedNode(work: Workspace, hashAt: number, position: number): Slot {
  return newNode(work, CLOSED, ABSENT, ABSENT, NOWHERE, hashAt, position);
}

function newNode(
  { nodes }: Workspace,
  kind: number,
  left: Slot,
  right: Slot,
  leafAt: number,
  hashAt: number,
  position: number,
): Slot {
  const slot = nodes.count;
  if (slot === nodes.kinds.length) grow(nodes);
  nodes.count++;
  nodes.kinds[slot] = kind;
  nodes.lefts[slot] = left;
  nodes.rights[slot] = right;
  nodes.leafAts[slot] = leafAt;
  nodes.hashAts[slot] = hashAt;
  nodes.positions[slot] = position;
  return slot;
}

function grow(nodes: NodeTable): void {
  const length = 2 * nodes.kinds.length;
  const { kinds, lefts, rights, leafAts, hashAts, positions } = nodes;
  nodes.kinds = new Uint8Array(length);
  nodes.kinds.set(kinds);
  nodes.lefts = new Int32Array(length);
  nodes.lefts.set(lefts);
  nodes.rights = new Int32Array(length);
  nodes.rights.set(rights);
  nodes.leafAts = new Float64Array(length);
  nodes.leafAts.set(leafAts);
  nodes.hashAts = new Float64Array(length);
  nodes.hashAts.set(hashAts);
  nodes.positions = new Float64Array(length);
  nodes.positions.set(positions);
}

/** `ABSENT`, `LEAF`, `PARENT` or `CLOSED`. */
export function kindOf({ nodes }: Workspace, slot: Slot): number {
  return nodes.kinds[slot] as number;
}

export function leftOf({ nodes }: Workspace, slot: Slot): Slot {
  return nodes.lefts[slot] as number;
}

export function rightOf({ nodes }: Workspace, slot: Slot): Slot {
  return nodes.rights[slot] as number;
}

/** Of a leaf: where its key lies, and behind it its commitment. */
export function leafAtOf({ nodes }: Workspace, slot: Slot): number {
  return nodes.leafAts[slot] as number;
}

/** Where its hash lies, or {@link NOWHERE} as long as it is not computed. */
export function hashAtOf({ nodes }: Workspace, slot: Slot): number {
  return nodes.hashAts[slot] as number;
}

/** Of the top of a stored page: the position under which that is stored, or {@link NOWHERE}. */
export function positionOf({ nodes }: Workspace, slot: Slot): number {
  return nodes.positions[slot] as number;
}

export function setPosition({ nodes }: Workspace, slot: Slot, position: number): void {
  nodes.positions[slot] = position;
}

/** Gives a parent other children; its hash is then to be computed. */
export function setChildren({ nodes }: Workspace, slot: Slot, left: Slot, right: Slot): void {
  nodes.lefts[slot] = left;
  nodes.rights[slot] = right;
  nodes.hashAts[slot] = NOWHERE;
}

/** Makes a closed node what another one is; its hash is then to be computed. It stays the top of its page. */
export function openNode({ nodes }: Workspace, slot: Slot, as: Slot): void {
  nodes.kinds[slot] = nodes.kinds[as] as number;
  nodes.lefts[slot] = nodes.lefts[as] as number;
  nodes.rights[slot] = nodes.rights[as] as number;
  nodes.leafAts[slot] = nodes.leafAts[as] as number;
  nodes.hashAts[slot] = NOWHERE;
}

/**
 * Hashes what is not hashed in some trees whose tops stand at one depth: all leaves in one call of the engine,
 * then level by level from below, one call each.
 */
export function hashNodes(work: Workspace, tops: readonly Slot[]): void {
  const leaves: Slot[] = [];
  const levels: Slot[][] = [];
  for (const top of tops) collect(work, top, 0, leaves, levels);
  hashEach(work, leaves, LEAF_TAG, (leaf, to) => {
    const leafAt = leafAtOf(work, leaf);
    work.bytes.copyWithin(to, leafAt, leafAt + LEAF_BYTES);
  });
  for (const level of levels.reverse()) {
    hashEach(work, level, PARENT_TAG, (parent, to) => {
      const leftAt = hashAtOf(work, leftOf(work, parent));
      const rightAt = hashAtOf(work, rightOf(work, parent));
      work.bytes.copyWithin(to, leftAt, leftAt + HASH_BYTES);
      work.bytes.copyWithin(to + HASH_BYTES, rightAt, rightAt + HASH_BYTES);
    });
  }
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

/** Gathers 64 bytes for each node, hashes them all in one call, and leaves the hashes where the bytes were. */
function hashEach(
  work: Workspace,
  slots: readonly Slot[],
  tag: number,
  gather: (slot: Slot, to: number) => void,
): void {
  if (slots.length === 0) return;
  const length = slots.length * LEAF_BYTES;
  const from = reserve(work, length);
  let to = from;
  for (const slot of slots) {
    gather(slot, to);
    to += LEAF_BYTES;
  }
  const hashes = work.hasher.hashPairs(work.bytes.subarray(from, from + length), { left: tag });
  work.bytes.set(hashes, from);
  work.length = from + slots.length * HASH_BYTES;
  let hashAt = from;
  for (const slot of slots) {
    work.nodes.hashAts[slot] = hashAt;
    hashAt += HASH_BYTES;
  }
}
