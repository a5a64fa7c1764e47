/**
 * From the nodes that a plan names, once fetched, to the root or the proof.
 *
 * Nothing here verifies: wrong nodes give a wrong proof. Where nodes come from a store that is not trusted,
 * verify the result against a verified head.
 */

import { assertObject } from '../bytes/arguments.js';
import { ArgumentRangeError } from '../errors.js';
import { copyHashes } from './input.js';
import type { ConsistencyPlan, InclusionPlan, ProofPlan, RootPlan } from './plan.js';
import { emptyRootOf } from './scheme.js';
import type { NodeId } from './shape.js';
import { hashingOf, joinRun, type Subtree, type TreeHashing, type TreeOptions } from './subtree.js';

/**
 * The root of a tree from its right edge.
 *
 * @param plan of `planRoot`
 * @param nodes the hashes of `plan.nodes`, in that order, 32 bytes each
 * @param options engine and scheme
 * @returns 32 bytes, fresh
 * @throws ArgumentTypeError, ArgumentRangeError another number of nodes than planned, or an empty tree under a
 *   scheme without an empty root
 * @throws DecodeError `ERR_LENGTH`
 */
export function assembleRoot(
  plan: RootPlan,
  nodes: ArrayLike<Uint8Array>,
  options: TreeOptions = {},
): Uint8Array {
  const [first, ...rest] = fetched(plan, nodes);
  const hashing = hashingOf(options);
  return first === undefined ? emptyRootOf(hashing.scheme) : joinRun(hashing, [first, ...rest]).hash;
}

/**
 * An inclusion proof, as `verifyInclusion` takes it.
 *
 * @param plan of `planInclusion`
 * @param nodes the hashes of `plan.nodes`, in that order, 32 bytes each
 * @param options engine and scheme
 * @returns the proof, the lowest hash first; fresh
 * @throws ArgumentTypeError, ArgumentRangeError another number of nodes than planned
 * @throws DecodeError `ERR_LENGTH`
 */
export function assembleInclusion(
  plan: InclusionPlan,
  nodes: ArrayLike<Uint8Array>,
  options: TreeOptions = {},
): Uint8Array[] {
  return assembleProof(plan, nodes, hashingOf(options));
}

/**
 * A consistency proof, as `verifyConsistency` takes it.
 *
 * @param plan of `planConsistency`
 * @param nodes the hashes of `plan.nodes`, in that order, 32 bytes each
 * @param options engine and scheme
 * @returns the proof, the lowest hash first; fresh
 * @throws ArgumentTypeError, ArgumentRangeError another number of nodes than planned
 * @throws DecodeError `ERR_LENGTH`
 */
export function assembleConsistency(
  plan: ConsistencyPlan,
  nodes: ArrayLike<Uint8Array>,
  options: TreeOptions = {},
): Uint8Array[] {
  return assembleProof(plan, nodes, hashingOf(options));
}

function assembleProof(plan: ProofPlan, nodes: ArrayLike<Uint8Array>, hashing: TreeHashing): Uint8Array[] {
  const subtrees = fetched(plan, nodes);
  const proof: Uint8Array[] = [];
  for (const width of plan.widths) {
    const [first, ...rest] = subtrees.splice(0, width);
    if (first === undefined) throw new ArgumentRangeError('plan.widths do not add up to plan.nodes');
    proof.push(joinRun(hashing, [first, ...rest]).hash);
  }
  if (subtrees.length > 0) throw new ArgumentRangeError('plan.widths do not add up to plan.nodes');
  return proof;
}

/** The planned nodes with their hashes, copied. */
function fetched(plan: { readonly nodes: readonly NodeId[] }, nodes: ArrayLike<Uint8Array>): Subtree[] {
  assertObject(plan, 'plan');
  assertObject(nodes, 'nodes');
  const planned = plan.nodes;
  if (nodes.length !== planned.length) {
    throw new ArgumentRangeError(`nodes must be the ${planned.length} that the plan names`);
  }
  const hashes = copyHashes(nodes, 'nodes', planned.length);
  return planned.map(({ level }, i) => ({ size: 2 ** level, hash: hashes[i] as Uint8Array }));
}
