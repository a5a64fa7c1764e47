/**
 * Checking that entries are in a log: the audit paths of RFC 6962 section 2.1.1 (RFC 9162 section 2.1.3).
 */

import { equalBytes } from '../bytes/compare.js';
import {
  ArgumentTypeError,
  DecodeError,
  type DecodeErrorCode,
  VerificationError,
  type VerificationErrorCode,
} from '../errors.js';
import { type ClaimBatch, createClaimBatch, type InclusionClaim } from './claim.js';
import { copyHead, type TreeHead } from './head.js';
import { HASH_LENGTH, hashingOf, type TreeOptions } from './subtree.js';

declare const verified: unique symbol;

/**
 * A leaf that stands in the tree of one head. Only {@link verifyInclusion} and {@link verifyInclusions} make one.
 * Frozen; its arrays are copies, fresh but for the root, which those of one call share.
 */
export interface VerifiedInclusion {
  readonly index: number;
  readonly leafHash: Uint8Array;
  readonly treeSize: number;
  readonly root: Uint8Array;
  readonly [verified]: 'inclusion';
}

/**
 * Verifies that a leaf hash stands at an index of the tree under a head (RFC 6962 section 2.1.1).
 *
 *               root              index 2 of 7: the proof is [3,4), [0,2), [4,7),
 *             /      \            the hashes marked *
 *            ●        *[4,7)
 *          /   \
 *     *[0,2)    ●
 *              / \
 *             2   *3
 *
 * **Before**: the head's signature was checked, over size and root together, because the proof does not
 * authenticate the size; and `leafHash` was computed here, from the entry.
 * **Not proven**: that the log shows others the same head, that it keeps this entry later, that the entry is
 * true, or that it is the newest of its kind.
 *
 * @param head the verified head; its size 1 to 2^53 - 1
 * @param claim index, leaf hash and proof; the proof is read once, element by element
 * @param options engine and scheme
 * @returns what was verified, fresh and frozen
 * @throws VerificationError `ERR_INDEX_RANGE` an integer that this tree has no leaf for: a decoder cannot
 *   know the head, so the claim is well-formed and false; `ERR_PROOF_LENGTH` before anything is hashed;
 *   `ERR_PROOF_ROOT`
 * @throws DecodeError `ERR_LENGTH` a hash that is not 32 bytes
 * @throws ArgumentTypeError, ArgumentRangeError a malformed head (size 0 proves nothing), or an index that is
 *   no integer from 0 to 2^53 - 1
 */
export function verifyInclusion(
  head: TreeHead,
  claim: InclusionClaim,
  options: TreeOptions = {},
): VerifiedInclusion {
  const against = copyHead(head, 'head');
  const { hasher, scheme } = hashingOf(options);
  const batch = createClaimBatch(against.treeSize, 1);
  batch.add(claim);
  const root = hasher.foldProofs(batch.proofs(scheme));
  if (!equalBytes(root, against.root)) {
    throw new VerificationError('ERR_PROOF_ROOT', 'the inclusion proof leads to another root');
  }
  return verifiedInclusion(batch, 0, against);
}

/** A claim that does not hold: its position among those given, and the code that `verifyInclusion` throws for it. */
export interface FailedInclusion {
  readonly position: number;
  readonly code: DecodeErrorCode | VerificationErrorCode;
}

/** What became of many claims. Frozen. */
export interface InclusionResults {
  /** The claims that hold, in the order given. */
  readonly verified: readonly VerifiedInclusion[];
  /** Those that do not, in the order given. Nobody may rely on them. */
  readonly failed: readonly FailedInclusion[];
}

/** Claims that are folded in one call of the engine. It bounds what a call allocates, whatever their number. */
const CLAIMS_AT_ONCE = 256;

/**
 * Verifies many claims under one head, each as {@link verifyInclusion} does, and much sooner where the engine
 * hashes in lanes. One that is false does not keep the others from being verified: **look at `failed`**, and
 * take as proven only what is in `verified`.
 *
 * @param head the verified head; its size 1 to 2^53 - 1
 * @param claims any number; each is read once
 * @param options engine and scheme
 * @returns which claims hold and which do not, as data; fresh and frozen
 * @throws ArgumentTypeError, ArgumentRangeError a malformed head, or a claim that is the program's mistake: no
 *   object, no bytes, an index that is no integer from 0 to 2^53 - 1
 * @example
 * const { verified, failed } = verifyInclusions(head, claims, { hasher: createWasmHasher() });
 */
export function verifyInclusions(
  head: TreeHead,
  claims: readonly InclusionClaim[],
  options: TreeOptions = {},
): InclusionResults {
  const against = copyHead(head, 'head');
  const { hasher, scheme } = hashingOf(options);
  const count = countClaims(claims);
  const parts: JudgedClaims[] = [];
  for (let first = 0; first < count; first += CLAIMS_AT_ONCE) {
    const part = openClaims(claims, first, Math.min(first + CLAIMS_AT_ONCE, count), against);
    parts.push(judgeClaims(part, hasher.foldProofs(part.batch.proofs(scheme)), against));
  }
  return resultsOf(parts);
}

/** @throws ArgumentTypeError */
export function countClaims(claims: readonly InclusionClaim[]): number {
  if (!Array.isArray(claims)) throw new ArgumentTypeError('claims must be an array');
  return claims.length;
}

/** Neighbours among many claims, before anything is hashed. */
export interface OpenedClaims {
  /** Those whose form is right, in the order given. */
  readonly batch: ClaimBatch;
  /** The position of each. */
  readonly positions: readonly number[];
  /** The others. */
  readonly failed: readonly FailedInclusion[];
}

/**
 * Takes in the claims at positions `begin` to `end` - 1, each once.
 * @throws ArgumentTypeError, ArgumentRangeError what is the program's mistake
 */
export function openClaims(
  claims: readonly InclusionClaim[],
  begin: number,
  end: number,
  { treeSize }: TreeHead,
): OpenedClaims {
  const batch = createClaimBatch(treeSize, end - begin);
  const positions: number[] = [];
  const failed: FailedInclusion[] = [];
  for (let position = begin; position < end; position++) {
    const code = tryAdd(batch, claims[position] as InclusionClaim);
    if (code === undefined) positions.push(position);
    else failed.push(Object.freeze({ position, code }));
  }
  return { batch, positions, failed };
}

/** What became of neighbours. */
export interface JudgedClaims {
  readonly verified: readonly VerifiedInclusion[];
  /** In any order. */
  readonly failed: readonly FailedInclusion[];
}

/** Compares the roots that opened claims lead to with the head's. This is where they are verified, or not. */
export function judgeClaims(
  { batch, positions, failed }: OpenedClaims,
  roots: Uint8Array,
  against: TreeHead,
): JudgedClaims {
  const verifiedOnes: VerifiedInclusion[] = [];
  const failedOnes = [...failed];
  positions.forEach((position, i) => {
    const root = roots.subarray(i * HASH_LENGTH, (i + 1) * HASH_LENGTH);
    if (equalBytes(root, against.root)) verifiedOnes.push(verifiedInclusion(batch, i, against));
    else failedOnes.push(Object.freeze({ position, code: 'ERR_PROOF_ROOT' }));
  });
  return { verified: verifiedOnes, failed: failedOnes };
}

/** All parts together, from the left: frozen. */
export function resultsOf(parts: readonly JudgedClaims[]): InclusionResults {
  const failed = parts.flatMap((part) => part.failed).sort((a, b) => a.position - b.position);
  return Object.freeze({
    verified: Object.freeze(parts.flatMap((part) => part.verified)),
    failed: Object.freeze(failed),
  });
}

/** Adds a claim, or tells the code with which it fails already. What is the program's mistake is thrown. */
function tryAdd(batch: ClaimBatch, claim: InclusionClaim): FailedInclusion['code'] | undefined {
  try {
    batch.add(claim);
    return undefined;
  } catch (error) {
    if (error instanceof VerificationError || error instanceof DecodeError) return error.code;
    throw error;
  }
}

function verifiedInclusion(
  batch: ClaimBatch,
  position: number,
  { treeSize, root }: TreeHead,
): VerifiedInclusion {
  const { index, leafHash } = batch.leafOf(position);
  return Object.freeze({ index, leafHash, treeSize, root }) as VerifiedInclusion;
}
