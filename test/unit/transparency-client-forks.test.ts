/** Walking distinguished heads, and comparing them with a peer's. */

import { describe, expect, test } from 'vitest';
import { recentBy } from '../../src/transparency/walks/distinguished-heads.js';
import type { DistinguishedResponse } from '../../src/transparency/wire/distinguished-messages.js';
import type { Client } from '../../src/transparency/client/client.js';
import { compareDistinguishedHeads } from '../../src/transparency/client/head-comparison.js';
import { clientOf, codeOf, grow, hex, logOf, PROOF_DAMAGES, searched } from './client-world.js';
import type { HonestLog, Lie } from './honest-log.js';

const TEN = recentBy({ count: 10 }, undefined);

async function headsOf(
  log: HonestLog,
  client: Client,
  options: Parameters<Client['distinguishedHeads']>[0] = {},
) {
  const { request, verify } = client.distinguishedHeads(options);
  const isRecent = recentBy(options.recent ?? { count: 10 }, log.options.lifetimeMs);
  return verify(await log.distinguished(request, isRecent), { nowMs: log.nowMs });
}

describe('distinguished heads', () => {
  test('are the log’s roots as it grew, for users who knew nothing and for those who did', async () => {
    const log = await logOf(30);
    const client = await searched(log);
    await grow(log, 34);
    for (const each of [clientOf(log), client]) {
      const { heads, after } = await headsOf(log, each);
      expect(heads.length).toBeGreaterThan(3);
      for (const { position, timestampMs, root } of heads) {
        expect(hex(root)).toBe(hex(log.rootAt(position + 1)));
        expect(timestampMs).toBe(log.entries[position]?.timestampMs);
      }
      expect((await headsOf(log, each.at(after))).heads.map(({ root }) => hex(root))).toEqual(
        heads.map(({ root }) => hex(root)),
      );
    }
  });

  test('end at the stopping position, at the count, at the age, and before what has expired', async () => {
    const log = await logOf(64, { windowMs: 40, lifetimeMs: 400 });
    const positions = async (
      options: Parameters<Client['distinguishedHeads']>[0],
    ): Promise<readonly number[]> =>
      (await headsOf(log, clientOf(log), options)).heads.map(({ position }) => position);
    const all = await positions({ recent: { count: 255 } });
    const ages = all.map((position) => log.nowMs - (log.entries[position]?.timestampMs ?? 0));
    expect(all.length).toBeGreaterThan(5);
    expect(Math.max(...ages)).toBeLessThan(400);
    expect(await positions({ recent: { count: 2 } })).toEqual(all.slice(-2));
    const stop = all[1] as number;
    expect(await positions({ recent: { count: 255 }, stop })).toEqual(all.slice(2));
    const withinMs = ages[1] as number;
    expect(await positions({ recent: { withinMs } })).toEqual(all.slice(2));
    expect(await positions({ recent: { withinMs: withinMs + 1 } })).toEqual(all.slice(1));
  });

  test.each(PROOF_DAMAGES)('%s: %s', async (_, code, damage) => {
    const log = await logOf(64);
    const { request, verify } = clientOf(log).distinguishedHeads();
    const lie: Lie<DistinguishedResponse> = {
      patch: (given) => ({ ...given, distinguished: damage(given.distinguished) }),
    };
    const response = await log.distinguished(request, TEN, lie);
    expect(codeOf(() => verify(response, { nowMs: log.nowMs }))).toBe(code);
  });

  test('a definition is a count or an age', async () => {
    const log = await logOf(3);
    const walk = (recent: unknown) =>
      codeOf(() => clientOf(log).distinguishedHeads({ recent: recent as never }));
    for (const recent of [{ count: 0 }, { count: 256 }, { withinMs: -1 }]) {
      expect(walk(recent)).toBe('ERR_ARGUMENT_RANGE');
    }
    for (const recent of [null, {}, { count: '1' }]) expect(walk(recent)).toBe('ERR_ARGUMENT_TYPE');
    expect(codeOf(() => clientOf(log).distinguishedHeads({ stop: -1 }))).toBe('ERR_ARGUMENT_RANGE');
  });
});

describe('comparing', () => {
  const roots = (names: string): Uint8Array[] =>
    [...names].map((name) => new Uint8Array(32).fill(name.charCodeAt(0)));
  test.each([
    ['abc', 'abc', 3],
    ['abcd', 'cdef', 2],
    ['cdef', 'abcd', 2],
    ['abcd', 'cd', 2],
    ['cd', 'abcd', 2],
    ['abcd', 'ab', 2],
    ['abcd', 'd', 1],
    ['aab', 'aba', 2],
    ['abcd', 'bc', 0],
    ['abcd', 'efgh', 0],
    ['abcd', 'abce', 0],
    ['abcd', 'xbcd', 0],
    ['', 'abc', 0],
    ['', '', 0],
  ])('%s with %s', (own, peer, overlap) => {
    const outcome = overlap === 0 ? { outcome: 'different' } : { outcome: 'same', overlap };
    expect(compareDistinguishedHeads(roots(own), roots(peer))).toEqual(outcome);
  });

  test('what is no list of roots is refused', () => {
    expect(codeOf(() => compareDistinguishedHeads(roots('a'), 'a' as never))).toBe('ERR_ARGUMENT_TYPE');
    expect(codeOf(() => compareDistinguishedHeads(['a'] as never, roots('a')))).toBe('ERR_ARGUMENT_TYPE');
    expect(codeOf(() => compareDistinguishedHeads(roots('a'), 5 as never))).toBe('ERR_ARGUMENT_TYPE');
  });
});
