/**
 * Which stored nodes a root or a proof is made of. The library does no I/O: a plan names the nodes, the program
 * fetches them from wherever it keeps them, and `assemble…` folds them.
 *
 * Plans name balanced subtrees only, which are complete and never change. A hash on the right edge is not among
 * them; the plan names the nodes it is joined from. The proof of leaf 0 among 7:
 *
 *                ●                 proof      nodes          widths
 *             /     \              [1,2)      {0,1}          1
 *           ●        [4,7)         [2,4)      {1,1}          1
 *         /   \      /    \        [4,7)      {1,2} {0,6}    2
 *        ●   [2,4) [4,6)   6
 *       / \
 *      0   1
 */

import { assertInteger, assertObject } from '../bytes/arguments.js';
import { balancedNodes, consistencyPath, inclusionPath, type LeafRange, type NodeId } from './shape.js';

/** The nodes to fetch. Plain frozen data: it can be stored, or sent to a worker. */
export interface ProofPlan {
  /** The nodes, in the order in which `assemble…` takes their hashes. At most 105. */
  readonly nodes: readonly NodeId[];
  /** For each hash of the proof, from how many consecutive nodes it is joined. */
  readonly widths: readonly number[];
}

/** A plan for the root of a tree. */
export interface RootPlan {
  /** Leaves, 0 to 2^53 - 1. */
  readonly treeSize: number;
  /** The tree's right edge, the largest subtree first: also the `edge` of a builder's state. At most 53. */
  readonly nodes: readonly NodeId[];
}

/** A plan for an inclusion proof. */
export interface InclusionPlan extends ProofPlan {
  readonly treeSize: number;
  readonly index: number;
}

/** A plan for a consistency proof. */
export interface ConsistencyPlan extends ProofPlan {
  readonly olderSize: number;
  readonly newerSize: number;
}

/**
 * Plans the root of a tree, also an older one: any size up to what is stored.
 * @param treeSize leaves, 0 to 2^53 - 1
 * @returns frozen
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function planRoot(treeSize: number): RootPlan {
  assertInteger(treeSize, 'treeSize', 0, Number.MAX_SAFE_INTEGER);
  return Object.freeze({ treeSize, nodes: freezeAll(balancedNodes({ begin: 0, end: treeSize })) });
}

/**
 * Plans the proof that a leaf is in a tree (RFC 6962 section 2.1.1).
 *
 * @param request `treeSize` 1 to 2^53 - 1; `index` 0 to treeSize - 1. A server checks a client's request
 *   against the size it serves before it asks here
 * @returns frozen
 * @throws ArgumentTypeError, ArgumentRangeError
 * @example
 * const plan = planInclusion({ treeSize: 7, index: 0 });
 * const proof = assembleInclusion(plan, plan.nodes.map(({ level, index }) => store[level][index]));
 */
export function planInclusion(request: { readonly treeSize: number; readonly index: number }): InclusionPlan {
  assertObject(request, 'request');
  const { treeSize, index } = request;
  assertInteger(treeSize, 'treeSize', 1, Number.MAX_SAFE_INTEGER);
  assertInteger(index, 'index', 0, treeSize - 1);
  return Object.freeze({ treeSize, index, ...planProof(inclusionPath(index, treeSize)) });
}

/**
 * Plans the proof that one tree extends another (RFC 6962 section 2.1.2). For equal sizes the plan is empty.
 *
 * @param request `olderSize` 1 to newerSize; `newerSize` up to 2^53 - 1
 * @returns frozen
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function planConsistency(request: {
  readonly olderSize: number;
  readonly newerSize: number;
}): ConsistencyPlan {
  assertObject(request, 'request');
  const { olderSize, newerSize } = request;
  assertInteger(newerSize, 'newerSize', 1, Number.MAX_SAFE_INTEGER);
  assertInteger(olderSize, 'olderSize', 1, newerSize);
  const { seed, siblings } = consistencyPath(olderSize, newerSize);
  const proof = seed.begin === 0 ? siblings : [seed, ...siblings];
  return Object.freeze({ olderSize, newerSize, ...planProof(proof) });
}

/** The nodes of a proof's subtrees, in order. */
function planProof(subtrees: readonly LeafRange[]): ProofPlan {
  const parts = subtrees.map(balancedNodes);
  return { nodes: freezeAll(parts.flat()), widths: Object.freeze(parts.map((part) => part.length)) };
}

function freezeAll(nodes: NodeId[]): readonly NodeId[] {
  for (const node of nodes) Object.freeze(node);
  return Object.freeze(nodes);
}
