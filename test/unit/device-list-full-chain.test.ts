/**
 * A chain of account keys that is full: 64 successions, each further one drops the oldest.
 */

import { verifyDeviceList } from 'contact-key-verification/keys.js';
import { expect, test } from 'vitest';
import { BOB, codeOf } from '../support/accounts.js';
import {
  bytesPiece,
  type DevicePieces,
  ecKey,
  forge,
  hashPiece,
  type ListPieces,
  sequencePiece,
  type TestKey,
} from '../support/list-forge.js';
import { type ChainDevice, chainKey, chainList } from '../support/list-story.js';

const OLD = ecKey('joined under the oldest key');
const NEW = ecKey('joined later');
const devices: readonly ChainDevice[] = [
  { id: 'new', key: NEW, since: 40 },
  { id: 'old', key: OLD, since: 0 },
];
const HELD: readonly TestKey[] = [OLD, NEW, ...Array.from({ length: 67 }, (_, i) => chainKey(i))];

const full = verifyDeviceList(chainList(64, devices), { identifier: BOB });
const almost = verifyDeviceList(chainList(63, devices), { identifier: BOB });

/** The next list, with the key after the current one, all entries renewed, and then the damage. */
function next(current: typeof full, change: (p: ListPieces) => void): Uint8Array {
  const sequence = current.sequence + 1;
  return forge(current.encoded, HELD, (p) => {
    p.successions.push({ key: p.accountKey, sequence: sequencePiece(sequence), signature: bytesPiece('') });
    p.accountKey = chainKey(sequence).encoded;
    p.sequence = sequencePiece(sequence);
    p.previous = hashPiece(current.listId);
    for (const device of p.devices) renew(device, chainKey(sequence), sequence);
    change(p);
  });
}

function renew(device: DevicePieces, key: TestKey, since: number): void {
  device.joined = key.id;
  device.since = sequencePiece(since);
}

const judged = (bytes: Uint8Array, stored: typeof full): string =>
  codeOf(() => verifyDeviceList(bytes, { identifier: BOB, stored }));
const dropOldest = (p: ListPieces): unknown => p.successions.shift();

test('63 successions become 64; leaving out the oldest is refused', () => {
  const grown = verifyDeviceList(
    next(almost, () => {}),
    { identifier: BOB, stored: almost },
  );
  expect(grown.successions).toHaveLength(64);
  expect(grown.continuity).toEqual({ kind: 'next', authored: false, succeeded: true });
  expect(judged(next(almost, dropOldest), almost)).toBe('ERR_SUCCESSION_CHAIN');
});

test('64 successions stay 64, and the oldest is gone', () => {
  const grown = verifyDeviceList(next(full, dropOldest), { identifier: BOB, stored: full });
  expect(grown.successions).toHaveLength(64);
  expect(grown.successions[0]?.key).toEqual(chainKey(1).own.publicKey);
  // Who still pins the key that fell off sees no chain any more.
  const pinned = { identifier: BOB, stored: full, accountKey: chainKey(0).own.publicKey };
  expect(codeOf(() => verifyDeviceList(grown.encoded, pinned))).toBe('ERR_ACCOUNT_KEY');
});

test('a full chain that drops none, two, or the wrong one', () => {
  expect(
    judged(
      next(full, () => {}),
      full,
    ),
  ).toBe('ERR_LENGTH');
  expect(
    judged(
      next(full, (p) => p.successions.splice(0, 2)),
      full,
    ),
  ).toBe('ERR_SUCCESSION_CHAIN');
  expect(
    judged(
      next(full, (p) => p.successions.splice(1, 1)),
      full,
    ),
  ).toBe('ERR_SUCCESSION_CHAIN');
});

test('a full chain drops nothing while the account key stays', () => {
  const still = (change: (p: ListPieces) => void): Uint8Array =>
    forge(full.encoded, HELD, (p) => {
      p.sequence = sequencePiece(65);
      p.previous = hashPiece(full.listId);
      change(p);
    });
  expect(() =>
    verifyDeviceList(
      still(() => {}),
      { identifier: BOB, stored: full },
    ),
  ).not.toThrow();
  const dropping = still((p) => {
    dropOldest(p);
    for (const device of p.devices) renew(device, chainKey(64), 65);
  });
  expect(judged(dropping, full)).toBe('ERR_SUCCESSION_CHAIN');
});

test('an entry that joined under the key that falls off must be fresh', () => {
  const kept = next(full, (p) => {
    dropOldest(p);
    renew(p.devices[1] as DevicePieces, chainKey(0), 0);
  });
  expect(judged(kept, full)).toBe('ERR_DEVICE_ENTRY');
  const later = next(full, (p) => {
    dropOldest(p);
    renew(p.devices[0] as DevicePieces, chainKey(40), 40);
  });
  const grown = verifyDeviceList(later, { identifier: BOB, stored: full });
  expect(grown.devices.map(({ since }) => since)).toEqual([40, 65]);
});

test('the key that falls off comes back as no account key and no signing key', () => {
  const comeback = next(full, (p) => {
    dropOldest(p);
    p.accountKey = chainKey(0).encoded;
    for (const device of p.devices) renew(device, chainKey(0), 65);
  });
  expect(() => verifyDeviceList(comeback, { identifier: BOB })).not.toThrow();
  expect(judged(comeback, full)).toBe('ERR_KEY_REUSED');
  const asDevice = next(full, (p) => {
    dropOldest(p);
    (p.devices[1] as DevicePieces).signingKey = chainKey(0).encoded;
  });
  expect(() => verifyDeviceList(asDevice, { identifier: BOB })).not.toThrow();
  expect(judged(asDevice, full)).toBe('ERR_KEY_REUSED');
});
