/** The contract of a log's store: kept by ours and by the file of the crash tests, and broken by those that are wrong. */

import { mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OperatorStore } from 'contact-key-verification/operator.js';
import { createMemoryNodeStore } from 'contact-key-verification/prefix.js';
import { operatorStoreContract } from 'contact-key-verification/testing.js';
import { afterAll, describe, expect, test } from 'vitest';
import { CopyingStore } from '../../examples/copying-store.js';
import { openFileStore } from '../support/file-store.js';

describe('the store in memory', () => {
  test.each(operatorStoreContract(createMemoryNodeStore))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

describe('the store that can be copied', () => {
  test.each(operatorStoreContract(() => new CopyingStore()))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });

  test('and its copy go their own ways', async () => {
    const store = new CopyingStore();
    const put = (key: string, value: number) => [{ key, value: Uint8Array.of(value) }];
    await store.putMany(put('a', 1));
    const copy = store.copy();
    await store.putMany(put('a', 2));
    await copy.deleteMany(['b']);
    await copy.putMany(put('b', 3));
    const read = async (from: CopyingStore) => (await from.getMany(['a', 'b'])).map((value) => value?.[0]);
    expect([await read(store), await read(copy)]).toEqual([
      [2, undefined],
      [1, 3],
    ]);
  });
});

describe('the store in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ckv-store-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let files = 0;
  const next = (): string => join(folder, String(files++));

  test.each(operatorStoreContract(() => openFileStore(next())))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });

  test('is there when it is opened again, without what was cut short', async () => {
    const path = next();
    const store = openFileStore(path);
    const put = (key: string, value: number) => ({ key, value: Uint8Array.of(value) });
    await store.putMany([put('a', 1), put('b', 2), put('c', 3)]);
    await store.deleteMany(['b']);
    expect(await store.putNew(put('d', 4))).toBe(true);
    const { size } = statSync(path);
    store.tear(put('e', 5));
    store.close();
    expect(statSync(path).size).toBeGreaterThan(size);
    const again = openFileStore(path);
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const values = [[1], undefined, [3], [4], undefined].map((value) => value && Uint8Array.from(value));
    expect(await again.getMany(keys)).toEqual(values);
    expect(statSync(path).size).toBe(size);
    await again.putMany([put('e', 6)]);
    again.close();
    for (let length = statSync(path).size - 1; length >= size; length--) {
      truncateSync(path, length);
      const cut = openFileStore(path);
      expect(await cut.getMany(keys)).toEqual(values);
      cut.close();
    }
  });
});

describe('a store that is wrong fails', () => {
  const wrong: Record<string, (memory: OperatorStore) => OperatorStore['putNew']> = {
    overwrites: (memory) => async (entry) => {
      await memory.putMany([entry]);
      return true;
    },
    'says that it wrote': (memory) => async (entry) => {
      await memory.putNew(entry);
      return true;
    },
    'says that it did not': (memory) => async (entry) => {
      await memory.putNew(entry);
      return false;
    },
    'looks first and writes later': (memory) => async (entry) => {
      const [known] = await memory.getMany([entry.key]);
      if (known !== undefined) return false;
      await memory.putMany([entry]);
      return true;
    },
    'writes nothing': () => async () => true,
    'takes an empty value for none': (memory) => async (entry) => {
      const [known] = await memory.getMany([entry.key]);
      if (known?.length === 0) await memory.deleteMany([entry.key]);
      return memory.putNew(entry);
    },
  };
  test.each(Object.entries(wrong))('%s', async (_, putNew) => {
    const failed: string[] = [];
    const checks = operatorStoreContract(() => {
      const memory = createMemoryNodeStore();
      return { ...memory, putNew: putNew(memory) };
    });
    for (const { name, run } of checks) {
      await run().catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'ERR_STORE_CONTRACT' });
        failed.push(name);
      });
    }
    expect(failed.length).toBeGreaterThan(0);
  });

  test('what is no function is refused', () => {
    expect(() => operatorStoreContract(undefined as never)).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT_TYPE' }),
    );
  });
});
