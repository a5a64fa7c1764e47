/** The table of keys of the store in memory: whatever is added and removed, it is a map. */

import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { createKeyTable } from '../../src/prefix/key-table.js';
import { NOWHERE } from '../../src/prefix/workspace.js';
import { check } from '../support/property.js';

afterEach(() => vi.unstubAllGlobals());

/** Keys such as are stored: of few characters, many of which differ in one of them. */
const keys = fc
  .integer({ min: 0, max: 60 })
  .map((i) => `0000000000000${(i % 5).toString(16)}-${'v'.repeat(i % 4)}${i}`);

/** A table over a list of keys, where a key's place is its index. */
function tableOver(list: readonly string[]): ReturnType<typeof createKeyTable> {
  return createKeyTable((place, key) => list[place] === key);
}

test('a table is a map from keys to places', () => {
  check(
    fc.property(fc.array(fc.tuple(fc.boolean(), keys), { maxLength: 200 }), (steps) => {
      const list: string[] = [];
      const table = tableOver(list);
      const map = new Map<string, number>();
      for (const [isRemoval, key] of steps) {
        if (isRemoval) {
          expect(table.remove(key)).toBe(map.get(key) ?? NOWHERE);
          map.delete(key);
        } else if (!map.has(key)) {
          list.push(key);
          table.add(key, list.length - 1);
          map.set(key, list.length - 1);
        }
        expect(table.size).toBe(map.size);
      }
      for (const [, key] of steps) expect(table.get(key)).toBe(map.get(key) ?? NOWHERE);
    }),
  );
});

test('a full table is doubled, and loses nothing', () => {
  const list = Array.from({ length: 10_000 }, (_, i) => `${i.toString(16).padStart(14, '0')}-${i % 10}`);
  const table = tableOver(list);
  const bytes = list.map((key, i) => {
    table.add(key, i);
    return table.allocatedBytes;
  });
  expect(list.map((key) => table.get(key))).toEqual([...list.keys()]);
  // 12 bytes a row, three quarters of the rows at most, and three eighths at least once it has grown.
  for (const [i, held] of bytes.entries()) {
    expect(held).toBeGreaterThanOrEqual((12 * (i + 1)) / 0.75);
    expect(held).toBeLessThanOrEqual(Math.max(12 * 16, (12 * (i + 1)) / 0.375));
  }
});

test.each([[[0, 0, 0, 0]], [[255, 255, 255, 255]], [[128, 0, 0, 1]]])(
  'a table works with the random bytes %j',
  (bytes) => {
    vi.stubGlobal('crypto', { getRandomValues: (array: Uint8Array) => (array.set(bytes), array) });
    const list = Array.from({ length: 300 }, (_, i) => `${i}`.padStart(15, '0'));
    const table = tableOver(list);
    for (const [i, key] of list.entries()) table.add(key, i);
    for (const key of list.slice(100)) table.remove(key);
    expect(list.map((key) => table.get(key))).toEqual(list.map((_, i) => (i < 100 ? i : NOWHERE)));
  },
);

test('without randomness there is no table: whoever chooses keys could slow it down', () => {
  vi.stubGlobal('crypto', undefined);
  expect(() => tableOver([])).toThrow(expect.objectContaining({ code: 'ERR_NO_RANDOMNESS' }));
});
