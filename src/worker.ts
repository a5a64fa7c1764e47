/**
 * The worker's side of `parallel.js`: what the file holds that a pool's `spawn` starts. It carries no WebAssembly;
 * the file that calls `serveWorker` gives it an engine of `wasm.js`, if it wants one.
 */

export { type ServeOptions, serveWorker, type ServingPort } from './parallel/serve.js';
