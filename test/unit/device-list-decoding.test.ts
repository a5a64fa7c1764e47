/**
 * Bytes that are no SignedDeviceList. Each case is a valid list with one piece made wrong and, as far as the
 * attacker could, signed again: no case is refused merely for a signature that no longer fits.
 */

import { verifyDeviceList } from 'contact-key-verification/keys.js';
import { describe, expect, test } from 'vitest';
import { BOB, codeOf } from '../support/accounts.js';
import {
  bytesPiece,
  cut,
  type DevicePieces,
  ecKey,
  EMPTY,
  forge,
  hashPiece,
  idPiece,
  join,
  type ListPieces,
  NO_SIGNATURE,
  sequencePiece,
  type SuccessionPieces,
  type TestKey,
} from '../support/list-forge.js';
import { chainKey, chainList } from '../support/list-story.js';

const A = ecKey('device a');
const B = ecKey('device b');
/** Everything Bob and his devices hold: the worst forger there is. */
const HELD: readonly TestKey[] = [A, B, ...[0, 1, 2].map(chainKey)];

const base = chainList(2, [
  { id: 'a', key: A, since: 0 },
  { id: 'b', key: B, since: 2 },
]);
const verify = (bytes: Uint8Array): unknown => verifyDeviceList(bytes, { identifier: BOB });
const damaged = (change: (pieces: ListPieces) => void): string =>
  codeOf(() => verify(forge(base, HELD, change)));

const device = (pieces: ListPieces, index: number): DevicePieces => pieces.devices[index] as DevicePieces;
const succession = (pieces: ListPieces, index: number): SuccessionPieces =>
  pieces.successions[index] as SuccessionPieces;
const scheme = (id: number, key: Uint8Array): Buffer =>
  Buffer.concat([Uint8Array.of(id >> 8, id & 255), bytesPiece(key)]);

test('the list that is damaged here is valid', () => {
  expect(() => verify(base)).not.toThrow();
  expect(join(cut(base)).equals(base)).toBe(true);
  expect(forge(base, HELD, () => {})).toEqual(Buffer.from(base));
});

describe('sizes', () => {
  test('cut short anywhere', () => {
    for (let length = 0; length < base.length; length++) {
      expect(codeOf(() => verify(base.subarray(0, length)))).toBe('ERR_TRUNCATED');
    }
  });

  test('a byte more', () => {
    expect(codeOf(() => verify(Buffer.concat([base, Uint8Array.of(0)])))).toBe('ERR_TRAILING_BYTES');
  });

  test('65,536 bytes pass, 65,537 are not even read', () => {
    const padded = (size: number): Uint8Array =>
      forge(base, HELD, (pieces) => {
        device(pieces, 0).messagingKeys = bytesPiece(new Uint8Array(size - base.length + 'keys of a'.length));
      });
    expect(padded(65_536)).toHaveLength(65_536);
    expect(() => verify(padded(65_536))).not.toThrow();
    expect(codeOf(() => verify(padded(65_537)))).toBe('ERR_TOO_LARGE');
    expect(codeOf(() => verify(new Uint8Array(65_537)))).toBe('ERR_TOO_LARGE');
    expect(codeOf(() => verify(new Uint8Array(2 ** 24)))).toBe('ERR_TOO_LARGE');
  });

  test('64 devices and 64 successions pass, 65 do not', () => {
    const devices = (count: number): Uint8Array =>
      chainList(
        0,
        Array.from({ length: count }, (_, i) => ({
          id: `d${String(i).padStart(2, '0')}`,
          key: ecKey(`d ${i}`),
          since: 0,
        })),
      );
    expect(() => verify(devices(64))).not.toThrow();
    expect(codeOf(() => verify(devices(65)))).toBe('ERR_LENGTH');
    expect(() => verify(chainList(64, []))).not.toThrow();
    expect(codeOf(() => verify(chainList(65, [])))).toBe('ERR_LENGTH');
  });

  test.each<[string, (pieces: ListPieces) => void, string]>([
    ['an empty identifier', (p) => (p.identifier = EMPTY), 'ERR_LENGTH'],
    ['an empty device id', (p) => (device(p, 0).id = EMPTY), 'ERR_LENGTH'],
    ['a device id of 33 bytes', (p) => (device(p, 0).id = idPiece('a'.repeat(33))), 'ERR_LENGTH'],
    ['an author of 33 bytes', (p) => (p.author = idPiece('a'.repeat(33))), 'ERR_LENGTH'],
    ['`previous` of 31 bytes', (p) => (p.previous = hashPiece(new Uint8Array(31))), 'ERR_LENGTH'],
    ['`previous` of 1 byte', (p) => (p.previous = hashPiece(new Uint8Array(1))), 'ERR_LENGTH'],
    ['`previous` of 33 bytes', (p) => (p.previous = idPiece(new Uint8Array(33))), 'ERR_LENGTH'],
    ['a count beyond the bytes', (p) => (p.account = Uint8Array.of(255, 255)), 'ERR_TRUNCATED'],
  ])('%s', (_, change, code) => {
    expect(damaged(change)).toBe(code);
  });

  test('a device id of 32 bytes passes', () => {
    expect(() => verify(forge(base, HELD, (p) => (device(p, 0).id = idPiece('a'.repeat(32)))))).not.toThrow();
  });

  test('an author without its signature, and a signature without author', () => {
    const named = forge(base, [chainKey(2)], (p) => (p.author = idPiece('a')));
    expect(codeOf(() => verify(named))).toBe('ERR_LENGTH');
    expect(damaged((p) => (p.authorSignature = bytesPiece(new Uint8Array(64))))).toBe('ERR_LENGTH');
    expect(damaged((p) => (p.authorSignature = bytesPiece(new Uint8Array(1))))).toBe('ERR_LENGTH');
    const authored = forge(base, HELD, (p) => (p.author = idPiece('a')));
    expect(codeOf(() => verify(forge(authored, [], (p) => (p.authorSignature = NO_SIGNATURE))))).toBe(
      'ERR_LENGTH',
    );
  });
});

describe('versions, schemes, numbers', () => {
  test.each([0, 2, 0x0100, 0xffff])('version %i, whatever follows', (version) => {
    const prefix = Uint8Array.of(version >> 8, version & 255);
    expect(damaged((p) => (p.version = prefix))).toBe('ERR_VERSION');
    expect(codeOf(() => verify(prefix))).toBe('ERR_VERSION');
    expect(codeOf(() => verify(Buffer.concat([prefix, new Uint8Array(65_534).fill(255)])))).toBe(
      'ERR_VERSION',
    );
    expect(codeOf(() => verify(Buffer.concat([prefix, new Uint8Array(65_535)])))).toBe('ERR_TOO_LARGE');
  });

  test.each([0, 0x0401, 0x0503, 0x0804, 0x0808, 0xffff])('scheme %i, whatever its key', (id) => {
    for (const key of [new Uint8Array(0), new Uint8Array(32), new Uint8Array(1952)]) {
      expect(damaged((p) => (p.accountKey = scheme(id, key)))).toBe('ERR_SCHEME');
      expect(damaged((p) => (succession(p, 1).key = scheme(id, key)))).toBe('ERR_SCHEME');
      expect(damaged((p) => (device(p, 1).signingKey = scheme(id, key)))).toBe('ERR_SCHEME');
    }
    const upToScheme = Buffer.concat([
      cut(base).version,
      cut(base).identifier,
      Uint8Array.of(id >> 8, id & 255),
    ]);
    expect(codeOf(() => verify(upToScheme))).toBe('ERR_SCHEME');
  });

  test.each([2, 3, 128, 255])('verification %i', (value) => {
    expect(damaged((p) => (p.verification = Uint8Array.of(value)))).toBe('ERR_ENUM');
  });

  test.each([
    ['2^32 - 1', sequencePiece(2 ** 32 - 1)],
    ['2^32', sequencePiece(2 ** 32)],
    ['2^53 - 1', sequencePiece(2 ** 53 - 1)],
    ['2^53', Buffer.from('0020000000000000', 'hex')],
    ['2^53 + 1', Buffer.from('0020000000000001', 'hex')],
    ['2^64 - 1', Buffer.from('ffffffffffffffff', 'hex')],
  ])('a sequence of %s', (_, piece) => {
    expect(damaged((p) => (p.sequence = piece))).toBe('ERR_INTEGER');
    expect(damaged((p) => (succession(p, 1).sequence = piece))).toBe('ERR_INTEGER');
    expect(damaged((p) => (device(p, 1).since = piece))).toBe('ERR_INTEGER');
  });

  test('a sequence of 2^32 - 2 passes', () => {
    const last = forge(base, HELD, (p) => (p.sequence = sequencePiece(2 ** 32 - 2)));
    expect(verify(last)).toMatchObject({ sequence: 2 ** 32 - 2 });
  });
});

describe('order', () => {
  test('unsorted, and a prefix behind what it begins', () => {
    expect(damaged((p) => p.devices.reverse())).toBe('ERR_ORDER');
    expect(damaged((p) => (device(p, 0).id = idPiece('bb')))).toBe('ERR_ORDER');
    // Bytes, not characters: U+FF5E sorts after U+1F600 as UTF-16 and before it as UTF-8.
    const smile = (p: ListPieces, first: string, second: string): void => {
      device(p, 0).id = idPiece(first);
      device(p, 1).id = idPiece(second);
    };
    expect(damaged((p) => smile(p, '\u{1f600}', '\uff5e'))).toBe('ERR_ORDER');
    expect(() => verify(forge(base, HELD, (p) => smile(p, '\uff5e', '\u{1f600}')))).not.toThrow();
    expect(() => verify(forge(base, HELD, (p) => smile(p, 'b', 'ba')))).not.toThrow();
  });

  test('one id for two devices', () => {
    expect(damaged((p) => (device(p, 0).id = idPiece('b')))).toBe('ERR_DUPLICATE');
  });

  test('one signing key for two devices, next to each other or not', () => {
    expect(damaged((p) => (device(p, 1).signingKey = A.encoded))).toBe('ERR_DUPLICATE');
    const twice = (p: ListPieces): void => {
      p.devices.push({ ...device(p, 1), id: idPiece('c'), signingKey: A.encoded });
    };
    expect(damaged(twice)).toBe('ERR_DUPLICATE');
  });

  test('of several defects the first in byte order is named', () => {
    const unknown = scheme(0x0804, new Uint8Array(32));
    const both = (p: ListPieces): void => {
      device(p, 1).id = idPiece('a');
      device(p, 1).signingKey = unknown;
    };
    expect(damaged(both)).toBe('ERR_DUPLICATE');
    expect(damaged((p) => ((p.verification = Uint8Array.of(9)), (device(p, 0).signingKey = unknown)))).toBe(
      'ERR_ENUM',
    );
    expect(damaged((p) => ((p.verification = Uint8Array.of(9)), (p.accountKey = unknown)))).toBe(
      'ERR_SCHEME',
    );
  });
});

test('an error names the structure and the place, and nothing of the content', () => {
  const bytes = forge(base, HELD, (p) => (p.verification = Uint8Array.of(2)));
  let error: unknown;
  try {
    verify(bytes);
  } catch (caught) {
    error = caught;
  }
  const offset = bytes.length - cutLength(base);
  expect(error).toMatchObject({
    name: 'DecodeError',
    structure: 'SignedDeviceList.list.verification',
    offset,
  });
  expect(String(error)).not.toMatch(/5551234567|keys of/);
});

/** Bytes from `verification` to the end. */
function cutLength(bytes: Uint8Array): number {
  const { verification, devices, account, authorSignature } = cut(bytes);
  const entries = devices.flatMap((entry) => Object.values(entry) as Uint8Array[]);
  return [verification, Uint8Array.of(0), ...entries, account, authorSignature].reduce(
    (sum, piece) => sum + piece.length,
    0,
  );
}
