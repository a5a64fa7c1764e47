/**
 * `npm run bench`: every task, on this machine, in this process.
 *
 *     --quick        a smaller tree and shorter rounds, for a look in between
 *     --peers        other people's hashers too (installed by `npm run bench:peers`)
 *     --only KIND    leaves, nodes, tree, proofs, prefix, signatures, vrf, lists, codes or keys
 *     --large        grows the prefix tree to 10^7 leaves: minutes more, and some gigabytes
 *     --processor    times the processor instead of the clock on the wall: for a machine that others keep busy,
 *                    and for runs of 100 µs and more, as this clock is coarse
 *     --targets      instead of the tasks, every ratio that has a target, beside it; with other people's hashers
 *     --plot FILE    instead of the tasks, throughput against the size of a batch, drawn as SVG
 *     --out FOLDER   where the JSON and the Markdown go; build/bench/results, which a build empties, by default
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { TreeHasher } from 'contact-key-verification/log.js';
import { catalogue, FULL, QUICK } from './catalogue.js';
import { measure, type Schedule } from './harness.js';
import { allHashers, ownHashers } from './hashers.js';
import { describeMachine, loadNow } from './machine.js';
import { type Growth, measureGrowth } from './prefix-growth.js';
import { GROWTH, growthTables, LARGE_GROWTH, QUICK_GROWTH } from './prefix-report.js';
import { drawPlot } from './plot.js';
import { markdown, type Report, type Result, taskTable, weekTable } from './report.js';
import { builtModule, measureTargets, moduleSizeLine, targetsTable } from './targets.js';
import { BATCHES, measureThroughput, NODES_AT_LEAST } from './throughput.js';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    large: { type: 'boolean', default: false },
    processor: { type: 'boolean', default: false },
    targets: { type: 'boolean', default: false },
    plot: { type: 'string', default: '' },
    out: { type: 'string', default: 'build/bench/results' },
  },
});
const length = values.quick ? { rounds: 3, timeMs: 20 } : { rounds: 7, timeMs: 100 };
const schedule: Schedule = values.processor ? { ...length, now: processorTimeMs } : length;
const clock = values.processor ? 'processor time of all threads' : 'time on the wall';
const sizes = values.quick ? QUICK : FULL;

const machine = describeMachine();
const startedAt = new Date().toISOString();
const before = loadNow();
console.log(`${machine.runtime}, ${machine.processor}, commit ${machine.commit}, load ${before}\n`);

if (values.targets) await runTargets();
else if (values.plot !== '') runPlot(values.plot);
else await runTasks();

async function runTasks(): Promise<void> {
  const entries = catalogue(sizes, values.peers ? await allHashers() : ownHashers());
  const wanted = entries.filter(({ kind }) => values.only === '' || kind === values.only);
  if (wanted.length === 0) throw new Error(`no task is of the kind ${JSON.stringify(values.only)}`);
  const results: Result[] = [];
  for (const { kind, make } of wanted) {
    const task = make();
    const { title, unit, units, baseline } = task;
    const result = { kind, title, unit, units, baseline, measurements: measure(task, schedule) };
    results.push(result);
    console.log(`${taskTable(result)}\n`);
  }

  const growth = wanted.some(({ kind }) => kind === 'prefix') ? await growPrefixTree() : undefined;
  const week = weekTable(results);
  if (week !== undefined) console.log(`${week}\n`);
  const report: Report = { machine, load: [before, loadNow()], startedAt, ...length, clock, results, growth };
  const file = join(
    values.out,
    `node-${process.versions.node}${values.peers ? '-peers' : ''}${values.processor ? '-processor' : ''}`,
  );
  mkdirSync(values.out, { recursive: true });
  writeFileSync(`${file}.json`, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(`${file}.md`, markdown(report) + (growth === undefined ? '' : `\n${growthTables(growth)}\n`));
  console.log(`Written: ${file}.json and .md`);
}

async function growPrefixTree(): Promise<Growth> {
  const plan = values.quick ? QUICK_GROWTH : values.large ? LARGE_GROWTH : GROWTH;
  const [wasm, , typescript] = ownHashers().engines as [TreeHasher, TreeHasher, TreeHasher];
  const growth = await measureGrowth(plan, [wasm, typescript]);
  console.log(`${growthTables(growth)}\n`);
  return growth;
}

async function runTargets(): Promise<void> {
  console.log(targetsTable(measureTargets(sizes, await allHashers(), schedule)));
  console.log(`\n${moduleSizeLine(builtModule())}\n${howMeasured()}`);
}

function runPlot(file: string): void {
  const series = measureThroughput(BATCHES, NODES_AT_LEAST, ownHashers().engines, schedule);
  writeFileSync(
    file,
    drawPlot({
      title: 'Tree nodes a second, by the size of a batch',
      xLabel: 'nodes in one call of hashPairs (logarithmic)',
      yLabel: 'million nodes a second',
      yUnit: 1e6,
      series,
      caption: [
        `${machine.processor}, ${machine.processors} processors; ${machine.runtime}; commit ${machine.commit}`,
        howMeasured(),
      ],
    }),
  );
  console.log(`Written: ${file}`);
}

function howMeasured(): string {
  return (
    `Medians of ${length.rounds} interleaved rounds, one thread, ${clock}; load of the machine ${before} before, ` +
    `${loadNow()} after`
  );
}

function processorTimeMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
