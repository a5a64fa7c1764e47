/**
 * The oracle itself, against facts from outside: other implementations' outputs and published examples. That it
 * agrees with the library is shown elsewhere; it would prove nothing here.
 */
import { verify as nodeVerify, createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isEd25519Key, isP256Key, verifyEd25519 } from '../reference/curves.js';
import { Reader, Refusal, opaque, optional, uint, vector } from '../reference/encoding.js';
import {
  ECDSA_P256_SHA256,
  ED25519,
  encodePublicKey,
  keyId,
  keyPairFrom,
  readPublicKey,
  sign,
  verify,
} from '../reference/keys.js';
import { signP256 } from '../reference/rfc6979.js';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function reasonOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
  return 'accepted';
}

describe('presentation language', () => {
  it('makes a prefix as wide as its ceiling needs, and counts elements', () => {
    expect(text(opaque(0, 255, hex('aabb')))).toBe('02aabb');
    expect(text(opaque(0, 256, hex('aabb')))).toBe('0002aabb');
    expect(text(opaque(0, 2 ** 16, hex('aabb')))).toBe('000002aabb');
    expect(text(opaque(0, 2 ** 32 - 1, hex('aabb')))).toBe('00000002aabb');
    expect(text(vector(255, [uint(8, 1), uint(8, 2)]))).toBe('0200000000000000010000000000000002');
    expect(text(optional(undefined)) + text(optional(uint(2, 7)))).toBe('00010007');
    expect(text(uint(8, 2 ** 53 - 1))).toBe('001fffffffffffff');
  });

  it('reads strictly', () => {
    expect(new Reader(hex('001fffffffffffff')).uint(8)).toBe(2 ** 53 - 1);
    expect(reasonOf(() => new Reader(hex('0020000000000000')).uint(8))).toBe('number-too-large');
    expect(reasonOf(() => new Reader(hex('02aa')).opaque(0, 255))).toBe('truncated');
    expect(reasonOf(() => new Reader(hex('21')).opaque(0, 32))).toBe('vector-length');
    expect(reasonOf(() => new Reader(hex('00')).opaque(1, 32))).toBe('vector-length');
    expect(reasonOf(() => new Reader(hex('02')).optional(() => 0))).toBe('unknown-value');
    expect(reasonOf(() => new Reader(hex('00')).end())).toBe('trailing-bytes');
    expect(reasonOf(() => new Reader(hex('03')).vector(2, () => 0))).toBe('vector-length');
    expect(reasonOf(() => new Reader(hex('03')).vector(4, () => 0, 2, 'too-many-devices'))).toBe(
      'too-many-devices',
    );
    const read = (bytes: string): (number | undefined)[] => {
      const reader = new Reader(hex(bytes));
      const values = reader.vector(255, () => reader.optional(() => reader.uint(2)));
      reader.end();
      return values;
    };
    expect(read('020001abcd')).toEqual([undefined, 0xabcd]);
  });
});

describe('keys', () => {
  // RFC 6979, appendix A.2.5: the key, and the signature of "sample" with SHA-256 (its s is in the upper half).
  const p256Secret = hex('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721');
  const p256Point = hex(
    '0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299',
  );
  // RFC 8032, section 7.1, TEST 2.
  const edSecret = hex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb');
  const edKey = hex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
  const edSignature = hex(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  );
  const p256 = keyPairFrom(ECDSA_P256_SHA256, p256Secret);
  const ed = keyPairFrom(ED25519, edSecret);

  it('derives the published public keys', () => {
    expect(text(p256.publicKey.key)).toBe(text(p256Point));
    expect(text(ed.publicKey.key)).toBe(text(edKey));
  });

  it('signs on P-256 as RFC 6979, appendix A.2.5, does', () => {
    expect(text(signP256(p256Secret, Buffer.from('sample')))).toBe(
      'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716' +
        'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
    );
    expect(text(signP256(p256Secret, Buffer.from('test')))).toBe(
      'f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367' +
        '019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083',
    );
  });

  it('agrees with RFC 8032 on Ed25519', () => {
    expect(verifyEd25519(edKey, hex('72'), edSignature)).toBe(true);
    expect(verifyEd25519(edKey, hex('73'), edSignature)).toBe(false);
    // S + L: the same equation, another writing of S.
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = BigInt(`0x${text(Buffer.from(edSignature.subarray(32)).reverse())}`) + order;
    const raised = Buffer.concat([
      edSignature.subarray(0, 32),
      hex(s.toString(16).padStart(64, '0')).reverse(),
    ]);
    expect(verifyEd25519(edKey, hex('72'), raised)).toBe(false);
  });

  it('uses the cofactored equation', () => {
    // R carries a point of order 8. @noble/curves 2.4.0 accepts this with `zip215: false`; node:crypto, which checks
    // without the cofactor, refuses. The message is the ASCII "a".
    const key = hex('4f2d67e6fd713f0a16c43d593f9d753591641661dbaf2119d8eed66f31251cc2');
    const signature = hex(
      'ceba5603f73badcfc9df043c87cc28a71623873c55b2f9ed1de92b15efac8a6f64800263457e27a1795d89d1ca2733ec5a1075210ab82a6006ca98c0fc65a506',
    );
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') };
    expect(nodeVerify(null, Buffer.from('a'), createPublicKey({ key: jwk, format: 'jwk' }), signature)).toBe(
      false,
    );
    expect(verifyEd25519(key, Buffer.from('a'), signature)).toBe(true);
    expect(verifyEd25519(key, Buffer.from('b'), signature)).toBe(false);
  });

  it('refuses keys of small order, not canonical, or off the curve', () => {
    expect(isEd25519Key(edKey)).toBe(true);
    // y = 1 (the identity), y = 0 (order 4), a point of order 8, y = p + 1, y = 1 with a sign on x = 0.
    for (const bad of [
      `01${'00'.repeat(31)}`,
      '00'.repeat(32),
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
      `ee${'ff'.repeat(30)}7f`,
      `01${'00'.repeat(30)}80`,
    ]) {
      expect(isEd25519Key(hex(bad))).toBe(false);
    }
    expect(isP256Key(p256Point)).toBe(true);
    const off = Buffer.from(p256Point);
    off[64] = 0x98;
    expect(isP256Key(off)).toBe(false);
    expect(isP256Key(p256Point.subarray(0, 64))).toBe(false);
    expect(isP256Key(Buffer.concat([hex('02'), p256Point.subarray(1)]))).toBe(false);
  });

  it('hashes keys to the ids that Python computes', () => {
    // hashlib.sha256 over the labelled struct, written out by hand with struct.pack.
    expect(text(keyId(ed.publicKey))).toBe(
      'e6655fb6af730d508f2c76ee1ebdd6d65d40cfafdb9827624394113feb0198a3',
    );
    expect(text(keyId(p256.publicKey))).toBe(
      'b13ccab62d268c7799375fe447f9c8fbc8b741938b8ffcbae00fdfde05feede7',
    );
  });

  it('signs and verifies under one label only, and reads what it wrote', () => {
    for (const pair of [p256, ed]) {
      const signature = sign(pair, 'test', hex('0102'));
      expect(signature).toHaveLength(64);
      expect(verify(pair.publicKey, 'test', hex('0102'), signature)).toBe(true);
      expect(verify(pair.publicKey, 'tests', hex('0102'), signature)).toBe(false);
      expect(verify(pair.publicKey, 'test', hex('0103'), signature)).toBe(false);
      expect(verify(pair.publicKey, 'test', hex('0102'), signature.subarray(1))).toBe(false);
      const reader = new Reader(encodePublicKey(pair.publicKey));
      expect(text(encodePublicKey(readPublicKey(reader)))).toBe(text(encodePublicKey(pair.publicKey)));
    }
    // "high s accepted": n - s verifies as s does.
    const n = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
    const signature = sign(p256, 'test', hex('0102'));
    const s = n - BigInt(`0x${text(signature.subarray(32))}`);
    const other = Buffer.concat([signature.subarray(0, 32), hex(s.toString(16).padStart(64, '0'))]);
    expect(verify(p256.publicKey, 'test', hex('0102'), other)).toBe(true);
    expect(reasonOf(() => readPublicKey(new Reader(hex('0804'))))).toBe('unknown-scheme');
    const identity = { scheme: ED25519, key: hex(`01${'00'.repeat(31)}`) };
    expect(reasonOf(() => readPublicKey(new Reader(encodePublicKey(identity))))).toBe('key-invalid');
    expect(reasonOf(() => verify(identity, 'test', hex('0102'), signature))).toBe('key-invalid');
  });
});
