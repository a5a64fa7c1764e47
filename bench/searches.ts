/**
 * `npm run bench:searches`: what a client's verification of a search response takes in a log of 10^5 labels, in both
 * cipher suites, and what of it are VRF proofs, signatures and hashing; `--quick` a log of 10^3 labels.
 *
 * Each part is the same calls with the same inputs as in the whole, made alone, in turn with it. The rest is what is
 * left: reading the response, checking its shape, the state that comes back. Client and keys are made before, as a
 * program does once.
 */

import { parseArgs } from 'node:util';
import { KT_128_SHA256_Ed25519, KT_128_SHA256_P256 } from 'contact-key-verification/suites.js';
import { measure } from './harness.js';
import { describeMachine, loadNow } from './machine.js';
import { table } from './report.js';
import { HASHING, type SearchTask, searchTasks, SIGNATURES, VRF, WHOLE } from './tasks/searches.js';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const size = values.quick
  ? { labels: 1000, labelsInAnEntry: 10, searched: 2 }
  : { labels: 1e5, labelsInAnEntry: 100, searched: 4 };
const schedule = values.quick ? { rounds: 1, timeMs: 10 } : { rounds: 7, timeMs: 150 };

const PARTS = [VRF, SIGNATURES, HASHING];

const { runtime, processor, commit } = describeMachine();
console.log(`${runtime}, ${processor}, commit ${commit}, load ${loadNow()}\n`);
const rows: string[][] = [];
for (const suite of [KT_128_SHA256_Ed25519, KT_128_SHA256_P256]) {
  for (const task of await searchTasks(suite, size)) rows.push(rowOf(task));
}
console.log(table(['search', 'response', 'VRF proofs', 'verified in', ...PARTS, 'rest'], rows));

function rowOf({ task, responseBytes, vrfProofs }: SearchTask): string[] {
  const times = new Map(
    measure(task, schedule).map(({ name, nanosecondsPerUnit }) => [name, nanosecondsPerUnit / 1000]),
  );
  const timeOf = (name: string): number => times.get(name) as number;
  const whole = timeOf(WHOLE);
  const parts = PARTS.map(timeOf);
  const rest = whole - parts.reduce((sum, part) => sum + part, 0);
  const share = (part: number): string => `${count(part)} µs, ${((100 * part) / whole).toFixed(1)} %`;
  return [
    task.title,
    `${count(responseBytes)} B`,
    count(vrfProofs),
    `${count(whole)} µs`,
    ...[...parts, rest].map(share),
  ];
}

function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}
