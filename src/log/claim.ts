/**
 * Inclusion claims taken in, as an engine folds them: one, or many behind each other in the same arrays.
 */

import { assertInteger, assertObject } from '../bytes/arguments.js';
import { VerificationError } from '../errors.js';
import type { ProofBatch } from '../hashing/tree-hasher.js';
import { copyHash, copyProofInto } from './input.js';
import { tagNumber, tagsOf, type TreeScheme } from './scheme.js';
import { pathLengthMax } from './shape.js';
import { HASH_LENGTH } from './subtree.js';

/** What a log claims: this hash is the leaf at this index. */
export interface InclusionClaim {
  /** Zero-based, 0 to treeSize - 1. */
  readonly index: number;
  /** 32 bytes, computed by the verifier from the entry (`hashLeaf`), never taken from the log. */
  readonly leafHash: Uint8Array;
  /** Hashes of 32 bytes, the lowest first. */
  readonly proof: ArrayLike<Uint8Array>;
}

/** What a claim is about. */
export interface ClaimedLeaf {
  readonly index: number;
  readonly leafHash: Uint8Array;
}

/** Claims whose form is right: index in range, as many hashes as the tree demands. Whether they are true is open. */
export interface ClaimBatch {
  /**
   * Takes a claim in, reading each of its parts once and copying it. Nothing is hashed. Where it throws, the batch
   * is as it was.
   * @throws VerificationError `ERR_INDEX_RANGE`, `ERR_PROOF_LENGTH`; DecodeError `ERR_LENGTH`; ArgumentTypeError,
   *   ArgumentRangeError
   */
  add(claim: InclusionClaim): void;
  /** A claim's leaf; the hash is a copy that is not used for anything else. @param position within the batch */
  leafOf(position: number): ClaimedLeaf;
  /** All of them, for an engine. The arrays are the batch's own: they may be moved to a worker, once. */
  proofs(scheme: TreeScheme): ProofBatch;
}

/** @param capacity how many claims it takes at most */
export function createClaimBatch(treeSize: number, capacity: number): ClaimBatch {
  const siblingsMax = pathLengthMax(treeSize);
  const hashes = new Uint8Array(capacity * (1 + siblingsMax) * HASH_LENGTH);
  const steps = new Uint8Array(capacity * siblingsMax);
  const leaves: ClaimedLeaf[] = [];
  const lengths: number[] = [];
  let hashesEnd = 0;
  let stepsEnd = 0;

  return {
    add(claim: InclusionClaim): void {
      assertObject(claim, 'claim');
      const { index, leafHash, proof } = claim;
      assertInteger(index, 'index', 0, Number.MAX_SAFE_INTEGER);
      if (index >= treeSize) {
        throw new VerificationError('ERR_INDEX_RANGE', 'the tree has no leaf at this index');
      }
      const length = writeSteps(steps, stepsEnd, index, treeSize);
      copyProofInto(hashes, hashesEnd + HASH_LENGTH, proof, 'InclusionProof', length);
      // A copy of its own, since the other array may be moved away. What is hashed is what is reported: the
      // claim's is not read a second time.
      const leaf = copyHash(leafHash, 'leafHash');
      hashes.set(leaf, hashesEnd);
      leaves.push({ index, leafHash: leaf });
      lengths.push(length);
      hashesEnd += (1 + length) * HASH_LENGTH;
      stepsEnd += length;
    },
    leafOf: (position: number): ClaimedLeaf => leaves[position] as ClaimedLeaf,
    proofs: (scheme: TreeScheme): ProofBatch => ({
      hashes: filled(hashes, hashesEnd),
      lengths,
      steps: filled(steps, stepsEnd),
      tags: tagsOf(scheme),
    }),
  };
}

/** The part of an array that is in use. */
function filled(array: Uint8Array, end: number): Uint8Array {
  return end === array.length ? array : array.subarray(0, end);
}

/**
 * How the path from a leaf is hashed: for each sibling its side, and the tags that the sizes on both sides demand.
 * Twice the number of the tags, and 1 more for a sibling on the left. A loop without calls, from the leaf up: on the
 * way of many claims, the path of `inclusionPath` would take a tenth of their time.
 * @returns the number of siblings
 */
function writeSteps(steps: Uint8Array, at: number, index: number, treeSize: number): number {
  let end = at;
  // The subtree under way, and the last of its level: each `width` leaves wide, but the last, which may be less.
  let node = index;
  let last = treeSize - 1;
  for (let width = 1; last > 0; width *= 2) {
    const parent = Math.floor(node / 2);
    const isRight = 2 * parent !== node;
    if (isRight || node < last) {
      const begin = (isRight ? node : node + 1) * width;
      const rightSize = Math.min(width, treeSize - begin);
      steps[end] = 2 * tagNumber(width, rightSize) + (isRight ? 1 : 0);
      end++;
    }
    node = parent;
    last = Math.floor(last / 2);
  }
  return end - at;
}
