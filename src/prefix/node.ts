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

import { HASH_BYTES } from './key.js';
import {
  ABSENT,
  CLOSED,
  copyWords,
  LEAF,
  type NodeTable,
  NOWHERE,
  PARENT,
  type Slot,
  type Workspace,
} from './workspace.js';

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

/** Makes a node the top of a stored page: of what is below, nothing is known any more but the hash. */
export function closeNode({ nodes }: Workspace, slot: Slot, position: number): void {
  nodes.kinds[slot] = CLOSED;
  nodes.positions[slot] = position;
}

/** Puts a node's hash elsewhere, over what is there. */
export function moveHash({ words, nodes }: Workspace, slot: Slot, hashAt: number): void {
  copyWords(words, nodes.hashAts[slot] as number, words, hashAt, HASH_BYTES);
  nodes.hashAts[slot] = hashAt;
}

/** Gives a parent other children; its hash is then to be computed. */
export function setChildren({ nodes }: Workspace, slot: Slot, left: Slot, right: Slot): void {
  nodes.lefts[slot] = left;
  nodes.rights[slot] = right;
  nodes.hashAts[slot] = NOWHERE;
}

/** Makes the top of a page what another node is, or nothing. It stays the top of its page. */
export function becomeNode({ nodes }: Workspace, slot: Slot, as: Slot): void {
  nodes.kinds[slot] = nodes.kinds[as] as number;
  nodes.lefts[slot] = nodes.lefts[as] as number;
  nodes.rights[slot] = nodes.rights[as] as number;
  nodes.leafAts[slot] = nodes.leafAts[as] as number;
  nodes.hashAts[slot] = nodes.hashAts[as] as number;
}
