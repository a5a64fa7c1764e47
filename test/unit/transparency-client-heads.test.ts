/** What the client demands of tree heads: signatures, order, the auditor, the clock. Bounds are inclusive. */

import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/transparency/client/client.js';
import { createClient } from '../../src/transparency/client/create-client.js';
import { type Configuration, encodeConfiguration } from '../../src/transparency/wire/configuration.js';
import { recentBy, walkDistinguishedHeads } from '../../src/transparency/walks/distinguished-heads.js';
import { parseDistinguishedResponse } from '../../src/transparency/wire/distinguished-messages.js';
import type { SearchResponse } from '../../src/transparency/wire/search-messages.js';
import { openLog } from '../../src/transparency/verifier/trusted-log.js';
import { verifyProof } from '../../src/transparency/verifier/verified-proof.js';
import { ALICE, clientOf, codeOf, grow, logOf, searched } from './client-world.js';
import type { HonestLog, Lie } from './honest-log.js';
import { PAPER_SUITE } from './paper-suite.js';

async function outcomeOf(
  client: Client,
  log: HonestLog,
  lie: Lie<SearchResponse> = {},
  nowMs: number = log.nowMs,
): Promise<string> {
  const { request, verify } = client.search(ALICE);
  const response = await log.search(request, lie);
  return codeOf(() => verify(response, { nowMs }));
}

type Updated = Extract<SearchResponse['fullTreeHead'], { readonly headType: 'updated' }>;

/** Changes the heads of a response. */
const heads = (change: (head: Updated) => Updated): Lie<SearchResponse> => ({
  patch: (response) => ({ ...response, fullTreeHead: change(response.fullTreeHead as Updated) }),
});

describe('the clock', () => {
  test.each(['updated', 'same'])('bounds the newest entry of a head that is %s', async (headType) => {
    const log = await logOf(14, { maxAheadMs: 50, maxBehindMs: 70 });
    const client = headType === 'same' ? await searched(log) : clientOf(log);
    const at = (offset: number): Promise<string> => outcomeOf(client, log, {}, log.nowMs + offset);
    expect(await at(70)).toBe('accepted');
    expect(await at(71)).toBe('ERR_HEAD_BEHIND');
    expect(await at(-50)).toBe('accepted');
    expect(await at(-51)).toBe('ERR_HEAD_AHEAD');
  });

  test('is an argument that must be a number of milliseconds', async () => {
    const log = await logOf(3);
    for (const nowMs of [-1, 0.5, Number.NaN, Infinity]) {
      expect(await outcomeOf(clientOf(log), log, {}, nowMs)).toBe('ERR_ARGUMENT_RANGE');
    }
  });
});

describe('the operator’s head', () => {
  test('must be of a larger tree than the one known, or be the same', async () => {
    const log = await logOf(14);
    const client = await searched(log);
    expect(await outcomeOf(client, log)).toBe('accepted');
    expect(await outcomeOf(client, log, { neverSame: true })).toBe('ERR_HEAD_ORDER');
    const smaller = heads((head) => ({ ...head, treeHead: { ...head.treeHead, treeSize: 13 } }));
    expect(await outcomeOf(client, log, { ...smaller, neverSame: true })).toBe('ERR_HEAD_ORDER');
    await grow(log, 1);
    expect(await outcomeOf(client, log)).toBe('accepted');
  });

  test('must be signed, over this root and this size', async () => {
    const log = await logOf(14);
    const signed = (signature: Uint8Array): Lie<SearchResponse> =>
      heads((head) => ({ ...head, treeHead: { ...head.treeHead, signature } }));
    expect(await outcomeOf(clientOf(log), log, signed(log.signHead(14, log.rootAt(14))))).toBe('accepted');
    expect(await outcomeOf(clientOf(log), log, signed(log.signHead(14, log.rootAt(13))))).toBe(
      'ERR_SIGNATURE',
    );
    expect(await outcomeOf(clientOf(log), log, signed(log.signHead(13, log.rootAt(14))))).toBe(
      'ERR_SIGNATURE',
    );
    expect(await outcomeOf(clientOf(log), log, signed(new Uint8Array(0)))).toBe('ERR_SIGNATURE');
  });
});

describe('the auditor’s head', () => {
  const audited = (options: { readonly lag?: number; readonly start?: number } = {}): Promise<HonestLog> =>
    logOf(14, {
      mode: 'thirdPartyAuditing',
      maxAuditorLagMs: options.lag ?? 40,
      auditorStartPos: options.start ?? 0,
    });
  const withAuditor = (change: Partial<NonNullable<Updated['auditorTreeHead']>>): Lie<SearchResponse> =>
    heads((head) => ({
      ...head,
      auditorTreeHead: { ...(head.auditorTreeHead as NonNullable<Updated['auditorTreeHead']>), ...change },
    }));

  test('has no place in a log without an auditor', async () => {
    const world = await logOf(14);
    const log = openLog(world.configurationBytes, PAPER_SUITE);
    const { request } = clientOf(world).distinguishedHeads();
    const bytes = await world.distinguished(request, recentBy({ count: 10 }, undefined));
    const { fullTreeHead, distinguished } = parseDistinguishedResponse(bytes, world.configuration);
    const outcome = (head: typeof fullTreeHead): string =>
      codeOf(() =>
        verifyProof(
          { fullTreeHead: head, proof: distinguished },
          {
            log,
            known: undefined,
            versions: new Map(),
            nowMs: world.nowMs,
            walk: (size) =>
              walkDistinguishedHeads(
                size,
                world.configuration.reasonableMonitoringWindowMs,
                undefined,
                recentBy({ count: 10 }, undefined),
              ),
          },
        ),
      );
    expect(outcome(fullTreeHead)).toBe('accepted');
    const timestampMs = world.nowMs;
    const auditorTreeHead = { timestampMs, treeSize: 14, signature: world.signHead(14, world.rootAt(14)) };
    expect(outcome({ ...(fullTreeHead as Updated), auditorTreeHead })).toBe('ERR_AUDITOR_SIGNATURE');
  });

  test('may lag as far as the configuration says', async () => {
    const log = await audited();
    expect(await outcomeOf(clientOf(log), log, { auditorSize: 10 })).toBe('accepted');
    expect(await outcomeOf(clientOf(log), log, { auditorSize: 9 })).toBe('ERR_AUDITOR_LAG');
  });

  test('must be signed by the auditor, over its own tree', async () => {
    const log = await audited();
    const signature = log.signHead(14, log.rootAt(14));
    expect(await outcomeOf(clientOf(log), log, withAuditor({ signature }))).toBe('ERR_AUDITOR_SIGNATURE');
    const head = { timestampMs: log.entries[9]?.timestampMs ?? 0, treeSize: 10 };
    const other = log.signAuditor(head, log.rootAt(9));
    expect(
      await outcomeOf(clientOf(log), log, { auditorSize: 10, ...withAuditor({ signature: other }) }),
    ).toBe('ERR_AUDITOR_SIGNATURE');
    const forked = log.signAuditor(head, log.rootAt(10));
    expect(
      await outcomeOf(clientOf(log), log, { auditorSize: 10, ...withAuditor({ signature: forked }) }),
    ).toBe('accepted');
  });

  test('cannot be newer or larger than the log, nor of nothing', async () => {
    const log = await audited();
    const timestampMs = log.nowMs + 1;
    expect(await outcomeOf(clientOf(log), log, withAuditor({ timestampMs }))).toBe('ERR_AUDITOR_TIME');
    expect(await outcomeOf(clientOf(log), log, withAuditor({ treeSize: 15 }))).toBe('ERR_HEAD_ORDER');
    expect(await outcomeOf(clientOf(log), log, withAuditor({ treeSize: 0 }))).toBe('ERR_HEAD_EMPTY');
  });

  test('is kept, and another auditor must begin where it ended', async () => {
    const log = await audited();
    const { request, verify } = clientOf(log).search(ALICE);
    const { after } = verify(await log.search(request, { auditorSize: 10 }), { nowMs: log.nowMs });
    await grow(log, 1);
    for (const [start, outcome] of [
      [10, 'accepted'],
      [11, 'ERR_AUDITOR_START'],
    ] as const) {
      const configuration = { ...log.configuration, auditorStartPos: start } as Configuration;
      const other = await logOf(15, {
        mode: 'thirdPartyAuditing',
        maxAuditorLagMs: 40,
        auditorStartPos: start,
      });
      const client = createClient(encodeConfiguration(configuration), { suite: PAPER_SUITE, state: after });
      expect(await outcomeOf(client, other)).toBe(outcome);
      // Who knew no head before has nothing to go on from.
      expect(await outcomeOf(clientOf(other), other)).toBe('accepted');
    }
  });

  test('is kept while the head stays the same', async () => {
    const log = await audited();
    const client = clientOf(log);
    const { request, verify } = client.search(ALICE);
    // The auditor's tree is the smaller one: its root is not in the answer to who has the head already.
    const { after } = verify(await log.search(request, { auditorSize: 10 }), { nowMs: log.nowMs });
    expect(await outcomeOf(client.at(after), log)).toBe('accepted');
  });
});
