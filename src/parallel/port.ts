/**
 * The line to a worker, as little of it as is needed, so that one pool serves Node's worker threads, Web Workers
 * and whatever else can carry a message. Workers are made by the program: only it, and its bundler, know where
 * the worker's file lies.
 */

/** A started worker, seen from the pool. */
export interface WorkerPort {
  /** Sends a message; the buffers in `transfer` move, and are not copied. */
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  /**
   * Called once, at the start.
   * @param message takes each message of the worker
   * @param failed to be called when the worker has ended or can no longer answer, for whatever reason; calls
   *   after the first change nothing
   */
  listen(message: (data: unknown) => void, failed: (reason: unknown) => void): void;
  /** Ends the worker, whatever it is doing. */
  terminate(): void;
}

/** What is used of a `Worker` of Node's `worker_threads`. */
export interface NodeWorker {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  on(event: 'message' | 'messageerror' | 'error' | 'exit', listener: (value: unknown) => void): unknown;
  terminate(): unknown;
}

/** What is used of the `Worker` of browsers. */
export interface WebWorker {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  addEventListener(type: 'message' | 'messageerror' | 'error', listener: (event: unknown) => void): void;
  terminate(): void;
}

/**
 * The line to a worker thread of Node. However it ends, by an error, `process.exit` or by itself, the pool hears.
 * @example
 * const spawn = () => createNodePort(new Worker(new URL('./hash-worker.js', import.meta.url)));
 */
export function createNodePort(worker: NodeWorker): WorkerPort {
  return Object.freeze({
    postMessage: (message: unknown, transfer: ArrayBuffer[]): void => worker.postMessage(message, transfer),
    listen(message: (data: unknown) => void, failed: (reason: unknown) => void): void {
      worker.on('message', message);
      worker.on('messageerror', failed);
      worker.on('error', failed);
      worker.on('exit', failed);
    },
    terminate(): void {
      worker.terminate();
    },
  });
}

/**
 * The line to a Web Worker. An error in it, or a file that cannot be loaded, reaches the pool; a worker that calls
 * `close()` on itself does not, because browsers say nothing of it. `serveWorker` never does that.
 * @example
 * const spawn = () => createWebPort(new Worker(new URL('./hash-worker.js', import.meta.url), { type: 'module' }));
 */
export function createWebPort(worker: WebWorker): WorkerPort {
  return Object.freeze({
    postMessage: (message: unknown, transfer: ArrayBuffer[]): void => worker.postMessage(message, transfer),
    listen(message: (data: unknown) => void, failed: (reason: unknown) => void): void {
      worker.addEventListener('message', (event) => message((event as { readonly data: unknown }).data));
      worker.addEventListener('messageerror', () => failed('a message could not be read'));
      worker.addEventListener('error', (event) => failed(reasonOf(event)));
    },
    terminate: (): void => worker.terminate(),
  });
}

/** What an error event tells. One for a file that was not loaded has neither of these. */
function reasonOf(event: unknown): unknown {
  const { error, message } = event as { readonly error?: unknown; readonly message?: unknown };
  return error ?? message ?? 'the worker could not be loaded';
}
