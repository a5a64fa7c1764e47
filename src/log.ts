/**
 * Left-balanced trees with injected hashing: RFC 6962 section 2.1 (RFC 9162 section 2.1), for logs whose heads,
 * inclusion and consistency one checks, and for those who keep such a log.
 *
 * - Checking: `hashLeaf`, `verifyInclusion`, `verifyConsistency`, each against a head that is verified already.
 * - Serving: `planRoot`, `planInclusion`, `planConsistency` name stored nodes, `assemble…` folds them.
 * - Building: `treeRoot` for leaves in memory, `createTreeBuilder` for a stream.
 *
 * Shape and hashing are apart: a `TreeScheme` says what is hashed (here `rfc6962`), a `TreeHasher` how fast.
 * The TypeScript engine is the default; `wasm.js` has the fast one.
 *
 * | bound | value |
 * | --- | --- |
 * | leaves | 2^53 - 1 |
 * | hash | SHA-256, 32 bytes |
 * | inclusion proof | 53 hashes |
 * | consistency proof | 54 hashes |
 * | nodes kept by a builder | 53 |
 *
 * Left out: everything about entries, signatures and fetching. A head must come from a checked signature.
 */

export { createTypeScriptHasher } from './hashing/typescript-hasher.js';
export type { PairTags, TreeHasher } from './hashing/tree-hasher.js';
export { assembleConsistency, assembleInclusion, assembleRoot } from './log/assemble.js';
export {
  createTreeBuilder,
  type TreeBuilder,
  type TreeBuilderOptions,
  type TreeBuilderState,
} from './log/builder.js';
export { type VerifiedExtension, verifyConsistency } from './log/consistency.js';
export type { TreeHead } from './log/head.js';
export { type InclusionClaim, type VerifiedInclusion, verifyInclusion } from './log/inclusion.js';
export { hashLeaf, hashLeaves } from './log/leaf.js';
export {
  type ConsistencyPlan,
  type InclusionPlan,
  type ProofPlan,
  planConsistency,
  planInclusion,
  planRoot,
  type RootPlan,
} from './log/plan.js';
export { rfc6962 } from './log/rfc6962.js';
export type { NodeRun } from './log/right-edge.js';
export { treeRoot } from './log/root.js';
export type { TreeScheme } from './log/scheme.js';
export type { NodeId } from './log/shape.js';
export type { TreeOptions } from './log/subtree.js';
