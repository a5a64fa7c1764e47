/**
 * `npm run bench:threads`: a pool of workers against one thread, on jobs of a second or more, taking turns. The
 * engine is the same, and so must be the results. What counts is time on the wall, and that depends on how much of
 * its processors the machine has to give. So each round also lets as many threads as there are workers build a tree
 * without exchanging anything: no pool can do better than they, and on a busy machine they do badly too.
 *
 *     --rounds N     rounds that count, default 7; one more comes first, for the just-in-time compilers
 *     --workers N    default 2
 *     --seconds N    about how long one thread takes for each job, default 1.5
 */

import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import {
  assembleInclusion,
  createTreeBuilder,
  type InclusionClaim,
  type NodeId,
  planInclusion,
  verifyInclusions,
} from 'contact-key-verification/log.js';
import { createNodePort, createWorkerPool } from 'contact-key-verification/parallel.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import { NodeStore } from './node-store.js';
import { describeMachine, loadNow } from './machine.js';

/** The same work, on one thread and on all. */
interface Job {
  readonly title: string;
  readonly unit: string;
  readonly units: number;
  readonly alone: () => Promise<string>;
  readonly together: () => Promise<string>;
}

const HASH_LENGTH = 32;
const BATCH = 2 ** 20;
const TREE = 2 ** 20;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    workers: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '1.5' },
  },
});
const seconds = Number(values.seconds);
const hasher = createWasmHasher();
const spawn = () => createNodePort(new Worker(new URL('../examples/hash-worker.js', import.meta.url)));
const loneThreads = Array.from(
  { length: Number(values.workers) },
  () => new Worker(new URL('./lone-thread.js', import.meta.url)),
);
const pool = createWorkerPool({ spawn, workers: Number(values.workers), hasher });
const leafHashes = new Uint8Array(BATCH * HASH_LENGTH).map((_, i) => Math.floor(i / 256 ** (i % 4)));

const { runtime, processor, commit } = describeMachine();
console.log(`${runtime}, ${processor}, commit ${commit}, ${values.workers} workers, load ${loadNow()}\n`);
try {
  for (const job of [await treeJob(), await claimsJob()]) await compare(job);
} finally {
  pool.close();
  for (const thread of loneThreads) await thread.terminate();
}

async function compare({ title, unit, units, alone, together }: Job): Promise<void> {
  const rounds: { alone: number; together: number; ceiling: number }[] = [];
  for (let round = 0; round <= Number(values.rounds); round++) {
    const one = await timed(alone);
    const many = await timed(together);
    if (one.result !== many.result) throw new Error(`${title}: the pool computed something else`);
    const ceiling = await measureCeiling();
    if (round > 0) rounds.push({ alone: one.seconds, together: many.seconds, ceiling });
  }
  const rate = (time: number): string => `${(units / time / 1e6).toFixed(2)} M/s`;
  const [one, many] = [
    median(rounds.map((round) => round.alone)),
    median(rounds.map((round) => round.together)),
  ];
  const ratios = rounds.map((round) => round.alone / round.together);
  console.log(`${title}: ${units} ${unit}, load ${loadNow()}`);
  console.log(`  one thread  ${one.toFixed(2)} s  ${rate(one)}`);
  console.log(`  the pool    ${many.toFixed(2)} s  ${rate(many)}`);
  console.log(`  ratio       ${median(ratios).toFixed(2)} in the median of the rounds, which were`);
  console.log(`              ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')}`);
  console.log(`  the most    ${median(rounds.map(({ ceiling }) => ceiling)).toFixed(2)}, in the rounds`);
  console.log(`              ${rounds.map(({ ceiling }) => ceiling.toFixed(2)).join(' ')}\n`);
}

/** How many times the work of one thread that exchanges nothing several of them do. */
async function measureCeiling(): Promise<number> {
  const leaves = seconds * 2e6;
  const { seconds: one } = await timed(() => hashBy(loneThreads.slice(0, 1), leaves));
  const { seconds: all } = await timed(() => hashBy(loneThreads, leaves));
  return (loneThreads.length * one) / all;
}

async function hashBy(threads: readonly Worker[], leaves: number): Promise<string> {
  const sizes = threads.map(async (thread) => {
    thread.postMessage(leaves, []);
    const [size] = (await once(thread, 'message')) as [number];
    return size;
  });
  return (await Promise.all(sizes)).join(' ');
}

async function timed(run: () => Promise<string>): Promise<{ seconds: number; result: string }> {
  const start = performance.now();
  const result = await run();
  return { seconds: (performance.now() - start) / 1000, result };
}

/** A stream of batches of 2^20 leaves. */
async function treeJob(): Promise<Job> {
  const alone = (batches: number): string => {
    const builder = createTreeBuilder({ hasher });
    for (let i = 0; i < batches; i++) builder.append(leafHashes);
    return hex(builder.root());
  };
  alone(1);
  const { seconds: trial } = await timed(async () => alone(1));
  const batches = Math.max(1, Math.ceil(seconds / trial));
  return {
    title: 'Tree',
    unit: 'leaves',
    units: batches * BATCH,
    alone: async () => alone(batches),
    together: async () => {
      const builder = pool.createTreeBuilder();
      await builder.appendAll(Array.from({ length: batches }, () => leafHashes));
      return hex(builder.root());
    },
  };
}

/** Inclusion claims under one head. */
async function claimsJob(): Promise<Job> {
  const store = new NodeStore();
  const builder = createTreeBuilder({
    hasher,
    onNodes: ({ level, index, hashes }) => store.put(level, index, hashes),
  });
  builder.append(leafHashes);
  const head = { treeSize: TREE, root: builder.root() };
  const fetch = ({ level, index }: NodeId): Uint8Array => store.get(level, index);
  const distinct = Array.from({ length: 4096 }, (_, i): InclusionClaim => {
    const index = (i * 104_729) % TREE;
    const plan = planInclusion({ treeSize: TREE, index });
    const proof = assembleInclusion(plan, plan.nodes.map(fetch), { hasher });
    return { index, leafHash: store.get(0, index), proof };
  });
  const summary = ({ verified, failed }: ReturnType<typeof verifyInclusions>): string =>
    `${verified.length} hold, ${failed.length} do not`;
  verifyInclusions(head, distinct, { hasher });
  const { seconds: trial } = await timed(async () => summary(verifyInclusions(head, distinct, { hasher })));
  const times = Math.max(1, Math.ceil(seconds / trial));
  const claims = Array.from(
    { length: times * distinct.length },
    (_, i) => distinct[i % distinct.length] as InclusionClaim,
  );
  return {
    title: 'Inclusion claims of 20 levels',
    unit: 'claims',
    units: claims.length,
    alone: async () => summary(verifyInclusions(head, claims, { hasher })),
    together: async () => summary(await pool.verifyInclusions(head, claims)),
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
