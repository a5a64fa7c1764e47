/**
 * Planning batch proofs: inclusion of any leaves, consistency with an earlier tree, and the root of an auditor's
 * tree, all in one (draft-ietf-keytrans-protocol, "Tree Proofs", "Log Tree" and "Combined Tree"; editor's copy of
 * 2026-08-18, commit 526cc8a).
 *
 * Such a proof holds heads of balanced subtrees only, which are complete and never change. So there is nothing to
 * assemble: the elements of the proof are the stored nodes that the plan names.
 */

import { assertInteger, assertObject } from '../bytes/arguments.js';
import { ArgumentRangeError } from '../errors.js';
import { piecesOf } from './pieces.js';
import type { NodeId } from './shape.js';

/** What a batch proof is asked to show. */
export interface BatchProofRequest {
  /** Leaves of the tree, 1 to 2^53 - 1. */
  readonly treeSize: number;
  /** Indexes of the leaves to be proven, strictly ascending, each below `treeSize`. */
  readonly leaves: readonly number[];
  /** Leaves of the earlier tree whose full subtrees the verifier kept, 1 to `treeSize`; absent for none. */
  readonly retainedSize?: number | undefined;
  /** Leaves of the tree that an auditor's head is of, 1 to `treeSize`; absent for none. */
  readonly auditorSize?: number | undefined;
}

/** A plan for a batch proof. Plain frozen data. */
export interface BatchProofPlan {
  /**
   * The nodes whose hashes are the proof's elements, in order: from left to right. At most 53 for each leaf and
   * 160 more.
   */
  readonly nodes: readonly NodeId[];
}

/**
 * Plans a batch proof: the fewest heads of balanced subtrees from which, with the proven leaves and with what the
 * verifier kept of an earlier tree, the root follows, and that of the auditor's tree.
 *
 * A kept subtree with a proven leaf under it, or through which the auditor's tree ends, is not relied on: the proof
 * holds what it takes to compute its head again, and the verifier compares. (Where the auditor's tree is smaller than
 * the earlier one, the draft's "minimum" could be read to leave that out, and the auditor's subtrees would then
 * hang on nothing that the user has.)
 *
 * @param request what to show. A server checks a client's sizes against the tree it serves before it asks here
 * @returns frozen
 * @throws ArgumentTypeError, ArgumentRangeError sizes or leaves out of bounds, leaves out of order or twice
 * @example
 * const { nodes } = planBatchProof({ treeSize: 13, leaves: [7, 11, 12], retainedSize: 4 });
 * const elements = nodes.map(({ level, index }) => store[level][index]);
 */
export function planBatchProof(request: BatchProofRequest): BatchProofPlan {
  assertObject(request, 'request');
  const { treeSize, leaves, retainedSize, auditorSize } = request;
  assertInteger(treeSize, 'treeSize', 1, Number.MAX_SAFE_INTEGER);
  if (retainedSize !== undefined) assertInteger(retainedSize, 'retainedSize', 1, treeSize);
  if (auditorSize !== undefined) assertInteger(auditorSize, 'auditorSize', 1, treeSize);
  assertObject(leaves, 'leaves');
  const indexes = Array.from(leaves);
  for (const index of indexes) assertInteger(index, 'leaves', 0, treeSize - 1);
  assertAscending(indexes);
  const cut = { treeSize, leaves: indexes, retainedSize: retainedSize ?? 0, auditorSize: auditorSize ?? 0 };
  const elements = piecesOf(cut).filter(({ from }) => from === 'proof');
  return Object.freeze({ nodes: Object.freeze(elements.map(({ node }) => Object.freeze(node))) });
}

/**
 * Refuses indexes that are not strictly ascending.
 * @throws ArgumentRangeError
 */
export function assertAscending(indexes: readonly number[]): void {
  for (const [i, index] of indexes.entries()) {
    const before = indexes[i - 1];
    if (before !== undefined && before >= index) {
      throw new ArgumentRangeError('leaves must be in ascending order, each once');
    }
  }
}
