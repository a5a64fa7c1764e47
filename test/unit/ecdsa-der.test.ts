import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { parsePublicKeyDer } from 'contact-key-verification/keys.js';
import { p256 } from 'contact-key-verification/suites.js';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { encodeEcdsaDer, parseEcdsaDer } from '../../src/crypto/ecdsa-der.js';
import { checkCorpus } from '../support/foreign.js';
import { check } from '../support/property.js';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const scalar = (value: bigint): string => value.toString(16).padStart(64, '0');

/** Values at which an integer's encoding changes its length or needs a zero before it. */
const edges = [
  0n,
  1n,
  0x7fn,
  0x80n,
  0xffn,
  0x100n,
  2n ** 247n,
  2n ** 248n - 1n,
  2n ** 255n - 1n,
  2n ** 255n,
  2n ** 256n - 1n,
];

describe('ECDSA signatures in DER', () => {
  it('are read as they were written, at every length', () => {
    for (const r of edges) {
      for (const s of edges) {
        const signature = hex(scalar(r) + scalar(s));
        expect(parseEcdsaDer(encodeEcdsaDer(signature))).toEqual(signature);
      }
    }
  });

  it("are OpenSSL's", () => {
    const key = createPrivateKey({
      key: { kty: 'EC', crv: 'P-256', ...jwkOf() },
      format: 'jwk',
    });
    for (let i = 0; i < 50; i++) {
      const message = Buffer.from(`message ${i}`);
      const der = new Uint8Array(sign('sha256', message, key));
      const signature = parseEcdsaDer(der) as Uint8Array;
      expect(encodeEcdsaDer(signature)).toEqual(der);
      const compact = { key: createPublicKey(key), dsaEncoding: 'ieee-p1363' as const };
      expect(verify('sha256', message, compact, signature)).toBe(true);
    }
  });

  const good = '30 06 02 01 01 02 01 02';

  it.each([
    ['nothing', ''],
    ['another tag', '31 06 02 01 01 02 01 02'],
    ['a length that is too short', '30 05 02 01 01 02 01 02'],
    ['a length that is too long', '30 07 02 01 01 02 01 02'],
    ['a length in two bytes', '30 81 06 02 01 01 02 01 02'],
    ['an indefinite length', '30 80 02 01 01 02 01 02 00 00'],
    ['a byte left over', `${good} 00`],
    ['a byte left over inside', '30 07 02 01 01 02 01 02 00'],
    ['a third integer', '30 09 02 01 01 02 01 02 02 01 03'],
    ['one integer', '30 03 02 01 01'],
    ['no integer', '30 00'],
    ['another type', '30 06 03 01 01 02 01 02'],
    ['an integer of no bytes', '30 05 02 00 02 01 02'],
    ['a negative integer', '30 06 02 01 80 02 01 02'],
    ['a zero too many', '30 07 02 02 00 01 02 01 02'],
    ['an integer that runs out', '30 06 02 01 01 02 02 02'],
    ['an integer of 33 bytes', `30 26 02 21 01 ${'00'.repeat(32)} 02 01 02`],
    ['an integer of 34 bytes', `30 27 02 22 00 ff ${'00'.repeat(32)} 02 01 02`],
  ])('are refused with %s', (_, text) => {
    expect(parseEcdsaDer(hex(good))).toEqual(hex(scalar(1n) + scalar(2n)));
    expect(parseEcdsaDer(hex(text))).toBeUndefined();
  });
});

describe('laws', () => {
  it('reading undoes writing', () => {
    check(
      fc.property(
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        fc.nat(31),
        fc.nat(31),
        (signature, r, s) => {
          signature.fill(0, 0, r);
          signature.fill(0, 32, 32 + s);
          expect(parseEcdsaDer(encodeEcdsaDer(signature))).toEqual(signature);
        },
      ),
    );
  });

  it('what is read is written back as it was: one signature has one encoding', () => {
    const anyDer = fc
      .uint8Array({ minLength: 64, maxLength: 64 })
      .map((signature) => encodeEcdsaDer(signature));
    check(
      fc.property(anyDer, fc.nat(), fc.nat(255), fc.nat(2), (der, at, byte, cut) => {
        const damaged = der.slice(0, der.length - cut);
        damaged[at % damaged.length] = byte;
        const signature = parseEcdsaDer(damaged);
        if (signature !== undefined) expect(encodeEcdsaDer(signature)).toEqual(damaged);
      }),
    );
  });
});

interface Group {
  readonly publicKeyDer: string;
  readonly tests: readonly {
    readonly tcId: number;
    readonly msg: string;
    readonly sig: string;
    readonly result: string;
  }[];
}

test('Wycheproof ECDSA P-256 DER', () =>
  checkCorpus('wycheproof', 484, async (files, runCase) => {
    const file = 'testvectors_v1/ecdsa_secp256r1_sha256_test.json';
    for (const group of files.json<{ testGroups: readonly Group[] }>(file).testGroups) {
      const { key } = parsePublicKeyDer(hex(group.publicKeyDer));
      for (const { tcId, msg, sig, result } of group.tests) {
        await runCase(String(tcId), () => {
          const signature = parseEcdsaDer(hex(sig));
          const valid = signature !== undefined && p256.isValidSignature(key, hex(msg), signature);
          expect(valid).toBe(result === 'valid');
        });
      }
    }
  }));

/** A key of RFC 6979 appendix A.2.5. */
function jwkOf(): { d: string; x: string; y: string } {
  const url = (text: string): string => Buffer.from(text, 'hex').toString('base64url');
  return {
    d: url('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721'),
    x: url('60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6'),
    y: url('7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299'),
  };
}
