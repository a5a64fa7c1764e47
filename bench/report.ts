/**
 * Results, as JSON for programs and as Markdown tables for people.
 */

import type { Kind } from './catalogue.js';
import type { Measurement, Schedule, Task } from './harness.js';
import type { Machine } from './machine.js';
import type { Growth } from './prefix-growth.js';
import { estimateWeek, spoken } from './week.js';

/** A measured task. */
export interface Result extends Pick<Task, 'title' | 'unit' | 'units' | 'baseline'> {
  readonly kind: Kind;
  readonly measurements: readonly Measurement[];
}

/** A whole run: what is written as JSON. */
export interface Report {
  readonly machine: Machine;
  /** Load of the machine before and after. */
  readonly load: readonly [before: number, after: number];
  readonly startedAt: string;
  readonly rounds: Schedule['rounds'];
  readonly timeMs: Schedule['timeMs'];
  /** Which time. */
  readonly clock: string;
  readonly results: readonly Result[];
  /** Of a prefix tree, where it was grown. */
  readonly growth?: Growth | undefined;
}

/** One task's table. */
export function taskTable({ title, unit, baseline, measurements }: Result): string {
  const base = measurements.find(({ name }) => name === baseline)?.nanosecondsPerUnit ?? Number.NaN;
  const rows = measurements.map(({ name, nanosecondsPerUnit, spread }) => [
    name,
    rate(nanosecondsPerUnit),
    duration(nanosecondsPerUnit),
    (base / nanosecondsPerUnit).toFixed(2),
    `${(100 * spread).toFixed(0)} %`,
  ]);
  return `**${title}**\n\n${table(['', `${unit} a second`, 'each', `× ${baseline}`, 'spread'], rows)}`;
}

/** Everything. */
export function markdown(report: Report): string {
  const { machine, load, startedAt, rounds, timeMs, clock, results } = report;
  const head = [
    `${machine.processor}, ${machine.processors} processors, ${machine.system}`,
    `${machine.runtime}, commit ${machine.commit}, ${startedAt}`,
    `Medians of ${rounds} interleaved rounds of ${timeMs} ms or one run, after one to warm up; one thread; ${clock}; load of ` +
      `the machine ${load[0]} before, ${load[1]} after. Spread: slowest round less fastest, of the median. Quote ` +
      'ratios of one run: absolute figures move with the machine.',
  ];
  const week = weekTable(results);
  return `${[...head, ...results.map(taskTable), ...(week === undefined ? [] : [week])].join('\n\n')}\n`;
}

/** What a week of two billion entries takes, where leaves and trees were measured. */
export function weekTable(results: readonly Result[]): string | undefined {
  const estimates = estimateWeek(results);
  if (estimates.length === 0) return undefined;
  const rows = estimates.map(({ name, seconds, times }) => [
    name,
    spoken(seconds),
    `${threeDigits(times)} × two billion a week`,
  ]);
  return `**A week of two billion entries, leaves and tree, on one thread, takes**\n\n${table(['', 'takes', 'so it keeps up with'], rows)}`;
}

/** A Markdown table; all columns but the first are aligned to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** `9.31 M`, `24.3 k`, `187`. */
function rate(nanoseconds: number): string {
  const perSecond = 1e9 / nanoseconds;
  if (perSecond >= 1e6) return `${threeDigits(perSecond / 1e6)} M`;
  return perSecond >= 1e3 ? `${threeDigits(perSecond / 1e3)} k` : threeDigits(perSecond);
}

/** Nanoseconds in the unit that suits them. */
export function duration(nanoseconds: number): string {
  if (nanoseconds >= 1e6) return `${threeDigits(nanoseconds / 1e6)} ms`;
  return nanoseconds >= 1e3 ? `${threeDigits(nanoseconds / 1e3)} µs` : `${threeDigits(nanoseconds)} ns`;
}

/** The digits that count, and never an exponent. */
function threeDigits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
