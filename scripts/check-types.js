/**
 * Whether the packed tarball resolves to the right declarations, as "are the types wrong" sees it: every entry
 * point, from Node's ESM and from bundlers. The tool brings 56 packages, with a compiler of its own, so it has a
 * lockfile apart; what it looks at is the tarball alone, without a network.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TOOL = 'test/package/thirdparty/node_modules/@arethetypeswrong/cli/dist/index.js';
const OPTIONS = ['--profile', 'esm-only', '--no-definitely-typed', '--format', 'ascii', '--no-emoji'];

/**
 * @param {string} command
 * @param {string[]} args
 * @returns {string} what it printed
 */
function run(command, args, shell = false) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', shell });
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
  return stdout;
}

const folder = mkdtempSync(join(tmpdir(), 'check-types-'));
try {
  const packing = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [{ filename }] = JSON.parse(run('npm', packing, process.platform === 'win32'));
  const report = run(process.execPath, [TOOL, join(folder, filename), ...OPTIONS]);
  const resolved = report.match(/^node16 \(from ESM\): .*\(ESM\)$/gm) ?? [];
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
  const doors = Object.keys(exports).filter((key) => key === '.' || key.endsWith('.js'));
  if (resolved.length !== doors.length) throw new Error(`${doors.length} doors, but:\n${report}`);
  console.log(`check-types: ${filename} has ${doors.length} doors, and their types are right`);
} catch (error) {
  console.error(`check-types: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
