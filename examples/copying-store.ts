/**
 * A log's store in memory that can be copied. An honest operator has no use for a copy: with one, the same keys sign two
 * logs.
 */

import type { OperatorStore } from 'contact-key-verification/operator.js';

type Entry = Parameters<OperatorStore['putNew']>[0];

/** Values by key. */
export class CopyingStore implements OperatorStore {
  readonly #values: Map<string, Uint8Array>;

  constructor(values: ReadonlyMap<string, Uint8Array> = new Map()) {
    this.#values = new Map(values);
  }

  /** The same, going its own way from now on. Values are never changed in place, so both may hold them. */
  copy(): CopyingStore {
    return new CopyingStore(this.#values);
  }

  async getMany(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    return keys.map((key) => this.#values.get(key)?.slice());
  }

  async putMany(entries: readonly Entry[]): Promise<void> {
    for (const { key, value } of entries) this.#values.set(key, value.slice());
  }

  async putNew({ key, value }: Entry): Promise<boolean> {
    if (this.#values.has(key)) return false;
    this.#values.set(key, value.slice());
    return true;
  }

  async deleteMany(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#values.delete(key);
  }
}
