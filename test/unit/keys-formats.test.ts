import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { inspect } from 'node:util';
import { ed25519 as curve } from '@noble/curves/ed25519.js';
import { encodeBase64Url } from 'contact-key-verification/bytes.js';
import {
  encodePrivateKeyDer,
  encodePrivateKeyJwk,
  encodePrivateKeyPem,
  encodePrivateKeyRaw,
  encodePublicKeyDer,
  encodePublicKeyJwk,
  encodePublicKeyPem,
  encodePublicKeyRaw,
  generatePrivateKey,
  type PrivateKey,
  parsePrivateKeyDer,
  parsePrivateKeyJwk,
  parsePrivateKeyPem,
  parsePrivateKeyRaw,
  parsePublicKeyDer,
  parsePublicKeyJwk,
  parsePublicKeyPem,
  parsePublicKeyRaw,
  signPreKeys,
  verifyPreKeys,
} from 'contact-key-verification/keys.js';
import {
  encodeLabelled,
  ed25519,
  encodePublicKey,
  p256,
  parsePublicKey,
  type SignatureScheme,
} from 'contact-key-verification/suites.js';
import { describe, expect, test } from 'vitest';
import { codeOf, SCHEMES } from '../support/accounts.js';

/** OpenSSL, as Node carries it, is the other side of every format. */
const nodeKeyPair = (scheme: SignatureScheme): { publicKey: KeyObject; privateKey: KeyObject } =>
  scheme === ed25519 ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });

const nodeSign = (key: KeyObject, message: Uint8Array): Uint8Array =>
  key.asymmetricKeyType === 'ec'
    ? sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' })
    : sign(null, message, key);

const nodeVerify = (key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean =>
  key.asymmetricKeyType === 'ec'
    ? verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature)
    : verify(null, message, key, signature);

const nodePublic = (privateKey: PrivateKey): KeyObject =>
  createPublicKey({
    key: Buffer.from(encodePublicKeyDer(privateKey.publicKey)),
    format: 'der',
    type: 'spki',
  });

describe.each(SCHEMES.map((scheme) => [scheme.name, scheme] as const))('%s keys', (_, scheme) => {
  const ours = generatePrivateKey(scheme);
  const theirs = nodeKeyPair(scheme);
  const message = new TextEncoder().encode('message');

  test('what OpenSSL writes is read, in every format', () => {
    const der = theirs.publicKey.export({ format: 'der', type: 'spki' });
    const publicKey = parsePublicKeyDer(der);
    expect(parsePublicKeyPem(theirs.publicKey.export({ format: 'pem', type: 'spki' }) as string)).toEqual(
      publicKey,
    );
    expect(parsePublicKeyJwk(theirs.publicKey.export({ format: 'jwk' }))).toEqual(publicKey);
    const pkcs8 = theirs.privateKey.export({ format: 'der', type: 'pkcs8' });
    const read = [
      parsePrivateKeyDer(pkcs8),
      parsePrivateKeyPem(theirs.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string),
      parsePrivateKeyJwk(theirs.privateKey.export({ format: 'jwk' })),
    ];
    for (const privateKey of read) {
      expect(privateKey.publicKey).toEqual(publicKey);
      expect(nodeVerify(theirs.publicKey, message, privateKey.sign(message))).toBe(true);
    }
  });

  test('what we write is read by OpenSSL, in every format, to the byte', () => {
    const publicNode = nodePublic(ours);
    const privateDer = Buffer.from(encodePrivateKeyDer(ours));
    const privateNode = createPrivateKey({ key: privateDer, format: 'der', type: 'pkcs8' });
    expect(Buffer.from(encodePublicKeyDer(ours.publicKey))).toEqual(
      publicNode.export({ format: 'der', type: 'spki' }),
    );
    expect(encodePublicKeyPem(ours.publicKey)).toBe(publicNode.export({ format: 'pem', type: 'spki' }));
    expect(encodePublicKeyJwk(ours.publicKey)).toEqual(publicNode.export({ format: 'jwk' }));
    expect(privateDer).toEqual(privateNode.export({ format: 'der', type: 'pkcs8' }));
    expect(encodePrivateKeyPem(ours)).toBe(privateNode.export({ format: 'pem', type: 'pkcs8' }));
    expect(encodePrivateKeyJwk(ours)).toEqual(privateNode.export({ format: 'jwk' }));
    expect(
      verifyPreKeys(message, nodeSign(privateNode, encodeLabelled('pre-keys', message)), ours.publicKey),
    ).toEqual(message);
  });

  test('WebCrypto reads our keys and we read its', async () => {
    const { subtle } = globalThis.crypto;
    const algorithm =
      scheme === ed25519 ? { name: 'Ed25519' } : { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const key = await subtle.importKey('pkcs8', Buffer.from(encodePrivateKeyDer(ours)), algorithm, true, [
      'sign',
    ]);
    const signature = new Uint8Array(await subtle.sign(algorithm, key, Buffer.from(message)));
    expect(scheme.isValidSignature(ours.publicKey.key, message, signature)).toBe(true);
    expect(parsePrivateKeyJwk(await subtle.exportKey('jwk', key)).publicKey).toEqual(ours.publicKey);
    const publicKey = await subtle.importKey('raw', Buffer.from(ours.publicKey.key), algorithm, true, [
      'verify',
    ]);
    expect(
      await subtle.verify(algorithm, publicKey, Buffer.from(ours.sign(message)), Buffer.from(message)),
    ).toBe(true);
  });

  test('every format is its own inverse', () => {
    const again = [
      parsePrivateKeyRaw(scheme, encodePrivateKeyRaw(ours)),
      parsePrivateKeyDer(encodePrivateKeyDer(ours)),
      parsePrivateKeyPem(encodePrivateKeyPem(ours)),
      parsePrivateKeyJwk(JSON.parse(JSON.stringify(encodePrivateKeyJwk(ours)))),
    ];
    for (const key of again) expect(encodePrivateKeyRaw(key)).toEqual(encodePrivateKeyRaw(ours));
    const publics = [
      parsePublicKeyRaw(scheme, encodePublicKeyRaw(ours.publicKey)),
      parsePublicKeyDer(encodePublicKeyDer(ours.publicKey)),
      parsePublicKeyPem(encodePublicKeyPem(ours.publicKey)),
      parsePublicKeyJwk(encodePublicKeyJwk(ours.publicKey)),
      parsePublicKey(encodePublicKey(ours.publicKey)),
    ];
    for (const key of publics) expect(key).toEqual(ours.publicKey);
  });

  test('damaged DER and PEM are refused', () => {
    const der = encodePublicKeyDer(ours.publicKey);
    const privateDer = encodePrivateKeyDer(ours);
    for (const length of [0, 1, der.length - 1, der.length + 1]) {
      const cut = new Uint8Array(length);
      cut.set(der.subarray(0, length));
      expect(codeOf(() => parsePublicKeyDer(cut))).toBe('ERR_KEY_FORMAT');
    }
    expect(codeOf(() => parsePrivateKeyDer(privateDer.subarray(1)))).toBe('ERR_KEY_FORMAT');
    const wrongAlgorithm = Uint8Array.from(der);
    wrongAlgorithm[8] = (wrongAlgorithm[8] as number) ^ 1;
    expect(codeOf(() => parsePublicKeyDer(wrongAlgorithm))).toBe('ERR_KEY_FORMAT');

    const pem = encodePublicKeyPem(ours.publicKey);
    expect(parsePublicKeyPem(pem.replaceAll('\n', '\r\n'))).toEqual(ours.publicKey);
    const damages: Record<string, [string, string]> = {
      'another label': [pem.replaceAll('PUBLIC', 'PRIVATE'), 'ERR_KEY_FORMAT'],
      'text before': [`hello\n${pem}`, 'ERR_KEY_FORMAT'],
      'text after': [`${pem}hello`, 'ERR_KEY_FORMAT'],
      'two keys': [pem + pem, 'ERR_KEY_FORMAT'],
      'no end': [pem.slice(0, -30), 'ERR_KEY_FORMAT'],
      'another character': [pem.replace('\nM', '\n*'), 'ERR_TEXT_ENCODING'],
      'a very long text': [pem.repeat(100_000), 'ERR_KEY_FORMAT'],
    };
    for (const [name, [text, code]] of Object.entries(damages)) {
      expect(
        codeOf(() => parsePublicKeyPem(text)),
        name,
      ).toBe(code);
    }
    expect(codeOf(() => parsePrivateKeyPem(pem))).toBe('ERR_KEY_FORMAT');
  });

  test('damaged JWKs are refused', () => {
    const jwk = encodePrivateKeyJwk(ours);
    const other = encodePrivateKeyJwk(generatePrivateKey(scheme));
    const { d: _, ...publicJwk } = jwk;
    expect(parsePublicKeyJwk({ ...publicJwk, kid: 'x', key_ops: ['verify'], ext: true, use: 'sig' })).toEqual(
      ours.publicKey,
    );
    expect(codeOf(() => parsePublicKeyJwk(jwk))).toBe('ERR_KEY_FORMAT');
    expect(codeOf(() => parsePublicKeyJwk({ ...publicJwk, use: 'enc' }))).toBe('ERR_KEY_FORMAT');
    expect(codeOf(() => parsePublicKeyJwk({ ...publicJwk, crv: 'P-384' }))).toBe('ERR_KEY_FORMAT');
    expect(codeOf(() => parsePublicKeyJwk({ ...publicJwk, kty: 'RSA' }))).toBe('ERR_KEY_FORMAT');
    expect(codeOf(() => parsePublicKeyJwk({ ...publicJwk, x: 1 }))).toBe('ERR_KEY_FORMAT');
    expect(codeOf(() => parsePublicKeyJwk({ ...publicJwk, x: encodeBase64Url(new Uint8Array(31)) }))).toBe(
      'ERR_KEY_FORMAT',
    );
    expect(codeOf(() => parsePublicKeyJwk({ ...publicJwk, x: `${publicJwk.x}=` }))).toBe('ERR_TEXT_ENCODING');
    expect(codeOf(() => parsePrivateKeyJwk(publicJwk))).toBe('ERR_KEY_FORMAT');
    expect(codeOf(() => parsePrivateKeyJwk({ ...jwk, d: other.d }))).toBe('ERR_KEY_FORMAT');
    for (const wrong of [null, undefined, 7, 'text']) {
      expect(codeOf(() => parsePublicKeyJwk(wrong))).toBe('ERR_ARGUMENT_TYPE');
    }
  });

  test('a private key shows nothing and can be destroyed', () => {
    const key = generatePrivateKey(scheme);
    const secret = Buffer.from(encodePrivateKeyRaw(key));
    for (const shown of [
      inspect(key, { depth: 9, showHidden: true }),
      JSON.stringify(key),
      String(key),
      `${key}`,
    ]) {
      expect(shown).not.toContain(secret.toString('hex'));
      expect(shown).not.toContain(secret.toString('base64url'));
      expect(shown).not.toContain([...secret].join(', ').slice(0, 40));
    }
    expect(() => structuredClone({ key }).key.sign(message)).toThrow(/sign is not a function/);
    key.destroy();
    key.destroy();
    expect(key.isDestroyed).toBe(true);
    expect(codeOf(() => key.sign(message))).toBe('ERR_DESTROYED');
    expect(codeOf(() => encodePrivateKeyRaw(key))).toBe('ERR_DESTROYED');
    expect(codeOf(() => signPreKeys(message, key))).toBe('ERR_DESTROYED');
  });

  test('wrong lengths are refused', () => {
    for (const length of [0, 31, 33, 64, 66]) {
      expect(codeOf(() => parsePublicKeyRaw(scheme, new Uint8Array(length)))).toBe('ERR_KEY_LENGTH');
      expect(codeOf(() => parsePrivateKeyRaw(scheme, new Uint8Array(length)))).toBe('ERR_KEY_LENGTH');
    }
    const encoded = encodePublicKey(ours.publicKey);
    expect(codeOf(() => parsePublicKey(encoded.subarray(1)))).toBe('ERR_SCHEME');
    expect(codeOf(() => parsePublicKey(encoded.subarray(0, -1)))).toBe('ERR_TRUNCATED');
    const longer = Uint8Array.of(...encoded, 0);
    expect(codeOf(() => parsePublicKey(longer))).toBe('ERR_TRAILING_BYTES');
    // A key of a newer scheme, as long as ML-DSA's, is news and no damage.
    expect(codeOf(() => parsePublicKey(Uint8Array.of(0x09, 0x04, 0x05, 0x20, ...new Uint8Array(1312))))).toBe(
      'ERR_SCHEME',
    );
    expect(codeOf(() => parsePublicKey(new Uint8Array(65_540)))).toBe('ERR_TOO_LARGE');
    expect(codeOf(() => parsePublicKey('text' as unknown as Uint8Array))).toBe('ERR_ARGUMENT_TYPE');
  });
});

test('P-256: points off the curve, compressed points and scalars out of range are refused', () => {
  const { key } = generatePrivateKey(p256).publicKey;
  const off = Uint8Array.from(key);
  off[64] = (off[64] as number) ^ 1;
  expect(codeOf(() => parsePublicKeyRaw(p256, off))).toBe('ERR_KEY_POINT');
  expect(codeOf(() => parsePublicKeyRaw(p256, Uint8Array.of(6, ...key.subarray(1))))).toBe('ERR_KEY_POINT');
  expect(codeOf(() => parsePublicKeyRaw(p256, Uint8Array.of(2, ...key.subarray(1, 33))))).toBe(
    'ERR_KEY_LENGTH',
  );
  expect(codeOf(() => parsePublicKeyRaw(p256, new Uint8Array(65)))).toBe('ERR_KEY_POINT');
  expect(codeOf(() => parsePublicKeyRaw(p256, new Uint8Array(65).fill(0xff, 1).fill(4, 0, 1)))).toBe(
    'ERR_KEY_POINT',
  );
  // FIPS 186-5: the order of P-256.
  const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
  expect(codeOf(() => parsePrivateKeyRaw(p256, order))).toBe('ERR_KEY_SCALAR');
  expect(codeOf(() => parsePrivateKeyRaw(p256, new Uint8Array(32)))).toBe('ERR_KEY_SCALAR');
});

test('P-256: a signature with high s is accepted', () => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const key = generatePrivateKey(p256);
  const message = Uint8Array.of(1, 2, 3);
  const signature = key.sign(message);
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`);
  const flipped = Buffer.from(signature);
  flipped.set(Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex'), 32);
  expect(p256.isValidSignature(key.publicKey.key, message, flipped)).toBe(true);
  expect(p256.isValidSignature(key.publicKey.key, Uint8Array.of(1, 2, 4), flipped)).toBe(false);
});

test('Ed25519: small-order, mixed-order and non-canonical keys are refused', () => {
  const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');
  // The points of order 1, 2, 4 and 8 (RFC 8032 arithmetic; the order-8 encodings are those of RFC 7748's twist list).
  const smallOrder = [
    '0100000000000000000000000000000000000000000000000000000000000000',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0000000000000000000000000000000000000000000000000000000000000080',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  ];
  for (const text of smallOrder)
    expect(
      codeOf(() => parsePublicKeyRaw(ed25519, hex(text))),
      text,
    ).toBe('ERR_KEY_ORDER');
  // y = p + 1, a second spelling of y = 1; and x = 0 with its sign bit set.
  const nonCanonical = [
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '0100000000000000000000000000000000000000000000000000000000000080',
  ];
  for (const text of nonCanonical)
    expect(
      codeOf(() => parsePublicKeyRaw(ed25519, hex(text))),
      text,
    ).toBe('ERR_KEY_POINT');
  // A point of prime order plus one of order 8.
  const torsion = curve.Point.fromBytes(hex(smallOrder[4] as string));
  const mixed = curve.Point.fromBytes(generatePrivateKey(ed25519).publicKey.key).add(torsion).toBytes();
  expect(codeOf(() => parsePublicKeyRaw(ed25519, mixed))).toBe('ERR_KEY_ORDER');
});
