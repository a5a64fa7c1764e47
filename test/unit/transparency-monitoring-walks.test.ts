/**
 * What the walks of monitoring, owners and updates ask, and in which order: that order is the wire format. Logs here
 * are lists of timestamps and of the greatest version in each entry.
 */

import { describe, expect, test } from 'vitest';
import { walkIsDistinguished } from '../../src/transparency/walks/distinguished.js';
import { recentBy, walkDistinguishedHeads } from '../../src/transparency/walks/distinguished-heads.js';
import { walkGreatestVersion } from '../../src/transparency/walks/greatest-version-search.js';
import { walkLabelUpdate } from '../../src/transparency/walks/label-update.js';
import { climbSearchLadder } from '../../src/transparency/walks/ladder.js';
import { walkMonitoring } from '../../src/transparency/walks/monitoring.js';
import { walkOwnerInitialization, walkOwnerMonitoring } from '../../src/transparency/walks/owner-walks.js';
import { type ProofSource, type Walk, walkThrough } from '../../src/transparency/walks/walk.js';
import { codeOf } from './client-world.js';

/** A log: entry i has timestamp 10 i where nothing else is said, and so many versions of the label. */
interface Toy {
  readonly size: number;
  readonly greatestAt: (position: number) => number;
  /** How many looks it grants where the walk asks whether it is over. */
  readonly looks?: number;
  /** The only entry before which it says that it is over. */
  readonly endsAt?: number;
  /** Milliseconds; absent for 10 for each position. */
  readonly times?: readonly number[];
}

/**
 * Runs a walk, and says what it asked for: a timestamp the first time, look-ups as `position:versions`, a ladder that
 * leaves out what others have shown as `position~versions`.
 */
function run<Result>(toy: Toy, walk: Walk<Result>): { readonly result: Result; readonly asked: string } {
  const asked: string[] = [];
  const known = new Set<number>();
  let looks = 0;
  const holds = (position: number, version: number): boolean => version <= toy.greatestAt(position);
  const source: ProofSource = {
    timestamp(position) {
      if (!known.has(position)) asked.push(`t${position}`);
      known.add(position);
      return toy.times?.[position] ?? 10 * position;
    },
    searchLadder(position, target, omit) {
      looks++;
      const looked: number[] = [];
      const verdict = climbSearchLadder(target, (version) => {
        looked.push(version);
        return holds(position, version);
      });
      asked.push(`${position}${omit ? '~' : ':'}${looked.join(',')}`);
      return verdict;
    },
    lookUps(position, versions) {
      looks++;
      asked.push(`${position}:${versions.join(',')}`);
      return versions.map((version) => holds(position, version));
    },
    assumedLadder: (position, target, greatest) =>
      void asked.push(`assume ${position}:${target}/${String(greatest)}`),
    isOver: (position) => position === toy.endsAt || looks >= (toy.looks ?? Infinity),
  };
  return { result: walkThrough(walk, source), asked: asked.join(' ') };
}

/** Fourteen entries 10 ms apart, and fourteen some of which came together. */
const EVEN = Array.from({ length: 14 }, (_, i) => 10 * (i + 1));
const UNEVEN = [0, 0, 5, 30, 30, 30, 42, 70, 70, 75, 90, 90, 120, 150];
const WINDOWS = [0, 1, 10, 20, 30, 40, 50, 60, 70, 80, 81, 100, 140, 150, 151];

/** Each entry on its own: whether it is distinguished. */
const distinguishedIn = (toy: Toy, windowMs: number): readonly number[] =>
  Array.from({ length: toy.size }, (_, position) => position).filter(
    (position) => run(toy, walkIsDistinguished(position, toy.size, windowMs)).result,
  );

const map = (...pairs: readonly (readonly [position: number, version: number])[]) =>
  pairs.map(([position, version]) => ({ position, version }));

describe('a search for the greatest version', () => {
  test('ends with the first entry that has a greater one, though the last has not', () => {
    const toy: Toy = { size: 14, greatestAt: (position) => (position === 7 ? 6 : 5) };
    expect(codeOf(() => run(toy, walkGreatestVersion(14, 1_000, 5)))).toBe('ERR_GREATEST_VERSION');
  });

  test('lets each ladder leave out what others have shown', () => {
    const toy: Toy = { size: 14, greatestAt: () => 1 };
    expect(run(toy, walkGreatestVersion(14, 1_000, 1)).asked).toBe(
      't13 t7 7~0,1,3,2 t11 11~0,1,3,2 13~0,1,3,2',
    );
  });
});

describe('monitoring', () => {
  const settings = (treeSize: number, windowMs: number, ownerStart?: number) => ({
    treeSize,
    windowMs,
    ownerStart,
  });
  const five: Toy = { size: 14, greatestAt: () => 5 };

  test('climbs to the right, from the rightmost entry on, and moves what it found', () => {
    const { result, asked } = run(five, walkMonitoring(settings(14, 1_000), map([2, 4], [8, 5])));
    expect(asked).toBe('t13 t9 9:0,1,3,5 t11 11:0,1,3,5 t3 3:0,1,3,4 t7 7:0,1,3,4');
    expect(result).toEqual(map([7, 4], [11, 5]));
  });

  test('ends with a distinguished entry, which it looks into', () => {
    // 130 ms: of a window of 100 only 7 is distinguished, whose path is none.
    const { result, asked } = run(five, walkMonitoring(settings(14, 100), map([2, 4])));
    expect(asked).toBe('t13 t7 t3 3:0,1,3,4 7:0,1,3,4');
    expect(result).toEqual([]);
  });

  test('leaves the distinguished entry to an owner’s own walk, from the start on', () => {
    const later = run(five, walkMonitoring(settings(14, 100, 0), map([2, 4])));
    expect(later.asked).toBe('t13 t7 t3 3:0,1,3,4');
    expect(later.result).toEqual([]);
    expect(run(five, walkMonitoring(settings(14, 100, 2), map([2, 4]))).asked).toBe('t13 t7 t3 3:0,1,3,4');
    const before = run(five, walkMonitoring(settings(14, 100, 3), map([2, 4])));
    expect(before.asked).toBe('t13 t7 t3 3:0,1,3,4 7:0,1,3,4');
  });

  test('leaves only the distinguished entry to an owner, however long the path', () => {
    const { result, asked } = run(five, walkMonitoring(settings(14, 100, 0), map([0, 4])));
    expect(asked).toBe('t13 t7 t1 1:0,1,3,4 t3 3:0,1,3,4');
    expect(result).toEqual([]);
  });

  test('drops what is in a distinguished entry', () => {
    expect(run(five, walkMonitoring(settings(14, 100), map([7, 4])))).toEqual({ result: [], asked: 't13' });
  });

  test('drops a lesser version where a greater one was shown', () => {
    const { result, asked } = run(five, walkMonitoring(settings(14, 1_000), map([8, 4], [10, 5])));
    expect(asked).toBe('t13 t11 11:0,1,3,5 t9 9:0,1,3,4');
    expect(result).toEqual(map([11, 5]));
  });

  test('keeps the greater version of an entry that the lesser comes up to', () => {
    const { result, asked } = run(five, walkMonitoring(settings(14, 1_000), map([8, 4], [11, 5])));
    expect(asked).toBe('t13 t9 9:0,1,3,4 t11 11:0,1,3,4');
    expect(result).toEqual(map([11, 5]));
  });

  test.each([
    ['at an entry that showed a lesser one', map([8, 5], [10, 4])],
    ['at an entry that showed the same', map([8, 4], [10, 4])],
    ['at an entry that a lesser one has not moved from', map([8, 5], [11, 4])],
    ['at an entry that the same has not moved from', map([8, 4], [11, 4])],
  ])('refuses a version %s', (_, entries) => {
    expect(codeOf(() => run(five, walkMonitoring(settings(14, 1_000), entries)))).toBe(
      'ERR_MONITORED_VERSION',
    );
  });

  test('refuses an entry that lacks the version, or one below it', () => {
    const gone: Toy = { size: 14, greatestAt: (position) => (position === 9 ? 3 : 5) };
    expect(codeOf(() => run(gone, walkMonitoring(settings(14, 1_000), map([8, 4]))))).toBe(
      'ERR_MONITORED_VERSION',
    );
  });
});

describe('an owner', () => {
  const policy = { reasonableMonitoringWindowMs: 50, maximumLifetimeMs: undefined };
  const toy: Toy = { size: 32, greatestAt: (position) => Math.floor(position / 4) };

  test('begins with the start, then the ancestors to the left, the nearest first', () => {
    const walk = walkOwnerInitialization(32, policy, 27, (position) => Math.floor(position / 4));
    const { result, asked } = run(toy, walk);
    expect(result).toEqual([
      { position: 27, greatest: 6 },
      { position: 23, greatest: 5 },
      { position: 15, greatest: 3 },
    ]);
    expect(asked).toBe('t31 t15 t23 t27 27:0,1,3,7,5,6 23:0,1,3,7,5,6 15:0,1,3,7,5,4');
  });

  test('stops before the first that has expired', () => {
    const walk = walkOwnerInitialization(32, { ...policy, maximumLifetimeMs: 160 }, 27, (at) =>
      Math.floor(at / 4),
    );
    expect(run(toy, walk).result.map(({ position }) => position)).toEqual([27, 23]);
  });

  test('looks for version 0 alone where the label is not there', () => {
    const none: Toy = { size: 32, greatestAt: () => -1 };
    const { asked } = run(
      none,
      walkOwnerInitialization(32, policy, 15, () => undefined),
    );
    expect(asked).toBe('t31 t15 15:0');
    const some: Toy = { size: 32, greatestAt: () => 0 };
    expect(
      codeOf(() =>
        run(
          some,
          walkOwnerInitialization(32, policy, 15, () => undefined),
        ),
      ),
    ).toBe('ERR_GREATEST_VERSION');
  });

  test.each([4, 6])('refuses version %i where 5 is', (claimed) => {
    const walk = walkOwnerInitialization(32, policy, 23, () => claimed);
    expect(codeOf(() => run(toy, walk))).toBe('ERR_GREATEST_VERSION');
  });

  test('looks into distinguished entries to the right of the start, from left to right, as far as it goes', () => {
    const walk = (): ReturnType<typeof walkOwnerMonitoring> =>
      walkOwnerMonitoring(32, 50, 15, (position) => Math.floor(position / 4));
    const whole = run(toy, walk());
    expect(whole.asked).toMatch(/^t31 t15 t23 t19/);
    expect(whole.result.isPartial).toBe(false);
    const positions = [...whole.asked.matchAll(/ (\d+):/g)].map(([, position]) => Number(position));
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(positions.at(-1)).toBe(whole.result.verified);
    expect(Math.min(...positions)).toBeGreaterThan(15);
    const part = run({ ...toy, looks: 1 }, walk());
    expect(part.result).toEqual({ verified: positions[0], isPartial: true });
    expect(run({ ...toy, looks: 0 }, walk()).result).toEqual({ verified: 15, isPartial: true });
    expect(run({ ...toy, looks: positions.length }, walk()).result.isPartial).toBe(false);
  });
});

describe('an owner’s monitoring', () => {
  const nothing = (): undefined => undefined;
  const none: Toy = { size: 14, greatestAt: () => -1 };
  const looked = (toy: Toy, windowMs: number, start: number): readonly number[] => {
    const { asked } = run(toy, walkOwnerMonitoring(toy.size, windowMs, start, nothing));
    return [...asked.matchAll(/(?:^| )(\d+):/g)].map(([, position]) => Number(position));
  };

  test.each(WINDOWS)(
    'looks into each distinguished entry to the right of the start: window %i',
    (windowMs) => {
      for (const times of [EVEN, UNEVEN]) {
        const toy = { ...none, times };
        const distinguished = distinguishedIn(toy, windowMs);
        for (const start of distinguished) {
          expect(looked(toy, windowMs, start)).toEqual(distinguished.filter((position) => position > start));
        }
      }
    },
  );

  test('asks for no more once it is over', () => {
    // From 7 on at a window of 0 the next are 8 to 13, in that order; the walk ends before 9, an ancestor of 10.
    const { result, asked } = run({ ...none, endsAt: 9 }, walkOwnerMonitoring(14, 0, 7, nothing));
    expect(result).toEqual({ verified: 8, isPartial: true });
    expect(asked).toBe('t13 t7 t11 t9 t8 8:0');
  });
});

describe('an update', () => {
  const inserted = {
    position: 13,
    previousGreatest: 5 as number | undefined,
    previousPosition: 8,
    versions: [6],
    greatestAt: (position: number) => (position < 8 ? 4 : 5),
  };
  const toy: Toy = { size: 14, greatestAt: (position) => (position < 8 ? 4 : position < 13 ? 5 : 6) };

  test('searches the previous tree, of which distinguished entries are the owner’s to monitor', () => {
    // The previous tree is 0 … 12, its frontier 7, 11, 12; of a window of 100 only 7 is distinguished.
    const { result, asked } = run(toy, walkLabelUpdate(14, 100, inserted));
    expect(asked).toBe('t13 t7 t11 11~0,1,3,7,5,6 t12 12~0,1,3,7,5,6 13~0,1,3,7,5,6');
    expect(result).toEqual({ isDistinguished: false });
  });

  test('passes over entries that the owner has looked into, as if it had again', () => {
    const { asked } = run(toy, walkLabelUpdate(14, 1_000, { ...inserted, previousPosition: 11 }));
    expect(asked).toBe('t13 assume 7:5/4 assume 11:5/5 t12 12~0,1,3,7,5,6 13~0,1,3,7,5,6');
  });

  test('of a first version expects none before', () => {
    const first = { ...inserted, previousGreatest: undefined, versions: [0], greatestAt: () => undefined };
    const none: Toy = { size: 14, greatestAt: (position) => (position < 13 ? -1 : 0) };
    const { asked } = run(none, walkLabelUpdate(14, 1_000, first));
    expect(asked).toBe('t13 t7 7~0 t11 11~0 t12 12~0 13~0,1');
  });

  test('looks for versions that the ladder passes over', () => {
    const many = { ...inserted, versions: [6, 7, 8, 9, 10] };
    const more: Toy = { size: 14, greatestAt: (position) => (position < 13 ? 5 : 10) };
    expect(run(more, walkLabelUpdate(14, 1_000, many)).asked).toMatch(/ 13~0,1,3,7,15,11,9,10 13:6,8$/);
    // In a distinguished entry only for these: owners look into it in time.
    expect(run(more, walkLabelUpdate(14, 0, many))).toEqual({
      result: { isDistinguished: true },
      asked: 't13 t7 t11 13:6,8',
    });
    expect(run(toy, walkLabelUpdate(14, 0, inserted)).asked).toBe('t13 t7 t11');
  });

  test('refuses another version before, another after, and one that is not there', () => {
    const before: Toy = { size: 14, greatestAt: (position) => (position < 12 ? 5 : 6) };
    expect(codeOf(() => run(before, walkLabelUpdate(14, 1_000, inserted)))).toBe('ERR_GREATEST_VERSION');
    const after: Toy = { size: 14, greatestAt: (position) => (position < 13 ? 5 : 7) };
    expect(codeOf(() => run(after, walkLabelUpdate(14, 1_000, inserted)))).toBe('ERR_GREATEST_VERSION');
    const many = { ...inserted, versions: [6, 7, 8, 9, 10] };
    const absent: Toy = { size: 14, greatestAt: (position) => (position < 13 ? 5 : 7) };
    expect(codeOf(() => run(absent, walkLabelUpdate(14, 0, many)))).toBe('ERR_UPDATED_VERSION');
  });

  test('into the first log entry has no previous tree', () => {
    const only: Toy = { size: 1, greatestAt: () => 0 };
    const first = { ...inserted, position: 0, previousGreatest: undefined, versions: [0] };
    expect(run(only, walkLabelUpdate(1, 1_000, first)).asked).toBe('t0 0~0,1');
  });
});

describe('distinguished heads', () => {
  const toy: Toy = { size: 32, greatestAt: () => 0 };
  const walk = (stop: number | undefined, count: number) =>
    run(toy, walkDistinguishedHeads(32, 50, stop, recentBy({ count }, undefined)));

  test('are met from right to left; the timestamp of each that a step reaches is asked for', () => {
    const { result, asked } = walk(undefined, 255);
    const positions = result.map(({ position }) => position);
    expect(positions).toEqual([...positions].sort((a, b) => b - a));
    expect(asked).toMatch(/^t31 t15 t23 t27/);
    expect(asked.split(' ')).toHaveLength(new Set([31, ...positions]).size);
  });

  test.each(WINDOWS)('are all distinguished entries, and no others: window %i', (windowMs) => {
    for (const times of [EVEN, UNEVEN]) {
      const uneven = { ...toy, size: 14, times };
      const { result } = run(
        uneven,
        walkDistinguishedHeads(14, windowMs, undefined, () => true),
      );
      expect(result.map(({ position }) => position).reverse()).toEqual(distinguishedIn(uneven, windowMs));
    }
  });

  test('end with the first that is not recent, whatever is said of those to its left', () => {
    const { result, asked } = run(
      { ...toy, size: 14 },
      walkDistinguishedHeads(14, 0, undefined, ({ position }) => position !== 12),
    );
    expect(result.map(({ position }) => position)).toEqual([13]);
    expect(asked).toBe('t13 t7 t11 t12');
  });

  test('need a definition of recent', () => {
    for (const recent of [10, 'ten', null, undefined]) {
      expect(codeOf(() => recentBy(recent as never, undefined))).toBe('ERR_ARGUMENT_TYPE');
    }
  });

  test('end at the stop and at the count', () => {
    const all = walk(undefined, 255).result.map(({ position }) => position);
    expect(walk(undefined, 2).result.map(({ position }) => position)).toEqual(all.slice(0, 2));
    expect(walk(all[2], 255).result.map(({ position }) => position)).toEqual(all.slice(0, 2));
    expect(walk((all[2] as number) - 1, 255).result.map(({ position }) => position)).toEqual(all.slice(0, 3));
  });
});
