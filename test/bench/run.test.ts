/** Runs the built benchmark as a user does. `npm test` builds it first. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Report } from '../../bench/report.js';
import { ROOT } from '../support/modules.js';

const out = mkdtempSync(join(tmpdir(), 'bench-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

function run(...flags: string[]): { status: number | null; stdout: string; stderr: string } {
  const program = join(ROOT, 'build/bench/run.js');
  return spawnSync(process.execPath, [program, '--quick', '--out', out, ...flags], {
    cwd: ROOT,
    encoding: 'utf8',
  });
}

test('a run of some tasks prints them and writes JSON and Markdown where it is told', () => {
  const { status, stdout, stderr } = run('--only', 'nodes');
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).toContain('**Nodes, 16 at a time**');
  expect(stdout).not.toContain('**Leaves');

  const stem = `node-${process.versions.node}`;
  expect(readdirSync(out).sort()).toEqual([`${stem}.json`, `${stem}.md`]);
  const report = JSON.parse(readFileSync(join(out, `${stem}.json`), 'utf8')) as Report;
  expect(report.results.map(({ title }) => title)).toEqual([
    'Nodes, 16 at a time',
    'Nodes, 4096 at a time',
    'Pairs of 65 and of 66 bytes, 4096 at a time',
  ]);
  expect(report.results[0]?.measurements.map(({ name }) => name)).toContain('wasm-scalar');
  expect(readFileSync(join(out, `${stem}.md`), 'utf8')).toContain(report.machine.runtime);
});

test('a plot is written where it is told', () => {
  const file = join(out, 'plot.svg');
  const { status, stderr } = run('--plot', file);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const svg = readFileSync(file, 'utf8');
  expect(svg.match(/<polyline /g)).toHaveLength(3);
  expect(svg).toContain(process.versions.node);
}, 60_000);

test('a run of no task fails', () => {
  const { status, stderr } = run('--only', 'no such kind');
  expect(status).not.toBe(0);
  expect(stderr).toContain('no task is of the kind "no such kind"');
});
