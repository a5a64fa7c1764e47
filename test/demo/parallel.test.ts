/** Runs the built example that hashes a log by processes, and the built measurement of a stream's memory. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { hashLeaves, treeRoot } from 'contact-key-verification/log.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import { describe, expect, test } from 'vitest';

const hasher = createWasmHasher();

function run(program: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const path = fileURLToPath(new URL(`../../build/${program}.js`, import.meta.url));
  return spawnSync(process.execPath, [path, ...args], { encoding: 'utf8' });
}

describe('processes that hash a log together', () => {
  test.each([
    [1, 1],
    [3, 5],
    [1000, 2],
    [40_000, 3],
  ])('%i entries, %i processes', (entries, processes) => {
    const { status, stdout, stderr } = run(
      'examples/parallel-processes',
      `--entries=${entries}`,
      `--processes=${processes}`,
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const bytes = new DataView(new ArrayBuffer(32 * entries));
    for (let i = 0; i < entries; i++) bytes.setFloat64(32 * i, i);
    const root = treeRoot(hashLeaves(new Uint8Array(bytes.buffer), 32));
    expect(stdout).toBe(
      `${entries} entries by ${processes} processes: root ${Buffer.from(root).toString('hex')}\n`,
    );
  });

  test('a part is plain data', () => {
    const { stdout } = run('examples/parallel-processes', '--part=3,8');
    expect(JSON.parse(stdout)).toEqual({
      begin: 3,
      end: 8,
      hashes: [expect.stringMatching(/^[\w-]{43}$/), expect.stringMatching(/^[\w-]{43}$/)],
    });
  });

  test('a number that makes no sense is refused', () => {
    expect(run('examples/parallel-processes', '--entries=0').status).toBe(1);
    expect(run('examples/parallel-processes', '--processes=many').status).toBe(1);
  });
});

describe('a stream', () => {
  interface Measurement {
    readonly leaves: number;
    readonly root: string;
    readonly peakBytes: number;
  }

  test('ten times as many leaves, less than 10 MB more memory', () => {
    const { status, stdout, stderr } = run('bench/memory', '--leaves=100000,1000000', '--json');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const [short, long] = JSON.parse(stdout) as [Measurement, Measurement];
    expect([short.leaves, long.leaves]).toEqual([100_000, 1_000_000]);
    // A process cannot run in less, so the figures are no zeros.
    expect(short.peakBytes).toBeGreaterThan(20e6);
    expect(long.peakBytes - short.peakBytes).toBeLessThan(10e6);
    // The leaves themselves would be 28.8 MB more.
    expect(long.root).toBe(rootOfStream(1_000_000));
  });

  /** The same leaves, all in memory. */
  function rootOfStream(leaves: number): string {
    const bytes = new DataView(new ArrayBuffer(32 * leaves));
    for (let i = 0; i < leaves; i++) bytes.setFloat64(32 * i, i);
    return Buffer.from(treeRoot(new Uint8Array(bytes.buffer), { hasher })).toString('hex');
  }
});
