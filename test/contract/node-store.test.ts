/** The contract of a node store: kept by ours, and broken by every store that does one thing wrong. */
import { createMemoryNodeStore, type NodeEntry, type NodeStore } from 'contact-key-verification/prefix.js';
import { nodeStoreContract } from 'contact-key-verification/testing.js';
import { describe, expect, test } from 'vitest';
import { leavesOf } from '../support/prefix-tree.js';

describe('the store in memory', () => {
  test.each(nodeStoreContract(createMemoryNodeStore))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });

  test('says how much it holds, and uses freed room again', async () => {
    const store = createMemoryNodeStore();
    const entries = leavesOf(1000).map(({ vrfOutput }, i) => ({
      key: `${i}`.padStart(15, '0'),
      value: vrfOutput,
    }));
    await store.putMany(entries);
    const { allocatedBytes } = store;
    expect(store.size).toBe(1000);
    for (let round = 0; round < 50; round++) {
      await store.deleteMany(entries.map(({ key }) => key));
      await store.putMany(entries);
    }
    expect(store.allocatedBytes).toBe(allocatedBytes);
    const large = { key: 'large'.padStart(15, '0'), value: new Uint8Array(2 ** 21) };
    await store.putMany([large]);
    expect([store.size, store.allocatedBytes]).toEqual([1001, allocatedBytes + 2 ** 21]);
    await store.putMany([{ ...large, value: new Uint8Array(1) }]);
    expect([store.size, store.allocatedBytes]).toEqual([1001, allocatedBytes]);
  });
});

/** A plain store over a map, with one of its parts replaced. */
function storeWith(part: (map: Map<string, Uint8Array>) => Partial<NodeStore>): NodeStore {
  const map = new Map<string, Uint8Array>();
  return {
    getMany: async (keys) => keys.map((key) => map.get(key)?.slice()),
    putMany: async (entries) => {
      for (const { key, value } of entries) map.set(key, value.slice());
    },
    deleteMany: async (keys) => {
      for (const key of keys) map.delete(key);
    },
    ...part(map),
  };
}

const putting =
  (put: (map: Map<string, Uint8Array>, entry: NodeEntry) => void) =>
  (map: Map<string, Uint8Array>): Partial<NodeStore> => ({
    putMany: async (entries) => {
      for (const entry of entries) put(map, entry);
    },
  });
const getting =
  (get: (map: Map<string, Uint8Array>, keys: readonly string[]) => (Uint8Array | undefined)[]) =>
  (map: Map<string, Uint8Array>): Partial<NodeStore> => ({ getMany: async (keys) => get(map, keys) });

/** Stores by what is wrong with them, and the checks that each must fail, at least. */
const WRONG: readonly [string, string[], (map: Map<string, Uint8Array>) => Partial<NodeStore>][] = [
  [
    'is never empty',
    ['knows nothing at first'],
    getting((map, keys) => keys.map((key) => map.get(key) ?? new Uint8Array(1))),
  ],
  [
    'sorts',
    ['gives what was put, in the order asked for'],
    getting((map, keys) => [...keys].sort().map((key) => map.get(key)?.slice())),
  ],
  [
    'leaves out what is absent',
    ['gives undefined for each key without a value, between others'],
    getting((map, keys) => keys.flatMap((key) => map.get(key)?.slice() ?? [])),
  ],
  [
    'gives each key once',
    ['gives a value as often as its key is asked for'],
    getting((map, keys) => [...new Set(keys)].map((key) => map.get(key)?.slice())),
  ],
  [
    'keeps the first value',
    ['keeps the last value put under a key, be it longer or shorter'],
    putting((map, { key, value }) => map.has(key) || map.set(key, value.slice())),
  ],
  [
    'trims keys',
    ['tells apart keys that differ in one character, or in length'],
    (map) => ({
      putMany: async (entries) => {
        for (const { key, value } of entries) map.set(key.replace(/[-!].*/, ''), value.slice());
      },
      getMany: async (keys) => keys.map((key) => map.get(key.replace(/[-!].*/, ''))?.slice()),
    }),
  ],
  [
    'has short keys',
    ['takes keys of 128 characters'],
    (map) => ({
      putMany: async (entries) => {
        for (const { key, value } of entries) map.set(key.slice(0, 100), value.slice());
      },
      getMany: async (keys) => keys.map((key) => map.get(key.slice(0, 100))?.slice()),
    }),
  ],
  [
    'cuts long values',
    [
      'keeps every byte, from none to 2^16 of them',
      'keeps a value of 4 MiB, as the journal of a large batch',
    ],
    putting((map, { key, value }) => map.set(key, value.slice(0, 2 ** 15))),
  ],
  [
    'takes an empty value for none',
    ['keeps every byte, from none to 2^16 of them'],
    putting((map, { key, value }) => value.length > 0 && map.set(key, value.slice())),
  ],
  ['keeps what it was given', ['copies what is put'], putting((map, { key, value }) => map.set(key, value))],
  [
    'gives what it keeps',
    ['gives values that are the caller’s to change'],
    getting((map, keys) => keys.map((key) => map.get(key))),
  ],
  [
    'never deletes',
    ['forgets what is deleted, and nothing else'],
    () => ({ deleteMany: async () => undefined }),
  ],
  [
    'deletes all',
    ['forgets what is deleted, and nothing else', 'does nothing with empty batches'],
    (map) => ({ deleteMany: async () => map.clear() }),
  ],
  [
    'has small batches',
    ['takes batches of 10,000'],
    (map) => ({
      putMany: async (entries) => {
        for (const { key, value } of entries.slice(0, 5000)) map.set(key, value.slice());
      },
    }),
  ],
  [
    'writes behind',
    ['reads while it writes', 'gives what was put, in the order asked for'],
    (map) => ({
      putMany: async (entries) => {
        const copies = entries.map(({ key, value }) => [key, value.slice()] as const);
        setTimeout(() => {
          for (const [key, value] of copies) map.set(key, value);
        }, 0);
      },
    }),
  ],
];

test.each(WRONG)('a store that %s fails', async (_, names, part) => {
  const failed: string[] = [];
  for (const { name, run } of nodeStoreContract(() => storeWith(part))) {
    await run().catch((error: { code?: string }) => {
      expect(error.code).toBe('ERR_STORE_CONTRACT');
      failed.push(name);
    });
  }
  expect(failed).toEqual(expect.arrayContaining(names));
});

test('every check is failed by some store, and by none that is right', async () => {
  const caught = new Set(WRONG.flatMap(([, names]) => names));
  const checks = nodeStoreContract(async () => storeWith(() => ({})));
  expect(checks.map(({ name }) => name).sort()).toEqual([...caught].sort());
  for (const { run } of checks) await run();
  expect(() => nodeStoreContract(undefined as unknown as () => NodeStore)).toThrow('createStore');
});
