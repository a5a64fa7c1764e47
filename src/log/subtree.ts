/**
 * Joining subtrees: the one place in this room where two hashes become one.
 */

import { concatBytes } from '../bytes/compare.js';
import type { TreeHasher } from '../hashing/tree-hasher.js';
import { createTypeScriptHasher } from '../hashing/typescript-hasher.js';
import { rfc6962 } from './rfc6962.js';
import { type TreeScheme, tagsOver } from './scheme.js';

/** Bytes of every hash in every tree. */
export const HASH_LENGTH = 32;

/** How to hash. */
export interface TreeOptions {
  /** The engine; default: a TypeScript one. All engines give the same bytes. */
  readonly hasher?: TreeHasher | undefined;
  /** The hashing scheme; default: {@link rfc6962}. */
  readonly scheme?: TreeScheme | undefined;
}

/** Options with nothing left open. */
export interface TreeHashing {
  readonly hasher: TreeHasher;
  readonly scheme: TreeScheme;
}

/** Fills in the defaults. */
export function hashingOf({ hasher, scheme }: TreeOptions): TreeHashing {
  return { hasher: hasher ?? createTypeScriptHasher(), scheme: scheme ?? rfc6962 };
}

/** A subtree whose hash is known. Its size decides the tags with which it is hashed. */
export interface Subtree {
  /** Leaves, 1 or more. */
  readonly size: number;
  readonly hash: Uint8Array;
}

/** The subtree over two neighbours. */
export function join({ hasher, scheme }: TreeHashing, left: Subtree, right: Subtree): Subtree {
  return {
    size: left.size + right.size,
    hash: hasher.hashPairs(concatBytes(left.hash, right.hash), tagsOver(scheme, left.size, right.size)),
  };
}

/**
 * The subtree over a run of balanced ones whose sizes fall from left to right, as they stand on a right edge:
 *
 *     [0,4) [4,6) [6,7)   →   [0,4) [4,7)   →   [0,7)
 *
 * @param run one or more
 */
export function joinRun(hashing: TreeHashing, run: readonly [Subtree, ...Subtree[]]): Subtree {
  const [first, ...rest] = run;
  const last = rest.pop();
  if (last === undefined) return first;
  let joined = last;
  for (const left of rest.reverse()) joined = join(hashing, left, joined);
  return join(hashing, first, joined);
}
