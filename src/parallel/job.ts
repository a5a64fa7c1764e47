/**
 * What a worker is asked and answers. All of it is plain data without secrets: hashes that a log publishes.
 */

import { concatBytes } from '../bytes/compare.js';
import type { ProofBatch, TreeHasher } from '../hashing/tree-hasher.js';
import type { NodeRun } from '../log/compact-range.js';
import { createRangeBuilder } from '../log/range.js';
import type { TreeScheme } from '../log/scheme.js';
import { balancedNodes } from '../log/shape.js';

const HASH_LENGTH = 32;

/** Hash neighbouring leaves as far as they go. */
export interface RangeJob {
  readonly kind: 'range';
  /** Index of the first leaf. */
  readonly begin: number;
  readonly leafHashes: Uint8Array;
  readonly scheme: TreeScheme;
  /** Whether the nodes on the way are wanted. */
  readonly nodes: boolean;
}

/** Fold proofs to the roots that they lead to. */
export interface ProofsJob {
  readonly kind: 'proofs';
  readonly proofs: ProofBatch;
}

export type Job = RangeJob | ProofsJob;

/** A smaller job costs less to do than to send. Counted in hashes, some 0.1 µs each. */
const SENT_HASHES_MIN = 2 ** 12;

/** Whether a job is large enough for a worker. */
export function isWorthSending(job: Job): boolean {
  const { length } = job.kind === 'range' ? job.leafHashes : job.proofs.hashes;
  return length >= SENT_HASHES_MIN * HASH_LENGTH;
}

/** What came of a job. */
export interface JobResult {
  /** Of a range: the hashes of its subtrees. Of proofs: their roots. 32 bytes each. */
  readonly hashes: Uint8Array;
  /** The nodes on the way, in the order of a builder's `onNodes`. */
  readonly runs: readonly NodeRun[];
  /** The leaf hashes of the job, or nothing: the same memory, which is no longer needed. */
  readonly spent: Uint8Array;
}

/** The first message of a worker. The number changes with what jobs and results look like. */
export interface Greeting {
  readonly ready: 'contact-key-verification/worker.js';
  readonly form: 1;
}

/** What is sent to a worker. */
export interface Request {
  readonly id: number;
  readonly job: Job;
}

/** What comes back. */
export type Reply =
  | { readonly id: number; readonly result: JobResult }
  | { readonly id: number; readonly failure: string };

/** Does a job, wherever this runs. */
export function perform(job: Job, hasher: TreeHasher): JobResult {
  switch (job.kind) {
    case 'range': {
      const runs: NodeRun[] = [];
      const onNodes = job.nodes ? (run: NodeRun): void => void runs.push(run) : undefined;
      const builder = createRangeBuilder(job.begin, { hasher, scheme: job.scheme, onNodes });
      builder.append(job.leafHashes);
      return { hashes: concatBytes(...builder.exportRange().hashes), runs, spent: job.leafHashes };
    }
    case 'proofs':
      return { hashes: hasher.foldProofs(job.proofs), runs: [], spent: new Uint8Array(0) };
  }
}

/** How many hashes come of a job: known before it is done, so that no other number is taken for its result. */
export function countHashesOf(job: Job): number {
  if (job.kind === 'proofs') return job.proofs.lengths.length;
  const end = job.begin + job.leafHashes.length / HASH_LENGTH;
  return balancedNodes({ begin: job.begin, end }).length;
}

/** Whether a worker's value has the form of a result with so many hashes. */
export function isResult(value: unknown, count: number): value is JobResult {
  if (typeof value !== 'object' || value === null) return false;
  const { hashes, runs, spent } = value as Partial<JobResult>;
  if (!(hashes instanceof Uint8Array) || hashes.length !== count * HASH_LENGTH) return false;
  if (!(spent instanceof Uint8Array)) return false;
  return Array.isArray(runs) && runs.every((run: Partial<NodeRun>) => run.hashes instanceof Uint8Array);
}

/** The buffers of a job that move to the worker. They are copies of the caller's bytes. */
export function jobBuffers(job: Job): ArrayBuffer[] {
  return job.kind === 'range'
    ? buffersOf([job.leafHashes])
    : buffersOf([job.proofs.hashes, job.proofs.steps]);
}

/** The buffers of a result that move back. */
export function resultBuffers({ hashes, runs, spent }: JobResult): ArrayBuffer[] {
  return buffersOf([hashes, spent, ...runs.map((run) => run.hashes)]);
}

function buffersOf(arrays: readonly Uint8Array[]): ArrayBuffer[] {
  return arrays.map(({ buffer }) => buffer as ArrayBuffer);
}
