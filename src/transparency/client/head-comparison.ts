/**
 * Comparing the distinguished heads that two users were shown (draft, "Detecting Forks").
 *
 *     own    a b c d          the lists overlap: one ends as the other begins, in c d
 *     peer       c d e
 *
 * The draft's code demands lists of one length, its text does not, and neither do we: users ask at different times, and
 * a log may have few distinguished entries yet.
 */

import { assertArray } from '../../bytes/arguments.js';
import { assertBytes, equalBytes } from '../../bytes/compare.js';

/** Whether two users see one log. Frozen. */
export type HeadComparison =
  /** As far as they overlap, the lists are the same. `overlap` counts the roots in common: 1 or more. */
  | { readonly outcome: 'same'; readonly overlap: number }
  /**
   * They do not overlap. Where both are recent and hold several roots, the users see different logs: a fork. Where one
   * is much older than the other, they may just have no time in common: compare again with newer ones.
   */
  | { readonly outcome: 'different' };

const DIFFERENT: HeadComparison = /* @__PURE__ */ Object.freeze({ outcome: 'different' });

/**
 * Compares roots that two users computed from their own answers. Each list must come from where the log cannot tell
 * who asks, or from the peer directly: roots that came through the log show nothing. For a single moment at most one
 * list may be the log's word alone.
 *
 * @param own roots from left to right, 32 bytes each: of the client's own walk
 * @param peer the same of the other: `heads` of a `DistinguishedHead`
 * @returns the longest overlap
 * @throws ArgumentTypeError what is no list of byte strings
 */
export function compareDistinguishedHeads(
  own: readonly Uint8Array[],
  peer: readonly Uint8Array[],
): HeadComparison {
  assertRoots(own, 'own');
  assertRoots(peer, 'peer');
  for (let overlap = Math.min(own.length, peer.length); overlap > 0; overlap--) {
    if (meet(own, peer, overlap) || meet(peer, own, overlap))
      return Object.freeze({ outcome: 'same', overlap });
  }
  return DIFFERENT;
}

/** Whether so many at the end of one list are those at the beginning of the other. */
function meet(ending: readonly Uint8Array[], beginning: readonly Uint8Array[], overlap: number): boolean {
  const end = ending.slice(ending.length - overlap);
  return end.every((root, i) => equalBytes(root, beginning[i] as Uint8Array));
}

function assertRoots(roots: readonly Uint8Array[], name: string): void {
  assertArray(roots, name);
  for (const root of roots as readonly Uint8Array[]) assertBytes(root, `${name}: a root`);
}
