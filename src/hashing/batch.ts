/**
 * The argument checks that every engine makes before it hashes anything. What they return is plain numbers,
 * so that an engine reads no property of the caller's objects while it is at work.
 */

import { assertArray, assertInteger, assertObject } from '../bytes/arguments.js';
import { assertBytes } from '../bytes/compare.js';
import { ArgumentRangeError } from '../errors.js';
import { type PairTags, PROOF_SIBLINGS_MAX, type ProofBatch } from './tree-hasher.js';

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
  assertObject(tags, name);
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

/** Most entries of tags that a byte of `steps` can name. */
const TAGS_MAX = 128;

/** Checked proofs: the arrays fit each other, and nothing of them is the caller's but bytes. */
export interface CheckedProofs {
  readonly hashes: Uint8Array;
  readonly lengths: readonly number[];
  readonly steps: Uint8Array;
  readonly tags: readonly CheckedTags[];
}

/**
 * Reads a batch of proofs, once.
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function checkProofs(proofs: ProofBatch): CheckedProofs {
  assertObject(proofs, 'proofs');
  const { hashes, lengths, steps, tags } = proofs;
  assertBytes(hashes, 'proofs.hashes');
  assertBytes(steps, 'proofs.steps');
  assertArray(lengths, 'proofs.lengths');
  assertArray(tags, 'proofs.tags');
  checkInteger(tags.length, 1, TAGS_MAX, 'proofs.tags.length');

  let siblings = 0;
  const checkedLengths: number[] = [];
  for (const length of lengths as readonly number[]) {
    siblings += checkInteger(length, 0, PROOF_SIBLINGS_MAX, 'proofs.lengths');
    checkedLengths.push(length);
  }
  checkInteger(steps.length, siblings, siblings, 'proofs.steps.length');
  const bytes = HASH_BYTES * (siblings + checkedLengths.length);
  checkInteger(hashes.length, bytes, bytes, 'proofs.hashes.length');
  let highest = 0;
  for (let i = 0; i < siblings; i++) highest = Math.max(highest, steps[i] as number);
  if (highest >= 2 * tags.length) {
    throw new ArgumentRangeError('proofs.steps must name entries of proofs.tags');
  }
  const checkedTags = (tags as readonly PairTags[]).map((pair) => checkTags(pair, 'proofs.tags'));
  return { hashes, lengths: checkedLengths, steps, tags: checkedTags };
}

function checkMultiple(bytes: Uint8Array, unit: number, name: string): void {
  assertBytes(bytes, name);
  if (bytes.length % unit !== 0) throw new ArgumentRangeError(`${name} must be a multiple of ${unit} bytes`);
}

function checkInteger(value: number, least: number, most: number, name: string): number {
  assertInteger(value, name, least, most);
  return value;
}
