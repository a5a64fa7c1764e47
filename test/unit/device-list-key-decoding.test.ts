/**
 * Keys that are none, in every place of a list where a key stands. Without these checks one signature could fit many
 * lists (keys of small or mixed order), or one key have several keyIds (a second spelling of the same point).
 */

import { ed25519 as curve } from '@noble/curves/ed25519.js';
import { verifyDeviceList } from 'contact-key-verification/keys.js';
import { expect, test } from 'vitest';
import { BOB, codeOf } from '../support/accounts.js';
import {
  bytesPiece,
  type DevicePieces,
  ecKey,
  edKey,
  forge,
  type ListPieces,
  type SuccessionPieces,
} from '../support/list-forge.js';
import { chainKey, chainList } from '../support/list-story.js';

const A = ecKey('device a');
const B = ecKey('device b');
const base = chainList(2, [
  { id: 'a', key: A, since: 0 },
  { id: 'b', key: B, since: 2 },
]);
const damaged = (change: (pieces: ListPieces) => void): string => {
  const held = [A, B, chainKey(0), chainKey(1), chainKey(2)];
  return codeOf(() => verifyDeviceList(forge(base, held, change), { identifier: BOB }));
};
const scheme = (id: number, key: Uint8Array): Buffer =>
  Buffer.concat([Uint8Array.of(id >> 8, id & 255), bytesPiece(key)]);

const tweaked = (key: Uint8Array, index: number, mask: number): Uint8Array =>
  Uint8Array.from(key, (byte, i) => (i === index ? byte ^ mask : byte));
const p256Key = ecKey('fresh').own.publicKey.key;
const edPoint = curve.Point.fromBytes(edKey('fresh').own.publicKey.key);
/** Canonical encodings of points whose order divides 8. */
const small = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
].map((text) => Uint8Array.from(Buffer.from(text, 'hex')));
const mixed = edPoint.add(curve.Point.fromBytes(small[4] as Uint8Array)).toBytes();
/** y = p + 3: the point with y = 3, written a second way. */
const overP = Uint8Array.from(Buffer.from(`f0${'ff'.repeat(30)}7f`, 'hex'));

test.each<[string, number, Uint8Array, string]>([
  ['P-256, off the curve', 0x0403, tweaked(p256Key, 64, 1), 'ERR_KEY_POINT'],
  ['P-256, compressed', 0x0403, tweaked(p256Key, 0, 6).subarray(0, 33), 'ERR_KEY_LENGTH'],
  ['P-256, hybrid form', 0x0403, tweaked(p256Key, 0, 4 ^ 6), 'ERR_KEY_POINT'],
  ['P-256, all zero', 0x0403, new Uint8Array(65), 'ERR_KEY_POINT'],
  ['P-256, x above p', 0x0403, Uint8Array.of(4, ...new Uint8Array(64).fill(255)), 'ERR_KEY_POINT'],
  ['P-256, the point at infinity', 0x0403, Uint8Array.of(0), 'ERR_KEY_LENGTH'],
  ['P-256, no key', 0x0403, new Uint8Array(0), 'ERR_KEY_LENGTH'],
  ['P-256, a byte more', 0x0403, Uint8Array.of(...p256Key, 0), 'ERR_KEY_LENGTH'],
  ['an Ed25519 key as P-256', 0x0403, edPoint.toBytes(), 'ERR_KEY_LENGTH'],
  ['a P-256 key as Ed25519', 0x0807, p256Key, 'ERR_KEY_LENGTH'],
  ['Ed25519, 31 bytes', 0x0807, edPoint.toBytes().subarray(1), 'ERR_KEY_LENGTH'],
  ['Ed25519, off the curve', 0x0807, Uint8Array.of(2, ...new Uint8Array(31)), 'ERR_KEY_POINT'],
  ['Ed25519, y above p', 0x0807, overP, 'ERR_KEY_POINT'],
  ['Ed25519, of mixed order', 0x0807, mixed, 'ERR_KEY_ORDER'],
  ...small.map(
    (key, i) =>
      [`Ed25519, of small order (${i})`, 0x0807, key, 'ERR_KEY_ORDER'] as [
        string,
        number,
        Uint8Array,
        string,
      ],
  ),
])('%s, as account key, in the chain, of a device', (_, id, key, code) => {
  const piece = scheme(id, key);
  expect(damaged((p) => (p.accountKey = piece))).toBe(code);
  expect(damaged((p) => ((p.successions[1] as SuccessionPieces).key = piece))).toBe(code);
  expect(damaged((p) => ((p.devices[1] as DevicePieces).signingKey = piece))).toBe(code);
});
