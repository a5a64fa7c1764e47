/** Distinguished and expired entries: against the draft's recursion, and the claims of its appendix as laws. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isExpired } from '../../src/transparency/walks/distinguished.js';
import { isDistinguished, rightmostDistinguished } from './distinguished-of.js';
import { directPath, frontier } from '../../src/transparency/walks/search-tree.js';
import * as reference from '../reference/keytrans-order.js';
import { outcome } from '../support/log-tree.js';
import { check } from '../support/property.js';

const MAX = Number.MAX_SAFE_INTEGER;

/** Logs with gaps of very different lengths, many of them none, and a window that fits them. */
const anyLog = fc.record({
  timestamps: fc
    .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 2000 })), {
      minLength: 1,
      maxLength: 150,
    })
    .map((gaps) => {
      let now = 0;
      return gaps.map((gap) => (now += gap));
    }),
  window: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 5000 })),
});

interface Log {
  readonly timestamps: readonly number[];
  readonly window: number;
}

const at =
  (timestamps: readonly number[]) =>
  (position: number): number =>
    timestamps[position] as number;
const all = ({ timestamps, window }: Log): number[] =>
  timestamps.flatMap((_, position) =>
    isDistinguished(position, timestamps.length, window, at(timestamps)) ? [position] : [],
  );
const rightmost = ({ timestamps, window }: Log): number | undefined =>
  rightmostDistinguished(timestamps.length, window, at(timestamps));

describe('distinguished entries', () => {
  test('are those of the recursive algorithm', () => {
    check(
      fc.property(anyLog, (log) => {
        const expected = reference.distinguished(log.timestamps, log.window);
        expect(all(log)).toEqual(expected);
        expect(rightmost(log)).toBe(expected.at(-1));
      }),
    );
  });

  test('of evenly spaced logs, for all sizes to 300 and some windows', () => {
    for (const window of [0, 1, 7, 8, 50]) {
      for (let size = 1; size <= 300; size += window === 0 ? 50 : 7) {
        const log = { timestamps: Array.from({ length: size }, (_, i) => 1000 + i), window };
        expect(all(log)).toEqual(reference.distinguished(log.timestamps, window));
      }
    }
  });

  test('ask for ancestors and the last entry only, from the root down', () => {
    check(
      fc.property(anyLog, fc.nat(), ({ timestamps, window }, any) => {
        const size = timestamps.length;
        const position = any % size;
        const asked: number[] = [];
        const remember = (entry: number): number => {
          asked.push(entry);
          return at(timestamps)(entry);
        };
        const isOne = isDistinguished(position, size, window, remember);
        const path = directPath(position, size).reverse();
        expect(asked).toEqual([size - 1, ...path.slice(0, asked.length - 1)]);
        // What is asked for is distinguished itself: the question ends at the first that is not.
        const distinguished = reference.distinguished(timestamps, window);
        expect(asked.slice(1).every((entry) => distinguished.includes(entry))).toBe(true);
        if (isOne) expect(asked).toHaveLength(1 + path.length);
      }),
    );
  });

  test('ask on the frontier only for the rightmost', () => {
    check(
      fc.property(anyLog, ({ timestamps, window }) => {
        const asked: number[] = [];
        rightmostDistinguished(timestamps.length, window, (position) => {
          asked.push(position);
          return at(timestamps)(position);
        });
        const entries = frontier(timestamps.length);
        expect(asked).toEqual([timestamps.length - 1, ...entries.slice(0, asked.length - 1)]);
      }),
    );
  });

  test('stay distinguished while the log grows', () => {
    check(
      fc.property(anyLog, fc.nat(), ({ timestamps, window }, any) => {
        const earlier = all({ timestamps: timestamps.slice(0, 1 + (any % timestamps.length)), window });
        const later = all({ timestamps, window });
        expect(earlier.filter((position) => !later.includes(position))).toEqual([]);
      }),
    );
  });

  test('have distinguished ancestors, the rightmost on the frontier and not expired', () => {
    check(
      fc.property(anyLog, fc.integer({ min: 1, max: 1000 }), (log, more) => {
        const { timestamps, window } = log;
        const found = all(log);
        for (const position of found) {
          expect(directPath(position, timestamps.length).filter((above) => !found.includes(above))).toEqual(
            [],
          );
        }
        const last = rightmost(log);
        if (last === undefined) return;
        expect(frontier(timestamps.length)).toContain(last);
        expect(isExpired(at(timestamps)(last), at(timestamps)(timestamps.length - 1), window + more)).toBe(
          false,
        );
      }),
    );
  });

  test('are all entries where the window is 0', () => {
    check(
      fc.property(anyLog, ({ timestamps }) => {
        expect(all({ timestamps, window: 0 })).toHaveLength(timestamps.length);
      }),
    );
  });

  test('are bounded by exactly the window', () => {
    const log = { timestamps: [0, 3, 5, 8], window: 8 };
    expect(all(log)).toEqual([1, 3]);
    expect(all({ ...log, window: 9 })).toEqual([]);
    expect(rightmost({ ...log, window: 9 })).toBeUndefined();
  });

  test('of the worked example', () => {
    // "T_12 - T_7 is greater than or equal to the Reasonable Monitoring Window while T_12 - T_11 is less than it"
    const timestamps = [10, 11, 12, 13, 14, 15, 16, 20, 21, 22, 23, 25, 30];
    const log = { timestamps, window: 10 };
    expect(rightmost(log)).toBe(11);
    expect(all(log)).toContain(7);
  });

  test('of the largest log take some fifty questions', () => {
    let asked = 0;
    const timestampOf = (position: number): number => {
      asked++;
      return Math.floor(position / 2 ** 10);
    };
    expect(isDistinguished(MAX - 3, MAX, 1, timestampOf)).toBe(false);
    expect(isDistinguished(0, MAX, 2 ** 20, timestampOf)).toBe(false);
    const rightmostOne = rightmostDistinguished(MAX, 2 ** 20, timestampOf) as number;
    // Its left bound, its predecessor on the frontier, is the window away from the end; it itself is not.
    const before = frontier(MAX)[frontier(MAX).indexOf(rightmostOne) - 1] as number;
    expect(timestampOf(MAX - 1) - timestampOf(before)).toBeGreaterThanOrEqual(2 ** 20);
    expect(timestampOf(MAX - 1) - timestampOf(rightmostOne)).toBeLessThan(2 ** 20);
    expect(asked).toBeLessThan(350);
  });

  test('whose timestamps cannot be had are an error that passes through', () => {
    const failing = (): number => {
      throw new Error('no timestamp left');
    };
    expect(() => isDistinguished(0, 5, 1, failing)).toThrow('no timestamp left');
    expect(() => rightmostDistinguished(5, 1, failing)).toThrow('no timestamp left');
  });
});

describe('expiry', () => {
  test.each<[name: string, entry: number, last: number, lifetime: number | undefined, expired: boolean]>([
    ['one millisecond short', 1000, 1999, 1000, false],
    ['exactly the lifetime', 1000, 2000, 1000, true],
    ['longer', 1000, 2001, 1000, true],
    ['no lifetime', 0, MAX, undefined, false],
    ['the whole of time', 0, MAX, MAX, true],
    ['the last entry itself', 2000, 2000, 1, false],
  ])('%s', (_, entry, last, lifetime, expired) => {
    expect(isExpired(entry, last, lifetime)).toBe(expired);
    expect(reference.expired(entry, last, lifetime ?? null)).toBe(expired);
  });
});

const never = (): number => expect.unreachable('asked');

test.each<[name: string, run: () => unknown]>([
  ['an entry that is not there', () => isDistinguished(5, 5, 1, never)],
  ['a log of no entries', () => rightmostDistinguished(0, 1, never)],
  ['a window below 0', () => isDistinguished(0, 5, -1, never)],
  ['a window of NaN', () => rightmostDistinguished(5, Number.NaN, never)],
  ['a window of a fraction', () => rightmostDistinguished(5, 0.5, never)],
  ['a lifetime below 0', () => isExpired(0, 0, -1)],
  ['a timestamp of NaN', () => isExpired(Number.NaN, 0, 1)],
  ['a last timestamp of 2^53', () => isExpired(0, 2 ** 53, 1)],
])('%s is refused', (_, run) => {
  expect(outcome(run)).toBe('ERR_ARGUMENT_RANGE');
});
