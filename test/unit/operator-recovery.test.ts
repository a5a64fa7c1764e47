/** Stores, signers and writers that fail: what is fixed stays, what is not is made again, and damage is found. */

import { describe, expect, test } from 'vitest';
import type { OperatorStore } from '../../src/operator.js';
import { createMemoryNodeStore } from '../../src/prefix.js';
import { parseTreeHeadTbs } from '../../src/transparency/wire/tree-head.js';
import { User } from './operator-user.js';
import { bytesOf, createWorld, quickSuite, SUITES, type World } from './operator-world.js';

const suite = quickSuite(SUITES[0] as World['suite']);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const change = (value: string) => [{ label: bytesOf('ann'), values: [bytesOf(value)] }];
const code = (name: string) => expect.objectContaining({ code: name });

/** A store that fails once, at the n-th single value that is written or deleted; before it, or after. */
function failing(inner: OperatorStore, at: number, isAfter: boolean): OperatorStore {
  let left = at;
  async function each<T>(work: () => Promise<T>): Promise<T> {
    left--;
    if (left === 0 && !isAfter) throw new Error('the store is out');
    const done = await work();
    if (left === 0) throw new Error('the store is out');
    return done;
  }
  return {
    getMany: (keys) => inner.getMany(keys),
    async putMany(entries) {
      for (const entry of entries) await each(() => inner.putMany([entry]));
    },
    putNew: (entry) => each(() => inner.putNew(entry)),
    async deleteMany(keys) {
      for (const key of keys) await each(() => inner.deleteMany([key]));
    },
  };
}

describe.each([false, true])('a store that fails once, after writing: %s', (isAfter) => {
  test.each([false, true])('at every write; the program goes on: %s', async (goesOn) => {
    let failed = 0;
    for (let at = 2; at < 60; at++) {
      const memory = createMemoryNodeStore();
      const roots = new Map<number, string>();
      const world = createWorld({ suite, windowMs: 10 });
      const signer = (tbs: Uint8Array): Uint8Array => {
        const { treeSize, root } = parseTreeHeadTbs(tbs);
        expect(roots.get(treeSize) ?? hex(root)).toBe(hex(root));
        roots.set(treeSize, hex(root));
        return world.sign(tbs);
      };
      let operator = await world.open({ store: failing(memory, at, isAfter), signer });
      const acknowledged: string[] = [];
      for (let i = 0; i < 4; i++) {
        try {
          await operator.insert(change(`${i}`), { nowMs: 10 * i });
          acknowledged.push(`${i}`);
        } catch (error) {
          expect((error as Error).message).toBe('the store is out');
          failed++;
          if (!goesOn) operator = await world.open({ store: memory, signer });
          // Made again with another value under the same position.
          await operator.insert(change(`${i} again`), { nowMs: 10 * i });
          acknowledged.push(`${i} again`);
        }
      }
      const user = new User(world, operator);
      const { version: greatest } = await user.search('ann');
      const found: string[] = [];
      for (let version = 0; version <= greatest; version++) {
        found.push((await user.search('ann', version)).value);
      }
      // Besides what was acknowledged there may be the one that was not.
      expect(found.filter((value) => acknowledged.includes(value))).toEqual(acknowledged);
      expect(found.length - acknowledged.length).toBeLessThanOrEqual(1);
    }
    expect(failed).toBeGreaterThan(20);
  });
});

test('a signer that fails, or signs with another key: the entry is fixed, the head comes later', async () => {
  const world = createWorld({ suite: SUITES[0] as World['suite'] });
  const wrong = createWorld({ suite: SUITES[0] as World['suite'], maxAuditorLagMs: 1 });
  let signer = world.sign;
  const operator = await world.open({ signer: (tbs) => signer(tbs) });
  await operator.insert(change('a'), { nowMs: 1 });
  signer = wrong.signAsAuditor;
  await expect(operator.insert(change('b'), { nowMs: 2 })).rejects.toEqual(code('ERR_SIGNATURE'));
  signer = () => {
    throw new Error('no token');
  };
  await expect(operator.insert(change('c'), { nowMs: 3 })).rejects.toThrow('no token');
  expect(operator.head?.treeSize).toBe(1);
  expect(await new User(world, operator).search('ann')).toMatchObject({ version: 0, value: 'a' });
  signer = world.sign;
  await operator.insert(change('d'), { nowMs: 4 });
  expect(operator.head?.treeSize).toBe(3);
  expect(await new User(world, operator).search('ann', 1)).toMatchObject({ value: 'b' });
  expect(await new User(world, operator).search('ann')).toMatchObject({ version: 2, value: 'd' });
});

test('two writers at once: no two heads of one size, whoever wins', async () => {
  const store = createMemoryNodeStore();
  const world = createWorld({ suite, store });
  const signed = new Map<number, Set<string>>();
  const signer = (tbs: Uint8Array): Uint8Array => {
    const { treeSize, root } = parseTreeHeadTbs(tbs);
    signed.set(treeSize, (signed.get(treeSize) ?? new Set()).add(hex(root)));
    return world.sign(tbs);
  };
  const writers = [await world.open({ signer }), await world.open({ signer })] as const;
  for (let i = 0; i < 20; i++) {
    await Promise.allSettled(writers.map((writer, j) => writer.insert(change(`${i} ${j}`), { nowMs: i })));
  }
  expect(signed.size).toBeGreaterThan(0);
  for (const roots of signed.values()) expect(roots.size).toBe(1);
});

test('writes that are asked for at once take turns', async () => {
  const world = createWorld({ suite, windowMs: 5 });
  const operator = await world.open();
  const heads = await Promise.all(
    Array.from({ length: 10 }, (_, i) => operator.insert(change(`${i}`), { nowMs: i })),
  );
  expect(heads.map(({ treeSize }) => treeSize)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(await new User(world, operator).search('ann')).toMatchObject({ version: 9, value: '9' });
});

test('what another writer left in the place of nodes is written again', async () => {
  const store = createMemoryNodeStore();
  const world = createWorld({ suite, store });
  let isOut = false;
  const signer = (tbs: Uint8Array): Uint8Array => {
    if (isOut) throw new Error('no token');
    return world.sign(tbs);
  };
  const operator = await world.open({ signer });
  await operator.insert(change('a'), { nowMs: 1 });
  isOut = true;
  await expect(operator.insert(change('b'), { nowMs: 2 })).rejects.toThrow('no token');
  await store.putMany([{ key: 'log-node-0-00000000000001', value: new Uint8Array(32) }]);
  isOut = false;
  await operator.insert(change('c'), { nowMs: 3 });
  const user = new User(world, await world.open());
  expect(await user.search('ann')).toMatchObject({ version: 2, value: 'c' });
  expect(await new User(world, operator).search('ann', 0)).toMatchObject({ value: 'a' });
});

describe('a store that is', () => {
  const KINDS = [
    'log-published-head',
    'log-entry-',
    'log-node-',
    'log-label-',
    'log-version-',
    'log-opening-',
  ];

  async function damagedBy(damage: (key: string, value: Uint8Array) => Uint8Array | undefined, kind: string) {
    const memory = createMemoryNodeStore();
    const world = createWorld({ suite, windowMs: 5 });
    const operator = await world.open({ store: memory });
    for (let i = 0; i < 3; i++) await operator.insert(changeOf(i), { nowMs: 10 * i });
    const store: OperatorStore = {
      ...memory,
      getMany: async (keys) =>
        (await memory.getMany(keys)).map((value, i) => {
          const key = keys[i] as string;
          return value !== undefined && key.startsWith(kind) ? damage(key, value) : value;
        }),
    };
    const opened = await world.open({ store });
    await new User(world, opened).search('ann');
  }
  const changeOf = (i: number) => change(`${i}`);

  test.each(KINDS)('damaged: %s cut short', async (kind) => {
    await expect(damagedBy((_, value) => value.slice(1), kind)).rejects.toEqual(code('ERR_STORED_STATE'));
  });
  test.each(['log-published-head', 'log-node-'])('damaged: another %s', async (kind) => {
    const flipped = (_: string, value: Uint8Array): Uint8Array => value.map((byte) => byte ^ 1);
    await expect(damagedBy(flipped, kind)).rejects.toEqual(code('ERR_STORED_STATE'));
  });
  test.each(['log-entry-', 'log-node-', 'log-version-'])('forgetful: %s', async (kind) => {
    await expect(damagedBy(() => undefined, kind)).rejects.toEqual(code('ERR_STORED_STATE'));
  });

  test('that of another log', async () => {
    const store = createMemoryNodeStore();
    await createWorld({ suite, windowMs: 5, store }).open();
    await expect(createWorld({ suite, windowMs: 6, store }).open()).rejects.toEqual(code('ERR_STORED_STATE'));
    await createWorld({ suite, windowMs: 5, store }).open();
  });
});

test('pruning that is cut short goes on', async () => {
  for (let at = 1; at < 60; at++) {
    const memory = createMemoryNodeStore();
    const world = createWorld({ suite, windowMs: 10, lifetimeMs: 50 });
    const operator = await world.open({ store: memory });
    for (let i = 0; i < 12; i++) await operator.insert(change(`${i}`), { nowMs: 10 * i });
    const unpruned = memory.size;
    const broken = await world.open({ store: failing(memory, at + 1, at % 2 === 0) });
    await broken.prune().catch((error: unknown) => expect((error as Error).message).toBe('the store is out'));
    const again = await world.open({ store: memory });
    expect(await new User(world, again).search('ann')).toMatchObject({ version: 11 });
    await again.prune();
    const size = memory.size;
    expect(size).toBeLessThan(unpruned - 10);
    await again.prune();
    expect(memory.size).toBe(size);
    await again.insert(change('more'), { nowMs: 200 });
    await again.prune();
    expect(await new User(world, again).search('ann')).toMatchObject({ value: 'more' });
    expect(memory.size).toBeLessThan(size + 20);
  }
});
