/**
 * Proofs from a stored tree: the results of some searches, and the fewest hashes that lead from them to the root.
 */

import { compareKeys, HASH_BYTES, splitAt, bitOf } from './key.js';
import { hashOf, type Slot } from './node.js';
import { openPages, type Opening } from './open-pages.js';
import type { PrefixLeaf, PrefixProof, PrefixSearchResult } from './proof.js';
import { hashFrom } from './workspace.js';
import type { Workspace } from './workspace.js';

/** A proof, and what the tree holds for the keys. */
export interface ProvenSearches {
  readonly proof: PrefixProof;
  /** For each key its commitment, or `undefined` where the tree does not hold it: for the binary ladder. */
  readonly commitments: readonly (Uint8Array | undefined)[];
}

/**
 * Searches for keys and proves what was found.
 * @param keys offsets of keys, in the order in which they were asked for; one may come twice
 */
export async function proveSearches(
  opening: Opening,
  rootAt: number,
  position: number,
  keys: readonly number[],
): Promise<ProvenSearches> {
  const { work } = opening;
  const sorted = [...keys].sort((a, b) => compareKeys(work.bytes, a, b));
  const { top } = await openPages(opening, rootAt, position, sorted);
  const found = keys.map((key) => search(work, top, key));
  const elements: Uint8Array[] = [];
  gather(work, top, sorted, 0, sorted.length, 0, elements);
  return Object.freeze({
    proof: Object.freeze({
      results: Object.freeze(found.map(({ result }) => result)),
      elements: Object.freeze(elements),
    }),
    commitments: Object.freeze(found.map(({ commitment }) => commitment)),
  });
}

interface Found {
  readonly result: PrefixSearchResult;
  readonly commitment: Uint8Array | undefined;
}

function search(work: Workspace, top: Slot, key: number): Found {
  let slot = top;
  let depth = 0;
  while (slot?.kind === 'parent') {
    slot = bitOf(work.bytes, key, depth) === 0 ? slot.left : slot.right;
    depth++;
  }
  if (slot === undefined) {
    return { result: Object.freeze({ resultType: 'nonInclusionParent', depth }), commitment: undefined };
  }
  const leaf: PrefixLeaf = Object.freeze({
    vrfOutput: hashFrom(work, slot.leafAt),
    commitment: hashFrom(work, slot.leafAt + HASH_BYTES),
  });
  return compareKeys(work.bytes, key, slot.leafAt) === 0
    ? { result: Object.freeze({ resultType: 'inclusion', depth }), commitment: leaf.commitment }
    : { result: Object.freeze({ resultType: 'nonInclusionLeaf', leaf, depth }), commitment: undefined };
}

/** The hash of every node that no key leads to and that is a child of one that some key passes, left to right. */
function gather(
  work: Workspace,
  slot: Slot,
  keys: readonly number[],
  low: number,
  high: number,
  depth: number,
  elements: Uint8Array[],
): void {
  if (low === high) {
    elements.push(hashFrom(work, hashOf(slot)));
    return;
  }
  if (slot?.kind !== 'parent') return;
  const middle = splitAt(work.bytes, keys, low, high, depth);
  gather(work, slot.left, keys, low, middle, depth + 1, elements);
  gather(work, slot.right, keys, middle, high, depth + 1, elements);
}
