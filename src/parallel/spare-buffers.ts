/**
 * Buffers that travel to a worker and back, to be filled again. Fresh ones would be garbage by the hundred
 * megabytes a second, and how much of it stands around is the collector's affair; this way a stream's memory is
 * bounded by what is under way. It also saves a few percent of the time.
 */

/** Buffers of one size. */
export interface SpareBuffers {
  /** A copy of these bytes, in a spare buffer where there is one of their size. */
  copy(bytes: Uint8Array): Uint8Array;
  /** Takes back a buffer that nobody reads any more. */
  keep(buffer: Uint8Array): void;
}

/**
 * @param size bytes of a buffer that is worth keeping
 * @param most buffers that are kept
 */
export function createSpareBuffers(size: number, most: number): SpareBuffers {
  const spare: Uint8Array[] = [];
  return {
    copy(bytes: Uint8Array): Uint8Array {
      const buffer = bytes.length === size ? spare.pop() : undefined;
      if (buffer === undefined) return new Uint8Array(bytes);
      buffer.set(bytes);
      return buffer;
    },
    keep(buffer: Uint8Array): void {
      if (buffer.length === size && spare.length < most) spare.push(buffer);
    },
  };
}
