/**
 * `npm run bench`: every task, on this machine, in this process. Quote ratios of one run; absolute figures move
 * with the machine.
 */

import { cpus } from 'node:os';
import { measure, report } from './harness.js';
import { leavesTask, rootTask } from './tree.js';

const ROUNDS = 7;
const BASELINE = 'node:crypto createHash()';

console.log(
  `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}, ${ROUNDS} interleaved rounds\n`,
);
for (const task of [rootTask(20), leavesTask(2 ** 18, 32)]) {
  console.log(`${report(task, measure(task, ROUNDS), BASELINE)}\n`);
}
