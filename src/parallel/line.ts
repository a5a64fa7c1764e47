/**
 * Work under way in a fixed order: what was begun first is taken first, and no more than so much is begun ahead.
 * It is this that keeps memory bounded and makes the producer wait.
 */

import type { Call } from './call.js';

/** A line of promises. */
export interface Line<Value> {
  /** Adds to its end; first awaits its head where it is as long as it may be. */
  push(begin: () => Promise<Value>): Promise<void>;
  /** Awaits all that is in it. */
  drain(): Promise<void>;
}

/**
 * @param width how many may be under way
 * @param take gets each value, in the order in which they were begun. Where it throws, or a promise rejects, the
 *   error comes out of `push` or `drain`, and nothing behind it is taken
 */
export function createLine<Value>(call: Call, width: number, take: (value: Value) => void): Line<Value> {
  const line: Promise<Value>[] = [];

  async function takeHead(): Promise<void> {
    const head = line.shift();
    if (head !== undefined) take(await call.orCancelled(head));
  }

  return {
    async push(begin: () => Promise<Value>): Promise<void> {
      while (line.length >= width) await takeHead();
      const promise = begin();
      // Whoever fails in the middle is heard of when it comes to the head, or never, if one before it fails.
      promise.catch(() => {});
      line.push(promise);
    },
    async drain(): Promise<void> {
      while (line.length > 0) await takeHead();
    },
  };
}
