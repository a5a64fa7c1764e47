/**
 * The service operator of a log with a third-party manager: which versions it signs values for, and that no version ever
 * gets two, whatever crashes; what it learns from the manager; and which answers it lets pass.
 */

import { describe, expect, test } from 'vitest';
import {
  createServiceOperator,
  type OperatorStore,
  type ServiceOperatorOptions,
} from '../../src/operator.js';
import { createMemoryNodeStore } from '../../src/prefix.js';
import { KT_128_SHA256_Ed25519 } from '../../src/suites.js';
import {
  encodeUpdateRequest,
  parseManagerUpdateRequest,
  parseUpdateRequest,
} from '../../src/transparency/wire/update-messages.js';
import { openAuthorizationBook } from '../../src/transparency/management/authorization-book.js';
import {
  authorizationKey,
  serviceLabelKey,
  serviceLabelRecord,
} from '../../src/transparency/management/service-records.js';
import { encodeRecord } from '../../src/transparency/operator/operator-records.js';
import { labelName } from '../../src/transparency/operator/operator-store.js';
import { encodeTreeHeadTbs } from '../../src/transparency/wire/tree-head.js';
import { encodeSearchRequest } from '../../src/transparency/wire/search-messages.js';
import { ask, fateOf, LABEL, managedWorld, ownerOf, userOf } from './manager-world.js';
import { bytesOf, createWorld, textOf } from './operator-world.js';
import { failing, follow, QUICK, requestOf, review, type Scene, sceneOf } from './service-world.js';

const refusal = (code: string) => expect.objectContaining({ code });

/** Authorizes, and hands the request to the manager. */
async function update(scene: Scene, texts: readonly string[], greatest: number | undefined, nowMs: number) {
  const { request } = await scene.service.authorize(requestOf(texts, greatest));
  return fateOf(scene.manager, request, nowMs);
}

describe.each(QUICK)('$name', (suite) => {
  test('values are signed for the next versions, and everybody verifies what the manager makes of them', async () => {
    const scene = await sceneOf(suite);
    const { world, manager, service } = scene;
    await manager.insert([], { nowMs: 1000 });
    await manager.insert([], { nowMs: 1030 });
    const owner = await ownerOf(world, manager, 1, 1030);
    const { request: asked, verify } = owner.update(LABEL, [bytesOf('a'), bytesOf('b')]);
    const { request, signedVersion } = await service.authorize(asked);
    expect(signedVersion).toBe(0);
    const parsed = parseManagerUpdateRequest(request, world.configuration);
    expect(parsed).toMatchObject({ ...parseUpdateRequest(asked), signedVersion: 0 });
    const { responses } = await ask(manager, request, 1040);
    expect(verify(responses ?? [], { nowMs: 1040 })).toMatchObject({ isCreated: true, treeSize: 3 });
    const known = await review(scene, 1040);
    expect(known).toMatchObject({ version: 1, treeSize: 3, timestampMs: 1040, unsettled: 0 });
    expect(textOf(known.value)).toBe('b');
    expect(service.head).toEqual({ treeSize: 3, timestampMs: 1040 });
    expect((await service.authorize(requestOf(['c'], 1))).signedVersion).toBe(2);
    expect(Object.isFrozen(known) && Object.isFrozen(service) && Object.isFrozen(service.head)).toBe(true);
  });

  test('a request for news, or one whose values would be disregarded, is not signed', async () => {
    const scene = await sceneOf(suite);
    const { world, service, signatures } = scene;
    expect(await update(scene, ['a'], undefined, 10)).toBe(1);
    await review(scene, 10);
    expect(await update(scene, ['b', 'c'], 0, 20)).toBe(1);
    await review(scene, 20);
    const signed = signatures.values.size;
    for (const [texts, greatest] of [
      [[], undefined],
      [[], 0],
      [[], 7],
      [['x'], undefined],
      [['x'], 1],
    ] as const) {
      const { request, signedVersion } = await service.authorize(requestOf(texts, greatest));
      expect(signedVersion).toBeUndefined();
      expect(parseManagerUpdateRequest(request, world.configuration)).toMatchObject({
        greatestVersion: greatest,
        values: [],
        signedVersion: 0,
      });
    }
    expect(signatures.values.size).toBe(signed);
    expect(await update(scene, ['x'], 0, 30)).toBe(1);
    expect(await update(scene, ['x'], 1, 30)).toBe('ERR_KNOWN_VERSION');
    expect(await update(scene, ['x'], 2, 30)).toBe(1);
    expect(scene.manager.head?.treeSize).toBe(3);
  });
});

describe('authorizations', () => {
  test('the same values get the same versions again, for as long as the log can take them', async () => {
    const scene = await sceneOf();
    const { service } = scene;
    const first = await service.authorize(requestOf(['a']));
    const other = await service.authorize(requestOf(['b']));
    const third = await service.authorize(requestOf(['b', 'c']));
    expect([first, other, third].map(({ signedVersion }) => signedVersion)).toEqual([0, 1, 2]);
    expect(await service.authorize(requestOf(['a']))).toEqual(first);
    expect(await (await scene.open()).authorize(requestOf(['b']))).toEqual(other);
    // The owner has seen version 0: of the two that are signed for, the later one still fits.
    expect((await service.authorize(requestOf(['a'], 0))).signedVersion).toBe(4);
    expect((await service.authorize(requestOf(['b'], 0))).signedVersion).toBe(1);
    expect((await service.authorize(requestOf(['b'], 1))).signedVersion).toBe(5);
  });

  test('of other labels have nothing to do with it', async () => {
    const { service } = await sceneOf();
    for (const name of ['ann', 'ben', 'cid']) {
      expect((await service.authorize(requestOf(['a'], undefined, bytesOf(name)))).signedVersion).toBe(0);
    }
  });

  test('what is never sent is skipped by the log', async () => {
    const scene = await sceneOf();
    await scene.service.authorize(requestOf(['a']));
    await scene.service.authorize(requestOf(['b', 'c']));
    expect(await update(scene, ['d'], undefined, 10)).toBe(1);
    expect(await review(scene, 10)).toMatchObject({ version: 3, unsettled: 0 });
    const { request, verify } = userOf(scene.world).search(LABEL, 3);
    expect(textOf(verify(await scene.manager.search(request), { nowMs: 10 }).value)).toBe('d');
    // The values that were not sent are dead: asked for again, they are signed for new versions.
    expect((await scene.service.authorize(requestOf(['a'], 3))).signedVersion).toBe(4);
  });

  test('nobody knows a version that nothing was signed for', async () => {
    const scene = await sceneOf();
    await expect(scene.service.authorize(requestOf(['a'], 0))).rejects.toEqual(refusal('ERR_KNOWN_VERSION'));
    await update(scene, ['a'], undefined, 10);
    expect((await scene.service.authorize(requestOf(['b'], 0))).signedVersion).toBe(1);
    await expect(scene.service.authorize(requestOf(['b'], 2))).rejects.toEqual(refusal('ERR_KNOWN_VERSION'));
    await expect(scene.service.authorize(Uint8Array.of(9))).rejects.toEqual(refusal('ERR_ENUM'));
  });

  test('no more versions are signed for than the manager can skip: 191', async () => {
    const scene = await sceneOf();
    const { manager, service, signatures } = scene;
    const many = (count: number, name: string) => Array.from({ length: count }, (_, i) => `${name} ${i}`);
    await expect(service.authorize(requestOf(many(192, 'x')))).rejects.toEqual(refusal('ERR_ENTRY_FULL'));
    expect(await update(scene, ['first'], undefined, 10)).toBe(1);
    await review(scene, 10);
    expect((await service.authorize(requestOf(many(100, 'a'), 0))).signedVersion).toBe(1);
    await expect(service.authorize(requestOf(many(92, 'b'), 0))).rejects.toEqual(refusal('ERR_UNSETTLED'));
    expect((await service.authorize(requestOf(many(91, 'c'), 0))).signedVersion).toBe(101);
    await expect(service.authorize(requestOf(['d'], 0))).rejects.toEqual(refusal('ERR_UNSETTLED'));
    // What is signed for already is given again, and the last of it the manager takes.
    expect((await service.authorize(requestOf(many(100, 'a'), 0))).signedVersion).toBe(1);
    expect(signatures.values.size).toBe(192);
    const open = await service.openUpdate(LABEL);
    expect(await fateOf(manager, open as Uint8Array, 20)).toBe(1);
    expect(await review(scene, 20)).toMatchObject({ version: 191, unsettled: 0 });
    expect(await service.openUpdate(LABEL)).toBeUndefined();
    expect((await service.authorize(requestOf(['d'], 191))).signedVersion).toBe(192);
  });

  test('the newest that the log can still take is offered whole', async () => {
    const scene = await sceneOf();
    const { service, world, store } = scene;
    expect(await service.openUpdate(LABEL)).toBeUndefined();
    await update(scene, ['a'], undefined, 10);
    await review(scene, 10);
    await service.authorize(requestOf(['b'], 0));
    const { request: newest } = await service.authorize(requestOf(['c', 'd'], 0));
    const open = (await service.openUpdate(LABEL)) as Uint8Array;
    expect(parseManagerUpdateRequest(open, world.configuration)).toEqual(
      parseManagerUpdateRequest(newest, world.configuration),
    );
    // What is in the store in place of a value is not signed.
    const keys: string[] = [];
    const spied: OperatorStore = {
      ...store,
      async getMany(wanted) {
        keys.push(...wanted);
        const values = await store.getMany(wanted);
        return values.map((value, i) => (wanted[i]?.startsWith('service-value-') ? bytesOf('evil') : value));
      },
    };
    await expect((await scene.open({ store: spied })).openUpdate(LABEL)).rejects.toEqual(
      refusal('ERR_STORED_STATE'),
    );
    expect(keys.filter((key) => key.startsWith('service-value-'))).toHaveLength(2);
  });

  test('a value is kept for as long as it can still get into the log, and no longer', async () => {
    const scene = await sceneOf();
    const { world } = scene;
    const kept = new Set<string>();
    const isValue = (key: string): boolean => key.startsWith('service-value-');
    const store: OperatorStore = {
      ...scene.store,
      async putMany(entries) {
        const keys = entries.map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
        for (const key of keys.filter(isValue)) kept.add(key);
        await scene.store.putMany(entries);
      },
      async deleteMany(keys) {
        for (const key of keys) kept.delete(key);
        await scene.store.deleteMany(keys);
      },
    };
    const service = await scene.open({ store });
    const own = { ...scene, service };
    expect(await update(own, ['x', 'x'], undefined, 10)).toBe(1);
    await service.authorize(requestOf(['x', 'y']));
    expect(kept.size).toBe(2);
    expect(await review(own, 10)).toMatchObject({ version: 1, unsettled: 2 });
    // What is settled and what is open have a value in common.
    expect(kept.size).toBe(2);
    const open = (await service.openUpdate(LABEL)) as Uint8Array;
    const { signedVersion, greatestVersion, values } = parseManagerUpdateRequest(open, world.configuration);
    expect([signedVersion, greatestVersion]).toEqual([2, 1]);
    expect(values.map(({ value }) => textOf(value))).toEqual(['x', 'y']);
    expect(await fateOf(scene.manager, open, 20)).toBe(1);
    expect(await review(own, 20)).toMatchObject({ version: 3, unsettled: 0 });
    expect(kept.size).toBe(0);
  });

  test('what the log shows is held against the very authorization, and all before it are emptied', async () => {
    const store = createMemoryNodeStore();
    const book = openAuthorizationBook(store);
    const [a, b, c] = ['a', 'b', 'c'].map(bytesOf) as [Uint8Array, Uint8Array, Uint8Array];
    expect(await book.authorize(LABEL, undefined, [a])).toBe(0);
    expect(await book.authorize(LABEL, undefined, [b, c])).toBe(1);
    for (const value of [a, b]) {
      await expect(book.settle(LABEL, { version: 2, value })).rejects.toEqual(refusal('ERR_STORED_STATE'));
    }
    expect(await book.settle(LABEL, { version: 2, value: c })).toBe(3);
    const keys = [0, 1].map((index) => authorizationKey(labelName(LABEL), index));
    expect((await store.getMany(keys)).map((record) => record?.length)).toEqual([6, 6]);
    const many = Array.from({ length: 191 }, (_, i) => bytesOf(`${i}`));
    expect(await book.authorize(LABEL, 2, many)).toBe(3);
    const cut: OperatorStore = {
      ...store,
      async putMany(entries) {
        if (entries.some(({ key }) => key.startsWith('service-label-'))) throw new Error('the store is out');
        await store.putMany(entries);
      },
    };
    const settling = openAuthorizationBook(cut).settle(LABEL, { version: 193, value: bytesOf('190') });
    await expect(settling).rejects.toThrow('the store is out');
    expect(await book.newest(LABEL)).toBeUndefined();
  });

  test('no label has a version of 2^32 - 1: nobody could show it to be the greatest', async () => {
    const scene = await sceneOf();
    const record = { confirmed: 2 ** 32 - 4, open: 7, openVersion: 2 ** 32 - 3 };
    const key = serviceLabelKey(labelName(LABEL));
    await scene.store.putMany([{ key, value: encodeRecord(serviceLabelRecord, record) }]);
    const asked = (texts: readonly string[]) => scene.service.authorize(requestOf(texts, 2 ** 32 - 4));
    await expect(asked(['a', 'b', 'c'])).rejects.toEqual(refusal('ERR_ENTRY_FULL'));
    expect((await asked(['a', 'b'])).signedVersion).toBe(2 ** 32 - 3);
    await expect(asked(['c'])).rejects.toEqual(refusal('ERR_ENTRY_FULL'));
  });

  test('a request is not signed that would be too large with its signatures', async () => {
    const { service, signatures } = await sceneOf();
    const large = Array.from({ length: 16 }, (_, i) => ({ value: new Uint8Array(2 ** 20 - 100).fill(i) }));
    const request = (spare: number) =>
      encodeUpdateRequest({
        last: undefined,
        label: LABEL,
        greatestVersion: undefined,
        values: [...large, { value: new Uint8Array(spare) }],
      });
    const bytes = request(0).length;
    const most = 2 ** 24 - bytes - 17 * 66 - 4;
    await expect(service.authorize(request(most + 1))).rejects.toEqual(refusal('ERR_ENTRY_FULL'));
    expect(signatures.values.size).toBe(0);
    expect((await service.authorize(request(most))).request).toHaveLength(2 ** 24);
  });
});

describe.each([false, true])('a store that fails once, after writing: %s', (isAfter) => {
  test.each([false, true])('at every write; the owner asks for the same again: %s', async (asksAgain) => {
    let failed = 0;
    for (let at = 2; at < 24; at++) {
      const scene = await sceneOf();
      let service = await scene.open({ store: failing(scene.store, at, isAfter) });
      let greatest: number | undefined;
      for (let i = 0; i < 4; i++) {
        const texts = i % 2 === 0 ? [`${i}`] : [`${i} one`, `${i} two`];
        const turn = async (given: readonly string[]): Promise<void> => {
          const { request } = await service.authorize(requestOf(given, greatest));
          expect(await fateOf(scene.manager, request, 10 * i)).toBe(1);
          const { version } = await review({ ...scene, service }, 10 * i);
          greatest = version;
        };
        try {
          await turn(texts);
        } catch (error) {
          expect((error as Error).message).toBe('the store is out');
          failed++;
          service = await scene.open();
          await service.openUpdate(LABEL);
          await turn(asksAgain ? texts : texts.map((text) => `${text}, otherwise`));
        }
      }
      expect((await review({ ...scene, service }, 40)).unsettled).toBe(0);
      const { request, verify } = userOf(scene.world).search(LABEL);
      const { value } = verify(await scene.manager.search(request), { nowMs: 40 });
      expect(textOf(value)).toContain('3 two');
      // Whatever happened, only one authorization can have been lost.
      expect(greatest).toBeLessThanOrEqual(5 + 2);
    }
    expect(failed).toBeGreaterThan(15);
  });
});

test('a signer that fails, or that has another key: the versions wait for the values to come again', async () => {
  const scene = await sceneOf(KT_128_SHA256_Ed25519);
  let sign: (tbs: Uint8Array) => Uint8Array | Promise<Uint8Array> = () => {
    throw new Error('no token');
  };
  const service = await scene.open({ signer: (tbs) => sign(tbs) });
  await expect(service.authorize(requestOf(['a']))).rejects.toThrow('no token');
  sign = scene.world.sign;
  await expect(service.authorize(requestOf(['a']))).rejects.toEqual(refusal('ERR_VALUE_SIGNATURE'));
  sign = async (tbs) => scene.signatures.sign(tbs);
  expect((await service.authorize(requestOf(['b']))).signedVersion).toBe(1);
  const { request, signedVersion } = await service.authorize(requestOf(['a']));
  expect(signedVersion).toBe(0);
  expect(await fateOf(scene.manager, request, 10)).toBe(1);
});

test('two programs at once never sign two values for one version', async () => {
  const scene = await sceneOf();
  const programs = await Promise.all([scene.open(), scene.open(), scene.open()]);
  const made = await Promise.all(
    programs.flatMap((program, i) =>
      Array.from({ length: 6 }, (_, j) => program.authorize(requestOf([`${i} ${j}`, `${i}`]))),
    ),
  );
  const versions = made.map(({ signedVersion }) => signedVersion).sort((a, b) => (a ?? 0) - (b ?? 0));
  expect(versions).toEqual(Array.from({ length: 18 }, (_, i) => 2 * i));
  const again = await Promise.all(programs.map((program) => program.authorize(requestOf(['1 3', '1']))));
  expect(new Set(again.map(({ signedVersion }) => signedVersion)).size).toBe(1);
});

describe('the manager’s log', () => {
  test('what the store forgot, or somebody else signed, is found out', async () => {
    const scene = await sceneOf();
    await update(scene, ['a'], undefined, 10);
    const older = { ...scene, service: await scene.open({ store: createMemoryNodeStore() }) };
    await expect(review(older, 10)).rejects.toEqual(refusal('ERR_STORED_STATE'));
    const twin = { ...scene, service: await scene.open({ store: createMemoryNodeStore() }) };
    // Without the watch on what is signed: it is another store's.
    const blind = await scene.open({ store: createMemoryNodeStore(), signer: scene.world.signValue });
    await blind.authorize(requestOf(['b']));
    await expect(review({ ...twin, service: blind }, 10)).rejects.toEqual(refusal('ERR_STORED_STATE'));
    expect(await review(scene, 10)).toMatchObject({ version: 0 });
  });

  test('only goes on: an answer that does not extend what was seen is refused, and changes nothing', async () => {
    const scene = await sceneOf();
    const { world, service } = scene;
    await update(scene, ['a'], undefined, 10);
    await review(scene, 10);
    await update(scene, ['b'], 0, 20);
    // A fork: another log of the same keys, and of the same size and more.
    const fork = await world.open();
    const signer = await scene.open({ store: createMemoryNodeStore(), signer: world.signValue });
    for (const [i, text] of ['x', 'y', 'z'].entries()) {
      const { request } = await signer.authorize(requestOf([text], i === 0 ? undefined : i - 1));
      expect(await fateOf(fork, request, 10 + 10 * i)).toBe(1);
    }
    await expect(review({ manager: fork, service }, 40)).rejects.toEqual(refusal('ERR_SIGNATURE'));
    await expect(follow({ manager: fork, service }, 40)).rejects.toEqual(refusal('ERR_SIGNATURE'));
    expect(service.head).toEqual({ treeSize: 1, timestampMs: 10 });
    expect(await review(scene, 20)).toMatchObject({ version: 1, treeSize: 2 });
  });

  test('that is too old, or too new, is refused', async () => {
    const scene = await sceneOf();
    await update(scene, ['a'], undefined, 2000);
    await expect(follow(scene, 999)).rejects.toEqual(refusal('ERR_HEAD_AHEAD'));
    await expect(follow(scene, 3001)).rejects.toEqual(refusal('ERR_HEAD_BEHIND'));
    expect(scene.service.head).toBeUndefined();
    expect(await follow(scene, 2500)).toEqual({ treeSize: 1, timestampMs: 2000 });
    await expect(follow(scene, -1)).rejects.toEqual(refusal('ERR_ARGUMENT_RANGE'));
  });

  test('does not take a label back', async () => {
    const scene = await sceneOf();
    await update(scene, ['a'], undefined, 10);
    const early = scene.service.review(LABEL);
    const old = await scene.manager.search(early.request);
    await update(scene, ['b'], 0, 20);
    // The view is written after the label: a crash between loses the view alone.
    const lost = createMemoryNodeStore();
    const store: OperatorStore = {
      ...scene.store,
      putMany: (entries) =>
        (entries.some(({ key }) => key === 'service-manager') ? lost : scene.store).putMany(entries),
    };
    expect(await review({ ...scene, service: await scene.open({ store }) }, 20)).toMatchObject({
      version: 1,
    });
    await expect(early.verify(old, { nowMs: 20 })).rejects.toEqual(refusal('ERR_GREATEST_VERSION'));
  });

  test('answers are verified one after the other', async () => {
    const scene = await sceneOf();
    const { manager, service } = scene;
    await update(scene, ['a'], undefined, 10);
    const [one, other, third] = [service.follow(), service.review(LABEL), service.follow()];
    const answers = [await manager.distinguished(one.request), await manager.search(other.request)] as const;
    const done = await Promise.allSettled([
      one.verify(answers[0], { nowMs: 10 }),
      other.verify(answers[1], { nowMs: 10 }),
    ]);
    expect(done.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await expect(third.verify(answers[0], { nowMs: 10 })).rejects.toEqual(refusal('ERR_SPENT'));
    // One that was refused spends nothing.
    const next = service.review(LABEL);
    await expect(next.verify(Uint8Array.of(0), { nowMs: 10 })).rejects.toEqual(refusal('ERR_ENUM'));
    expect(await next.verify(await manager.search(next.request), { nowMs: 10 })).toMatchObject({
      version: 0,
    });
  });

  test('is the one it was when the program begins again', async () => {
    const scene = await sceneOf();
    await update(scene, ['a'], undefined, 10);
    await review(scene, 10);
    const again = await scene.open();
    expect(again.head).toEqual(scene.service.head);
    expect(await review({ ...scene, service: again }, 10)).toMatchObject({ version: 0 });
    const damaged: OperatorStore = {
      ...scene.store,
      getMany: async (keys) => (await scene.store.getMany(keys)).map((value) => value?.slice(1)),
    };
    await expect(scene.open({ store: damaged })).rejects.toEqual(refusal('ERR_STORED_STATE'));
  });

  test.each(['service-label-', 'service-authorization-', 'service-manager'])('damaged: %s', async (kind) => {
    const scene = await sceneOf();
    await update(scene, ['a'], undefined, 10);
    await review(scene, 10);
    await update(scene, ['b'], 0, 20);
    const damaged: OperatorStore = {
      ...scene.store,
      getMany: async (keys) =>
        (await scene.store.getMany(keys)).map((value, i) =>
          keys[i]?.startsWith(kind) === true ? value?.slice(1) : value,
        ),
    };
    const work = async () => (await scene.open({ store: damaged })).authorize(requestOf(['c'], 1));
    await expect(work()).rejects.toEqual(refusal('ERR_STORED_STATE'));
    const other: OperatorStore = {
      ...scene.store,
      getMany: async (keys) =>
        (await scene.store.getMany(keys)).map((value, i) => {
          if (value !== undefined && keys[i]?.startsWith('service-authorization-') === true) {
            value[3] = 9;
          }
          return value;
        }),
    };
    const gap = async () => (await scene.open({ store: other })).authorize(requestOf(['c'], 1));
    await expect(gap()).rejects.toEqual(refusal('ERR_STORED_STATE'));
  });
});

describe('answers to users', () => {
  test('pass when the service operator has seen their head itself, and verified it', async () => {
    const scene = await sceneOf();
    const { world, manager, service } = scene;
    await update(scene, ['a'], undefined, 10);
    const request = (last?: number) => encodeSearchRequest({ last, label: LABEL, version: undefined });
    const answer = await manager.search(request());
    expect(() => service.checkResponse(answer)).toThrow(refusal('ERR_HEAD_UNVERIFIED'));
    await follow(scene, 10);
    service.checkResponse(answer);
    service.checkResponse(await manager.search(request(1)));
    await update(scene, ['b'], 0, 20);
    const newer = await manager.search(request(1));
    expect(() => service.checkResponse(newer)).toThrow(refusal('ERR_HEAD_UNVERIFIED'));
    await review(scene, 20);
    service.checkResponse(newer);
    service.checkResponse(answer);
    const { request: asked } = await service.authorize(requestOf([], 0));
    const { responses } = await ask(manager, asked, 20);
    for (const response of responses ?? []) service.checkResponse(response);
    // A head of a size that was verified, and of another tree.
    const tbs = encodeTreeHeadTbs({
      config: world.configuration,
      treeSize: 2,
      root: new Uint8Array(32),
    });
    const signature = world.sign(tbs);
    const forged = Uint8Array.from(newer);
    forged.set(signature, 11);
    expect(() => service.checkResponse(forged)).toThrow(refusal('ERR_HEAD_UNVERIFIED'));
    expect(() => service.checkResponse(Uint8Array.of(3))).toThrow(refusal('ERR_ENUM'));
    expect(() => service.checkResponse(newer.slice(0, 20))).toThrow(refusal('ERR_TRUNCATED'));
    expect(() => service.checkResponse('x' as never)).toThrow(refusal('ERR_ARGUMENT_TYPE'));
    (await scene.open()).checkResponse(newer);
  });
});

describe('programs', () => {
  test('that have no such log, or no such store', async () => {
    const { world, open } = await sceneOf();
    const { suite } = world;
    const signer = world.signValue;
    const store = createMemoryNodeStore();
    const plain = createWorld({ suite });
    const made = (bytes: Uint8Array, options: unknown) =>
      createServiceOperator(bytes, options as ServiceOperatorOptions);
    await expect(made(plain.bytes, { suite, signer, store })).rejects.toEqual(refusal('ERR_DEPLOYMENT_MODE'));
    await expect(made(world.bytes, { suite: QUICK[1], signer, store })).rejects.toEqual(
      refusal('ERR_CIPHER_SUITE'),
    );
    await expect(made(world.bytes, { suite, store })).rejects.toEqual(refusal('ERR_ARGUMENT_TYPE'));
    await expect(made(world.bytes, { suite, signer })).rejects.toEqual(refusal('ERR_ARGUMENT_TYPE'));
    await expect(made(world.bytes, undefined)).rejects.toEqual(refusal('ERR_ARGUMENT_TYPE'));
    await made(world.bytes, { suite, signer, store });
    const other = managedWorld({ suite, windowMs: 26 });
    await expect(made(other.bytes, { suite, signer, store })).rejects.toEqual(refusal('ERR_STORED_STATE'));
    await open();
  });

  test('that ask about what is no label', async () => {
    const { service } = await sceneOf();
    expect(() => service.review('ann' as never)).toThrow(refusal('ERR_ARGUMENT_TYPE'));
    expect(() => service.review(new Uint8Array(256))).toThrow(refusal('ERR_ARGUMENT_RANGE'));
    await expect(service.openUpdate('ann' as never)).rejects.toEqual(refusal('ERR_ARGUMENT_TYPE'));
    await expect(service.openUpdate(new Uint8Array(256))).rejects.toEqual(refusal('ERR_ARGUMENT_RANGE'));
    expect(await service.openUpdate(new Uint8Array(255))).toBeUndefined();
  });
});
