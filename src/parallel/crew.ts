/**
 * The workers of a pool, and which of them does which job.
 *
 *     run(job) → waiting → given to a worker → result         at most three jobs a worker: one under way, two at
 *                             │                               hand, so that it need not wait while this thread is
 *                             └ the worker fails → ERR_WORKER  busy with something else
 *
 * Workers are started when there is a job, and one that failed is replaced when there is the next. One that fails
 * before it has announced itself counts as unavailable and is not tried again; where all are, this thread does the
 * jobs. That is not done for a worker that fails later: a job that ends workers would end one after another, and
 * the program would never hear of it.
 *
 * No pool library: those that keep well are for Node alone (piscina, tinypool), or bring their own way to start a
 * worker, their own promises, timers and a queue that throws when it is full (workerpool). Here a full queue makes
 * the caller wait, and a bundler sees the caller's own `new Worker(new URL(…))`. Whoever has a pool already can do
 * without this room: ranges are plain data, and `createRangeBuilder` runs anywhere.
 */

import { StateError } from '../errors.js';
import type { TreeHasher } from '../hashing/tree-hasher.js';
import {
  countHashesOf,
  type Greeting,
  isResult,
  isWorthSending,
  type Job,
  jobBuffers,
  type JobResult,
  perform,
} from './job.js';
import type { WorkerPort } from './port.js';

/** Jobs that a worker holds at most. */
const JOBS_AT_HAND = 3;

/** Makes a worker, or says by `undefined` or an exception that there is none. */
export type Spawn = () => WorkerPort | undefined;

/** Those who do jobs. */
export interface Crew {
  /** Does jobs on this thread; all workers compute the same. */
  readonly hasher: TreeHasher;
  /** Jobs that one caller should have under way: enough to keep every worker busy. */
  readonly width: number;
  /** Workers that are ready. */
  readonly ready: number;
  /**
   * Does a job, in the order of the calls or near it.
   * @param job its bytes are moved to a worker: they must be the caller's own copy
   * @param isDropped asked before the job is given away; a job that nobody wants any more is left out
   * @throws StateError (rejects) `ERR_WORKER`, `ERR_SPENT` closed
   */
  run(job: Job, isDropped: () => boolean): Promise<JobResult>;
  /** Ends all workers; jobs that are not done reject. */
  close(): void;
}

/** A job that somebody awaits. */
interface Entry {
  readonly job: Job;
  readonly isDropped: () => boolean;
  /** Hashes that its result has. */
  readonly count: number;
  resolve(result: JobResult): void;
  reject(reason: unknown): void;
}

/** A started worker. */
interface Hand {
  readonly port: WorkerPort;
  isReady: boolean;
  /** Jobs that it was given and has not answered. */
  readonly jobs: Map<number, Entry>;
}

/** @param size workers, 1 or more */
export function createCrew(spawn: Spawn, size: number, hasher: TreeHasher): Crew {
  const hands = new Set<Hand>();
  const waiting: Entry[] = [];
  /** Workers that may be had, as far as is known. */
  let places = size;
  let nextId = 0;
  let closed = false;

  const spent = (): StateError => new StateError('ERR_SPENT', 'the pool is closed');

  /** Starts workers for all free places. */
  function recruit(): void {
    while (hands.size < places) {
      const port = trySpawn(spawn);
      if (port === undefined) {
        places--;
        continue;
      }
      const hand: Hand = { port, isReady: false, jobs: new Map() };
      hands.add(hand);
      try {
        port.listen(
          (data) => hear(hand, data),
          (reason) => dismiss(hand, reason),
        );
      } catch (error) {
        dismiss(hand, error);
      }
    }
  }

  /** Gives waiting jobs away, as many as there is room for. */
  function distribute(): void {
    if (waiting.length > 0) recruit();
    while (waiting.length > 0) {
      const hand = places > 0 ? leastBusy(hands) : undefined;
      if (places > 0 && hand === undefined) return;
      const entry = waiting.shift() as Entry;
      if (entry.isDropped()) entry.reject(spent());
      else if (hand === undefined) performHere(entry);
      else give(hand, entry);
    }
  }

  function performHere({ job, resolve, reject }: Entry): void {
    try {
      resolve(perform(job, hasher));
    } catch (error) {
      reject(error);
    }
  }

  function give(hand: Hand, entry: Entry): void {
    const id = nextId++;
    hand.jobs.set(id, entry);
    try {
      hand.port.postMessage({ id, job: entry.job }, jobBuffers(entry.job));
    } catch (error) {
      dismiss(hand, error);
    }
  }

  function hear(hand: Hand, data: unknown): void {
    if (!hands.has(hand)) return;
    if (!hand.isReady) {
      if (!isGreeting(data)) return dismiss(hand, 'a worker of another version, or none of this library');
      hand.isReady = true;
      return distribute();
    }
    const { id, result, failure } = (data ?? {}) as { id?: number; result?: unknown; failure?: unknown };
    const entry = hand.jobs.get(id as number);
    if (entry === undefined || !isResult(result, entry.count)) {
      return dismiss(hand, failure ?? 'a worker answered what is no result');
    }
    hand.jobs.delete(id as number);
    entry.resolve(result);
    distribute();
  }

  /** Lets go of a worker that failed. What it was given is refused, and what waits goes to another. */
  function dismiss(hand: Hand, cause: unknown): void {
    if (!hands.delete(hand)) return;
    if (!hand.isReady) places--;
    end(hand);
    const error = new StateError('ERR_WORKER', 'a worker failed; nothing changed, call again', { cause });
    for (const { reject } of hand.jobs.values()) reject(error);
    distribute();
  }

  return Object.freeze({
    hasher,
    width: size * JOBS_AT_HAND,
    get ready(): number {
      return [...hands].filter(({ isReady }) => isReady).length;
    },
    run(job: Job, isDropped: () => boolean): Promise<JobResult> {
      if (closed) return Promise.reject(spent());
      return new Promise((resolve, reject) => {
        const entry = { job, isDropped, count: countHashesOf(job), resolve, reject };
        if (!isWorthSending(job)) return performHere(entry);
        waiting.push(entry);
        distribute();
      });
    },
    close(): void {
      closed = true;
      const unfinished = [...hands].flatMap(({ jobs }) => [...jobs.values()]).concat(waiting.splice(0));
      for (const hand of hands) end(hand);
      hands.clear();
      for (const { reject } of unfinished) reject(spent());
    },
  });
}

function trySpawn(spawn: Spawn): WorkerPort | undefined {
  try {
    return spawn();
  } catch {
    return undefined;
  }
}

/** A ready worker that has room for a job; the one with the fewest. */
function leastBusy(hands: Iterable<Hand>): Hand | undefined {
  let best: Hand | undefined;
  for (const hand of hands) {
    if (!hand.isReady || hand.jobs.size >= JOBS_AT_HAND) continue;
    if (best === undefined || hand.jobs.size < best.jobs.size) best = hand;
  }
  return best;
}

function isGreeting(data: unknown): data is Greeting {
  const { ready, form } = (data ?? {}) as Partial<Greeting>;
  return ready === 'contact-key-verification/worker.js' && form === 1;
}

/** Ends a worker, or takes note that it has ended. */
function end({ port }: Hand): void {
  try {
    port.terminate();
  } catch {
    // It is let go of either way.
  }
}
