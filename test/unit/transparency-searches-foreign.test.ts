/**
 * Searches that logs of others answered: two logs that katie (Go) recorded, in both cipher suites, to users who knew
 * nothing and to users who had seen an earlier tree; and the responses that OR13/kt recorded from katie. Every
 * response is read from its bytes, its VRF proofs are verified, its walk consumes each queue exactly, and the tree
 * head's signature covers the root that comes out.
 */

import { expect, test } from 'vitest';
import { type Configuration, parseConfiguration } from '../../src/transparency/wire/configuration.js';
import { walkFixedVersion } from '../../src/transparency/walks/fixed-version-search.js';
import type { SearchResult } from '../../src/transparency/walks/greatest-version-search.js';
import { baseLadder } from '../../src/transparency/walks/ladder.js';
import { parseLogEntry } from '../../src/transparency/wire/proofs.js';
import { parseSearchRequest, parseSearchResponse } from '../../src/transparency/wire/search-messages.js';
import type { TreeView } from '../../src/transparency/verifier/tree-view.js';
import { type ProofSource, walkThrough } from '../../src/transparency/walks/walk.js';
import { evaluatePrefixProof } from '../../src/prefix/evaluate.js';
import { codeOf } from '../support/accounts.js';
import { checkCorpus, fromHex } from '../support/foreign.js';
import { type Answer, evaluateAnswer, ladderOf, targetOf, treeSizeOf, verifyHead } from './engine-answer.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

// ------------------------------------------------------------------------------------- katie

interface Operation {
  readonly op: string;
  readonly request: string;
  readonly response: string;
  readonly retained?: {
    readonly tree_size: number;
    readonly full_subtrees: readonly string[];
    readonly frontier: readonly { readonly position: number; readonly log_entry: string }[];
  };
}

interface World {
  readonly name: string;
  readonly config: string;
  readonly entries: readonly {
    readonly log_root: string;
    readonly full_subtrees: readonly string[];
    readonly log_entry: string;
    readonly added: readonly { readonly label: string; readonly version: number; readonly value: string }[];
  }[];
  readonly operations: readonly Operation[];
}

test('katie: answers to searches', () =>
  checkCorpus('keytrans', 128, async (files, runCase) => {
    const { worlds } = files.json<{ worlds: World[] }>('katie-00da525.json');
    for (const world of worlds) {
      for (const [i, operation] of world.operations.entries()) {
        if (operation.op === 'search')
          await runCase(`${world.name} ${i}`, () => checkSearch(world, operation));
      }
    }
  }));

function checkSearch(world: World, operation: Operation): void {
  const configuration = parseConfiguration(fromHex(world.config));
  const request = parseSearchRequest(fromHex(operation.request));
  const response = parseSearchResponse(fromHex(operation.response), configuration, request);
  const answer: Answer = { configuration, request, response, view: viewOf(operation) };

  const inserted = world.entries.findIndex(({ added }) =>
    added.some((leaf) => leaf.label === hex(request.label) && leaf.version === targetOf(answer)),
  );
  if (inserted < 0 && request.version === undefined) return expectNegative(answer);

  const evaluated = evaluateAnswer(answer);
  if (inserted < 0) {
    expect(evaluated.result).toEqual({ outcome: 'absent' });
  } else {
    expect((evaluated.result as SearchResult).terminal).toBeGreaterThanOrEqual(inserted);
  }
  const entry = world.entries[treeSizeOf(answer) - 1];
  expect(hex(evaluated.root)).toBe(entry?.log_root);
  expect(evaluated.view.fullSubtrees.map(hex)).toEqual(entry?.full_subtrees);
  for (const { position, timestampMs, prefixTree } of evaluated.view.frontier) {
    const logged = parseLogEntry(fromHex(String(world.entries[position]?.log_entry)));
    expect(logged).toEqual({ timestampMs, prefixTree });
  }
  verifyHead(answer, evaluated.root);
}

/**
 * katie answers a search for a label that is not there with version 0 and a ladder of one step. A response of the
 * draft has none of that: "Verify that the expected number of entries is present in `binary_ladder`", and "clients MUST
 * consider any `SearchResponse` with a negative result as invalid and having failed validation".
 */
function expectNegative(answer: Answer): void {
  expect(targetOf(answer)).toBe(0);
  expect(answer.response.binaryLadder.length).toBe(1);
  expect(baseLadder(0).length).toBe(2);
}

function viewOf({ retained }: Operation): TreeView | undefined {
  if (retained === undefined) return undefined;
  return {
    treeSize: retained.tree_size,
    fullSubtrees: retained.full_subtrees.map(fromHex),
    frontier: retained.frontier.map(({ position, log_entry }) => ({
      position,
      ...parseLogEntry(fromHex(log_entry)),
    })),
  };
}

// ------------------------------------------------------------------------------------- OR13/kt

interface Recorded {
  readonly name: string;
  readonly input: {
    readonly entry_timestamps: readonly number[];
    readonly label: string;
    readonly last?: number;
    readonly version?: number;
    readonly max_ahead: number;
    readonly max_behind: number;
    readonly maximum_lifetime: number;
    readonly monitoring_window: number;
    readonly signature_public_key: string;
    readonly vrf_public_key: string;
  };
  readonly expect: { readonly response?: string; readonly error?: string; readonly tree_size?: number };
}

/** Every log there has seven entries at most; entry i adds version i of the label. */
test('OR13/kt: answers to searches', () =>
  checkCorpus('keytrans/or13-kt', 13, async (files, runCase) => {
    const { cases } = files.json<{ cases: Recorded[] }>('search.json');
    for (const recorded of cases) {
      await runCase(recorded.name, () => (DEVIATIONS[recorded.name] ?? checkRecorded)(recorded));
    }
  }));

function answerOf({ input, expect: { response = '' } }: Recorded): Answer {
  const configuration: Configuration = {
    ciphersuite: 2,
    mode: 'contactMonitoring',
    signaturePublicKey: fromHex(input.signature_public_key),
    vrfPublicKey: fromHex(input.vrf_public_key),
    maxAheadMs: input.max_ahead,
    maxBehindMs: input.max_behind,
    reasonableMonitoringWindowMs: input.monitoring_window,
    maximumLifetimeMs: input.maximum_lifetime === 0 ? undefined : input.maximum_lifetime,
  };
  const request = { last: input.last, label: fromHex(input.label), version: input.version };
  const parsed = parseSearchResponse(fromHex(response), configuration, request);
  return { configuration, request, response: parsed, view: undefined };
}

function checkRecorded(recorded: Recorded): void {
  const { input, expect: expected } = recorded;
  const answer = answerOf(recorded);
  expect(treeSizeOf(answer)).toBe(expected.tree_size);
  const { result, root, view } = evaluateAnswer(answer);
  verifyHead(answer, root);
  const times = view.frontier.map(({ position, timestampMs }) => [position, timestampMs]);
  expect(times).toEqual(times.map(([position]) => [position, input.entry_timestamps[position as number]]));
  const target = targetOf(answer);
  if (target >= input.entry_timestamps.length) expect(result).toEqual({ outcome: 'absent' });
  else expect(result.terminal).toBeGreaterThanOrEqual(target);
}

/**
 * A user who had seen four entries. What was kept of them is not recorded: the prefix root of entry 3 follows from the
 * first prefix proof, which is of that entry; the head over the four is unknown, so that no root can be compared.
 */
function keptOfFour(recorded: Recorded): Answer {
  const answer = answerOf(recorded);
  const { prefixProofs } = answer.response.search;
  const [first] = prefixProofs;
  if (first === undefined) throw new Error('no prefix proof');
  const searches = [...ladderOf(answer).values()].slice(0, first.results.length);
  const timestampMs = recorded.input.entry_timestamps[3] as number;
  const view: TreeView = {
    treeSize: 4,
    fullSubtrees: [new Uint8Array(32)],
    frontier: [{ position: 3, timestampMs, prefixTree: evaluatePrefixProof(searches, first) }],
  };
  return { ...answer, view };
}

const DEVIATIONS: Readonly<Record<string, (recorded: Recorded) => void>> = {
  // Every queue is consumed exactly; entries 5 and 6 have one timestamp, so that katie's order of them does not show.
  'greatest-version-with-advertised-size': (recorded) => {
    const answer = keptOfFour(recorded);
    const { result, root } = evaluateAnswer(answer);
    expect(result.terminal).toBe(6);
    expect(codeOf(() => verifyHead(answer, root))).toBe('ERR_SIGNATURE');
  },
  // katie leaves out the timestamp of entry 5, so that those of others seem to be of it. The draft: "The last of these log entries will lie on the new tree's
  // frontier, unless there were no such log entries, in which case the log entry with index `size-1` lies on the new
  // tree's frontier. Starting from this frontier log entry, compute the remainder of the frontier. […] Provide the
  // timestamps for these log entries as well."
  'fixed-version-with-advertised-size': (recorded) => {
    const answer = keptOfFour(recorded);
    expect(answer.response.search.timestampsMs.length).toBe(3);
    expect(codeOf(() => evaluateAnswer(answer))).toBe('ERR_TIMESTAMP_ORDER');
  },
  'label-does-not-exist': (recorded) => expectNegative(answerOf(recorded)),
  // No response: katie's server refuses to serve it. Over the recorded timestamps, the walk ends in the same way.
  'fixed-version-expired-target': ({ input, expect: { error } }) => {
    expect(error).toContain('expired');
    const source: ProofSource = {
      timestamp: (position) => input.entry_timestamps[position] as number,
      searchLadder: (position, target) => Math.sign(position - target) as -1 | 0 | 1,
      lookUps: (position, versions) => versions.map((version) => version <= position),
      assumedLadder: () => undefined,
      isOver: () => false,
    };
    const policy = {
      reasonableMonitoringWindowMs: input.monitoring_window,
      maximumLifetimeMs: input.maximum_lifetime,
    };
    const walk = walkFixedVersion(input.entry_timestamps.length, policy, input.version as number);
    expect(walkThrough(walk, source)).toEqual({ outcome: 'expired' });
  },
};
