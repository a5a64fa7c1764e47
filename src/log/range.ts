/**
 * Parts of a tree that are hashed apart and joined: in threads, in processes, on machines that share nothing.
 *
 *     [0,4)   [4,8)   [8,11)      each hashed by whoever has the leaves
 *        \    /         |
 *       [0,8)           |         joined in any grouping, as they come: the same hashes every time
 *           \           |
 *            [0,11)  ---          appended to a tree, whose root is that of hashing it all in one place
 *
 * A range may begin and end anywhere. It is plain data of some KiB at most, so any job engine can carry it.
 */

import { assertInteger, assertObject } from '../bytes/arguments.js';
import { StateError } from '../errors.js';
import {
  appendLeaves,
  assertNeighbours,
  type CompactRange,
  emptyRange,
  joinNeighbours,
  type NodeRun,
} from './compact-range.js';
import { copyHash, countHashes } from './input.js';
import { balancedNodes } from './shape.js';
import { hashingOf, type TreeOptions } from './subtree.js';

/**
 * Neighbouring leaves of a tree, hashed as far as they can be without the others ("compact range"): plain frozen
 * data. It does not hold the scheme, and proves nothing: whoever takes one from somebody else trusts them.
 */
export interface TreeRange {
  /** Index of the first leaf, 0 to 2^53 - 1. */
  readonly begin: number;
  /** Index after the last leaf: `begin` where there is none. */
  readonly end: number;
  /**
   * The hashes of the fewest balanced subtrees that together cover the leaves, from the left: 32 bytes each. From
   * leaf 0 they are those of `planRoot(end).nodes`.
   */
  readonly hashes: readonly Uint8Array[];
}

/** How to hash ranges. */
export interface RangeOptions extends TreeOptions {
  /**
   * Called with the balanced nodes that become complete, leaf hashes included: children before their parent. What
   * is said of a tree builder's `onNodes` holds here. All ranges and joins together hand out every node of the
   * tree once. A level comes from left to right where each range begins at a multiple of a power of two that is
   * no smaller than the range, and its nodes are taken after those of the ranges on its left: that is what a tile
   * sink needs.
   */
  readonly onNodes?: ((run: NodeRun) => void) | undefined;
}

/** A growing range. */
export interface RangeBuilder {
  /** Index of the first leaf. */
  readonly begin: number;
  /** Index after the last leaf so far. */
  readonly end: number;
  /**
   * Appends leaf hashes, in batches of any size; large ones are faster.
   * @param leafHashes n × 32 bytes, contiguous, n from 0; read in place, not kept
   * @throws ArgumentTypeError, ArgumentRangeError a length that is no multiple of 32, or a leaf beyond 2^53 - 1;
   *   StateError `ERR_NOT_READY` from within `onNodes`. The range is then as it was
   */
  append(leafHashes: Uint8Array): void;
  /** The range so far, fresh and frozen. */
  exportRange(): TreeRange;
}

/**
 * Creates a builder for leaves in the middle of a tree. It keeps some 100 hashes, however many leaves come.
 *
 * @param begin index of its first leaf, 0 to 2^53 - 1
 * @param options engine, scheme, and who takes the nodes
 * @throws ArgumentTypeError, ArgumentRangeError
 * @example
 * const part = createRangeBuilder(2 ** 20, { hasher });
 * part.append(leafHashes); // of the leaves from 2^20 on
 * send(part.exportRange()); // to whoever does builder.appendRange(range) or joinRanges(ranges)
 */
export function createRangeBuilder(begin: number, options: RangeOptions = {}): RangeBuilder {
  assertInteger(begin, 'begin', 0, Number.MAX_SAFE_INTEGER);
  const hashing = hashingOf(options);
  const { onNodes } = options;
  let range = emptyRange(begin);
  let appending = false;

  return Object.freeze({
    begin,
    get end(): number {
      return range.end;
    },
    append(leafHashes: Uint8Array): void {
      if (appending) throw new StateError('ERR_NOT_READY', 'append must not be called from within onNodes');
      countHashes(leafHashes, 'leafHashes');
      appending = true;
      try {
        range = appendLeaves(range, leafHashes, hashing, onNodes);
      } finally {
        appending = false;
      }
    },
    exportRange: (): TreeRange => closeRange(range),
  });
}

/**
 * Joins neighbouring ranges. The grouping makes no difference: ranges may be joined two at a time, all at once,
 * or in a tree of jobs, as long as each begins where the one before it ends.
 *
 * @param ranges one or more, from the left; those without leaves are welcome. Trusted, and copied
 * @param options engine, scheme, and who takes the nodes that the joins complete
 * @returns fresh and frozen
 * @throws ArgumentRangeError no range, a gap, an overlap, or another order
 * @throws StateError `ERR_STORED_STATE` what is no range
 * @example
 * const whole = joinRanges([joinRanges([first, second]), third]);
 */
export function joinRanges(ranges: readonly TreeRange[], options: RangeOptions = {}): TreeRange {
  const hashing = hashingOf(options);
  assertObject(ranges, 'ranges');
  assertInteger(ranges.length, 'ranges.length', 1, Number.MAX_SAFE_INTEGER);
  const parts = Array.from(ranges, (range) => openRange(range));
  // The whole row is looked at before anything is handed out.
  for (const [i, right] of parts.slice(1).entries()) assertNeighbours(parts[i] as CompactRange, right);
  return closeRange(parts.reduce((left, right) => joinNeighbours(left, right, hashing, options.onNodes)));
}

/**
 * What a range describes, copied.
 * @throws StateError `ERR_STORED_STATE`
 */
export function openRange(range: TreeRange): CompactRange {
  try {
    assertObject(range, 'range');
    const { begin, end, hashes } = range;
    assertInteger(begin, 'range.begin', 0, Number.MAX_SAFE_INTEGER);
    assertInteger(end, 'range.end', begin, Number.MAX_SAFE_INTEGER);
    const nodes = balancedNodes({ begin, end });
    assertObject(hashes, 'range.hashes');
    assertInteger(hashes.length, 'range.hashes.length', nodes.length, nodes.length);
    const subtrees = nodes.map(({ level }, i) => ({
      size: 2 ** level,
      hash: copyHash(hashes[i], 'range.hashes'),
    }));
    return { begin, end, subtrees };
  } catch {
    throw new StateError('ERR_STORED_STATE', 'the value is not what a builder exports');
  }
}

/** A range as data, fresh and frozen. */
export function closeRange({ begin, end, subtrees }: CompactRange): TreeRange {
  return Object.freeze({ begin, end, hashes: Object.freeze(subtrees.map(({ hash }) => hash.slice())) });
}
