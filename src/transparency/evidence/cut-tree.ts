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
import { planBatchProof } from '../../log/batch-plan.js';
import { type CompactRange, emptyRange, joinNeighbours, rootOfRange } from '../../log/compact-range.js';
import { keytransLog } from '../../log/keytrans.js';
import { balancedNodes, type LeafRange } from '../../log/shape.js';
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
  let range = joinNeighbours(emptyRange(0), run, hashing, undefined);
  const first = rootOfRange(range, hashing);
  const others = later.map((next) => {
    range = joinNeighbours(range, next, hashing, undefined);
    return rootOfRange(range, hashing);
  });
  return [first, ...others];
}

/**
 * The same tree, cut at some of its cuts and at its end, and nowhere else: as few nodes as prove the roots there.
 * @param sizes some of `cuts`, ascending, without the last
 */
export function cutAt(tree: CutTree, sizes: readonly number[], hasher: TreeHasher): CutTree {
  const treeSize = tree.cuts.at(-1) as number;
  if (sizes.length === 0) return { cuts: [treeSize], nodes: rootsAtCuts(tree, hasher).slice(-1) };
  const cuts = [...sizes, treeSize];
  const nodes = cuts.flatMap((end, i) => nodesOver(tree, { begin: cuts[i - 1] ?? 0, end }, hasher));
  return { cuts, nodes };
}

/**
 * The balanced subtrees that some leaves consist of, 32 bytes each.
 * @param range each end is one of `cuts`, or 0
 */
export function nodesOver(tree: CutTree, range: LeafRange, hasher: TreeHasher): readonly Uint8Array[] {
  const hashing = hashingWith(hasher);
  return runsOf(tree)
    .filter(({ begin, end }) => begin >= range.begin && end <= range.end)
    .reduce((joined, run) => joinNeighbours(joined, run, hashing, undefined), emptyRange(range.begin))
    .subtrees.map(({ hash }) => hash);
}

/**
 * A batch proof of leaves, each of which stands between two cuts: then every node of the proof consists of whole runs.
 * @param indexes ascending
 */
export function inclusionIn(
  tree: CutTree,
  indexes: readonly number[],
  hasher: TreeHasher,
): readonly Uint8Array[] {
  const plan = planBatchProof({ treeSize: tree.cuts.at(-1) as number, leaves: indexes });
  return plan.nodes.flatMap(({ level, index }) => {
    const size = 2 ** level;
    return nodesOver(tree, { begin: index * size, end: (index + 1) * size }, hasher);
  });
}

const hashingWith = (hasher: TreeHasher): TreeHashing => ({ hasher, scheme: keytransLog });

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
