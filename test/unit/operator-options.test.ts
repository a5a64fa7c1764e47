/** What a program may choose: page sizes, what is recent, an engine; and what goes on at the same time. */

import { expect, test } from 'vitest';
import type { Operator, OperatorOptions } from '../../src/operator.js';
import { createWasmHasher } from '../../src/wasm.js';
import { encodeSearchRequest } from '../../src/transparency/wire/search-messages.js';
import { encodeUpdateRequest } from '../../src/transparency/wire/update-messages.js';
import { User } from './operator-user.js';
import { bytesOf, createWorld, quickSuite, SUITES, type World } from './operator-world.js';

const suite = quickSuite(SUITES[1] as World['suite']);
const label = bytesOf('ann');

/** A log in which every entry is distinguished, with a version in each. */
async function grown(
  size: number,
  options: Partial<OperatorOptions> = {},
  lifetimeMs?: number,
): Promise<{ world: World; operator: Operator }> {
  const world = createWorld({ suite, windowMs: 0, lifetimeMs });
  const operator = await world.open(options);
  for (let i = 0; i < size; i++) {
    await operator.insert([{ label, values: [bytesOf(`${i}`)] }], { nowMs: 10 * i });
  }
  return { world, operator };
}

test('a page of an owner’s monitoring has as many entries as it may, and so many updates are told at once', async () => {
  for (const pageEntries of [1, 3, 4, 100]) {
    const { world, operator } = await grown(12, { pageEntries });
    const owner = new User(world, operator);
    const owned = await owner.own('ann', 0);
    const known = { last: undefined, label, greatestVersion: 0, values: [] };
    const [outcome] = await operator.update([{ request: encodeUpdateRequest(known) }], { nowMs: 0 });
    expect(outcome?.responses).toHaveLength(Math.min(pageEntries, 11));
    while (owned.history.length < 12) await owner.update(owned, [], 0);
    const isPartial = await owner.monitorOwned(owned);
    expect([owned.start, isPartial]).toEqual([Math.min(pageEntries, 11), pageEntries < 11]);
  }
});

test('ten entries are recent, or those that the program says, and none that is expired', async () => {
  const { world, operator } = await grown(14);
  const positions = async (served: Operator, max?: number) =>
    (await new User(world, served).distinguished(undefined, max)).map(({ position }) => position);
  expect(await positions(operator)).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4]);
  const three = await grown(14, { isRecent: (_, before) => before < 3 });
  expect(await positions(three.operator, 3)).toEqual([13, 12, 11]);
  const all = await grown(14, { isRecent: () => true }, 45);
  const user = new User(all.world, all.operator);
  expect((await user.distinguished(undefined, 14)).map(({ position }) => position)).toEqual([
    13, 12, 11, 10, 9,
  ]);
});

test('every engine serves', async () => {
  const logs = [await grown(9), await grown(9, { hasher: createWasmHasher() })];
  for (const { world, operator } of logs) {
    expect(await new User(world, operator).search('ann', 4)).toMatchObject({ value: '4' });
  }
});

test('a response is fresh, and so is a head', async () => {
  const { world, operator } = await grown(3);
  const request = encodeSearchRequest({ last: undefined, label, version: 1 });
  const [one, other] = [await operator.search(request), await operator.search(request)];
  one.fill(0);
  expect(await operator.search(request)).toEqual(other);
  operator.head?.root.fill(0);
  expect(await new User(world, operator).search('ann')).toMatchObject({ value: '2' });
  await operator.insert([], { nowMs: 40 });
  expect(await new User(world, operator).search('ann')).toMatchObject({ value: '2' });
});

test('pruning waits for the answers that are under way', async () => {
  let letPass: (mayAsk: boolean) => void = () => undefined;
  const gate = new Promise<boolean>((resolve) => {
    letPass = resolve;
  });
  const { operator } = await grown(8, { access: () => gate }, 30);
  const events: string[] = [];
  const answer = operator
    .search(encodeSearchRequest({ last: undefined, label, version: undefined }))
    .then(() => events.push('answered'));
  const pruning = operator.prune().then(() => events.push('pruned'));
  for (let i = 0; i < 50; i++) await Promise.resolve();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(events).toEqual([]);
  letPass(true);
  await Promise.all([answer, pruning]);
  expect(events).toEqual(['answered', 'pruned']);
});
