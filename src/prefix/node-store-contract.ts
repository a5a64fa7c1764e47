/**
 * What every node store must do, as named checks that run under any test framework, or none.
 *
 *     for (const { name, run } of nodeStoreContract(createStore)) test(name, run);
 */

import { equalBytes } from '../bytes/compare.js';
import { ArgumentTypeError, StateError } from '../errors.js';
import type { NodeEntry, NodeStore } from './node-store.js';

/** One check of a contract. */
export interface ContractCheck {
  /** What is checked, as a sentence. */
  readonly name: string;
  /** Resolves where it holds. @throws StateError `ERR_STORE_CONTRACT`; what the store throws */
  run(): Promise<void>;
}

const CHECKS: Readonly<Record<string, (store: NodeStore) => Promise<void>>> = {
  'knows nothing at first': async (store) => {
    expectValues(await store.getMany(['00000000000000-']), [undefined]);
  },
  'gives what was put, in the order asked for': async (store) => {
    await store.putMany(entries(3));
    const [a, b, c] = values(3);
    expectValues(await store.getMany(keys(3)), [a, b, c]);
    expectValues(await store.getMany(keys(3).reverse()), [c, b, a]);
  },
  'gives undefined for each key without a value, between others': async (store) => {
    await store.putMany(entries(2));
    const [a, b] = values(2);
    const [first, second] = keys(2) as [string, string];
    expectValues(await store.getMany([absent(), first, absent(), second]), [undefined, a, undefined, b]);
  },
  'gives a value as often as its key is asked for': async (store) => {
    await store.putMany(entries(1));
    const [a] = values(1);
    const [first] = keys(1) as [string];
    expectValues(await store.getMany([first, first]), [a, a]);
  },
  'keeps the last value put under a key, be it longer or shorter': async (store) => {
    const [key] = keys(1) as [string];
    for (const value of [filled(10, 1), filled(300, 2), new Uint8Array(0), filled(64, 3)]) {
      await store.putMany([{ key, value }]);
      expectValues(await store.getMany([key]), [value]);
    }
  },
  'tells apart keys that differ in one character, or in length': async (store) => {
    const alike = [
      '0000000000000a-',
      '0000000000000a!',
      '0000000000000a-0',
      '0000000000000a-00',
      '0000000000000b-',
    ];
    await store.putMany(alike.map((key, i) => ({ key, value: filled(5, i) })));
    expectValues(
      await store.getMany(alike),
      alike.map((_, i) => filled(5, i)),
    );
  },
  'takes keys of 128 characters': async (store) => {
    const key = `0000000000000a-${'v'.repeat(113)}`;
    await store.putMany([{ key, value: filled(3, 1) }]);
    expectValues(await store.getMany([key, key.slice(0, -1)]), [filled(3, 1), undefined]);
  },
  'keeps every byte, from none to 2^16 of them': async (store) => {
    const lengths = [0, 1, 63, 64, 65, 4096, 2 ** 16];
    const put = lengths.map((length) => ({
      key: `${String(length).padStart(14, '0')}-`,
      value: counting(length),
    }));
    await store.putMany(put);
    expectValues(
      await store.getMany(put.map(({ key }) => key)),
      put.map(({ value }) => value),
    );
  },
  'keeps a value of 4 MiB, as the journal of a large batch': async (store) => {
    const [key] = keys(1) as [string];
    await store.putMany([{ key, value: counting(2 ** 22) }]);
    expectValues(await store.getMany([key]), [counting(2 ** 22)]);
    await store.deleteMany([key]);
    expectValues(await store.getMany([key]), [undefined]);
  },
  'copies what is put': async (store) => {
    const [key] = keys(1) as [string];
    const value = filled(100, 1);
    await store.putMany([{ key, value }]);
    value.fill(9);
    expectValues(await store.getMany([key]), [filled(100, 1)]);
  },
  'gives values that are the caller’s to change': async (store) => {
    await store.putMany(entries(1));
    const [first] = keys(1) as [string];
    const [given] = await store.getMany([first]);
    given?.fill(9);
    expectValues(await store.getMany([first]), values(1));
  },
  'forgets what is deleted, and nothing else': async (store) => {
    await store.putMany(entries(3));
    const [first, second, third] = keys(3) as [string, string, string];
    await store.deleteMany([second, absent()]);
    const [a, , c] = values(3);
    expectValues(await store.getMany([first, second, third]), [a, undefined, c]);
    await store.deleteMany([second]);
    await store.putMany([{ key: second, value: filled(7, 7) }]);
    expectValues(await store.getMany([first, second, third]), [a, filled(7, 7), c]);
  },
  'does nothing with empty batches': async (store) => {
    await store.putMany(entries(1));
    await store.putMany([]);
    await store.deleteMany([]);
    expectValues(await store.getMany([]), []);
    expectValues(await store.getMany(keys(1)), values(1));
  },
  'takes batches of 10,000': async (store) => {
    await store.putMany(entries(10_000));
    expectValues(await store.getMany(keys(10_000)), values(10_000));
    await store.deleteMany(keys(10_000).slice(1));
    expectValues(await store.getMany(keys(2)), [values(1)[0], undefined]);
  },
  'reads while it writes': async (store) => {
    await store.putMany(entries(2));
    const key = absent();
    const [found] = await Promise.all([
      store.getMany(keys(2)),
      store.putMany([{ key, value: filled(9, 9) }]),
    ]);
    expectValues(found, values(2));
    expectValues(await store.getMany([key]), [filled(9, 9)]);
  },
};

/**
 * The checks of the contract of a node store, such as an operator writes for its database.
 *
 * They show that batches are read and written as they must be. That what was written is still there after a crash,
 * no check can show.
 *
 * @param createStore makes a store without values, a new one for each check; or empties the one there is
 * @returns the checks, frozen; they may run in any order, one after the other
 * @throws ArgumentTypeError
 * @example
 * for (const { name, run } of nodeStoreContract(() => createMemoryNodeStore())) test(name, run);
 */
export function nodeStoreContract(
  createStore: () => NodeStore | Promise<NodeStore>,
): readonly ContractCheck[] {
  if (typeof createStore !== 'function') throw new ArgumentTypeError('createStore must be a function');
  return Object.freeze(
    Object.entries(CHECKS).map(([name, check]) =>
      Object.freeze({ name, run: async () => check(await createStore()) }),
    ),
  );
}

const keyOf = (i: number): string => `${i.toString(16).padStart(14, '0')}-${(i % 32).toString(32)}`;
const valueOf = (i: number): Uint8Array => filled(1 + (i % 200), i % 256);
const keys = (count: number): string[] => Array.from({ length: count }, (_, i) => keyOf(i));
const values = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => valueOf(i));
const entries = (count: number): NodeEntry[] => keys(count).map((key, i) => ({ key, value: valueOf(i) }));
const absent = (): string => 'ffffffffffffff-';
const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);
const counting = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i + Math.floor(i / 256)) % 256);

function expectValues(
  found: readonly (Uint8Array | undefined)[],
  expected: readonly (Uint8Array | undefined)[],
): void {
  const isRight =
    found.length === expected.length &&
    expected.every((value, i) => {
      const other = found[i];
      if (value === undefined) return other === undefined;
      return other instanceof Uint8Array && equalBytes(other, value);
    });
  if (!isRight) throw new StateError('ERR_STORE_CONTRACT', 'the store gives other values than were put');
}
