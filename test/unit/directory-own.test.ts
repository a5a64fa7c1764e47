/** One's own identifiers: publishing by compare-and-swap, hearing of what others published, and watching. */

import { expect, test } from 'vitest';
import { createContact, reduceContact, reviewContact } from '../../src/contacts.js';
import {
  claimIdentifier,
  fetchOwnDevices,
  type OwnAnswer,
  publishDevices,
  watchIdentifier,
  type Watched,
} from '../../src/directory.js';
import type { VerifiedDeviceList } from '../../src/keys.js';
import type { Client } from '../../src/transparency.js';
import { BOB, codeOf } from '../support/accounts.js';
import { after, chain, FIRST, firstAt, IDENTIFIER, Server } from './directory-world.js';
import { bytesOf } from './operator-world.js';

/** A device that owns the identifier from the newest distinguished entry on, and knows all lists. */
async function owner(server: Server, stored?: VerifiedDeviceList): Promise<Client> {
  const client = server.client();
  const { heads, after: walked } = await server.heads(client);
  const start = heads.at(-1)?.position ?? 0;
  const claim = claimIdentifier(client.at(walked), { identifier: BOB, start });
  const claimed = claim.review(await server.operator.ownerInit(claim.request), { nowMs: server.nowMs });
  expect(claimed).toMatchObject({ log: { kind: 'none' }, refusal: undefined });
  return (await fetchAll(server, client.at(claimed.after), stored)).client;
}

async function fetchAll(
  server: Server,
  client: Client,
  stored?: VerifiedDeviceList,
): Promise<{ readonly client: Client; readonly answer: OwnAnswer | string }> {
  const { request, review } = fetchOwnDevices(client, { identifier: BOB, stored });
  const responses = await server.update(request);
  if (typeof responses === 'string') return { client, answer: responses };
  const answer = review(responses, { nowMs: server.nowMs });
  return { client: answer.after === undefined ? client : client.at(answer.after), answer };
}

async function publish(
  server: Server,
  client: Client,
  list: VerifiedDeviceList,
  stored?: VerifiedDeviceList,
): Promise<{ readonly client: Client; readonly answer: OwnAnswer }> {
  const { request, review } = publishDevices(client, list, { stored });
  const responses = await server.update(request);
  if (typeof responses === 'string') throw new Error(responses);
  const answer = review(responses, { nowMs: server.nowMs });
  return { client: answer.after === undefined ? client : client.at(answer.after), answer };
}

async function watch(server: Server, client: Client): Promise<Watched> {
  const due = { operation: 'owner', label: IDENTIFIER } as const;
  const { request, review } = watchIdentifier(client, due);
  return review(await server.watch(due, request), { nowMs: server.nowMs });
}

test('a list is published, and is in the log under its sequence', async () => {
  const server = await Server.open();
  const client = await owner(server);
  const first = await publish(server, client, FIRST);
  expect(first.answer).toMatchObject({ outcome: 'published', refusal: undefined, log: { kind: 'none' } });
  expect(first.answer.news).toMatchObject([
    { sequence: 0, list: { listId: FIRST.listId }, log: { kind: 'included', sequence: 0 } },
  ]);
  const next = after(FIRST);
  const second = await publish(server, first.client, next, FIRST);
  expect(second.answer).toMatchObject({ outcome: 'published' });
  expect(await server.operator.newest(IDENTIFIER)).toEqual({ version: 1, value: next.encoded });
});

test('who is outrun hears of the winner, builds on it, and publishes', async () => {
  const server = await Server.open();
  const phone = await publish(server, await owner(server), FIRST);
  const laptop = await owner(server, FIRST);
  const won = after(FIRST, 'laptop');
  await publish(server, laptop, won, FIRST);

  const lost = await publish(server, phone.client, after(FIRST, 'phone'), FIRST);
  expect(lost.answer).toMatchObject({ outcome: 'outrun', refusal: undefined });
  expect(lost.answer.news.map(({ list }) => list?.listId)).toEqual([won.listId]);
  expect(lost.answer.news[0]?.list?.continuity).toMatchObject({ kind: 'next', authored: true });

  const again = await publish(server, lost.client, after(won, 'phone'), won);
  expect(again.answer).toMatchObject({ outcome: 'published' });
});

test('a list is not sent where the device does not know exactly those before it', async () => {
  const server = await Server.open();
  const client = await owner(server);
  expect(codeOf(() => publishDevices(client, after(FIRST)))).toBe('ERR_NOT_READY');
  expect(codeOf(() => publishDevices(server.client(), FIRST))).toBe('ERR_NOT_READY');
  const { client: published } = await publish(server, client, FIRST);
  expect(codeOf(() => publishDevices(published, FIRST))).toBe('ERR_NOT_READY');
  expect(codeOf(() => publishDevices(published, undefined as never))).toBe('ERR_ARGUMENT_TYPE');
  expect(codeOf(() => fetchOwnDevices(published, undefined as never))).toBe('ERR_ARGUMENT_TYPE');
});

test('fetching tells of all lists, each against the one before', async () => {
  const server = await Server.open();
  const client = await owner(server);
  const lists = chain(3);
  for (const list of lists) await server.smuggle(list.encoded);
  const { answer, client: told } = await fetchAll(server, client);
  if (typeof answer === 'string') throw new Error(answer);
  expect(answer.outcome).toBe('fetched');
  expect(answer.news.map(({ sequence, list }) => [sequence, list?.continuity.kind])).toEqual([
    [0, 'first-sight'],
    [1, 'next'],
    [2, 'next'],
  ]);
  expect((await fetchAll(server, told)).answer).toBe('ERR_UPDATE_EMPTY');
});

test('a list that stands elsewhere than it says is refused, even one’s own', async () => {
  const server = await Server.open({}, false);
  const client = await owner(server);
  await server.smuggle(firstAt(1).encoded);
  const { answer } = await fetchAll(server, client);
  expect(answer).toMatchObject({
    outcome: 'fetched',
    refusal: 'ERR_LIST_SEQUENCE',
    news: [{ sequence: 0, list: undefined, log: { kind: 'none' } }],
  });
});

test('false responses are refused, and leave no trace', async () => {
  const server = await Server.open();
  const client = await owner(server);
  const { request, review } = publishDevices(client, FIRST);
  const responses = await server.update(request);
  if (typeof responses === 'string') throw new Error(responses);
  const none = review([], { nowMs: server.nowMs });
  expect(none).toEqual({
    outcome: 'refused',
    news: [],
    log: { kind: 'proof-invalid' },
    refusal: 'ERR_UPDATE_VERSIONS',
    before: undefined,
    after: undefined,
  });
  const cut = review([(responses[0] as Uint8Array).subarray(1)], { nowMs: server.nowMs });
  expect(cut).toMatchObject({ outcome: 'refused', log: { kind: 'proof-invalid' }, after: undefined });
  const late = review(responses, { nowMs: server.nowMs + 2000 });
  expect(late).toMatchObject({ outcome: 'refused', log: { kind: 'stale' }, refusal: 'ERR_HEAD_BEHIND' });
  expect(review(responses, { nowMs: server.nowMs }).outcome).toBe('published');
});

test('an identifier is claimed at a distinguished entry only', async () => {
  const server = await Server.open({ windowMs: 10_000_000 });
  await server.fill(5);
  const { request, review } = claimIdentifier(server.client(), { identifier: BOB, start: 3 });
  const honest = claimIdentifier(server.client(), { identifier: BOB, start: 7 });
  const response = await server.operator.ownerInit(honest.request).catch((error: unknown) => error);
  expect((response as { code: string }).code).toBe('ERR_OWNER_START');
  const root = await server.operator.ownerInit(request).catch(() => undefined);
  if (root !== undefined) expect(review(root.subarray(1), { nowMs: server.nowMs }).refusal).toBeDefined();
  expect(codeOf(() => claimIdentifier(server.client(), { identifier: '', start: 0 }))).toBe(
    'ERR_ARGUMENT_RANGE',
  );
});

test('watching finds a list that somebody else published, and the own account is told', async () => {
  const server = await Server.open();
  const { client } = await publish(server, await owner(server), FIRST);
  await server.fill(20);
  const quiet = await watch(server, client);
  expect(quiet).toMatchObject({ next: 'nothing', refusal: undefined, log: { kind: 'none' } });

  const foreign = firstAt(1);
  await server.smuggle(foreign.encoded);
  await server.fill(20);
  let watched = await watch(server, client.at(quiet.after));
  for (let i = 0; watched.next === 'again' && i < 10; i++) {
    watched = await watch(server, client.at(watched.after));
  }
  expect(watched.next).toBe('fetch');
  const { answer } = await fetchAll(server, client.at(watched.after), FIRST);
  if (typeof answer === 'string') throw new Error(answer);
  const { directory, log } = answer.news[0] as OwnAnswer['news'][number];

  const { nowMs } = server;
  const written = { kind: 'own-list-written', sequence: 0, listId: FIRST.listId } as const;
  const own = reduceContact(createContact({ identifier: IDENTIFIER, owner: 'own' }), written, { nowMs });
  const known = reviewContact({ stored: own, directory: { kind: 'list', list: FIRST }, nowMs }).state;
  const review = reviewContact({ stored: known, directory, log, nowMs });
  expect(review.findings.map(({ code, level }) => `${code} ${level}`)).toContain('own-list-foreign alarm');
});

test('a log that holds a list and will not show it is answering falsely', async () => {
  const server = await Server.open();
  const { client } = await publish(server, await owner(server), FIRST);
  await server.smuggle(after(FIRST).encoded);
  await server.fill(20);
  const { request, review } = fetchOwnDevices(client, { identifier: BOB, stored: FIRST });
  expect(typeof (await server.update(request))).toBe('object');
  expect(review([], { nowMs: server.nowMs })).toMatchObject({ log: { kind: 'proof-invalid' } });
});

test('contacts are watched until their owner can have looked', async () => {
  const server = await Server.open();
  await server.fill(1);
  await server.smuggle(FIRST.encoded);
  const client = server.client();
  const { request, verify } = client.search(IDENTIFIER);
  const found = verify(await server.operator.search(request), { nowMs: server.nowMs });
  await server.fill(30);
  const [due] = client.at(found.after).dueMonitors(server.nowMs);
  if (due === undefined) throw new Error('nothing is due');
  const watching = watchIdentifier(client.at(found.after), due);
  const response = await server.watch(due, watching.request);
  const watched = watching.review(response, { nowMs: server.nowMs });
  expect(watched).toMatchObject({ next: 'nothing', refusal: undefined });
  expect(watched.before).toEqual(found.after);
  expect(client.at(watched.after).dueMonitors(server.nowMs + 10_000)).toEqual([]);
  const refused = watching.review(response.subarray(0, -1), { nowMs: server.nowMs });
  expect(refused).toMatchObject({ next: 'nothing', log: { kind: 'proof-invalid' }, after: undefined });
});

test('only what is due can be watched', async () => {
  const server = await Server.open();
  const label = bytesOf('nobody');
  expect(codeOf(() => watchIdentifier(server.client(), { operation: 'contact', label }))).toBe(
    'ERR_NOT_READY',
  );
  expect(codeOf(() => watchIdentifier(server.client(), { operation: 'owner', label }))).toBe('ERR_NOT_READY');
  expect(codeOf(() => watchIdentifier(server.client(), { operation: 'all' as never, label }))).toBe(
    'ERR_ARGUMENT_RANGE',
  );
  expect(codeOf(() => watchIdentifier(server.client(), null as never))).toBe('ERR_ARGUMENT_TYPE');
});
