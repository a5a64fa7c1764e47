/**
 * `npm run bench:profile`: where the time goes on the way through the public API. Each task runs under V8's sampling
 * profiler, and the samples are counted by where they fell: into the kernel (WebAssembly), into a file of this
 * library, or elsewhere.
 *
 *     --seconds N    how long each task runs, default 2
 */

import { type Profiler, Session } from 'node:inspector/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import type { Task } from './harness.js';
import type { Hashers } from './hashers.js';
import { describeMachine, loadNow } from './machine.js';
import { leavesTask, treeTask } from './tasks/hashing.js';
import { proofBatchTask } from './tasks/proof-batches.js';
import { proofsTask } from './tasks/proofs.js';

const SAMPLE_MICROSECONDS = 200;

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '2' } } });
const hashers: Hashers = { engines: [createWasmHasher()], oneByOne: [], barePairs: [] };
const tasks = [
  treeTask(20, hashers),
  leavesTask(2 ** 13, 32, hashers),
  proofsTask(64, 20, hashers),
  proofBatchTask(10, 20, hashers),
];

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROSECONDS });
const { runtime, processor, commit } = describeMachine();
console.log(`${runtime}, ${processor}, commit ${commit}, load ${loadNow()}`);
for (const task of tasks) await show(task);
session.disconnect();

async function show({ title, unit, units, contenders: [contender] }: Task): Promise<void> {
  if (contender === undefined) throw new Error(`${title}: no engine`);
  runFor(Number(values.seconds) / 4, contender.run);
  await session.post('Profiler.start');
  const { runs, seconds } = runFor(Number(values.seconds), contender.run);
  const { profile } = await session.post('Profiler.stop');
  const each = (1e9 * seconds) / runs / units;
  console.log(`\n**${title}**: ${each.toFixed(0)} ns for each of the ${unit}\n`);
  console.log('| where | share | ns each |\n| --- | ---: | ---: |');
  for (const [place, share] of sharesOf(profile)) {
    if (share >= 0.01)
      console.log(`| ${place} | ${(100 * share).toFixed(0)} % | ${(each * share).toFixed(0)} |`);
  }
}

function runFor(seconds: number, run: () => unknown): { runs: number; seconds: number } {
  const start = performance.now();
  let runs = 0;
  while (performance.now() - start < 1000 * seconds) {
    run();
    runs++;
  }
  return { runs, seconds: (performance.now() - start) / 1000 };
}

/** Shares of the samples, the largest first. */
function sharesOf({ nodes, samples = [] }: Profiler.Profile): [place: string, share: number][] {
  const places = new Map(nodes.map((node) => [node.id, placeOf(node)]));
  const counts = new Map<string, number>();
  for (const id of samples) {
    const place = places.get(id) ?? 'elsewhere';
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return [...counts]
    .map(([place, count]): [string, number] => [place, count / samples.length])
    .sort((a, b) => b[1] - a[1]);
}

function placeOf({ callFrame: { url, functionName } }: Profiler.ProfileNode): string {
  if (url.startsWith('wasm:')) return 'the kernel';
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (url.includes('/dist/')) return basename(url);
  return 'elsewhere';
}
