/**
 * Where a small log keeps the nodes of its tree: one growing array a level, in memory. A real log keeps tiles.
 */

const HASH_LENGTH = 32;

/** Nodes by level and index. */
export class NodeStore {
  readonly #levels: { hashes: Uint8Array; count: number }[] = [];

  /** Adds completed nodes at the end of their level, as a tree builder hands them out. */
  put(level: number, index: number, hashes: Uint8Array): void {
    const row = (this.#levels[level] ??= { hashes: new Uint8Array(HASH_LENGTH * 64), count: 0 });
    if (index !== row.count) throw new Error('nodes come in order');
    const needed = row.count * HASH_LENGTH + hashes.length;
    if (needed > row.hashes.length) {
      const larger = new Uint8Array(Math.max(needed, row.hashes.length * 2));
      larger.set(row.hashes);
      row.hashes = larger;
    }
    row.hashes.set(hashes, row.count * HASH_LENGTH);
    row.count += hashes.length / HASH_LENGTH;
  }

  /** One node, fresh. */
  get(level: number, index: number): Uint8Array {
    const row = this.#levels[level];
    if (row === undefined || index >= row.count) throw new Error('no such node');
    return row.hashes.slice(index * HASH_LENGTH, (index + 1) * HASH_LENGTH);
  }

  /** A copy that grows on its own. */
  fork(): NodeStore {
    const copy = new NodeStore();
    for (const { hashes, count } of this.#levels) copy.#levels.push({ hashes: hashes.slice(), count });
    return copy;
  }
}
