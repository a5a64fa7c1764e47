/**
 * What a prefix tree's proof consists of (draft, "Prefix Tree" under "Tree Proofs"), as plain data.
 */

/** `PrefixLeaf` of the draft: a label-version pair's search key, and the commitment to its value. */
export interface PrefixLeaf {
  /** The VRF output: 32 bytes. */
  readonly vrfOutput: Uint8Array;
  /** 32 bytes; all zero where a third-party manager skipped the version. */
  readonly commitment: Uint8Array;
}

/**
 * `PrefixSearchResult` of the draft: how the search for one key ended.
 *
 * | resultType | the search ended at | depth |
 * | --- | --- | --- |
 * | `inclusion` | the key's own leaf | of that leaf |
 * | `nonInclusionLeaf` | the leaf of another key | of that leaf |
 * | `nonInclusionParent` | a parent without the child that the key leads to | of the missing child |
 *
 * The root's depth is 0. In the tree without leaves the root itself is missing: `nonInclusionParent` at depth 0.
 */
export type PrefixSearchResult =
  | { readonly resultType: 'inclusion'; readonly depth: number }
  | { readonly resultType: 'nonInclusionLeaf'; readonly leaf: PrefixLeaf; readonly depth: number }
  | { readonly resultType: 'nonInclusionParent'; readonly depth: number };

/** `PrefixProof` of the draft: a proof of several searches in one tree. */
export interface PrefixProof {
  /** In the order in which the keys were asked for, at most 255. */
  readonly results: readonly PrefixSearchResult[];
  /** The fewest node values that lead from the results to the root, from left to right: 32 bytes each. */
  readonly elements: readonly Uint8Array[];
}

/** A key that was searched for. */
export interface PrefixSearch {
  /** The VRF output, 32 bytes: verify its proof before. */
  readonly vrfOutput: Uint8Array;
  /** 32 bytes; needed only where the proof shows the key included, and not looked at elsewhere. */
  readonly commitment?: Uint8Array | undefined;
}

/** The most results that a proof can hold (`results<0..2^8-1>`). */
export const RESULTS_MAX = 255;
