/**
 * Tree building and proof checking on all cores: the same functions as in `log.js`, awaited.
 *
 * | bound | value |
 * | --- | --- |
 * | workers | 1 to 256 |
 * | jobs that a worker holds | 3: one under way, two at hand |
 * | pieces of a call under way | 3 a worker; what comes next waits in the caller's memory |
 * | a piece | 2^15 leaves (1 MiB), or 4,096 claims (2.8 MB in a tree of 2^20 leaves) |
 *
 * **Workers see public data only**: leaf hashes and proofs. What they compute is trusted like the rest of the
 * program. Nothing in here sets a timer: limit a call by its signal (`AbortSignal.timeout`).
 */

import { ArgumentRangeError, ArgumentTypeError } from '../errors.js';
import type { TreeHasher } from '../hashing/tree-hasher.js';
import { createTypeScriptHasher } from '../hashing/typescript-hasher.js';
import type { InclusionClaim } from '../log/claim.js';
import type { TreeHead } from '../log/head.js';
import type { InclusionResults } from '../log/inclusion.js';
import {
  createParallelTreeBuilder,
  type ParallelBuilderOptions,
  type ParallelTreeBuilder,
} from './builder.js';
import type { HashCallOptions } from './call.js';
import { createCrew, type Spawn } from './crew.js';
import { verifyInclusionsBy } from './inclusions.js';
import type { WorkerPort } from './port.js';

const WORKERS_MAX = 256;

/** How to make a pool. */
export interface WorkerPoolOptions {
  /**
   * Starts a worker whose file calls `serveWorker`, and gives the line to it: see `createNodePort` and
   * `createWebPort`. `undefined`, or an exception, where there are no workers. Called when there is work, and
   * again after a worker failed.
   */
  readonly spawn?: (() => WorkerPort | undefined) | undefined;
  /** Workers to start, 1 to 256: `availableParallelism()` in Node, `navigator.hardwareConcurrency` in browsers. */
  readonly workers: number;
  /** The engine of this thread, for joins and where there are no workers; default: a TypeScript one. */
  readonly hasher?: TreeHasher | undefined;
}

/** Workers, and what they can do. Frozen. */
export interface WorkerPool {
  /** Workers that are ready: 0 before the first call, and where this thread does everything. */
  readonly workers: number;
  /**
   * `treeRoot` of `log.js`, on all workers.
   * @param leafHashes must not change before the promise settles
   * @throws (rejects) as a parallel builder's `append`
   */
  treeRoot(leafHashes: Uint8Array, options?: HashCallOptions): Promise<Uint8Array>;
  /**
   * A builder whose batches are hashed by the workers: the same tree, states and nodes as `createTreeBuilder`
   * of `log.js`.
   * @throws StateError `ERR_STORED_STATE`
   */
  createTreeBuilder(options?: ParallelBuilderOptions): ParallelTreeBuilder;
  /**
   * `verifyInclusions` of `log.js`, on all workers: what it requires and does not prove holds here.
   * @param claims each is read once, some later than others
   * @throws (rejects) StateError `ERR_WORKER`, `ERR_SPENT`; the signal's reason; ArgumentTypeError,
   *   ArgumentRangeError. Nothing is then verified
   */
  verifyInclusions(
    head: TreeHead,
    claims: readonly InclusionClaim[],
    options?: HashCallOptions,
  ): Promise<InclusionResults>;
  /** Ends the workers. Calls under way reject with `ERR_SPENT`, and so do later ones. */
  close(): void;
}

/**
 * Creates a pool. Workers are started by the first call, and kept until `close`.
 *
 * **A worker that fails** (an exception, `process.exit`, out of memory) makes the calls whose pieces it held reject
 * with `ERR_WORKER`, the platform's reason as `cause`. Nothing is lost: trees are as they were, the input is the
 * caller's still, and the same call can be made again, on a worker started anew. It is not repeated in silence,
 * because input that brings down one worker would bring down the next.
 *
 * **Where workers cannot be had**, all pieces are hashed on this thread, with the same results: `spawn` is absent or
 * fails, or each worker fails before it has announced itself, as under a policy that forbids it. A thread that is
 * hashing hears nothing: a signal then takes effect when the stream's producer next lets others run.
 *
 * @throws ArgumentTypeError, ArgumentRangeError
 * @example
 * const pool = createWorkerPool({
 *   spawn: () => createNodePort(new Worker(new URL('./hash-worker.js', import.meta.url))),
 *   workers: availableParallelism(),
 * });
 * const root = await pool.treeRoot(leafHashes);
 * pool.close();
 */
export function createWorkerPool(options: WorkerPoolOptions): WorkerPool {
  const { spawn, workers, hasher } = checkOptions(options);
  const crew = createCrew(spawn, workers, hasher);
  const createBuilder = (builderOptions?: ParallelBuilderOptions): ParallelTreeBuilder =>
    createParallelTreeBuilder(crew, builderOptions);

  return Object.freeze({
    get workers(): number {
      return crew.ready;
    },
    async treeRoot(leafHashes: Uint8Array, { scheme, ...call }: HashCallOptions = {}): Promise<Uint8Array> {
      const builder = createBuilder({ scheme });
      await builder.append(leafHashes, call);
      return builder.root();
    },
    createTreeBuilder: createBuilder,
    async verifyInclusions(
      head: TreeHead,
      claims: readonly InclusionClaim[],
      callOptions: HashCallOptions = {},
    ): Promise<InclusionResults> {
      return verifyInclusionsBy(crew, head, claims, callOptions);
    },
    close: crew.close,
  });
}

function checkOptions(options: WorkerPoolOptions): { spawn: Spawn; workers: number; hasher: TreeHasher } {
  if (typeof options !== 'object' || options === null) {
    throw new ArgumentTypeError('options must be an object');
  }
  const { spawn = (): undefined => undefined, workers, hasher = createTypeScriptHasher() } = options;
  if (typeof spawn !== 'function') throw new ArgumentTypeError('options.spawn must be a function');
  if (typeof workers !== 'number') throw new ArgumentTypeError('options.workers must be a number');
  if (!Number.isInteger(workers) || workers < 1 || workers > WORKERS_MAX) {
    throw new ArgumentRangeError(`options.workers must be an integer from 1 to ${WORKERS_MAX}`);
  }
  return { spawn, workers, hasher };
}
