/**
 * A log's store in LevelDB, by the package `classic-level`: a database in a folder, in the process of the program.
 * LevelDB locks its folder, so no second program can write to it.
 */

import type { OperatorStore } from 'contact-key-verification/operator.js';

/** What of a database of `classic-level` is used. Keys are text, values bytes. */
export interface LevelDatabase {
  open(): Promise<void>;
  close(): Promise<void>;
  getMany(keys: string[]): Promise<(Uint8Array | undefined)[]>;
  batch(operations: LevelOperation[], options: { readonly sync: boolean }): Promise<void>;
}

export type LevelOperation =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: string };

/** What the package exports. */
export interface LevelPackage {
  readonly ClassicLevel: new (folder: string, options: { readonly valueEncoding: 'view' }) => LevelDatabase;
}

/** A log's store over an open database. */
export function createLevelStore(database: LevelDatabase): OperatorStore {
  /** `putNew` looks and writes: two steps, which nothing else that writes may come between. */
  let turn: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work, work);
    turn = done.catch(() => undefined);
    return done;
  }
  // `sync` waits until the system has the data on its disk: what is acknowledged outlives a loss of power.
  const write = (operations: LevelOperation[]): Promise<void> => database.batch(operations, { sync: true });

  return {
    async getMany(keys) {
      const values = await database.getMany([...keys]);
      return values.map((value) => value && Uint8Array.from(value));
    },
    putMany(entries) {
      // LevelDB reads values later, in another thread: the caller's are copied first.
      const operations = entries.map(({ key, value }) => ({
        type: 'put' as const,
        key,
        value: Uint8Array.from(value),
      }));
      return inTurn(() => write(operations));
    },
    putNew({ key, value: given }) {
      const value = Uint8Array.from(given);
      return inTurn(async () => {
        const [known] = await database.getMany([key]);
        if (known !== undefined) return false;
        await write([{ type: 'put', key, value }]);
        return true;
      });
    },
    deleteMany(keys) {
      const operations = keys.map((key) => ({ type: 'del' as const, key }));
      return inTurn(() => write(operations));
    },
  };
}
