/**
 * Proofs from a stored tree: the results of some searches, and the fewest hashes that lead from them to the root.
 */

import { compareKeys, HASH_BYTES, splitAt, bitOf } from './key.js';
import { hashAtOf, kindOf, leafAtOf, leftOf, rightOf } from './node.js';
import { openTree, type Opening } from './open-pages.js';
import type { PrefixLeaf, PrefixProof, PrefixSearchResult } from './proof.js';
import { hashFrom } from './workspace.js';
import { ABSENT, PARENT, type Slot, type Workspace } from './workspace.js';

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
  const top = await openTree(opening, rootAt, position, sorted);
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
  while (kindOf(work, slot) === PARENT) {
    slot = bitOf(work.bytes, key, depth) === 0 ? leftOf(work, slot) : rightOf(work, slot);
    depth++;
  }
  if (slot === ABSENT) {
    return { result: Object.freeze({ resultType: 'nonInclusionParent', depth }), commitment: undefined };
  }
  const leafAt = leafAtOf(work, slot);
  const leaf: PrefixLeaf = Object.freeze({
    vrfOutput: hashFrom(work, leafAt),
    commitment: hashFrom(work, leafAt + HASH_BYTES),
  });
  return compareKeys(work.bytes, key, leafAt) === 0
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
    elements.push(hashFrom(work, hashAtOf(work, slot)));
    return;
  }
  if (kindOf(work, slot) !== PARENT) return;
  const middle = splitAt(work.bytes, keys, low, high, depth);
  gather(work, leftOf(work, slot), keys, low, middle, depth + 1, elements);
  gather(work, rightOf(work, slot), keys, middle, high, depth + 1, elements);
}
