/**
 * A log with a third-party manager: nothing gets into it that the service operator has not signed for just that version;
 * versions that it signed for and never sent are skipped; and users verify all that is answered about them.
 */

import { describe, expect, test } from 'vitest';
import type { Operator } from '../../src/operator.js';
import { createMemoryNodeStore } from '../../src/prefix.js';
import type { CipherSuite } from '../../src/suites.js';
import { createClient } from '../../src/transparency.js';
import { encodeSearchRequest, parseSearchResponse } from '../../src/transparency/wire/search-messages.js';
import { openIntake } from '../../src/transparency/operator/update-intake.js';
import { openLog } from '../../src/transparency/verifier/trusted-log.js';
import { encodeUpdateTbs } from '../../src/transparency/wire/update.js';
import { parseUpdateRequest, parseUpdateResponse } from '../../src/transparency/wire/update-messages.js';
import {
  ask,
  fateOf,
  forwarded,
  LABEL,
  managedLog,
  managedWorld,
  ownerOf,
  signedValue,
  userOf,
} from './manager-world.js';
import { bytesOf, createWorld, quickSuite, SUITES, textOf, type World } from './operator-world.js';

const QUICK = SUITES.map(quickSuite);
const refusal = (code: string) => expect.objectContaining({ code });
const shown = (versions: readonly { version: number; value: Uint8Array | undefined; isOwn: boolean }[]) =>
  versions.map(
    ({ version, value, isOwn }) =>
      `${version}${isOwn ? '!' : ':'} ${value === undefined ? '-' : textOf(value)}`,
  );

/** A log in which the label has versions 0, 1, 2 and, after two that were skipped, 5. */
const ENTRIES = [['a'], [], ['b', 'c'], [], ['-', '-', 'f'], [], []];

async function grown(suite: CipherSuite): Promise<{ world: World; manager: Operator }> {
  const world = managedWorld({ suite });
  return { world, manager: await managedLog(world, ENTRIES) };
}

describe.each(QUICK)('$name', (suite) => {
  test('what is signed for the next version is created, and the owner verifies it', async () => {
    const { world, manager } = await grown(suite);
    const owner = await ownerOf(world, manager, 3, 1060);
    const told = owner.update(LABEL, []);
    const news = await ask(manager, forwarded(world, [], { last: 7, greatest: 2 }), 1060);
    const known = told.verify(news.responses ?? [], { nowMs: 1060 });
    expect(shown(known.versions)).toEqual(['3: -', '4: -', '5: f']);
    const next = owner.at(known.after).update(LABEL, [bytesOf('g'), bytesOf('h')]);
    const { last, greatestVersion } = parseUpdateRequest(next.request);
    expect(greatestVersion).toBe(5);
    const made = await ask(manager, forwarded(world, ['g', 'h'], { last, greatest: 5 }), 1070);
    const created = next.verify(made.responses ?? [], { nowMs: 1070 });
    expect(shown(created.versions)).toEqual(['6! g', '7! h']);
    expect(manager.head?.treeSize).toBe(8);
  });

  test('versions between the label’s and the one signed for are skipped, in the same log entry', async () => {
    const { world, manager } = await grown(suite);
    const owner = await ownerOf(world, manager, 3, 1060);
    const request = forwarded(world, ['x', 'y'], { last: 7, greatest: 5, signedVersion: 9 });
    const told = owner.update(LABEL, []);
    const news = await ask(manager, forwarded(world, [], { last: 7, greatest: 2 }), 1060);
    const known = told.verify(news.responses ?? [], { nowMs: 1060 });
    const { responses } = await ask(manager, request, 1070);
    expect(responses).toHaveLength(1);
    const response = parseUpdateResponse((responses as Uint8Array[])[0] as Uint8Array, world.configuration);
    expect(response).toMatchObject({ position: 7, skippedVersions: 3, values: [] });
    expect(response.info).toHaveLength(2);
    expect(response.binaryLadder.every(({ commitment }) => commitment === undefined)).toBe(true);
    const { verify } = owner.at(known.after).update(LABEL, [bytesOf('x'), bytesOf('y')]);
    const created = verify(responses as Uint8Array[], { nowMs: 1070 });
    expect(shown(created.versions)).toEqual(['6: -', '7: -', '8: -', '9! x', '10! y']);
  });

  test('a label can begin with skipped versions', async () => {
    const world = managedWorld({ suite });
    const manager = await managedLog(world, [[], [], []]);
    const owner = await ownerOf(world, manager, 1, 1020);
    const { verify } = owner.update(LABEL, [bytesOf('first')]);
    const { responses } = await ask(
      manager,
      forwarded(world, ['first'], { last: 3, signedVersion: 2 }),
      1030,
    );
    expect(shown(verify(responses ?? [], { nowMs: 1030 }).versions)).toEqual(['0: -', '1: -', '2! first']);
    const search = userOf(world).search(LABEL);
    expect(search.verify(await manager.search(search.request), { nowMs: 1030 })).toMatchObject({
      version: 2,
    });
  });

  test('searches: every version that has a value is found, by its number and as the greatest', async () => {
    const { world, manager } = await grown(suite);
    const values = ['a', 'b', 'c', undefined, undefined, 'f'];
    for (const [version, value] of [...values.entries(), [undefined, 'f'] as const]) {
      const { request, verify } = userOf(world).search(LABEL, version);
      if (value === undefined) {
        await expect(manager.search(request)).rejects.toEqual(refusal('ERR_VERSION_SKIPPED'));
        continue;
      }
      const found = verify(await manager.search(request), { nowMs: 1060 });
      expect([found.version, textOf(found.value)]).toEqual([version ?? 5, value]);
    }
    await expect(
      manager.search(encodeSearchRequest({ last: undefined, label: LABEL, version: 6 })),
    ).rejects.toEqual(refusal('ERR_NO_VERSION'));
    expect(await manager.newest(LABEL)).toMatchObject({ version: 5, value: bytesOf('f') });
  });

  test('the ladder of a search has the zeros of versions that were skipped', async () => {
    const { world, manager } = await grown(suite);
    const request = { last: undefined, label: LABEL, version: undefined };
    const { binaryLadder } = parseSearchResponse(
      await manager.search(encodeSearchRequest(request)),
      world.configuration,
      request,
    );
    // Of 5: 0, 1, 3, 7, 5, 6. Version 3 was skipped; the target's own commitment is not sent; 6 and 7 are not there.
    expect(binaryLadder.map(({ commitment }) => commitment?.some((byte) => byte !== 0))).toEqual([
      true,
      true,
      false,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('contacts who watch, and owners who begin at skipped versions, go on with them', async () => {
    const world = managedWorld({ suite });
    const manager = await managedLog(world, [['a'], [], [], [], ['-', 'c']]);
    const contact = createClient(world.bytes, { suite, monitorsAlways: true });
    const { request, verify } = contact.search(LABEL);
    const found = verify(await manager.search(request), { nowMs: 1040 });
    expect(found.isMonitored).toBe(true);
    for (let i = 0; i < 8; i++) {
      const greatest = i === 0 ? 2 : 2 + 2 * i;
      const signed = { greatest, signedVersion: greatest + 2 };
      expect(await fateOf(manager, forwarded(world, [`${i}`], signed), 1050 + 10 * i)).toBe(1);
    }
    const watch = contact.at(found.after).monitor(LABEL);
    const watched = watch.verify(await manager.contactMonitor(watch.request), { nowMs: 1120 });
    expect(watched.treeSize).toBe(13);
    for (const start of [3, 7]) {
      const owner = await ownerOf(world, manager, start, 1120);
      const told = owner.update(LABEL, []);
      const { greatestVersion, last } = parseUpdateRequest(told.request);
      const news = await ask(manager, forwarded(world, [], { last, greatest: greatestVersion }), 1120);
      const known = told.verify(news.responses ?? [], { nowMs: 1120 });
      expect(known.versions.at(-1)).toMatchObject({ version: 18, value: bytesOf('7') });
      let next = owner.at(known.after);
      for (let step = 0; step < 9; step++) {
        const monitor = next.monitorOwned(LABEL);
        const seen = monitor.verify(await manager.ownerMonitor(monitor.request), { nowMs: 1120 });
        next = next.at(seen.after);
        if (seen.next === 'nothing') break;
      }
      const again = next.monitorOwned(LABEL);
      expect(again.verify(await manager.ownerMonitor(again.request), { nowMs: 1120 }).next).toBe('nothing');
    }
  });
});

describe('nothing gets into the log', () => {
  const suite = QUICK[0] as CipherSuite;
  const good = (world: World, version: number, value = 'x') => signedValue(world, version, value);

  test.each<readonly [name: string, values: (world: World) => ReturnType<typeof good>[]]>([
    [
      'a value without a signature',
      (world) => [{ ...good(world, 6), suffix: { signature: new Uint8Array(0) } }],
    ],
    ['a value with another value’s signature', (world) => [{ ...good(world, 6, 'y'), value: bytesOf('x') }]],
    ['a value signed for another version', (world) => [good(world, 7)]],
    ['a value signed for another label', (world) => [signedValue(world, 6, 'x', bytesOf('ben'))]],
    [
      'a value signed for another log',
      (world) => {
        const config = { ...world.configuration, maxAheadMs: 1 };
        const signature = world.signValue(
          encodeUpdateTbs({ config, label: LABEL, version: 6, value: bytesOf('x') }),
        );
        return [{ value: bytesOf('x'), suffix: { signature } }];
      },
    ],
    ['two values in the wrong order', (world) => [good(world, 7, 'y'), good(world, 6)]],
    [
      'a good value before one that is signed for a version further on',
      (world) => [good(world, 6), good(world, 8)],
    ],
    ['a good value twice', (world) => [good(world, 6), good(world, 6)]],
  ])('%s', async (_, values) => {
    const { world, manager } = await grown(suite);
    const request = forwarded(world, [], { greatest: 5, signedVersion: 6, values: values(world) });
    expect(await fateOf(manager, request, 1070)).toBe('ERR_VALUE_SIGNATURE');
    expect(manager.head?.treeSize).toBe(7);
    expect(await manager.newest(LABEL)).toMatchObject({ version: 5 });
    // What is signed well is taken as if nothing had happened.
    expect(await fateOf(manager, forwarded(world, ['x'], { greatest: 5 }), 1070)).toBe(1);
  });

  test.each(SUITES)('a value that another key signed: $name', async (real) => {
    const world = managedWorld({ suite: real });
    const manager = await managedLog(world, [['a']]);
    const tbs = encodeUpdateTbs({
      config: world.configuration,
      label: LABEL,
      version: 1,
      value: bytesOf('x'),
    });
    const by = (signature: Uint8Array) =>
      forwarded(world, [], {
        greatest: 0,
        signedVersion: 1,
        values: [{ value: bytesOf('x'), suffix: { signature } }],
      });
    expect(await fateOf(manager, by(world.sign(tbs)), 1010)).toBe('ERR_VALUE_SIGNATURE');
    expect(await fateOf(manager, by(world.signValue(tbs)), 1010)).toBe(1);
  });

  test('a value that is signed for a version which the label has', async () => {
    const { world, manager } = await grown(suite);
    for (const signedVersion of [5, 4, 0]) {
      const request = forwarded(world, ['x'], { greatest: 5, signedVersion });
      expect(await fateOf(manager, request, 1070)).toBe('ERR_SIGNED_VERSION');
    }
    expect(manager.head?.treeSize).toBe(7);
  });

  test('a request that signs for a version, and brings no value', async () => {
    const { world, manager } = await grown(suite);
    for (const greatest of [2, 5]) {
      const request = forwarded(world, [], { greatest, signedVersion: 6 });
      expect(await fateOf(manager, request, 1070)).toBe('ERR_SIGNED_NOTHING');
    }
    expect(await fateOf(manager, forwarded(world, [], { greatest: 5 }), 1070)).toBe('ERR_UPDATE_EMPTY');
    expect(await fateOf(manager, forwarded(world, [], { greatest: 2 }), 1070)).toBe(1);
  });

  test('more new and skipped versions than a response can prove: 191', async () => {
    const { world, manager } = await grown(suite);
    const many = (count: number) => Array.from({ length: count }, (_, i) => `${i}`);
    const asked = (values: number, signedVersion: number) =>
      fateOf(manager, forwarded(world, many(values), { greatest: 5, signedVersion }), 1070);
    expect(await asked(1, 6 + 191)).toBe('ERR_ENTRY_FULL');
    expect(await asked(2, 6 + 190)).toBe('ERR_ENTRY_FULL');
    expect(await asked(192, 6)).toBe('ERR_ENTRY_FULL');
    expect(await asked(1, 2 ** 32 - 1)).toBe('ERR_ENTRY_FULL');
    const beyond = forwarded(world, [], {
      greatest: 5,
      signedVersion: 2 ** 32 - 1,
      values: [good(world, 6), good(world, 6)],
    });
    expect(await fateOf(manager, beyond, 1070)).toBe('ERR_ENTRY_FULL');
    expect(manager.head?.treeSize).toBe(7);
    expect(await asked(1, 6 + 190)).toBe(1);
    const { request, verify } = userOf(world).search(LABEL);
    expect(verify(await manager.search(request), { nowMs: 1070 }).version).toBe(196);
  });

  test('a version of 2^32 - 1: nobody could show it to be the greatest', () => {
    const world = managedWorld({ suite });
    const plain = openIntake(openLog(createWorld({ suite }).bytes, suite));
    const managed = openIntake(openLog(world.bytes, suite));
    const last = 2 ** 32 - 2;
    const values = [signedValue(world, last, 'x')];
    const request = { last: undefined, label: LABEL, greatestVersion: last - 1, values, signedVersion: last };
    for (const next of [last, last - 190]) {
      expect(managed.take(request, next)).toMatchObject({ skipped: last - next });
    }
    expect(plain.take(request, last)).toMatchObject({ skipped: undefined });
    const beyond = [signedValue(world, last + 1, 'x')];
    const above = { ...request, values: beyond, signedVersion: last + 1 };
    expect(() => managed.take(above, last)).toThrow(refusal('ERR_ENTRY_FULL'));
    expect(() => plain.take(request, last + 1)).toThrow(refusal('ERR_ENTRY_FULL'));
  });

  test('anything of the manager’s own', async () => {
    const { manager } = await grown(suite);
    const insert = manager.insert([{ label: LABEL, values: [bytesOf('x')] }], { nowMs: 1070 });
    await expect(insert).rejects.toEqual(refusal('ERR_ARGUMENT_RANGE'));
    expect((await manager.insert([], { nowMs: 1070 })).treeSize).toBe(8);
  });

  test('a request as owners send it', async () => {
    const { world, manager } = await grown(suite);
    const { request } = (await ownerOf(world, manager, 3, 1060)).update(LABEL, [bytesOf('x')]);
    const outcome = await ask(manager, request, 1070);
    expect(outcome.refusal?.name).toBe('DecodeError');
  });
});

describe('requests that come together', () => {
  const suite = QUICK[1] as CipherSuite;

  test('of one label: the first is taken, the second told of it', async () => {
    const { world, manager } = await grown(suite);
    const requests = [
      forwarded(world, ['x'], { greatest: 5, signedVersion: 7 }),
      forwarded(world, ['y'], { greatest: 5, signedVersion: 8 }),
      forwarded(world, ['b'], { label: bytesOf('ben') }),
      forwarded(world, ['c'], {
        label: bytesOf('cid'),
        signedVersion: 1,
        values: [signedValue(world, 1, 'c')],
      }),
    ];
    const outcomes = await manager.update(
      requests.map((request) => ({ request })),
      { nowMs: 1070 },
    );
    expect(outcomes.map(({ refusal: error }) => error?.code)).toEqual([
      undefined,
      undefined,
      undefined,
      'ERR_VALUE_SIGNATURE',
    ]);
    const parsed = outcomes
      .slice(0, 3)
      .map(({ responses }) =>
        parseUpdateResponse((responses as Uint8Array[])[0] as Uint8Array, world.configuration),
      );
    expect(parsed.map(({ skippedVersions, values }) => [skippedVersions, values.length])).toEqual([
      [1, 0],
      [1, 1],
      [0, 0],
    ]);
    expect(manager.head?.treeSize).toBe(8);
    expect(await manager.newest(LABEL)).toMatchObject({ version: 7, value: bytesOf('x') });
    expect(await manager.newest(bytesOf('cid'))).toBeUndefined();
  });

  test('one that is repeated, since its answer was lost, is told what it made', async () => {
    const { world, manager } = await grown(suite);
    const request = forwarded(world, ['x'], { greatest: 5, signedVersion: 7 });
    expect(await fateOf(manager, request, 1070)).toBe(1);
    const { responses } = await ask(manager, request, 1080);
    const { values, skippedVersions } = parseUpdateResponse(
      (responses as Uint8Array[])[0] as Uint8Array,
      world.configuration,
    );
    expect([skippedVersions, values.map(({ value }) => textOf(value))]).toEqual([1, ['x']]);
    expect(manager.head?.treeSize).toBe(8);
  });

  test('a stale one has its values disregarded, however they are signed', async () => {
    const { world, manager } = await grown(suite);
    const values = [{ value: bytesOf('x'), suffix: { signature: new Uint8Array(3) } }];
    for (const signedVersion of [0, 3, 6, 2 ** 32 - 1]) {
      const request = forwarded(world, [], { greatest: 2, signedVersion, values });
      expect(await fateOf(manager, request, 1070)).toBe(1);
    }
    expect(await fateOf(manager, forwarded(world, ['x'], { greatest: 6 }), 1070)).toBe('ERR_KNOWN_VERSION');
    expect(manager.head?.treeSize).toBe(7);
  });

  test('the application’s rule sees the request that was forwarded', async () => {
    const world = managedWorld({ suite });
    const seen: unknown[] = [];
    const manager = await world.open({
      access(question) {
        seen.push(question);
        return seen.length > 1;
      },
    });
    const request = forwarded(world, ['x'], { signedVersion: 1 });
    expect(await fateOf(manager, request, 1)).toBe('ERR_ACCESS');
    expect(await fateOf(manager, request, 1)).toBe(1);
    expect(seen[0]).toMatchObject({ operation: 'update', request: { signedVersion: 1 } });
  });
});

test('a manager that is opened again knows which versions were skipped', async () => {
  const store = createMemoryNodeStore();
  const world = managedWorld({ suite: QUICK[0] as CipherSuite, store });
  await managedLog(world, ENTRIES);
  const again = await world.open();
  const request = (version: number) => encodeSearchRequest({ last: undefined, label: LABEL, version });
  await expect(again.search(request(4))).rejects.toEqual(refusal('ERR_VERSION_SKIPPED'));
  expect(await fateOf(again, forwarded(world, [], { greatest: 0 }), 1070)).toBe(2);
  await again.deleteOpening(LABEL, 4);
  await expect(again.search(request(4))).rejects.toEqual(refusal('ERR_VERSION_SKIPPED'));
  await again.deleteOpening(LABEL, 5);
  await expect(again.search(request(5))).rejects.toEqual(refusal('ERR_OPENING_DELETED'));
  expect(await fateOf(again, forwarded(world, [], { greatest: 2 }), 1070)).toBe('ERR_OPENING_DELETED');
});
