/**
 * A node store in memory: for tests, for small logs, and as the default.
 *
 * Values lie in large chunks, in slots of a multiple of 64 bytes, as a million small arrays would weigh more than
 * what they hold. A freed slot is used again for the next value of its size; chunks are not given back.
 */

import type { NodeEntry, NodeStore } from './node-store.js';

/** A node store in memory. */
export interface MemoryNodeStore extends NodeStore {
  /** Bytes held for values. The table of keys comes on top, some 100 bytes for each value. */
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
/** A value's first slot and its length share a number. */
const LENGTHS = 2 * CHUNK_BYTES;

/**
 * Creates an empty node store in memory.
 * @returns a store; what it gives are fresh copies, and its promises resolve at once
 */
export function createMemoryNodeStore(): MemoryNodeStore {
  /** Of values up to a chunk: slot × LENGTHS + length. */
  const places = new Map<string, number>();
  /** Longer values: journals of large batches. */
  const large = new Map<string, Uint8Array>();
  const chunks: Uint8Array[] = [];
  /** Freed runs of slots, by their number of slots. */
  const free = new Map<number, number[]>();
  let nextSlot = 0;
  let largeBytes = 0;

  const slotsFor = (length: number): number => Math.max(1, Math.ceil(length / SLOT_BYTES));

  function view(packed: number): Uint8Array {
    const slot = Math.floor(packed / LENGTHS);
    const chunk = Math.floor(slot / CHUNK_SLOTS);
    const at = (slot - chunk * CHUNK_SLOTS) * SLOT_BYTES;
    return (chunks[chunk] as Uint8Array).subarray(at, at + lengthOf(packed));
  }

  // By subtraction: on numbers of more than 32 bits a remainder is many times as slow.
  const lengthOf = (packed: number): number => packed - Math.floor(packed / LENGTHS) * LENGTHS;

  /** A freed run of slots, or the next of the newest chunk. */
  function take(slots: number): number {
    const freed = free.get(slots)?.pop();
    if (freed !== undefined) return freed;
    if (nextSlot + slots > chunks.length * CHUNK_SLOTS) {
      nextSlot = chunks.length * CHUNK_SLOTS;
      chunks.push(new Uint8Array(CHUNK_BYTES));
    }
    nextSlot += slots;
    return nextSlot - slots;
  }

  function drop(key: string): void {
    const packed = places.get(key);
    if (packed === undefined) {
      largeBytes -= large.get(key)?.length ?? 0;
      large.delete(key);
      return;
    }
    const slots = slotsFor(lengthOf(packed));
    const runs = free.get(slots);
    if (runs === undefined) free.set(slots, [Math.floor(packed / LENGTHS)]);
    else runs.push(Math.floor(packed / LENGTHS));
    places.delete(key);
  }

  function putOne({ key, value }: NodeEntry): void {
    drop(key);
    if (value.length > CHUNK_BYTES) {
      large.set(key, Uint8Array.from(value));
      largeBytes += value.length;
      return;
    }
    const packed = take(slotsFor(value.length)) * LENGTHS + value.length;
    view(packed).set(value);
    places.set(key, packed);
  }

  /** Copies of values, in one array: an array for each would weigh more than a page. */
  function getAll(keys: readonly string[]): (Uint8Array | undefined)[] {
    const packed = keys.map((key) => places.get(key));
    let length = 0;
    for (const place of packed) if (place !== undefined) length += lengthOf(place);
    const copies = new Uint8Array(length);
    let at = 0;
    return packed.map((place, i) => {
      if (place === undefined) return large.get(keys[i] as string)?.slice();
      const start = at;
      copies.set(view(place), start);
      at += lengthOf(place);
      return copies.subarray(start, at);
    });
  }

  return Object.freeze({
    get allocatedBytes() {
      return chunks.length * CHUNK_BYTES + largeBytes;
    },
    get size() {
      return places.size + large.size;
    },
    async getMany(keys: readonly string[]) {
      return getAll(keys);
    },
    async putMany(entries: readonly NodeEntry[]) {
      for (const entry of entries) putOne(entry);
    },
    async putNew(entry: NodeEntry) {
      if (places.has(entry.key) || large.has(entry.key)) return false;
      putOne(entry);
      return true;
    },
    async deleteMany(keys: readonly string[]) {
      for (const key of keys) drop(key);
    },
  });
}
