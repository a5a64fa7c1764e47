/**
 * Neighbouring leaves, kept as the balanced subtrees that they consist of (a "compact range"): all that is
 * needed to append to them, and to join them with what stands beside them.
 *
 *                [0,8)                     [0,7) is kept as three hashes, [0,4) [4,6) [6,7): the right edge of
 *             /         \                  a tree of 7 leaves, from which its root is joined. One leaf more
 *        [0,4)           [4,8)             joins [6,8), then [4,8), then [0,8): one hash is left.
 *        /   \           /    \
 *     [0,2) [2,4)     [4,6)  [6,8)         [3,7) is kept as [3,4) [4,6) [6,7): what it lacks for more is on
 *      / \   / \       / \    / \          its left. Joined with [0,3), kept as [0,2) [2,3), it gives the
 *     0   1 2   3     4   5  6   7         same three hashes as above.
 *
 * A range that begins at leaf 0 has at most 53 hashes, any other at most 104. Nothing here changes a range: a
 * failure half-way, in the engine or in whoever takes the nodes, leaves it as it was.
 */

import { ArgumentRangeError } from '../errors.js';
import { emptyRootOf } from './scheme.js';
import { HASH_LENGTH, join, joinRun, type Subtree, type TreeHashing } from './subtree.js';

/**
 * The engine gets at most 2^16 leaves in one piece, 2 MiB of hashes. This, not the size of the batch or of the
 * tree, bounds what an append allocates.
 */
const PIECE_LEVEL_MAX = 16;

/** Complete nodes of one level, neighbours. */
export interface NodeRun {
  /** 0 for leaf hashes. */
  readonly level: number;
  /** Of the first node, within its level. */
  readonly index: number;
  /** n × 32 bytes, contiguous, fresh: the receiver's to keep. */
  readonly hashes: Uint8Array;
}

/** Takes nodes as they become complete. */
export type NodeSink = (run: NodeRun) => void;

/** Neighbouring leaves by their subtrees. */
export interface CompactRange {
  /** Index of the first leaf. */
  readonly begin: number;
  /** Index after the last leaf. */
  readonly end: number;
  /** Those that `balancedNodes` names, from the left. No two of them are the children of one balanced subtree. */
  readonly subtrees: readonly Subtree[];
}

/** No leaves, before the one at `begin`. */
export function emptyRange(begin: number): CompactRange {
  return { begin, end: begin, subtrees: [] };
}

/**
 * The range after appending leaf hashes.
 *
 * The batch is cut into the largest pieces that are subtrees of the tree, at most 2^16 leaves each. Each piece is
 * folded by the engine in one call, or level by level where a sink wants the nodes in between; then it is joined
 * with equals to its left.
 *
 * @param leafHashes n × 32 bytes, read in place
 * @throws ArgumentRangeError beyond leaf 2^53 - 1
 */
export function appendLeaves(
  range: CompactRange,
  leafHashes: Uint8Array,
  hashing: TreeHashing,
  sink: NodeSink | undefined,
): CompactRange {
  const count = leafHashes.length / HASH_LENGTH;
  if (count > Number.MAX_SAFE_INTEGER - range.end) {
    throw new ArgumentRangeError('a tree has at most 2^53 - 1 leaves');
  }
  const subtrees = [...range.subtrees];
  for (let done = 0; done < count; ) {
    const begin = range.end + done;
    const level = pieceLevel(begin, count - done);
    const size = 2 ** level;
    const leaves = leafHashes.subarray(done * HASH_LENGTH, (done + size) * HASH_LENGTH);
    const hash =
      sink === undefined ? foldPiece(leaves, level, hashing) : foldPieceInto(sink, leaves, begin, hashing);
    subtrees.push({ size, hash });
    joinEquals(subtrees, begin + size, hashing, sink);
    done += size;
  }
  return { begin: range.begin, end: range.end + count, subtrees };
}

/**
 * The range over two neighbours. The sink gets the nodes that only both together complete.
 * @throws ArgumentRangeError the right one does not begin where the left one ends
 */
export function joinNeighbours(
  left: CompactRange,
  right: CompactRange,
  hashing: TreeHashing,
  sink: NodeSink | undefined,
): CompactRange {
  assertNeighbours(left, right);
  const subtrees = [...left.subtrees];
  let end = left.end;
  for (const subtree of right.subtrees) {
    subtrees.push(subtree);
    end += subtree.size;
    joinEquals(subtrees, end, hashing, sink);
  }
  return { begin: left.begin, end, subtrees };
}

/** @throws ArgumentRangeError a gap between the ranges, or an overlap */
export function assertNeighbours(left: CompactRange, right: CompactRange): void {
  if (right.begin !== left.end) {
    throw new ArgumentRangeError(
      `a range must begin where the one before it ends, at leaf ${left.end}, not at ${right.begin}`,
    );
  }
}

/** The root over a range that begins at leaf 0: 32 bytes. */
export function rootOfRange({ subtrees }: CompactRange, hashing: TreeHashing): Uint8Array {
  const [first, ...rest] = subtrees;
  return first === undefined ? emptyRootOf(hashing.scheme) : joinRun(hashing, [first, ...rest]).hash;
}

/** The height of the largest subtree that begins at `begin` and has no more than `remaining` leaves. */
function pieceLevel(begin: number, remaining: number): number {
  let level = 0;
  while (level < PIECE_LEVEL_MAX && 2 ** (level + 1) <= remaining && begin % 2 ** (level + 1) === 0) level++;
  return level;
}

/** The root of a balanced piece, by one call of the engine. */
function foldPiece(leaves: Uint8Array, level: number, { hasher, scheme }: TreeHashing): Uint8Array {
  return hasher.foldSubtrees(leaves, level, scheme.twoLeaves, scheme.twoParents);
}

/** The root of a balanced piece, every level of which goes to the sink. */
function foldPieceInto(
  sink: NodeSink,
  leaves: Uint8Array,
  begin: number,
  { hasher, scheme }: TreeHashing,
): Uint8Array {
  let level = 0;
  let index = begin;
  // Not `slice`: of a Node Buffer that is a view.
  let hashes: Uint8Array = new Uint8Array(leaves);
  sink({ level, index, hashes: hashes.slice() });
  while (hashes.length > HASH_LENGTH) {
    hashes = hasher.hashPairs(hashes, level === 0 ? scheme.twoLeaves : scheme.twoParents);
    level += 1;
    index /= 2;
    sink({ level, index, hashes: hashes.slice() });
  }
  return hashes;
}

/** Joins the last subtree, which ends at `end`, with its left neighbour for as long as both have one parent. */
function joinEquals(
  subtrees: Subtree[],
  end: number,
  hashing: TreeHashing,
  sink: NodeSink | undefined,
): void {
  for (;;) {
    const [left, right] = subtrees.slice(-2);
    if (left === undefined || right === undefined || left.size !== right.size) return;
    // Equals have one parent where they are its first and second child, not the second of one and the first of
    // the next. In a range from leaf 0 they always are.
    if (end % (2 * right.size) !== 0) return;
    const joined = join(hashing, left, right);
    subtrees.splice(-2, 2, joined);
    sink?.({ level: heightOf(joined), index: end / joined.size - 1, hashes: joined.hash.slice() });
  }
}

/** The height of a balanced subtree. Counted, since `Math.log2` need not be exact. */
function heightOf({ size }: Subtree): number {
  let height = 0;
  while (2 ** height < size) height++;
  return height;
}
