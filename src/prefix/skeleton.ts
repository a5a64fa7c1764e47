/**
 * From a proof to the piece of tree that it describes, with every check of its shape and nothing hashed yet.
 *
 *     results        where each search ended: a leaf or an empty place, at a depth
 *        ↓
 *     terminals      sorted by key; equal ones once; none may lie above another
 *        ↓
 *            ●            parents down to every terminal,
 *           / \
 *          ●   ◌          and in each gap the next element
 *         / \
 *        ◌   ○
 */

import { assertArray, assertObject } from '../bytes/arguments.js';
import { ArgumentRangeError, VerificationError } from '../errors.js';
import { bitOf, compareKeys, DEPTH_MAX, HASH_BYTES, LEAF_BYTES, sharedBits } from './key.js';
import { closedNode, leafNode, parentNode } from './node.js';
import { type PrefixProof, type PrefixSearchResult, RESULTS_MAX } from './proof.js';
import {
  ABSENT,
  NOWHERE,
  putHash,
  reserve,
  sameBytes,
  type Slot,
  type Workspace,
  ZERO_AT,
} from './workspace.js';

/** A key that was searched for, in the workspace. */
export interface SearchedKey {
  readonly keyAt: number;
  /** Where its commitment lies, or {@link NOWHERE} where none was given. */
  readonly commitmentAt: number;
}

/** Where a search ended. */
interface Terminal {
  /** The leaf's key, or for an empty place the key that leads there. */
  readonly keyAt: number;
  readonly depth: number;
  /** The leaf, or {@link NOWHERE} for an empty place. */
  readonly leafAt: number;
  /** Whether it is the leaf of the key that was searched for. */
  readonly isOwn: boolean;
}

/** The piece of tree that a proof describes. */
export interface Skeleton {
  readonly top: Slot;
  /** For each key whether it is included. */
  readonly included: readonly boolean[];
}

/**
 * The piece of tree that a proof describes. Keys may come twice here: then their results must agree.
 *
 * @throws VerificationError `ERR_PREFIX_COUNT`, `ERR_PREFIX_DEPTH`, `ERR_PREFIX_COMMITMENT`,
 *   `ERR_PREFIX_LEAF_KEY`, `ERR_PREFIX_LEAF_PATH`, `ERR_PREFIX_CONFLICT`, `ERR_PROOF_LENGTH`
 * @throws DecodeError `ERR_LENGTH`; ArgumentTypeError, ArgumentRangeError
 */
export function buildSkeleton(
  work: Workspace,
  searched: readonly SearchedKey[],
  proof: PrefixProof,
): Skeleton {
  const results = resultsOf(proof, searched.length);
  const { elements } = proof;
  assertArray(elements, 'proof.elements');
  const ends = searched.map((key, i) => terminalOf(work, key, results[i] as PrefixSearchResult));
  const terminals = distinct(work, ends);

  // The places of the elements are known before any is read, so a surplus of them costs one comparison.
  const count = countGaps(work, terminals, 0, terminals.length, 0);
  if (elements.length !== count) {
    throw new VerificationError('ERR_PROOF_LENGTH', `${count} elements expected`);
  }
  const elementsAt = reserve(work, 0);
  for (let i = 0; i < count; i++) putHash(work, elements[i], 'PrefixProof.elements');
  const gaps = { next: elementsAt };
  const top = build(work, terminals, gaps, 0, terminals.length, 0);
  return { top, included: ends.map(({ isOwn }) => isOwn) };
}

/**
 * The results, if they are as many as the keys.
 * @throws VerificationError `ERR_PREFIX_COUNT`
 */
export function resultsOf(proof: PrefixProof, count: number): readonly PrefixSearchResult[] {
  assertObject(proof, 'proof');
  const { results } = proof;
  assertArray(results, 'proof.results');
  if (results.length !== count || count > RESULTS_MAX) {
    throw new VerificationError('ERR_PREFIX_COUNT', `${count} results expected, at most ${RESULTS_MAX}`);
  }
  return results;
}

function terminalOf(
  work: Workspace,
  { keyAt, commitmentAt }: SearchedKey,
  result: PrefixSearchResult,
): Terminal {
  assertObject(result, 'proof.results');
  const { depth, resultType } = result;
  if (!Number.isInteger(depth) || depth < 0 || depth > DEPTH_MAX) {
    throw new VerificationError('ERR_PREFIX_DEPTH', `a depth is an integer from 0 to ${DEPTH_MAX}`);
  }
  if (resultType === 'nonInclusionParent') return { keyAt, depth, leafAt: NOWHERE, isOwn: false };
  if (resultType === 'inclusion') {
    if (commitmentAt === NOWHERE) {
      throw new VerificationError('ERR_PREFIX_COMMITMENT', 'an included key has no commitment');
    }
    const leafAt = reserve(work, LEAF_BYTES);
    work.bytes.copyWithin(leafAt, keyAt, keyAt + HASH_BYTES);
    work.bytes.copyWithin(leafAt + HASH_BYTES, commitmentAt, commitmentAt + HASH_BYTES);
    return { keyAt: leafAt, depth, leafAt, isOwn: true };
  }
  if (resultType !== 'nonInclusionLeaf') throw new ArgumentRangeError('proof.results has an unknown type');
  const { leaf } = result;
  assertObject(leaf, 'PrefixSearchResult.leaf');
  const leafAt = putHash(work, leaf.vrfOutput, 'PrefixLeaf.vrfOutput');
  putHash(work, leaf.commitment, 'PrefixLeaf.commitment');
  const shared = sharedBits(work.bytes, keyAt, leafAt);
  // Without this check a log could hide a key behind its own leaf: the hashes would all be right.
  if (shared === 8 * HASH_BYTES) {
    throw new VerificationError(
      'ERR_PREFIX_LEAF_KEY',
      'the leaf of another key is that of the key searched for',
    );
  }
  if (shared < depth) {
    throw new VerificationError('ERR_PREFIX_LEAF_PATH', 'the search for the key does not lead to the leaf');
  }
  return { keyAt: leafAt, depth, leafAt, isOwn: false };
}

/**
 * The terminals from left to right, each once. Whatever lies between two in this order shares at least the bits
 * that those two share, so that comparing neighbours finds every conflict.
 */
function distinct(work: Workspace, terminals: readonly Terminal[]): Terminal[] {
  const sorted = [...terminals].sort((a, b) => compareKeys(work.bytes, a.keyAt, b.keyAt));
  const kept: Terminal[] = [];
  for (const terminal of sorted) {
    const before = kept.at(-1);
    if (before === undefined || parted(work, before, terminal)) kept.push(terminal);
    else if (!same(work, before, terminal)) {
      throw new VerificationError('ERR_PREFIX_CONFLICT', 'two results contradict each other');
    }
  }
  return kept;
}

/** Whether neither terminal lies above the other, nor in its place. */
function parted(work: Workspace, a: Terminal, b: Terminal): boolean {
  return sharedBits(work.bytes, a.keyAt, b.keyAt) < Math.min(a.depth, b.depth);
}

/** Whether two terminals in one place, or one above the other, are one and the same. */
function same(work: Workspace, a: Terminal, b: Terminal): boolean {
  if (a.depth !== b.depth) return false;
  if (a.leafAt === NOWHERE || b.leafAt === NOWHERE) return a.leafAt === b.leafAt;
  return sameBytes(work, a.leafAt, b.leafAt, LEAF_BYTES);
}

/** How many elements a run of terminals needs: one for each side of a parent on which none of them lies. */
function countGaps(
  work: Workspace,
  terminals: readonly Terminal[],
  low: number,
  high: number,
  depth: number,
): number {
  if (low === high) return 1;
  if (isTerminal(terminals, low, high, depth)) return 0;
  const middle = split(work, terminals, low, high, depth);
  return (
    countGaps(work, terminals, low, middle, depth + 1) + countGaps(work, terminals, middle, high, depth + 1)
  );
}

function build(
  work: Workspace,
  terminals: readonly Terminal[],
  gaps: { next: number },
  low: number,
  high: number,
  depth: number,
): Slot {
  if (low === high) {
    const hashAt = gaps.next;
    gaps.next += HASH_BYTES;
    // "In the event that a node does not exist, an all-zero byte string of length Hash.Nh is listed instead."
    return sameBytes(work, hashAt, ZERO_AT, HASH_BYTES) ? ABSENT : closedNode(work, hashAt, NOWHERE);
  }
  if (isTerminal(terminals, low, high, depth)) {
    const { leafAt } = terminals[low] as Terminal;
    return leafAt === NOWHERE ? ABSENT : leafNode(work, leafAt);
  }
  const middle = split(work, terminals, low, high, depth);
  // Left before right: that is the order of the elements.
  const left = build(work, terminals, gaps, low, middle, depth + 1);
  return parentNode(work, left, build(work, terminals, gaps, middle, high, depth + 1));
}

/** Whether a run is one terminal that stands at this depth. Of several, none stands above another. */
function isTerminal(terminals: readonly Terminal[], low: number, high: number, depth: number): boolean {
  return high - low === 1 && terminals[low]?.depth === depth;
}

/** The first terminal of a run that lies to the right. */
function split(
  work: Workspace,
  terminals: readonly Terminal[],
  low: number,
  high: number,
  depth: number,
): number {
  let middle = low;
  while (middle < high && bitOf(work.bytes, (terminals[middle] as Terminal).keyAt, depth) === 0) middle++;
  return middle;
}
