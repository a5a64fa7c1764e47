/**
 * How a left-balanced tree hashes, as data: which bytes stand before leaves and children.
 *
 * The shape of the tree (RFC 6962 section 2.1) is the same everywhere; the hashing is not:
 *
 *     RFC 6962   leaf = H(00 ‖ data)    node = H(01 ‖ L ‖ R)
 *     KEYTRANS   leaf = H(data)         node = H(tag(L) ‖ L ‖ tag(R) ‖ R),  tag: 00 a leaf, 01 a parent
 *
 * In a left-balanced tree no node has a parent on its left hand smaller than what is on its right, so of the
 * four pairs of children only three occur:
 *
 *        ●            ●              ●
 *       / \          / \            / \
 *      ○   ○        ●   ○          ●   ●        ○ leaf   ● parent
 *     twoLeaves   parentAndLeaf   twoParents
 *                 (right edge,
 *                  odd sizes)
 */

import { ArgumentRangeError } from '../errors.js';
import { sha256 } from '../crypto/hash.js';
import type { PairTags } from '../hashing/tree-hasher.js';

/**
 * A hashing scheme of left-balanced trees over SHA-256. Plain data.
 *
 * A scheme is sound only if no node's hash input can be read as a leaf's: by tags that differ, as in RFC 6962,
 * or because leaves have another length than nodes. The library cannot check that for you: use a scheme that
 * a specification defines, such as {@link rfc6962}.
 */
export interface TreeScheme {
  /** For people; takes no part in hashing. */
  readonly name: string;
  /** The byte hashed before a leaf's data, 0 to 255; absent for none. */
  readonly leafPrefix?: number | undefined;
  /** Tags of a node over two leaves. */
  readonly twoLeaves: PairTags;
  /** Tags of a node over a parent and, on the right edge, a single leaf. */
  readonly parentAndLeaf: PairTags;
  /** Tags of a node over two parents. */
  readonly twoParents: PairTags;
  /** The root of the tree without leaves: the hash of the empty string, or none at all. */
  readonly emptyRoot: 'hash-of-nothing' | 'none';
}

/** The tags that a scheme knows, in the order of {@link tagNumber}. */
export function tagsOf({ twoLeaves, parentAndLeaf, twoParents }: TreeScheme): PairTags[] {
  return [twoLeaves, parentAndLeaf, twoParents];
}

/** Which tags a node has whose children cover so many leaves. */
export function tagNumber(leftSize: number, rightSize: number): 0 | 1 | 2 {
  if (rightSize > 1) return 2;
  return leftSize > 1 ? 1 : 0;
}

/** The tags of a node whose children cover so many leaves. */
export function tagsOver(scheme: TreeScheme, leftSize: number, rightSize: number): PairTags {
  return tagsOf(scheme)[tagNumber(leftSize, rightSize)] as PairTags;
}

/**
 * The root of the tree without leaves: 32 bytes, fresh.
 * @throws ArgumentRangeError where the scheme has none
 */
export function emptyRootOf(scheme: TreeScheme): Uint8Array {
  if (scheme.emptyRoot === 'none') {
    throw new ArgumentRangeError(`${scheme.name}: a tree without leaves has no root`);
  }
  return sha256(new Uint8Array(0));
}
