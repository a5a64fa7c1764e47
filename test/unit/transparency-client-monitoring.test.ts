/** Monitoring of what was found: until when, and what it detects. */

import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/transparency/client/client.js';
import { EMPTY_STATE, type LabelState } from '../../src/transparency/client/client-state.js';
import { dueMonitoring } from '../../src/transparency/client/monitor-operation.js';
import type { ContactMonitorResponse } from '../../src/transparency/wire/monitor-messages.js';
import { addToMap } from '../../src/transparency/client/monitor-map.js';
import { ALICE, codeOf, grow, logOf, PROOF_DAMAGES, searched, text, utf8 } from './client-world.js';
import type { HonestLog, Lie } from './honest-log.js';

async function monitored(client: Client, log: HonestLog): Promise<Client> {
  const { request, verify } = client.monitor(ALICE);
  return client.at(verify(await log.monitor(request), { nowMs: log.nowMs }).after);
}

test('goes on until a distinguished entry shows the version', async () => {
  const log = await logOf(14);
  let client = await searched(log);
  let rounds = 0;
  for (; client.dueMonitors(log.nowMs + 100).length > 0; rounds++) {
    await grow(log, 3, () => 0);
    client = await monitored(client, log);
  }
  expect(rounds).toBeGreaterThan(0);
  expect(client.dueMonitors(Number.MAX_SAFE_INTEGER)).toEqual([]);
  expect(codeOf(() => client.monitor(ALICE))).toBe('ERR_NOT_READY');
});

test('is due a window after the last check, and when the clock went back', async () => {
  const log = await logOf(14, { windowMs: 2_000_000 });
  const client = await searched(log);
  const due = (nowMs: number): readonly number[] => client.dueMonitors(nowMs).map(({ dueMs }) => dueMs);
  expect(due(log.nowMs + 1_999_999)).toEqual([]);
  expect(due(log.nowMs + 2_000_000)).toEqual([log.nowMs + 2_000_000]);
  expect(due(log.nowMs - 1)).toEqual([log.nowMs - 1]);
  expect(client.dueMonitors(Number.MAX_SAFE_INTEGER)).toMatchObject([{ operation: 'contact', label: ALICE }]);
  await grow(log, 1);
  const later = await monitored(client, log);
  expect(later.dueMonitors(log.nowMs + 1_999_999)).toEqual([]);
});

test('is due for the longest overdue first', () => {
  const kept = (name: string, checkedMs: number, isOwned: boolean, isPartial = false): LabelState => ({
    label: utf8(name),
    checkedMs,
    isPartial,
    monitored: [],
    owned: isOwned ? { start: 0, greatestAtStart: 0, later: [] } : undefined,
    versions: new Map(),
  });
  const labels = [
    kept('future', 101, false),
    kept('partial', 35, true, true),
    kept('old', 20, false),
    kept('oldest', 10, true),
    kept('just', 70, false),
    kept('not yet', 71, false),
  ];
  const due = dueMonitoring({ ...EMPTY_STATE, labels }, 30, 100);
  expect(due.map(({ label, dueMs, operation }) => [text(label), dueMs, operation])).toEqual([
    ['partial', 35, 'owner'],
    ['oldest', 40, 'owner'],
    ['old', 50, 'contact'],
    ['future', 100, 'contact'],
    ['just', 100, 'contact'],
  ]);
  // What is handed out is a copy.
  due[0]?.label.fill(0);
  expect(labels.map(({ label }) => text(label))).toContain('oldest');
});

test('says what is left to monitor, and of which tree', async () => {
  const log = await logOf(14, { windowMs: 2_000_000 });
  const client = await searched(log);
  await grow(log, 2, () => 0);
  const { request, verify } = client.monitor(ALICE);
  const seen = verify(await log.monitor(request), { nowMs: log.nowMs });
  expect(seen).toMatchObject({ treeSize: 16, versions: [4] });
});

test('does not make searches seem like checks', async () => {
  const log = await logOf(14, { windowMs: 2_000_000 });
  const client = await searched(log);
  const since = log.nowMs;
  await grow(log, 1);
  const { request, verify } = client.search(ALICE);
  const again = client.at(verify(await log.search(request), { nowMs: log.nowMs }).after);
  expect(again.dueMonitors(since + 2_000_000)).toHaveLength(1);
});

test('a forgotten label is not monitored', async () => {
  const log = await logOf(14);
  const client = await searched(log);
  expect(client.at(client.forget(ALICE).after).dueMonitors(Number.MAX_SAFE_INTEGER)).toEqual([]);
  expect(codeOf(() => client.monitor(utf8('bob')))).toBe('ERR_NOT_READY');
});

describe('damages', () => {
  type Damage = readonly [name: string, code: string, lie: Lie<ContactMonitorResponse>];
  const damages: readonly Damage[] = PROOF_DAMAGES.map(([name, code, damage]) => [
    name,
    code,
    { patch: (response) => ({ ...response, monitor: damage(response.monitor) }) },
  ]);
  test.each(damages)('%s: %s', async (_, code, lie) => {
    const log = await logOf(14);
    const client = await searched(log);
    await grow(log, 9);
    const { request, verify } = client.monitor(ALICE);
    const response = await log.monitor(request, lie);
    expect(codeOf(() => verify(response, { nowMs: log.nowMs }))).toBe(code);
  });
});

// ------------------------------------------------------------------------------------- maps

describe('a map', () => {
  const map = (...pairs: readonly (readonly [position: number, version: number])[]) =>
    pairs.map(([position, version]) => ({ position, version }));

  test.each([
    ['takes a first version', map(), [8, 4], map([8, 4])],
    ['takes a greater one to the right', map([8, 4]), [10, 5], map([8, 4], [10, 5])],
    ['takes a lesser one to the left', map([10, 5]), [8, 4], map([8, 4], [10, 5])],
    ['keeps the left of two entries of one version', map([8, 4]), [9, 4], map([8, 4])],
    ['moves a version to the left', map([9, 4]), [8, 4], map([8, 4])],
    ['drops a lesser version whose entry is to the right', map([11, 4]), [10, 5], map([10, 5])],
    ['drops a lesser version of the same entry', map([10, 4]), [10, 5], map([10, 5])],
    ['ignores a lesser version to the right', map([10, 5]), [11, 4], map([10, 5])],
    ['ignores a lesser version of the same entry', map([10, 5]), [10, 4], map([10, 5])],
    ['drops several', map([8, 3], [11, 4], [15, 6]), [9, 5], map([8, 3], [9, 5], [15, 6])],
  ] as const)('%s', (_, before, [position, version], after) => {
    expect(addToMap(before, { position, version })).toEqual(after);
  });
});
