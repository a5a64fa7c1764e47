/**
 * Lists that are false by themselves, whoever looks at them for the first time. Each is a list of Bob's with exactly
 * one thing made wrong, and signed again with every key its forger holds.
 */

import { verifyDeviceList } from 'contact-key-verification/keys.js';
import { expect, test } from 'vitest';
import { BOB, codeOf } from '../support/accounts.js';
import { ALL, freshAt, newest, oldest, phone, refuses, tablet } from '../support/list-damages.js';
import {
  bytesPiece,
  EMPTY,
  edKey,
  forge,
  hashPiece,
  idPiece,
  type ListPieces,
  NO_SIGNATURE,
  sequencePiece,
  type TestKey,
} from '../support/list-forge.js';
import { A0, A1, A2, tellStory } from '../support/list-story.js';

const { first, rotated, reset } = tellStory();
const HERS = idPiece('tel:+15557654321');
const UNKNOWN = edKey('an account key that is in no chain');

test.each([
  ['first', first],
  ['rotated', rotated],
  ['reset', reset],
])('the %s list, undamaged or signed again, is accepted', (_, list) => {
  expect(verifyDeviceList(list.encoded, { identifier: BOB }).continuity.kind).toBe('first-sight');
  const again = forge(list.encoded, ALL, (p) => (phone(p).messagingKeys = bytesPiece('other keys')));
  expect(verifyDeviceList(again, { identifier: BOB }).continuity.kind).toBe('first-sight');
});

test.each([
  'tel:+15557654321',
  'TEL:+15551234567',
  'tel:+1555123456',
  'tel:+15551234567 ',
  'mailto:bob@example.org',
])('ERR_LIST_IDENTIFIER: looked up as %s', (identifier) => {
  expect(codeOf(() => verifyDeviceList(rotated.encoded, { identifier }))).toBe('ERR_LIST_IDENTIFIER');
});

refuses('ERR_LIST_IDENTIFIER', [
  ['another identifier, all signed for it', rotated, ALL, (p) => (p.identifier = HERS)],
]);

refuses('ERR_SUCCESSION_CHAIN', [
  ['successions of one sequence', rotated, ALL, (p) => (newest(p).sequence = oldest(p).sequence)],
  ['successions that fall', rotated, ALL, (p) => (newest(p).sequence = sequencePiece(1))],
  ['a succession from after the list', rotated, ALL, (p) => (newest(p).sequence = sequencePiece(5))],
  ['a succession at 0: no list came before', rotated, ALL, (p) => (oldest(p).sequence = sequencePiece(0))],
]);

refuses('ERR_KEY_REUSED', [
  ['the account key returns to the oldest', rotated, ALL, (p) => (p.accountKey = A0.encoded)],
  ['an account key that hands over to itself', rotated, ALL, (p) => (p.accountKey = A1.encoded)],
  ['a key twice in the chain', rotated, ALL, (p) => (oldest(p).key = A1.encoded)],
  ['a device signs with the account key', rotated, ALL, (p) => (tablet(p).signingKey = A2.encoded)],
  ['a device signs with an earlier account key', rotated, ALL, (p) => (tablet(p).signingKey = A0.encoded)],
  ['a device signs with the first account key', first, ALL, (p) => (phone(p).signingKey = A0.encoded)],
]);

refuses('ERR_LIST_START', [
  ['a reset that keeps the chain', rotated, ALL, standAlone],
  ['a reset with an author', reset, ALL, (p) => (p.author = phone(p).id)],
  ['list 0 with an author', first, ALL, (p) => (p.author = phone(p).id)],
  ['list 0 with a list before it', first, ALL, (p) => (p.previous = hashPiece(new Uint8Array(32)))],
]);

refuses('ERR_DEVICE_ENTRY', [
  ['an entry from after the list', rotated, ALL, (p) => freshAt(phone(p), A2, 5)],
  ['joined under the key before', rotated, ALL, (p) => freshAt(tablet(p), A0, 3)],
  ['joined under the key after', rotated, ALL, (p) => freshAt(tablet(p), A2, 3)],
  ['joined under the key that hands over at `since`', rotated, ALL, (p) => freshAt(tablet(p), A1, 4)],
  ['joined under the key that came later', rotated, ALL, (p) => freshAt(phone(p), A1, 1)],
  ['joined under a key of no chain', rotated, ALL, (p) => freshAt(tablet(p), UNKNOWN, 4)],
  ['joined under nothing', rotated, ALL, (p) => (tablet(p).joined = new Uint8Array(32))],
  ['a reset with an old entry', reset, ALL, (p) => (phone(p).since = sequencePiece(4))],
  ['a reset with an entry under the key before', reset, ALL, (p) => freshAt(phone(p), A2, 5)],
  ['a first list at 7 with an entry of 0', first, ALL, (p) => startAt(p, 7, 0)],
]);

function standAlone(p: ListPieces): void {
  p.previous = EMPTY;
  p.author = EMPTY;
  p.authorSignature = NO_SIGNATURE;
}

/** A first list of another sequence, with entries of `since`. */
function startAt(p: ListPieces, sequence: number, since: number): void {
  p.sequence = sequencePiece(sequence);
  for (const device of p.devices) device.since = sequencePiece(since);
}

test('entries at the edges of a reign are accepted', () => {
  const edges: readonly [TestKey, number][] = [
    [A0, 0],
    [A0, 1],
    [A1, 2],
    [A1, 3],
    [A2, 4],
  ];
  for (const [key, since] of edges) {
    const bytes = forge(rotated.encoded, ALL, (p) => freshAt(tablet(p), key, since));
    expect(verifyDeviceList(bytes, { identifier: BOB }).devices[1]?.since).toBe(since);
  }
  const late = forge(first.encoded, ALL, (p) => startAt(p, 7, 7));
  expect(verifyDeviceList(late, { identifier: BOB }).sequence).toBe(7);
});
