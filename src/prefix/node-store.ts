/**
 * Where an operator keeps a prefix tree: any store of bytes by key that reads and writes in batches, such as the
 * database that it runs anyway.
 *
 * The tree asks no more of it than this. It writes pages before anybody refers to them, so a batch need not be
 * atomic, and it needs no transaction over several batches. It checks every page that it reads against the hash
 * by which the page is known, so a store that returns something else is found out, not believed.
 */

/** A value under its key. */
export interface NodeEntry {
  /**
   * 15 to 128 characters of `0-9a-z!-`, to be compared exactly. In a tree with pages of one or two levels up to 271, if
   * its keys share that many bits: VRF outputs do not.
   */
  readonly key: string;
  /** Bytes, up to 2^16 for a page; a journal has some 30 for each page of its batch. */
  readonly value: Uint8Array;
}

/** A store of bytes by key. `nodeStoreContract` of the door `testing` checks an implementation. */
export interface NodeStore {
  /**
   * Reads values.
   * @param keys any number, in any order
   * @returns for each key its value, or `undefined` where there is none; the caller's to keep
   */
  getMany(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>;

  /**
   * Writes values, over what is there under their keys. When the promise resolves they are stored durably. Where
   * it rejects, any part of them may be stored.
   * @param entries any number, no key twice. Values may be views into one array: copy what is kept
   */
  putMany(entries: readonly NodeEntry[]): Promise<void>;

  /**
   * Deletes values. A key without a value is no error.
   * @param keys any number
   */
  deleteMany(keys: readonly string[]): Promise<void>;
}
