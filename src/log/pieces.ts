/**
 * A tree cut into balanced pieces, from left to right, so that every leaf to be proven is a piece of its own: what
 * a batch proof consists of. Nothing here hashes.
 *
 * Some pieces the verifier has, proven leaves and subtrees kept from an earlier tree; the proof holds the others.
 * Leaf 5 of 11, for a verifier who kept [0,4) [4,6) [6,7) of the tree of 7:
 *
 *            [0,4)      4    5    6    7   [8,10)   10
 *            kept     proof leaf kept proof proof  proof
 *
 * [4,6) was kept, too, but a leaf under it is to be proven: so it is cut, and will be computed again and compared.
 * Gaps are filled with the fewest pieces there are, those that `balancedNodes` names. No piece crosses the end of the
 * earlier tree or of an auditor's: joined from the left, the pieces pass through both trees on their way to the whole
 * one.
 */

import { balancedNodes, type LeafRange, type NodeId } from './shape.js';

/** A balanced subtree, and where its hash comes from. */
export interface Piece extends LeafRange {
  /** The subtree by its place in a store. */
  readonly node: NodeId;
  /** Where: a proven leaf, a subtree that was kept, or an element of the proof. */
  readonly from: 'leaf' | 'kept' | 'proof';
  /** Its number there, from 0. */
  readonly at: number;
}

/** What a tree is cut for. */
export interface Cut {
  /** Leaves of the tree, 1 or more. */
  readonly treeSize: number;
  /** Proven leaves, ascending. */
  readonly leaves: readonly number[];
  /** Leaves of the tree whose full subtrees were kept, up to `treeSize`; 0 for none. */
  readonly retainedSize: number;
  /** Leaves of the auditor's tree, up to `treeSize`; 0 for none. */
  readonly auditorSize: number;
}

/**
 * The pieces, which together are the whole tree: at most 53 for each proven leaf and 160 more. (A subtree is cut in
 * two only above a proven leaf, or where one of three trees ends inside it: at most 53 on each way down.)
 */
export function piecesOf({ treeSize, leaves, retainedSize, auditorSize }: Cut): Piece[] {
  const known = knownPieces(leaves, retainedSize, auditorSize);
  // No piece of the proof crosses these. At the end of the earlier tree none would: that it stands here saves
  // whoever reads a verifier the argument.
  const ends = [retainedSize, auditorSize, treeSize];
  const pieces: Piece[] = [];
  let elements = 0;

  /** Fills the gap from `begin` on with pieces of the proof. */
  function fill(begin: number, end: number): void {
    let at = begin;
    while (at < end) {
      const next = Math.min(end, ...ends.filter((other) => other > at));
      for (const node of balancedNodes({ begin: at, end: next })) {
        pieces.push(pieceOf(node, 'proof', elements));
        elements++;
      }
      at = next;
    }
  }

  let done = 0;
  for (const piece of known) {
    fill(done, piece.begin);
    pieces.push(piece);
    done = piece.end;
  }
  fill(done, treeSize);
  return pieces;
}

/** Proven leaves and what was kept, from the left, without the kept subtrees that must be cut. */
function knownPieces(leaves: readonly number[], retainedSize: number, auditorSize: number): Piece[] {
  const known: Piece[] = [];
  let leaf = 0;
  const takeLeavesBefore = (end: number): void => {
    for (let index = leaves[leaf]; index !== undefined && index < end; index = leaves[leaf]) {
      known.push(pieceOf({ level: 0, index }, 'leaf', leaf));
      leaf++;
    }
  };
  for (const [at, node] of balancedNodes({ begin: 0, end: retainedSize }).entries()) {
    const kept = pieceOf(node, 'kept', at);
    const { begin, end } = kept;
    takeLeavesBefore(begin);
    const first = leaves[leaf];
    const hasLeaf = first !== undefined && first < end;
    const holdsEnd = begin < auditorSize && auditorSize < end;
    if (hasLeaf || holdsEnd) takeLeavesBefore(end);
    else known.push(kept);
  }
  takeLeavesBefore(Number.POSITIVE_INFINITY);
  return known;
}

function pieceOf(node: NodeId, from: Piece['from'], at: number): Piece {
  const size = 2 ** node.level;
  return { node, begin: node.index * size, end: (node.index + 1) * size, from, at };
}
