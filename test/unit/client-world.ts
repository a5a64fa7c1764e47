/** Logs and clients for tests of the client. */

import type { Client } from '../../src/transparency/client/client.js';
import { createClient } from '../../src/transparency/client/create-client.js';
import { HonestLog, type Insertion, type LogOptions } from './honest-log.js';
import type { CombinedTreeProof } from '../../src/transparency/wire/proofs.js';
import { PAPER_SUITE } from './paper-suite.js';

export const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const ALICE: Uint8Array = utf8('alice');

/** Milliseconds between two log entries. */
export const STEP_MS = 10;
const START_MS = 1_000_000;

/** Which entries bring alice a new version: every third. */
const every =
  (step: number) =>
  (position: number): number =>
    position % step === 0 ? 1 : 0;

/** A log of entries 10 ms apart. */
export async function logOf(
  size: number,
  options: Partial<LogOptions> = {},
  versionsAt: (position: number) => number = every(3),
): Promise<HonestLog> {
  const log = new HonestLog({ suite: PAPER_SUITE, ...options });
  await grow(log, size, versionsAt);
  return log;
}

/** Appends entries. */
export async function grow(
  log: HonestLog,
  by: number,
  versionsAt: (position: number) => number = every(3),
): Promise<void> {
  for (let i = 0; i < by; i++) {
    const position = log.size;
    const values = Array.from({ length: versionsAt(position) }, (_, j) => `alice at ${position} ${j}`);
    const insertions: Insertion[] = [{ label: `user ${position}`, values: ['x'] }];
    if (values.length > 0) insertions.push({ label: 'alice', values });
    await log.append(START_MS + STEP_MS * position, insertions);
  }
}

export function clientOf(log: HonestLog, state?: Uint8Array): Client {
  return createClient(log.configurationBytes, { suite: log.options.suite, state });
}

/** The code of what is thrown. */
export function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as { readonly code?: string }).code ?? String(error);
  }
  return 'accepted';
}

/** A client that has searched alice, greatest version. */
export async function searched(log: HonestLog): Promise<Client> {
  const client = clientOf(log);
  const { request, verify } = client.search(ALICE);
  return client.at(verify(await log.search(request), { nowMs: log.nowMs }).after);
}

/** A client that owns alice from a distinguished entry on, and knows all her versions. */
export async function owning(log: HonestLog, start: number): Promise<Client> {
  const client = clientOf(log);
  const { request, verify } = client.initializeOwner(ALICE, start);
  const owner = client.at(verify(await log.ownerInit(request), { nowMs: log.nowMs }).after);
  return log.versionsOf(ALICE).some(({ position }) => position > start) ? learnt(log, owner) : owner;
}

/** The owner after being told of versions that exist. */
export async function learnt(log: HonestLog, owner: Client): Promise<Client> {
  const { request, verify } = owner.update(ALICE, []);
  return owner.at(verify(await log.update(request, log.nowMs), { nowMs: log.nowMs }).after);
}

/** Damages of a combined proof that every operation must refuse. */
export const PROOF_DAMAGES: readonly (readonly [
  name: string,
  code: string,
  damage: (proof: CombinedTreeProof) => CombinedTreeProof,
])[] = [
  [
    'a timestamp too many',
    'ERR_PROOF_TIMESTAMPS',
    (proof) => ({ ...proof, timestampsMs: [...proof.timestampsMs, proof.timestampsMs.at(-1) ?? START_MS] }),
  ],
  [
    'a prefix proof too many',
    'ERR_PROOF_SEARCHES',
    (proof) => ({
      ...proof,
      prefixProofs: [...proof.prefixProofs, { results: [], elements: [new Uint8Array(32)] }],
    }),
  ],
  [
    'a prefix root too many',
    'ERR_PROOF_ROOTS',
    (proof) => ({ ...proof, prefixRoots: [...proof.prefixRoots, new Uint8Array(32)] }),
  ],
  [
    'an element too many',
    'ERR_PROOF_LENGTH',
    (proof) => ({ ...proof, inclusion: { elements: [...proof.inclusion.elements, new Uint8Array(32)] } }),
  ],
  [
    'entries that are all a millisecond younger',
    'ERR_SIGNATURE',
    (proof) => ({ ...proof, timestampsMs: proof.timestampsMs.map((timestampMs) => timestampMs + 1) }),
  ],
];
