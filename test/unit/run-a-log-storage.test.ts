/** How much a log's store grows, as docs/run-a-log.md states it: keys and values, as they are put and deleted. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { OperatorStore } from '../../src/operator.js';
import { bytesOf, createWorld, quickSuite, SUITES, type World } from './operator-world.js';

const guide = readFileSync(new URL('../../docs/run-a-log.md', import.meta.url), 'utf8');
const suite = quickSuite(SUITES[0] as World['suite']);
const LABELS = 10_000;
const SAMPLES = 20;
/** Lists come on top. */
const NO_VALUE = new Uint8Array(0);

/** A store that knows how many bytes are in it. */
class ScaledStore implements OperatorStore {
  readonly #values = new Map<string, Uint8Array>();
  bytes = 0;

  getMany(keys: readonly string[]) {
    return Promise.resolve(keys.map((key) => this.#values.get(key)?.slice()));
  }

  async putMany(entries: readonly { readonly key: string; readonly value: Uint8Array }[]) {
    await this.deleteMany(entries.map(({ key }) => key));
    for (const { key, value } of entries) {
      this.#values.set(key, value.slice());
      this.bytes += key.length + value.length;
    }
  }

  async putNew(entry: { readonly key: string; readonly value: Uint8Array }) {
    if (this.#values.has(entry.key)) return false;
    await this.putMany([entry]);
    return true;
  }

  deleteMany(keys: readonly string[]) {
    for (const key of keys) {
      const value = this.#values.get(key);
      if (value === undefined) continue;
      this.bytes -= key.length + value.length;
      this.#values.delete(key);
    }
    return Promise.resolve();
  }
}

test('growth per entry and per version', async () => {
  const store = new ScaledStore();
  const operator = await createWorld({ suite, windowMs: 86_400_000, store }).open();
  let nowMs = 0;
  let labels = 0;
  const insert = async (from: number, count: number): Promise<void> => {
    const updates = Array.from({ length: count }, (_, i) => ({
      label: bytesOf(`tel:+${15_550_000_000 + from + i}`),
      values: [NO_VALUE],
    }));
    nowMs += 1000;
    await operator.insert(updates, { nowMs });
  };
  const insertNew = async (count: number): Promise<void> => {
    labels += count;
    await insert(labels - count, count);
  };
  /** Bytes that an entry adds. */
  const growthBy = async (work: (sample: number) => Promise<void>): Promise<number> => {
    const before = store.bytes;
    for (let i = 0; i < SAMPLES; i++) await work(i);
    return (store.bytes - before) / SAMPLES;
  };

  for (let i = 0; i < 10; i++) await insertNew(LABELS / 10);
  const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
  const rows = [
    ['an entry without a change', kB(await growthBy(() => insert(0, 0)))],
    ['an entry with one new label', kB(await growthBy(() => insertNew(1)))],
    ['an entry with 100 new labels, for each label', kB((await growthBy(() => insertNew(100))) / 100)],
    [
      'an entry with the next versions of 100 labels, for each',
      kB((await growthBy((i) => insert(100 * i, 100))) / 100),
    ],
  ];
  for (const row of rows) expect.soft(guide).toContain(`| ${row.join(' | ')} |`);
});
