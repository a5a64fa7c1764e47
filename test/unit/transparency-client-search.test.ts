/** The client's searches: what they find, and what they refuse with which code. */

import { describe, expect, test } from 'vitest';
import { KT_128_SHA256_Ed25519, KT_128_SHA256_P256 } from '../../src/suites.js';
import type { Client } from '../../src/transparency/client/client.js';
import { createClient } from '../../src/transparency/client/create-client.js';
import { baseLadder } from '../../src/transparency/walks/ladder.js';
import type { BinaryLadderStep, SearchResponse } from '../../src/transparency/wire/search-messages.js';
import {
  ALICE,
  clientOf,
  codeOf,
  grow,
  hex,
  logOf,
  owning,
  PROOF_DAMAGES,
  searched,
  text,
  utf8,
} from './client-world.js';
import type { Lie } from './honest-log.js';
import { PAPER_SUITE } from './paper-suite.js';

describe.each([KT_128_SHA256_P256, KT_128_SHA256_Ed25519, PAPER_SUITE])('with suite %#', (suite) => {
  test('finds the greatest version and each earlier one', async () => {
    const log = await logOf(14, { suite });
    let client = clientOf(log);
    for (const version of [undefined, 0, 1, 2, 3, 4]) {
      const { request, verify } = client.search(ALICE, version);
      const found = verify(await log.search(request), { nowMs: log.nowMs });
      expect(found.version).toBe(version ?? 4);
      expect(text(found.value)).toBe(`alice at ${3 * (version ?? 4)} 0`);
      client = client.at(found.after);
    }
  });
});

test('a version is monitored where no distinguished entry can show it, and in other modes only if wanted', async () => {
  for (const mode of ['contactMonitoring', 'thirdPartyManagement', 'thirdPartyAuditing'] as const) {
    const log = await logOf(14, { mode });
    const { request, verify } = clientOf(log).search(ALICE);
    const response = await log.search(request);
    expect(verify(response, { nowMs: log.nowMs }).isMonitored).toBe(mode === 'contactMonitoring');
    const early = clientOf(log).search(ALICE, 0);
    expect(early.verify(await log.search(early.request), { nowMs: log.nowMs }).isMonitored).toBe(false);
  }
});

test('a program can have versions monitored that the log’s mode does not make it monitor', async () => {
  const log = await logOf(14, { mode: 'thirdPartyAuditing' });
  for (const monitorsAlways of [false, true]) {
    const client = createClient(log.configurationBytes, { suite: PAPER_SUITE, monitorsAlways });
    for (const each of [client, client.at(client.forget(ALICE).after)]) {
      const { request, verify } = each.search(ALICE);
      const found = verify(await log.search(request), { nowMs: log.nowMs });
      expect(found.isMonitored).toBe(monitorsAlways);
      expect(each.at(found.after).dueMonitors(Number.MAX_SAFE_INTEGER)).toHaveLength(monitorsAlways ? 1 : 0);
      const early = each.search(ALICE, 0);
      expect(early.verify(await log.search(early.request), { nowMs: log.nowMs }).isMonitored).toBe(false);
    }
  }
});

test('without a distinguished entry every version is monitored', async () => {
  const log = await logOf(14, { windowMs: 2_000_000 });
  const { request, verify } = clientOf(log).search(ALICE, 0);
  expect(verify(await log.search(request), { nowMs: log.nowMs })).toMatchObject({
    version: 0,
    position: 1,
    treeSize: 14,
    isMonitored: true,
  });
});

test('a version that ends in the rightmost distinguished entry itself is not monitored', async () => {
  const log = await logOf(14);
  const { request, verify } = clientOf(log).search(ALICE, 2);
  expect(verify(await log.search(request), { nowMs: log.nowMs })).toMatchObject({
    position: 7,
    isMonitored: false,
  });
});

test('a refused answer can be followed by a true one', async () => {
  const log = await logOf(14);
  const { request, verify } = clientOf(log).search(ALICE);
  const response = await log.search(request);
  const damaged = Uint8Array.from(response);
  damaged[20] = (damaged[20] as number) ^ 1;
  expect(codeOf(() => verify(damaged, { nowMs: log.nowMs }))).toBe('ERR_SIGNATURE');
  expect(codeOf(() => verify(new Uint8Array(0), { nowMs: log.nowMs }))).toBe('ERR_TRUNCATED');
  expect(verify(response, { nowMs: log.nowMs }).before).toBeUndefined();
});

// ------------------------------------------------------------------------------------- damages

type Damage = readonly [name: string, code: string, lie: Lie<SearchResponse>];
const ladder = (
  change: (steps: BinaryLadderStep[], response: SearchResponse) => BinaryLadderStep[],
): Damage[2] => ({
  patch: (response) => ({ ...response, binaryLadder: change([...response.binaryLadder], response) }),
});
const bare = ({ proof }: BinaryLadderStep): BinaryLadderStep => ({ proof, commitment: undefined });
const committed = ({ proof }: BinaryLadderStep): BinaryLadderStep => ({
  proof,
  commitment: new Uint8Array(32),
});
const at = (version: number, change: (step: BinaryLadderStep) => BinaryLadderStep): Damage[2] =>
  ladder((steps) => steps.map((step, i) => (baseLadder(4)[i] === version ? change(step) : step)));

const DAMAGES: readonly Damage[] = [
  ['a ladder that is one step short', 'ERR_LADDER_STEPS', ladder((steps) => steps.slice(0, -1))],
  ['a ladder that is one step long', 'ERR_LADDER_STEPS', ladder((steps) => [...steps, ...steps.slice(-1)])],
  ['a commitment to the version that is opened', 'ERR_LADDER_COMMITMENT', at(4, committed)],
  ['a commitment to a version above the greatest', 'ERR_LADDER_COMMITMENT', at(5, committed)],
  ['no commitment to a version that is shown', 'ERR_PREFIX_COMMITMENT', at(1, bare)],
  ['VRF proofs in another order', 'ERR_VRF_PROOF', ladder((steps) => steps.reverse().map(bare))],
  [
    'another opening',
    'ERR_SIGNATURE',
    { patch: (response) => ({ ...response, opening: new Uint8Array(16) }) },
  ],
  ...PROOF_DAMAGES.map(
    ([name, code, damage]): Damage => [
      name,
      code,
      { patch: (response) => ({ ...response, search: damage(response.search) }) },
    ],
  ),
];

test.each(DAMAGES)('%s: %s', async (_, code, lie) => {
  const log = await logOf(14);
  const { request, verify } = clientOf(log).search(ALICE);
  const response = await log.search(request, lie);
  expect(codeOf(() => verify(response, { nowMs: log.nowMs }))).toBe(code);
});

test('of one version no commitment is sent, and of others above it may be', async () => {
  const log = await logOf(14);
  const outcome = async (version: number, damaged: number): Promise<string> => {
    const { request, verify } = clientOf(log).search(ALICE, version);
    const change = (step: BinaryLadderStep, i: number): BinaryLadderStep =>
      baseLadder(version)[i] === damaged ? committed(step) : step;
    const response = await log.search(
      request,
      ladder((steps) => steps.map(change)),
    );
    return codeOf(() => verify(response, { nowMs: log.nowMs }));
  };
  expect(await outcome(2, 2)).toBe('ERR_LADDER_COMMITMENT');
  // Of a version that is not there, a commitment says nothing: the answer may be about an older tree.
  expect(await outcome(4, 5)).toBe('accepted');
});

test('in a managed log a value needs the operator’s signature', async () => {
  const log = await logOf(14, { mode: 'thirdPartyManagement' });
  const { request, verify } = clientOf(log).search(ALICE);
  const response = await log.search(request, {
    patch: (given) => ({ ...given, value: { ...given.value, suffix: { signature: new Uint8Array(64) } } }),
  });
  expect(codeOf(() => verify(response, { nowMs: log.nowMs }))).toBe('ERR_VALUE_SIGNATURE');
});

// ------------------------------------------------------------------------------------- what users retain

test('a greatest version that the owner made cannot be followed by a lesser one', async () => {
  const at15 = (position: number): number => (position === 3 || position === 15 ? 1 : 0);
  const log = await logOf(27, {}, at15);
  const owner = await owning(log, 15);
  const history = log
    .versionsOf(ALICE)
    .map((stored) => (stored.position === 15 ? { ...stored, until: 27 } : stored));
  // Version 1 is gone from all entries to come, and the search begins at one of these.
  for (let i = 0; i < 40; i++) await log.appendLeaves(log.nowMs + 10, [], [], log.entries[14]?.prefixTree);
  const outcome = async (client: Client): Promise<string> => {
    const { request, verify } = client.search(ALICE);
    const response = await log.search(request, { history });
    return codeOf(() => verify(response, { nowMs: log.nowMs }));
  };
  expect(await outcome(clientOf(log))).toBe('accepted');
  expect(await outcome(owner)).toBe('ERR_GREATEST_VERSION');
});

test('states go from before to after, and only what was verified is in them', async () => {
  const log = await logOf(14);
  const client = await searched(log);
  await grow(log, 3);
  const { request, verify } = client.search(ALICE);
  const { before, after } = verify(await log.search(request), { nowMs: log.nowMs });
  expect(hex(before as Uint8Array)).not.toBe(hex(after));
  expect(hex(client.forget(utf8('nobody')).after)).toBe(hex(before as Uint8Array));
});
