/** Logs, what they have signed, and evidence against them, for tests. */

import { MisbehaviorError } from '../../src/errors.js';
import { openSignedHeads } from '../../src/transparency/client/exported-heads.js';
import { openVersionProof } from '../../src/transparency/client/exported-version.js';
import {
  type Accusation,
  encodeEvidence,
  type ForkSide,
  type SideHead,
} from '../../src/transparency/evidence/evidence.js';
import type { VerifiedSignedHeads } from '../../src/transparency/evidence/signed-heads.js';
import { type VerifiedEvidence, verifyEvidence } from '../../src/transparency/evidence/verify-evidence.js';
import type { VerifiedVersionProof } from '../../src/transparency/evidence/version-proof.js';
import { recentBy } from '../../src/transparency/walks/distinguished-heads.js';
import { fullSubtrees, KeytransLog, leafValue, logEntry } from '../reference/keytrans-log.js';
import { ALICE, clientOf } from './client-world.js';
import type { HonestLog, Lie } from './honest-log.js';
import { PAPER_SUITE } from './paper-suite.js';
import type { CipherSuite } from '../../src/suites.js';
import { SUITES } from './operator-world.js';
import type { SearchResponse } from '../../src/transparency/wire/search-messages.js';

/** The log tree, by the reference. */
export function treeOf(log: HonestLog): KeytransLog {
  return new KeytransLog((index) => {
    const { timestampMs, prefixTree } = log.entries[index] as HonestLog['entries'][number];
    return leafValue(logEntry(timestampMs, prefixTree.root));
  });
}

/** The log's head at a size, as it was signed when the log had that size. */
export function headOf(log: HonestLog, treeSize: number): SideHead {
  return { signer: 'log', treeSize, signature: log.signHead(treeSize, treeOf(log).root(treeSize)) };
}

/** The auditor's head at a size. */
export function auditorHeadOf(log: HonestLog, treeSize: number): SideHead {
  const timestampMs = log.entries[treeSize - 1]?.timestampMs ?? 0;
  const signature = log.signAuditor({ timestampMs, treeSize }, treeOf(log).root(treeSize));
  return { signer: 'auditor', timestampMs, treeSize, signature };
}

/** The nodes that lead to the root of a size, cut at a smaller one or at that. */
export function nodesOf(log: HonestLog, treeSize: number, size: number): readonly Uint8Array[] {
  const tree = treeOf(log);
  if (size === treeSize) return [tree.root(treeSize)];
  const before = fullSubtrees(size);
  // What completes a tree: the siblings to the right of each of its full subtrees' ends.
  const after: (readonly [number, number])[] = [];
  for (let begin = size; begin < treeSize; ) {
    let width = 1;
    while (begin % (width * 2) === 0 && begin + width * 2 <= treeSize) width *= 2;
    after.push([begin, begin + width]);
    begin += width;
  }
  return [...before, ...after].map((range) => tree.value(range));
}

/** One side of a fork, honestly made of a log. */
export function sideOf(
  log: HonestLog,
  treeSize: number,
  size: number,
  head = headOf(log, treeSize),
): ForkSide {
  return { head, nodes: nodesOf(log, treeSize, size) };
}

export function evidenceOf({ configuration }: HonestLog, accusation: Accusation): Uint8Array {
  return encodeEvidence({ configuration, accusation });
}

export const ALL_SUITES: readonly CipherSuite[] = [PAPER_SUITE, ...SUITES];

/** Checks evidence against a log. */
export function judge(log: HonestLog, bytes: Uint8Array): VerifiedEvidence {
  return verifyEvidence(bytes, { configuration: log.configurationBytes, suites: [log.options.suite] });
}

/** A definition of recent distinguished entries, as users and as the log take it. */
export function recentOf(log: HonestLog, count: number) {
  const recent = { count };
  return { recent, isRecent: recentBy(recent, log.options.lifetimeMs) };
}

/** The signed heads that a newcomer is shown. */
export async function headsShown(log: HonestLog, count = 10): Promise<VerifiedSignedHeads> {
  const { recent, isRecent } = recentOf(log, count);
  const { request } = clientOf(log).distinguishedHeads({ recent });
  const response = await log.distinguished(request, isRecent);
  const { suite } = log.options;
  return openSignedHeads(log.configurationBytes, { request, response }, { suite, recent });
}

/** The version of a label that a newcomer is shown. */
export async function versionShown(
  log: HonestLog,
  version?: number,
  lie: Lie<SearchResponse> = {},
  label = ALICE,
): Promise<VerifiedVersionProof> {
  const { request } = clientOf(log).search(label, version);
  const response = await log.search(request, lie);
  return openVersionProof(log.configurationBytes, { request, response }, { suite: log.options.suite });
}

/** What is thrown as misbehaviour. */
export function misbehaviorOf(run: () => unknown): MisbehaviorError {
  try {
    run();
  } catch (error) {
    if (error instanceof MisbehaviorError) return error;
    throw error;
  }
  throw new Error('nobody was accused');
}
