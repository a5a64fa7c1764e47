/**
 * Tasks: responses to searches verified, and alone each part of the same work: the VRF proofs, the signatures, the
 * hashing. What the parts are is recorded from one verification, with everything that went in.
 */

import { createTypeScriptHasher, type TreeHasher } from 'contact-key-verification/log.js';
import type { Operator } from 'contact-key-verification/operator.js';
import type { CipherSuite } from 'contact-key-verification/suites.js';
import { createClient } from 'contact-key-verification/transparency.js';
import { assertRefused } from '../control.js';
import { digest, type Task } from '../harness.js';
import {
  createSampleLog,
  fillLog,
  type SampleLog,
  text,
  updateOf,
  valueOf,
  WINDOW_MS,
  withoutVrf,
} from '../sample-log.js';

/** Contenders of every task, the whole first. */
export const WHOLE = 'whole';
export const VRF = 'VRF proofs';
export const SIGNATURES = 'signatures';
export const HASHING = 'hashing';

/** A task, and what its numbers are to be read with: of one search, on average. */
export interface SearchTask {
  readonly task: Task;
  readonly responseBytes: number;
  readonly vrfProofs: number;
}

/** How large the log is. */
export interface SearchedLog {
  readonly labels: number;
  readonly labelsInAnEntry: number;
  /** Labels that are searched for, of each kind. */
  readonly searched: number;
}

/** Log entries an hour apart: one in 24 is distinguished. */
const EVERY_MS = WINDOW_MS / 24;
const VERSIONS = 10;
const OLDER_VERSION = 3;

type Run = () => Uint8Array;

/** What a verification calls, each call with copies of its inputs. */
interface Calls {
  readonly vrf: Run[];
  readonly signatures: Run[];
  readonly hashing: Run[];
}

const NOTHING = new Uint8Array(0);

function recorded(list: Run[], run: Run): Uint8Array {
  list.push(run);
  return run();
}

function recordingSuite(suite: CipherSuite, { vrf, signatures, hashing }: Calls): CipherSuite {
  return {
    ...suite,
    vrf: {
      ...suite.vrf,
      verify: (key, input, proof) => recorded(vrf, () => suite.vrf.verify(key, input, proof)),
    },
    signatures: {
      ...suite.signatures,
      verify(key, message, signature) {
        recorded(signatures, () => {
          suite.signatures.verify(key, message, signature);
          return NOTHING;
        });
      },
    },
    hash: (bytes) => recorded(hashing, () => suite.hash(bytes)),
    commit: (value) => recorded(hashing, () => suite.commit(value)),
    verifyCommitment(commitment, value) {
      recorded(hashing, () => {
        suite.verifyCommitment(commitment, value);
        return NOTHING;
      });
    },
  };
}

/** The engine hashes what lies in arrays that are used again, so that these are copied. */
function recordingHasher(hasher: TreeHasher, { hashing }: Calls): TreeHasher {
  return {
    ...hasher,
    hashPairs(hashes, tags) {
      const copy = hashes.slice();
      return recorded(hashing, () => hasher.hashPairs(copy, tags));
    },
    foldSubtrees(hashes, height, bottom, inner) {
      const copy = hashes.slice();
      return recorded(hashing, () => hasher.foldSubtrees(copy, height, bottom, inner));
    },
    hashLeaves(leaves, leafLength, prefix) {
      const copy = leaves.slice();
      return recorded(hashing, () => hasher.hashLeaves(copy, leafLength, prefix));
    },
    foldProofs(proofs) {
      const copy = { ...proofs, hashes: proofs.hashes.slice(), steps: proofs.steps.slice() };
      return recorded(hashing, () => hasher.foldProofs(copy));
    },
  };
}

/** Who asks. */
interface User {
  readonly name: string;
  /** What is kept of an earlier search, if anything. */
  readonly state: Uint8Array | undefined;
}

/**
 * A log of so many labels, some of which were updated several times, and the tasks of searching it: for greatest
 * versions and for an older one, by new users and by those who know an earlier tree, or the newest.
 */
export async function searchTasks(suite: CipherSuite, size: SearchedLog): Promise<SearchTask[]> {
  const log = createSampleLog(suite);
  const half = Math.floor(size.labels / 2);
  const fill = async (from: number, to: number): Promise<void> =>
    fillLog(log, await log.open(withoutVrf(suite)), {
      from,
      to,
      batch: size.labelsInAnEntry,
      everyMs: EVERY_MS,
    });
  await fill(0, half);
  const names = (kind: string): string[] => Array.from({ length: size.searched }, (_, i) => `${kind} ${i}`);
  const once = names('once');
  const often = names('often');
  const operator = await log.open(suite);
  for (let version = 0; version < VERSIONS; version++) {
    log.nowMs += EVERY_MS;
    const changed = version === 0 ? [...once, ...often] : often;
    await operator.insert(changed.map(updateOf), { nowMs: log.nowMs });
  }
  await fill(half, size.labels - size.labelsInAnEntry);
  const earlier = await stateAfter(log, once[0] as string);
  await fill(size.labels - size.labelsInAnEntry, size.labels);
  const newest = await stateAfter(log, once[0] as string);

  const answering = await log.open(suite);
  const newUser = { name: 'new user', state: undefined };
  const returning = { name: 'returning user', state: earlier };
  const current = { name: 'user of the same tree', state: newest };
  const task = (what: string, labels: readonly string[], version: number | undefined, user: User) =>
    searchTask({
      log,
      operator: answering,
      user,
      title: `${suite.name}: ${what}, ${user.name}`,
      labels,
      version,
    });
  return [
    await task('greatest version of one', once, undefined, newUser),
    await task('greatest version of one', once, undefined, returning),
    await task('greatest version of one', once, undefined, current),
    await task(`greatest version of ${VERSIONS}`, often, undefined, newUser),
    await task(`greatest version of ${VERSIONS}`, often, undefined, returning),
    await task(`version ${OLDER_VERSION} of ${VERSIONS}`, often, OLDER_VERSION, newUser),
    await task(`version ${OLDER_VERSION} of ${VERSIONS}`, often, OLDER_VERSION, returning),
  ];
}

/** What a new user keeps after a search. */
async function stateAfter(log: SampleLog, label: string): Promise<Uint8Array> {
  const operator = await log.open(log.suite);
  const client = createClient(log.configurationBytes, { suite: log.suite });
  const { request, verify } = client.search(text(label));
  return verify(await operator.search(request), { nowMs: log.nowMs }).after;
}

async function searchTask({
  log,
  operator,
  user,
  title,
  labels,
  version,
}: {
  readonly log: SampleLog;
  readonly operator: Operator;
  readonly user: User;
  readonly title: string;
  readonly labels: readonly string[];
  readonly version: number | undefined;
}): Promise<SearchTask> {
  const { suite, configurationBytes, nowMs } = log;
  const hasher = createTypeScriptHasher();
  const calls: Calls = { vrf: [], signatures: [], hashing: [] };
  const client = createClient(configurationBytes, { suite, hasher, state: user.state });
  const observed = createClient(configurationBytes, {
    suite: recordingSuite(suite, calls),
    hasher: recordingHasher(hasher, calls),
    state: user.state,
  });
  // Opening the configuration hashes too, and is not part of a search.
  calls.hashing.length = 0;
  const runs: Run[] = [];
  let responseBytes = 0;
  for (const label of labels) {
    const { request, verify } = client.search(text(label), version);
    const response = await operator.search(request);
    responseBytes += response.length;
    const run: Run = () => verify(response, { nowMs }).value;
    runs.push(run);
    assertRefused(title, () => client.search(text(`not ${label}`), version).verify(response, { nowMs }));
    observed.search(text(label), version).verify(response, { nowMs });
  }
  const contender = (name: string, parts: readonly Run[], expected = digest(outputOf(parts))) => ({
    name,
    run: () => outputOf(parts),
    expected,
  });
  return {
    task: {
      title,
      unit: 'searches',
      units: labels.length,
      baseline: WHOLE,
      contenders: [
        contender(WHOLE, runs, digest(Buffer.concat(labels.map(valueOf)))),
        contender(VRF, calls.vrf),
        contender(SIGNATURES, calls.signatures),
        contender(HASHING, calls.hashing),
      ],
    },
    responseBytes: responseBytes / labels.length,
    vrfProofs: calls.vrf.length / labels.length,
  };
}

const outputOf = (runs: readonly Run[]): Uint8Array => Buffer.concat(runs.map((run) => run()));
