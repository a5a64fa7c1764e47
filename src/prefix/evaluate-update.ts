/**
 * What a third-party auditor computes for a log entry: from one proof in the tree before, the roots before and after
 * a set of additions and removals (draft, "Auditing", steps 2 to 4, 6 and 7).
 *
 * Removals come before additions, and no leaf is moved by a removal: see `change.ts`. As `results` has a count
 * of one byte, an audited log entry makes at most 255 changes, though `added` and `removed` could list more.
 */

import { assertArray, assertObject } from '../bytes/arguments.js';
import { VerificationError } from '../errors.js';
import { addLeaves, removeLeaves } from './change.js';
import { compareKeys } from './key.js';
import { hashNodes } from './hash-nodes.js';
import { hashAtOf } from './node.js';
import type { PrefixLeaf, PrefixProof, PrefixSearchResult } from './proof.js';
import { HASH_BYTES } from './key.js';
import { buildSkeleton, resultsOf } from './skeleton.js';
import {
  createWorkspace,
  hashFrom,
  NOWHERE,
  type PrefixOptions,
  putHash,
  type Slot,
  type Workspace,
} from './workspace.js';

/** The changes of one log entry, with their proof in the tree before. */
export interface PrefixUpdate {
  /** New leaves, strictly ascending by `vrfOutput`. One may also be in `removed`: then it is replaced. */
  readonly added: readonly PrefixLeaf[];
  /** Leaves that go, strictly ascending by `vrfOutput`. */
  readonly removed: readonly PrefixLeaf[];
  /** Of the keys in `added`, then of those in `removed`: one result for each, also for one that is in both. */
  readonly proof: PrefixProof;
}

/** The roots before and after an update. */
export interface PrefixRoots {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/**
 * The roots before and after an update.
 *
 * It does not check that `before` is the root of the log entry before, that a removed leaf was published in a
 * distinguished log entry, or the timestamp: these are the auditor's, from its own state.
 *
 * @param update at most 255 changes; without any, the proof is one element and that is both roots
 * @param options engine
 * @returns 32 bytes each, fresh
 * @throws VerificationError
 *   `ERR_PREFIX_ORDER`, `ERR_PREFIX_DUPLICATE` a list is not strictly ascending;
 *   `ERR_PREFIX_PRESENT` a key is added that is in the tree and not removed;
 *   `ERR_PREFIX_ABSENT` a key is removed that is not in the tree;
 *   `ERR_PREFIX_DEPTH` a new leaf would stand below depth 255;
 *   and what `evaluatePrefixProof` throws for a proof's shape
 * @throws DecodeError `ERR_LENGTH`; ArgumentTypeError, ArgumentRangeError
 */
export function evaluatePrefixUpdate(update: PrefixUpdate, options: PrefixOptions = {}): PrefixRoots {
  return evaluatePrefixUpdates([update], options)[0] as PrefixRoots;
}

/**
 * The roots before and after each of several updates, as {@link evaluatePrefixUpdate} has them. None of them depends on
 * another, so the engine gets the nodes of all of them at once, level by level.
 * @throws what {@link evaluatePrefixUpdate} throws, for any of them
 */
export function evaluatePrefixUpdates(
  updates: readonly PrefixUpdate[],
  options: PrefixOptions = {},
): readonly PrefixRoots[] {
  assertObject(options, 'options');
  const work = createWorkspace(options);
  const pieces = updates.map((update) => pieceOf(work, update));

  hashNodes(
    work,
    pieces.map(({ top }) => top),
  );
  const before = pieces.map(({ top }) => hashFrom(work, hashAtOf(work, top)));
  const end = Number.POSITIVE_INFINITY;
  const changed = pieces.map(({ top, addedAt, removedAt }) => {
    const left = removeLeaves({ work, keys: removedAt, end }, top, 0, removedAt.length, 0);
    return addLeaves({ work, keys: addedAt, end }, left, 0, addedAt.length, 0);
  });
  hashNodes(work, changed);
  return Object.freeze(
    changed.map((top, i) =>
      Object.freeze({ before: before[i] as Uint8Array, after: hashFrom(work, hashAtOf(work, top)) }),
    ),
  );
}

/** The piece of the tree before that an update describes, and what it changes there. */
interface Piece {
  readonly top: Slot;
  readonly addedAt: readonly number[];
  readonly removedAt: readonly number[];
}

function pieceOf(work: Workspace, update: PrefixUpdate): Piece {
  assertObject(update, 'update');
  const { added, removed, proof } = update;
  const addedAt = putLeaves(work, added, 'added');
  const removedAt = putLeaves(work, removed, 'removed');

  const results = resultsOf(proof, addedAt.length + removedAt.length);
  assertRemovable(results.slice(addedAt.length));
  const searched = addedAt.map((keyAt, i) => {
    const leafAt = find(work, removedAt, keyAt);
    if (leafAt === undefined) assertAddable(results[i]);
    return { keyAt, commitmentAt: leafAt === undefined ? NOWHERE : leafAt + HASH_BYTES };
  });
  searched.push(...removedAt.map((keyAt) => ({ keyAt, commitmentAt: keyAt + HASH_BYTES })));
  return { top: buildSkeleton(work, searched, proof).top, addedAt, removedAt };
}

/** Copies leaves into the workspace. @returns the offset of each */
function putLeaves(work: Workspace, leaves: readonly PrefixLeaf[], name: string): number[] {
  assertArray(leaves, `update.${name}`);
  const offsets: number[] = [];
  for (const leaf of leaves) {
    assertObject(leaf, `update.${name}`);
    const at = putHash(work, leaf.vrfOutput, 'PrefixLeaf.vrfOutput');
    putHash(work, leaf.commitment, 'PrefixLeaf.commitment');
    const before = offsets.at(-1);
    const order = before === undefined ? -1 : compareKeys(work.bytes, before, at);
    if (order > 0) throw new VerificationError('ERR_PREFIX_ORDER', `${name} is not in ascending order`);
    if (order === 0) throw new VerificationError('ERR_PREFIX_DUPLICATE', `a key is ${name} twice`);
    offsets.push(at);
  }
  return offsets;
}

function find(work: Workspace, leaves: readonly number[], keyAt: number): number | undefined {
  return leaves.find((leafAt) => compareKeys(work.bytes, leafAt, keyAt) === 0);
}

function assertAddable(result: PrefixSearchResult | undefined): void {
  if (result?.resultType === 'inclusion') {
    throw new VerificationError('ERR_PREFIX_PRESENT', 'a key is added that is in the tree');
  }
}

function assertRemovable(results: readonly PrefixSearchResult[]): void {
  if (results.some((result) => result.resultType !== 'inclusion')) {
    throw new VerificationError('ERR_PREFIX_ABSENT', 'a key is removed that is not in the tree');
  }
}
