/**
 * What a list is to the one accepted before (continuity), and what becomes of a person's verified mark.
 */

import { type VerifiedDeviceList, verifyDeviceList } from 'contact-key-verification/keys.js';
import { expect, test } from 'vitest';
import { BOB } from '../support/accounts.js';
import { ALL, freshAt, phone } from '../support/list-damages.js';
import {
  bytesPiece,
  EMPTY,
  forge,
  hashPiece,
  idPiece,
  type ListPieces,
  NO_SIGNATURE,
  sequencePiece,
  twinSignature,
  type TestKey,
} from '../support/list-forge.js';
import { A0, A1, A2, ANEW, tellStory } from '../support/list-story.js';

const { first, rekeyed, removed, added, rotated, off, reset } = tellStory();

const authorless = (p: ListPieces): void => {
  p.author = EMPTY;
  p.authorSignature = NO_SIGNATURE;
};
/** The handover to A2 without a device: what a leaked account key A1 could do. */
const alone = verifyDeviceList(forge(rotated.encoded, [A2], authorless), { identifier: BOB });
/** A reset under the account key that was in force. */
const resetSame = verifyDeviceList(
  forge(reset.encoded, ALL, (p) => {
    p.accountKey = A2.encoded;
    freshAt(phone(p), A2, 5);
  }),
  { identifier: BOB },
);

const NEXT = { kind: 'next', authored: true, succeeded: false };
type Outcome = readonly [
  name: string,
  list: VerifiedDeviceList,
  known: { stored?: VerifiedDeviceList; pinned?: TestKey; gapExpired?: boolean },
  continuity: object,
  mark: string,
];

test.each<Outcome>([
  ['first sight', rotated, {}, { kind: 'first-sight' }, 'none'],
  ['first sight, its key pinned', rotated, { pinned: A2 }, { kind: 'first-sight' }, 'kept'],
  ['first sight, the key before pinned', rotated, { pinned: A1 }, { kind: 'first-sight' }, 'fallen'],
  ['first sight, the oldest key pinned', rotated, { pinned: A0 }, { kind: 'first-sight' }, 'fallen'],
  ['first sight of a reset', reset, {}, { kind: 'first-sight' }, 'none'],
  ['the same again', rotated, { stored: rotated }, { kind: 'same' }, 'kept'],
  ['the same again, its key pinned', rotated, { stored: rotated, pinned: A2 }, { kind: 'same' }, 'kept'],
  [
    'the same again, the key before pinned',
    rotated,
    { stored: rotated, pinned: A1 },
    { kind: 'same' },
    'fallen',
  ],
  ['the next list', rekeyed, { stored: first }, NEXT, 'kept'],
  ['the next list, its key pinned', rekeyed, { stored: first, pinned: A0 }, NEXT, 'kept'],
  ['the next list, an older key pinned', added, { stored: removed, pinned: A0 }, NEXT, 'fallen'],
  ['by the account key alone', off, { stored: rotated }, { ...NEXT, authored: false }, 'kept'],
  ['a handover by a known device', rotated, { stored: added }, { ...NEXT, succeeded: true }, 'moved'],
  [
    'a handover by a known device, the key before pinned',
    rotated,
    { stored: added, pinned: A1 },
    { ...NEXT, succeeded: true },
    'moved',
  ],
  [
    'a handover by a known device, an older key pinned',
    rotated,
    { stored: added, pinned: A0 },
    { ...NEXT, succeeded: true },
    'fallen',
  ],
  [
    'a handover by a known device, the next key pinned already',
    rotated,
    { stored: added, pinned: A2 },
    { ...NEXT, succeeded: true },
    'kept',
  ],
  [
    'a handover by the account key alone',
    alone,
    { stored: added },
    { kind: 'next', authored: false, succeeded: true },
    'fallen',
  ],
  [
    'a handover by the account key alone, the key before pinned',
    alone,
    { stored: added, pinned: A1 },
    { kind: 'next', authored: false, succeeded: true },
    'fallen',
  ],
  ['a reset', reset, { stored: rotated }, { kind: 'reset' }, 'fallen'],
  ['a reset, its new key pinned', reset, { stored: rotated, pinned: ANEW }, { kind: 'reset' }, 'fallen'],
  ['a reset under the same key', resetSame, { stored: rotated }, { kind: 'reset' }, 'fallen'],
  [
    'a reset under the same, pinned key',
    resetSame,
    { stored: rotated, pinned: A2 },
    { kind: 'reset' },
    'fallen',
  ],
  ['an expired gap', rotated, { stored: first, gapExpired: true }, { kind: 'first-sight' }, 'fallen'],
  [
    'an expired gap, the key pinned',
    rotated,
    { stored: first, pinned: A2, gapExpired: true },
    { kind: 'first-sight' },
    'fallen',
  ],
  [
    'a reset after an expired gap',
    reset,
    { stored: added, gapExpired: true },
    { kind: 'first-sight' },
    'fallen',
  ],
  ['no gap, though one was said to be', rekeyed, { stored: first, gapExpired: true }, NEXT, 'kept'],
  [
    'nothing stored, though a gap was said to be',
    rotated,
    { gapExpired: true },
    { kind: 'first-sight' },
    'none',
  ],
])('%s', (_, list, { stored, pinned, gapExpired }, continuity, mark) => {
  for (const known of [stored, stored?.encoded, structuredClone(stored)]) {
    const accepted = verifyDeviceList(list.encoded, {
      identifier: BOB,
      stored: known,
      accountKey: pinned?.own.publicKey,
      gapExpired,
    });
    expect(accepted.continuity).toEqual(continuity);
    expect(accepted.mark).toBe(mark);
    expect(accepted.encoded).toEqual(list.encoded);
    expect(accepted.listId).toEqual(list.listId);
  }
});

test('verification is off, and on again, and the mark stands through it', () => {
  const stored = verifyDeviceList(off.encoded, { identifier: BOB, stored: rotated });
  expect(stored).toMatchObject({ verification: false, mark: 'kept' });
  const on = forge(off.encoded, ALL, (p) => {
    p.sequence = sequencePiece(6);
    p.previous = hashPiece(off.listId);
    p.verification = Uint8Array.of(1);
  });
  expect(verifyDeviceList(on, { identifier: BOB, stored })).toMatchObject({
    verification: true,
    mark: 'kept',
  });
});

test('at first sight the author is not checked: it stands in a list that is not there', () => {
  const bytes = forge(rotated.encoded, [], (p) => (p.authorSignature = bytesPiece(new Uint8Array(64))));
  expect(verifyDeviceList(bytes, { identifier: BOB }).mark).toBe('none');
  const other = forge(rotated.encoded, [A2], (p) => (p.author = idPiece('anyone')));
  expect(verifyDeviceList(other, { identifier: BOB }).mark).toBe('none');
});

test('the same list with other signatures gives back the stored bytes', () => {
  const author = forge(rotated.encoded, [], (p) => (p.authorSignature = bytesPiece(new Uint8Array(64))));
  expect(author).not.toEqual(Buffer.from(rotated.encoded));
  const account = forge(removed.encoded, [], (p) => (p.account = twinSignature(p.account)));
  expect(account).not.toEqual(Buffer.from(removed.encoded));
  for (const [bytes, stored] of [
    [author, rotated],
    [account, removed],
  ] as const) {
    for (const known of [stored, stored.encoded]) {
      const again = verifyDeviceList(bytes, { identifier: BOB, stored: known });
      expect(again.continuity).toEqual({ kind: 'same' });
      expect(again.encoded).toEqual(stored.encoded);
    }
  }
});
