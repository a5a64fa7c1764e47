/**
 * Every task there is. Tasks are made one at a time, just before they are measured: some hold large inputs.
 */

import type { Task } from './harness.js';
import type { Hashers } from './hashers.js';
import { SCHEMES } from './sample-keys.js';
import { codeSessionTask, safetyNumberTask } from './tasks/codes.js';
import { listSigningTask, listVerifyingTask } from './tasks/device-lists.js';
import { leavesTask, nodesTask, pairFormsTask, treeTask } from './tasks/hashing.js';
import { privateKeyTask, publicKeyTask } from './tasks/key-formats.js';
import { prefixProofTask } from './tasks/prefix-proofs.js';
import { proofBatchTask } from './tasks/proof-batches.js';
import { proofsTask } from './tasks/proofs.js';
import { signingTask, verifyingTask } from './tasks/signatures.js';
import { VRFS, vrfFirstVerifyingTask, vrfProvingTask, vrfVerifyingTask } from './tasks/vrf.js';

/** How large the work is. */
export interface Sizes {
  /** Leaves of 32 bytes in a batch. */
  readonly leaves: number;
  /** Nodes, and how many of them in a batch, once for each of these. */
  readonly nodes: number;
  readonly batches: readonly number[];
  /** The whole tree has 2^treeHeight leaves. */
  readonly treeHeight: number;
  /** Inclusion proofs in a run, and how long each is. */
  readonly proofs: number;
  readonly proofHeight: number;
  /** 2^proofBatch proofs of one head at once. */
  readonly proofBatch: number;
  /** Keys in a prefix proof, once for each of these, and how deep they are. */
  readonly prefixKeys: readonly number[];
  readonly prefixDepth: number;
  /** Devices in a list; several lists. */
  readonly devices: readonly number[];
  readonly iterations: number;
}

export const FULL: Sizes = {
  leaves: 2 ** 13,
  nodes: 2 ** 12,
  batches: [16, 2 ** 12],
  treeHeight: 20,
  proofs: 64,
  proofHeight: 20,
  proofBatch: 10,
  prefixKeys: [1, 20],
  prefixDepth: 30,
  devices: [1, 8, 64],
  iterations: 5200,
};

/** For a look in between: a smaller tree, everything else the same. */
export const QUICK: Sizes = { ...FULL, treeHeight: 16 };

/** What a task measures; the estimate of a week is made from two of these. */
export type Kind =
  | 'leaves'
  | 'nodes'
  | 'tree'
  | 'proofs'
  | 'prefix'
  | 'signatures'
  | 'vrf'
  | 'lists'
  | 'codes'
  | 'keys';

/** A task that is made when it is its turn. */
export interface Entry {
  readonly kind: Kind;
  make(): Task;
}

/** All tasks, in the order of the report. */
export function catalogue(sizes: Sizes, hashers: Hashers): Entry[] {
  const entries = (kind: Kind, ...makers: readonly (() => Task)[]): Entry[] =>
    makers.map((make) => ({ kind, make }));
  return [
    ...entries('leaves', () => leavesTask(sizes.leaves, 32, hashers)),
    ...entries('nodes', ...sizes.batches.map((batch) => () => nodesTask(sizes.nodes, batch, hashers))),
    ...entries('nodes', () => pairFormsTask(sizes.nodes, hashers)),
    ...entries('tree', () => treeTask(sizes.treeHeight, hashers)),
    ...entries(
      'proofs',
      () => proofsTask(sizes.proofs, sizes.proofHeight, hashers),
      () => proofBatchTask(sizes.proofBatch, sizes.proofHeight, hashers),
    ),
    ...entries(
      'prefix',
      ...sizes.prefixKeys.map((keys) => () => prefixProofTask(keys, sizes.prefixDepth, hashers)),
    ),
    ...SCHEMES.flatMap((scheme) =>
      entries(
        'signatures',
        () => signingTask(scheme),
        () => verifyingTask(scheme),
      ),
    ),
    ...VRFS.flatMap((vrf) =>
      entries(
        'vrf',
        () => vrfProvingTask(vrf),
        () => vrfVerifyingTask(vrf),
        () => vrfFirstVerifyingTask(vrf),
      ),
    ),
    ...entries('lists', ...sizes.devices.map((devices) => () => listSigningTask(devices))),
    ...entries('lists', ...sizes.devices.map((devices) => () => listVerifyingTask(devices))),
    ...entries('codes', codeSessionTask, () => safetyNumberTask(sizes.iterations)),
    ...SCHEMES.flatMap((scheme) =>
      entries(
        'keys',
        () => publicKeyTask(scheme),
        () => privateKeyTask(scheme),
      ),
    ),
  ];
}
