/**
 * The TreeHasher that runs everywhere: one SHA-256 after another, in plain TypeScript. It is the default where
 * no other engine is given, and what the WebAssembly engine falls back to for what does not fit it.
 */

import { concatBytes } from '../bytes/compare.js';
import { sha256 } from '../crypto/hash.js';
import {
  checkLeaves,
  checkPairs,
  checkProofs,
  checkSubtrees,
  checkTags,
  HASH_BYTES,
  PAIR_BYTES,
} from './batch.js';
import type { CheckedTags } from './batch.js';
import type { TreeHasher } from './tree-hasher.js';

/** Makes the TypeScript engine. It keeps no state, so one serves a whole program. */
export function createTypeScriptHasher(): TreeHasher {
  return Object.freeze({
    name: 'typescript' as const,

    hashPairs(hashes, tags) {
      checkPairs(hashes);
      return hashLevel(hashes, checkTags(tags, 'tags'));
    },

    foldSubtrees(hashes, height, bottom, inner) {
      checkSubtrees(hashes, height);
      const bottomTags = checkTags(bottom, 'bottom');
      const innerTags = checkTags(inner, 'inner');
      if (height === 0) return new Uint8Array(hashes);
      let level = hashLevel(hashes, bottomTags);
      for (let done = 1; done < height; done++) level = hashLevel(level, innerTags);
      return level;
    },

    hashLeaves(leaves, leafLength, prefix) {
      checkLeaves(leaves, leafLength, prefix);
      if (leaves.length === 0) return new Uint8Array(0);
      const before = prefix === undefined ? 0 : 1;
      const message = new Uint8Array(before + leafLength);
      if (prefix !== undefined) message[0] = prefix;
      return hashEach(leaves, leafLength, (leaf) => {
        message.set(leaf, before);
        return sha256(message);
      });
    },

    foldProofs(proofs) {
      const { hashes, lengths, steps, tags } = checkProofs(proofs);
      const roots = new Uint8Array(lengths.length * HASH_BYTES);
      let hash = 0;
      let step = 0;
      for (const [i, length] of lengths.entries()) {
        let root = hashes.subarray(hash * HASH_BYTES, (hash + 1) * HASH_BYTES);
        for (const taken of steps.subarray(step, step + length)) {
          hash++;
          const sibling = hashes.subarray(hash * HASH_BYTES, (hash + 1) * HASH_BYTES);
          const pair = taken % 2 === 1 ? concatBytes(sibling, root) : concatBytes(root, sibling);
          root = hashLevel(pair, tags[Math.floor(taken / 2)] as CheckedTags);
        }
        roots.set(root, i * HASH_BYTES);
        hash++;
        step += length;
      }
      return roots;
    },
  } satisfies TreeHasher);
}

/** Hashes each pair of a level into the level above. */
function hashLevel(hashes: Uint8Array, { left, right }: CheckedTags): Uint8Array {
  const rightOffset = right === undefined ? 1 + HASH_BYTES : 2 + HASH_BYTES;
  const message = new Uint8Array(rightOffset + HASH_BYTES);
  message[0] = left;
  if (right !== undefined) message[rightOffset - 1] = right;
  return hashEach(hashes, PAIR_BYTES, (pair) => {
    message.set(pair.subarray(0, HASH_BYTES), 1);
    message.set(pair.subarray(HASH_BYTES), rightOffset);
    return sha256(message);
  });
}

/** One digest for each `unit` bytes, joined. */
function hashEach(items: Uint8Array, unit: number, hash: (item: Uint8Array) => Uint8Array): Uint8Array {
  const count = items.length / unit;
  const digests = new Uint8Array(count * HASH_BYTES);
  for (let i = 0; i < count; i++) {
    digests.set(hash(items.subarray(i * unit, (i + 1) * unit)), i * HASH_BYTES);
  }
  return digests;
}
