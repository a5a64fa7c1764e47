/**
 * Throughput against the size of a batch: what a call costs beside what it does.
 */

import type { TreeHasher } from 'contact-key-verification/log.js';
import { measure, type Schedule, type Task } from './harness.js';
import type { Point, Series } from './plot.js';
import { nodesTask } from './tasks/hashing.js';

/** Nodes in a call: small ones, one more than the lanes take, and far more than the engine's memory holds. */
export const BATCHES: readonly number[] = [1, 2, 4, 8, 9, 16, 64, 256, 1024, 8192, 65536];

/** Nodes in a run, at least: enough for the clock to tell. */
export const NODES_AT_LEAST = 4096;

/** Batches of one size, as many as it takes for `atLeast` nodes, through `hashPairs` of every engine. */
export function throughputTask(batch: number, atLeast: number, engines: readonly TreeHasher[]): Task {
  const count = batch * Math.ceil(atLeast / batch);
  const task = nodesTask(count, batch, { engines, oneByOne: [], barePairs: [] });
  return { ...task, baseline: engines.at(-1)?.name ?? '' };
}

/** Nodes a second of every engine, for each size of a batch. */
export function measureThroughput(
  batches: readonly number[],
  atLeast: number,
  engines: readonly TreeHasher[],
  schedule: Schedule,
): Series[] {
  const points = new Map(engines.map(({ name }) => [name as string, [] as Point[]]));
  for (const batch of batches) {
    for (const { name, nanosecondsPerUnit } of measure(throughputTask(batch, atLeast, engines), schedule)) {
      points.get(name)?.push({ x: batch, y: 1e9 / nanosecondsPerUnit });
    }
  }
  return [...points].map(([name, of]) => ({ name, points: of }));
}
