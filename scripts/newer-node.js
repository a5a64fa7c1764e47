/**
 * `npm run package:newer`: the installed package at work under a newer Node than the oldest supported one. The
 * registry has Node as a package, so nothing is installed on the machine.
 *
 *     --if-possible   says so and succeeds where that Node cannot be had, as without a network
 */

import { spawnSync } from 'node:child_process';

const MAJOR = 24;
const NODE = ['-y', '--fetch-retries=1', '-p', `node@${MAJOR}`, 'node'];
const VITEST = 'node_modules/vitest/vitest.mjs';

/**
 * @param {string[]} args for the newer Node
 * @param {'inherit' | 'pipe'} stdio
 */
function newerNode(args, stdio) {
  const shell = process.platform === 'win32';
  return spawnSync('npx', [...NODE, ...args], { encoding: 'utf8', shell, stdio });
}

const { status, stdout, stderr } = newerNode(['--version'], 'pipe');
const version = stdout?.trim() ?? '';
if (status !== 0 || !version.startsWith(`v${MAJOR}.`)) {
  console.log(`package:newer: skipped: Node ${MAJOR} could not be had, nothing was checked under it`);
  console.error(stderr);
  process.exitCode = process.argv.includes('--if-possible') ? 0 : 1;
} else {
  console.log(`package:newer: Node ${version.slice(1)}`);
  process.exitCode = newerNode([VITEST, 'run', 'test/package/programs.test.ts'], 'inherit').status ?? 1;
}
