/**
 * How many code sessions with one contact there may be. Each one gives an attacker a chance of 10^-8, so their
 * number is what bounds him; each counts when it begins, however it ends.
 */

import { ArgumentRangeError, ArgumentTypeError, PolicyError } from '../errors.js';
import { assertTimeMs } from './time.js';

/** Sessions per contact in any window of 24 hours. */
export const SAS_ATTEMPTS_MAX = 5;
const WINDOW_MS: number = 24 * 60 * 60 * 1000;

/** Where a contact stands. Frozen. */
export interface SasAttempts {
  /** Start times (ms) of the sessions in the window: what to store. */
  readonly attempts: readonly number[];
  /** How many more may begin now. */
  readonly remaining: number;
  /** When the next one may begin, in ms; `nowMs` where one may begin now. */
  readonly retryAtMs: number;
}

/**
 * Says how many code sessions with a contact may still begin (CKV/1: 5 in any 24 hours).
 *
 * Times in the future count as now: setting the clock back does not forget an attempt, and a clock that once ran
 * years ahead locks nobody out for years, provided that the returned list is stored.
 *
 * @param options.attempts start times in ms, as the last session or this function returned them
 * @param options.nowMs milliseconds since 1970
 * @param options.limit sessions per window, 1 to 5 (default 5). It can be lowered, not raised: an attacker's
 *   chance grows with it
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function reviewSasAttempts(options: {
  readonly attempts: readonly number[];
  readonly nowMs: number;
  readonly limit?: number | undefined;
}): SasAttempts {
  const { attempts, nowMs, limit = SAS_ATTEMPTS_MAX } = options;
  assertTimeMs(nowMs, 'nowMs');
  if (typeof limit !== 'number') throw new ArgumentTypeError('limit must be a number');
  if (!Number.isInteger(limit) || limit < 1 || limit > SAS_ATTEMPTS_MAX) {
    throw new ArgumentRangeError(`limit must be 1 to ${SAS_ATTEMPTS_MAX}`);
  }
  if (!Array.isArray(attempts)) throw new ArgumentTypeError('attempts must be an array of times');
  const counted = (attempts as readonly unknown[])
    .map((time) => {
      assertTimeMs(time, 'an attempt');
      return Math.min(time, nowMs);
    })
    .filter((time) => nowMs - time < WINDOW_MS)
    .sort((a, b) => a - b);
  // One more may begin once fewer than `limit` are left in the window.
  const blocking = counted.at(-limit);
  return Object.freeze({
    attempts: Object.freeze(counted),
    remaining: Math.max(0, limit - counted.length),
    retryAtMs: blocking === undefined ? nowMs : blocking + WINDOW_MS,
  });
}

/**
 * The list with one more attempt, now.
 * @throws PolicyError `ERR_SAS_ATTEMPTS` at the limit
 */
export function addAttempt(review: SasAttempts, nowMs: number): readonly number[] {
  if (review.remaining === 0) {
    throw new PolicyError('ERR_SAS_ATTEMPTS', 'too many code sessions with this contact in 24 hours');
  }
  return Object.freeze([...review.attempts, nowMs]);
}
