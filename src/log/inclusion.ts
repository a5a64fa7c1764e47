/**
 * Checking that an entry is in a log: the audit paths of RFC 6962 section 2.1.1 (RFC 9162 section 2.1.3).
 */

import { equalBytes } from '../bytes/compare.js';
import { VerificationError } from '../errors.js';
import { copyHead, type TreeHead } from './head.js';
import { assertInteger, assertObject, copyHash, copyProof } from './input.js';
import { inclusionPath } from './shape.js';
import { hashingOf, join, type Subtree, type TreeOptions } from './subtree.js';

/** What a log claims: this hash is the leaf at this index. */
export interface InclusionClaim {
  /** Zero-based, 0 to treeSize - 1. */
  readonly index: number;
  /** 32 bytes, computed by the verifier from the entry (`hashLeaf`), never taken from the log. */
  readonly leafHash: Uint8Array;
  /** Hashes of 32 bytes, the lowest first. */
  readonly proof: ArrayLike<Uint8Array>;
}

declare const verified: unique symbol;

/**
 * A leaf that stands in the tree of one head. Only {@link verifyInclusion} makes one. Frozen; its arrays are
 * fresh copies.
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
  const { treeSize, root } = copyHead(head, 'head');
  assertObject(claim, 'claim');
  const { index, leafHash: givenLeafHash, proof: givenProof } = claim;
  assertInteger(index, 'index', 0, Number.MAX_SAFE_INTEGER);
  if (index >= treeSize) throw new VerificationError('ERR_INDEX_RANGE', 'the tree has no leaf at this index');

  const path = inclusionPath(index, treeSize);
  const proof = copyProof(givenProof, 'InclusionProof', path.length);
  const leafHash = copyHash(givenLeafHash, 'leafHash');

  const hashing = hashingOf(options);
  let computed: Subtree = { size: 1, hash: leafHash };
  for (const [i, { side, begin, end }] of path.entries()) {
    const sibling: Subtree = { size: end - begin, hash: proof[i] as Uint8Array };
    computed = side === 'left' ? join(hashing, sibling, computed) : join(hashing, computed, sibling);
  }
  if (!equalBytes(computed.hash, root)) {
    throw new VerificationError('ERR_PROOF_ROOT', 'the inclusion proof leads to another root');
  }
  return Object.freeze({ index, leafHash, treeSize, root }) as VerifiedInclusion;
}
