/**
 * Lists that are fine by themselves and do not follow what was accepted before. The forger mostly holds everything:
 * what these rules stop is a history told differently, not a missing key.
 */

import { verifyDeviceList } from 'contact-key-verification/keys.js';
import { describe, expect, test } from 'vitest';
import { BOB, codeOf } from '../support/accounts.js';
import { ALL, freshAt, newest, oldest, phone, refusesAfter, tablet } from '../support/list-damages.js';
import {
  bytesPiece,
  cut,
  type DevicePieces,
  EMPTY,
  forge,
  hashPiece,
  idPiece,
  type ListPieces,
  listContent,
  NO_SIGNATURE,
  sequencePiece,
  signature,
  twinSignature,
} from '../support/list-forge.js';
import { A0, A1, A2, MALLORY, PHONE, TABLET, tellStory } from '../support/list-story.js';

const story = tellStory();
const { first, rekeyed, removed, added, rotated, off, reset } = story;

const authorless = (p: ListPieces): void => {
  p.author = EMPTY;
  p.authorSignature = NO_SIGNATURE;
};
/** Entries of Bob's devices that refer to nothing old. */
const allFresh = (p: ListPieces): void => {
  const sequence = Number(Buffer.from(p.sequence).readBigUInt64BE());
  const account = ALL.find(({ encoded }) => encoded.equals(p.accountKey));
  for (const device of p.devices) freshAt(device, account ?? A0, sequence);
};
/** A device's entry as it stood in an earlier list. */
const entryOfOld = (list: { encoded: Uint8Array }, id: string): DevicePieces => {
  const entry = cut(list.encoded).devices.find((device) => idPiece(id).equals(device.id));
  if (entry === undefined) throw new Error('the earlier list has no such device');
  return entry;
};

describe('previous', () => {
  refusesAfter('ERR_LIST_PREVIOUS', added, [
    ['made on nothing', rotated, ALL, (p) => (p.previous = hashPiece(new Uint8Array(32)))],
    ['made on the list before the one before', rotated, ALL, (p) => (p.previous = hashPiece(removed.listId))],
    ['made on a hash of something else', rotated, ALL, (p) => (p.previous = hashPiece(added.accountKeyId))],
  ]);

  test('ERR_LIST_PREVIOUS: made on the loser of a race', () => {
    const loser = forge(added.encoded, ALL, (p) => (tablet(p).messagingKeys = bytesPiece('lost')));
    const stored = verifyDeviceList(loser, { identifier: BOB, stored: removed });
    expect(codeOf(() => verifyDeviceList(rotated.encoded, { identifier: BOB, stored }))).toBe(
      'ERR_LIST_PREVIOUS',
    );
  });
});

describe('author', () => {
  refusesAfter('ERR_LIST_AUTHOR', added, [
    ['no device of that id', rotated, ALL, (p) => (p.author = idPiece('watch'))],
    ['a device that was removed', rotated, ALL, (p) => (p.author = idPiece('laptop'))],
    ['signed by another device of the list', rotated, [A2], (p) => byDevice(p, PHONE)],
    ['signed by the account key', rotated, [A2], (p) => byDevice(p, A2)],
    ['signed by the account key before', rotated, [A2], (p) => byDevice(p, A1)],
    ['signed by a stranger', rotated, [A2], (p) => byDevice(p, MALLORY)],
    ['signed by nobody', rotated, [A2], (p) => (p.authorSignature = bytesPiece(new Uint8Array(64)))],
    ['63 bytes', rotated, [A2], (p) => (p.authorSignature = bytesPiece(p.authorSignature.subarray(2, 65)))],
    [
      'signed for another purpose',
      rotated,
      [A2],
      (p) => (p.authorSignature = signature(TABLET, 'device list', listContent(p))),
    ],
    // The author signed something; the account key then changed it.
    ['changed after the author signed', rotated, [A2], (p) => (p.verification = Uint8Array.of(0))],
    ['names another device than the one that signed', rotated, [A2], (p) => (p.author = phone(p).id)],
  ]);

  refusesAfter('ERR_LIST_AUTHOR', removed, [
    [
      'a device that is new in this list',
      added,
      ALL,
      (p) => ((p.author = tablet(p).id), byDevice(p, TABLET)),
    ],
    [
      'the new key of a device that came under an old id',
      added,
      [...ALL.filter((key) => key !== PHONE)],
      (p) => {
        phone(p).signingKey = MALLORY.encoded;
        freshAt(phone(p), A1, 3);
      },
    ],
  ]);

  function byDevice(p: ListPieces, key: (typeof ALL)[number]): void {
    p.authorSignature = signature(key, 'device list author', listContent(p));
  }
});

describe('entries', () => {
  refusesAfter('ERR_DEVICE_ENTRY', rekeyed, [
    [
      'the entry from before the messaging keys changed',
      removed,
      ALL,
      (p) => p.devices.unshift(entryOfOld(first, 'laptop')),
    ],
    [
      'a possession under the other s',
      removed,
      ALL,
      (p) => (phone(p).possession = twinSignature(phone(p).possession)),
    ],
    [
      'other messaging keys at the old `since`',
      removed,
      ALL,
      (p) => (phone(p).messagingKeys = bytesPiece('keys from before')),
    ],
    ['another `since` under the old key', removed, ALL, (p) => freshAt(phone(p), A0, 1)],
    [
      'the same device under another id',
      removed,
      ALL,
      (p) => ((phone(p).id = idPiece('phone 2')), authorless(p)),
    ],
  ]);

  refusesAfter('ERR_DEVICE_ENTRY', removed, [
    ['a removed device', added, ALL, (p) => p.devices.unshift(entryOfOld(rekeyed, 'laptop'))],
    ['a new device that says it joined before', added, ALL, (p) => freshAt(tablet(p), A1, 2)],
    ['a new device that says it joined under the key before', added, ALL, (p) => freshAt(tablet(p), A0, 0)],
  ]);

  test('ERR_DEVICE_ENTRY: a fresh entry under the account key before the rotation', () => {
    const bytes = forge(rotated.encoded, ALL, (p) => freshAt(tablet(p), A1, 4));
    expect(codeOf(() => verifyDeviceList(bytes, { identifier: BOB, stored: added }))).toBe(
      'ERR_DEVICE_ENTRY',
    );
  });

  test('a removed device may come back with a fresh entry: verifiers cannot know why it left', () => {
    const bytes = forge(added.encoded, ALL, (p) => {
      p.devices.unshift(entryOfOld(rekeyed, 'laptop'));
      freshAt(phone(p), A1, 3);
    });
    expect(verifyDeviceList(bytes, { identifier: BOB, stored: removed }).devices).toHaveLength(3);
  });
});

describe('the chain of account keys', () => {
  // The first hand-over of all: there is no earlier succession that would have to be kept.
  refusesAfter('ERR_SUCCESSION_CHAIN', rekeyed, [
    [
      'a stranger hands over to a stranger',
      removed,
      ALL,
      (p) => {
        oldest(p).key = MALLORY.encoded;
        allFresh(p);
      },
    ],
  ]);
  refusesAfter('ERR_SUCCESSION_CHAIN', added, [
    [
      'the key before is left out',
      rotated,
      ALL,
      (p) => (p.successions.pop(), p.devices.pop(), authorless(p)),
    ],
    [
      'handed over by a key that was not in force',
      rotated,
      ALL,
      (p) => ((newest(p).key = MALLORY.encoded), allFresh(p)),
    ],
    [
      'the handover carries the sequence before',
      rotated,
      ALL,
      (p) => ((newest(p).sequence = sequencePiece(3)), allFresh(p)),
    ],
    ['two handovers in one list', rotated, ALL, twoHandovers],
  ]);

  refusesAfter('ERR_SUCCESSION_CHAIN', rotated, [
    [
      'a handover under the other s',
      off,
      ALL,
      (p) => (newest(p).signature = twinSignature(newest(p).signature)),
    ],
    ['a handover moved', off, ALL, (p) => (oldest(p).sequence = sequencePiece(1))],
    ['the oldest dropped', off, ALL, (p) => (p.successions.shift(), allFresh(p))],
    ['one put before the oldest', off, ALL, oneBefore],
    ['all dropped', off, ALL, (p) => ((p.successions = []), allFresh(p))],
    ['a handover put in between', off, ALL, oneBetween],
  ]);

  refusesAfter('ERR_KEY_REUSED', rotated, [
    ['a reset under the oldest key', reset, ALL, (p) => ((p.accountKey = A0.encoded), allFresh(p))],
    ['a reset under the key before', reset, ALL, (p) => ((p.accountKey = A1.encoded), allFresh(p))],
  ]);

  function twoHandovers(p: ListPieces): void {
    newest(p).sequence = sequencePiece(3);
    p.successions.push({ key: MALLORY.encoded, sequence: sequencePiece(4), signature: bytesPiece('') });
    allFresh(p);
  }

  function oneBefore(p: ListPieces): void {
    p.successions.unshift({ key: MALLORY.encoded, sequence: sequencePiece(1), signature: bytesPiece('') });
    allFresh(p);
  }

  function oneBetween(p: ListPieces): void {
    const between = { key: MALLORY.encoded, sequence: sequencePiece(3), signature: bytesPiece('') };
    p.successions.splice(1, 0, between);
    allFresh(p);
  }
});
