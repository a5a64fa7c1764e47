/**
 * Structures of the TLS presentation language, declared once and both read and written from the declaration.
 *
 *     struct { opaque id<1..32>; uint64 since; } Entry;
 *     const entry = struct({ id: opaque(1, 32), since: uint64 });
 *
 * Reading is strict: bounds, order and constants are checked where they stand, so that of several defects the
 * first in byte order is the one reported. What was read is frozen and owns its bytes.
 */

import { assertArray, assertObject } from './arguments.js';
import { ArgumentRangeError, DecodeError, UnsupportedError } from '../errors.js';
import { assertBytes } from './compare.js';
import { Reader } from './reader.js';
import { Writer } from './writer.js';

/** How one structure is read and written. */
export interface Codec<T> {
  /** The fewest bytes that a value takes, where it is known: what counts are held against. */
  readonly minBytes?: number;
  read(reader: Reader): T;
  write(writer: Writer, value: T): void;
}

/**
 * Reads one whole encoding.
 * @param structure its name, for errors
 * @param maxBytes its size limit, checked before anything else
 * @throws DecodeError any of its codes; what the codec itself throws
 */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array, structure: string, maxBytes: number): T {
  assertBytes(bytes, structure);
  if (bytes.length > maxBytes) throw new DecodeError('ERR_TOO_LARGE', structure, 0, `over ${maxBytes} bytes`);
  const reader = new Reader(bytes, structure);
  const value = codec.read(reader);
  reader.end();
  return value;
}

/**
 * Writes one value, fresh.
 * @param maxBytes the structure's size limit, so that nothing is written which would not be read
 * @throws argument errors where the value is outside its bounds
 */
export function encode<T>(codec: Codec<T>, value: T, maxBytes: number = Infinity): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  codec.write(writer, value);
  const bytes = writer.finish();
  if (bytes.length > maxBytes) throw new ArgumentRangeError(`an encoding is over ${maxBytes} bytes`);
  return bytes;
}

function uint(width: number): Codec<number> {
  return {
    minBytes: width,
    read: (reader) => reader.uint(width),
    write: (writer, value) => writer.uint(width, value),
  };
}

export const uint8: Codec<number> = /* @__PURE__ */ uint(1);
export const uint16: Codec<number> = /* @__PURE__ */ uint(2);
export const uint32: Codec<number> = /* @__PURE__ */ uint(4);
/** A uint64 as a `number`: refused above 2^53 - 1. */
export const uint64: Codec<number> = /* @__PURE__ */ uint(8);

/** An integer of `width` bytes with exactly one legal value; any other is refused as an unknown enum value. */
export function constant<const T extends number>(width: number, value: T): Codec<T> {
  return {
    read(reader) {
      const start = reader.offset;
      if (reader.uint(width) !== value) throw reader.error('ERR_ENUM', `must be ${value}`, start);
      return value;
    },
    write(writer, given) {
      if (given !== value) throw new ArgumentRangeError(`a constant field must be ${value}`);
      writer.uint(width, value);
    },
  };
}

/** A structure's version. Another one is `UnsupportedError` `ERR_VERSION`: news from the future, not damage. */
export function version<const T extends number>(width: number, value: T): Codec<T> {
  const known = constant(width, value);
  return {
    read(reader) {
      if (reader.uint(width) !== value) throw new UnsupportedError('ERR_VERSION', 'unknown version');
      return value;
    },
    write: known.write,
  };
}

/** `opaque value[length]`. */
export function fixedBytes(length: number): Codec<Uint8Array> {
  return {
    minBytes: length,
    read: (reader) => reader.bytes(length),
    write(writer, value) {
      assertBytes(value, 'a fixed-size field');
      if (value.length !== length)
        throw new ArgumentRangeError(`a fixed-size field must have ${length} bytes`);
      writer.bytes(value);
    },
  };
}

/** Bytes of a length prefix: as wide as the ceiling needs. */
function prefixWidth(ceiling: number): number {
  let width = 1;
  while (ceiling >= 256 ** width) width++;
  return width;
}

/** `opaque value<min..ceiling>`; `limit` is a lower one of ours, with a reason where it is declared. */
export function opaque(min: number, ceiling: number, limit: number = ceiling): Codec<Uint8Array> {
  const width = prefixWidth(ceiling);
  return {
    minBytes: width + min,
    read: (reader) => reader.bytes(reader.count(width, min, limit)),
    write(writer, value) {
      assertBytes(value, 'a byte field');
      writer.count(width, value.length, min, limit);
      writer.bytes(value);
    },
  };
}

/** Bounds of a vector. */
export interface VectorBounds {
  readonly min: number;
  /** The ceiling of the presentation language, which sets the width of the count. */
  readonly ceiling: number;
  /** A lower limit of ours, with a reason where it is declared. */
  readonly limit?: number;
  /**
   * Whether a count of more elements than the bytes can hold is refused where it stands, as `ERR_TRUNCATED`, before
   * any element is read. By default it is refused where the bytes end.
   */
  readonly upFront?: boolean;
}

/** `Element values<min..ceiling>`, the prefix counting elements. */
export function vector<T>(element: Codec<T>, bounds: VectorBounds): Codec<readonly T[]> {
  const { min, ceiling, limit = ceiling, upFront = false } = bounds;
  const width = prefixWidth(ceiling);
  const { minBytes = 0 } = element;
  return {
    minBytes: width + min * minBytes,
    read(reader) {
      const start = reader.offset;
      const count = reader.count(width, min, limit);
      if (upFront && count * minBytes > reader.left)
        throw reader.error('ERR_TRUNCATED', 'the bytes end before that many elements', start);
      const values: T[] = [];
      for (let i = 0; i < count; i++) values.push(reader.within(String(i), () => element.read(reader)));
      return Object.freeze(values);
    },
    write(writer, values) {
      assertArray(values, 'a vector field');
      writer.count(width, values.length, min, limit);
      for (const value of values as readonly T[]) element.write(writer, value);
    },
  };
}

/** A struct: its fields in the order they are written here. */
export function struct<T extends object>(
  fields: { readonly [K in keyof T]: Codec<T[K]> },
): Codec<Readonly<T>> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return {
    minBytes: names.reduce((sum, name) => sum + (fields[name].minBytes ?? 0), 0),
    read(reader) {
      const value = {} as T;
      for (const name of names) value[name] = reader.within(name, () => fields[name].read(reader));
      return Object.freeze(value);
    },
    write(writer, value) {
      assertObject(value, 'a struct');
      for (const name of names) fields[name].write(writer, value[name]);
    },
  };
}

/** A codec whose values have another shape in the program than on the wire. */
export function mapped<Wire, T>(
  wire: Codec<Wire>,
  toValue: (wire: Wire, reader: Reader, start: number) => T,
  toWire: (value: T) => Wire,
): Codec<T> {
  return {
    read(reader) {
      const start = reader.offset;
      return toValue(wire.read(reader), reader, start);
    },
    write: (writer, value) => wire.write(writer, toWire(value)),
  };
}
