/** Looking devices up: what the log holds of an identifier, as a review takes it. */

import { expect, test } from 'vitest';
import { createContact, reviewContact } from '../../src/contacts.js';
import { lookUpDevices, type LookUpOptions, type LookedUp } from '../../src/directory.js';
import type { Client } from '../../src/transparency.js';
import { BOB, codeOf } from '../support/accounts.js';
import { after, chain, FIRST, firstAt, IDENTIFIER, Server } from './directory-world.js';
import { bytesOf } from './operator-world.js';

async function lookUp(
  server: Server,
  options: Partial<LookUpOptions> = {},
  client: Client = server.client(),
): Promise<LookedUp> {
  const { request, review } = lookUpDevices(client, { identifier: BOB, ...options });
  return review(await server.operator.search(request), { nowMs: server.nowMs });
}

async function publishAll(server: Server, count: number): Promise<ReturnType<typeof chain>> {
  const lists = chain(count);
  for (const list of lists) await server.smuggle(list.encoded);
  return lists;
}

test('the newest list, proven newest when the log was current', async () => {
  const server = await Server.open();
  await server.fill(1);
  await publishAll(server, 1);
  const {
    directory,
    log,
    refusal,
    missing,
    isExpired,
    isMonitored,
    before,
    after: next,
  } = await lookUp(server);
  expect(directory).toMatchObject({ kind: 'list', list: { sequence: 0, listId: FIRST.listId } });
  const provenMs = server.operator.head?.timestampMs;
  expect(log).toEqual({ kind: 'newest', sequence: 0, listId: FIRST.listId, provenMs });
  expect({ refusal, missing, isExpired, isMonitored, before }).toEqual({
    refusal: undefined,
    missing: [],
    isExpired: false,
    isMonitored: true,
    before: undefined,
  });
  expect(server.client(next).dueMonitors(server.nowMs + 1000)).toHaveLength(1);
});

test('an identifier as text is its UTF-8 bytes', async () => {
  const server = await Server.open();
  const asText = lookUpDevices(server.client(), { identifier: BOB });
  const asBytes = lookUpDevices(server.client(), { identifier: IDENTIFIER });
  expect(asText.request).toEqual(asBytes.request);
});

test('a review of it is consistent', async () => {
  const server = await Server.open();
  await publishAll(server, 1);
  const { directory, log } = await lookUp(server);
  const stored = createContact({ identifier: IDENTIFIER });
  const review = reviewContact({ stored, directory, log, nowMs: server.nowMs });
  expect(review.trust).toBe('consistent');
  expect(review.listToStore).toEqual(FIRST.encoded);
});

test('lists between the stored one and the newest are named, and looked up one by one', async () => {
  const server = await Server.open();
  const lists = await publishAll(server, 5);
  const behind = await lookUp(server, { stored: FIRST.encoded });
  expect(behind.directory).toMatchObject({ kind: 'refused', code: 'ERR_LIST_GAP' });
  expect(behind.refusal).toBe('ERR_LIST_GAP');
  expect(behind.log).toMatchObject({ kind: 'newest', sequence: 4, listId: lists[4]?.listId });
  expect(behind.missing).toEqual([1, 2, 3]);

  let stored = FIRST;
  let client = server.client(behind.after);
  for (const sequence of [...behind.missing, undefined]) {
    const found = await lookUp(server, { stored, sequence }, client);
    if (found.directory.kind !== 'list') throw new Error(`refused: ${found.refusal}`);
    expect(found.log.kind).toBe(sequence === undefined ? 'newest' : 'included');
    stored = found.directory.list;
    client = server.client(found.after);
  }
  expect(stored.sequence).toBe(4);
  expect(stored.continuity).toMatchObject({ kind: 'next', authored: true });
});

test('at most 256 missing lists are named at once', async () => {
  const server = await Server.open();
  const client = server.client();
  // What the log holds as versions in between does not matter for the count.
  const stuffing = Array.from({ length: 190 }, () => bytesOf('x'));
  await server.smuggle(FIRST.encoded);
  for (let i = 0; i < 2; i++) {
    server.nowMs += 10;
    await server.operator.insert([{ label: IDENTIFIER, values: stuffing }], { nowMs: server.nowMs });
  }
  const { request, review } = lookUpDevices(client, { identifier: BOB, stored: FIRST });
  const answer = review(await server.operator.search(request), { nowMs: server.nowMs });
  // No device list at all: nothing is missing, it is false.
  expect(answer).toMatchObject({
    directory: { kind: 'refused', code: 'ERR_TRUNCATED' },
    log: { kind: 'none' },
  });
  expect(answer.missing).toEqual([]);

  await server.smuggle(firstAt(381).encoded);
  const gap = await lookUp(server, { stored: FIRST });
  expect(gap.refusal).toBe('ERR_LIST_GAP');
  expect(gap.missing).toHaveLength(256);
  expect([gap.missing[0], gap.missing.at(-1)]).toEqual([1, 256]);
});

test('after a gap that expired, the newest counts as first sight', async () => {
  const server = await Server.open();
  await publishAll(server, 4);
  const found = await lookUp(server, { stored: FIRST, gapExpired: true });
  expect(found.directory).toMatchObject({ kind: 'list', list: { sequence: 3, gapExpired: true } });
});

test('a list that stands under another version than its sequence is refused, and proves nothing', async () => {
  const server = await Server.open();
  const [, second] = chain(2);
  await server.smuggle((second as typeof FIRST).encoded);
  const found = await lookUp(server);
  expect(found.directory).toMatchObject({ kind: 'refused', code: 'ERR_LIST_SEQUENCE' });
  expect(found.log).toEqual({ kind: 'none' });
  const review = reviewContact({ directory: found.directory, log: found.log, nowMs: server.nowMs });
  expect(review.findings[0]).toMatchObject({ code: 'list-invalid', level: 'alarm' });
});

test('a list that is false is told of by itself: the log’s word on it counts nothing', async () => {
  const server = await Server.open();
  const forged = FIRST.encoded.slice();
  forged[forged.length - 10] = (forged[forged.length - 10] as number) ^ 1;
  await server.smuggle(forged);
  const found = await lookUp(server);
  expect(found.directory).toMatchObject({ kind: 'refused', code: 'ERR_LIST_SIGNATURE', bytes: forged });
  expect(found.log).toEqual({ kind: 'none' });
});

test('a list that is behind, ahead or beside what is stored is judged first by where it stands', async () => {
  const server = await Server.open();
  const [, , third] = chain(3);
  await server.smuggle(firstAt(5).encoded);
  const ahead = await lookUp(server, { stored: FIRST });
  expect(ahead).toMatchObject({ refusal: 'ERR_LIST_SEQUENCE', missing: [], log: { kind: 'none' } });
  await server.smuggle(FIRST.encoded);
  const behind = await lookUp(server, { stored: third });
  expect(behind).toMatchObject({ refusal: 'ERR_LIST_SEQUENCE', missing: [], log: { kind: 'none' } });
});

test('what is no device list is refused, and so is another identifier’s', async () => {
  const server = await Server.open();
  await server.smuggle(bytesOf('no list'));
  const noList = await lookUp(server);
  expect(noList.directory).toMatchObject({ kind: 'refused', code: 'ERR_VERSION' });
  expect(noList.log).toEqual({ kind: 'none' });

  await server.smuggle(FIRST.encoded, bytesOf('tel:+1'));
  const foreign = await lookUp(server, { identifier: 'tel:+1' });
  expect(foreign.directory).toMatchObject({ kind: 'refused', code: 'ERR_LIST_IDENTIFIER' });
});

test('a fork of the stored list is refused with the evidence of both', async () => {
  const server = await Server.open();
  const lists = await publishAll(server, 2);
  const twin = after(FIRST, 'laptop');
  const found = await lookUp(server, { stored: twin });
  expect(found.directory).toMatchObject({ kind: 'refused', code: 'ERR_LIST_FORK' });
  expect(found.log).toMatchObject({ kind: 'newest', sequence: 1, listId: lists[1]?.listId });
});

test('a false proof says nothing of the list, and leaves no trace', async () => {
  const server = await Server.open();
  await publishAll(server, 1);
  const { request, review } = lookUpDevices(server.client(), { identifier: BOB });
  const response = await server.operator.search(request);
  for (const [code, bytes] of [
    ['ERR_TRUNCATED', response.subarray(0, -1)],
    ['ERR_SIGNATURE', response.map((byte, i) => (i === 12 ? byte ^ 1 : byte))],
    ['ERR_COMMITMENT', undefined],
  ] as const) {
    if (bytes === undefined) continue;
    const refused = review(bytes, { nowMs: server.nowMs });
    expect(refused).toEqual({
      directory: { kind: 'unreachable' },
      log: { kind: 'proof-invalid' },
      refusal: code,
      missing: [],
      isExpired: false,
      isMonitored: false,
      before: undefined,
      after: undefined,
    });
  }
  expect(review(response, { nowMs: server.nowMs }).directory.kind).toBe('list');
});

test.each([
  ['ERR_HEAD_BEHIND', 1001],
  ['ERR_HEAD_AHEAD', -1001],
])('a log whose head is out of time is stale: %s', async (code, byMs) => {
  const server = await Server.open();
  await publishAll(server, 1);
  const { request, review } = lookUpDevices(server.client(), { identifier: BOB });
  const response = await server.operator.search(request);
  const refused = review(response, { nowMs: server.nowMs + byMs });
  expect(refused).toMatchObject({
    refusal: code,
    log: { kind: 'stale' },
    directory: { kind: 'unreachable' },
  });
});

test('what is wrong on this device is thrown', async () => {
  const server = await Server.open();
  await publishAll(server, 2);
  const client = server.client();
  expect(codeOf(() => lookUpDevices(client, undefined as never))).toBe('ERR_ARGUMENT_TYPE');
  expect(codeOf(() => lookUpDevices(client, { identifier: '' }))).toBe('ERR_ARGUMENT_RANGE');
  expect(codeOf(() => lookUpDevices(client, { identifier: BOB, sequence: -1 }))).toBe('ERR_ARGUMENT_RANGE');
  const { request, review } = lookUpDevices(client, {
    identifier: BOB,
    stored: FIRST.encoded.subarray(0, -1),
  });
  const response = await server.operator.search(request);
  expect(codeOf(() => review(response, { nowMs: server.nowMs }))).toBe('ERR_STORED_STATE');
  expect(codeOf(() => review(response, { nowMs: -1 }))).toBe('ERR_ARGUMENT_RANGE');
  expect(codeOf(() => review('text' as never, { nowMs: server.nowMs }))).toBe('ERR_ARGUMENT_TYPE');
});
