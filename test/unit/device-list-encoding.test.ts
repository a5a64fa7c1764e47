/**
 * A device list has one encoding, and no bit of it can be flipped.
 */

import {
  type Device,
  encodeDevice,
  parseDevice,
  type VerifiedDeviceList,
  verifyDeviceList,
} from 'contact-key-verification/keys.js';
import type { PublicKey } from 'contact-key-verification/suites.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SignedDeviceList } from '../../src/keys/device-list.js';
import {
  encodeDeviceList,
  encodeSignedDeviceList,
  parseSignedDeviceList,
} from '../../src/keys/device-list-encoding.js';
import * as reference from '../reference/device-list.js';
import { BOB, codeOf } from '../support/accounts.js';
import { takeWalks } from '../support/list-changes.js';
import { ecKey, edKey } from '../support/list-forge.js';
import { check } from '../support/property.js';

const walks = takeWalks(4, 3, 3);

test('no bit of a signed list can be flipped', () => {
  const law = (index: number, at: number, bit: number): void => {
    const { list, before } = walks[index] as (typeof walks)[number];
    const flipped = Uint8Array.from(list.encoded);
    const place = at % flipped.length;
    flipped[place] = (flipped[place] as number) ^ (1 << bit);
    const code = codeOf(() => verifyDeviceList(flipped, { identifier: BOB, stored: before }));
    expect(code).toMatch(/^ERR_(?!ARGUMENT)/);
  };
  check(fc.property(fc.nat(walks.length - 1), fc.nat(65_535), fc.nat(7), law));
});

const bytes = (minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength });
const sequence: fc.Arbitrary<number> = fc.oneof(fc.nat(9), fc.integer({ min: 0, max: 2 ** 32 - 2 }));
/** Mostly P-256, whose keys are quick to read. Devices of one list need distinct keys. */
const publicKey: fc.Arbitrary<PublicKey> = fc.constantFrom(
  ...[0, 1, 2, 3].map((i) => ecKey(`any key ${i}`).own.publicKey),
  edKey('any key').own.publicKey,
);
const DISTINCT = Array.from({ length: 6 }, (_, i) => ecKey(`device ${i} of any list`).own.publicKey);

const device: fc.Arbitrary<Device> = fc.record({
  id: bytes(1, 32),
  signingKey: publicKey,
  messagingKeys: bytes(0, 80),
  joined: bytes(32, 32),
  since: sequence,
  possession: bytes(0, 70),
});

const signed: fc.Arbitrary<SignedDeviceList> = fc
  .record({
    identifier: bytes(1, 255),
    accountKey: publicKey,
    successions: fc.array(fc.record({ key: publicKey, sequence, signature: bytes(0, 70) }), { maxLength: 3 }),
    sequence,
    previous: fc.oneof(bytes(0, 0), bytes(32, 32)),
    author: bytes(0, 32),
    verification: fc.boolean(),
    devices: fc.uniqueArray(device, { maxLength: 6, selector: ({ id }) => Buffer.from(id).toString('hex') }),
    account: bytes(0, 70),
    authorSignature: bytes(1, 70),
  })
  .map(({ account, authorSignature, devices, ...fields }) => ({
    list: {
      version: 1,
      ...fields,
      devices: [...devices]
        .sort((a, b) => Buffer.compare(a.id, b.id))
        .map((entry, i) => ({ ...entry, signingKey: DISTINCT[i] as PublicKey })),
    },
    account,
    author: fields.author.length === 0 ? new Uint8Array(0) : authorSignature,
  }));

/** The same list as the reference names its fields. */
function referenceOf({ list, account, author }: SignedDeviceList): reference.SignedDeviceList {
  return {
    list: {
      ...list,
      account_key: list.accountKey,
      verification: list.verification ? 1 : 0,
      devices: list.devices.map((entry) => ({
        ...entry,
        signing_key: entry.signingKey,
        messaging_keys: entry.messagingKeys,
      })),
    },
    account,
    author,
  };
}

test('what is written is read again, and the reference writes the same bytes', () => {
  const law = (value: SignedDeviceList): void => {
    const encoded = encodeSignedDeviceList(value);
    expect(parseSignedDeviceList(encoded)).toEqual(value);
    expect(encoded).toEqual(Uint8Array.from(reference.encodeSignedDeviceList(referenceOf(value))));
    expect(encodeDeviceList(value.list)).toEqual(encoded.subarray(0, encodeDeviceList(value.list).length));
  };
  check(fc.property(signed, law));
});

test('what can be read is written again to the byte', () => {
  let read = 0;
  // Overwriting a few bytes leaves most encodings readable, and breaks counts, lengths, order and keys.
  const law = (value: SignedDeviceList, changes: readonly (readonly [number, number])[]): void => {
    const encoded = encodeSignedDeviceList(value);
    for (const [at, byte] of changes) encoded[at % encoded.length] = byte;
    let parsed: SignedDeviceList;
    try {
      parsed = parseSignedDeviceList(encoded);
    } catch (error) {
      expect((error as { code?: string }).code).toMatch(/^ERR_(?!ARGUMENT)/);
      return;
    }
    read++;
    expect(encodeSignedDeviceList(parsed)).toEqual(encoded);
  };
  check(fc.property(signed, fc.array(fc.tuple(fc.nat(5000), fc.nat(255)), { maxLength: 3 }), law));
  expect(read).toBeGreaterThan(100);
});

test('a device entry is read as it was written', () => {
  const law = (value: Device): void => {
    const encoded = encodeDevice(value);
    expect(parseDevice(encoded)).toEqual(value);
    expect(encodeDevice(parseDevice(encoded))).toEqual(encoded);
  };
  check(fc.property(device, law));
});

test('what was verified carries the bytes it was read from', () => {
  for (const { list } of walks) {
    const again: VerifiedDeviceList = verifyDeviceList(list.encoded, { identifier: BOB });
    expect(again.encoded).toEqual(list.encoded);
  }
});
