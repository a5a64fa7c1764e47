/**
 * The right edge of a growing tree: all that must be kept to append to it (a "compact range").
 *
 *          [0,4)                     7 leaves are kept as three hashes, [0,4) [4,6) [6,7),
 *         /     \                    the balanced subtrees from which the root is joined.
 *        ●       ●      [4,6)        One leaf more joins [6,8), then [4,8), then [0,8):
 *       / \     / \      / \         one hash is left.
 *      0   1   2   3    4   5   6
 *
 * At most 53 hashes, however large the tree. Appending is a pure function, so that a failure half-way, in the
 * engine or in whoever takes the nodes, leaves the edge as it was.
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

/** A tree by its right edge. */
export interface RightEdge {
  readonly treeSize: number;
  /** Balanced, their sizes falling: one for each binary digit 1 of the tree size. */
  readonly subtrees: readonly Subtree[];
}

/** The tree without leaves. */
export const emptyEdge: RightEdge = { treeSize: 0, subtrees: [] };

/**
 * The edge after appending leaf hashes.
 *
 * The batch is cut into the largest pieces that are subtrees of the tree, at most 2^16 leaves each. Each piece is folded by the engine in one call, or level by level where a sink wants the nodes
 * in between; then it is joined with equals to its left.
 *
 * @param leafHashes n × 32 bytes, read in place
 * @throws ArgumentRangeError beyond 2^53 - 1 leaves
 */
export function appendLeaves(
  edge: RightEdge,
  leafHashes: Uint8Array,
  hashing: TreeHashing,
  sink: NodeSink | undefined,
): RightEdge {
  const count = leafHashes.length / HASH_LENGTH;
  if (count > Number.MAX_SAFE_INTEGER - edge.treeSize) {
    throw new ArgumentRangeError('a tree has at most 2^53 - 1 leaves');
  }
  const subtrees = [...edge.subtrees];
  for (let done = 0; done < count; ) {
    const begin = edge.treeSize + done;
    const level = pieceLevel(begin, count - done);
    const size = 2 ** level;
    const leaves = leafHashes.subarray(done * HASH_LENGTH, (done + size) * HASH_LENGTH);
    const hash =
      sink === undefined ? foldPiece(leaves, level, hashing) : foldPieceInto(sink, leaves, begin, hashing);
    subtrees.push({ size, hash });
    joinEquals(subtrees, level, begin + size, hashing, sink);
    done += size;
  }
  return { treeSize: edge.treeSize + count, subtrees };
}

/** The root over an edge: 32 bytes. */
export function rootOfEdge({ subtrees }: RightEdge, hashing: TreeHashing): Uint8Array {
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
  let hashes: Uint8Array = leaves.slice();
  sink({ level, index, hashes: hashes.slice() });
  while (hashes.length > HASH_LENGTH) {
    hashes = hasher.hashPairs(hashes, level === 0 ? scheme.twoLeaves : scheme.twoParents);
    level += 1;
    index /= 2;
    sink({ level, index, hashes: hashes.slice() });
  }
  return hashes;
}

/** Joins the last subtree with its left neighbour for as long as they are of one size. */
function joinEquals(
  subtrees: Subtree[],
  level: number,
  end: number,
  hashing: TreeHashing,
  sink: NodeSink | undefined,
): void {
  for (let joinedLevel = level + 1; ; joinedLevel++) {
    const [left, right] = subtrees.slice(-2);
    if (left === undefined || right === undefined || left.size !== right.size) return;
    const joined = join(hashing, left, right);
    subtrees.splice(-2, 2, joined);
    sink?.({ level: joinedLevel, index: end / joined.size - 1, hashes: joined.hash.slice() });
  }
}
