/**
 * Workers in this thread, whose every message a test can see, hold back or spoil. Messages are cloned and buffers
 * moved as between threads. What serves is the library's own `serveWorker`.
 */

import type { WorkerPort } from 'contact-key-verification/parallel.js';
import type { TreeHasher } from 'contact-key-verification/log.js';
import { serveWorker } from 'contact-key-verification/worker.js';

/** How a worker misbehaves. */
export interface Behaviour {
  readonly hasher?: TreeHasher;
  /** Asked for each job, counted from 0 over the worker's life, before it is done. */
  readonly onJob?: (count: number, worker: FakeWorker) => 'do' | 'ignore' | 'crash';
  /** May change what the worker says. */
  readonly onReply?: (reply: unknown) => unknown;
}

/** A worker that serves in this thread. */
export class FakeWorker implements WorkerPort {
  /** Jobs it was given. */
  jobs = 0;
  /** Jobs it was given and has not answered. */
  inFlight = 0;
  terminated = false;
  readonly #behaviour: Behaviour;
  #serve: ((event: unknown) => void) | undefined;
  #message: (data: unknown) => void = () => {};
  #failed: (reason: unknown) => void = () => {};

  constructor(behaviour: Behaviour = {}) {
    this.#behaviour = behaviour;
  }

  listen(message: (data: unknown) => void, failed: (reason: unknown) => void): void {
    this.#message = message;
    this.#failed = failed;
    const port = {
      postMessage: (data: unknown, transfer: ArrayBuffer[]): void => this.#say(data, transfer),
      addEventListener: (_: 'message', serve: (event: unknown) => void): void => {
        this.#serve = serve;
      },
    };
    serveWorker(port, { hasher: this.#behaviour.hasher });
  }

  postMessage(message: unknown, transfer: ArrayBuffer[]): void {
    const data: unknown = structuredClone(message, { transfer });
    const count = this.jobs++;
    this.inFlight++;
    setImmediate(() => {
      if (this.terminated) return;
      const verdict = this.#behaviour.onJob?.(count, this) ?? 'do';
      if (verdict === 'crash') this.fail(new Error('crashed'));
      if (verdict === 'do') this.#serve?.({ data });
    });
  }

  /** Tells the pool that it has ended. */
  fail(reason: unknown): void {
    this.#failed(reason);
  }

  terminate(): void {
    this.terminated = true;
    this.inFlight = 0;
  }

  #say(message: unknown, transfer: ArrayBuffer[]): void {
    const data: unknown = structuredClone(message, { transfer });
    setImmediate(() => {
      if (this.terminated) return;
      this.inFlight = Math.max(0, this.inFlight - ('id' in (data as object) ? 1 : 0));
      this.#message(this.#behaviour.onReply === undefined ? data : this.#behaviour.onReply(data));
    });
  }
}

/** Workers of one behaviour, and a function that starts them. */
export function fakeWorkers(behaviour: Behaviour = {}): { workers: FakeWorker[]; spawn: () => FakeWorker } {
  const workers: FakeWorker[] = [];
  const spawn = (): FakeWorker => {
    const worker = new FakeWorker(behaviour);
    workers.push(worker);
    return worker;
  };
  return { workers, spawn };
}

/** The code of the error with which a promise rejects, or "accepted". */
export async function settled(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'accepted';
  } catch (error) {
    const { code, name, message } = error as { code?: string; name: string; message: string };
    return code === undefined || typeof code !== 'string' ? `${name}: ${message}` : code;
  }
}
