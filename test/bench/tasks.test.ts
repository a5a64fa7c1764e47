/**
 * Every task at a tiny size: each contender computes what it must, and none gets away with anything else.
 */

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { catalogue, FULL, type Kind, type Sizes } from '../../bench/catalogue.js';
import { assertRefused } from '../../bench/control.js';
import { measure, type Task } from '../../bench/harness.js';
import { type Hashers, ownHashers } from '../../bench/hashers.js';
import { assertNamesTheFalse } from '../../bench/tasks/proof-batches.js';

const TINY: Sizes = {
  leaves: 5,
  nodes: 6,
  batches: [1, 3],
  treeHeight: 3,
  proofs: 2,
  proofHeight: 3,
  proofBatch: 2,
  prefixKeys: [1, 3],
  prefixDepth: 40,
  devices: [1, 2],
  iterations: 2,
};
const ONCE = { rounds: 1, timeMs: 0 };

/** Peers are not installed here; this one stands for those that take bare pairs. */
const hashers: Hashers = {
  ...ownHashers(),
  barePairs: [
    {
      name: 'bare pairs',
      hashPairs: (hashes) => {
        const pairs = Array.from({ length: hashes.length / 64 }, (_, i) =>
          createHash('sha256')
            .update(hashes.subarray(64 * i, 64 * i + 64))
            .digest(),
        );
        return Buffer.concat(pairs);
      },
    },
  ],
};
const entries = catalogue(TINY, hashers).map(({ kind, make }) => ({ kind, task: make() }));

test('there are tasks of every kind, and a full run has as many or more', () => {
  const kinds: Kind[] = [
    'leaves',
    'nodes',
    'tree',
    'proofs',
    'prefix',
    'signatures',
    'vrf',
    'lists',
    'codes',
    'keys',
  ];
  expect(new Set(entries.map(({ kind }) => kind))).toEqual(new Set(kinds));
  expect(catalogue(FULL, hashers).length).toBeGreaterThanOrEqual(entries.length);
  expect(entries.length).toBeGreaterThan(15);
});

/** The same task with one contender, whose output was damaged after it was computed. */
function damagedTask(task: Task, name: string, damage: (output: Uint8Array) => Uint8Array): Task {
  const contenders = task.contenders.filter((contender) => contender.name === name);
  return {
    ...task,
    contenders: contenders.map((contender) => ({ ...contender, run: () => damage(contender.run()) })),
  };
}

function flip(output: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(output);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

describe.each(entries)('$task.title', ({ task }) => {
  test('every contender computes what it must', () => {
    const measurements = measure(task, ONCE);
    expect(measurements.map(({ name }) => name)).toEqual(task.contenders.map(({ name }) => name));
    expect(measurements.every(({ nanosecondsPerUnit }) => nanosecondsPerUnit > 0)).toBe(true);
    expect(measurements.map(({ name }) => name)).toContain(task.baseline);
  });

  test.each(task.contenders)('$name fails with a wrong result', (contender) => {
    // Not for the damage alone: undamaged, the same task passes.
    measure(
      damagedTask(task, contender.name, (output) => output),
      ONCE,
    );
    const damages: ((output: Uint8Array) => Uint8Array)[] = [
      (output) => flip(output, 0),
      (output) => flip(output, Math.floor(output.length / 2)),
      (output) => flip(output, output.length - 1),
      (output) => output.subarray(0, -1),
      () => new Uint8Array(0),
    ];
    for (const damage of damages) {
      expect(() => measure(damagedTask(task, contender.name, damage), ONCE)).toThrow(
        `${contender.name} computed a wrong result`,
      );
    }
  });
});

test('a code session is judged by every byte of its messages, codes and pinned keys', () => {
  const session = entries.find(({ task }) => task.title.startsWith('Code session'))?.task.contenders[0];
  const output = session?.run() ?? new Uint8Array(0);
  expect(output.length).toBeGreaterThan(200);
  expect(session?.checksum?.(output)).toBe('true');
  const unnoticed = [...output.keys()].filter((at) => session?.checksum?.(flip(output, at)) === 'true');
  expect(unnoticed).toEqual([]);
});

test('a verifier of many claims must name the false one', () => {
  const head = { treeSize: 2, root: new Uint8Array(32) };
  const claim = (index: number) => ({ index, leafHash: new Uint8Array(32), proof: [] });
  const saying = (text: string) => (): never => {
    throw new Error(text);
  };
  const judge = (verify: () => Uint8Array) => () =>
    assertNamesTheFalse('batch', verify, head, [claim(0), claim(1)]);
  expect(judge(() => new Uint8Array(64))).toThrow('batch accepted what is false');
  expect(judge(saying('false: 0,1'))).toThrow('batch named another claim');
  expect(() => assertNamesTheFalse('batch', saying('false: 0'), head, [claim(0)])).not.toThrow();
});

test('a verifier that accepts everything is not even timed', () => {
  expect(() => assertRefused('yes', () => true)).toThrow('yes accepted what is false');
  assertRefused('no', () => {
    throw new Error('refused');
  });
});
