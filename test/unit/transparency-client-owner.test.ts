/** Owning a label: beginning, monitoring page by page, and what a log cannot do behind an owner's back. */

import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/transparency/client/client.js';
import type { OwnerInitResponse, OwnerMonitorResponse } from '../../src/transparency/wire/owner-messages.js';
import {
  ALICE,
  clientOf,
  codeOf,
  grow,
  learnt,
  logOf,
  owning,
  PROOF_DAMAGES,
  searched,
  text,
  utf8,
} from './client-world.js';
import type { HonestLog, Lie } from './honest-log.js';

// Entries 10 ms apart: at a window of 100, entries 7, 15, 23, … and sometimes 11, 19 … are distinguished.

test('an owner is told of the past, and of what came after its start', async () => {
  const log = await logOf(27);
  const client = clientOf(log);
  const { request, verify } = client.initializeOwner(ALICE, 15);
  const owner = verify(await log.ownerInit(request), { nowMs: log.nowMs });
  expect(owner).toMatchObject({ version: 5, treeSize: 27 });
  const update = client.at(owner.after).update(ALICE, []);
  const told = update.verify(await log.update(update.request, log.nowMs), { nowMs: log.nowMs });
  expect(told.versions.map(({ version, position }) => [version, position])).toEqual([
    [6, 18],
    [7, 21],
    [8, 24],
  ]);
  expect(told.versions.map(({ value, isOwn }) => [text(value as Uint8Array), isOwn])).toEqual([
    ['alice at 18 0', false],
    ['alice at 21 0', false],
    ['alice at 24 0', false],
  ]);
});

test('an owner of a label that does not exist yet begins with nothing', async () => {
  const log = await logOf(27, {}, () => 0);
  const { request, verify } = clientOf(log).initializeOwner(ALICE, 15);
  const owner = verify(await log.ownerInit(request), { nowMs: log.nowMs });
  expect(owner.version).toBeUndefined();
  const client = clientOf(log, owner.after);
  const watch = client.monitorOwned(ALICE);
  expect(watch.verify(await log.ownerMonitor(watch.request), { nowMs: log.nowMs }).next).toBe('nothing');
  const first = client.update(ALICE, [utf8('first')]);
  const created = first.verify(await log.update(first.request, log.nowMs + 10), { nowMs: log.nowMs });
  expect(created).toMatchObject({ isCreated: true, versions: [{ version: 0, position: 27, isOwn: true }] });
});

test('monitoring goes on page by page to the rightmost distinguished entry', async () => {
  const log = await logOf(64);
  let client = await owning(log, 15);
  const positions: number[] = [];
  for (let round = 0; round < 20; round++) {
    const { request, verify } = client.monitorOwned(ALICE);
    const seen = verify(await log.ownerMonitor(request, { looks: 1 }), { nowMs: log.nowMs });
    positions.push(seen.position);
    client = client.at(seen.after);
    if (seen.next === 'nothing') break;
    expect(seen.next).toBe('monitor');
    // Not before it is complete is it not due.
    expect(client.dueMonitors(log.nowMs)).toMatchObject([{ operation: 'owner' }]);
  }
  expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
  expect(positions.length).toBeGreaterThan(2);
  expect(client.dueMonitors(log.nowMs)).toEqual([]);
  expect(client.dueMonitors(log.nowMs + 100)).toHaveLength(1);
});

test('what was found before is still monitored, and monitoring it is not an owner’s check', async () => {
  const log = await logOf(27);
  const before = await searched(log);
  const { request, verify } = before.initializeOwner(ALICE, 15);
  const owner = before.at(verify(await log.ownerInit(request), { nowMs: log.nowMs }).after);
  const since = log.nowMs;
  await grow(log, 1, () => 0);
  const watch = owner.monitor(ALICE);
  const seen = watch.verify(await log.monitor(watch.request), { nowMs: log.nowMs });
  expect(seen.versions).toEqual([8]);
  expect(owner.at(seen.after).dueMonitors(since + 100)).toMatchObject([{ operation: 'owner' }]);
});

test('a search changes nothing of what an owner has to do, nor does it forget the owner', async () => {
  const log = await logOf(62);
  const client = await owning(log, 15);
  const { request, verify } = client.monitorOwned(ALICE);
  const page = verify(await log.ownerMonitor(request, { looks: 1 }), { nowMs: log.nowMs });
  const part = client.at(page.after);
  const search = part.search(ALICE);
  const found = search.verify(await log.search(search.request), { nowMs: log.nowMs });
  expect(found.isMonitored).toBe(true);
  const after = part.at(found.after);
  expect(after.dueMonitors(log.nowMs)).toEqual(part.dueMonitors(log.nowMs));
  expect(after.dueMonitors(log.nowMs)).toMatchObject([{ operation: 'owner' }]);
  const next = after.monitorOwned(ALICE);
  const second = next.verify(await log.ownerMonitor(next.request, { looks: 99 }), { nowMs: log.nowMs });
  expect(second.next).toBe('nothing');
});

test('monitoring what was found leaves an owner’s page where it was', async () => {
  const log = await logOf(62);
  const found = await searched(log);
  const init = found.initializeOwner(ALICE, 15);
  const owner = await learnt(
    log,
    found.at(init.verify(await log.ownerInit(init.request), { nowMs: log.nowMs }).after),
  );
  const { request, verify } = owner.monitorOwned(ALICE);
  const part = owner.at(verify(await log.ownerMonitor(request, { looks: 1 }), { nowMs: log.nowMs }).after);
  const before = part.dueMonitors(log.nowMs);
  expect(before).toHaveLength(1);
  const watch = part.monitor(ALICE);
  const after = part.at(watch.verify(await log.monitor(watch.request), { nowMs: log.nowMs }).after);
  expect(after.dueMonitors(log.nowMs)).toEqual(before);
});

test('an owner of whose label nothing is monitored has nothing to monitor as a contact has', async () => {
  const log = await logOf(27);
  const { request, verify } = clientOf(log).initializeOwner(ALICE, 15);
  const owner = clientOf(log, verify(await log.ownerInit(request), { nowMs: log.nowMs }).after);
  expect(codeOf(() => owner.monitor(ALICE))).toBe('ERR_NOT_READY');
  expect(owner.dueMonitors(log.nowMs)).toEqual([]);
});

test('an owner begins where older entries have lesser versions, or the same', async () => {
  for (const [versions, greatest] of [
    [(position: number) => (position % 3 === 0 ? 1 : 0), 7],
    [(position: number) => (position <= 15 && position % 3 === 0 ? 1 : 0), 5],
  ] as const) {
    const log = await logOf(27, {}, versions);
    const { request, verify } = clientOf(log).initializeOwner(ALICE, 23);
    expect(verify(await log.ownerInit(request), { nowMs: log.nowMs }).version).toBe(greatest);
  }
});

test('of a label that does not exist no version has a commitment', async () => {
  const log = await logOf(27, {}, () => 0);
  const lie: Lie<OwnerInitResponse> = {
    patch: (given) => ({
      ...given,
      binaryLadder: given.binaryLadder.map((step) => ({ ...step, commitment: new Uint8Array(32) })),
    }),
  };
  expect(await begin(log, lie)).toBe('ERR_LADDER_COMMITMENT');
});

test('operations of owners need an owner', async () => {
  const log = await logOf(27);
  expect(codeOf(() => clientOf(log).monitorOwned(ALICE))).toBe('ERR_NOT_READY');
  expect(codeOf(() => clientOf(log).update(ALICE, []))).toBe('ERR_NOT_READY');
});

// ------------------------------------------------------------------------------------- damages

async function begin(log: HonestLog, lie: Lie<OwnerInitResponse>, start = 15): Promise<string> {
  const { request, verify } = clientOf(log).initializeOwner(ALICE, start);
  const response = await log.ownerInit(request, lie);
  return codeOf(() => verify(response, { nowMs: log.nowMs }));
}

describe('beginning', () => {
  type Damage = readonly [name: string, code: string, lie: Lie<OwnerInitResponse>];
  const bare = (
    which: (version: number) => boolean,
    versions: readonly number[],
  ): Lie<OwnerInitResponse> => ({
    patch: (given) => ({
      ...given,
      binaryLadder: given.binaryLadder.map((step, i) =>
        which(versions[i] as number) ? { ...step, commitment: undefined } : step,
      ),
    }),
  });
  // Greatest versions at 15, 7, 3, … of a log with one each third entry: 5 at 15, and 15 has no ancestors to the left.
  const ladder = [0, 1, 3, 5, 6, 7];
  const damages: readonly Damage[] = [
    [
      'versions of more entries than there are',
      'ERR_OWNED_VERSIONS',
      { patch: (given) => ({ ...given, greatestVersions: [...given.greatestVersions, 5] }) },
    ],
    [
      'no commitment to the greatest version',
      'ERR_LADDER_COMMITMENT',
      bare((version) => version === 5, ladder),
    ],
    ['no commitment to an older version', 'ERR_PREFIX_COMMITMENT', bare((version) => version === 3, ladder)],
    [
      'a commitment to a version that does not exist',
      'ERR_LADDER_COMMITMENT',
      {
        patch: (given) => ({
          ...given,
          binaryLadder: given.binaryLadder.map((step, i) =>
            ladder[i] === 6 ? { ...step, commitment: new Uint8Array(32) } : step,
          ),
        }),
      },
    ],
    [
      'a ladder that is one step short',
      'ERR_LADDER_STEPS',
      { patch: (given) => ({ ...given, binaryLadder: given.binaryLadder.slice(1) }) },
    ],
    ...PROOF_DAMAGES.map(
      ([name, code, damage]): Damage => [
        name,
        code,
        { patch: (given) => ({ ...given, init: damage(given.init) }) },
      ],
    ),
  ];
  test.each(damages)('%s: %s', async (_, code, lie) => {
    expect(await begin(await logOf(27), lie)).toBe(code);
  });

  test('a start that is not distinguished, expired, or beyond the tree: ERR_OWNER_START', async () => {
    const log = await logOf(27);
    for (const start of [16, 26, 27, 99]) {
      const asked = clientOf(log).initializeOwner(ALICE, start);
      const other = clientOf(log).initializeOwner(ALICE, 15);
      const response = await log.ownerInit(other.request);
      expect(codeOf(() => asked.verify(response, { nowMs: log.nowMs }))).toBe('ERR_OWNER_START');
    }
    const expiring = clientOf(await logOf(27, { lifetimeMs: 150 })).initializeOwner(ALICE, 7);
    const response = await log.ownerInit(expiring.request);
    expect(codeOf(() => expiring.verify(response, { nowMs: log.nowMs }))).toBe('ERR_OWNER_START');
  });
});

describe('monitoring', () => {
  async function watch(client: Client, log: HonestLog, lie: Lie<OwnerMonitorResponse>): Promise<string> {
    const { request, verify } = client.monitorOwned(ALICE);
    const response = await log.ownerMonitor(request, lie);
    return codeOf(() => verify(response, { nowMs: log.nowMs }));
  }

  test.each(PROOF_DAMAGES)('%s: %s', async (_, code, damage) => {
    const log = await logOf(27);
    const client = await owning(log, 15);
    await grow(log, 30, () => 0);
    const patch = (given: OwnerMonitorResponse): OwnerMonitorResponse => ({
      ...given,
      monitor: damage(given.monitor),
    });
    // What was kept is computed again, and differs, before there is a root.
    const expected = code === 'ERR_SIGNATURE' ? 'ERR_RETAINED_SUBTREE' : code;
    expect(await watch(client, log, { patch })).toBe(expected);
  });
});
