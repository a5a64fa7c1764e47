/**
 * Joining sets of facts: two devices' records of one thing become one record, whichever comes first.
 */

import { encodeHex } from '../bytes/text.js';
import type { Device } from '../keys/device-list.js';

/** Scheme and key of a signing key: 2 bytes and the key. */
export function signingKeyBytes({ scheme, key }: Device['signingKey']): Uint8Array {
  return Uint8Array.of(Math.floor(scheme / 256), scheme % 256, ...key);
}

/** Text by which records are told apart and put in order: numbers first, padded. */
export function keyText(...parts: readonly (number | string | Uint8Array)[]): string {
  return parts
    .map((part) => {
      if (typeof part === 'number') return String(part).padStart(16, '0');
      return typeof part === 'string' ? part : encodeHex(part);
    })
    .join(':');
}

/** Two sets of records as one, sorted by key; records of one key are joined. */
export function joinSets<T>(
  a: readonly T[],
  b: readonly T[],
  keyOf: (record: T) => string,
  join: (x: T, y: T) => T,
): readonly T[] {
  const joined = new Map<string, T>();
  for (const record of [...a, ...b]) {
    const key = keyOf(record);
    const other = joined.get(key);
    joined.set(key, other === undefined ? record : join(other, record));
  }
  const sorted = [...joined].sort(([x], [y]) => (x < y ? -1 : 1));
  return Object.freeze(sorted.map(([, record]) => Object.freeze(record)));
}

/** The last `count` of a sorted set. */
export function newest<T>(records: readonly T[], count: number): readonly T[] {
  return records.length > count ? Object.freeze(records.slice(-count)) : records;
}

/** The one that comes later by these numbers, compared in order. */
export function later<T>(a: T, b: T, numbersOf: (record: T) => readonly number[]): T {
  const [x, y] = [numbersOf(a), numbersOf(b)];
  for (const [i, number] of x.entries()) {
    const other = y[i] ?? 0;
    if (number !== other) return number > other ? a : b;
  }
  return a;
}
