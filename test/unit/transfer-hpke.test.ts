/** The suite as this library puts it together, against the plain reference; and what its parts say of themselves. */

import { inspect } from 'node:util';
import { SecretBytes } from 'contact-key-verification/suites.js';
import { CipherSuite } from 'hpke';
import { describe, expect, test } from 'vitest';
import { chaCha20Poly1305, hkdfSha256 } from '../../src/transfer/hpke-primitives.js';
import { createHpkeSuite, openForOffer, sealToOffer } from '../../src/transfer/hpke.js';
import { X25519Key, x25519Kem } from '../../src/transfer/x25519-kem.js';
import { deriveSecret, expand, extract, hpkeOpen, hpkeSeal, x25519Public } from '../reference/hpke.js';
import { codeOf, codeOfAsync } from '../support/accounts.js';

const bytes = (value: number, length = 32): Uint8Array => new Uint8Array(length).fill(value);
const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const secret = bytes(7);
const ephemeral = bytes(8);
const info = text('info');
const aad = text('associated');
const plaintext = text('plaintext');
const PSK = { psk: bytes(9), pskId: text('name') };

describe.each([
  ['base', undefined],
  ['psk', PSK],
] as const)('mode %s', (_, psk) => {
  const options = { info, aad, ...psk };

  test('seals as the reference does', async () => {
    const suite = createHpkeSuite(() => Uint8Array.from(ephemeral));
    const recipient = X25519Key.private(secret);
    const sealed = await suite.Seal(X25519Key.public(recipient.publicKey), plaintext, options);
    const expected = hpkeSeal(x25519Public(secret), ephemeral, plaintext, { info, aad, psk });
    expect(hex(sealed.encapsulatedSecret)).toBe(hex(expected.enc));
    expect(hex(sealed.ciphertext)).toBe(hex(expected.ciphertext));
    expect(hex(hpkeOpen(secret, sealed.encapsulatedSecret, sealed.ciphertext, { info, aad, psk }))).toBe(
      hex(plaintext),
    );
  });

  test('opens what the reference sealed, and nothing else', async () => {
    const { enc, ciphertext } = hpkeSeal(x25519Public(secret), ephemeral, plaintext, { info, aad, psk });
    const open = (more: object, key = secret): Promise<Uint8Array> =>
      createHpkeSuite().Open(X25519Key.private(key), enc, ciphertext, { ...options, ...more });
    expect(hex(await open({}))).toBe(hex(plaintext));
    for (const more of [
      { info: text('other') },
      { aad: text('other') },
      { psk: bytes(1), pskId: text('name') },
    ])
      await expect(open(more)).rejects.toThrow('AEAD decryption failed');
    await expect(open({}, bytes(10))).rejects.toThrow('AEAD decryption failed');
  });
});

test('key pairs are derived as the reference does, and drawn where nothing is given', async () => {
  const suite = createHpkeSuite();
  const { privateKey, publicKey } = await suite.DeriveKeyPair(bytes(3), true);
  const derived = deriveSecret(bytes(3));
  expect(hex(await suite.SerializePrivateKey(privateKey as X25519Key))).toBe(hex(derived));
  expect(hex(await suite.SerializePublicKey(publicKey as X25519Key))).toBe(hex(x25519Public(derived)));
  const [one, two] = [await suite.GenerateKeyPair(), await suite.GenerateKeyPair()];
  const kept = await suite.SerializePublicKey(one.publicKey as X25519Key);
  expect(hex(kept)).not.toBe(hex(await suite.SerializePublicKey(two.publicKey as X25519Key)));
  expect(kept.length).toBe(32);
});

test('what is drawn for one message is overwritten after it', async () => {
  const drawn: Uint8Array[] = [];
  const suite = createHpkeSuite(() => {
    const value = bytes(drawn.length + 1);
    drawn.push(value);
    return value;
  });
  await suite.Seal(X25519Key.public(x25519Public(secret)), plaintext, { info });
  await suite.GenerateKeyPair();
  await expect(suite.Seal(X25519Key.public(bytes(0)), plaintext, { info })).rejects.toThrow('Encapsulation');
  expect(drawn.map(hex)).toEqual([hex(bytes(0)), hex(bytes(0)), hex(bytes(0))]);
});

test('two messages for one key have nothing in common', async () => {
  const recipient = X25519Key.public(x25519Public(secret));
  const [one, two] = await Promise.all(
    [1, 2].map(() => createHpkeSuite().Seal(recipient, plaintext, { info })),
  );
  expect(hex(one?.encapsulatedSecret as Uint8Array)).not.toBe(hex(two?.encapsulatedSecret as Uint8Array));
  expect(hex(one?.ciphertext as Uint8Array)).not.toBe(hex(two?.ciphertext as Uint8Array));
});

describe('a key', () => {
  test('says what it is', () => {
    const [privateKey, publicKey] = [X25519Key.private(secret), X25519Key.public(bytes(5))];
    expect([privateKey.type, publicKey.type]).toEqual(['private', 'public']);
    expect([privateKey.extractable, publicKey.extractable]).toEqual([false, true]);
    expect(X25519Key.private(secret, true).extractable).toBe(true);
    expect(privateKey.algorithm.name).toBe('DHKEM(X25519, HKDF-SHA256)');
    expect(hex(privateKey.publicKey)).toBe(hex(x25519Public(secret)));
    expect(Object.isFrozen(privateKey) && Object.isFrozen(privateKey.algorithm)).toBe(true);
    expect(JSON.stringify([privateKey, publicKey])).toBe('["[X25519Key private]","[X25519Key public]"]');
    expect(inspect(privateKey, { depth: 9, showHidden: true })).not.toContain('7, 7, 7');
  });

  test('is a copy, and can be destroyed', async () => {
    const given = Uint8Array.from(secret);
    const key = X25519Key.private(given);
    given.fill(0);
    expect(key.use(hex)).toBe(hex(secret));
    const shown = Uint8Array.of(...bytes(5));
    const publicKey = X25519Key.public(shown);
    shown.fill(0);
    expect(hex(publicKey.publicKey)).toBe(hex(bytes(5)));
    key.destroy();
    publicKey.destroy();
    expect(codeOf(() => key.use(hex))).toBe('ERR_DESTROYED');
    expect(codeOf(() => publicKey.use(hex))).toBe('ERR_ARGUMENT_TYPE');
  });

  test('that is private does not leave unless it was made to', async () => {
    const suite = createHpkeSuite();
    const kept = (await suite.DeserializePrivateKey(secret)) as X25519Key;
    await expect(suite.SerializePrivateKey(kept)).rejects.toThrow('extractable');
    const loose = (await suite.DeserializePrivateKey(secret, true)) as X25519Key;
    expect(hex(await suite.SerializePrivateKey(loose))).toBe(hex(secret));
    const { privateKey } = await suite.GenerateKeyPair();
    await expect(suite.SerializePrivateKey(privateKey as X25519Key)).rejects.toThrow('extractable');
  });
});

test('a public key comes and goes as its 32 bytes', async () => {
  const suite = createHpkeSuite();
  const key = (await suite.DeserializePublicKey(bytes(5))) as X25519Key;
  expect([key.type, hex(key.publicKey)]).toEqual(['public', hex(bytes(5))]);
  expect(hex(await suite.SerializePublicKey(key))).toBe(hex(bytes(5)));
});

test('an error that is not about the message stays what it is', async () => {
  const psk = new SecretBytes(bytes(9));
  psk.destroy();
  const offer = { version: 1, hpkeKey: x25519Public(secret), nonce: bytes(1, 16) } as const;
  const context = { offer, info, psk };
  expect(await codeOfAsync(() => sealToOffer(context, plaintext))).toBe('ERR_DESTROYED');
  const sealed = await sealToOffer({ offer, info }, plaintext);
  expect(await codeOfAsync(() => openForOffer(context, X25519Key.private(secret), sealed))).toBe(
    'ERR_DESTROYED',
  );
  expect(hex(await openForOffer({ offer, info }, X25519Key.private(secret), sealed))).toBe(hex(plaintext));
});

test('the algorithms have the numbers and lengths of RFC 9180, section 7', () => {
  const { KEM, KDF, AEAD } = createHpkeSuite();
  expect(createHpkeSuite()).toBeInstanceOf(CipherSuite);
  expect(KEM).toEqual({
    id: 0x20,
    name: 'DHKEM(X25519, HKDF-SHA256)',
    Nsecret: 32,
    Nenc: 32,
    Npk: 32,
    Nsk: 32,
  });
  expect(KDF).toEqual({ id: 1, name: 'HKDF-SHA256', stages: 2, Nh: 32 });
  expect(AEAD).toEqual({ id: 3, name: 'ChaCha20Poly1305', Nk: 32, Nn: 12, Nt: 16 });
});

test('HKDF has two stages, and no third', async () => {
  const kdf = hkdfSha256();
  expect(hex(await kdf.Extract(bytes(1), bytes(2)))).toBe(hex(extract(bytes(1), bytes(2))));
  expect(hex(await kdf.Extract(new Uint8Array(0), bytes(2)))).toBe(hex(extract(new Uint8Array(0), bytes(2))));
  expect(hex(await kdf.Expand(bytes(1), info, 77))).toBe(hex(expand(bytes(1), info, 77)));
  await expect(kdf.Derive(bytes(1), 32)).rejects.toThrow('two stages');
});

test('the cipher refuses by an error that names no reason', async () => {
  const aead = chaCha20Poly1305();
  const sealed = await aead.Seal(bytes(1), bytes(2, 12), aad, plaintext);
  expect(hex(await aead.Open(bytes(1), bytes(2, 12), aad, sealed))).toBe(hex(plaintext));
  for (const damaged of [sealed.subarray(1), sealed.subarray(0, 15), new Uint8Array(0)])
    await expect(aead.Open(bytes(1), bytes(2, 12), aad, damaged)).rejects.toThrow(
      'nothing that this key sealed',
    );
});

test('a public key of small order gives no shared secret, in either direction', async () => {
  const kem = x25519Kem();
  await expect(kem.Encap(X25519Key.public(bytes(0)))).rejects.toThrow('small order');
  await expect(kem.Decap(bytes(0), X25519Key.private(secret), undefined)).rejects.toThrow('small order');
  const destroyed = X25519Key.private(secret);
  destroyed.destroy();
  expect(await codeOfAsync(() => kem.Decap(bytes(9), destroyed, undefined))).toBe('ERR_DESTROYED');
});
