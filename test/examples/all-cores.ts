const workerFile = new URL('../../build/examples/hash-worker.js', import.meta.url);
const batches = Array.from({ length: 3 }, () => new Uint8Array(2 ** 15 * 32));
// ---
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { createNodePort, createWorkerPool } from 'contact-key-verification/parallel.js';

// A worker's file needs one statement: serveWorker(parentPort, { hasher: tryCreateWasmHasher() });
// In browsers it is createWebPort here and serveWorker(self, …) there.
const pool = createWorkerPool({
  spawn: () => createNodePort(new Worker(workerFile)),
  workers: availableParallelism(),
});

// Any (async) iterable of leaf hashes. It waits for the workers, so memory stays small, and can be cancelled.
const builder = pool.createTreeBuilder();
await builder.appendAll(batches, { signal: AbortSignal.timeout(60_000) });
console.log(builder.treeSize, builder.root());
pool.close();
