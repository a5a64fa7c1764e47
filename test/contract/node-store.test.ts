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

  test('takes no key that a node entry cannot have', async () => {
    const store = createMemoryNodeStore();
    const value = new Uint8Array(1);
    for (const key of ['', '0'.repeat(14), '0'.repeat(272), 'A'.repeat(15), `${'0'.repeat(15)}\u0130`]) {
      await expect(store.putMany([{ key, value }]), key).rejects.toThrow(
        expect.objectContaining({ code: 'ERR_ARGUMENT_RANGE' }),
      );
      await expect(store.putNew({ key, value }), key).rejects.toThrow(
        expect.objectContaining({ code: 'ERR_ARGUMENT_RANGE' }),
      );
      // \u0130 ends in the byte of '0': cut to it, the key would be another one.
      expect(await store.getMany([key])).toEqual([undefined]);
    }
    expect(store.size).toBe(0);
  });

  test.each([-1, 0, 1])('keeps values around the length of a chunk: %i', async (more) => {
    const store = createMemoryNodeStore();
    const key = '0'.repeat(15);
    const value = new Uint8Array(2 ** 20 - 4 - key.length + more).fill(7);
    value[value.length - 1] = 8;
    const small = { key: '1'.repeat(15), value: new Uint8Array(70).fill(9) };
    await store.putMany([small, { key, value }]);
    const [found, beside] = await store.getMany([key, small.key]);
    expect(Buffer.compare(found as Uint8Array, value)).toBe(0);
    expect(beside).toEqual(small.value);
    await store.deleteMany([key]);
    expect(await store.getMany([key, small.key])).toEqual([undefined, small.value]);
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
