/** The client's searches and monitoring, over an honest log and over one that lies. */

import { describe, expect, test } from 'vitest';
import { KT_128_SHA256_Ed25519, KT_128_SHA256_P256 } from '../../src/suites.js';
import { type Client, createClient } from '../../src/transparency/client.js';
import { HonestLog, type Insertion, type LogOptions } from './honest-log.js';
import { PAPER_SUITE } from './paper-suite.js';

const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const ALICE = utf8('alice');

/** Log entries 10 ms apart; the distance at which alice gets new versions. */
async function logOf(
  size: number,
  options: Partial<LogOptions> = {},
  every = 3,
  start = 1_000_000,
): Promise<HonestLog> {
  const log = new HonestLog({ suite: PAPER_SUITE, ...options });
  await grow(log, size, every, start);
  return log;
}

async function grow(log: HonestLog, by: number, every = 3, start = log.nowMs + 10): Promise<void> {
  for (let i = 0; i < by; i++) {
    const position = log.size;
    const insertions: Insertion[] = [{ label: `user ${position}`, values: ['x'] }];
    if (position % every === 0) insertions.push({ label: 'alice', values: [`alice at ${position}`] });
    await log.append(start + 10 * i, insertions);
  }
}

const clientOf = (log: HonestLog, state?: Uint8Array): Client =>
  createClient(log.configurationBytes, { suite: log.options.suite, state });

describe.each([KT_128_SHA256_P256, KT_128_SHA256_Ed25519, PAPER_SUITE])('with suite %#', (suite) => {
  test('finds the greatest version and each earlier one', async () => {
    const log = await logOf(14, { suite });
    let client = clientOf(log);
    for (const version of [undefined, 0, 1, 2, 3, 4]) {
      const { request, verify } = client.search(ALICE, version);
      const found = verify(await log.search(request), { nowMs: log.nowMs });
      expect(found.version).toBe(version ?? 4);
      expect(text(found.value)).toBe(`alice at ${3 * (version ?? 4)}`);
      client = client.at(found.after);
    }
  });
});

test('monitors until a distinguished entry shows the version', async () => {
  const log = await logOf(14);
  const client = clientOf(log);
  const { request, verify } = client.search(ALICE);
  const found = verify(await log.search(request), { nowMs: log.nowMs });
  expect(found.isMonitored).toBe(true);
  let current = client.at(found.after);
  let rounds = 0;
  for (; current.dueMonitors(log.nowMs + 100).length > 0; rounds++) {
    await grow(log, 3, 50);
    const monitoring = current.monitor(ALICE);
    const monitored = monitoring.verify(await log.monitor(monitoring.request), { nowMs: log.nowMs });
    current = current.at(monitored.after);
  }
  expect(rounds).toBeGreaterThan(0);
  expect(current.dueMonitors(Number.MAX_SAFE_INTEGER)).toEqual([]);
});
