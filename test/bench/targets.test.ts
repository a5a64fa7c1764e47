/** The ratios with a target, and throughput by batch, at tiny sizes and on figures known beforehand. */

import { randomBytes } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { FULL } from '../../bench/catalogue.js';
import { digest, measure, type Measurement } from '../../bench/harness.js';
import { ownHashers } from '../../bench/hashers.js';
import { byCreateHash, hashPairsOneByOne } from '../../bench/independent.js';
import {
  builtModule,
  compareWith,
  measureTargets,
  moduleSizeLine,
  targetsTable,
} from '../../bench/targets.js';
import { BATCHES, measureThroughput, throughputTask } from '../../bench/throughput.js';

const TINY = { ...FULL, leaves: 5, nodes: 6, treeHeight: 3, proofs: 2, proofHeight: 3, proofBatch: 2 };
const ONCE = { rounds: 1, timeMs: 0 };
const { engines } = ownHashers();

const measurement = (name: string, nanosecondsPerUnit: number): Measurement => ({
  name,
  nanosecondsPerUnit,
  spread: 0,
  rounds: [nanosecondsPerUnit],
});

test('a ratio is theirs by ours, reached from the target on', () => {
  const targets = [
    { ours: 'we', theirs: 'exactly', atLeast: 4 },
    { ours: 'we', theirs: 'nearly', atLeast: 4 },
    { ours: 'we', theirs: 'absent', atLeast: 4 },
  ];
  const measured = [measurement('we', 100), measurement('exactly', 400), measurement('nearly so', 399)];
  const rows = targetsTable(compareWith(targets, 'Task', measured)).split('\n');
  expect(rows.slice(2)).toEqual([
    '| Task | we: 100 ns | exactly: 400 ns | 4.00 | ≥ 4 | yes |',
    '| Task | we: 100 ns | nearly: 399 ns | 3.99 | ≥ 4 | no |',
    '| Task | we | absent | not measured | ≥ 4 | – |',
  ]);
});

test('every target is measured where its peers are here', () => {
  const own = ownHashers();
  const hashPairs = (hashes: Uint8Array): Uint8Array => {
    const pairs = Array.from({ length: hashes.length / 64 }, (_, i) =>
      byCreateHash(hashes.subarray(64 * i, 64 * i + 64)),
    );
    return Buffer.concat(pairs);
  };
  const hashers = {
    engines: own.engines,
    oneByOne: [...own.oneByOne, { name: '@noble/hashes', sha256: byCreateHash }],
    barePairs: [
      { name: '@chainsafe/as-sha256 hashInto(), SIMD, 64 bytes', hashPairs },
      { name: '@chainsafe/hashtree, native, 64 bytes', hashPairs },
    ],
  };
  const outcomes = measureTargets(TINY, hashers, ONCE);
  expect(outcomes.map(({ atLeast }) => atLeast)).toEqual([12, 10, 3.2, 0.37, 0.85, 11, 5, 11, 1.2, 1.2]);
  expect(outcomes.filter(({ measured }) => measured === undefined)).toEqual([]);

  const alone = measureTargets(TINY, own, ONCE).filter(({ measured }) => measured === undefined);
  expect(alone.map(({ theirs }) => theirs.split(' ')[0])).toEqual([
    '@noble/hashes',
    '@chainsafe/as-sha256',
    '@chainsafe/hashtree',
    '@noble/hashes',
    '@noble/hashes',
  ]);
});

test('the module is measured as it travels', () => {
  const module = builtModule();
  expect(module.subarray(0, 4)).toEqual(Buffer.from('\0asm'));
  const bytes = brotliCompressSync(module).length;
  expect(moduleSizeLine(module)).toBe(
    `WebAssembly module, brotli: ${bytes} bytes, target ≤ 8000: ${bytes <= 8000 ? 'reached' : 'not reached'}`,
  );
  // Random bytes do not get smaller.
  expect(moduleSizeLine(randomBytes(8001))).toContain('≤ 8000: not reached');
});

test.each([1, 2, 4, 9])('batches of %d are hashed by every engine, and checked', (batch) => {
  const task = throughputTask(batch, 5, engines);
  expect(task.units).toBe(batch * Math.ceil(5 / batch));
  expect(measure(task, ONCE).map(({ name }) => name)).toEqual(engines.map(({ name }) => name));
  const [contender] = task.contenders;
  const wrong = { name: 'wrong', run: () => new Uint8Array(32), expected: contender?.expected ?? '' };
  expect(() => measure({ ...task, contenders: [wrong] }, ONCE)).toThrow('wrong computed a wrong result');
});

test('throughput is a line for each engine, with a point for each size', () => {
  const series = measureThroughput([1, 4], 4, engines, ONCE);
  expect(series.map(({ name }) => name)).toEqual(['wasm-simd', 'wasm-scalar', 'typescript']);
  for (const { points } of series) {
    expect(points.map(({ x }) => x)).toEqual([1, 4]);
    expect(points.every(({ y }) => y > 0)).toBe(true);
  }
  // 4 units of work in 2 ms: 2,000 a second.
  let clock = 0;
  const now = (): number => (clock += 2);
  expect(measureThroughput([4], 4, engines.slice(0, 1), { ...ONCE, now })[0]?.points[0]?.y).toBeCloseTo(2000);
  expect(BATCHES).toEqual([...BATCHES].sort((a, b) => a - b));
});

test('pairs with other tags are other messages', () => {
  const hashes = Uint8Array.from({ length: 128 }, (_, i) => i);
  const [a, b] = [hashes.subarray(0, 32), hashes.subarray(32, 64)];
  const pairs = hashPairsOneByOne(hashes, byCreateHash, { left: 3, right: 4 });
  const first = byCreateHash(Buffer.concat([Uint8Array.of(3), a, Uint8Array.of(4), b]));
  expect(digest(pairs.subarray(0, 32))).toBe(digest(first));
  expect(pairs.length).toBe(64);
});
