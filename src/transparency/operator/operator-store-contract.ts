/**
 * What every store of a log must do: what a node store must, and `putNew`.
 *
 *     for (const { name, run } of operatorStoreContract(createStore)) test(name, run);
 */

import { equalBytes } from '../../bytes/compare.js';
import { ArgumentTypeError, StateError } from '../../errors.js';
import { type ContractCheck, nodeStoreContract } from '../../prefix/node-store-contract.js';
import type { OperatorStore } from './operator-store.js';

const KEY = 'log-entry-00000000000000';
const first: Uint8Array = /* @__PURE__ */ Uint8Array.of(1, 2, 3);
const second: Uint8Array = /* @__PURE__ */ Uint8Array.of(4);

const CHECKS: Readonly<Record<string, (store: OperatorStore) => Promise<void>>> = {
  'puts a new value where there is none, and says so': async (store) => {
    expectThat((await store.putNew({ key: KEY, value: first })) === true);
    await expectValue(store, first);
  },
  'leaves the value that is there, and says so': async (store) => {
    await store.putNew({ key: KEY, value: first });
    expectThat((await store.putNew({ key: KEY, value: second })) === false);
    await expectValue(store, first);
    expectThat((await store.putNew({ key: KEY, value: first })) === false);
  },
  'leaves a value that was put with others': async (store) => {
    await store.putMany([{ key: KEY, value: new Uint8Array(0) }]);
    expectThat((await store.putNew({ key: KEY, value: second })) === false);
    await expectValue(store, new Uint8Array(0));
  },
  'puts a new value where one was deleted': async (store) => {
    await store.putNew({ key: KEY, value: first });
    await store.deleteMany([KEY]);
    expectThat((await store.putNew({ key: KEY, value: second })) === true);
    await expectValue(store, second);
  },
  'lets one of many at once put a new value, and keeps that one': async (store) => {
    const values = Array.from({ length: 20 }, (_, i) => Uint8Array.of(i));
    const won = await Promise.all(values.map((value) => store.putNew({ key: KEY, value })));
    const winners = values.filter((_, i) => won[i] === true);
    expectThat(winners.length === 1);
    await expectValue(store, winners[0] as Uint8Array);
  },
  'copies a new value': async (store) => {
    const value = Uint8Array.from(first);
    await store.putNew({ key: KEY, value });
    value.fill(9);
    await expectValue(store, first);
  },
  'lets a new value be overwritten like any other': async (store) => {
    await store.putNew({ key: KEY, value: first });
    await store.putMany([{ key: KEY, value: second }]);
    await expectValue(store, second);
  },
};

/**
 * The checks of the contract of a log's store, among them all of `nodeStoreContract`.
 *
 * They show that values are read and written as they must be, by one program. That what was written is still there
 * after a crash, and that `putNew` decides between two programs too, no check can show.
 *
 * @param createStore makes a store without values, a new one for each check; or empties the one there is
 * @returns the checks, frozen; they may run in any order, one after the other
 * @throws ArgumentTypeError
 * @example
 * for (const { name, run } of operatorStoreContract(() => createMemoryNodeStore())) test(name, run);
 */
export function operatorStoreContract(
  createStore: () => OperatorStore | Promise<OperatorStore>,
): readonly ContractCheck[] {
  if (typeof createStore !== 'function') throw new ArgumentTypeError('createStore must be a function');
  const own = Object.entries(CHECKS).map(([name, check]) =>
    Object.freeze({ name, run: async () => check(await createStore()) }),
  );
  return Object.freeze([...nodeStoreContract(createStore), ...own]);
}

async function expectValue(store: OperatorStore, expected: Uint8Array): Promise<void> {
  const [found] = await store.getMany([KEY]);
  expectThat(found instanceof Uint8Array && equalBytes(found, expected));
}

function expectThat(holds: boolean): void {
  if (!holds) throw new StateError('ERR_STORE_CONTRACT', 'the store puts new values otherwise than it must');
}
