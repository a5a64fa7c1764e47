/**
 * Pages on their way into the store.
 *
 * They lie one behind the other in a few large arrays, beside the workspace: an update is stored at once when all
 * of it is known, and an array for each page would weigh more than the page.
 */

import { HASH_BYTES, LEAF_BYTES } from './key.js';
import { closeNode, hashAtOf, kindOf, leafAtOf, leftOf, positionOf, rightOf } from './node.js';
import { headerBytes, pathBelow, POSITION_BYTES, REFERENCE_BYTES, UNCUT_LEAVES } from './page.js';
import { ABSENT, CLOSED, copyWords, LEAF, PARENT, type Slot, type Workspace } from './workspace.js';

const FIRST_BYTES = 2 ** 13;
const CHUNK_BYTES = 2 ** 20;

/** A page as it will be stored. */
export interface WrittenPage {
  readonly path: string;
  /** The position of the page that it replaces. */
  readonly replaced: number | undefined;
  /** A view. */
  readonly value: Uint8Array;
}

/** Writes the pages of an update. */
export interface PageWriter {
  readonly work: Workspace;
  readonly levels: number;
  /** The position that they are stored under. */
  readonly position: number;
  readonly pages: WrittenPage[];
  /** The positions of pages that are replaced by none, by path. */
  readonly unwritten: Map<string, number>;
  /** Room, seen in three ways, and how much of it is used. */
  bytes: Uint8Array;
  words: Int32Array;
  view: DataView;
  length: number;
}

export function createPageWriter(work: Workspace, levels: number, position: number): PageWriter {
  const shared = { work, levels, position, pages: [], unwritten: new Map<string, number>() };
  return { ...shared, ...roomOf(FIRST_BYTES), length: 0 };
}

function roomOf(length: number): Pick<PageWriter, 'bytes' | 'words' | 'view'> {
  const bytes = new Uint8Array(length);
  return { bytes, words: new Int32Array(bytes.buffer), view: new DataView(bytes.buffer) };
}

/**
 * Writes a hashed page, and before it those below it that are new. Its top is then closed: a reference to it.
 * @param replaced the position of the page in its place before
 */
export function writePage(writer: PageWriter, top: Slot, path: string, replaced: number | undefined): void {
  writeBelow(writer, top, path, 0, 0);
  writer.unwritten.delete(path);
  writer.pages.push({ path, replaced, value: encodePage(writer, top) });
  closeNode(writer.work, top, writer.position);
}

function writeBelow(writer: PageWriter, slot: Slot, path: string, level: number, way: number): void {
  const { work, levels } = writer;
  if (kindOf(work, slot) !== PARENT) return;
  if (level === levels) {
    if (isUncut(work, slot)) return;
    const below = pathBelow(path, way);
    writePage(writer, slot, below, writer.unwritten.get(below));
    return;
  }
  writeBelow(writer, leftOf(work, slot), path, level + 1, 2 * way);
  writeBelow(writer, rightOf(work, slot), path, level + 1, 2 * way + 1);
}

/** Whether a subtree has so few leaves that it needs no page of its own. */
export function isUncut(work: Workspace, slot: Slot): boolean {
  return countLeaves(work, slot, UNCUT_LEAVES) <= UNCUT_LEAVES;
}

/** The leaves below a node, if they are not more than `most`; a closed node has more. */
function countLeaves(work: Workspace, slot: Slot, most: number): number {
  const kind = kindOf(work, slot);
  if (kind === CLOSED) return most + 1;
  if (kind !== PARENT) return kind === LEAF ? 1 : 0;
  const left = countLeaves(work, leftOf(work, slot), most);
  return left > most ? left : left + countLeaves(work, rightOf(work, slot), most - left);
}

/** How many nodes a page has, of each kind that takes room. */
interface Counts {
  nodes: number;
  leaves: number;
  references: number;
}

function encodePage(writer: PageWriter, top: Slot): Uint8Array {
  const counts = { nodes: 0, leaves: 0, references: 0 };
  count(writer.work, top, counts);
  const header = headerBytes(counts.nodes);
  const leaves = counts.leaves * LEAF_BYTES;
  const length = header + leaves + counts.references * REFERENCE_BYTES;
  makeRoom(writer, length);
  const { bytes, length: at } = writer;
  bytes[at] = writer.levels;
  write({ writer, nodeAt: at + 1, leafAt: at + header, referenceAt: at + header + leaves }, top);
  writer.length += length;
  return bytes.subarray(at, at + length);
}

function count(work: Workspace, slot: Slot, counts: Counts): void {
  const kind = kindOf(work, slot);
  counts.nodes++;
  if (kind === LEAF) counts.leaves++;
  else if (kind === CLOSED) counts.references++;
  else if (kind === PARENT) {
    count(work, leftOf(work, slot), counts);
    count(work, rightOf(work, slot), counts);
  }
}

/** A new array where a page does not fit into the last one; twice as large, so that small updates take little. */
function makeRoom(writer: PageWriter, length: number): void {
  const { bytes } = writer;
  if (writer.length + length <= bytes.length) return;
  const room = roomOf(Math.max(length, Math.min(CHUNK_BYTES, 2 * bytes.length)));
  writer.bytes = room.bytes;
  writer.words = room.words;
  writer.view = room.view;
  writer.length = 0;
}

/** A page that is written: where the next node of each kind goes. */
interface Writing {
  readonly writer: PageWriter;
  nodeAt: number;
  leafAt: number;
  referenceAt: number;
}

function write(writing: Writing, slot: Slot): void {
  const { work, bytes, words, view } = writing.writer;
  const kind = kindOf(work, slot);
  bytes[writing.nodeAt++] = kind;
  if (kind === ABSENT) return;
  if (kind === LEAF) {
    copyWords(work.words, leafAtOf(work, slot), words, writing.leafAt, LEAF_BYTES);
    writing.leafAt += LEAF_BYTES;
  } else if (kind === PARENT) {
    write(writing, leftOf(work, slot));
    write(writing, rightOf(work, slot));
  } else {
    const at = writing.referenceAt;
    copyWords(work.words, hashAtOf(work, slot), words, at, HASH_BYTES);
    const position = positionOf(work, slot);
    const high = Math.floor(position / 2 ** 32);
    view.setUint32(at + HASH_BYTES, high);
    view.setUint32(at + HASH_BYTES + POSITION_BYTES / 2, position - high * 2 ** 32);
    writing.referenceAt += REFERENCE_BYTES;
  }
}
