import {
  compareBytes,
  concatBytes,
  encodeBase64,
  encodeBase64Url,
  encodeHex,
  encodeUtf8,
  equalBytes,
  parseBase64,
  parseBase64Url,
  parseHex,
  parseUtf8,
} from 'contact-key-verification/bytes.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  constant,
  decode,
  encode,
  fixedBytes,
  mapped,
  opaque,
  struct,
  uint8,
  uint16,
  uint32,
  uint64,
  vector,
} from '../../src/bytes/codec.js';
import { codeOf } from '../support/accounts.js';
import { check } from '../support/property.js';

const entry = struct({
  kind: constant(1, 7),
  id: opaque(1, 32),
  weight: uint64,
  hash: fixedBytes(4),
  on: mapped(
    uint8,
    (wire, reader, start) => {
      if (wire > 1) throw reader.error('ERR_ENUM', 'no flag', start);
      return wire === 1;
    },
    (value: boolean) => (value ? 1 : 0),
  ),
});
const entries = vector(entry, {
  min: 0,
  ceiling: 2 ** 16 - 1,
  limit: 3,
});
const read = (hex: string): unknown => decode(entries, parseHex(hex), 'Entries', 1000);

describe('the codec', () => {
  const one = '0701610000000000000005aabbccdd01';
  const two = '0701620000000000000005aabbccdd00';

  test('reads what it writes, to the byte', () => {
    const value = decode(entries, parseHex(`0002${one}${two}`), 'Entries', 1000);
    expect(value).toEqual([
      { kind: 7, id: Uint8Array.of(0x61), weight: 5, hash: parseHex('aabbccdd'), on: true },
      { kind: 7, id: Uint8Array.of(0x62), weight: 5, hash: parseHex('aabbccdd'), on: false },
    ]);
    expect(encodeHex(encode(entries, value))).toBe(`0002${one}${two}`);
  });

  test('what was read is frozen and owns its bytes', () => {
    const bytes = parseHex(`0001${one}`);
    const [value] = decode(entries, bytes, 'Entries', 1000);
    bytes.fill(0);
    expect(value?.hash).toEqual(parseHex('aabbccdd'));
    expect(Object.isFrozen(value)).toBe(true);
  });

  test.each([
    ['nothing at all', '', 'ERR_TRUNCATED'],
    ['an entry cut short', `0001${one.slice(0, -2)}`, 'ERR_TRUNCATED'],
    ['an entry missing', `0002${one}`, 'ERR_TRUNCATED'],
    ['a byte more', `0001${one}00`, 'ERR_TRAILING_BYTES'],
    ['a count over the limit', '0004', 'ERR_LENGTH'],
    ['an empty id', '00010700', 'ERR_LENGTH'],
    ['an id over its ceiling', '00010721', 'ERR_LENGTH'],
    ['a flag that is neither', `0001${one.slice(0, -2)}02`, 'ERR_ENUM'],
    ['another constant', `0001${one.replace('07', '08')}`, 'ERR_ENUM'],
    ['2^53', '0001070161' + '0020000000000000' + 'aabbccdd01', 'ERR_INTEGER'],
  ])('refuses %s', (_, hex, code) => {
    expect(codeOf(() => read(hex))).toBe(code);
  });

  test('the size limit comes before everything', () => {
    expect(codeOf(() => decode(entries, new Uint8Array(1001), 'Entries', 1000))).toBe('ERR_TOO_LARGE');
  });

  test('an error names the structure and the place', () => {
    expect(() => read(`0002${one}0701620000`)).toThrow(
      expect.objectContaining({ name: 'DecodeError', structure: 'Entries.1.weight', offset: 21 }),
    );
  });

  test('2^53 - 1 passes', () => {
    expect(decode(uint64, parseHex('001fffffffffffff'), 'n', 8)).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('a prefix is as wide as its ceiling needs, and counts elements', () => {
    const width = (ceiling: number): number => encode(vector(uint16, { min: 0, ceiling }), [1]).length - 2;
    expect([255, 256, 65_535, 65_536, 2 ** 32 - 1].map(width)).toEqual([1, 2, 2, 3, 4]);
  });

  test('a program that writes nonsense is told', () => {
    expect(codeOf(() => encode(uint8, 256))).toBe('ERR_ARGUMENT_RANGE');
    expect(codeOf(() => encode(uint32, -1))).toBe('ERR_ARGUMENT_RANGE');
    expect(codeOf(() => encode(uint64, 2 ** 53))).toBe('ERR_ARGUMENT_RANGE');
    expect(codeOf(() => encode(uint8, '1' as unknown as number))).toBe('ERR_ARGUMENT_TYPE');
    expect(codeOf(() => encode(opaque(1, 3), new Uint8Array(4)))).toBe('ERR_ARGUMENT_RANGE');
    expect(codeOf(() => encode(opaque(1, 3), [1] as unknown as Uint8Array))).toBe('ERR_ARGUMENT_TYPE');
    expect(codeOf(() => encode(fixedBytes(3), new Uint8Array(4)))).toBe('ERR_ARGUMENT_RANGE');
    expect(codeOf(() => encode(constant(1, 7), 8 as 7))).toBe('ERR_ARGUMENT_RANGE');
    expect(codeOf(() => encode(vector(uint8, { min: 0, ceiling: 9 }), 'x' as never))).toBe(
      'ERR_ARGUMENT_TYPE',
    );
  });

  test('any bytes are read to the same bytes or refused', () => {
    const whole = parseHex(`0002${one}${two}`);
    check(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(3), (at, byte, cut) => {
        const bytes = whole.slice(0, whole.length - cut);
        bytes[Math.min(at, bytes.length - 1)] = byte;
        let value: ReturnType<typeof decode<Parameters<(typeof entries)['write']>[1]>>;
        try {
          value = decode(entries, bytes, 'Entries', 1000);
        } catch {
          return;
        }
        expect(encode(entries, value)).toEqual(bytes);
      }),
    );
  });
});

describe('text forms', () => {
  test('encode and parse are inverses', () => {
    check(
      fc.property(fc.uint8Array(), (bytes) => {
        const plain = Uint8Array.from(bytes);
        expect(parseHex(encodeHex(plain))).toEqual(plain);
        expect(parseBase64(encodeBase64(plain))).toEqual(plain);
        expect(parseBase64Url(encodeBase64Url(plain))).toEqual(plain);
        expect(encodeBase64(plain)).toBe(Buffer.from(plain).toString('base64'));
        expect(encodeBase64Url(plain)).toBe(Buffer.from(plain).toString('base64url'));
      }),
    );
  });

  test.each([
    ['odd hex', () => parseHex('abc')],
    ['upper-case hex', () => parseHex('AB')],
    ['hex with a prefix', () => parseHex('0xab')],
    ['hex with a line end', () => parseHex('ab\n')],
    ['base64 without padding', () => parseBase64('AA')],
    ['base64 with trailing bits', () => parseBase64('AB==')],
    ['base64 in the other alphabet', () => parseBase64('_-8=')],
    ['base64url with padding', () => parseBase64Url('AA==')],
    ['base64url with trailing bits', () => parseBase64Url('AB')],
    ['base64url in the other alphabet', () => parseBase64Url('+/8')],
    ['base64url with a space', () => parseBase64Url('AA AA')],
    ['base64url of an impossible length', () => parseBase64Url('A')],
  ])('%s is refused', (_, parse) => {
    expect(codeOf(parse)).toBe('ERR_TEXT_ENCODING');
  });

  test('text that is no text is refused', () => {
    expect(codeOf(() => parseHex(7 as unknown as string))).toBe('ERR_ARGUMENT_TYPE');
    expect(codeOf(() => parseHex('a'.repeat(2 ** 24 + 2)))).toBe('ERR_TOO_LARGE');
    expect(codeOf(() => encodeHex('aa' as unknown as Uint8Array))).toBe('ERR_ARGUMENT_TYPE');
    expect(codeOf(() => encodeUtf8(7 as unknown as string))).toBe('ERR_ARGUMENT_TYPE');
  });

  test('UTF-8 is strict in both directions', () => {
    expect(parseUtf8(encodeUtf8('\ufeffgrüße 😀'))).toBe('\ufeffgrüße 😀');
    for (const text of ['\ud800', 'a\udc00b', '\udc00\ud800'])
      expect(codeOf(() => encodeUtf8(text))).toBe('ERR_UTF8');
    for (const hex of ['ff', 'c080', 'eda080', 'f4908080', 'c3']) {
      expect(
        codeOf(() => parseUtf8(parseHex(hex))),
        hex,
      ).toBe('ERR_UTF8');
    }
  });
});

describe('comparison', () => {
  test('agrees with Buffer', () => {
    const bytes = fc.uint8Array({ maxLength: 4 });
    check(
      fc.property(bytes, bytes, (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b));
        expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0);
        expect(Buffer.from(concatBytes(a, b))).toEqual(Buffer.concat([a, b]));
      }),
    );
  });
});
