/** New versions of an owned label: created and told of, one answer and several, and what a log cannot slip in. */

import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/transparency/client/client.js';
import { baseLadder } from '../../src/transparency/walks/ladder.js';
import { openLog } from '../../src/transparency/verifier/trusted-log.js';
import { EMPTY_STATE } from '../../src/transparency/client/client-state.js';
import { prepareUpdate } from '../../src/transparency/client/update-operation.js';
import { encodeUpdateRequest, type UpdateResponse } from '../../src/transparency/wire/update-messages.js';
import {
  ALICE,
  clientOf,
  codeOf,
  grow,
  hex,
  logOf,
  owning,
  PROOF_DAMAGES,
  text,
  utf8,
} from './client-world.js';
import type { HonestLog, Lie } from './honest-log.js';
import { PAPER_SUITE } from './paper-suite.js';

/** A log of 27 entries with versions up to 5, the last of which is in entry 15, where ownership begins. */
async function world(
  options: Parameters<typeof logOf>[1] = {},
): Promise<{ readonly log: HonestLog; readonly client: Client }> {
  const log = await logOf(27, options, (position) => (position <= 15 && position % 3 === 0 ? 1 : 0));
  return { log, client: await owning(log, 15) };
}

async function updated(log: HonestLog, client: Client, values: readonly string[]) {
  const { request, verify } = client.update(ALICE, values.map(utf8));
  return verify(await log.update(request, log.nowMs + 10), { nowMs: log.nowMs });
}

describe.each(['contactMonitoring', 'thirdPartyManagement', 'thirdPartyAuditing'] as const)('%s', (mode) => {
  test('creates versions, in one log entry or several', async () => {
    const { log, client } = await world({ mode });
    const first = await updated(log, client, ['a']);
    expect(first).toMatchObject({ isCreated: true, versions: [{ version: 6, position: 27, isOwn: true }] });
    const next = await updated(log, client.at(first.after), ['b', 'c', 'd']);
    expect(next.versions.map(({ version, position }) => [version, position])).toEqual([
      [7, 28],
      [8, 28],
      [9, 28],
    ]);
    expect(next.versions.map(({ value }) => text(value as Uint8Array))).toEqual(['b', 'c', 'd']);
    await grow(log, 30, () => 0);
    const watch = client.at(next.after).monitorOwned(ALICE);
    const seen = watch.verify(await log.ownerMonitor(watch.request, { looks: 99 }), { nowMs: log.nowMs });
    expect(seen.next).toBe('nothing');
    const search = client.at(seen.after).search(ALICE);
    const found = search.verify(await log.search(search.request), { nowMs: log.nowMs });
    expect([found.version, text(found.value)]).toEqual([9, 'd']);
  });

  test('creates versions in a distinguished entry', async () => {
    const { log, client } = await world({ mode, windowMs: 0 });
    const first = await updated(log, client, ['a', 'b', 'c', 'd', 'e']);
    expect(first.versions.map(({ version }) => version)).toEqual([6, 7, 8, 9, 10]);
    const again = await updated(log, client.at(first.after), ['f']);
    expect(again.versions.map(({ version }) => version)).toEqual([11]);
  });
});

test('creates as many versions as one response has room to prove', async () => {
  const { log, client } = await world();
  const values = Array.from({ length: 240 }, (_, i) => `value ${i}`);
  const { versions, after } = await updated(log, client, values);
  expect(versions.map(({ version }) => version)).toEqual(values.map((_, i) => 6 + i));
  const again = await updated(log, client.at(after), ['next']);
  expect(again.versions).toMatchObject([{ version: 246, isOwn: true }]);
});

test('values are not taken while there are versions that the owner does not know', async () => {
  const { log, client } = await world();
  await grow(log, 6, (position) => (position % 3 === 0 ? 2 : 0));
  const first = await updated(log, client, ['mine']);
  expect(first.isCreated).toBe(false);
  expect(first.versions.map(({ version, position, isOwn }) => [version, position, isOwn])).toEqual([
    [6, 27, false],
    [7, 27, false],
    [8, 30, false],
    [9, 30, false],
  ]);
  const second = await updated(log, client.at(first.after), ['mine']);
  expect(second).toMatchObject({ isCreated: true, versions: [{ version: 10, isOwn: true }] });
});

test('answers that come in part are taken in part, and in their order only', async () => {
  const { log, client } = await world();
  await grow(log, 9, (position) => (position % 3 === 0 ? 1 : 0));
  const { request, verify } = client.update(ALICE, []);
  const answers = await log.update(request, log.nowMs);
  expect(answers).toHaveLength(3);
  expect(verify(answers.slice(0, 2), { nowMs: log.nowMs }).versions).toHaveLength(2);
  expect(codeOf(() => verify(answers.slice(1), { nowMs: log.nowMs }))).not.toBe('accepted');
  expect(codeOf(() => verify([...answers].reverse(), { nowMs: log.nowMs }))).not.toBe('accepted');
  expect(codeOf(() => verify([...answers, ...answers.slice(-1)], { nowMs: log.nowMs }))).toBe(
    'ERR_UPDATE_POSITION',
  );
  expect(codeOf(() => verify([], { nowMs: log.nowMs }))).toBe('ERR_UPDATE_VERSIONS');
});

test('values count as taken once', async () => {
  const { log, client } = await world();
  const { request, verify } = client.update(ALICE, [utf8('mine')]);
  const first = await log.update(request, log.nowMs + 10);
  const last = log.size;
  await grow(log, 1, () => 1);
  const next = encodeUpdateRequest({ last, label: ALICE, greatestVersion: 6, values: [] });
  const told = await log.update(next, log.nowMs);
  const taken = verify([...first, ...told], { nowMs: log.nowMs });
  expect(taken.versions.map(({ isOwn }) => isOwn)).toEqual([true, false]);
  expect(taken).toMatchObject({ isCreated: true, treeSize: log.size });
});

test('values are still to be taken after news of others', async () => {
  const { log, client } = await world();
  await grow(log, 1, () => 1);
  const { request, verify } = client.update(ALICE, [utf8('mine')]);
  const told = await log.update(request, log.nowMs);
  const values = [{ value: utf8('mine') }];
  const next = encodeUpdateRequest({ last: log.size, label: ALICE, greatestVersion: 6, values });
  const taken = await log.update(next, log.nowMs + 10);
  const { versions } = verify([...told, ...taken], { nowMs: log.nowMs });
  expect(versions).toMatchObject([
    { version: 6, isOwn: false },
    { version: 7, isOwn: true },
  ]);
});

test('news of nothing is refused', async () => {
  const { log, client } = await world();
  await grow(log, 1, () => 1);
  expect(
    await outcomeOf(
      log,
      client,
      patch(() => ({ values: [], info: [] })),
      [],
    ),
  ).toBe('ERR_UPDATE_VERSIONS');
});

test('skipped versions have no value, and are verified like others', async () => {
  const { log, client } = await world({ mode: 'thirdPartyManagement' });
  await log.append(log.nowMs + 10, [{ label: 'alice', values: ['x', 'y'], skipped: 3 }]);
  const told = await updated(log, client, []);
  expect(
    told.versions.map(({ version, value }) => [version, value === undefined ? '-' : text(value)]),
  ).toEqual([
    [6, '-'],
    [7, '-'],
    [8, '-'],
    [9, 'x'],
    [10, 'y'],
  ]);
  const next = await updated(log, client.at(told.after), ['mine']);
  expect(next.versions).toMatchObject([{ version: 11, isOwn: true }]);
});

test('a version that was skipped before the owner’s is nobody’s own', async () => {
  const { log, client } = await world({ mode: 'thirdPartyManagement' });
  const { request, verify } = client.update(ALICE, [utf8('mine')]);
  await log.append(log.nowMs + 10, [{ label: 'alice', values: ['mine'], skipped: 2 }]);
  const responses = await log.update(
    request,
    log.nowMs,
    patch(() => ({ values: [] })),
  );
  const { versions, isCreated } = verify(responses, { nowMs: log.nowMs });
  expect(versions.map(({ version, isOwn }) => [version, isOwn])).toEqual([
    [6, false],
    [7, false],
    [8, true],
  ]);
  expect(isCreated).toBe(true);
});

// ------------------------------------------------------------------------------------- lies

async function outcomeOf(
  log: HonestLog,
  client: Client,
  lie: Lie<UpdateResponse>,
  values: readonly string[] = ['mine'],
): Promise<string> {
  const { request, verify } = client.update(ALICE, values.map(utf8));
  const responses = await log.update(request, log.nowMs + 10, lie);
  return codeOf(() => verify(responses, { nowMs: log.nowMs }));
}

const patch = (change: (given: UpdateResponse) => Partial<UpdateResponse>): Lie<UpdateResponse> => ({
  patch: (given) => ({ ...given, ...change(given) }),
});

type Damage = readonly [name: string, code: string, lie: Lie<UpdateResponse>];
const DAMAGES: readonly Damage[] = [
  ['new versions in another entry', 'ERR_PROOF_TIMESTAMPS', patch(() => ({ position: 20 }))],
  ['no opening', 'ERR_UPDATE_VERSIONS', patch(() => ({ info: [] }))],
  ['an opening too many', 'ERR_UPDATE_VERSIONS', patch(({ info }) => ({ info: [...info, ...info] }))],
  [
    'values of which there are fewer than openings',
    'ERR_UPDATE_VERSIONS',
    patch(({ info }) => ({ values: [{ value: utf8('x') }], info: [...info, ...info] })),
  ],
  [
    'another opening',
    'ERR_SIGNATURE',
    patch(({ info }) => ({ info: info.map((each) => ({ ...each, opening: new Uint8Array(16) })) })),
  ],
  [
    'a ladder that is one step short',
    'ERR_LADDER_STEPS',
    patch(({ binaryLadder }) => ({ binaryLadder: binaryLadder.slice(1) })),
  ],
  [
    'a ladder that is one step long',
    'ERR_LADDER_STEPS',
    patch(({ binaryLadder }) => ({ binaryLadder: [...binaryLadder, ...binaryLadder.slice(-1)] })),
  ],
  [
    'a commitment to a new version',
    'ERR_LADDER_COMMITMENT',
    patch(({ binaryLadder }) => ({
      binaryLadder: binaryLadder.map((step) => ({ ...step, commitment: new Uint8Array(32) })),
    })),
  ],
  ...PROOF_DAMAGES.slice(0, 4).map(
    ([name, code, damage]): Damage => [name, code, patch(({ update }) => ({ update: damage(update) }))],
  ),
];

test.each(DAMAGES)('%s: %s', async (_, code, lie) => {
  const { log, client } = await world();
  // Two versions, so that there is a step for a version that the owner has no VRF output of.
  const values =
    lie.patch !== undefined && code === 'ERR_UPDATE_VERSIONS' ? ['mine'] : ['one', 'two', 'three'];
  const given = code === 'ERR_SIGNATURE' ? ['mine'] : values;
  expect(await outcomeOf(log, client, lie, given)).toBe(code);
});

test('in a managed log each value needs the operator’s signature', async () => {
  const { log, client } = await world({ mode: 'thirdPartyManagement' });
  const lie = patch(({ info }) => ({
    info: info.map((each) => ({ ...each, suffix: { signature: new Uint8Array(64) } })),
  }));
  expect(await outcomeOf(log, client, lie)).toBe('ERR_VALUE_SIGNATURE');
});

test('there is no version above 2^32 - 1', async () => {
  const { log, client } = await world();
  const { request } = client.update(ALICE, [utf8('mine')]);
  const responses = await log.update(request, log.nowMs + 10);
  const trusted = openLog(log.configurationBytes, PAPER_SUITE);
  const after = (greatestAtStart: number): string => {
    const owned = { start: 15, greatestAtStart, later: [] };
    const versions = new Map(
      baseLadder(greatestAtStart).map((version) => [
        version,
        {
          vrfOutput: new Uint8Array(32).fill(version % 251),
          commitment: version > greatestAtStart ? undefined : new Uint8Array(32),
        },
      ]),
    );
    const kept = { label: ALICE, checkedMs: 0, isPartial: false, monitored: [], owned, versions };
    const state = { ...EMPTY_STATE, labels: [kept] };
    const { verify } = prepareUpdate({ log: trusted, state, monitorsAlways: false }, ALICE, [utf8('mine')]);
    return codeOf(() => verify(responses, log.nowMs));
  };
  expect(after(4_294_967_295)).toBe('ERR_UPDATE_VERSIONS');
  // There is one more; that it is not in this tree comes out next.
  expect(after(4_294_967_294)).toBe('ERR_PROOF_TIMESTAMPS');
});

test('a refused answer changes nothing', async () => {
  const { log, client } = await world();
  const { request, verify } = client.update(ALICE, [utf8('mine')]);
  const [response] = (await log.update(request, log.nowMs + 10)) as [Uint8Array];
  const damaged = Uint8Array.from(response);
  damaged[30] = (damaged[30] as number) ^ 1;
  expect(codeOf(() => verify([damaged], { nowMs: log.nowMs }))).toBe('ERR_SIGNATURE');
  const { before } = verify([response], { nowMs: log.nowMs });
  expect(hex(before as Uint8Array)).toBe(hex(client.forget(utf8('nobody')).after));
  expect(clientOf(log, before).dueMonitors(0)).toHaveLength(1);
});
