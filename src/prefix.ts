/**
 * The prefix tree of a key transparency log: which label-version pairs there are, provably, and which there are not.
 *
 * Specification: draft-ietf-keytrans-protocol, the editor's copy at 526cc8a, just past -05: "Prefix Tree" under
 * "Tree Construction", "Cryptographic Computations" and "Tree Proofs"; "Auditing", steps 2 to 4, 6 and 7.
 *
 * | who | uses |
 * | --- | --- |
 * | a user | `verifyPrefixProof`, `evaluatePrefixProof`: what a tree holds for some keys |
 * | an auditor | `evaluatePrefixUpdate`: the roots before and after the changes of a log entry |
 * | an operator | `createPrefixTree`: the trees of all log entries, in the database that it runs |
 *
 * Where the draft is silent: the tree without leaves has the root of 32 zeros; a tree of one leaf has that leaf as
 * its root, at depth 0; removing a leaf empties its place and moves nothing, and
 * a parent goes with its last child. Stricter than the draft: a leaf that is
 * shown in place of a searched key must be another key's, and lie on the way to it.
 *
 * Left out: VRF, commitments, and which keys to search for; the encoding of proofs. These are not this room's.
 */

export type { TreeHasher } from './hashing/tree-hasher.js';
export {
  evaluatePrefixProof,
  type VerifiedPrefixSearch,
  verifyPrefixProof,
} from './prefix/evaluate.js';
export { evaluatePrefixUpdate, type PrefixRoots, type PrefixUpdate } from './prefix/evaluate-update.js';
export { createMemoryNodeStore, type MemoryNodeStore } from './prefix/memory-store.js';
export type { NodeEntry, NodeStore } from './prefix/node-store.js';
export {
  createPrefixTree,
  type PrefixChanges,
  type PrefixTree,
  type PrefixTreeHead,
  type PrefixTreeOptions,
} from './prefix/prefix-tree.js';
export type { PrefixLeaf, PrefixProof, PrefixSearch, PrefixSearchResult } from './prefix/proof.js';
export type { ProvenSearches } from './prefix/prove.js';
export type { PrefixOptions } from './prefix/workspace.js';
