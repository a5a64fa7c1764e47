/**
 * One growing array that holds everything an operation touches: leaves, hashes, pages as they were stored; and a table
 * of nodes, which are offsets into it. So a batch of a hundred thousand entries makes no small arrays, and no objects.
 *
 *     ┌ 32 zeros ┬ keys and leaves of the caller ┬ proof elements or pages ┬ hashes of a level ┬ …
 *                                                ▲ mark: what is behind is given up when its work is done
 *
 * Every offset is a multiple of four, so that hashes are copied and compared as eight words. What an update no
 * longer needs it gives up at once, and the room is used again: memory that was never touched is far dearer.
 */

import { assertBytes } from '../bytes/compare.js';
import { DecodeError } from '../errors.js';
import type { TreeHasher } from '../hashing/tree-hasher.js';
import { createTypeScriptHasher } from '../hashing/typescript-hasher.js';
import { HASH_BYTES } from './key.js';

/** How to hash. */
export interface PrefixOptions {
  /** The engine; default: a TypeScript one. All engines give the same bytes. */
  readonly hasher?: TreeHasher | undefined;
}

/** The array, how much of it is used, and the engine. */
export interface Workspace {
  bytes: Uint8Array;
  /** The same memory as `bytes`. Only copied and compared: what a word means depends on the platform. */
  words: Int32Array;
  length: number;
  readonly nodes: NodeTable;
  readonly hasher: TreeHasher;
}

/** The number of a node in the table; {@link ABSENT} where there is none. */
export type Slot = number;

/** The table of nodes, a column for each thing to know of one. What they mean stands in `node.ts`. */
export interface NodeTable {
  count: number;
  kinds: Uint8Array;
  lefts: Int32Array;
  rights: Int32Array;
  leafAts: Float64Array;
  hashAts: Float64Array;
  positions: Float64Array;
}

/** Kinds of nodes; the first is also the number of the one node that stands for all that do not exist. */
export const ABSENT = 0;
export const LEAF = 1;
export const PARENT = 2;
export const CLOSED = 3;

/** No offset, no position. */
export const NOWHERE = -1;

/** Where every workspace holds 32 zeros: the hash of a node that does not exist. */
export const ZERO_AT = 0;

/** Bytes of a word. */
export const WORD_BYTES = 4;

const FIRST_BYTES = 2 ** 12;
const FIRST_NODES = 2 ** 7;

/** An empty workspace: nothing in it but the zeros. */
export function createWorkspace({ hasher }: PrefixOptions): Workspace {
  const bytes = new Uint8Array(FIRST_BYTES);
  return {
    bytes,
    words: new Int32Array(bytes.buffer),
    length: HASH_BYTES,
    // Number 0 stands for nothing, and has the zeros for its hash.
    nodes: {
      count: 1,
      kinds: new Uint8Array(FIRST_NODES),
      lefts: new Int32Array(FIRST_NODES),
      rights: new Int32Array(FIRST_NODES),
      leafAts: new Float64Array(FIRST_NODES),
      hashAts: new Float64Array(FIRST_NODES),
      positions: new Float64Array(FIRST_NODES).fill(NOWHERE, 0, 1),
    },
    hasher: hasher ?? createTypeScriptHasher(),
  };
}

/**
 * Room for so many bytes, up to the next word.
 * @returns its offset; views of `bytes` taken before may be out of date
 */
export function reserve(work: Workspace, length: number): number {
  const at = work.length;
  work.length += WORD_BYTES * Math.ceil(length / WORD_BYTES);
  if (work.length > work.bytes.length) {
    const larger = new Uint8Array(Math.max(work.length, 2 * work.bytes.length));
    larger.set(work.bytes.subarray(0, at));
    work.bytes = larger;
    work.words = new Int32Array(larger.buffer);
  }
  return at;
}

/** Copies bytes into the workspace. @returns their offset */
export function put(work: Workspace, bytes: Uint8Array): number {
  const at = reserve(work, bytes.length);
  work.bytes.set(bytes, at);
  return at;
}

/** How far a workspace was used at some time. */
export interface Mark {
  readonly length: number;
  readonly count: number;
}

export function markOf({ length, nodes: { count } }: Workspace): Mark {
  return { length, count };
}

/** Gives up everything since a mark, nodes and bytes: nothing before it may refer to them. */
export function release(work: Workspace, { length, count }: Mark): void {
  work.length = length;
  work.nodes.count = count;
}

/** Copies whole words. Offsets and length in bytes. */
export function copyWords(
  from: Int32Array,
  fromAt: number,
  to: Int32Array,
  toAt: number,
  length: number,
): void {
  const source = fromAt / WORD_BYTES;
  const target = toAt / WORD_BYTES;
  const count = length / WORD_BYTES;
  for (let i = 0; i < count; i++) to[target + i] = from[source + i] as number;
}

/**
 * Copies 32 bytes from outside into the workspace.
 * @returns their offset
 * @throws ArgumentTypeError no bytes; DecodeError `ERR_LENGTH`
 */
export function putHash(work: Workspace, value: unknown, structure: string): number {
  assertBytes(value, structure);
  if (value.length !== HASH_BYTES) {
    throw new DecodeError('ERR_LENGTH', structure, 0, `${HASH_BYTES} bytes expected`);
  }
  return put(work, value);
}

/** 32 bytes of the workspace, fresh. */
export function hashFrom(work: Workspace, at: number): Uint8Array {
  return work.bytes.slice(at, at + HASH_BYTES);
}

/** Whether two runs of whole words are equal. Public values: it stops at the first difference. */
export function sameBytes({ words }: Workspace, at: number, otherAt: number, length: number): boolean {
  for (let i = 0; i < length / WORD_BYTES; i++) {
    if (words[at / WORD_BYTES + i] !== words[otherAt / WORD_BYTES + i]) return false;
  }
  return true;
}
