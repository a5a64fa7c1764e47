/** Lines to real workers: Node's threads, and what browsers have, as far as Node has it too. */

import { MessageChannel, Worker } from 'node:worker_threads';
import { treeRoot } from 'contact-key-verification/log.js';
import {
  createNodePort,
  createWebPort,
  createWorkerPool,
  type WorkerPool,
  type WorkerPort,
} from 'contact-key-verification/parallel.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import { serveWorker } from 'contact-key-verification/worker.js';
import { afterEach, describe, expect, it } from 'vitest';
import { settled } from '../support/fake-worker.js';
import { outcome } from '../support/log-tree.js';

const hasher = createWasmHasher();
const leaves = new Uint8Array(32 * 200_000).map((_, i) => Math.floor(i / 32 / 256 ** (i % 3)) + (i % 32));
const root = treeRoot(leaves, { hasher });

/** The built worker that examples and benchmarks use. */
const HASH_WORKER = new URL('../../build/examples/hash-worker.js', import.meta.url);
const WORKER_DOOR = new URL('../../dist/worker.js', import.meta.url).href;

/** A thread that serves, and does this at its second job. */
const failingThread = (act: string): Worker =>
  new Worker(
    `const { parentPort } = require('node:worker_threads');
     let jobs = 0;
     parentPort.on('message', () => { if (++jobs === 2) { ${act} } });
     import('${WORKER_DOOR}').then(({ serveWorker }) => serveWorker(parentPort));`,
    { eval: true },
  );

const pools: WorkerPool[] = [];
const exits: Promise<unknown>[] = [];

/** Remembers when a thread ends, so that a test that leaves one behind hangs. */
function watched(worker: Worker): Worker {
  exits.push(new Promise((resolve) => worker.once('exit', resolve)));
  return worker;
}

function poolBy(spawn: () => WorkerPort): WorkerPool {
  const pool = createWorkerPool({ spawn, workers: 2, hasher });
  pools.push(pool);
  return pool;
}

afterEach(async () => {
  for (const pool of pools.splice(0)) pool.close();
  await Promise.all(exits.splice(0));
});

describe('threads of Node', () => {
  it('hash the same', async () => {
    const pool = poolBy(() => createNodePort(watched(new Worker(HASH_WORKER))));
    expect(await pool.treeRoot(leaves)).toEqual(root);
    const builder = pool.createTreeBuilder();
    await builder.appendAll([leaves, leaves]);
    expect(builder.root()).toEqual(treeRoot(Buffer.concat([leaves, leaves]), { hasher }));
    // The second one may still be starting.
    expect(pool.workers).toBeGreaterThan(0);
  });

  it.each([
    ['exits', 'process.exit(3);', 3],
    ['exits as if all were well', 'process.exit(0);', 0],
    ['throws', "throw new Error('broken thread');", new Error('broken thread')],
    ['throws what is no error', 'throw 7;', 7],
    ['closes its port and says nothing', 'parentPort.close();', 0],
    ['rejects', "Promise.reject(new Error('unheard'));", new Error('unheard')],
  ])('one that %s is heard of, and the next call succeeds', async (_, act, cause) => {
    let failing = true;
    const pool = poolBy(() =>
      createNodePort(watched(failing ? failingThread(act) : new Worker(HASH_WORKER))),
    );
    const builder = pool.createTreeBuilder();
    const error: unknown = await builder.append(leaves).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ERR_WORKER', cause });
    expect(builder.treeSize).toBe(0);
    failing = false;
    let code = 'ERR_WORKER';
    for (let attempt = 0; attempt < 3 && code === 'ERR_WORKER'; attempt++) {
      code = await settled(builder.append(leaves));
    }
    expect(code).toBe('accepted');
    expect(builder.root()).toEqual(root);
  });

  it('that cannot be loaded count as none', async () => {
    const missing = new URL('./not-there.js', import.meta.url);
    const pool = poolBy(() => createNodePort(watched(new Worker(missing))));
    expect(await pool.treeRoot(leaves)).toEqual(root);
    expect(pool.workers).toBe(0);
  });

  it('leave nothing behind when a call is cancelled in the middle', async () => {
    const pool = poolBy(() => createNodePort(watched(new Worker(HASH_WORKER))));
    const cancelling = new AbortController();
    const call = pool.treeRoot(leaves, {
      signal: cancelling.signal,
      onProgress: () => cancelling.abort(new Error('enough')),
    });
    expect(await settled(call)).toBe('Error: enough');
    expect(await pool.treeRoot(leaves)).toEqual(root);
  });

  it('can be limited in time by a signal', async () => {
    const idle = `setInterval(() => {}, 1000);`;
    const pool = poolBy(() => createNodePort(watched(new Worker(idle, { eval: true }))));
    const call = pool.treeRoot(leaves, { signal: AbortSignal.timeout(20) });
    expect(await settled(call)).toMatch(/^TimeoutError|aborted/i);
  });
});

/** A Web Worker by its interface alone: events, and a channel to what serves. */
class PretendedWebWorker extends EventTarget {
  /** What happens in the place of each job, if anything. */
  failure: Event | undefined;
  readonly #channel = new MessageChannel();

  constructor(serve: boolean) {
    super();
    this.#channel.port1.on('message', (data: unknown) =>
      this.dispatchEvent(new MessageEvent('message', { data })),
    );
    if (serve) serveWorker(this.#channel.port2, { hasher });
  }

  postMessage(message: unknown, transfer: ArrayBuffer[]): void {
    if (this.failure === undefined) this.#channel.port1.postMessage(message, transfer);
    else this.dispatchEvent(this.failure);
  }

  terminate(): void {
    this.#channel.port1.close();
  }
}

describe('Web Workers', () => {
  it('hash the same', async () => {
    const pool = poolBy(() => createWebPort(new PretendedWebWorker(true)));
    expect(await pool.treeRoot(leaves)).toEqual(root);
    expect(pool.workers).toBeGreaterThan(0);
  });

  const errorEvent = (fields: object): Event => Object.assign(new Event('error'), fields);
  it.each([
    ['an error', errorEvent({ error: new Error('broken'), message: 'Uncaught' }), new Error('broken')],
    ['an error without its object', errorEvent({ message: 'Uncaught' }), 'Uncaught'],
    ['an error that says nothing', new Event('error'), 'the worker could not be loaded'],
    ['a message that cannot be read', new Event('messageerror'), 'a message could not be read'],
  ])('that report %s are heard of', async (_, event, cause) => {
    const workers: PretendedWebWorker[] = [];
    const pool = poolBy(() => {
      const worker = new PretendedWebWorker(true);
      workers.push(worker);
      return createWebPort(worker);
    });
    await pool.treeRoot(leaves);
    for (const worker of workers) worker.failure = event;
    const call = pool.treeRoot(leaves).catch((reason: unknown) => reason);
    expect(await call).toMatchObject({ code: 'ERR_WORKER', cause });
    expect(await pool.treeRoot(leaves)).toEqual(root);
  });

  it('whose file is not there count as none', async () => {
    const pool = poolBy(() => {
      const worker = new PretendedWebWorker(false);
      setImmediate(() => worker.dispatchEvent(new Event('error')));
      return createWebPort(worker);
    });
    expect(await pool.treeRoot(leaves)).toEqual(root);
    expect(pool.workers).toBe(0);
  });
});

describe('serving', () => {
  it('starts a port that must be started, after it listens, and announces itself last', () => {
    const calls: unknown[] = [];
    serveWorker({
      addEventListener: (type) => void calls.push(type),
      start: () => void calls.push('start'),
      postMessage: (message, transfer) => void calls.push(message, transfer),
    });
    expect(calls).toEqual(['message', 'start', { ready: 'contact-key-verification/worker.js', form: 1 }, []]);
  });

  it('needs a port', () => {
    for (const port of [null, undefined, 'port']) {
      expect(outcome(() => serveWorker(port as never))).toBe('ERR_ARGUMENT_TYPE');
    }
  });
});
