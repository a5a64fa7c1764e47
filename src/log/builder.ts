/**
 * A tree that grows by a stream of leaf hashes and keeps only its right edge.
 */

import { StateError } from '../errors.js';
import {
  appendLeaves,
  type CompactRange,
  emptyRange,
  joinNeighbours,
  type NodeRun,
  rootOfRange,
} from './compact-range.js';
import { countHashes } from './input.js';
import { closeRange, openRange, type TreeRange } from './range.js';
import { hashingOf, type TreeOptions } from './subtree.js';

/**
 * What a builder needs in order to go on: plain frozen data. It holds the right edge, so it stays under 2 KiB
 * at any size. It does not hold the scheme.
 */
export interface TreeBuilderState {
  /** Leaves so far. */
  readonly treeSize: number;
  /** The hashes of `planRoot(treeSize).nodes`, the largest subtree first: 32 bytes each. */
  readonly edge: readonly Uint8Array[];
}

/** How to build. */
export interface TreeBuilderOptions extends TreeOptions {
  /** Where to go on; default: a tree without leaves. Copied. */
  readonly state?: TreeBuilderState | undefined;
  /**
   * Called, during `append`, with every balanced node once it is complete, leaf hashes included: all that a
   * plan can ever name. Children come before their parent, and each level from left to right.
   *
   * If it throws, the append did not happen and the error passes through; appending the same leaves again hands
   * out the same nodes. It must store before it returns: a promise is not awaited.
   */
  readonly onNodes?: ((run: NodeRun) => void) | undefined;
}

/** A growing tree. */
export interface TreeBuilder {
  /** Leaves so far. */
  readonly treeSize: number;
  /**
   * Appends leaf hashes. How a stream is cut into batches makes no difference to the tree; large batches are
   * faster.
   * @param leafHashes n × 32 bytes, contiguous, n from 0; read in place, not kept
   * @throws ArgumentTypeError, ArgumentRangeError a length that is no multiple of 32, or more than 2^53 - 1
   *   leaves in all; StateError `ERR_NOT_READY` from within `onNodes`. The tree is then as it was
   */
  append(leafHashes: Uint8Array): void;
  /**
   * Appends leaves that were hashed elsewhere: by `createRangeBuilder`, in another thread, process or machine.
   * `onNodes` gets only the nodes that the leaves before and these complete together.
   * @param range begins where the tree ends. Trusted: whoever hashed it decides what the root is. Copied
   * @throws ArgumentRangeError a range that begins elsewhere; StateError `ERR_STORED_STATE` what is no range,
   *   `ERR_NOT_READY` from within `onNodes`. The tree is then as it was
   */
  appendRange(range: TreeRange): void;
  /**
   * The root of the tree so far: at most 52 hashes.
   * @returns 32 bytes, fresh
   * @throws ArgumentRangeError no leaf yet, under a scheme without an empty root
   */
  root(): Uint8Array;
  /** The state so far, fresh and frozen. */
  exportState(): TreeBuilderState;
}

/**
 * Creates a builder: it takes leaf hashes in batches of any size, keeps the right edge, and hands out the
 * complete nodes, so that a store can be filled from which `planInclusion` and `planConsistency` serve proofs.
 *
 * @param options engine, scheme, a state to go on from, and who takes the nodes. The state is trusted: check
 *   `root()` against the head that was stored or signed with it
 * @throws StateError `ERR_STORED_STATE` a state that is not what `exportState` gives
 * @example
 * const builder = createTreeBuilder({ onNodes: ({ level, index, hashes }) => store(level, index, hashes) });
 * builder.append(leafHashes);
 * const head = { treeSize: builder.treeSize, root: builder.root() };
 */
export function createTreeBuilder(options: TreeBuilderOptions = {}): TreeBuilder {
  const hashing = hashingOf(options);
  const { onNodes, state } = options;
  let tree = state === undefined ? emptyRange(0) : openState(state);
  let appending = false;

  /** Sets the tree to what `grow` makes of it, or leaves it where that throws. */
  function change(grow: () => CompactRange): void {
    if (appending)
      throw new StateError('ERR_NOT_READY', 'a tree must not be appended to from within onNodes');
    appending = true;
    try {
      tree = grow();
    } finally {
      appending = false;
    }
  }

  return Object.freeze({
    get treeSize(): number {
      return tree.end;
    },
    append(leafHashes: Uint8Array): void {
      countHashes(leafHashes, 'leafHashes');
      change(() => appendLeaves(tree, leafHashes, hashing, onNodes));
    },
    appendRange(range: TreeRange): void {
      const right = openRange(range);
      change(() => joinNeighbours(tree, right, hashing, onNodes));
    },
    root: (): Uint8Array => rootOfRange(tree, hashing).slice(),
    exportState: (): TreeBuilderState => closeState(tree),
  });
}

/**
 * The tree that a stored state describes, copied.
 * @throws StateError `ERR_STORED_STATE`
 */
export function openState(state: TreeBuilderState): CompactRange {
  if (typeof state !== 'object' || state === null) {
    throw new StateError('ERR_STORED_STATE', 'the state is not what a tree builder exports');
  }
  const { treeSize, edge } = state;
  return openRange({ begin: 0, end: treeSize, hashes: edge });
}

/** A tree as a state, fresh and frozen. */
export function closeState(tree: CompactRange): TreeBuilderState {
  const { end: treeSize, hashes: edge } = closeRange(tree);
  return Object.freeze({ treeSize, edge });
}
