/**
 * A strict cursor over outside bytes: big-endian integers and counted byte strings of the TLS presentation
 * language (RFC 8446 section 3, with the KEYTRANS draft's rule that length prefixes count elements).
 */

import { DecodeError, type DecodeErrorCode } from '../errors.js';

/** Reads forward through one byte string and knows where in the structure it stands. */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #path: string[] = [];
  #offset = 0;

  /**
   * @param bytes read in place, never changed; what is handed out are copies
   * @param structure the name of what is read, for error messages
   */
  constructor(bytes: Uint8Array, structure: string) {
    this.#bytes = bytes;
    this.#path.push(structure);
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes not yet read. */
  get left(): number {
    return this.#bytes.length - this.#offset;
  }

  /** Runs `read` one level deeper in the structure's path. */
  within<T>(field: string, read: () => T): T {
    this.#path.push(field);
    const value = read();
    this.#path.pop();
    return value;
  }

  /** The error for a defect found at `offset` (default: here). */
  error(code: DecodeErrorCode, problem: string, offset: number = this.#offset): DecodeError {
    return new DecodeError(code, this.#path.join('.'), offset, problem);
  }

  /** An unsigned big-endian integer. Eight bytes are refused above 2^53 - 1. */
  uint(width: number): number {
    const start = this.#offset;
    const bytes = this.#take(width);
    let value = 0;
    for (const byte of bytes) value = value * 256 + byte;
    if (value > Number.MAX_SAFE_INTEGER) throw this.error('ERR_INTEGER', 'integer above 2^53 - 1', start);
    return value;
  }

  /** The next `length` bytes, fresh. */
  bytes(length: number): Uint8Array {
    return Uint8Array.from(this.#take(length));
  }

  /** A length or count, `width` bytes wide, within its bounds. */
  count(width: number, min: number, max: number): number {
    const start = this.#offset;
    const count = this.uint(width);
    if (count < min || count > max)
      throw this.error('ERR_LENGTH', `${count} is outside ${min} to ${max}`, start);
    return count;
  }

  /** Refuses left-over bytes. */
  end(): void {
    if (this.left > 0) throw this.error('ERR_TRAILING_BYTES', 'bytes left over');
  }

  #take(length: number): Uint8Array {
    if (length > this.left) throw this.error('ERR_TRUNCATED', 'the bytes end too early');
    const taken = this.#bytes.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    return taken;
  }
}
