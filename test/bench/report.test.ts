/** What a run writes down, and what it says about a week. */

import { expect, test } from 'vitest';
import type { Measurement } from '../../bench/harness.js';
import { describeMachine } from '../../bench/machine.js';
import { markdown, type Report, taskTable, weekTable } from '../../bench/report.js';
import { spoken } from '../../bench/week.js';

const measurement = (name: string, nanosecondsPerUnit: number): Measurement => ({
  name,
  nanosecondsPerUnit,
  spread: 0.125,
  rounds: [nanosecondsPerUnit],
});

const leaves = {
  kind: 'leaves' as const,
  title: 'Leaves',
  unit: 'leaves',
  units: 8,
  baseline: 'slow',
  measurements: [measurement('fast', 50), measurement('slow', 2000), measurement('leaves only', 1)],
};
const tree = { ...leaves, kind: 'tree' as const, title: 'Tree', unit: 'nodes' };
const nodes = [measurement('slow', 1000), measurement('fast', 100)];

test('a table has rates, durations and ratios to the baseline', () => {
  expect(taskTable(leaves)).toBe(
    [
      '**Leaves**',
      '',
      '|  | leaves a second | each | × slow | spread |',
      '| --- | ---: | ---: | ---: | ---: |',
      '| fast | 20.0 M | 50.0 ns | 40.00 | 13 % |',
      '| slow | 500 k | 2.00 µs | 1.00 | 13 % |',
      '| leaves only | 1000 M | 1.00 ns | 2000.00 | 13 % |',
    ].join('\n'),
  );
});

test('a week is two billion leaves and as many nodes, of who hashed both', () => {
  const table = weekTable([leaves, { ...tree, measurements: nodes }]);
  // (50 + 100) ns × 2e9 = 300 s, of 604,800 s in a week.
  expect(table).toContain('| fast | 5 min 0 s | 2016 × two billion a week |');
  expect(table).toContain('| slow | 1 h 40 min | 101 × two billion a week |');
  expect(table).not.toContain('leaves only');
  expect(weekTable([leaves])).toBeUndefined();
});

test.each([
  [9.4, '9 s'],
  [59.6, '1 min 0 s'],
  [3599.6, '1 h 0 min'],
  [90_000, '25 h 0 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(spoken(seconds)).toBe(text);
});

test('a report names machine, runtime, commit and load', () => {
  const machine = describeMachine();
  const report: Report = {
    machine,
    load: [0.5, 1.5],
    startedAt: '2026-01-01T00:00:00.000Z',
    rounds: 7,
    timeMs: 100,
    clock: 'time on the wall',
    results: [leaves, { ...tree, measurements: nodes }],
  };
  const text = markdown(report);
  expect(machine.runtime).toContain(process.versions.node);
  for (const part of [
    machine.processor,
    machine.runtime,
    machine.commit,
    'time on the wall',
    '0.5 before, 1.5 after',
  ]) {
    expect(text).toContain(part);
  }
  expect(text).toContain('**Leaves**');
  expect(text).toContain('**A week of two billion entries');
});
