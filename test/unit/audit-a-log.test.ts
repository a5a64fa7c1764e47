/** The auditor of docs/audit-a-log.md, over HTTP and files: resumed, restored, begun in the middle, lied to, stopped anywhere. */

import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { createAuditor } from '../../src/auditor.js';
import { KT_128_SHA256_Ed25519 as suite } from '../../src/suites.js';
import { createClient, parseAuditorTreeHead, parseAuditorUpdate } from '../../src/transparency.js';
import type { Fed } from '../examples/feed-auditor.js';
import type { Place } from '../examples/run-auditor.js';

vi.spyOn(console, 'log').mockImplementation(() => {});
const { feed, signer } = await import('../examples/feed-auditor.js');
const { follow, hand, openAuditor } = await import('../examples/run-auditor.js');

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function placeFor({ configuration, url }: Pick<Fed, 'configuration' | 'url'>): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'auditor-'));
  folders.push(folder);
  const path = (name: string): string => join(folder, name);
  return { configuration, url, state: path('state'), head: path('head'), refused: path('refused') };
}

async function grow({ operator }: Fed, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const label = new TextEncoder().encode(`label ${operator.head?.treeSize ?? 0}`);
    await operator.insert(i % 3 === 2 ? [] : [{ label, values: [label] }], { nowMs: Date.now() });
  }
}

/** A program that is started, takes what there is, and ends. */
async function runOnce(place: Place): Promise<number> {
  const auditor = await follow(await openAuditor(place), place, Date.now());
  await hand(place);
  return auditor.treeSize;
}

const headIn = async (place: Place) => parseAuditorTreeHead(new Uint8Array(await readFile(place.head)));

async function expectServed({ configuration, operator }: Fed, size: number): Promise<void> {
  const { request, verify } = createClient(configuration, { suite }).distinguishedHeads();
  const seen = verify(await operator.distinguished(request), { nowMs: Date.now() });
  expect(seen.treeSize).toBe(size);
}

/** Servers that say something else than the operator. */
const liars: Server[] = [];
afterAll(() => Promise.all(liars.map((server) => new Promise((resolve) => server.close(resolve)))));

async function lieAbout(
  log: Fed,
  position: number,
  answer: () => { status: number; body: Uint8Array },
): Promise<string> {
  const server = createServer(async (request, response) => {
    if (request.url === `/auditor-update/${position}`) {
      const { status, body } = answer();
      response.writeHead(status).end(body);
      return;
    }
    const init =
      request.method === 'POST' ? { method: 'POST', body: Buffer.concat(await request.toArray()) } : {};
    const honest = await fetch(log.url + request.url, init);
    response.writeHead(honest.status).end(Buffer.from(await honest.arrayBuffer()));
  });
  liars.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the guide’s auditor', () => {
  test('goes on where it was stopped, and users see its heads', async () => {
    const log = await feed(0);
    const place = await placeFor(log);
    expect(await runOnce(place)).toBe(0);
    await grow(log, 3);
    expect(await runOnce(place)).toBe(3);
    await expectServed(log, 3);
    await grow(log, 2);
    expect(await runOnce(place)).toBe(5);
    expect(await runOnce(place)).toBe(5);
    expect((await headIn(place)).treeSize).toBe(5);
    await expectServed(log, 5);
  });

  test('takes what came together, in turns of 256', async () => {
    const log = await feed(0);
    const place = await placeFor(log);
    for (let i = 0; i < 258; i++) await log.operator.insert([], { nowMs: Date.now() });
    expect(await runOnce(place)).toBe(256);
    expect(await runOnce(place)).toBe(258);
  });

  test('begins in the middle', async () => {
    const log = await feed(4);
    const place = await placeFor(log);
    await grow(log, 4);
    expect((await openAuditor(place)).treeSize).toBe(4);
    await grow(log, 2);
    expect(await runOnce(place)).toBe(6);
    expect(await runOnce(place)).toBe(6);
    await expectServed(log, 6);
  });

  test('stopped between the head and the state, or before the head was sent, it sends the same head', async () => {
    const log = await feed(0);
    const place = await placeFor(log);
    await grow(log, 2);
    await runOnce(place);
    await copyFile(place.state, `${place.state}-old`);
    await grow(log, 2);
    // Stopped before it could hand out the head.
    await follow(await openAuditor(place), place, Date.now());
    const signed = await readFile(place.head);
    // And as if it had been stopped one step before that.
    await copyFile(`${place.state}-old`, place.state);
    await grow(log, 1);
    expect(await runOnce(place)).toBe(5);
    expect((await headIn(place)).treeSize).toBe(5);
    await copyFile(`${place.state}-old`, place.state);
    await writeFile(place.head, signed);
    const again = await openAuditor(place);
    const updates = [await log.operator.auditorUpdate(2), await log.operator.auditorUpdate(3)];
    expect(Buffer.from(again.apply(updates).head as Uint8Array)).toEqual(signed);
  });

  test('with an old state signs nothing else, and with none at all neither', async () => {
    const log = await feed(0);
    const place = await placeFor(log);
    await grow(log, 4);
    await runOnce(place);
    const signed = await readFile(place.head);
    await rm(place.state);
    expect(await runOnce(place)).toBe(4);
    expect(await readFile(place.head)).toEqual(signed);

    // Another history, under the same keys.
    const other = await feed(0);
    await grow(other, 4);
    await rm(place.state);
    const lied = { ...place, url: await lieAbout(log, 0, () => ({ status: 200, body: told })) };
    const told = await other.operator.auditorUpdate(0);
    await expect(runOnce(lied)).rejects.toMatchObject({ name: 'VerificationError' });
    expect(await readFile(place.head)).toEqual(signed);
  });

  test('keeps what it refuses, and its state and head as they were', async () => {
    const log = await feed(0);
    const place = await placeFor(log);
    await grow(log, 3);
    await runOnce(place);
    const before = [await readFile(place.state), await readFile(place.head)];
    await grow(log, 1);
    const replayed = await log.operator.auditorUpdate(1);
    const lied = { ...place, url: await lieAbout(log, 3, () => ({ status: 200, body: replayed })) };
    await expect(runOnce(lied)).rejects.toMatchObject({ name: 'VerificationError' });
    expect([await readFile(place.state), await readFile(place.head)]).toEqual(before);
    const kept = parseAuditorUpdate(new Uint8Array(await readFile(`${place.refused}-3`)));
    expect(kept).toEqual(parseAuditorUpdate(replayed));
    // The truth is taken from the same state.
    expect(await runOnce(place)).toBe(4);
  });

  test('waits where the log is ahead of its clock, and keeps nothing then', async () => {
    const log = await feed(0);
    const place = await placeFor(log);
    await log.operator.insert([], { nowMs: Date.now() + 3_600_000 });
    await expect(runOnce(place)).rejects.toMatchObject({ code: 'ERR_HEAD_AHEAD' });
    expect(await readdir(join(place.state, '..'))).toEqual([]);
  });

  test('fails where the log does, and goes on after', async () => {
    const log = await feed(0);
    const place = await placeFor(log);
    await grow(log, 2);
    const broken = { ...place, url: await lieAbout(log, 1, () => ({ status: 500, body: new Uint8Array() })) };
    await expect(runOnce(broken)).rejects.toThrow('the log says 500');
    expect(await runOnce(place)).toBe(2);
  });

  test('notices a second program on its state', async () => {
    const log = await feed(0);
    const place = await placeFor(log);
    await grow(log, 1);
    await runOnce(place);
    const [one, two] = [await openAuditor(place), await openAuditor(place)];
    await grow(log, 1);
    await follow(one, place, Date.now());
    await grow(log, 1);
    await expect(follow(two, place, Date.now())).rejects.toThrow('another program');
    expect((await headIn(place)).treeSize).toBe(2);
  });
});

describe('the guide’s server', () => {
  test('says what there is not, and refuses heads that are none, old or too large', async () => {
    const log = await feed(0);
    await grow(log, 2);
    const send = async (path: string, body?: Uint8Array): Promise<number> => {
      const init = body === undefined ? {} : { method: 'POST', body: Buffer.from(body) };
      return (await fetch(log.url + path, init)).status;
    };
    expect(await send('/auditor-update/2')).toBe(404);
    expect(await send('/auditor-update/x')).toBe(404);
    expect(await send('/auditor-start')).toBe(404);
    expect(await send('/auditor-head')).toBe(404);
    expect(await send('/auditor-head', new Uint8Array(5))).toBe(500);
    expect(await send('/auditor-head', new Uint8Array(20_000))).toBe(500);
    const [first, second] = [await log.operator.auditorUpdate(0), await log.operator.auditorUpdate(1)];
    const auditor = createAuditor(log.configuration, { suite, signer });
    const one = auditor.apply(first);
    const two = auditor.at(one.after).apply(second);
    expect(await send('/auditor-head', two.head)).toBe(204);
    expect(await send('/auditor-head', two.head)).toBe(204);
    expect(await send('/auditor-head', one.head)).toBe(409);
  });
});
