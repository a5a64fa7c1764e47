/**
 * A node store in memory: for tests, for small logs, and as the default.
 *
 * Values lie in large chunks, each behind its key, in slots of a multiple of 64 bytes, as a million small arrays would
 * weigh more than what they hold. A freed slot is used again for the next value of its size; chunks are not given back.
 *
 *     ┌ key's length ┬ value's length ┬ key ┬ value ┬ unused ┐
 *       2 bytes        3 bytes                        up to a multiple of 64
 */

import { ArgumentRangeError } from '../errors.js';
import { createKeyTable } from './key-table.js';
import type { NodeEntry, NodeStore } from './node-store.js';
import { NOWHERE } from './workspace.js';

/** A node store in memory. */
export interface MemoryNodeStore extends NodeStore {
  /** Bytes held for values, their keys and the table of these. */
  readonly allocatedBytes: number;
  /** How many values are stored. */
  readonly size: number;
  /**
   * Writes a value where there is none under its key, as one step.
   * @returns whether it was written
   */
  putNew(entry: NodeEntry): Promise<boolean>;
}

const SLOT_BYTES = 64;
const CHUNK_BYTES = 2 ** 20;
const CHUNK_SLOTS = CHUNK_BYTES / SLOT_BYTES;
const LENGTHS_BYTES = 5;
const KEY = /^[0-9a-z!-]{15,271}$/;

/**
 * Creates an empty node store in memory.
 * @returns a store; what it gives are fresh copies, and its promises resolve at once. It rejects with
 *   ArgumentRangeError what no key of a {@link NodeEntry} is
 * @throws UnsupportedError `ERR_NO_RANDOMNESS`
 */
export function createMemoryNodeStore(): MemoryNodeStore {
  /** The first slots of values up to a chunk. */
  const slots = createKeyTable(isKeyAt);
  /** Longer values: journals of large batches. */
  const large = new Map<string, Uint8Array>();
  const chunks: Uint8Array[] = [];
  /** Freed runs of slots, by their number of slots. */
  const free = new Map<number, number[]>();
  let nextSlot = 0;
  let largeBytes = 0;

  const chunkOf = (slot: number): Uint8Array => chunks[Math.floor(slot / CHUNK_SLOTS)] as Uint8Array;
  const offsetOf = (slot: number): number =>
    (slot - Math.floor(slot / CHUNK_SLOTS) * CHUNK_SLOTS) * SLOT_BYTES;

  function isKeyAt(slot: number, key: string): boolean {
    const chunk = chunkOf(slot);
    const at = offsetOf(slot);
    if (keyLengthAt(chunk, at) !== key.length) return false;
    for (let i = 0; i < key.length; i++) {
      if (chunk[at + LENGTHS_BYTES + i] !== key.charCodeAt(i)) return false;
    }
    return true;
  }

  function lengthAt(slot: number): number {
    const chunk = chunkOf(slot);
    const at = offsetOf(slot);
    const [high, middle, low] = [chunk[at + 2] as number, chunk[at + 3] as number, chunk[at + 4] as number];
    return (high * 256 + middle) * 256 + low;
  }

  /** The value in a slot: a view. */
  function valueAt(slot: number): Uint8Array {
    const chunk = chunkOf(slot);
    const at = offsetOf(slot);
    const valueFrom = at + LENGTHS_BYTES + keyLengthAt(chunk, at);
    return chunk.subarray(valueFrom, valueFrom + lengthAt(slot));
  }

  /** A freed run of slots, or the next of the newest chunk. */
  function take(count: number): number {
    const freed = free.get(count)?.pop();
    if (freed !== undefined) return freed;
    if (nextSlot + count > chunks.length * CHUNK_SLOTS) {
      nextSlot = chunks.length * CHUNK_SLOTS;
      chunks.push(new Uint8Array(CHUNK_BYTES));
    }
    nextSlot += count;
    return nextSlot - count;
  }

  function drop(key: string): void {
    const slot = slots.remove(key);
    if (slot === NOWHERE) {
      largeBytes -= large.get(key)?.length ?? 0;
      large.delete(key);
      return;
    }
    const count = slotsFor(key, lengthAt(slot));
    const runs = free.get(count);
    if (runs === undefined) free.set(count, [slot]);
    else runs.push(slot);
  }

  function putOne({ key, value }: NodeEntry): void {
    if (!KEY.test(key)) throw new ArgumentRangeError('a key has 15 to 271 characters of 0-9a-z!-');
    drop(key);
    const count = slotsFor(key, value.length);
    if (count > CHUNK_SLOTS) {
      large.set(key, Uint8Array.from(value));
      largeBytes += value.length;
      return;
    }
    const slot = take(count);
    write(chunkOf(slot), offsetOf(slot), key, value);
    slots.add(key, slot);
  }

  /** Copies of values, in one array: an array for each would weigh more than a page. */
  function getAll(keys: readonly string[]): (Uint8Array | undefined)[] {
    const found = keys.map((key) => slots.get(key));
    let length = 0;
    for (const slot of found) if (slot !== NOWHERE) length += lengthAt(slot);
    const copies = new Uint8Array(length);
    let at = 0;
    return found.map((slot, i) => {
      if (slot === NOWHERE) return large.get(keys[i] as string)?.slice();
      const start = at;
      const value = valueAt(slot);
      copies.set(value, start);
      at += value.length;
      return copies.subarray(start, at);
    });
  }

  return Object.freeze({
    get allocatedBytes() {
      return chunks.length * CHUNK_BYTES + slots.allocatedBytes + largeBytes;
    },
    get size() {
      return slots.size + large.size;
    },
    async getMany(keys: readonly string[]) {
      return getAll(keys);
    },
    async putMany(entries: readonly NodeEntry[]) {
      for (const entry of entries) putOne(entry);
    },
    async putNew(entry: NodeEntry) {
      if (slots.get(entry.key) !== NOWHERE || large.has(entry.key)) return false;
      putOne(entry);
      return true;
    },
    async deleteMany(keys: readonly string[]) {
      for (const key of keys) drop(key);
    },
  });
}

function keyLengthAt(chunk: Uint8Array, at: number): number {
  return (chunk[at] as number) * 256 + (chunk[at + 1] as number);
}

/** Slots that a value takes with its key. */
function slotsFor(key: string, length: number): number {
  return Math.ceil((LENGTHS_BYTES + key.length + length) / SLOT_BYTES);
}

/** Writes the lengths, the key and the value. */
function write(chunk: Uint8Array, at: number, key: string, value: Uint8Array): void {
  const upper = Math.floor(value.length / 256);
  chunk[at] = Math.floor(key.length / 256);
  chunk[at + 1] = key.length % 256;
  chunk[at + 2] = Math.floor(upper / 256);
  chunk[at + 3] = upper % 256;
  chunk[at + 4] = value.length % 256;
  for (let i = 0; i < key.length; i++) chunk[at + LENGTHS_BYTES + i] = key.charCodeAt(i);
  chunk.set(value, at + LENGTHS_BYTES + key.length);
}
