/**
 * What a program hands over, checked before it is used: not every caller has a type checker, and a wrong value
 * must not end as an accusation against a contact.
 */

import { assertBytes } from '../bytes/compare.js';
import { encodeUtf8 } from '../bytes/text.js';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.js';
import { IDENTIFIER_MAX_BYTES } from './device-list.js';

/** @throws ArgumentTypeError: a string like 'off' would pass for true */
export function assertBoolean(value: unknown, name: string): asserts value is boolean {
  if (typeof value !== 'boolean') throw new ArgumentTypeError(`${name} must be a boolean`);
}

/**
 * Bytes of an identifier, copied.
 * @throws ArgumentTypeError; ArgumentRangeError; DecodeError `ERR_UTF8`
 */
export function identifierBytes(identifier: string | Uint8Array): Uint8Array {
  const bytes = bytesOf(identifier, 'an identifier');
  if (bytes.length === 0 || bytes.length > IDENTIFIER_MAX_BYTES) {
    throw new ArgumentRangeError(`an identifier must have 1 to ${IDENTIFIER_MAX_BYTES} bytes`);
  }
  return bytes;
}

/**
 * Bytes of a device id, copied. Its length is judged where it is written, or shows as an id that is not listed.
 * @throws ArgumentTypeError; DecodeError `ERR_UTF8`
 */
export function deviceIdBytes(id: string | Uint8Array): Uint8Array {
  return bytesOf(id, 'a device id');
}

function bytesOf(value: string | Uint8Array, name: string): Uint8Array {
  if (typeof value === 'string') return encodeUtf8(value);
  assertBytes(value, name);
  return Uint8Array.from(value);
}
