/**
 * One call into a pool: how it is cancelled, and how it tells of its progress.
 */

import { StateError } from '../errors.js';
import type { TreeScheme } from '../log/scheme.js';

/** What is used of an `AbortSignal`. */
export interface CancelSignal {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** How far a call has come. */
export interface Progress {
  /** Leaves or claims that are done; never less than the time before. */
  readonly done: number;
  /** Of how many; absent for a stream, whose length nobody knows. */
  readonly total?: number;
}

/** How to make a call. */
export interface CallOptions {
  /**
   * Cancels: the call rejects at once with the signal's reason, and nothing more is begun. What workers are at is
   * thrown away as it comes.
   */
  readonly signal?: CancelSignal | undefined;
  /** Told now and then. If it throws, the call rejects with that. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** How to make a call that hashes. */
export interface HashCallOptions extends CallOptions {
  /** The hashing scheme; default: `rfc6962`. Plain data, so that it can be sent to a worker. */
  readonly scheme?: TreeScheme | undefined;
}

/** A call under way. */
export interface Call {
  /** Whether it has ended, in whatever way. */
  isOver(): boolean;
  /** The same promise, which rejects as soon as the call is cancelled. */
  orCancelled<Value>(promise: Promise<Value>): Promise<Value>;
  /** Counts what is done. */
  advance(count: number): void;
}

/**
 * Makes a call. However it ends, it no longer listens to the signal afterwards.
 * @param total of its progress
 */
export async function withCall<Value>(
  { signal, onProgress }: CallOptions,
  total: number | undefined,
  work: (call: Call) => Promise<Value>,
): Promise<Value> {
  const pending = new Set<(reason: unknown) => void>();
  let over = false;
  let done = 0;

  const reason = (): unknown => signal?.reason ?? new StateError('ERR_SPENT', 'the call was cancelled');
  const cancel = (): void => {
    over = true;
    for (const reject of pending) reject(reason());
    pending.clear();
  };
  const call: Call = {
    isOver: () => over,
    // A promise of its own to race against: under one for all, a long call would gather reactions to its end.
    async orCancelled(promise) {
      let cancelThis: (reason: unknown) => void = () => {};
      const cancelled = new Promise<never>((_, reject) => {
        cancelThis = reject;
      });
      if (over) cancelThis(reason());
      else pending.add(cancelThis);
      try {
        return await Promise.race([cancelled, promise]);
      } finally {
        pending.delete(cancelThis);
      }
    },
    advance(count) {
      done += count;
      if (count > 0) onProgress?.(Object.freeze(total === undefined ? { done } : { done, total }));
    },
  };

  if (signal?.aborted === true) throw reason();
  signal?.addEventListener('abort', cancel);
  try {
    return await work(call);
  } finally {
    over = true;
    signal?.removeEventListener('abort', cancel);
  }
}
