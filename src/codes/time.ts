/**
 * Time comes in as an argument; nothing here reads a clock.
 */

import { ArgumentRangeError, ArgumentTypeError } from '../errors.js';

/**
 * Refuses what is no point in time: milliseconds since 1970, a non-negative safe integer.
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function assertTimeMs(value: unknown, name: string): asserts value is number {
  if (typeof value !== 'number') throw new ArgumentTypeError(`${name} must be a number`);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new ArgumentRangeError(`${name} must be a whole number of milliseconds from 0 to 2^53 - 1`);
  }
}
