/** What docs/run-a-log.md says of backups: that an old one is a danger, who notices, and that the signer's memory stops it. */

import { expect, test, vi } from 'vitest';
import type { OperatorStore } from '../../src/operator.js';
import { createClient, parseTreeHeadTbs } from '../../src/transparency.js';
import { bytesOf, createWorld, quickSuite, SUITES, type World } from './operator-world.js';

const suite = quickSuite(SUITES[0] as World['suite']);
const label = bytesOf('bob');
const change = (value: string) => [{ label, values: [bytesOf(value)] }];
const code = (name: string) => expect.objectContaining({ code: name });

/** A store that can be copied. */
class Copied implements OperatorStore {
  readonly #values: Map<string, Uint8Array>;

  constructor(values: ReadonlyMap<string, Uint8Array> = new Map()) {
    this.#values = new Map(values);
  }

  copy = (): Copied => new Copied(this.#values);
  getMany = (keys: readonly string[]) => Promise.resolve(keys.map((key) => this.#values.get(key)?.slice()));

  putMany(entries: readonly { readonly key: string; readonly value: Uint8Array }[]) {
    for (const { key, value } of entries) this.#values.set(key, value.slice());
    return Promise.resolve();
  }

  async putNew(entry: { readonly key: string; readonly value: Uint8Array }) {
    if (this.#values.has(entry.key)) return false;
    await this.putMany([entry]);
    return true;
  }

  deleteMany(keys: readonly string[]) {
    for (const key of keys) this.#values.delete(key);
    return Promise.resolve();
  }
}

test('an operator that goes on from an old copy signs a second tree of a size, and cannot know', async () => {
  const signed: string[] = [];
  const world = createWorld({ suite });
  const signer = (tbs: Uint8Array): Uint8Array => {
    const { treeSize, root } = parseTreeHeadTbs(tbs);
    signed.push(`${treeSize} ${Buffer.from(root).toString('hex')}`);
    return world.sign(tbs);
  };
  const store = new Copied();
  const operator = await world.open({ store, signer });
  await operator.insert(change('a'), { nowMs: 1 });
  const backup = store.copy();
  await operator.insert(change('b'), { nowMs: 2 });
  const restored = await world.open({ store: backup, signer });
  expect(restored.head?.treeSize).toBe(1);
  await restored.insert(change('c'), { nowMs: 2 });
  expect(signed.map((each) => each.slice(0, 2))).toEqual(['1 ', '2 ', '2 ']);
  expect(new Set(signed).size).toBe(3);
});

test('opening a copy from between putting and publishing signs what was signed already', async () => {
  const world = createWorld({ suite });
  const roots = new Set<string>();
  let backup: Copied | undefined;
  const store = new Copied();
  const signer = (tbs: Uint8Array): Uint8Array => {
    roots.add(Buffer.from(tbs).toString('hex'));
    backup = store.copy();
    return world.sign(tbs);
  };
  const operator = await world.open({ store, signer });
  await operator.insert(change('a'), { nowMs: 1 });
  await operator.insert(change('b'), { nowMs: 2 });
  const restored = await world.open({ store: backup as Copied, signer });
  expect(restored.head).toEqual(operator.head);
  expect(roots.size).toBe(2);
});

test('a watcher who saw more is refused by the restored log, and refuses it once it has grown', async () => {
  const world = createWorld({ suite, windowMs: 10 });
  const store = new Copied();
  const operator = await world.open({ store });
  await operator.insert(change('a'), { nowMs: 1 });
  const backup = store.copy();
  await operator.insert(change('b'), { nowMs: 2 });
  const newcomer = createClient(world.bytes, { suite });
  const first = newcomer.distinguishedHeads();
  const watcher = newcomer.at(first.verify(await operator.distinguished(first.request), { nowMs: 2 }).after);

  const restored = await world.open({ store: backup });
  const { request, verify } = watcher.distinguishedHeads();
  await expect(restored.distinguished(request)).rejects.toEqual(code('ERR_HEAD_ORDER'));
  await restored.insert(change('c'), { nowMs: 2 });
  await restored.insert(change('d'), { nowMs: 3 });
  const forked = await restored.distinguished(request);
  expect(() => verify(forked, { nowMs: 3 })).toThrow(code('ERR_SIGNATURE'));
});

test('the guide’s signer refuses, and the example says how far the backup is behind', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await import('../examples/restore-log.js');
  const said = log.mock.calls.map((line) => line.join(' '));
  log.mockRestore();
  expect(said).toEqual(['the backup has 1 of 2 entries', 'Error: not signed: 2 entries after 2']);
});

test('openings deleted since come back with a backup', async () => {
  const world = createWorld({ suite });
  const store = new Copied();
  const operator = await world.open({ store });
  await operator.insert(change('a'), { nowMs: 1 });
  const backup = store.copy();
  await operator.deleteOpening(label, 0);
  expect(await operator.newest(label)).toEqual({ version: 0, value: undefined });
  const restored = await (await world.open({ store: backup })).newest(label);
  expect(restored?.value).toBeInstanceOf(Uint8Array);
});

test('a store takes no other configuration, a later auditor’s neither', async () => {
  const store = new Copied();
  await createWorld({ suite, store, maxAuditorLagMs: 1 }).open();
  await expect(createWorld({ suite, store, maxAuditorLagMs: 2 }).open()).rejects.toEqual(
    code('ERR_STORED_STATE'),
  );
});
