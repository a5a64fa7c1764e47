/**
 * The argument checks that every engine makes before it hashes anything. What they return is plain numbers,
 * so that an engine reads no property of the caller's objects while it is at work.
 */

import { assertBytes } from '../bytes/compare.js';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.js';
import type { PairTags } from './tree-hasher.js';

/** Bytes of a hash. */
export const HASH_BYTES = 32;

/** Bytes of a pair of hashes. */
export const PAIR_BYTES = 64;

/** Highest subtree a fold accepts; far above what fits in one buffer. */
const HEIGHT_MAX = 32;

/** Checked tags: both are bytes, or `right` is `undefined`. */
export interface CheckedTags {
  readonly left: number;
  readonly right: number | undefined;
}

/**
 * Reads a pair's tags, once.
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function checkTags(tags: PairTags, name: string): CheckedTags {
  if (typeof tags !== 'object' || tags === null) throw new ArgumentTypeError(`${name} must be an object`);
  const { left, right } = tags;
  return {
    left: checkInteger(left, 0, 255, `${name}.left`),
    right: right === undefined ? undefined : checkInteger(right, 0, 255, `${name}.right`),
  };
}

/**
 * Checks a batch of pairs.
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function checkPairs(hashes: Uint8Array): void {
  checkMultiple(hashes, PAIR_BYTES, 'hashes');
}

/**
 * Checks a batch of subtrees.
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function checkSubtrees(hashes: Uint8Array, height: number): void {
  checkInteger(height, 0, HEIGHT_MAX, 'height');
  checkMultiple(hashes, HASH_BYTES * 2 ** height, 'hashes');
}

/**
 * Checks a batch of leaves.
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function checkLeaves(leaves: Uint8Array, leafLength: number, prefix: number | undefined): void {
  checkInteger(leafLength, 1, Number.MAX_SAFE_INTEGER, 'leafLength');
  checkMultiple(leaves, leafLength, 'leaves');
  if (prefix !== undefined) checkInteger(prefix, 0, 255, 'prefix');
}

function checkMultiple(bytes: Uint8Array, unit: number, name: string): void {
  assertBytes(bytes, name);
  if (bytes.length % unit !== 0) throw new ArgumentRangeError(`${name} must be a multiple of ${unit} bytes`);
}

function checkInteger(value: number, least: number, most: number, name: string): number {
  if (typeof value !== 'number') throw new ArgumentTypeError(`${name} must be a number`);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new ArgumentRangeError(`${name} must be an integer from ${least} to ${most}`);
  }
  return value;
}
