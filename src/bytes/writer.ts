/**
 * The writing side of the presentation language. What it is given comes from the program, so a value outside
 * its bounds is an argument error.
 */

import { ArgumentRangeError, ArgumentTypeError } from '../errors.js';
import { joinBytes } from './compare.js';

/** Collects an encoding. */
export class Writer {
  readonly #parts: Uint8Array[] = [];

  /** An unsigned big-endian integer of `width` bytes. */
  uint(width: number, value: number): void {
    if (typeof value !== 'number') throw new ArgumentTypeError('an integer field must be a number');
    if (!Number.isSafeInteger(value) || value < 0 || value >= 256 ** width) {
      throw new ArgumentRangeError(`an integer field is outside 0 to 256^${width} - 1 or above 2^53 - 1`);
    }
    const bytes = new Uint8Array(width);
    let rest = value;
    for (let i = width - 1; i >= 0; i--) {
      bytes[i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    this.#parts.push(bytes);
  }

  /** Bytes as they are; copied by `finish`. */
  bytes(bytes: Uint8Array): void {
    this.#parts.push(bytes);
  }

  /** A length or count within its bounds. */
  count(width: number, count: number, min: number, max: number): void {
    if (count < min || count > max)
      throw new ArgumentRangeError(`length ${count} is outside ${min} to ${max}`);
    this.uint(width, count);
  }

  /** Everything written so far, fresh. */
  finish(): Uint8Array<ArrayBuffer> {
    return joinBytes(this.#parts);
  }
}
