/**
 * A tree that grows by a stream of leaf hashes and keeps only its right edge.
 */

import { StateError } from '../errors.js';
import { assertInteger, assertObject, copyHash, countHashes } from './input.js';
import { appendLeaves, emptyEdge, type NodeRun, type RightEdge, rootOfEdge } from './right-edge.js';
import { balancedNodes } from './shape.js';
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
   * out the same nodes.
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
  let edge = state === undefined ? emptyEdge : edgeOf(state);
  let appending = false;

  return Object.freeze({
    get treeSize(): number {
      return edge.treeSize;
    },
    append(leafHashes: Uint8Array): void {
      if (appending) throw new StateError('ERR_NOT_READY', 'append must not be called from within onNodes');
      countHashes(leafHashes, 'leafHashes');
      appending = true;
      try {
        edge = appendLeaves(edge, leafHashes, hashing, onNodes);
      } finally {
        appending = false;
      }
    },
    root: (): Uint8Array => rootOfEdge(edge, hashing).slice(),
    exportState(): TreeBuilderState {
      const hashes = edge.subtrees.map(({ hash }) => hash.slice());
      return Object.freeze({ treeSize: edge.treeSize, edge: Object.freeze(hashes) });
    },
  });
}

/** The edge that a stored state describes, copied. */
function edgeOf(state: TreeBuilderState): RightEdge {
  try {
    assertObject(state, 'state');
    const { treeSize, edge } = state;
    assertInteger(treeSize, 'state.treeSize', 0, Number.MAX_SAFE_INTEGER);
    const nodes = balancedNodes({ begin: 0, end: treeSize });
    assertObject(edge, 'state.edge');
    assertInteger(edge.length, 'state.edge.length', nodes.length, nodes.length);
    const subtrees = nodes.map(({ level }, i) => ({
      size: 2 ** level,
      hash: copyHash(edge[i], 'state.edge'),
    }));
    return { treeSize, subtrees };
  } catch {
    throw new StateError('ERR_STORED_STATE', 'the state is not what a tree builder exports');
  }
}
