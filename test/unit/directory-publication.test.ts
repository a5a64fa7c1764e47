/** What a directory lets into its log. */

import { expect, test } from 'vitest';
import { verifyPublication } from '../../src/directory.js';
import { encodeUpdateRequest, type UpdateRequest } from '../../src/transparency.js';
import { codeOf } from '../support/accounts.js';
import { after, chain, FIRST, firstAt, IDENTIFIER, Server } from './directory-world.js';
import { bytesOf } from './operator-world.js';

const NEXT = after(FIRST);
const STORED = { version: 0, value: FIRST.encoded };

function requestOf(
  greatestVersion: number | undefined,
  ...lists: readonly { readonly encoded: Uint8Array }[]
): UpdateRequest {
  const values = lists.map(({ encoded }) => ({ value: encoded }));
  return { last: undefined, label: IDENTIFIER, greatestVersion, values };
}

test('the first list, the next one, and several at once', () => {
  expect(verifyPublication(requestOf(undefined, FIRST), undefined)).toMatchObject([{ sequence: 0 }]);
  expect(verifyPublication(requestOf(0, NEXT), STORED)).toMatchObject([
    { sequence: 1, continuity: { kind: 'next' } },
  ]);
  const lists = verifyPublication(requestOf(undefined, ...chain(3)), undefined);
  expect(lists.map(({ sequence }) => sequence)).toEqual([0, 1, 2]);
});

test('who asks for news, or does not know the newest list, brings none', () => {
  expect(verifyPublication(requestOf(0), STORED)).toEqual([]);
  expect(verifyPublication(requestOf(undefined, FIRST), STORED)).toEqual([]);
  expect(verifyPublication(requestOf(undefined, firstAt(5)), STORED)).toEqual([]);
});

test('after the newest list was deleted, one of the next sequence is verified as at first sight', async () => {
  const deleted = { version: 0, value: undefined };
  expect(verifyPublication(requestOf(0, firstAt(1)), deleted)).toMatchObject([
    { sequence: 1, continuity: { kind: 'first-sight' } },
  ]);
  expect(codeOf(() => verifyPublication(requestOf(0, firstAt(2)), deleted))).toBe('ERR_LIST_SEQUENCE');
  const server = await Server.open();
  await server.smuggle(FIRST.encoded);
  await server.operator.deleteOpening(IDENTIFIER, 0);
  expect(await server.operator.newest(IDENTIFIER)).toEqual(deleted);
  const calls = [{ request: encodeUpdateRequest(requestOf(0, firstAt(1))) }];
  await server.operator.update(calls, { nowMs: server.nowMs });
  expect(await server.operator.newest(IDENTIFIER)).toMatchObject({ version: 1 });
});

test.each([
  ['ERR_LIST_SEQUENCE', 'a list of a later sequence', requestOf(undefined, firstAt(1)), undefined],
  ['ERR_LIST_GAP', 'a list that skips one', requestOf(0, after(NEXT)), STORED],
  ['ERR_LIST_FORK', 'the stored sequence again', requestOf(0, { encoded: firstAt(0).encoded }), STORED],
  ['ERR_LIST_SEQUENCE', 'the stored list again', requestOf(0, FIRST), STORED],
  ['ERR_LIST_ROLLBACK', 'an older list', requestOf(1, FIRST), { version: 1, value: NEXT.encoded }],
  ['ERR_VERSION', 'what is no list', requestOf(undefined, { encoded: bytesOf('no list') }), undefined],
  [
    'ERR_LIST_IDENTIFIER',
    'another identifier’s list',
    { ...requestOf(undefined, FIRST), label: bytesOf('tel:+1') },
    undefined,
  ],
  [
    'ERR_LIST_IDENTIFIER',
    'an empty label',
    { ...requestOf(undefined, FIRST), label: bytesOf('') },
    undefined,
  ],
  ['ERR_KNOWN_VERSION', 'a version that is not there yet', requestOf(1, after(NEXT)), STORED],
  ['ERR_KNOWN_VERSION', 'a version of a label without any', requestOf(0, NEXT), undefined],
  [
    'ERR_STORED_STATE',
    'a label with something else in it',
    requestOf(0, NEXT),
    { version: 0, value: bytesOf('') },
  ],
] as const)('%s: %s', (code, _, request, newest) => {
  expect(codeOf(() => verifyPublication(request, newest))).toBe(code);
});

test('a false list is refused at the server’s door, and the others of its batch are not held up', async () => {
  const server = await Server.open();
  const label = bytesOf('tel:+2');
  const calls = [
    encodeUpdateRequest(requestOf(undefined, firstAt(1))),
    encodeUpdateRequest({ ...requestOf(undefined), label, values: [{ value: bytesOf('no list') }] }),
    encodeUpdateRequest(requestOf(undefined, FIRST)),
  ].map((request) => ({ request }));
  const outcomes = await server.operator.update(calls, { nowMs: server.nowMs });
  expect(outcomes.map(({ refusal, responses }) => refusal?.code ?? responses?.length)).toEqual([
    'ERR_LIST_SEQUENCE',
    'ERR_VERSION',
    1,
  ]);
  expect(await server.operator.newest(IDENTIFIER)).toEqual(STORED);
  expect(await server.operator.newest(label)).toBeUndefined();
});

test('arguments', () => {
  expect(codeOf(() => verifyPublication(undefined as never, undefined))).toBe('ERR_ARGUMENT_TYPE');
});
