/**
 * Evaluating batch proofs (draft-ietf-keytrans-protocol, "Tree Proofs", "Log Tree"; editor's copy of 2026-08-18,
 * commit 526cc8a). See `pieces.ts` for what one consists of.
 *
 *     pieces   [0,4)  4  5  6  7  [8,10)  10      joined from the left, as a growing tree is:
 *                     └──┬──┘  │     │     │
 *                        │     │     │     └─ 11  the tree: its full subtrees, and its root
 *                        │     └─────┴─ 10        an auditor's tree, if it has so many leaves: its root
 *                        └─ 7                     the earlier tree: its full subtrees must be those kept
 */

import { assertInteger, assertObject } from '../bytes/arguments.js';
import { equalBytes } from '../bytes/compare.js';
import { ArgumentRangeError, StateError, VerificationError } from '../errors.js';
import { assertAscending } from './batch-plan.js';
import { type CompactRange, emptyRange, joinNeighbours, rootOfRange } from './compact-range.js';
import { copyHash, copyHashes, copyProof } from './input.js';
import { keytransLog } from './keytrans.js';
import { type Piece, piecesOf } from './pieces.js';
import { balancedNodes } from './shape.js';
import { hashingOf, type TreeOptions } from './subtree.js';

/** What a verifier keeps of a tree: enough to check that every later one extends it. */
export interface RetainedTree {
  /** Leaves, 1 to 2^53 - 1. */
  readonly treeSize: number;
  /**
   * The heads of its full subtrees, the balanced ones that are in no larger one, from the left: 32 bytes each, as
   * many as `treeSize` has binary digits 1. Also the `edge` of a tree builder's state.
   */
  readonly fullSubtrees: ArrayLike<Uint8Array>;
}

/** A batch proof, and what it is to be evaluated with. */
export interface BatchProofClaim {
  /** Leaves of the tree, from the head that came with the proof. */
  readonly treeSize: number;
  /** The leaves to be proven, in strictly ascending order, with the hashes that the verifier computed itself. */
  readonly leaves: readonly { readonly index: number; readonly leafHash: Uint8Array }[];
  /** What was kept of an earlier tree; absent for none. Trusted. */
  readonly retained?: RetainedTree | undefined;
  /** Leaves of the tree that an auditor's head is of, from that head; absent for none. */
  readonly auditorSize?: number | undefined;
  /** Earlier sizes whose roots are wanted: each ends with a proven leaf, or with a subtree that was kept. */
  readonly sizes?: readonly number[] | undefined;
  /** The elements, 32 bytes each. Read once. */
  readonly proof: ArrayLike<Uint8Array>;
}

/** What a batch proof computes: **candidates**, until a signature over the root has been checked. Frozen, fresh. */
export interface EvaluatedBatchProof {
  readonly treeSize: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** The root of the auditor's tree, 32 bytes; `undefined` where none was asked for. */
  readonly auditorRoot: Uint8Array | undefined;
  /** The heads of the full subtrees, from the left: what to keep, once the root is signed. */
  readonly fullSubtrees: readonly Uint8Array[];
  /** The roots at the sizes that were asked for, in that order, 32 bytes each. */
  readonly roots: readonly Uint8Array[];
  /** The heads of the full subtrees at each of these sizes, as {@link RetainedTree} has them. */
  readonly fullSubtreesAt: readonly (readonly Uint8Array[])[];
}

/**
 * Evaluates a batch proof: computes the root from proven leaves, from what was kept of an earlier tree, and from the
 * proof's elements, every one of which is used exactly once.
 *
 * **Shown**: a tree with the returned root has these leaves at these indexes; it extends the earlier tree, since
 * every kept subtree goes into the root, or is computed again and compared; the auditor's tree is a beginning of
 * it. Elements stand for balanced subtrees only: there is no place for the head of another.
 * **Not shown**: that anybody stands by that root. The caller must check the signature over it, and the auditor's
 * over the auditor's root, before using anything of the result or of the leaves. For a tree of the size that was
 * kept, the root is the one known already.
 *
 * @param claim sizes, leaves, what was kept, and the proof
 * @param options engine and scheme; default scheme: {@link keytransLog}
 * @returns candidates; frozen, fresh
 * @throws VerificationError `ERR_HEAD_EMPTY` a tree, or an auditor's, of no leaves; `ERR_HEAD_ORDER` a tree smaller
 *   than the earlier one, or than the auditor's; `ERR_INDEX_RANGE` a leaf beyond the tree; `ERR_PROOF_LENGTH` another
 *   number of elements than needed, before anything is hashed; `ERR_RETAINED_SUBTREE` a kept subtree comes out
 *   differently
 * @throws DecodeError `ERR_LENGTH` an element or a leaf hash that is not 32 bytes
 * @throws StateError `ERR_STORED_STATE` what was kept is not what this function returns
 * @throws ArgumentTypeError, ArgumentRangeError sizes or indexes that are no integers from 0 to 2^53 - 1, leaves out
 *   of order or twice; one of `sizes` at which nothing ends that is proven or kept
 * @example
 * const { root, fullSubtrees } = evaluateBatchProof({ treeSize: 13, leaves, retained, proof: elements });
 */
export function evaluateBatchProof(claim: BatchProofClaim, options: TreeOptions = {}): EvaluatedBatchProof {
  assertObject(claim, 'claim');
  const { treeSize, auditorSize } = claim;
  assertHeadSize(treeSize, 'treeSize');
  if (auditorSize !== undefined) assertHeadSize(auditorSize, 'auditorSize');
  const retained = openRetained(claim.retained);
  if (retained.treeSize > treeSize || (auditorSize ?? 0) > treeSize) {
    throw new VerificationError(
      'ERR_HEAD_ORDER',
      'the tree is smaller than the earlier or the auditor’s one',
    );
  }
  const leaves = openLeaves(claim.leaves, treeSize);
  const pieces = piecesOf({
    treeSize,
    leaves: leaves.map(({ index }) => index),
    retainedSize: retained.treeSize,
    auditorSize: auditorSize ?? 0,
  });
  const needed = pieces.filter(({ from }) => from === 'proof').length;
  const elements = copyProof(claim.proof, 'InclusionProof', needed);
  const hashOf = ({ from, at }: Piece): Uint8Array => {
    if (from === 'leaf') return leaves[at]?.leafHash as Uint8Array;
    return (from === 'kept' ? retained.fullSubtrees[at] : elements[at]) as Uint8Array;
  };

  const hashing = hashingOf({ hasher: options.hasher, scheme: options.scheme ?? keytransLog });
  let tree: CompactRange = emptyRange(0);
  let auditorRoot: Uint8Array | undefined;
  const sizes = openSizes(claim.sizes);
  const earlier = new Map<number, CompactRange>();
  for (const piece of pieces) {
    const { begin, end } = piece;
    const subtrees = [{ size: end - begin, hash: hashOf(piece) }];
    tree = joinNeighbours(tree, { begin, end, subtrees }, hashing, undefined);
    // No piece crosses these ends, so the tree comes by at exactly these sizes.
    if (end === retained.treeSize) compareRetained(tree, retained.fullSubtrees);
    if (end === auditorSize) auditorRoot = rootOfRange(tree, hashing).slice();
    if (sizes.includes(end)) earlier.set(end, tree);
  }
  const wanted = sizes.map((size) => {
    const then = earlier.get(size);
    if (then === undefined) throw new ArgumentRangeError('a size that ends with nothing that is proven');
    return then;
  });
  return Object.freeze({
    treeSize,
    // A copy, for a balanced tree is its only full subtree.
    root: rootOfRange(tree, hashing).slice(),
    auditorRoot,
    fullSubtrees: Object.freeze(tree.subtrees.map(({ hash }) => hash)),
    roots: Object.freeze(wanted.map((each) => rootOfRange(each, hashing).slice())),
    fullSubtreesAt: Object.freeze(
      wanted.map(({ subtrees }) => Object.freeze(subtrees.map(({ hash }) => hash.slice()))),
    ),
  });
}

function openSizes(sizes: readonly number[] | undefined): readonly number[] {
  if (sizes === undefined) return [];
  assertObject(sizes, 'sizes');
  return Array.from(sizes, (size) => {
    assertInteger(size, 'sizes', 1, Number.MAX_SAFE_INTEGER);
    return size;
  });
}

/** The subtrees of the tree so far must be those kept: most are, the others were computed again. */
function compareRetained({ subtrees }: CompactRange, retained: readonly Uint8Array[]): void {
  for (const [i, { hash }] of subtrees.entries()) {
    if (!equalBytes(hash, retained[i] as Uint8Array)) {
      throw new VerificationError(
        'ERR_RETAINED_SUBTREE',
        'the proof computes another subtree than the one kept',
      );
    }
  }
}

function assertHeadSize(size: number, name: string): void {
  assertInteger(size, name, 0, Number.MAX_SAFE_INTEGER);
  if (size === 0) throw new VerificationError('ERR_HEAD_EMPTY', 'a tree of no leaves has no root');
}

/**
 * The leaves, each read once.
 * @throws ArgumentTypeError, ArgumentRangeError, VerificationError, DecodeError
 */
function openLeaves(
  leaves: BatchProofClaim['leaves'],
  treeSize: number,
): { readonly index: number; readonly leafHash: Uint8Array }[] {
  assertObject(leaves, 'leaves');
  const opened = Array.from(leaves, (leaf) => {
    assertObject(leaf, 'leaf');
    const { index, leafHash } = leaf;
    assertInteger(index, 'index', 0, Number.MAX_SAFE_INTEGER);
    if (index >= treeSize) {
      throw new VerificationError('ERR_INDEX_RANGE', 'the tree has no leaf at this index');
    }
    return { index, leafHash: copyHash(leafHash, 'leafHash') };
  });
  assertAscending(opened.map(({ index }) => index));
  return opened;
}

/**
 * What was kept, copied; a tree of 0 leaves for nothing.
 * @throws StateError `ERR_STORED_STATE`
 */
function openRetained(retained: RetainedTree | undefined): {
  readonly treeSize: number;
  readonly fullSubtrees: readonly Uint8Array[];
} {
  if (retained === undefined) return { treeSize: 0, fullSubtrees: [] };
  try {
    assertObject(retained, 'retained');
    const { treeSize, fullSubtrees } = retained;
    assertInteger(treeSize, 'retained.treeSize', 1, Number.MAX_SAFE_INTEGER);
    const count = balancedNodes({ begin: 0, end: treeSize }).length;
    assertObject(fullSubtrees, 'retained.fullSubtrees');
    assertInteger(fullSubtrees.length, 'retained.fullSubtrees.length', count, count);
    return { treeSize, fullSubtrees: copyHashes(fullSubtrees, 'retained.fullSubtrees', count) };
  } catch {
    throw new StateError('ERR_STORED_STATE', 'the retained tree is not what evaluating a proof returns');
  }
}
