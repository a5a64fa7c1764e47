/** What an operator refuses, request by request, and that a refusal leaves the log as it was. */

import { describe, expect, test } from 'vitest';
import { createOperator, type Operator } from '../../src/operator.js';
import { createMemoryNodeStore } from '../../src/prefix.js';
import { encodeDistinguishedRequest } from '../../src/transparency/wire/distinguished-messages.js';
import {
  encodeContactMonitorRequest,
  type MonitorMapEntry,
} from '../../src/transparency/wire/monitor-messages.js';
import {
  encodeOwnerInitRequest,
  encodeOwnerMonitorRequest,
} from '../../src/transparency/wire/owner-messages.js';
import { encodeSearchRequest } from '../../src/transparency/wire/search-messages.js';
import { encodeAuditorTreeHead, encodeAuditorTreeHeadTbs } from '../../src/transparency/wire/tree-head.js';
import { withInsertion } from '../../src/transparency/operator/label-index.js';
import { encodeUpdateRequest } from '../../src/transparency/wire/update-messages.js';
import { encodeConfiguration } from '../../src/transparency/wire/configuration.js';
import { User } from './operator-user.js';
import {
  bytesOf,
  createWorld,
  quickSuite,
  SUITES,
  type World,
  type WorldSettings,
} from './operator-world.js';

const [ed25519, p256] = SUITES.map(quickSuite) as [World['suite'], World['suite']];
const worldOf = (settings: WorldSettings = {}): World => createWorld({ suite: ed25519, ...settings });
const label = bytesOf('ann');
const values = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => bytesOf(`${i}`));

/** Entries of 10 ms each, with versions of one label in entries 0, 2, 4, 6, and nothing in the others. */
async function grown(settings: WorldSettings = {}): Promise<{ world: World; operator: Operator }> {
  const world = worldOf({ windowMs: 25, ...settings });
  const operator = await world.open();
  for (let i = 0; i < 8; i++) {
    await operator.insert(i % 2 === 0 ? [{ label, values: values(1) }] : [], { nowMs: 1000 + 10 * i });
  }
  return { world, operator };
}

const refusal = (code: string) => expect.objectContaining({ code });

describe('a tree size that no tree of the log has', () => {
  const questions: Record<string, (operator: Operator, last: number | undefined) => Promise<unknown>> = {
    search: (operator, last) => operator.search(encodeSearchRequest({ last, label, version: undefined })),
    contactMonitor: (operator, last) =>
      operator.contactMonitor(encodeContactMonitorRequest({ last, label, entries: [] })),
    ownerInit: (operator, last) => operator.ownerInit(encodeOwnerInitRequest({ last, label, start: 3 })),
    ownerMonitor: (operator, last) =>
      operator.ownerMonitor(
        encodeOwnerMonitorRequest({ last, label, entries: [], start: 3, greatestVersion: 3 }),
      ),
    distinguished: (operator, last) =>
      operator.distinguished(encodeDistinguishedRequest({ last, stop: undefined })),
    async update(operator, last) {
      const request = encodeUpdateRequest({ last, label, greatestVersion: 3, values: [{ value: label }] });
      const [outcome] = await operator.update([{ request }], { nowMs: 2000 });
      if (outcome?.refusal !== undefined) throw outcome.refusal;
    },
  };
  test.each(Object.entries(questions))('%s', async (_, ask) => {
    const { operator } = await grown();
    await expect(ask(operator, 0)).rejects.toEqual(refusal('ERR_HEAD_EMPTY'));
    await expect(ask(operator, 9)).rejects.toEqual(refusal('ERR_HEAD_ORDER'));
    expect(operator.head?.treeSize).toBe(8);
    await expect(ask(operator, 8)).resolves.not.toThrow();
  });

  test('and any, of a log without entries', async () => {
    const operator = await worldOf().open();
    for (const [name, ask] of Object.entries(questions)) {
      if (name !== 'update') await expect(ask(operator, undefined)).rejects.toEqual(refusal('ERR_NOT_READY'));
    }
    await expect(operator.prune()).rejects.toEqual(refusal('ERR_NOT_READY'));
  });
});

test('bytes that are no request', async () => {
  const { operator } = await grown();
  const bytes = Uint8Array.of(9);
  for (const ask of ['search', 'contactMonitor', 'ownerInit', 'ownerMonitor', 'distinguished'] as const) {
    await expect(operator[ask](bytes)).rejects.toEqual(refusal('ERR_ENUM'));
  }
  const [outcome] = await operator.update([{ request: bytes }], { nowMs: 0 });
  expect(outcome?.refusal).toEqual(refusal('ERR_ENUM'));
});

describe('searches', () => {
  const search = (operator: Operator, version?: number, name = 'ann') =>
    operator.search(encodeSearchRequest({ last: undefined, label: bytesOf(name), version }));

  test('for what is not there, or not any more', async () => {
    const { operator } = await grown();
    await expect(search(operator, undefined, 'nobody')).rejects.toEqual(refusal('ERR_NO_VERSION'));
    await expect(search(operator, 4)).rejects.toEqual(refusal('ERR_NO_VERSION'));
    await operator.deleteOpening(label, 1);
    await operator.deleteOpening(label, 77);
    await expect(search(operator, 1)).rejects.toEqual(refusal('ERR_OPENING_DELETED'));
    for (const version of [undefined, 0, 2, 3]) await search(operator, version);
  });

  test('for what has expired, pruned or not', async () => {
    const { operator } = await grown({ lifetimeMs: 35 });
    await expect(search(operator, 0)).rejects.toEqual(refusal('ERR_ENTRY_EXPIRED'));
    await operator.prune();
    await expect(search(operator, 0)).rejects.toEqual(refusal('ERR_ENTRY_EXPIRED'));
    await search(operator, 3);
  });
});

describe('monitoring maps', () => {
  const refused: readonly (readonly [string, readonly MonitorMapEntry[]])[] = [
    [
      'positions that fall',
      [
        { position: 4, version: 2 },
        { position: 2, version: 3 },
      ],
    ],
    [
      'a position twice',
      [
        { position: 3, version: 0 },
        { position: 3, version: 1 },
      ],
    ],
    [
      'versions that fall',
      [
        { position: 3, version: 1 },
        { position: 7, version: 0 },
      ],
    ],
    [
      'a version twice',
      [
        { position: 3, version: 1 },
        { position: 7, version: 1 },
      ],
    ],
    ['a version that is not there', [{ position: 7, version: 4 }]],
    ['a version before it was inserted', [{ position: 1, version: 1 }]],
    ['an ancestor to the left', [{ position: 3, version: 2 }]],
    ['an entry beside the path', [{ position: 6, version: 2 }]],
    ['an entry that the log lacks', [{ position: 8, version: 3 }]],
  ];
  test.each(refused)('%s', async (_, entries) => {
    const { operator } = await grown();
    const contact = encodeContactMonitorRequest({ last: undefined, label, entries });
    await expect(operator.contactMonitor(contact)).rejects.toEqual(refusal('ERR_MONITOR_MAP'));
    const owner = { last: undefined, label, entries, start: 3, greatestVersion: 3 };
    const request = encodeOwnerMonitorRequest(owner);
    await expect(operator.ownerMonitor(request)).rejects.toEqual(refusal('ERR_MONITOR_MAP'));
  });

  test('every place that is right is taken', async () => {
    const { operator } = await grown();
    for (const [version, positions] of Object.entries({
      0: [0, 1, 3, 7],
      1: [2, 3, 7],
      2: [4, 5, 7],
      3: [6, 7],
    })) {
      for (const position of positions) {
        const entries = [{ position, version: Number(version) }];
        const request = encodeContactMonitorRequest({ last: 8, label, entries });
        await expect(operator.contactMonitor(request)).resolves.toBeInstanceOf(Uint8Array);
      }
    }
  });

  test('that take more than a response can hold', async () => {
    const operator = await worldOf({ windowMs: 2 ** 40 }).open();
    for (let i = 0; i < 520; i++) await operator.insert([{ label, values: values(1) }], { nowMs: i });
    const monitor = (count: number) => {
      const entries = Array.from({ length: count }, (_, i) => ({ position: 2 * i, version: 2 * i }));
      return operator.contactMonitor(encodeContactMonitorRequest({ last: undefined, label, entries }));
    };
    await expect(monitor(255)).rejects.toEqual(refusal('ERR_RESPONSE_SIZE'));
    await expect(monitor(100)).resolves.toBeInstanceOf(Uint8Array);
  });

  test('of an entry that is pruned', async () => {
    const { operator } = await grown({ lifetimeMs: 45, windowMs: 44 });
    await operator.insert([], { nowMs: 1100 });
    await operator.prune();
    const entries = [{ position: 2, version: 1 }];
    const request = encodeContactMonitorRequest({ last: undefined, label, entries });
    // Its monitoring would have ended at entry 3.
    await expect(operator.contactMonitor(request)).rejects.toEqual(refusal('ERR_ENTRY_EXPIRED'));
    const init = encodeOwnerInitRequest({ last: undefined, label, start: 3 });
    await expect(operator.ownerInit(init)).rejects.toEqual(refusal('ERR_OWNER_START'));
    const owner = { last: undefined, label, entries: [], start: 0, greatestVersion: 3 };
    await expect(operator.ownerMonitor(encodeOwnerMonitorRequest(owner))).rejects.toEqual(
      refusal('ERR_ENTRY_EXPIRED'),
    );
  });
});

describe('owners', () => {
  test('who begin where there is no entry, or none that is distinguished', async () => {
    const { operator } = await grown();
    const init = (start: number) =>
      operator.ownerInit(encodeOwnerInitRequest({ last: undefined, label, start }));
    await expect(init(8)).rejects.toEqual(refusal('ERR_INDEX_RANGE'));
    await expect(init(2)).rejects.toEqual(refusal('ERR_OWNER_START'));
    await init(3);
  });

  test('whose greatest version does not fit', async () => {
    const { operator } = await grown();
    const monitor = (start: number, greatestVersion: number | undefined, name = 'ann') =>
      operator.ownerMonitor(
        encodeOwnerMonitorRequest({
          last: undefined,
          label: bytesOf(name),
          entries: [],
          start,
          greatestVersion,
        }),
      );
    await expect(monitor(8, 3)).rejects.toEqual(refusal('ERR_INDEX_RANGE'));
    await expect(monitor(3, 4)).rejects.toEqual(refusal('ERR_KNOWN_VERSION'));
    await expect(monitor(3, 0)).rejects.toEqual(refusal('ERR_KNOWN_VERSION'));
    await expect(monitor(3, undefined)).rejects.toEqual(refusal('ERR_KNOWN_VERSION'));
    await expect(monitor(3, 0, 'nobody')).rejects.toEqual(refusal('ERR_KNOWN_VERSION'));
    for (const version of [1, 2, 3]) await monitor(3, version);
    await monitor(3, undefined, 'nobody');
  });
});

describe('updates', () => {
  const call = (greatestVersion: number | undefined, count: number, name = 'ann') => ({
    request: encodeUpdateRequest({
      last: undefined,
      label: bytesOf(name),
      greatestVersion,
      values: values(count).map((value) => ({ value })),
    }),
  });

  test('that know too much, bring nothing, or bring too much', async () => {
    const { operator } = await grown();
    const outcomes = await operator.update(
      [call(4, 1), call(3, 0), call(3, 192), call(undefined, 0, 'nobody'), call(0, 1, 'nobody')],
      { nowMs: 2000 },
    );
    expect(outcomes.map(({ refusal: error }) => error?.code)).toEqual([
      'ERR_KNOWN_VERSION',
      'ERR_UPDATE_EMPTY',
      'ERR_ENTRY_FULL',
      'ERR_UPDATE_EMPTY',
      'ERR_KNOWN_VERSION',
    ]);
    expect(operator.head?.treeSize).toBe(8);
  });

  test('one bad request does not hold up the others, and of two for one label the second is told', async () => {
    const { world, operator } = await grown();
    const outcomes = await operator.update(
      [call(9, 1), call(3, 191), call(3, 1), call(undefined, 1, 'ben')],
      {
        nowMs: 2000,
      },
    );
    expect(outcomes.map(({ responses }) => responses?.length)).toEqual([undefined, 1, 1, 1]);
    expect(operator.head?.treeSize).toBe(9);
    expect(await new User(world, operator).search('ann')).toMatchObject({ version: 194, value: '190' });
    const [behind] = await operator.update([call(undefined, 0)], { nowMs: 2000 });
    expect(behind?.responses).toHaveLength(5);
  });

  test('that know some of the versions of one log entry, and not all', async () => {
    const { operator } = await grown();
    await operator.insert([{ label, values: values(3) }], { nowMs: 2000 });
    await operator.insert([{ label, values: values(1) }], { nowMs: 2000 });
    const outcomes = await operator.update([call(4, 0), call(5, 1), call(3, 0), call(6, 0)], { nowMs: 2000 });
    expect(outcomes.map(({ refusal: error, responses }) => error?.code ?? responses?.length)).toEqual([
      'ERR_KNOWN_VERSION',
      'ERR_KNOWN_VERSION',
      2,
      1,
    ]);
  });

  test('about versions whose openings are deleted', async () => {
    const { operator } = await grown();
    await operator.deleteOpening(label, 2);
    const [outcome] = await operator.update([call(0, 0)], { nowMs: 2000 });
    expect(outcome?.refusal).toEqual(refusal('ERR_OPENING_DELETED'));
  });

  test('of a label with as many versions as there can be', () => {
    const almost = [{ position: 0, count: 2 ** 32 - 3, skipped: undefined }];
    expect(withInsertion(almost, { position: 1, count: 2, skipped: undefined })).toHaveLength(2);
    expect(() => withInsertion(almost, { position: 1, count: 3, skipped: undefined })).toThrow(
      refusal('ERR_ARGUMENT_RANGE'),
    );
    // What belongs to an entry that never came to be does not count.
    expect(withInsertion(almost, { position: 0, count: 3, skipped: undefined })).toEqual([
      { position: 0, count: 3 },
    ]);
  });
});

describe('the rule', () => {
  test('comes before anything else, and hears who asks what', async () => {
    const world = worldOf();
    const heard: string[] = [];
    const operator = await world.open<string>({
      access({ operation, request }, caller) {
        heard.push(`${operation} ${caller} ${'label' in request ? request.label.length : '-'}`);
        return caller === 'friend';
      },
    });
    await operator.insert([], { nowMs: 1 });
    const search = encodeSearchRequest({ last: undefined, label, version: undefined });
    const walk = encodeDistinguishedRequest({ last: undefined, stop: undefined });
    const update = encodeUpdateRequest({ last: 9, label, greatestVersion: undefined, values: [] });
    const monitor = encodeContactMonitorRequest({ last: 9, label, entries: [{ position: 7, version: 7 }] });
    const init = encodeOwnerInitRequest({ last: 9, label, start: 9 });
    const watch = { last: 9, label, entries: [], start: 9, greatestVersion: 9 };
    await expect(operator.search(search, 'stranger')).rejects.toEqual(refusal('ERR_ACCESS'));
    await expect(operator.search(search, 'friend')).rejects.toEqual(refusal('ERR_NO_VERSION'));
    await expect(operator.search(search)).rejects.toEqual(refusal('ERR_ACCESS'));
    await expect(operator.distinguished(walk, 'stranger')).rejects.toEqual(refusal('ERR_ACCESS'));
    await expect(operator.contactMonitor(monitor, 'stranger')).rejects.toEqual(refusal('ERR_ACCESS'));
    await expect(operator.ownerInit(init, 'stranger')).rejects.toEqual(refusal('ERR_ACCESS'));
    await expect(operator.ownerMonitor(encodeOwnerMonitorRequest(watch), 'stranger')).rejects.toEqual(
      refusal('ERR_ACCESS'),
    );
    const outcomes = await operator.update(
      [
        { request: update, caller: 'stranger' },
        { request: update, caller: 'friend' },
      ],
      { nowMs: 1 },
    );
    expect(outcomes.map(({ refusal: error }) => error?.code)).toEqual(['ERR_ACCESS', 'ERR_HEAD_ORDER']);
    expect(heard).toContain('search undefined 3');
    expect(heard).toContain('distinguished stranger -');
  });

  test('must say yes, not something like it', async () => {
    const operator = await worldOf().open({ access: () => 'yes' as unknown as boolean });
    await operator.insert([], { nowMs: 1 });
    const walk = encodeDistinguishedRequest({ last: undefined, stop: undefined });
    await expect(operator.distinguished(walk)).rejects.toEqual(refusal('ERR_ACCESS'));
  });

  test('what it throws passes through', async () => {
    const operator = await worldOf().open({ access: () => Promise.reject(new Error('the rule is out')) });
    const request = encodeUpdateRequest({ last: undefined, label, greatestVersion: undefined, values: [] });
    await expect(operator.update([{ request }], { nowMs: 1 })).rejects.toThrow('the rule is out');
  });
});

describe('auditors', () => {
  const signed = (world: World, treeSize: number, timestampMs: number, root: Uint8Array): Uint8Array => {
    const { configuration: config } = world;
    const tbs = encodeAuditorTreeHeadTbs({ config, timestampMs, treeSize, root });
    return encodeAuditorTreeHead({ treeSize, timestampMs, signature: world.signAsAuditor(tbs) });
  };

  test('of whose heads none, or an old one, is there', async () => {
    const store = createMemoryNodeStore();
    const world = worldOf({ maxAuditorLagMs: 10, store });
    const operator = await world.open();
    const user = new User(world, operator);
    const roots: Uint8Array[] = [];
    for (const nowMs of [100, 110, 110]) {
      await operator.insert([{ label, values: values(1) }], { nowMs });
      roots.push(operator.head?.root as Uint8Array);
    }
    await expect(user.search('ann')).rejects.toEqual(refusal('ERR_AUDITOR_HEAD'));
    const take = (treeSize: number, timestampMs: number, root = roots[treeSize - 1] as Uint8Array) =>
      operator.takeAuditorHead(signed(world, treeSize, timestampMs, root));
    await expect(take(1, 100, roots[1])).rejects.toEqual(refusal('ERR_SIGNATURE'));
    await expect(take(2, 100)).rejects.toEqual(refusal('ERR_AUDITOR_HEAD'));
    await expect(take(0, 100, roots[0])).rejects.toEqual(refusal('ERR_HEAD_EMPTY'));
    await expect(take(4, 110, roots[0])).rejects.toEqual(refusal('ERR_HEAD_ORDER'));
    await expect(operator.takeAuditorHead(Uint8Array.of(1))).rejects.toEqual(refusal('ERR_TRUNCATED'));
    await expect(user.search('ann')).rejects.toEqual(refusal('ERR_AUDITOR_HEAD'));
    await take(1, 100);
    expect(await user.search('ann')).toMatchObject({ version: 2 });
    await take(3, 110);
    await expect(take(2, 110)).rejects.toEqual(refusal('ERR_AUDITOR_HEAD'));
    await operator.insert([], { nowMs: 121 });
    // A user who has the newest tree needs no auditor's head; others do, and this one is 11 ms behind.
    await expect(new User(world, operator).search('ann')).rejects.toEqual(refusal('ERR_AUDITOR_HEAD'));
    await take(4, 121, operator.head?.root);
    const again = await world.open();
    expect(await new User(world, again).search('ann')).toMatchObject({ version: 2 });
  });

  test('an entry takes 255 versions', async () => {
    const operator = await worldOf({ maxAuditorLagMs: 10 }).open();
    const two = [
      { label, values: values(100) },
      { label: bytesOf('ben'), values: values(156) },
    ];
    await expect(operator.insert(two, { nowMs: 1 })).rejects.toEqual(refusal('ERR_ENTRY_FULL'));
    const call = (name: string, count: number) => ({
      request: encodeUpdateRequest({
        last: undefined,
        label: bytesOf(name),
        greatestVersion: undefined,
        values: values(count).map((value) => ({ value })),
      }),
    });
    const outcomes = await operator.update([call('a', 100), call('b', 156), call('c', 155)], { nowMs: 1 });
    // The two that were taken have their answers still to come: no auditor has seen the entry.
    expect(outcomes.map(({ refusal: error }) => error?.code)).toEqual([
      'ERR_AUDITOR_HEAD',
      'ERR_ENTRY_FULL',
      'ERR_AUDITOR_HEAD',
    ]);
    expect(operator.head?.treeSize).toBe(1);
  });

  test('there are none elsewhere', async () => {
    const { world, operator } = await grown();
    const bytes = signed(
      createWorld({ suite: world.suite, maxAuditorLagMs: 1 }),
      8,
      1070,
      new Uint8Array(32),
    );
    await expect(operator.takeAuditorHead(bytes)).rejects.toEqual(refusal('ERR_AUDITOR_HEAD'));
  });
});

describe('programs', () => {
  test('with options that do not fit the log', async () => {
    const world = worldOf();
    const foreign = createWorld({ suite: p256 });
    await expect(world.open({ suite: p256 })).rejects.toEqual(refusal('ERR_ARGUMENT_RANGE'));
    await expect(world.open({ vrfKey: foreign.vrfKey })).rejects.toEqual(refusal('ERR_ARGUMENT_RANGE'));
    await expect(world.open({ signer: undefined as never })).rejects.toEqual(refusal('ERR_ARGUMENT_TYPE'));
    for (const pageEntries of [0, 101, 1.5]) {
      await expect(world.open({ pageEntries })).rejects.toEqual(refusal('ERR_ARGUMENT_RANGE'));
    }
    const { leafPublicKey, ...rest } = { ...world.configuration, leafPublicKey: new Uint8Array(32).fill(1) };
    const managed = encodeConfiguration({ ...rest, leafPublicKey, mode: 'thirdPartyManagement' });
    const { suite, vrfKey, sign: signer } = world;
    await expect(createOperator(managed, { suite, vrfKey, signer })).rejects.toEqual(
      refusal('ERR_KEY_ORDER'),
    );
  });

  test('that insert what no log entry can hold', async () => {
    const operator = await worldOf().open();
    const insert = (updates: unknown, nowMs: unknown = 1) =>
      operator.insert(updates as Parameters<Operator['insert']>[0], { nowMs: nowMs as number });
    const one = { label, values: values(1) };
    for (const [updates, code] of [
      ['none', 'ERR_ARGUMENT_TYPE'],
      [[{ label: 'ann', values: [] }], 'ERR_ARGUMENT_TYPE'],
      [[{ label, values: 'none' }], 'ERR_ARGUMENT_TYPE'],
      [[{ label, values: ['none'] }], 'ERR_ARGUMENT_TYPE'],
      [[{ label, values: [] }], 'ERR_ARGUMENT_RANGE'],
      [[one, one], 'ERR_ARGUMENT_RANGE'],
      [[{ label: new Uint8Array(256), values: values(1) }], 'ERR_ARGUMENT_RANGE'],
      [[{ label, values: [new Uint8Array(2 ** 20 + 1)] }], 'ERR_ARGUMENT_RANGE'],
      [[{ label, values: values(192) }], 'ERR_ENTRY_FULL'],
    ] as const) {
      await expect(insert(updates)).rejects.toEqual(refusal(code));
    }
    for (const [nowMs, code] of [
      [-1, 'ERR_ARGUMENT_RANGE'],
      [0.5, 'ERR_ARGUMENT_RANGE'],
      [2 ** 53, 'ERR_ARGUMENT_RANGE'],
      ['1', 'ERR_ARGUMENT_TYPE'],
    ] as const) {
      await expect(insert([], nowMs)).rejects.toEqual(refusal(code));
      await expect(operator.update([], { nowMs: nowMs as number })).rejects.toEqual(refusal(code));
    }
    expect(operator.head).toBeUndefined();
    await insert([{ label: new Uint8Array(255), values: [new Uint8Array(2 ** 20)] }]);
    await expect(operator.deleteOpening('ann' as never, 0)).rejects.toEqual(refusal('ERR_ARGUMENT_TYPE'));
    await expect(operator.deleteOpening(label, -1)).rejects.toEqual(refusal('ERR_ARGUMENT_RANGE'));
  });
});
