/**
 * The TLS presentation language as draft-ietf-keytrans-protocol uses it (editor's copy at 526cc8a, "Presentation
 * Language"), read and written one field after the other.
 *
 * The writer also notes where it wrote what, so that tests can damage every enumerator, presence octet, count and
 * integer of an encoding, and miss none.
 */

import { demand } from './encoding.js';

/** What stands at a place of an encoding. */
export interface Mark {
  readonly kind: 'enum' | 'presence' | 'count' | 'length' | 'uint64';
  readonly offset: number;
  readonly width: number;
  /** An enum's known numbers. */
  readonly known?: readonly number[];
}

export class WireWriter {
  readonly marks: Mark[] = [];
  #bytes: Buffer = Buffer.alloc(0);

  bytes(): Buffer {
    return this.#bytes;
  }

  fixed(length: number, bytes: Uint8Array): void {
    if (bytes.length !== length) throw new Error(`expected ${length} bytes, not ${bytes.length}`);
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
  }

  uint(width: number, value: number): void {
    const field = Buffer.alloc(8);
    field.writeBigUInt64BE(BigInt(value));
    if (!field.subarray(0, 8 - width).every((byte) => byte === 0)) throw new Error(`${value} is too wide`);
    this.fixed(width, field.subarray(8 - width));
  }

  uint64(value: number): void {
    this.#mark('uint64', 8);
    this.uint(8, value);
  }

  /** An enum of one octet. */
  enumerator(known: readonly number[], value: number): void {
    this.marks.push({ kind: 'enum', offset: this.#bytes.length, width: 1, known });
    this.uint(1, value);
  }

  /** `opaque name<0..256^width-1>` */
  opaque(width: number, bytes: Uint8Array): void {
    this.#mark('length', width);
    this.uint(width, bytes.length);
    this.fixed(bytes.length, bytes);
  }

  /** "an optional value is encoded with a presence-signaling octet, followed by the value itself if present" */
  optional<T>(value: T | undefined, write: (value: T) => void): void {
    this.#mark('presence', 1);
    this.uint(1, value === undefined ? 0 : 1);
    if (value !== undefined) write(value);
  }

  /** `Element name<0..256^width-1>`: "the minimum and maximum possible number of elements in the vector" */
  vector<T>(width: number, elements: readonly T[], write: (element: T) => void): void {
    this.#mark('count', width);
    this.uint(width, elements.length);
    for (const element of elements) write(element);
  }

  #mark(kind: Mark['kind'], width: number): void {
    this.marks.push({ kind, offset: this.#bytes.length, width });
  }
}

export class WireReader {
  #rest: Buffer;

  constructor(bytes: Uint8Array) {
    this.#rest = Buffer.from(bytes);
  }

  fixed(length: number): Uint8Array {
    demand(this.#rest.length >= length, 'truncated');
    const taken = Uint8Array.from(this.#rest.subarray(0, length));
    this.#rest = this.#rest.subarray(length);
    return taken;
  }

  /** Numbers above 2^53 - 1 are no whole numbers of the language that this is written in. */
  uint(width: number): number {
    const digits = Buffer.from(this.fixed(width)).toString('hex');
    const value = BigInt(`0x${digits}`);
    demand(value <= BigInt(Number.MAX_SAFE_INTEGER), 'number-too-large');
    return Number(value);
  }

  enumerator(known: readonly number[]): number {
    const value = this.uint(1);
    demand(known.includes(value), 'unknown-value');
    return value;
  }

  opaque(width: number, limit: number = Infinity): Uint8Array {
    const length = this.uint(width);
    demand(length <= limit, 'vector-length');
    return this.fixed(length);
  }

  /** "a presence octet with a value other than 0 or 1 MUST be rejected as malformed" */
  optional<T>(read: () => T): T | undefined {
    return this.enumerator([0, 1]) === 1 ? read() : undefined;
  }

  /**
   * A count of elements that the bytes cannot hold is refused where it stands.
   * @param least bytes that every element has
   */
  vector<T>(width: number, least: number, read: () => T): T[] {
    const count = this.uint(width);
    demand(count * least <= this.#rest.length, 'truncated');
    return Array.from({ length: count }, read);
  }

  end(): void {
    demand(this.#rest.length === 0, 'trailing-bytes');
  }
}
