/**
 * A growing tree whose leaves are hashed by workers.
 *
 *     batches  →  pieces, each a subtree's place   →  workers  →  ranges  →  joined here, in order
 *                 copied, at most so many at once
 */

import { ArgumentRangeError, StateError } from '../errors.js';
import { closeState, openState, type TreeBuilderState } from '../log/builder.js';
import {
  type CompactRange,
  emptyRange,
  joinNeighbours,
  type NodeRun,
  rootOfRange,
} from '../log/compact-range.js';
import { countHashes } from '../log/input.js';
import type { TreeScheme } from '../log/scheme.js';
import { balancedNodes } from '../log/shape.js';
import { HASH_LENGTH, hashingOf, type TreeHashing } from '../log/subtree.js';
import { type Call, type CallOptions, withCall } from './call.js';
import type { Crew } from './crew.js';
import type { JobResult } from './job.js';
import { createLine } from './line.js';
import { createSpareBuffers } from './spare-buffers.js';
import { type Batches, openSource, type Source } from './source.js';

/** Leaves in a piece, at most: 1 MiB of hashes, which keeps an engine busy for some milliseconds. */
const PIECE_LEAVES = 2 ** 15;

/** How to build. */
export interface ParallelBuilderOptions {
  /** The hashing scheme; default: `rfc6962`. */
  readonly scheme?: TreeScheme | undefined;
  /** Where to go on; default: a tree without leaves. Copied. */
  readonly state?: TreeBuilderState | undefined;
  /** As a tree builder's `onNodes`, and called with the same nodes, level by level in the same order. */
  readonly onNodes?: ((run: NodeRun) => void) | undefined;
}

/** A growing tree. One call at a time. */
export interface ParallelTreeBuilder {
  /** Leaves so far. */
  readonly treeSize: number;
  /**
   * Appends leaf hashes, all of them or none.
   * @param leafHashes n × 32 bytes, contiguous, n from 0. Must not change before the promise settles
   * @throws (rejects) StateError `ERR_WORKER` a worker failed, `ERR_SPENT` the pool is closed, `ERR_NOT_READY`
   *   another call is under way; the signal's reason; ArgumentTypeError, ArgumentRangeError. The tree is then as
   *   it was, and the call can be made again
   */
  append(leafHashes: Uint8Array, options?: CallOptions): Promise<void>;
  /**
   * Appends a stream of batches, each whole or not at all. The next batch is asked for when the one before it is
   * copied and the workers have room, so memory is bounded however fast the producer is, and a producer may use
   * one buffer again and again. Batches of 2^15 leaves, or multiples of that, spread best.
   *
   * @param batches each n × 32 bytes. Where the call does not get to its end, the producer's `return` is called
   * @throws (rejects) as `append`, and with what the producer throws. `treeSize` then says how many leaves are in
   *   the tree, whole batches from the start, those before a bad batch among them: the stream can go on from there
   */
  appendAll(batches: Batches, options?: CallOptions): Promise<void>;
  /** The root so far: 32 bytes, fresh. @throws ArgumentRangeError no leaf yet, under a scheme without an empty root */
  root(): Uint8Array;
  /** The state so far, fresh and frozen: a tree builder's, and may go on there. */
  exportState(): TreeBuilderState;
}

/** A piece of a batch, hashed. */
interface Piece {
  readonly begin: number;
  readonly end: number;
  /** Whether the batch ends with it. */
  readonly isLast: boolean;
  readonly result: JobResult;
}

/** @throws StateError `ERR_STORED_STATE` */
export function createParallelTreeBuilder(
  crew: Crew,
  options: ParallelBuilderOptions = {},
): ParallelTreeBuilder {
  const hashing = hashingOf({ hasher: crew.hasher, scheme: options.scheme });
  const { onNodes, state } = options;
  const buffers = createSpareBuffers(PIECE_LEAVES * HASH_LENGTH, crew.width);
  let tree = state === undefined ? emptyRange(0) : openState(state);
  let appending = false;

  async function grow(batches: Batches, total: number | undefined, callOptions: CallOptions): Promise<void> {
    if (appending) throw new StateError('ERR_NOT_READY', 'another append is under way');
    appending = true;
    try {
      await withCall(callOptions, total, (call) => appendBatches(call, batches));
    } finally {
      appending = false;
    }
  }

  async function appendBatches(call: Call, batches: Batches): Promise<void> {
    /** With the pieces of a batch that is not whole yet. */
    let grown = tree;
    const line = createLine<Piece>(call, crew.width, ({ begin, end, isLast, result }) => {
      if (onNodes !== undefined) for (const run of result.runs) onNodes(run);
      grown = joinNeighbours(grown, rangeOf(begin, end, result.hashes), hashing, onNodes);
      buffers.keep(result.spent);
      call.advance(end - begin);
      if (isLast) tree = grown;
    });

    const source = openSource(batches);
    let at = tree.end;
    let read = await readBatch(call, source, at);
    try {
      for (; read.batch !== undefined; read = await readBatch(call, source, at)) {
        const { batch } = read;
        const end = at + batch.length / HASH_LENGTH;
        for (let begin = at; begin < end; ) {
          const next = Math.min(pieceEnd(begin), end);
          const leaves = batch.subarray((begin - at) * HASH_LENGTH, (next - at) * HASH_LENGTH);
          const place = { begin, end: next, isLast: next === end };
          await line.push(async () => ({ ...place, result: await hash(call, place.begin, leaves) }));
          begin = next;
        }
        at = end;
      }
      await line.drain();
    } finally {
      source.release();
    }
    if (read.failure !== undefined) throw read.failure.error;
  }

  const hash = (call: Call, begin: number, leaves: Uint8Array): Promise<JobResult> => {
    const leafHashes = buffers.copy(leaves);
    const nodes = onNodes !== undefined;
    return crew.run({ kind: 'range', begin, leafHashes, scheme: plain(hashing), nodes }, call.isOver);
  };

  return Object.freeze({
    get treeSize(): number {
      return tree.end;
    },
    async append(leafHashes: Uint8Array, callOptions: CallOptions = {}): Promise<void> {
      await grow([leafHashes], countHashes(leafHashes, 'leafHashes'), callOptions);
    },
    appendAll: (batches: Batches, callOptions: CallOptions = {}): Promise<void> =>
      grow(batches, undefined, callOptions),
    root: (): Uint8Array => rootOfRange(tree, hashing).slice(),
    exportState: (): TreeBuilderState => closeState(tree),
  });
}

/** A batch, or why there is none, or neither at the end of the stream. */
interface Read {
  readonly batch?: Uint8Array;
  readonly failure?: { readonly error: unknown };
}

async function readBatch(call: Call, source: Source, at: number): Promise<Read> {
  try {
    const batch = await call.orCancelled(source.next());
    if (batch === undefined) return {};
    if (countHashes(batch, 'leafHashes') > Number.MAX_SAFE_INTEGER - at) {
      throw new ArgumentRangeError('a tree has at most 2^53 - 1 leaves');
    }
    return { batch };
  } catch (error) {
    return { failure: { error } };
  }
}

/**
 * Where a piece that begins here ends at the latest. It begins at a multiple of a power of two no smaller than
 * itself: so its nodes, and those of the join, come from left to right on every level.
 */
function pieceEnd(begin: number): number {
  let size = 1;
  while (size < PIECE_LEAVES && begin % (2 * size) === 0) size *= 2;
  return begin + size;
}

function rangeOf(begin: number, end: number, hashes: Uint8Array): CompactRange {
  const subtrees = balancedNodes({ begin, end }).map(({ level }, i) => ({
    size: 2 ** level,
    hash: hashes.slice(i * HASH_LENGTH, (i + 1) * HASH_LENGTH),
  }));
  return { begin, end, subtrees };
}

/** The scheme without whatever else its object may hold, which might not be cloned. */
function plain({ scheme }: TreeHashing): TreeScheme {
  const { name, leafPrefix, twoLeaves, parentAndLeaf, twoParents, emptyRoot } = scheme;
  const fields = { name, twoLeaves, parentAndLeaf, twoParents, emptyRoot };
  return leafPrefix === undefined ? fields : { ...fields, leafPrefix };
}
