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
 * Only leaves and references to other pages are written. The hashes in between are computed when a page is read,
 * and must lead to the hash in the reference: so every page is checked, at a cost far below that of reading it.
 */

import { StateError } from '../errors.js';
import { HASH_BYTES, LEAF_BYTES } from './key.js';
import {
  closedNode,
  hashAtOf,
  kindOf,
  leafAtOf,
  leafNode,
  leftOf,
  parentNode,
  positionOf,
  rightOf,
} from './node.js';
import { ABSENT, CLOSED, LEAF, PARENT, reserve, type Slot, type Workspace } from './workspace.js';

/** Levels of a page: the default, and the bound that lets one character name a way through a page. */
export const PAGE_LEVELS = 4;
export const PAGE_LEVELS_MAX = 5;

/** Bytes of a position: enough for 2^53 - 1. */
const POSITION_BYTES = 7;
const POSITION_DIGITS = 14;

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
  return path + way.toString(32);
}

/** A page in the workspace. */
export interface PageBytes {
  readonly at: number;
  readonly length: number;
}

/**
 * Writes a page at the end of the workspace.
 * @param top the page's top. Parents below its last level must be stored pages: their positions are written
 */
export function encodePage(work: Workspace, top: Slot, levels: number): PageBytes {
  const length = 1 + pageBytes(work, top, levels);
  const at = reserve(work, length);
  work.bytes[at] = levels;
  write(work, at + 1, top, levels);
  return { at, length };
}

function pageBytes(work: Workspace, slot: Slot, levels: number): number {
  const kind = kindOf(work, slot);
  if (kind === ABSENT) return 1;
  if (kind === LEAF) return 1 + LEAF_BYTES;
  if (levels === 0) return 1 + HASH_BYTES + POSITION_BYTES;
  const left = pageBytes(work, leftOf(work, slot), levels - 1);
  return 1 + left + pageBytes(work, rightOf(work, slot), levels - 1);
}

/** Writes a node and all below it: its kind, then what it holds. @returns where the next one goes */
function write(work: Workspace, at: number, slot: Slot, levels: number): number {
  const { bytes } = work;
  const kind = kindOf(work, slot);
  if (kind === ABSENT || kind === LEAF) {
    bytes[at] = kind;
    if (kind === ABSENT) return at + 1;
    const leafAt = leafAtOf(work, slot);
    bytes.copyWithin(at + 1, leafAt, leafAt + LEAF_BYTES);
    return at + 1 + LEAF_BYTES;
  }
  if (levels === 0) {
    bytes[at] = CLOSED;
    const hashAt = hashAtOf(work, slot);
    bytes.copyWithin(at + 1, hashAt, hashAt + HASH_BYTES);
    let rest = positionOf(work, slot);
    for (let i = POSITION_BYTES; i > 0; i--) {
      bytes[at + HASH_BYTES + i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    return at + 1 + HASH_BYTES + POSITION_BYTES;
  }
  bytes[at] = PARENT;
  const next = write(work, at + 1, leftOf(work, slot), levels - 1);
  return write(work, next, rightOf(work, slot), levels - 1);
}

/**
 * The nodes of a page that was copied into the workspace; nothing of it is hashed yet.
 * @throws StateError `ERR_STORED_STATE`
 */
export function decodePage(work: Workspace, at: number, length: number, levels: number): Slot {
  const reading = { work, at: at + 1, end: at + length };
  if (length === 0 || work.bytes[at] !== levels) throw corrupt('a page of other levels');
  const top = read(reading, levels);
  if (reading.at !== reading.end) throw corrupt('a page with something behind it');
  return top;
}

interface Reading {
  readonly work: Workspace;
  readonly end: number;
  at: number;
}

function read(reading: Reading, levels: number): Slot {
  const tag = reading.work.bytes[take(reading, 1)];
  if (tag === ABSENT) return ABSENT;
  if (tag === LEAF) return leafNode(reading.work, take(reading, LEAF_BYTES));
  if (tag === CLOSED && levels === 0) {
    const hashAt = take(reading, HASH_BYTES);
    const positionAt = take(reading, POSITION_BYTES);
    let position = 0;
    for (let i = 0; i < POSITION_BYTES; i++) {
      position = position * 256 + (reading.work.bytes[positionAt + i] as number);
    }
    return closedNode(reading.work, hashAt, position);
  }
  if (tag !== PARENT || levels === 0) throw corrupt('a page with an unknown node');
  const left = read(reading, levels - 1);
  return parentNode(reading.work, left, read(reading, levels - 1));
}

/** The next bytes of a page. @returns where they begin */
function take(reading: Reading, length: number): number {
  const { at } = reading;
  reading.at += length;
  if (reading.at > reading.end) throw corrupt('a page that ends too soon');
  return at;
}

/** What is stored is not what was written. */
export function corrupt(problem: string): StateError {
  return new StateError('ERR_STORED_STATE', `the node store holds ${problem}`);
}
