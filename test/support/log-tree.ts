/**
 * What the log's tests share: leaves, a node store, schemes, and trees too large to build.
 */

import { createHash } from 'node:crypto';
import {
  createTreeBuilder,
  keytransLog,
  type NodeId,
  type NodeRun,
  type PairTags,
  rfc6962,
  type TileId,
  type TreeHasher,
  type TreeOptions,
  type TreeScheme,
} from 'contact-key-verification/log.js';
import { expect } from 'vitest';

export const schemes: readonly TreeScheme[] = [rfc6962, keytransLog];

/** A leaf hash unlike any other's. */
export function leafAt(index: number): Uint8Array {
  return new Uint8Array(createHash('sha256').update(`leaf ${index}`).digest());
}

/** So many distinct leaf hashes. */
export function leafList(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => leafAt(index));
}

/** A copy of a list in which one entry is another. */
export function replaced<T>(list: ArrayLike<T>, at: number, entry: T): T[] {
  return Array.from(list, (kept, i) => (i === at ? entry : kept));
}

/** One contiguous run. */
export function flat(hashes: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(hashes));
}

/** A store of complete nodes, filled by a builder. Refuses a node that comes twice, or before its children. */
export class NodeStore {
  readonly #nodes = new Map<string, Uint8Array>();

  readonly put = ({ level, index, hashes }: NodeRun): void => {
    for (let i = 0; i * 32 < hashes.length; i++) {
      const key = `${level}/${index + i}`;
      if (this.#nodes.has(key)) throw new Error(`node ${key} came twice`);
      if (level > 0) {
        for (const child of [0, 1]) this.#get(level - 1, (index + i) * 2 + child);
      }
      this.#nodes.set(key, hashes.slice(i * 32, i * 32 + 32));
    }
  };

  get size(): number {
    return this.#nodes.size;
  }

  fetch(ids: readonly NodeId[]): Uint8Array[] {
    return ids.map(({ level, index }) => this.#get(level, index));
  }

  #get(level: number, index: number): Uint8Array {
    const hash = this.#nodes.get(`${level}/${index}`);
    if (hash === undefined) throw new Error(`node ${level}/${index} is not stored`);
    return hash;
  }
}

/** A tree built leaf hash by leaf hash, with all its nodes and all its earlier roots. */
export function grow(
  leaves: readonly Uint8Array[],
  options: TreeOptions = {},
): { store: NodeStore; head(treeSize: number): { treeSize: number; root: Uint8Array } } {
  const store = new NodeStore();
  const builder = createTreeBuilder({ ...options, onNodes: store.put });
  const roots = [new Uint8Array(32)];
  for (const leaf of leaves) {
    builder.append(leaf);
    roots.push(Uint8Array.from(builder.root()));
  }
  return { store, head: (treeSize) => ({ treeSize, root: roots[treeSize] as Uint8Array }) };
}

/**
 * A tree of any size whose leaves are all equal but one, hashed without the library: equal subtrees are hashed
 * once a size, so 2^53 - 1 leaves take a few thousand hashes.
 */
export class SparseTree {
  readonly #special: number;
  readonly #scheme: TreeScheme;
  readonly #plain = new Map<number, Uint8Array>();

  constructor(special: number, scheme: TreeScheme = rfc6962) {
    this.#special = special;
    this.#scheme = scheme;
  }

  leaf(index: number): Uint8Array {
    return leafAt(index === this.#special ? 1 : 0);
  }

  head(treeSize: number): { treeSize: number; root: Uint8Array } {
    return { treeSize, root: this.#hash(0, treeSize) };
  }

  fetch(ids: readonly NodeId[]): Uint8Array[] {
    return ids.map(({ level, index }) => this.#hash(index * 2 ** level, (index + 1) * 2 ** level));
  }

  #hash(begin: number, end: number): Uint8Array {
    const size = end - begin;
    if (size === 1) return this.leaf(begin);
    const plain = this.#special < begin || this.#special >= end;
    const known = plain ? this.#plain.get(size) : undefined;
    if (known !== undefined) return known;
    let k = 1;
    while (k * 2 < size) k *= 2;
    const tags = this.#tags(k, size - k);
    const hash = createHash('sha256')
      .update(Uint8Array.of(tags.left))
      .update(this.#hash(begin, begin + k));
    if (tags.right !== undefined) hash.update(Uint8Array.of(tags.right));
    const digest = new Uint8Array(hash.update(this.#hash(begin + k, end)).digest());
    if (plain) this.#plain.set(size, digest);
    return digest;
  }

  #tags(left: number, right: number): PairTags {
    if (right > 1) return this.#scheme.twoParents;
    return left > 1 ? this.#scheme.parentAndLeaf : this.#scheme.twoLeaves;
  }
}

/** An engine that counts the calls of another, and remembers the most bytes that went in at once. */
export function counting(hasher: TreeHasher): {
  hasher: TreeHasher;
  calls: () => number;
  largest: () => number;
} {
  let calls = 0;
  let largest = 0;
  const count = (bytes: Uint8Array): void => {
    calls++;
    largest = Math.max(largest, bytes.length);
  };
  const watched: TreeHasher = {
    name: hasher.name,
    hashPairs(hashes, tags) {
      count(hashes);
      return hasher.hashPairs(hashes, tags);
    },
    foldSubtrees(hashes, height, bottom, inner) {
      count(hashes);
      return hasher.foldSubtrees(hashes, height, bottom, inner);
    },
    hashLeaves(leaves, leafLength, prefix) {
      count(leaves);
      return hasher.hashLeaves(leaves, leafLength, prefix);
    },
    foldProofs(proofs) {
      count(proofs.hashes);
      return hasher.foldProofs(proofs);
    },
  };
  return { hasher: watched, calls: () => calls, largest: () => largest };
}

/** An engine that fails the test when anything is hashed. */
export const untouchable: TreeHasher = {
  name: 'typescript',
  hashPairs: () => expect.unreachable('hashed'),
  foldSubtrees: () => expect.unreachable('hashed'),
  hashLeaves: () => expect.unreachable('hashed'),
  foldProofs: () => expect.unreachable('hashed'),
};

/**
 * The code of the error that `run` throws, or "accepted". Without stack traces, which would cost more than the
 * verification.
 */
export function outcome(run: () => unknown): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    run();
  } catch (error) {
    const { name, code } = error as { name: string; code?: string };
    return code === undefined ? `${name}: ${(error as Error).message}` : code;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return 'accepted';
}

/** The bytes of a tile, from single nodes. */
export function tileFrom(
  fetch: (ids: readonly NodeId[]) => readonly Uint8Array[],
  { height, level, index, width }: TileId,
): Uint8Array {
  const first = index * 2 ** height;
  return flat(fetch(Array.from({ length: width }, (_, i) => ({ level: level * height, index: first + i }))));
}
