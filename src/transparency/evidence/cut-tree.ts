/**
 * A log tree cut at some sizes: the balanced subtrees between the cuts, from which the root at each of them follows, and
 * the root of the whole. Thirteen leaves, cut at 6 and at 13:
 *
 *     [0,4) [4,6) ┆ [6,8) [8,12) [12,13)        the root at 6 is joined from the first two, that at 13 from all
 *
 * Two trees that are cut at one size can be compared there. If their whole roots are signed, and their roots at that size
 * differ, whoever signed has shown two logs: a log that grows keeps its root at every size that it had.
 */

import { VerificationError } from '../../errors.js';
import type { TreeHasher } from '../../hashing/tree-hasher.js';
import { type CompactRange, emptyRange, joinNeighbours, rootOfRange } from '../../log/compact-range.js';
import { keytransLog } from '../../log/keytrans.js';
import { balancedNodes } from '../../log/shape.js';
import type { TreeHashing } from '../../log/subtree.js';

/** A tree by what stands between its cuts. */
export interface CutTree {
  /** Sizes, ascending, 1 or more: the last is that of the whole tree. */
  readonly cuts: readonly number[];
  /**
   * From left to right, 32 bytes each: of each run of leaves between two cuts the balanced subtrees that
   * `balancedNodes` names. A tree that is cut at its end alone is its root.
   */
  readonly nodes: readonly Uint8Array[];
}

/** A tree's roots at its cuts, in that order: 32 bytes each. The last is the root of the whole. */
export type CutRoots = readonly [Uint8Array, ...Uint8Array[]];

/**
 * The roots at all cuts.
 * @throws VerificationError `ERR_HEAD_EMPTY` a cut at no leaves; `ERR_HEAD_ORDER` cuts that do not rise;
 *   `ERR_PROOF_LENGTH` another number of nodes than the cuts demand: nothing was hashed
 */
export function rootsAtCuts(tree: CutTree, hasher: TreeHasher): CutRoots {
  const [run, ...later] = runsOf(tree);
  const hashing = hashingWith(hasher);
  if (later.length === 0) return [rootOfWhole(tree)];
  let range = joinNeighbours(emptyRange(0), run, hashing, undefined);
  const first = rootOfRange(range, hashing);
  const others = later.map((next) => {
    range = joinNeighbours(range, next, hashing, undefined);
    return rootOfRange(range, hashing);
  });
  return [first, ...others];
}

/**
 * The same tree, cut at one of its cuts and at its end, and nowhere else: as few nodes as prove the root there.
 * @param size one of `cuts`
 */
export function cutOnlyAt(tree: CutTree, size: number, hasher: TreeHasher): CutTree {
  const treeSize = tree.cuts.at(-1) as number;
  if (size === treeSize) return { cuts: [treeSize], nodes: [rootsAtCuts(tree, hasher).at(-1) as Uint8Array] };
  const hashing = hashingWith(hasher);
  const join = (begin: number, runs: readonly CompactRange[]): readonly Uint8Array[] =>
    runs
      .reduce((range, run) => joinNeighbours(range, run, hashing, undefined), emptyRange(begin))
      .subtrees.map(({ hash }) => hash);
  const runs = runsOf(tree);
  const before = join(
    0,
    runs.filter(({ end }) => end <= size),
  );
  const after = join(
    size,
    runs.filter(({ begin }) => begin >= size),
  );
  return { cuts: [size, treeSize], nodes: [...before, ...after] };
}

const hashingWith = (hasher: TreeHasher): TreeHashing => ({ hasher, scheme: keytransLog });

/** A tree that is cut at its end alone has one node. */
function rootOfWhole({ nodes }: CutTree): Uint8Array {
  return nodes[0] as Uint8Array;
}

/** The runs of leaves between the cuts, with their nodes. */
function runsOf({ cuts, nodes }: CutTree): readonly [CompactRange, ...CompactRange[]] {
  let begin = 0;
  let taken = 0;
  const isWhole = cuts.length === 1;
  const runs = cuts.map((end): CompactRange => {
    if (end < 1) throw new VerificationError('ERR_HEAD_EMPTY', 'a tree of no leaves has no root');
    if (end <= begin) throw new VerificationError('ERR_HEAD_ORDER', 'sizes do not rise');
    const subtrees = isWhole
      ? [{ size: end, hash: nodes[0] as Uint8Array }]
      : balancedNodes({ begin, end }).map(({ level }) => ({
          size: 2 ** level,
          hash: nodes[taken++] as Uint8Array,
        }));
    const run = { begin, end, subtrees };
    begin = end;
    return run;
  });
  const needed = isWhole ? 1 : taken;
  if (nodes.length !== needed) {
    throw new VerificationError('ERR_PROOF_LENGTH', `${needed} nodes expected`);
  }
  return runs as [CompactRange, ...CompactRange[]];
}
