/**
 * What a program hands over, by its kind, checked before anything reads it: not every caller has a type checker.
 */

import { ArgumentRangeError, ArgumentTypeError } from '../errors.js';

/**
 * Refuses what is no object, before anything reads its fields.
 * @throws ArgumentTypeError
 */
export function assertObject(value: unknown, name: string): asserts value is object {
  if (typeof value !== 'object' || value === null) throw new ArgumentTypeError(`${name} must be an object`);
}

/**
 * Refuses what is no array.
 * @throws ArgumentTypeError
 */
export function assertArray(value: unknown, name: string): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) throw new ArgumentTypeError(`${name} must be an array`);
}

/**
 * Refuses what is no integer from `min` to `max`.
 * @throws ArgumentTypeError no number; ArgumentRangeError a fraction, NaN, or out of bounds
 */
export function assertInteger(
  value: unknown,
  name: string,
  min: number,
  max: number,
): asserts value is number {
  if (typeof value !== 'number') throw new ArgumentTypeError(`${name} must be a number`);
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new ArgumentRangeError(`${name} must be an integer from ${min} to ${max}`);
  }
}
