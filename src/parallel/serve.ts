/**
 * The worker's side: it does one job after another, and keeps nothing between them.
 */

import { ArgumentTypeError } from '../errors.js';
import type { TreeHasher } from '../hashing/tree-hasher.js';
import { createTypeScriptHasher } from '../hashing/typescript-hasher.js';
import { type Greeting, perform, type Reply, type Request, resultBuffers } from './job.js';

/** What a worker has of its line to the pool: `self` in a Web Worker, `parentPort` in a worker thread of Node. */
export interface ServingPort {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  addEventListener(type: 'message', listener: (event: unknown) => void): void;
  /** Ports of a `MessageChannel` have it. */
  start?(): void;
}

/** How a worker hashes. */
export interface ServeOptions {
  /** The engine; default: a TypeScript one. Give each worker one of its own. */
  readonly hasher?: TreeHasher | undefined;
}

/**
 * Makes this thread a worker of a pool: it announces itself, and from then on does what it is asked. Call it once,
 * in the file that the pool's `spawn` starts, when all is loaded.
 *
 * A job that fails here is reported, and ends the worker: the pool starts another one.
 *
 * @param port the line to the pool. What arrives on it is trusted: it is the program that started this thread
 * @throws ArgumentTypeError no port
 * @example
 * serveWorker(parentPort, { hasher: tryCreateWasmHasher() }); // Node
 * serveWorker(self, { hasher: tryCreateWasmHasher() }); // a Web Worker
 */
export function serveWorker(port: ServingPort | null, options: ServeOptions = {}): void {
  if (typeof port !== 'object' || port === null) {
    throw new ArgumentTypeError('serveWorker needs a port: it runs in a worker');
  }
  const hasher = options.hasher ?? createTypeScriptHasher();
  port.addEventListener('message', (event) => {
    const { id, job } = (event as { readonly data: Request }).data;
    try {
      const result = perform(job, hasher);
      port.postMessage({ id, result } satisfies Reply, resultBuffers(result));
    } catch (error) {
      port.postMessage({ id, failure: String(error) } satisfies Reply, []);
    }
  });
  port.start?.();
  port.postMessage({ ready: 'contact-key-verification/worker.js', form: 1 } satisfies Greeting, []);
}
