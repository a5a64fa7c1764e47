/**
 * Comparing and joining byte strings.
 */

import { ArgumentTypeError } from '../errors.js';

/**
 * Whether two byte strings are equal, looking at every byte whatever differs. The loop has no early exit;
 * what a JavaScript engine makes of it cannot be promised. Lengths are not hidden.
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

/**
 * Bytewise (lexicographic) order, a prefix first. For public values: it stops at the first difference.
 * @returns negative, zero or positive, as `Array.prototype.sort` wants it
 */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** One fresh byte string from several. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return joinBytes(parts);
}

/** {@link concatBytes} of an array of any length; arguments are limited in number. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/**
 * Refuses what is no `Uint8Array`, before anything reads its length. Subclasses (Node's Buffer) pass.
 * @throws ArgumentTypeError
 */
export function assertBytes(value: unknown, name: string): asserts value is Uint8Array {
  if (!(value instanceof Uint8Array)) throw new ArgumentTypeError(`${name} must be a Uint8Array`);
}
