/**
 * Hashing on all cores: building trees and checking proofs spread over worker threads, in Node and in browsers, for
 * those who keep or audit whole logs. Everyone else needs only `log.js`.
 *
 * `createWorkerPool` has the functions of `log.js` as promises, with the same results: a bounded queue, cancelling
 * by `AbortSignal`, progress, and a fall back to one thread. The program starts the workers; in each of them runs
 * `serveWorker` of `worker.js`.
 */

export type { ParallelBuilderOptions, ParallelTreeBuilder } from './parallel/builder.js';
export type { CallOptions, CancelSignal, HashCallOptions, Progress } from './parallel/call.js';
export { createWorkerPool, type WorkerPool, type WorkerPoolOptions } from './parallel/pool.js';
export {
  createNodePort,
  createWebPort,
  type NodeWorker,
  type WebWorker,
  type WorkerPort,
} from './parallel/port.js';
export type { Batches } from './parallel/source.js';
