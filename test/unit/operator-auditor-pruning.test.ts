/**
 * Lists of changes go when they cannot be told any more, and no sooner: whatever pruning was cut short at, an auditor gets
 * the update that comes next.
 */

import { describe, expect, test } from 'vitest';
import type { Operator, OperatorStore } from '../../src/operator.js';
import { changesKey } from '../../src/transparency/operator/operator-store.js';
import { watchedStore, type WatchedStore } from '../support/prefix-tree.js';
import { after, auditorOf } from './auditor-world.js';
import { bytesOf, createWorld, quickSuite, SUITES, type World } from './operator-world.js';

const suite = quickSuite(SUITES[0] as World['suite']);

interface Opened {
  readonly world: World;
  readonly store: WatchedStore & OperatorStore;
}

function openStore({ isAudited = true, expires = true } = {}): Opened {
  const watched = watchedStore();
  const store = Object.assign(watched, {
    async putNew(entry: { readonly key: string; readonly value: Uint8Array }) {
      if (watched.entries.has(entry.key)) return false;
      await watched.putMany([entry]);
      return true;
    },
  });
  const lag = isAudited ? { maxAuditorLagMs: 10_000 } : {};
  const lifetime = expires ? { lifetimeMs: 200 } : {};
  return { store, world: createWorld({ suite, windowMs: 10, store, ...lag, ...lifetime }) };
}

/** Adds an entry with so many new versions. */
async function add(operator: Operator, count: number, nowMs: number): Promise<void> {
  const updates = Array.from({ length: count }, (_, i) => ({
    label: bytesOf(`label ${i}`),
    values: [bytesOf(`${nowMs}`)],
  }));
  await operator.insert(updates, { nowMs });
}

/** Eight entries, of which the last two are young; the fifth and sixth change nothing. */
async function grow({ world }: Opened): Promise<Operator> {
  const operator = await world.open();
  for (const [i, count] of [2, 1, 3, 1, 0, 0].entries()) await add(operator, count, 1000 + i);
  await add(operator, 1, 5000);
  await add(operator, 2, 5001);
  return operator;
}

/** Hands over the auditor's head of a size. */
async function handOver(world: World, operator: Operator, size: number): Promise<Uint8Array> {
  const updates: Uint8Array[] = [];
  for (let at = 0; at < size; at++) updates.push(await operator.auditorUpdate(at));
  const { head, after: state } = auditorOf(world).apply(updates);
  await operator.takeAuditorHead(head as Uint8Array);
  return state;
}

const listsIn = ({ entries }: WatchedStore): number[] =>
  Array.from({ length: 8 }, (_, at) => at).filter((at) => entries.has(changesKey(at)));

async function toldBy(operator: Operator): Promise<(string | number)[]> {
  const told: (string | number)[] = [];
  for (let at = 0; at < 8; at++) {
    const code = ({ code: found }: { code: string }): string => found;
    told.push(await operator.auditorUpdate(at).then(() => at, code));
  }
  return told;
}

const EXPIRED = 'ERR_ENTRY_EXPIRED';

describe('lists of changes', () => {
  test('stay until an auditor’s head covers them, and go with the tree that they are proven in', async () => {
    const opened = openStore();
    const { world, store } = opened;
    const operator = await grow(opened);
    await operator.prune();
    expect(listsIn(store)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await handOver(world, operator, 2);
    await operator.prune();
    // Entry 1 is the last audited: its tree stays for the update of 2, and its own list is of no use any more.
    expect(listsIn(store)).toEqual([0, 2, 3, 4, 5, 6, 7]);
    expect(await toldBy(operator)).toEqual([0, EXPIRED, 2, 3, 4, 5, 6, 7]);
  });

  test('of entries without changes are told as long as their tree is there', async () => {
    const opened = openStore();
    const { world, store } = opened;
    const operator = await grow(opened);
    await handOver(world, operator, 6);
    await operator.prune();
    // Entries 3, 4 and 5 have one tree, which stays for the update of 6.
    expect(listsIn(store)).toEqual([0, 4, 5, 6, 7]);
    expect(await toldBy(operator)).toEqual([0, EXPIRED, EXPIRED, EXPIRED, 4, 5, 6, 7]);
  });

  test('of young entries stay, audited or not, and so do all where nothing expires', async () => {
    const opened = openStore();
    const operator = await grow(opened);
    await handOver(opened.world, operator, 8);
    await operator.prune();
    expect(listsIn(opened.store)).toEqual([0, 7]);
    expect(await toldBy(operator)).toEqual([0, EXPIRED, EXPIRED, EXPIRED, EXPIRED, EXPIRED, EXPIRED, 7]);

    const forever = openStore({ expires: false });
    const other = await grow(forever);
    await handOver(forever.world, other, 8);
    await other.prune();
    expect(listsIn(forever.store)).toHaveLength(8);
  });

  test('are many at once, too', async () => {
    const opened = openStore();
    const operator = await opened.world.open();
    for (let i = 0; i < 520; i++) await add(operator, i % 50 === 0 ? 1 : 0, 1000);
    await add(operator, 1, 5000);
    const lists = (): string[] =>
      [...opened.store.entries.keys()].filter((key) => key.startsWith('log-changes'));
    const state = await handOver(opened.world, operator, 521);
    await operator.prune();
    expect(lists()).toEqual([changesKey(0)]);
    await add(operator, 1, 5001);
    expect(after(auditorOf(opened.world, { state }), [await operator.auditorUpdate(521)]).treeSize).toBe(522);
  });

  test('are none in a log without an auditor', async () => {
    const opened = openStore({ isAudited: false });
    const operator = await grow(opened);
    opened.store.budget = Number.POSITIVE_INFINITY;
    const deleted: string[] = [];
    const { deleteMany } = opened.store;
    opened.store.deleteMany = (keys) => {
      deleted.push(...keys);
      return deleteMany(keys);
    };
    await operator.prune();
    expect(deleted.length).toBeGreaterThan(0);
    expect(deleted.filter((key) => key.startsWith('log-'))).toEqual([]);
  });
});

test.each([false, true])(
  'wherever pruning is cut short, the next update is told; reopened: %s',
  async (reopens) => {
    let cut = 0;
    for (let budget = 0; budget < 60; budget++) {
      const opened = openStore();
      const { world, store } = opened;
      let operator = await grow(opened);
      const state = await handOver(world, operator, 6);
      store.budget = budget;
      const isWhole = await operator.prune().then(
        () => true,
        () => false,
      );
      store.budget = Number.POSITIVE_INFINITY;
      if (!isWhole) cut++;
      if (reopens) operator = await world.open();

      // What is said is true, or refused as expired: never a list that is missing.
      const told = await toldBy(operator);
      expect(told.filter((each, at) => each !== at && each !== EXPIRED)).toEqual([]);
      expect(told.slice(6)).toEqual([6, 7]);
      const updates = [await operator.auditorUpdate(6), await operator.auditorUpdate(7)];
      expect(after(auditorOf(world, { state }), updates).treeSize).toBe(8);

      await operator.prune();
      expect(listsIn(store)).toEqual([0, 4, 5, 6, 7]);
      expect(await toldBy(operator)).toEqual([0, EXPIRED, EXPIRED, EXPIRED, 4, 5, 6, 7]);
    }
    expect(cut).toBeGreaterThan(5);
  },
);
