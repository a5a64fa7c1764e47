/**
 * Checking that a log only grew: the consistency proofs of RFC 6962 section 2.1.2 (RFC 9162 section 2.1.4).
 */

import { equalBytes } from '../bytes/compare.js';
import { VerificationError } from '../errors.js';
import { copyHead, type TreeHead } from './head.js';
import { copyProof } from './input.js';
import { consistencyPath } from './shape.js';
import { hashingOf, join, type Subtree, type TreeOptions } from './subtree.js';

declare const verified: unique symbol;

/**
 * The newer of two heads, shown to extend the older one. Only {@link verifyConsistency} makes one. Frozen; its
 * root is a fresh copy.
 *
 * It says nothing about who made the head: anybody can extend a tree. That the log stands by it is its
 * signature's business, and must be checked before.
 */
export interface VerifiedExtension extends TreeHead {
  readonly [verified]: 'extension';
}

/**
 * Verifies that one tree extends another: the older tree's leaves are the newer one's first leaves, unchanged
 * and in order (RFC 6962 section 2.1.2).
 *
 * Both roots are computed from the proof, from the lowest subtree that the trees share (the seed) upwards. A
 * hash on the left goes into both, a hash on the right into the newer one only. From 3 leaves to 7:
 *
 *         older            newer
 *           ●                 ●
 *         /   \             /   \
 *     *[0,2)  seed         ●     *[4,7)
 *             [2,3)      /   \
 *                   *[0,2)    ●
 *                            /  \
 *                         seed   *[3,4)
 *
 * **Before**: both heads' signatures were checked, or the older one is one's own stored head.
 * **Not proven**: that the log shows others the same heads; anything about what the new leaves say.
 * Where one of the trees is empty there is nothing to verify: an empty head is refused.
 *
 * @param older the head one trusts already; size 1 or more
 * @param newer the head that claims to extend it
 * @param proof hashes of 32 bytes, the lowest first; none for two heads of one size. Read once
 * @param options engine and scheme
 * @returns the newer head, fresh and frozen
 * @throws VerificationError `ERR_HEAD_ORDER` newer is the smaller one: a log that went back, or a stale answer;
 *   `ERR_HEAD_MISMATCH` one size, two roots: **a forked log**, whatever the proof holds; `ERR_PROOF_LENGTH`
 *   before anything is hashed; `ERR_PROOF_ROOT`
 * @throws DecodeError `ERR_LENGTH` a hash that is not 32 bytes
 * @throws ArgumentTypeError, ArgumentRangeError a malformed head
 */
export function verifyConsistency(
  older: TreeHead,
  newer: TreeHead,
  proof: ArrayLike<Uint8Array>,
  options: TreeOptions = {},
): VerifiedExtension {
  const from = copyHead(older, 'older');
  const to = copyHead(newer, 'newer');
  if (from.treeSize > to.treeSize) {
    throw new VerificationError('ERR_HEAD_ORDER', 'the newer head is of a smaller tree than the older one');
  }
  // Before the proof is looked at: a fork must not pass for a mere defect of the proof.
  if (from.treeSize === to.treeSize && !equalBytes(from.root, to.root)) {
    throw new VerificationError('ERR_HEAD_MISMATCH', 'two heads of one size have different roots');
  }

  const { seed, siblings } = consistencyPath(from.treeSize, to.treeSize);
  // A seed that begins at 0 is the whole older tree: its hash is the older root, and not in the proof.
  const seedCount = seed.begin === 0 ? 0 : 1;
  const hashes = copyProof(proof, 'ConsistencyProof', seedCount + siblings.length);
  const seedHash = seedCount === 0 ? from.root : (hashes[0] as Uint8Array);

  const hashing = hashingOf(options);
  let olderTree: Subtree = { size: seed.end - seed.begin, hash: seedHash };
  let newerTree: Subtree = olderTree;
  for (const [i, { side, begin, end }] of siblings.entries()) {
    const sibling: Subtree = { size: end - begin, hash: hashes[seedCount + i] as Uint8Array };
    if (side === 'left') {
      olderTree = join(hashing, sibling, olderTree);
      newerTree = join(hashing, sibling, newerTree);
    } else {
      newerTree = join(hashing, newerTree, sibling);
    }
  }
  if (!equalBytes(olderTree.hash, from.root) || !equalBytes(newerTree.hash, to.root)) {
    throw new VerificationError('ERR_PROOF_ROOT', 'the consistency proof leads to other roots');
  }
  return to as VerifiedExtension;
}
