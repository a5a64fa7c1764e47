/** The file of a worker thread: an engine of its own, and `serveWorker`. In a browser, `self` is the port. */

import { parentPort } from 'node:worker_threads';
import { tryCreateWasmHasher } from 'contact-key-verification/wasm.js';
import { serveWorker } from 'contact-key-verification/worker.js';

serveWorker(parentPort, { hasher: tryCreateWasmHasher() });
