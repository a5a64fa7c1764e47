/** Users who walk distinguished heads and send one another credentials, over a log for tests. */

import type { Client } from '../../src/transparency/client/client.js';
import { decodeState } from '../../src/transparency/client/state-encoding.js';
import { entryOf } from '../../src/transparency/client/known-distinguished.js';
import { createCredentialReader } from '../../src/transparency/credentials/create-credential-reader.js';
import type { CredentialReader } from '../../src/transparency/credentials/credential-reader.js';
import { openLog } from '../../src/transparency/verifier/trusted-log.js';
import { type Recent, recentBy } from '../../src/transparency/walks/distinguished-heads.js';
import { clientOf, utf8 } from './client-world.js';
import { isDistinguished } from './distinguished-of.js';
import type { HonestLog } from './honest-log.js';

export const TEN: Recent = { count: 10 };

export async function walked(
  log: HonestLog,
  client: Client = clientOf(log),
  options: { readonly recent?: Recent; readonly stop?: number } = {},
): Promise<Client> {
  const { request, verify } = client.distinguishedHeads(options);
  const isRecent = recentBy(options.recent ?? TEN, log.configuration.maximumLifetimeMs);
  return client.at(verify(await log.distinguished(request, isRecent), { nowMs: log.nowMs }).after);
}

/** The bytes of a client's state. */
export const stateBytes = (client: Client): Uint8Array => client.forget(utf8('nobody')).after;

/** Positions of the distinguished entries that a client knows. */
export function knownTo(log: HonestLog, client: Client): readonly number[] {
  const trusted = openLog(log.configurationBytes, log.options.suite);
  return decodeState(trusted, stateBytes(client)).distinguished.map((known) => entryOf(known).position);
}

export function readerOf(log: HonestLog, client: Client, recent: Recent = TEN): CredentialReader {
  const { suite } = log.options;
  return createCredentialReader(log.configurationBytes, { suite, state: stateBytes(client), recent });
}

/** All distinguished entries of a log, by the definition. */
export function distinguishedOf(log: HonestLog, treeSize: number = log.size): number[] {
  const { reasonableMonitoringWindowMs: windowMs } = log.configuration;
  const timestampOf = (position: number): number => log.entries[position]?.timestampMs as number;
  return Array.from({ length: treeSize }, (_, i) => i).filter((position) =>
    isDistinguished(position, treeSize, windowMs, timestampOf),
  );
}

/** The frontier of a log, by the definition: each entry is the root of what is to its right. */
export function frontierOf(treeSize: number): number[] {
  const entries: number[] = [];
  for (let begin = 0; begin < treeSize; begin = (entries.at(-1) as number) + 1) {
    let half = 1;
    while (half * 2 <= treeSize - begin) half *= 2;
    entries.push(begin + half - 1);
  }
  return entries;
}
