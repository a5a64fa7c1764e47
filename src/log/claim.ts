/**
 * Inclusion claims taken in, as an engine folds them: one, or many behind each other in the same arrays.
 */

import { VerificationError } from '../errors.js';
import type { ProofBatch } from '../hashing/tree-hasher.js';
import { assertInteger, assertObject, copyHashInto, copyProofInto } from './input.js';
import { tagNumber, tagsOf, type TreeScheme } from './scheme.js';
import { descend, pathLengthMax } from './shape.js';
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

/** Claims whose form is right: index in range, as many hashes as the tree demands. Whether they are true is open. */
export interface ClaimBatch {
  /**
   * Takes a claim in, reading each of its parts once and copying it. Nothing is hashed. Where it throws, the batch
   * is as it was.
   * @throws VerificationError `ERR_INDEX_RANGE`, `ERR_PROOF_LENGTH`; DecodeError `ERR_LENGTH`; ArgumentTypeError,
   *   ArgumentRangeError
   */
  add(claim: InclusionClaim): void;
  /** A claim's index and its leaf hash, fresh. @param position within the batch */
  leafOf(position: number): { readonly index: number; readonly leafHash: Uint8Array };
  /** All of them, for an engine. The arrays are the batch's own: they may be moved to a worker, once. */
  proofs(scheme: TreeScheme): ProofBatch;
}

/** @param capacity how many claims it takes at most */
export function createClaimBatch(treeSize: number, capacity: number): ClaimBatch {
  const siblingsMax = pathLengthMax(treeSize);
  const hashes = new Uint8Array(capacity * (1 + siblingsMax) * HASH_LENGTH);
  const steps = new Uint8Array(capacity * siblingsMax);
  // A copy of their own: the other arrays may be gone when leaves are asked for.
  const leafHashes = new Uint8Array(capacity * HASH_LENGTH);
  const indexes: number[] = [];
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
      copyHashInto(hashes, hashesEnd, leafHash, 'leafHash');
      // What is hashed is what is reported: the leaf hash is not read a second time.
      leafHashes.set(hashes.subarray(hashesEnd, hashesEnd + HASH_LENGTH), indexes.length * HASH_LENGTH);
      indexes.push(index);
      lengths.push(length);
      hashesEnd += (1 + length) * HASH_LENGTH;
      stepsEnd += length;
    },
    leafOf(position: number): { readonly index: number; readonly leafHash: Uint8Array } {
      const at = position * HASH_LENGTH;
      return { index: indexes[position] as number, leafHash: leafHashes.slice(at, at + HASH_LENGTH) };
    },
    proofs: (scheme: TreeScheme): ProofBatch => ({
      hashes: hashes.subarray(0, hashesEnd),
      lengths,
      steps: steps.subarray(0, stepsEnd),
      tags: tagsOf(scheme),
    }),
  };
}

/**
 * How the path from a leaf is hashed: for each sibling its side, and the tags that the sizes on both sides demand.
 * Twice the number of the tags, and 1 more for a sibling on the left.
 * @returns the number of siblings
 */
function writeSteps(steps: Uint8Array, at: number, index: number, treeSize: number): number {
  let end = at;
  descend(index, treeSize, (left, middle, right) => {
    const tags = tagNumber(middle - left, right - middle);
    steps[end] = index < middle ? 2 * tags : 2 * tags + 1;
    end++;
  });
  // They were met from the root down, and are folded from the leaf up.
  steps.subarray(at, end).reverse();
  return end - at;
}
