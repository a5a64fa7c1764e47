/**
 * Lists that come too late, too early, twice, or from another chain than the one that was pinned.
 */

import { type VerifiedDeviceList, verifyDeviceList } from 'contact-key-verification/keys.js';
import { describe, expect, test } from 'vitest';
import { BOB, codeOf } from '../support/accounts.js';
import { ALL, freshAt, phone } from '../support/list-damages.js';
import { bytesPiece, forge, hashPiece, sequencePiece } from '../support/list-forge.js';
import { type A0, A1, A2, ANEW, LAPTOP, TABLET, tellStory } from '../support/list-story.js';

const { first, rekeyed, removed, added, rotated, off, reset } = tellStory();

describe('sequence', () => {
  const against = (bytes: Uint8Array, stored: Uint8Array): string =>
    codeOf(() => verifyDeviceList(bytes, { identifier: BOB, stored }));

  test('ERR_LIST_ROLLBACK: any older list, a reset too', () => {
    for (const list of [first, rekeyed, removed, added]) {
      expect(against(list.encoded, rotated.encoded)).toBe('ERR_LIST_ROLLBACK');
    }
    const older = forge(reset.encoded, ALL, (p) => {
      p.sequence = sequencePiece(3);
      freshAt(phone(p), ANEW, 3);
    });
    expect(against(older, rotated.encoded)).toBe('ERR_LIST_ROLLBACK');
  });

  test('ERR_LIST_FORK: another list of the same sequence', () => {
    expect(against(reset.encoded, off.encoded)).toBe('ERR_LIST_FORK');
    expect(against(off.encoded, reset.encoded)).toBe('ERR_LIST_FORK');
    const twin = forge(rotated.encoded, ALL, (p) => (p.verification = Uint8Array.of(0)));
    expect(against(twin, rotated.encoded)).toBe('ERR_LIST_FORK');
  });

  test('ERR_LIST_GAP: whatever `previous` says', () => {
    expect(against(removed.encoded, first.encoded)).toBe('ERR_LIST_GAP');
    expect(against(rotated.encoded, first.encoded)).toBe('ERR_LIST_GAP');
    expect(against(reset.encoded, added.encoded)).toBe('ERR_LIST_GAP');
    const fitting = forge(added.encoded, ALL, (p) => (p.previous = hashPiece(rekeyed.listId)));
    expect(against(fitting, rekeyed.encoded)).toBe('ERR_LIST_GAP');
  });

  test('an expired gap excuses a gap and nothing else', () => {
    const expired = (bytes: Uint8Array, stored: VerifiedDeviceList): string =>
      codeOf(() => verifyDeviceList(bytes, { identifier: BOB, stored, gapExpired: true }));
    expect(expired(first.encoded, rotated)).toBe('ERR_LIST_ROLLBACK');
    expect(expired(reset.encoded, off)).toBe('ERR_LIST_FORK');
    const elsewhere = forge(rekeyed.encoded, ALL, (p) => (p.previous = hashPiece(removed.listId)));
    expect(expired(elsewhere, first)).toBe('ERR_LIST_PREVIOUS');
    const truthy = { identifier: BOB, stored: first, gapExpired: 'no' as unknown as boolean };
    expect(codeOf(() => verifyDeviceList(rotated.encoded, truthy))).toBe('ERR_LIST_GAP');
  });

  test('ERR_KEY_REUSED: nothing counts under a succeeded key, after an expired gap neither', () => {
    const late = forge(reset.encoded, ALL, (p) => {
      p.sequence = sequencePiece(9);
      p.accountKey = A1.encoded;
      freshAt(phone(p), A1, 9);
    });
    expect(() => verifyDeviceList(late, { identifier: BOB })).not.toThrow();
    const known = { identifier: BOB, stored: rotated, gapExpired: true };
    expect(codeOf(() => verifyDeviceList(late, known))).toBe('ERR_KEY_REUSED');
  });

  test('a false list is false before it is old, forked or early', () => {
    for (const stored of [first, rotated, off]) {
      const bytes = forge(added.encoded, [], (p) => (p.verification = Uint8Array.of(0)));
      expect(against(bytes, stored.encoded)).toBe('ERR_LIST_SIGNATURE');
    }
  });

  test('a repeated list is not let through unsigned', () => {
    const unsigned = forge(rotated.encoded, [], (p) => (p.account = bytesPiece(new Uint8Array(64))));
    expect(against(unsigned, rotated.encoded)).toBe('ERR_LIST_SIGNATURE');
  });
});

test('ERR_ACCOUNT_KEY: no chain leads here from the key that was pinned', () => {
  const pinned = (list: { encoded: Uint8Array }, accountKey: typeof A0): string =>
    codeOf(() => verifyDeviceList(list.encoded, { identifier: BOB, accountKey: accountKey.own.publicKey }));
  expect(pinned(rotated, ANEW)).toBe('ERR_ACCOUNT_KEY');
  expect(pinned(rotated, TABLET)).toBe('ERR_ACCOUNT_KEY');
  expect(pinned(added, A2)).toBe('ERR_ACCOUNT_KEY');
  expect(pinned(reset, A2)).toBe('ERR_ACCOUNT_KEY');
  expect(pinned(first, LAPTOP)).toBe('ERR_ACCOUNT_KEY');
});
