/** Operations of users in stories: what they ask, and what a log that may lie answers. */

import type { Client } from '../../../src/transparency/client/client.js';
import { recentBy } from '../../../src/transparency/walks/distinguished-heads.js';
import type { DistinguishedResponse } from '../../../src/transparency/wire/distinguished-messages.js';
import type { ContactMonitorResponse } from '../../../src/transparency/wire/monitor-messages.js';
import type {
  OwnerInitResponse,
  OwnerMonitorResponse,
} from '../../../src/transparency/wire/owner-messages.js';
import type { SearchResponse } from '../../../src/transparency/wire/search-messages.js';
import type { UpdateResponse } from '../../../src/transparency/wire/update-messages.js';
import { ALICE, utf8 } from '../client-world.js';
import type { HonestLog, Lie } from '../honest-log.js';
import type { Asked } from './telling.js';

/** Where an operation is not the usual one. */
interface Setting {
  readonly label?: Uint8Array;
  readonly version?: number;
  /** The user's clock; default: the log's newest timestamp. */
  readonly nowMs?: number;
  /** Whose request is answered, where the answer is not to the user's own. */
  readonly instead?: Client;
}

export async function search(
  client: Client,
  log: HonestLog,
  lie: Lie<SearchResponse> = {},
  { label = ALICE, version, nowMs = log.nowMs, instead }: Setting = {},
): Promise<Asked> {
  const { request, verify } = client.search(label, version);
  const answered = instead === undefined ? request : instead.search(label, version).request;
  const response = await log.search(answered, lie);
  return { operation: 'search', client, verify: () => verify(response, { nowMs }) };
}

export async function monitor(
  client: Client,
  log: HonestLog,
  lie: Lie<ContactMonitorResponse> = {},
  { label = ALICE, nowMs = log.nowMs }: Setting = {},
): Promise<Asked> {
  const { request, verify } = client.monitor(label);
  const response = await log.monitor(request, lie);
  return { operation: 'monitor', client, verify: () => verify(response, { nowMs }) };
}

export async function initializeOwner(
  client: Client,
  log: HonestLog,
  start: number,
  lie: Lie<OwnerInitResponse> = {},
): Promise<Asked> {
  const { request, verify } = client.initializeOwner(ALICE, start);
  const response = await log.ownerInit(request, lie);
  return { operation: 'initializeOwner', client, verify: () => verify(response, { nowMs: log.nowMs }) };
}

export async function monitorOwned(
  client: Client,
  log: HonestLog,
  lie: Lie<OwnerMonitorResponse> = {},
): Promise<Asked> {
  const { request, verify } = client.monitorOwned(ALICE);
  const response = await log.ownerMonitor(request, lie);
  return { operation: 'monitorOwned', client, verify: () => verify(response, { nowMs: log.nowMs }) };
}

/** @param values none to be told of versions that exist */
export async function update(
  client: Client,
  log: HonestLog,
  values: readonly string[],
  lie: Lie<UpdateResponse> & { readonly responses?: number } = {},
): Promise<Asked> {
  const { request, verify } = client.update(ALICE, values.map(utf8));
  const responses = await log.update(request, log.nowMs + 10, lie);
  return { operation: 'update', client, verify: () => verify(responses, { nowMs: log.nowMs }) };
}

/** Which heads the log takes to be recent; users take the ten rightmost that have not expired. */
interface Recent {
  readonly count?: number;
  readonly lifetimeMs?: number | undefined;
}

export async function distinguishedHeads(
  client: Client,
  log: HonestLog,
  lie: Lie<DistinguishedResponse> = {},
  { count = 10, lifetimeMs = client.configuration.maximumLifetimeMs }: Recent = {},
): Promise<Asked> {
  const { request, verify } = client.distinguishedHeads();
  const isRecent = recentBy({ count }, lifetimeMs);
  const response = await log.distinguished(request, isRecent, lie);
  return { operation: 'distinguishedHeads', client, verify: () => verify(response, { nowMs: log.nowMs }) };
}
