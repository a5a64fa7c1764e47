/**
 * The ratios that are to be reached, each of two contenders of one task: they took turns, so a change of
 * the machine's clock or load hit both alike.
 */

import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import type { Sizes } from './catalogue.js';
import { type Measurement, measure, type Schedule, type Task } from './harness.js';
import type { Hashers } from './hashers.js';
import { duration, table } from './report.js';
import { leavesTask, pairFormsTask, treeTask } from './tasks/hashing.js';
import { proofBatchTask } from './tasks/proof-batches.js';
import { proofsTask } from './tasks/proofs.js';
import { VRFS, vrfVerifyingTask } from './tasks/vrf.js';

/** One ratio: how many times as fast `ours` must be as `theirs`. */
interface Target {
  /** How the contender's name begins. */
  readonly theirs: string;
  readonly ours: string;
  readonly atLeast: number;
}

/** A ratio beside its target. */
export interface Outcome extends Target {
  readonly title: string;
  /** Nanoseconds for a unit; absent where one of them did not take part. */
  readonly measured?: { readonly ours: number; readonly theirs: number };
}

const OURS = 'wasm-simd';
const NOBLE = '@noble/hashes';
const CREATE_HASH = 'node:crypto createHash()';
const HASH = 'node:crypto hash()';
const AS_SHA256 = '@chainsafe/as-sha256 hashInto(), SIMD';
const HASHTREE = '@chainsafe/hashtree';

/** Brotli at its highest level, of the whole module. */
const MODULE_BYTES_MAX = 8000;

/** Only those whose ratio is asked for: the others would only make the rounds longer. */
function taking(part: readonly string[], { engines, oneByOne, barePairs }: Hashers): Hashers {
  const wanted = ({ name }: { readonly name: string }): boolean =>
    part.some((start) => name.startsWith(start));
  return {
    engines: engines.filter(wanted),
    oneByOne: oneByOne.filter(wanted),
    barePairs: barePairs.filter(wanted),
  };
}

/** The tasks and the ratios that are taken from each, made when it is their turn. */
function plan(sizes: Sizes, all: Hashers): { make: () => Task; targets: readonly Target[] }[] {
  const against = (theirs: string, atLeast: number, ours = OURS): Target => ({ ours, theirs, atLeast });
  return [
    {
      // A node is two compressions for everyone here, so the ratio per node is the ratio per compression.
      make: () => treeTask(sizes.treeHeight, taking([OURS, CREATE_HASH, NOBLE, AS_SHA256, HASHTREE], all)),
      targets: [
        against(NOBLE, 12),
        against(CREATE_HASH, 10),
        against(AS_SHA256, 3.2),
        against(HASHTREE, 0.37),
      ],
    },
    {
      make: () => pairFormsTask(sizes.nodes, taking([OURS], all)),
      targets: [against(`${OURS}, 65 bytes`, 0.85, `${OURS}, 66 bytes`)],
    },
    { make: () => leavesTask(sizes.leaves, 32, taking([OURS, HASH], all)), targets: [against(HASH, 11)] },
    {
      make: () => proofsTask(sizes.proofs, sizes.proofHeight, taking([OURS, NOBLE], all)),
      targets: [against(NOBLE, 5)],
    },
    {
      make: () => proofBatchTask(sizes.proofBatch, sizes.proofHeight, taking([OURS, NOBLE], all)),
      targets: [against(NOBLE, 11)],
    },
    ...VRFS.map((vrf) => ({
      make: () => vrfVerifyingTask(vrf),
      targets: [against('four multiplyUnsafe', 1.2, 'this library')],
    })),
  ];
}

/** Measures everything that has a target. */
export function measureTargets(sizes: Sizes, hashers: Hashers, schedule: Schedule): Outcome[] {
  return plan(sizes, hashers).flatMap(({ make, targets }) => {
    const task = make();
    return compareWith(targets, task.title, measure(task, schedule));
  });
}

/** The ratios of one measured task. */
export function compareWith(
  targets: readonly Target[],
  title: string,
  measurements: readonly Measurement[],
): Outcome[] {
  return targets.map((target) => {
    const of = (start: string): number | undefined =>
      measurements.find(({ name }) => name.startsWith(start))?.nanosecondsPerUnit;
    const [ours, theirs] = [of(target.ours), of(target.theirs)];
    return ours === undefined || theirs === undefined
      ? { ...target, title }
      : { ...target, title, measured: { ours, theirs } };
  });
}

/** Every ratio beside its target, and whether it was reached. */
export function targetsTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ title, ours, theirs, atLeast, measured }) => {
    if (measured === undefined) return [title, ours, theirs, 'not measured', `≥ ${atLeast}`, '–'];
    const ratio = measured.theirs / measured.ours;
    return [
      title,
      `${ours}: ${duration(measured.ours)}`,
      `${theirs}: ${duration(measured.theirs)}`,
      ratio.toFixed(2),
      `≥ ${atLeast}`,
      ratio >= atLeast ? 'yes' : 'no',
    ];
  });
  return table(['', 'ours, each', 'theirs, each', 'ratio', 'target', 'reached'], rows);
}

/** The size of the module that `wasm-simd` runs, beside its target. */
export function moduleSizeLine(module: Uint8Array): string {
  const bytes = brotliCompressSync(module).length;
  const reached = bytes <= MODULE_BYTES_MAX ? 'reached' : 'not reached';
  return `WebAssembly module, brotli: ${bytes} bytes, target ≤ ${MODULE_BYTES_MAX}: ${reached}`;
}

/** The module as it was built. */
export function builtModule(): Uint8Array {
  return readFileSync(
    new URL('build/wasm/simd.wasm', import.meta.resolve('contact-key-verification/package.json')),
  );
}
