/** Trees for tests: leaves at wanted places, and a node store that counts, fails and forgets. */
import { createHash } from 'node:crypto';
import {
  createMemoryNodeStore,
  type NodeEntry,
  type NodeStore,
  type PrefixLeaf,
} from 'contact-key-verification/prefix.js';

/** 32 bytes from a name. */
export const named = (name: string): Uint8Array => new Uint8Array(createHash('sha256').update(name).digest());

/** A key that begins with some bits and goes on as a hash of the name. */
export function keyAt(start: string, name = ''): Uint8Array {
  const key = named(`key ${name}`);
  for (const [i, bit] of [...start].entries()) {
    const weight = 2 ** (7 - (i % 8));
    const byte = key[Math.floor(i / 8)] as number;
    key[Math.floor(i / 8)] = (byte & ~weight) | (bit === '1' ? weight : 0);
  }
  return key;
}

/** A leaf whose key begins with some bits. */
export const leafAt = (start: string, name = ''): PrefixLeaf => ({
  vrfOutput: keyAt(start, name),
  commitment: named(`commitment ${start} ${name}`),
});

/** So many leaves with keys like a VRF's. */
export const leavesOf = (count: number, name = ''): PrefixLeaf[] =>
  Array.from({ length: count }, (_, i) => leafAt('', `${name} ${i}`));

/** A store that says what it was asked, and stops where a test wants it to. */
export interface WatchedStore extends NodeStore {
  readonly entries: Map<string, Uint8Array>;
  readonly reads: (readonly string[])[];
  readonly writes: (readonly string[])[];
  /** How many single values may still be written or deleted before everything fails. */
  budget: number;
}

export function watchedStore(): WatchedStore {
  const entries = new Map<string, Uint8Array>();
  const memory = createMemoryNodeStore();
  const store: WatchedStore = {
    entries,
    reads: [],
    writes: [],
    budget: Number.POSITIVE_INFINITY,
    getMany(keys) {
      store.reads.push(keys);
      return memory.getMany(keys);
    },
    async putMany(all: readonly NodeEntry[]) {
      store.writes.push(all.map(({ key }) => key));
      for (const entry of all) {
        spend();
        entries.set(entry.key, entry.value);
        await memory.putMany([entry]);
      }
    },
    async deleteMany(keys) {
      for (const key of keys) {
        spend();
        entries.delete(key);
        await memory.deleteMany([key]);
      }
    },
  };
  const spend = (): void => {
    if (store.budget <= 0) throw new Error('the store is gone');
    store.budget--;
  };
  return store;
}
