/**
 * Pages: how a stored tree is packed, so that a search takes few reads.
 *
 * A page holds so many levels of one tree. Its place is the path to its top, and it is stored under the position of
 * the log entry that wrote it. Whatever an update changes it writes anew, under its own position, up to the root;
 * everything else is shared with the trees before, by reference. A page, once its root is published, never changes.
 *
 *     position 7                                position 9 changed one leaf
 *     ┌────────── 7, '' ───────────┐            ┌────────── 9, '' ───────────┐
 *     │            ●               │            │            ●               │
 *     │      ●           ●         │            │      ●           ●         │
 *     │   ●     ○     ◌     ◌      │            │   ●     ○     ◌     ◌      │
 *     └───┼───────────┼─────┼──────┘            └───┼───────────┼─────┼──────┘
 *     7, '0'       7, '2'  5, '3'               7, '0'       9, '2'  5, '3'
 *
 * A subtree of few leaves is not cut where a page ends: a page for every two or three leaves would cost more to
 * find than to read.
 *
 *     ┌ levels ┬ a byte for each node ┬ zeros ┬ leaves, 64 bytes each ┬ references, 40 bytes each ┐
 *       1 byte   2 2 1 0 3: parents before    key, commitment          hash, position in 8 bytes
 *                their children, from left to right; zeros up to a multiple of 4
 *
 * Only leaves and references to other pages are written. The hashes in between are computed when a page is read,
 * and must lead to the hash in the reference: so every page is checked, at a cost far below that of reading it.
 */

import { StateError } from '../errors.js';
import { DEPTH_MAX, HASH_BYTES, LEAF_BYTES } from './key.js';
import { closedNode, leafNode, parentNode } from './node.js';
import { ABSENT, CLOSED, LEAF, PARENT, type Slot, WORD_BYTES, type Workspace } from './workspace.js';

/** Levels of a page: the default, and the bound that lets one character name a way through a page. */
export const PAGE_LEVELS = 4;
export const PAGE_LEVELS_MAX = 5;

/** The most leaves of a subtree that has no page of its own, but stands whole in the page above. */
export const UNCUT_LEAVES = 3;

/** Bytes of a position in a reference, and of a reference. */
export const POSITION_BYTES = 8;
export const REFERENCE_BYTES: number = HASH_BYTES + POSITION_BYTES;
const POSITION_DIGITS = 14;
const WAYS = '0123456789abcdefghijklmnopqrstuv';

/**
 * The key under which a page is stored. Keys of one position stand together in a sorted store.
 * @param path a character for each page above: the way through it, as bits, in radix 32
 */
export function pageKey(position: number, path: string): string {
  return `${positionText(position)}-${path}`;
}

/** A position in 14 digits of lower-case hex: sorted as text, sorted as a number. */
export function positionText(position: number): string {
  return position.toString(16).padStart(POSITION_DIGITS, '0');
}

/** The path of the page below, by the way through a page: 0 to 2^levels - 1. */
export function pathBelow(path: string, way: number): string {
  return path + (WAYS[way] as string);
}

/** Bytes before the leaves of a page of so many nodes. */
export function headerBytes(nodes: number): number {
  return WORD_BYTES * Math.ceil((1 + nodes) / WORD_BYTES);
}

/** A page that is read: where the next node of each kind lies. */
interface Reading {
  readonly work: Workspace;
  nodeAt: number;
  leafAt: number;
  referenceAt: number;
}

/**
 * The nodes of a page that was copied into the workspace; nothing of it is hashed yet.
 * @throws StateError `ERR_STORED_STATE`
 */
export function decodePage(work: Workspace, at: number, length: number, levels: number): Slot {
  const { bytes } = work;
  if (length === 0 || bytes[at] !== levels) throw corrupt('a page of other levels');
  const end = at + length;
  let next = at + 1;
  let leaves = 0;
  let references = 0;
  // Every parent stands for two more nodes, every other node for none: so it is known where the last one is.
  for (let open = 1; open > 0; next++) {
    if (next === end) throw corrupt('a page that ends too soon');
    const kind = bytes[next];
    open += kind === PARENT ? 1 : -1;
    if (kind === LEAF) leaves++;
    else if (kind === CLOSED) references++;
    else if (kind !== PARENT && kind !== ABSENT) throw corrupt('a page with an unknown node');
  }
  const leavesAt = at + headerBytes(next - at - 1);
  const referencesAt = leavesAt + leaves * LEAF_BYTES;
  if (referencesAt + references * REFERENCE_BYTES !== end) throw corrupt('a page of another length');
  for (; next < leavesAt; next++) if (bytes[next] !== 0) throw corrupt('a page with something in between');
  return read({ work, nodeAt: at + 1, leafAt: leavesAt, referenceAt: referencesAt }, levels);
}

/** @param level of the page's levels those that are left; below 0 in a subtree that was not cut */
function read(reading: Reading, level: number): Slot {
  const { work } = reading;
  const kind = work.bytes[reading.nodeAt++];
  if (kind === ABSENT) return ABSENT;
  if (kind === LEAF) {
    reading.leafAt += LEAF_BYTES;
    return leafNode(work, reading.leafAt - LEAF_BYTES);
  }
  if (kind === PARENT) {
    if (level === -DEPTH_MAX) throw corrupt('a page that is too deep');
    const left = read(reading, level - 1);
    return parentNode(work, left, read(reading, level - 1));
  }
  if (level !== 0) throw corrupt('a reference where no page ends');
  const hashAt = reading.referenceAt;
  reading.referenceAt += REFERENCE_BYTES;
  return closedNode(work, hashAt, positionAt(work, hashAt + HASH_BYTES));
}

function positionAt({ bytes }: Workspace, at: number): number {
  let position = 0;
  for (let i = 0; i < POSITION_BYTES; i++) position = position * 256 + (bytes[at + i] as number);
  if (position > Number.MAX_SAFE_INTEGER) throw corrupt('a reference to no position');
  return position;
}

/** What is stored is not what was written. */
export function corrupt(problem: string): StateError {
  return new StateError('ERR_STORED_STATE', `the node store holds ${problem}`);
}
