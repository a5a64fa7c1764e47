/**
 * Inclusion claims taken in and folded: what one claim and many have in common.
 */

import { concatBytes } from '../bytes/compare.js';
import { VerificationError } from '../errors.js';
import type { ProofBatch } from '../hashing/tree-hasher.js';
import { assertInteger, assertObject, copyHashInto, copyProofInto } from './input.js';
import { tagNumber, tagsOf, type TreeScheme } from './scheme.js';
import { inclusionPath } from './shape.js';
import { HASH_LENGTH, type TreeHashing } from './subtree.js';

/** What a log claims: this hash is the leaf at this index. */
export interface InclusionClaim {
  /** Zero-based, 0 to treeSize - 1. */
  readonly index: number;
  /** 32 bytes, computed by the verifier from the entry (`hashLeaf`), never taken from the log. */
  readonly leafHash: Uint8Array;
  /** Hashes of 32 bytes, the lowest first. */
  readonly proof: ArrayLike<Uint8Array>;
}

/** A claim whose form is right: index in range, as many hashes as the tree demands. Whether it is true is open. */
export interface OpenClaim {
  readonly index: number;
  /** The leaf hash, then the proof: 32 bytes each. A copy. */
  readonly hashes: Uint8Array;
  /** One for each hash of the proof, as an engine's `foldProofs` takes them. */
  readonly steps: Uint8Array;
}

/**
 * Takes a claim in, reading each of its parts once. Nothing is hashed.
 * @throws VerificationError `ERR_INDEX_RANGE`, `ERR_PROOF_LENGTH`; DecodeError `ERR_LENGTH`; ArgumentTypeError,
 *   ArgumentRangeError
 */
export function openClaim(claim: InclusionClaim, treeSize: number): OpenClaim {
  assertObject(claim, 'claim');
  const { index, leafHash, proof } = claim;
  assertInteger(index, 'index', 0, Number.MAX_SAFE_INTEGER);
  if (index >= treeSize) throw new VerificationError('ERR_INDEX_RANGE', 'the tree has no leaf at this index');

  const steps = inclusionSteps(index, treeSize);
  const hashes = new Uint8Array((1 + steps.length) * HASH_LENGTH);
  copyProofInto(hashes, HASH_LENGTH, proof, 'InclusionProof', steps.length);
  copyHashInto(hashes, 0, leafHash, 'leafHash');
  return { index, hashes, steps };
}

/** Claims as an engine folds them. */
export function proofBatchOf(claims: readonly OpenClaim[], scheme: TreeScheme): ProofBatch {
  return {
    hashes: concatBytes(...claims.map(({ hashes }) => hashes)),
    lengths: claims.map(({ steps }) => steps.length),
    steps: concatBytes(...claims.map(({ steps }) => steps)),
    tags: tagsOf(scheme),
  };
}

/** The roots that claims lead to, one after the other: 32 bytes each, fresh. */
export function computedRoots(claims: readonly OpenClaim[], { hasher, scheme }: TreeHashing): Uint8Array {
  return hasher.foldProofs(proofBatchOf(claims, scheme));
}

/**
 * How a path is hashed: for each sibling its side, and the tags that the sizes on both sides demand.
 * Twice the number of the tags, and 1 more for a sibling on the left.
 */
function inclusionSteps(index: number, treeSize: number): Uint8Array {
  const path = inclusionPath(index, treeSize);
  const steps = new Uint8Array(path.length);
  let size = 1;
  for (const [i, { side, begin, end }] of path.entries()) {
    const sibling = end - begin;
    steps[i] = side === 'left' ? 2 * tagNumber(sibling, size) + 1 : 2 * tagNumber(size, sibling);
    size += sibling;
  }
  return steps;
}
