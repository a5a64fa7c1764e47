/** The harness, on a clock that the contenders wind on themselves, so that its figures are known beforehand. */

import { expect, test } from 'vitest';
import { type Contender, digest, measure, type Task } from '../../bench/harness.js';

const OUTPUT = Uint8Array.of(1, 2, 3);

/** A task whose contenders take the milliseconds that `latency` says, and note each run. */
function timedTask(latency: Readonly<Record<string, (run: number) => number>>): {
  task: Task;
  now: () => number;
  log: string[];
} {
  let clock = 0;
  const log: string[] = [];
  const contenders = Object.entries(latency).map(([name, takes]): Contender => {
    let runs = 0;
    const run = (): Uint8Array => {
      log.push(name);
      clock += takes(runs++);
      return OUTPUT;
    };
    return { name, run, expected: digest(OUTPUT) };
  });
  const task = { title: 'task', unit: 'things', units: 10, baseline: 'a', contenders };
  return { task, now: () => clock, log };
}

test('a round runs every contender in turn, and another one begins in each', () => {
  const { task, now, log } = timedTask({ a: () => 1, b: () => 1, c: () => 1 });
  measure(task, { rounds: 3, timeMs: 0, now });
  expect(log.join('')).toBe('abc' + 'bca' + 'cab' + 'abc');
});

test('a contender runs until its time is up', () => {
  const { task, now, log } = timedTask({ a: () => 1, b: () => 4 });
  measure(task, { rounds: 1, timeMs: 8, now });
  expect(log.join('')).toBe(`${'a'.repeat(8)}bb${'bb'}${'a'.repeat(8)}`);
});

test('the first round does not count, and the median of the others does', () => {
  const { task, now } = timedTask({ a: (run) => [1000, 5, 9, 7][run] ?? Number.NaN, b: () => 2 });
  const [a, b] = measure(task, { rounds: 3, timeMs: 0, now });
  // 7 ms for 10 units.
  expect(a?.nanosecondsPerUnit).toBeCloseTo(700_000, 3);
  expect(a?.spread).toBeCloseTo(4 / 7, 9);
  expect(a?.rounds.map((nanoseconds) => Math.round(nanoseconds))).toEqual([500_000, 900_000, 700_000]);
  expect(b).toMatchObject({ name: 'b', spread: 0 });
});

test('of an even number of rounds it is the mean of the two in the middle', () => {
  const { task, now } = timedTask({ a: (run) => [0, 1, 2, 4, 100][run] ?? Number.NaN });
  expect(measure(task, { rounds: 4, timeMs: 0, now })[0]?.nanosecondsPerUnit).toBeCloseTo(300_000, 3);
});

test('checking an output takes none of the measured time', () => {
  let clock = 0;
  const checksum = (): string => {
    clock += 1e6;
    return 'right';
  };
  const run = (): Uint8Array => {
    clock += 3;
    return OUTPUT;
  };
  const contender: Contender = { name: 'a', run, checksum, expected: 'right' };
  const task = { title: 'task', unit: 'things', units: 1, baseline: 'a', contenders: [contender] };
  const [a] = measure(task, { rounds: 2, timeMs: 6, now: () => clock });
  expect(a?.nanosecondsPerUnit).toBeCloseTo(3e6, 3);
});

test('a result that is wrong once, in the last round, fails the measurement', () => {
  const { task, now } = timedTask({ a: () => 1, b: () => 1 });
  let runs = 0;
  const late: Contender = {
    name: 'late',
    run: () => (++runs === 4 ? Uint8Array.of(1, 2, 4) : OUTPUT),
    expected: digest(OUTPUT),
  };
  const contenders = [...task.contenders, late];
  expect(() => measure({ ...task, contenders }, { rounds: 2, timeMs: 0, now })).not.toThrow();
  runs = 0;
  expect(() => measure({ ...task, contenders }, { rounds: 3, timeMs: 0, now })).toThrow(
    'task: late computed a wrong result',
  );
});

test('what a contender throws is what is heard', () => {
  const failing: Contender = {
    name: 'failing',
    run: () => {
      throw new Error('no memory');
    },
    expected: digest(OUTPUT),
  };
  const task = { title: 'task', unit: 'things', units: 1, baseline: 'failing', contenders: [failing] };
  expect(() => measure(task, { rounds: 1, timeMs: 0 })).toThrow('no memory');
});
