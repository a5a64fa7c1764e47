/** What an operator tells its auditor, from logs in memory and stored ones, and what it keeps for it. */

import { describe, expect, test } from 'vitest';
import type { Operator } from '../../src/operator.js';
import { createMemoryNodeStore } from '../../src/prefix.js';
import { createClient } from '../../src/transparency.js';
import { parseAuditorUpdate } from '../../src/transparency/wire/auditor-update.js';
import { changesKey } from '../../src/transparency/operator/operator-store.js';
import { auditorOf, headOf } from './auditor-world.js';
import { bytesOf, createWorld, SUITES, type World } from './operator-world.js';

/** Adds entries with so many new versions each, a millisecond apart. */
async function fill(operator: Operator, counts: readonly number[], nowMs = 1000): Promise<void> {
  for (const [i, count] of counts.entries()) {
    const updates = Array.from({ length: count }, (_, label) => ({
      label: bytesOf(`label ${label}`),
      values: [bytesOf(`${i}`)],
    }));
    await operator.insert(updates, { nowMs: nowMs + i });
  }
}

/** Lets an auditor take everything up to a size, and hands its head over. */
async function expectAudited(world: World, operator: Operator, size: number): Promise<void> {
  const updates: Uint8Array[] = [];
  for (let at = 0; at < size; at++) updates.push(await operator.auditorUpdate(at));
  const { head, treeSize } = auditorOf(world).apply(updates);
  expect(treeSize).toBe(size);
  await operator.takeAuditorHead(head as Uint8Array);
}

const expectRefused = (work: Promise<unknown>, code: string): Promise<unknown> =>
  expect(work).rejects.toMatchObject({ code });

describe.each(SUITES)('an operator of $name', (suite) => {
  test('tells of every entry, from memory and from a store that is opened again', async () => {
    const store = createMemoryNodeStore();
    const world = createWorld({ suite, maxAuditorLagMs: 1000, store });
    const counts = [3, 0, 1, 12, 0];
    const operator = await world.open();
    await fill(operator, counts);
    const reopened = await world.open();
    for (const [at, count] of counts.entries()) {
      const bytes = await operator.auditorUpdate(at);
      expect(await reopened.auditorUpdate(at)).toEqual(bytes);
      const { timestampMs, added, removed } = parseAuditorUpdate(bytes);
      expect([timestampMs, added.length, removed]).toEqual([1000 + at, count, []]);
    }
    await expectAudited(world, reopened, 5);

    // A user accepts what the operator says once it has the auditor's head, and nothing before.
    const { request, verify } = createClient(world.bytes, { suite }).search(bytesOf('label 0'));
    const { version, value, treeSize } = verify(await reopened.search(request), { nowMs: 1004 });
    expect([version, value, treeSize]).toEqual([2, bytesOf('3'), 5]);
    await expectRefused(operator.search(request), 'ERR_AUDITOR_HEAD');
  });
});

describe('an operator', () => {
  test('tells of 255 changes in an entry', async () => {
    const world = createWorld({ maxAuditorLagMs: 1000 });
    const operator = await world.open();
    await fill(operator, [255, 255]);
    await expectAudited(world, operator, 2);
  });

  test('has nothing to tell of entries that there are not, or where there is no auditor', async () => {
    const operator = await createWorld({ maxAuditorLagMs: 1000 }).open();
    await expectRefused(operator.auditorUpdate(0), 'ERR_NOT_READY');
    await expectRefused(operator.auditorStart(), 'ERR_NOT_READY');
    await fill(operator, [1]);
    await expectRefused(operator.auditorUpdate(1), 'ERR_INDEX_RANGE');
    await expectRefused(operator.auditorUpdate(-1), 'ERR_ARGUMENT_RANGE');
    await expectRefused(operator.auditorUpdate(0.5), 'ERR_ARGUMENT_RANGE');
    await expectRefused(operator.auditorStart(), 'ERR_NOT_READY');
    const alone = await createWorld().open();
    await fill(alone, [1]);
    await expectRefused(alone.auditorUpdate(0), 'ERR_DEPLOYMENT_MODE');
    await expectRefused(alone.auditorStart(), 'ERR_DEPLOYMENT_MODE');
  });

  test('takes a head again, and none before there is a log', async () => {
    const world = createWorld({ maxAuditorLagMs: 1000 });
    const operator = await world.open();
    await expectRefused(
      operator.takeAuditorHead(headOf(world, 1, 1000, new Uint8Array(32))),
      'ERR_HEAD_ORDER',
    );
    await fill(operator, [1, 1]);
    await expectAudited(world, operator, 2);
    await expectAudited(world, operator, 2);
    await expectRefused(expectAudited(world, operator, 1), 'ERR_AUDITOR_HEAD');
  });

  test('notices that its store has lost what an entry changed', async () => {
    const store = createMemoryNodeStore();
    const operator = await createWorld({ maxAuditorLagMs: 1000, store }).open();
    await fill(operator, [1, 1]);
    await store.deleteMany([changesKey(1)]);
    await expectRefused(operator.auditorUpdate(1), 'ERR_STORED_STATE');
  });

  test('keeps the trees that the auditor still needs, until its head says otherwise', async () => {
    const lifetimeMs = 200;
    const world = createWorld({ maxAuditorLagMs: 10_000, windowMs: 10, lifetimeMs });
    const operator = await world.open();
    await fill(operator, [2, 2, 2, 2]);
    await fill(operator, [1], 5000);
    await operator.prune();
    await operator.auditorUpdate(1);
    await expectAudited(world, operator, 3);
    await operator.prune();
    await expectRefused(operator.auditorUpdate(1), 'ERR_ENTRY_EXPIRED');
    await expectRefused(operator.auditorUpdate(2), 'ERR_ENTRY_EXPIRED');
    // The next one to be audited is proven in the tree of entry 2, which has expired too.
    await operator.auditorUpdate(3);
    await operator.auditorUpdate(4);
  });
});
