/**
 * The engine that needs nothing but the language: plain SHA-256, one pair at a time.
 */

import { sha256 } from '../crypto/hash.js';
import { assertBytes } from '../bytes/compare.js';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.js';
import type { PairTags, TreeHasher } from './tree-hasher.js';

const HASH = 32;
const PAIR = 2 * HASH;
const HEIGHT_MAX = 32;

/** A {@link TreeHasher} in TypeScript: slow, and available everywhere. */
export function createTypeScriptHasher(): TreeHasher {
  return Object.freeze({ name: 'typescript' as const, hashPairs, foldSubtrees, hashLeaves });
}

function hashPairs(hashes: Uint8Array, tags: PairTags): Uint8Array {
  assertWhole(hashes, PAIR);
  assertByte(tags.left);
  if (tags.right !== undefined) assertByte(tags.right);
  const second = tags.right === undefined ? 1 + HASH : 2 + HASH;
  const message = new Uint8Array(second + HASH);
  message[0] = tags.left;
  if (tags.right !== undefined) message[1 + HASH] = tags.right;
  const digests = new Uint8Array(hashes.length / 2);
  for (let at = 0; at < hashes.length; at += PAIR) {
    message.set(hashes.subarray(at, at + HASH), 1);
    message.set(hashes.subarray(at + HASH, at + PAIR), second);
    digests.set(sha256(message), at / 2);
  }
  return digests;
}

function foldSubtrees(hashes: Uint8Array, height: number, bottom: PairTags, inner: PairTags): Uint8Array {
  if (!Number.isInteger(height) || height < 0 || height > HEIGHT_MAX) {
    throw new ArgumentRangeError('height must be 0 to 32');
  }
  assertWhole(hashes, HASH * 2 ** height);
  let level = Uint8Array.from(hashes);
  for (let below = 0; below < height; below++)
    level = Uint8Array.from(hashPairs(level, below === 0 ? bottom : inner));
  return level;
}

function hashLeaves(leaves: Uint8Array, leafLength: number, prefix?: number): Uint8Array {
  if (!Number.isSafeInteger(leafLength) || leafLength < 1) {
    throw new ArgumentRangeError('leafLength must be 1 or more');
  }
  assertWhole(leaves, leafLength);
  if (prefix !== undefined) assertByte(prefix);
  const skip = prefix === undefined ? 0 : 1;
  const message = new Uint8Array(skip + leafLength);
  if (prefix !== undefined) message[0] = prefix;
  const digests = new Uint8Array((leaves.length / leafLength) * HASH);
  for (let leaf = 0; leaf * leafLength < leaves.length; leaf++) {
    message.set(leaves.subarray(leaf * leafLength, (leaf + 1) * leafLength), skip);
    digests.set(sha256(message), leaf * HASH);
  }
  return digests;
}

function assertWhole(bytes: Uint8Array, unit: number): void {
  assertBytes(bytes, 'hashes');
  if (bytes.length % unit !== 0) throw new ArgumentRangeError(`length must be a multiple of ${unit}`);
}

function assertByte(tag: number): void {
  if (typeof tag !== 'number') throw new ArgumentTypeError('a tag must be a number');
  if (!Number.isInteger(tag) || tag < 0 || tag > 255) throw new ArgumentRangeError('a tag must be 0 to 255');
}
