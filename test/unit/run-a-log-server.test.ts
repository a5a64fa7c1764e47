/** The server of docs/run-a-log.md, over HTTP: what it answers whom, and that refusals say no more than they must. */

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  encodeContactMonitorRequest,
  encodeDistinguishedRequest,
  encodeOwnerInitRequest,
  encodeOwnerMonitorRequest,
  encodeSearchRequest,
  encodeUpdateRequest,
  parseSearchResponse,
  parseConfiguration,
} from '../../src/transparency.js';
import { after, FIRST, IDENTIFIER } from './directory-world.js';
import { bytesOf } from './operator-world.js';

vi.spyOn(console, 'log').mockImplementation(() => {});
const { configuration, server, stop } = await import('../examples/serve-log.js');

const ABSENT = bytesOf('tel:+1');
const UPDATE_PATH = '/update';
const last = undefined;
const searchFor = (label: Uint8Array): Uint8Array => encodeSearchRequest({ last, label, version: undefined });
const updateOf = (greatestVersion: number | undefined, ...values: Uint8Array[]): Uint8Array =>
  encodeUpdateRequest({
    last,
    label: IDENTIFIER,
    greatestVersion,
    values: values.map((value) => ({ value })),
  });

interface Sent {
  readonly user?: string;
  readonly method?: string;
  readonly type?: string;
}

async function send(path: string, body: Uint8Array, { user = 'alice', method = 'POST', type }: Sent = {}) {
  const { port } = server.address() as { port: number };
  const headers = {
    authorization: `Bearer token of ${user}`,
    'content-type': type ?? 'application/octet-stream',
  };
  const init = { method, headers, ...(method === 'POST' ? { body: Buffer.from(body) } : {}) };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
  return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
}

beforeAll(async () => {
  const { status } = await send(UPDATE_PATH, updateOf(undefined, FIRST.encoded), { user: 'bob' });
  if (status !== 200) throw new Error(`Bob’s first list: ${status}`);
});
afterAll(stop);

test('who has no session, or asks for what is not served', async () => {
  const body = searchFor(IDENTIFIER);
  expect(await send('/search', body, { user: 'nobody' })).toMatchObject({ status: 401 });
  expect(await send('/nothing', body)).toMatchObject({ status: 404 });
  expect(await send('/search', body, { method: 'GET' })).toMatchObject({ status: 405 });
  expect(await send('/search', body, { type: 'text/plain' })).toMatchObject({ status: 415 });
  expect(await send('/search', body.subarray(1))).toMatchObject({ status: 400 });
});

test.each([
  ['/search', 4096],
  ['/distinguished', 4096],
  [UPDATE_PATH, 2 ** 17],
])('%s takes up to %i bytes', async (path, limit) => {
  expect((await send(path, new Uint8Array(limit))).status).toBe(400);
  expect(await send(path, new Uint8Array(limit + 1))).toEqual({ status: 413, bytes: new Uint8Array(0) });
  expect((await send(path, new Uint8Array(20 * limit))).status).toBe(413);
});

test('who may look a label up is told of it', async () => {
  const { status, bytes } = await send('/search', searchFor(IDENTIFIER));
  const response = parseSearchResponse(bytes, parseConfiguration(configuration), { version: undefined });
  expect([status, response.version, response.value.value]).toEqual([200, 0, FIRST.encoded]);
  expect(await send('/search', searchFor(ABSENT))).toEqual({ status: 404, bytes: new Uint8Array(0) });
  const walk = encodeDistinguishedRequest({ last, stop: undefined });
  expect((await send('/distinguished', walk)).status).toBe(200);
});

const questions: readonly (readonly [path: string, request: (label: Uint8Array) => Uint8Array])[] = [
  ['/search', searchFor],
  [
    '/contact-monitor',
    (label) => encodeContactMonitorRequest({ last, label, entries: [{ position: 1, version: 0 }] }),
  ],
  ['/owner-init', (label) => encodeOwnerInitRequest({ last, label, start: 0 })],
  [
    '/owner-monitor',
    (label) => encodeOwnerMonitorRequest({ last, label, entries: [], start: 0, greatestVersion: 0 }),
  ],
  [UPDATE_PATH, (label) => encodeUpdateRequest({ last, label, greatestVersion: 0, values: [] })],
];

test.each(questions)(
  '%s tells those whom a label does not concern nothing, and not that it exists',
  async (path, requestOf) => {
    const forbidden = { status: 403, bytes: new Uint8Array(0) };
    expect(await send(path, requestOf(IDENTIFIER), { user: 'mallory' })).toEqual(forbidden);
    expect(await send(path, requestOf(ABSENT), { user: 'mallory' })).toEqual(forbidden);
  },
);

test('updates that arrive together: a false list, one of a later format, the next one, the same again', async () => {
  const next = after(FIRST);
  const answers = await Promise.all(
    [
      updateOf(0, FIRST.encoded),
      updateOf(0, Uint8Array.of(0, 9, 9)),
      updateOf(0, next.encoded),
      updateOf(0, next.encoded),
      updateOf(7),
    ].map((request) => send(UPDATE_PATH, request, { user: 'bob' })),
  );
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 200, 200, 400]);
  expect((await send(UPDATE_PATH, updateOf(1), { user: 'bob' })).status).toBe(404);
});

test('what waits when the server stops is still answered', async () => {
  const answer = send(UPDATE_PATH, updateOf(1), { user: 'bob' });
  await new Promise((resolve) => server.once('request', resolve));
  await stop();
  expect((await answer).status).toBe(404);
  expect(server.listening).toBe(false);
});
