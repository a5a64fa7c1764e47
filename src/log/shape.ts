/**
 * The shape of left-balanced trees (RFC 6962 section 2.1), in numbers alone; nothing here hashes.
 *
 * A tree of n leaves splits at the largest power of two below n. A subtree is the half-open range of the
 * leaves it covers. Seven leaves:
 *
 *                 [0,7)
 *               /       \
 *          [0,4)         [4,7)
 *         /     \        /    \
 *      [0,2)   [2,4)  [4,6)  [6,7)
 *      /  \    /  \    /  \
 *     0    1  2    3  4    5    6
 *
 * A subtree is *balanced* if its size is a power of two. Balanced subtrees never change once complete, so they
 * can be stored, under level and index: [4,6) is level 1, index 2. The others, here [0,7) and [4,7), stand on
 * the right edge and change with every append; each is joined from balanced ones.
 *
 * Sizes and indexes go up to 2^53 - 1, so there is no bitwise operator here: those cut numbers to 32 bits.
 */

/** A subtree by the leaves it covers: from `begin` up to and without `end`. */
export interface LeafRange {
  readonly begin: number;
  readonly end: number;
}

/** A subtree beside a path, and the side of the path on which it stands. */
export interface Sibling extends LeafRange {
  readonly side: 'left' | 'right';
}

/** A balanced subtree, by its place in a store: it covers leaves [index · 2^level, (index + 1) · 2^level). */
export interface NodeId {
  /** Height above the leaves, 0 (a leaf hash) to 52. */
  readonly level: number;
  /** Zero-based, from the left, within the level. */
  readonly index: number;
}

/** Where a tree of this size splits. @param size 2 to 2^53 - 1 */
function largestPowerBelow(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/**
 * The siblings that lead from a leaf to the root, the lowest first: the audit path of RFC 6962 section 2.1.1.
 * @param index 0 to treeSize - 1
 */
export function inclusionPath(index: number, treeSize: number): Sibling[] {
  const path: Sibling[] = [];
  // From the root down, through the subtrees that the leaf is in.
  let begin = 0;
  let end = treeSize;
  while (end - begin > 1) {
    const middle = begin + largestPowerBelow(end - begin);
    if (index < middle) {
      path.push({ side: 'right', begin: middle, end });
      end = middle;
    } else {
      path.push({ side: 'left', begin, end: middle });
      begin = middle;
    }
  }
  return path.reverse();
}

/** How many siblings a path has at most in a tree of this size: 0 to 53. */
export function pathLengthMax(treeSize: number): number {
  let length = 0;
  for (let leaves = 1; leaves < treeSize; leaves *= 2) length++;
  return length;
}

/** What leads from a tree to a larger one that extends it. */
export interface ConsistencyPath {
  /** The lowest subtree that both trees have on this path; its end is the older tree's. */
  readonly seed: LeafRange;
  /** The siblings from there to the newer root, the lowest first. Left ones belong to both trees. */
  readonly siblings: readonly Sibling[];
}

/**
 * The subtrees of the consistency proof of RFC 6962 section 2.1.2. From 3 leaves to 7:
 *
 *                 [0,7)                  seed [2,3)
 *               /       \                then [3,4) on the right, only in the newer tree
 *          [0,4)         [4,7)           then [0,2) on the left, in both
 *         /     \                        then [4,7) on the right
 *      [0,2)   [2,4)
 *              /  \
 *          [2,3)  [3,4)
 *
 * Where the seed begins at 0 it is the whole older tree, and no proof needs to carry its hash.
 * @param olderSize 1 to newerSize
 */
export function consistencyPath(olderSize: number, newerSize: number): ConsistencyPath {
  const siblings: Sibling[] = [];
  let begin = 0;
  let end = newerSize;
  while (end !== olderSize) {
    const middle = begin + largestPowerBelow(end - begin);
    if (olderSize <= middle) {
      siblings.push({ side: 'right', begin: middle, end });
      end = middle;
    } else {
      siblings.push({ side: 'left', begin, end: middle });
      begin = middle;
    }
  }
  return { seed: { begin, end }, siblings: siblings.reverse() };
}

/**
 * The balanced subtrees that a run of leaves consists of, as few as possible, from the left. Of the whole tree they
 * are its right edge: one for each binary digit 1 of its size, so at most 53. A run that begins further right has
 * at most 104; their sizes first rise, then fall.
 */
export function balancedNodes({ begin, end }: LeafRange): NodeId[] {
  const nodes: NodeId[] = [];
  let at = begin;
  // `at` stays a multiple of `size`, which is 2^level: each node starts from the one before it.
  let level = 0;
  let size = 1;
  while (at < end) {
    while (size * 2 <= end - at && at % (size * 2) === 0) {
      size *= 2;
      level++;
    }
    while (size > end - at) {
      size /= 2;
      level--;
    }
    nodes.push({ level, index: at / size });
    at += size;
  }
  return nodes;
}
