import {
  compareScannedSafetyNumber,
  deriveAccountSafetyNumber,
  deriveSafetyNumber,
  formatSafetyNumber,
  type SafetyNumberParty,
} from 'contact-key-verification/codes.js';
import { deriveKeyId, encodePublicKey, type PublicKey } from 'contact-key-verification/suites.js';
import { describe, expect, test } from 'vitest';
import { partyOf, safetyNumber } from '../reference/safety-number.js';
import { codeOf } from '../support/accounts.js';
import { ALICE, BOB, hex } from '../support/sas.js';

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

/** Inputs of our own: Curve25519 keys of the private keys 11…11 and 22…22 (32 bytes each). */
const LOCAL = {
  id: new TextEncoder().encode('tel:+15550001111'),
  key: bytes('057b4e909bbe7ffe44c465a220037d608ee35897d31ef972f07f74892cb0f73f13'),
};
const REMOTE = {
  id: new TextEncoder().encode('tel:+15550002222'),
  key: bytes('050faa684ed28867b97f4a6a2dee5df8ce974e76b7018e3f22a1c4cf2678570f20'),
};

/** Outputs of @signalapp/libsignal-client 0.103.0 for these inputs, 'local' first. */
const LIBSIGNAL = [
  {
    version: 1,
    iterations: 5200,
    display: '760653553580208484308118432697981891981954593366762544155125',
    scannable:
      '080112220a202404aef7ade3ff00d12bd7edcdc6c1b9080294e489cd721581c0996e2c15fce0' +
      '1a220a2007e4fed161f85db50bcfb5e004a090012a4cdfeea54d5f16a0d14ca03559a6aa',
  },
  {
    version: 2,
    iterations: 5200,
    display: '760653553580208484308118432697981891981954593366762544155125',
    scannable:
      '080212220a202404aef7ade3ff00d12bd7edcdc6c1b9080294e489cd721581c0996e2c15fce0' +
      '1a220a2007e4fed161f85db50bcfb5e004a090012a4cdfeea54d5f16a0d14ca03559a6aa',
  },
  {
    version: 2,
    iterations: 2,
    display: '277280154139442449483602973445889199426304033380523409558102',
    scannable:
      '080212220a20dc574bc6779ebebb8997800dbd00213670ea4fe4dfd095050f9b99a1f1b60677' +
      '1a220a208018f07d1091ea921aa52439efcc926026870b943aa7ee9d1d1459c8bbe55292',
  },
  {
    version: 1,
    iterations: 1024,
    display: '458206924051363051213338899363788940554363215431190913337656',
    scannable:
      '080112220a206a2c40509c0e76466db8ebfa208b43552ac3f3a104a370944c5482bd5663691f' +
      '1a220a203fb29267aef666db57274e332d696f5d678cdbef9e05bd0f8dd585e9f9f8d838',
  },
] as const;

const few = { local: LOCAL, remote: REMOTE, iterations: 2 };

describe('the safety number', () => {
  test.each(LIBSIGNAL)('is libsignal’s, version $version, $iterations iterations', (answer) => {
    const { version, iterations } = answer;
    const mine = deriveSafetyNumber({ local: LOCAL, remote: REMOTE, version, iterations });
    expect(mine.display).toBe(answer.display);
    expect(hex(mine.scannable)).toBe(answer.scannable);
    const theirs = deriveSafetyNumber({ local: REMOTE, remote: LOCAL, version, iterations });
    expect(theirs.display).toBe(answer.display);
    expect(compareScannedSafetyNumber(mine.scannable, theirs.scannable)).toBe('match');
    expect(compareScannedSafetyNumber(theirs.scannable, mine.scannable)).toBe('match');
  });

  test('is version 2 with 5200 iterations where nothing is said', () => {
    const { display, scannable } = deriveSafetyNumber({ local: LOCAL, remote: REMOTE });
    expect([display, hex(scannable)]).toEqual([LIBSIGNAL[1].display, LIBSIGNAL[1].scannable]);
  });

  test('of two accounts is over encoded key and keyId', () => {
    const mine = deriveAccountSafetyNumber({ local: ALICE, remote: BOB });
    const expected = safetyNumber(partyOf(ALICE), partyOf(BOB), 2);
    expect(mine.display).toBe(expected.display);
    expect(hex(mine.scannable)).toBe(hex(expected.scannable));
    const party = (key: PublicKey): SafetyNumberParty => ({
      id: deriveKeyId(key),
      key: encodePublicKey(key),
    });
    expect(deriveSafetyNumber({ local: party(ALICE), remote: party(BOB) })).toEqual(mine);
  });

  test('is frozen, leaves its inputs alone, and is read in groups of five', () => {
    const local = { id: Uint8Array.from(LOCAL.id), key: Uint8Array.from(LOCAL.key) };
    const number = deriveSafetyNumber({ ...few, local });
    expect(local).toEqual(LOCAL);
    expect(Object.isFrozen(number)).toBe(true);
    expect(formatSafetyNumber(number.display)).toMatch(/^[0-9]{5}( [0-9]{5}){11}$/);
    expect(formatSafetyNumber(number.display).replaceAll(' ', '')).toBe(number.display);
    expect(codeOf(() => formatSafetyNumber(`${number.display}0`))).toBe('ERR_ARGUMENT_RANGE');
    expect(codeOf(() => formatSafetyNumber(1 as never))).toBe('ERR_ARGUMENT_TYPE');
  });

  test.each<[string, object, string]>([
    ['one iteration', { iterations: 1 }, 'ERR_ARGUMENT_RANGE'],
    ['over a million iterations', { iterations: 1_000_001 }, 'ERR_ARGUMENT_RANGE'],
    ['half an iteration', { iterations: 2.5 }, 'ERR_ARGUMENT_RANGE'],
    ['iterations in words', { iterations: '5200' }, 'ERR_ARGUMENT_TYPE'],
    ['another version', { version: 3 }, 'ERR_ARGUMENT_RANGE'],
    ['no key', { local: { ...LOCAL, key: new Uint8Array(0) } }, 'ERR_ARGUMENT_RANGE'],
    ['no id', { remote: { ...REMOTE, id: new Uint8Array(0) } }, 'ERR_ARGUMENT_RANGE'],
    ['an id beyond 64 KiB', { remote: { ...REMOTE, id: new Uint8Array(65_537) } }, 'ERR_ARGUMENT_RANGE'],
    ['an id in words', { remote: { ...REMOTE, id: 'tel:+1' } }, 'ERR_ARGUMENT_TYPE'],
  ])('refuses %s', (_, change, code) => {
    expect(codeOf(() => deriveSafetyNumber({ ...few, ...change }))).toBe(code);
  });
});

describe('the scannable form', () => {
  const mine = deriveSafetyNumber(few).scannable;
  const theirs = deriveSafetyNumber({ local: REMOTE, remote: LOCAL, iterations: 2 }).scannable;
  const other = { id: LOCAL.id, key: Uint8Array.from(LOCAL.key).fill(9, 20) };
  const compare = (scanned: Uint8Array): string => compareScannedSafetyNumber(mine, scanned);

  test('says who holds another key', () => {
    const oldVersion = deriveSafetyNumber({ local: REMOTE, remote: LOCAL, iterations: 2, version: 1 });
    expect(compare(oldVersion.scannable)).toBe('other-version');
    expect(compare(mine)).toBe('own-code');
    const differs = deriveSafetyNumber({ local: other, remote: LOCAL, iterations: 2 });
    expect(compare(differs.scannable)).toBe('my-key-for-them-differs');
    const theyDiffer = deriveSafetyNumber({ local: REMOTE, remote: other, iterations: 2 });
    expect(compare(theyDiffer.scannable)).toBe('their-key-for-me-differs');
  });

  test('is never a match with any bit changed', () => {
    for (let bit = 0; bit < theirs.length * 8; bit++) {
      const flipped = Uint8Array.from(theirs);
      const at = Math.floor(bit / 8);
      flipped[at] = (flipped[at] as number) ^ (1 << (bit % 8));
      const expected =
        at === 1
          ? // 2 with one bit changed is 3, 0, 6, …; never 1.
            'unknown-version'
          : at < 6 || (at >= 38 && at < 42)
            ? 'not-a-safety-number'
            : at < 38
              ? 'my-key-for-them-differs'
              : 'their-key-for-me-differs';
      expect(compare(flipped)).toBe(expected);
    }
  });

  test('has one encoding: other spellings of the same message are refused', () => {
    const [version, local, remote] = [theirs.subarray(0, 2), theirs.subarray(2, 38), theirs.subarray(38)];
    const spellings: readonly (readonly number[])[] = [
      [],
      [0x08],
      [...theirs.subarray(0, -1)],
      [...theirs, 0],
      [...version, ...remote, ...local],
      [...local, ...remote, ...version],
      [...version, ...version, ...local, ...remote],
      [...version, ...local, ...remote, ...remote],
      [...version, ...local, ...remote, 0x20, 0x01],
    ];
    for (const spelling of spellings) expect(compare(Uint8Array.from(spelling))).toBe('not-a-safety-number');
    // The version as a longer varint.
    expect(compare(Uint8Array.of(0x08, 0x82, 0x00, ...local, ...remote))).toBe('unknown-version');
  });

  test('refuses an own form that is none', () => {
    expect(codeOf(() => compareScannedSafetyNumber(theirs.subarray(1), theirs))).toBe('ERR_ARGUMENT_RANGE');
    expect(codeOf(() => compareScannedSafetyNumber('x' as never, theirs))).toBe('ERR_ARGUMENT_TYPE');
    expect(codeOf(() => compareScannedSafetyNumber(mine, 'x' as never))).toBe('ERR_ARGUMENT_TYPE');
  });
});
