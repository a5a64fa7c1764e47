/** Binary ladders: against the draft's appendix code, for all versions below 200 and near 2^32. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  baseLadder,
  climbSearchLadder,
  interpretLadder,
  monitoringLadder,
  searchLadder,
  type ShownVersions,
} from '../../src/transparency/walks/ladder.js';
import { Refusal } from '../reference/encoding.js';
import * as reference from '../reference/keytrans-order.js';
import { outcome } from '../support/log-tree.js';
import { check } from '../support/property.js';

const MAX = 2 ** 32 - 1;
const below = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const shown = (left: Iterable<number> = [], right: Iterable<number> = []): ShownVersions => ({
  leftIncluded: new Set(left),
  rightAbsent: new Set(right),
});

/** Versions of every magnitude, and those beside powers of two. */
const anyVersion = fc.oneof(
  fc.integer({ min: 0, max: 100 }),
  fc.integer({ min: 0, max: MAX }),
  fc
    .tuple(fc.integer({ min: 2, max: 32 }), fc.integer({ min: -3, max: 3 }))
    .map(([power, more]) => Math.min(MAX, 2 ** power + more)),
);

/** A greatest version, or -1 for none: often beside the target. */
const greatestNear = (target: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: -1, max: 1 }).map((more) => Math.min(MAX, target + more)),
    fc.integer({ min: -1, max: MAX }),
    fc.constantFrom(-1, ...baseLadder(target)),
  );

const orAbsent = (greatest: number): number | undefined => (greatest === -1 ? undefined : greatest);

describe('the base ladder', () => {
  test.each([
    [0, [0, 1]],
    [1, [0, 1, 3, 2]],
    [2, [0, 1, 3, 2]],
    [6, [0, 1, 3, 7, 5, 6]],
  ])('of %i', (version, ladder) => {
    expect(baseLadder(version)).toEqual(ladder);
  });

  test('is that of the appendix, for all versions below 2,000', () => {
    for (const version of below(2000))
      expect(baseLadder(version)).toEqual(reference.baseBinaryLadder(version));
  });

  test('is that of the appendix up to 2^32 - 1', () => {
    check(
      fc.property(anyVersion, (version) => {
        expect(baseLadder(version)).toEqual(reference.baseBinaryLadder(version));
      }),
    );
  });

  test('holds the version and the next, each once, and at most 64', () => {
    check(
      fc.property(anyVersion, (version) => {
        const ladder = baseLadder(version);
        expect(ladder).toContain(version);
        expect(ladder.includes(version + 1)).toBe(version < MAX);
        expect(new Set(ladder).size).toBe(ladder.length);
        expect(ladder.length).toBeLessThanOrEqual(64);
        expect(ladder.every((lookup) => lookup <= MAX)).toBe(true);
      }),
    );
  });

  test('at the end of versions', () => {
    expect(baseLadder(MAX)).toEqual(Array.from({ length: 33 }, (_, i) => 2 ** i - 1));
    expect(baseLadder(MAX - 1)).toHaveLength(64);
    // The first whose next power of two less one leaves 31 bits.
    expect(baseLadder(2 ** 31 - 1)).toEqual(reference.baseBinaryLadder(2 ** 31 - 1));
    expect(baseLadder(2 ** 31 - 1).slice(-2)).toEqual([2 ** 31 + 1, 2 ** 31]);
  });
});

describe('the search ladder', () => {
  test('is that of the appendix, for all versions below 200', () => {
    for (const target of below(200)) {
      const ladders = below(200).map((greatest) => searchLadder(target, greatest));
      expect(ladders).toEqual(below(200).map((greatest) => reference.searchBinaryLadder(target, greatest)));
      // From the greatest version, as printed, it is the same.
      expect(ladders).toEqual(below(200).map((greatest) => reference.printedSearchLadder(target, greatest)));
    }
  });

  test('of a label that is absent is its version 0 alone', () => {
    for (const target of [0, 1, 6, 199, MAX]) {
      expect(searchLadder(target, undefined)).toEqual([0]);
      expect(reference.searchBinaryLadder(target, -1)).toEqual([0]);
    }
    // The printed code has no answer.
    expect(() => reference.printedSearchLadder(6, -1)).toThrow('list index out of range');
  });

  test('omits what was shown', () => {
    check(
      fc.property(
        anyVersion.chain((target) => fc.tuple(fc.constant(target), greatestNear(target))),
        fc.infiniteStream(fc.boolean()),
        ([target, greatest], choices) => {
          const chosen = baseLadder(target).filter(() => choices.next().value);
          const left = chosen.filter((version) => version <= greatest);
          const right = chosen.filter((version) => version > greatest);
          const ladder = searchLadder(target, orAbsent(greatest), shown(left, right));
          expect(ladder).toEqual(reference.searchBinaryLadder(target, greatest, left, right));
          if (greatest >= 0) {
            expect(ladder).toEqual(reference.printedSearchLadder(target, greatest, left, right));
          }
          const results = ladder.map((version) => version <= greatest);
          expect(interpretLadder(target, results, shown(left, right))).toEqual({
            verdict: reference.verdictOf(target, greatest),
            versions: ladder,
          });
        },
      ),
    );
  });

  test('of the worked example', () => {
    expect(searchLadder(2, 2)).toEqual([0, 1, 3, 2]);
    // At entry 12, after entry 11 to its left showed 0, 1 and 2.
    expect(searchLadder(2, 2, shown([0, 1, 2]))).toEqual([3]);
  });
});

test('the monitoring ladder is that of the appendix', () => {
  for (const target of below(200)) {
    expect(monitoringLadder(target)).toEqual(reference.monitoringBinaryLadder(target));
  }
  check(
    fc.property(anyVersion, (target) => {
      expect(monitoringLadder(target)).toEqual(reference.monitoringBinaryLadder(target));
    }),
  );
});

describe('the results of a ladder', () => {
  test('say where the greatest version is, for all versions below 60, and are complete', () => {
    for (const target of below(60)) {
      for (let greatest = -1; greatest < 60; greatest++) {
        const versions = searchLadder(target, orAbsent(greatest));
        const results = versions.map((version) => version <= greatest);
        expect(interpretLadder(target, results)).toEqual({ verdict: Math.sign(greatest - target), versions });
        expect(outcome(() => interpretLadder(target, results.slice(0, -1)))).toBe('ERR_LADDER_LENGTH');
        expect(outcome(() => interpretLadder(target, [...results, true]))).toBe('ERR_LADDER_LENGTH');
        expect(outcome(() => interpretLadder(target, [...results, false]))).toBe('ERR_LADDER_LENGTH');
      }
    }
  });

  test('of any kind are judged as by trial', () => {
    const verdict = (run: () => unknown): unknown => {
      try {
        return run();
      } catch (error) {
        return error instanceof Refusal ? error.reason : (error as { code: string }).code;
      }
    };
    const CODES: Record<string, string> = {
      ERR_LADDER_LENGTH: 'ladder-length',
      ERR_LADDER_CONFLICT: 'ladder-conflict',
    };
    const seen = new Set<string>();
    check(
      fc.property(
        fc.integer({ min: 0, max: 40 }),
        fc.array(fc.boolean(), { maxLength: 12 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 16 }), { maxLength: 4 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 16 }), { maxLength: 4 }),
        (target, results, left, right) => {
          const ours = verdict(() => interpretLadder(target, results, shown(left, right)));
          const theirs = verdict(() => reference.interpret(target, results, left, right));
          seen.add(typeof ours === 'string' ? ours : 'accepted');
          expect(typeof ours === 'string' ? CODES[ours] : ours).toEqual(theirs);
        },
      ),
    );
    expect([...seen].sort()).toEqual(['ERR_LADDER_CONFLICT', 'ERR_LADDER_LENGTH', 'accepted']);
  });

  test('are asked for one by one, and no more than needed', () => {
    const asked: number[] = [];
    const verdict = climbSearchLadder(6, (version) => {
      asked.push(version);
      return version < 3;
    });
    expect([verdict, asked]).toEqual([-1, [0, 1, 3]]);
    const failing = (): boolean => {
      throw new Error('no result left');
    };
    expect(() => climbSearchLadder(6, failing)).toThrow('no result left');
    expect(climbSearchLadder(1, failing, shown([0, 1], [3, 2]))).toBe(0);
  });
});

describe('a version shown on both sides', () => {
  const both = shown([3], [3]);

  test('is a conflict where the ladder meets it', () => {
    expect(outcome(() => interpretLadder(6, [true, true, false], both))).toBe('ERR_LADDER_CONFLICT');
    expect(outcome(() => searchLadder(6, 6, both))).toBe('ERR_LADDER_CONFLICT');
    expect(outcome(() => climbSearchLadder(6, () => true, both))).toBe('ERR_LADDER_CONFLICT');
  });

  test('is none where the ladder ends before, or does not hold it', () => {
    expect(interpretLadder(6, [true, false], both)).toEqual({ verdict: -1, versions: [0, 1] });
    expect(searchLadder(6, undefined, both)).toEqual([0]);
    expect(searchLadder(6, 6, shown([4], [4]))).toEqual([0, 1, 3, 7, 5, 6]);
  });
});

test('what was shown of one version says nothing of another', () => {
  // A log may have removed version 0 since; what follows from that is the ladder's usual verdict.
  expect(interpretLadder(6, [false], shown([1]))).toEqual({ verdict: -1, versions: [0] });
});

test.each<[name: string, run: () => unknown]>([
  ['version 2^32', () => baseLadder(2 ** 32)],
  ['version -1', () => baseLadder(-1)],
  ['half a version', () => monitoringLadder(0.5)],
  ['a target of 2^32', () => searchLadder(2 ** 32, 0)],
  ['a greatest version of 2^32', () => searchLadder(0, 2 ** 32)],
  ['a greatest version of -1', () => searchLadder(0, -1)],
  ['a target of NaN', () => interpretLadder(Number.NaN, [])],
  ['a target of 2^32, climbed', () => climbSearchLadder(2 ** 32, () => true)],
])('%s is refused', (_, run) => {
  expect(outcome(run)).toBe('ERR_ARGUMENT_RANGE');
});

test('what a greater version’s ladder looks up to a lesser version is in the ladder of that', () => {
  // So an owner who knows the lesser one’s ladder is sent no proof of a version that was there before.
  for (let greater = 0; greater <= 130; greater++) {
    for (let lesser = 0; lesser < greater; lesser++) {
      const known = new Set(baseLadder(lesser));
      expect(baseLadder(greater).filter((version) => version <= lesser && !known.has(version))).toEqual([]);
    }
  }
});
