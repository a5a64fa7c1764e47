/**
 * Where a stream's batches come from.
 */

import { ArgumentTypeError } from '../errors.js';

/** Batches, one after the other: an array, a generator, a Node stream, a web stream where those are iterable. */
export type Batches = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Batches being read. */
export interface Source {
  /** The next batch; `undefined` after the last. Rejects with what the producer throws. */
  next(): Promise<Uint8Array | undefined>;
  /** Tells a producer that is not at its end that nobody reads on. Awaits nothing, and hears of no error. */
  release(): void;
}

/** @throws ArgumentTypeError what is not iterable */
export function openSource(batches: Batches): Source {
  const iterator = iteratorOf(batches);
  let ended = false;
  return {
    async next(): Promise<Uint8Array | undefined> {
      try {
        const { done, value } = await iterator.next();
        if (done !== true) return value;
      } catch (error) {
        ended = true;
        throw error;
      }
      ended = true;
      return undefined;
    },
    release(): void {
      if (ended) return;
      ended = true;
      const released = async (): Promise<unknown> => iterator.return?.();
      released().catch(() => {});
    },
  };
}

function iteratorOf(batches: Batches): Iterator<Uint8Array> | AsyncIterator<Uint8Array> {
  const { [Symbol.asyncIterator]: startAsync, [Symbol.iterator]: start } = (batches ?? {}) as Partial<
    AsyncIterable<Uint8Array> & Iterable<Uint8Array>
  >;
  if (typeof startAsync === 'function') return startAsync.call(batches);
  if (typeof start === 'function') return start.call(batches);
  throw new ArgumentTypeError('batches must be iterable');
}
