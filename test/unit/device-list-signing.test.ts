/**
 * Who signs: keys held here, keys held elsewhere (WebCrypto will not even export them), and things that only claim
 * to be signers.
 */

import { webcrypto } from 'node:crypto';
import {
  deriveFirstPosition,
  draftDeviceRemoval,
  draftFirstList,
  draftVerificationChange,
  type LocalSigner,
  type Signer,
  signDeviceEntry,
  signDeviceEntryAsync,
  signDeviceList,
  signDeviceListAsync,
  signPreKeysAsync,
  verifyDeviceList,
  verifyPreKeys,
} from 'contact-key-verification/keys.js';
import { ArgumentTypeError } from 'contact-key-verification/errors.js';
import { ed25519, p256, type SignatureScheme } from 'contact-key-verification/suites.js';
import { describe, expect, test } from 'vitest';
import { BOB, codeOf, codeOfAsync } from '../support/accounts.js';
import { ecKey } from '../support/list-forge.js';
import { A0, A1, A2, PHONE, tellStory } from '../support/list-story.js';

const { rotated } = tellStory();

/** A non-extractable key of the platform. */
async function platformSigner(scheme: SignatureScheme): Promise<Signer> {
  const isEd = scheme === ed25519;
  const algorithm = isEd ? { name: 'Ed25519' } : { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const pair = (await webcrypto.subtle.generateKey(algorithm, false, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const key = new Uint8Array(await webcrypto.subtle.exportKey('raw', pair.publicKey));
  return {
    publicKey: { scheme: scheme.id, key },
    sign: async (message) => new Uint8Array(await webcrypto.subtle.sign(algorithm, pair.privateKey, message)),
  };
}

const messagingKeys = new Uint8Array(8);

describe.each([
  [ed25519.name, ed25519],
  [p256.name, p256],
])('keys that live elsewhere: %s', (_, scheme) => {
  test('make entries, lists, a handover and pre-key signatures', async () => {
    const [account, next, device] = (await Promise.all([scheme, scheme, scheme].map(platformSigner))) as [
      Signer,
      Signer,
      Signer,
    ];
    const position = deriveFirstPosition({ identifier: BOB, accountKey: account.publicKey });
    const entry = await signDeviceEntryAsync(position, { id: 'enclave', messagingKeys }, device);
    const list = await signDeviceListAsync(draftFirstList(position, [entry]), [account]);
    const removal = draftDeviceRemoval(list, {
      author: null,
      ids: ['enclave'],
      nextAccountKey: next.publicKey,
    });
    const after = await signDeviceListAsync(removal, [next, account]);
    expect(verifyDeviceList(after.encoded, { identifier: BOB, stored: list })).toMatchObject({ devices: [] });
    const signature = await signPreKeysAsync(messagingKeys, device);
    expect(verifyPreKeys(messagingKeys, signature, device.publicKey)).toEqual(messagingKeys);
  });

  test('are refused by the synchronous functions, which cannot wait for them', async () => {
    const account = (await platformSigner(scheme)) as unknown as LocalSigner;
    const position = deriveFirstPosition({ identifier: BOB, accountKey: account.publicKey });
    const sign = (): unknown => signDeviceList(draftFirstList(position, []), [account]);
    expect(sign).toThrow(ArgumentTypeError);
    expect(sign).toThrow(/asynchronous/);
    expect(() => signDeviceEntry(position, { id: 'x', messagingKeys }, account)).toThrow(ArgumentTypeError);
  });
});

test('signers are found by their keys, whatever their order, and more of them do no harm', async () => {
  const draft = draftDeviceRemoval(rotated, {
    author: 'phone',
    ids: ['tablet'],
    nextAccountKey: ecKey('next').own.publicKey,
  });
  for (const signers of [
    [PHONE, A2, ecKey('next')],
    [A0, ecKey('next'), A1, PHONE, A2, A2],
  ]) {
    expect(
      signDeviceList(
        draft,
        signers.map(({ own }) => own),
      ).sequence,
    ).toBe(5);
    expect(
      (
        await signDeviceListAsync(
          draft,
          signers.map(({ own }) => own),
        )
      ).sequence,
    ).toBe(5);
  }
});

describe('signers that are broken', () => {
  const draft = draftVerificationChange(rotated, { author: 'phone', verification: false });
  const good = A2.own.sign(new Uint8Array(4));

  test.each<[string, (message: Uint8Array) => unknown, string]>([
    ['signs something else', () => good, 'ERR_SIGNATURE'],
    ['signs with another key', (message) => A0.own.sign(message), 'ERR_SIGNATURE'],
    ['gives zeros', () => new Uint8Array(64), 'ERR_SIGNATURE'],
    ['gives nothing', () => new Uint8Array(0), 'ERR_SIGNATURE'],
    ['gives a byte more', (message) => Uint8Array.of(...A2.own.sign(message), 0), 'ERR_SIGNATURE'],
    ['gives text', () => 'signature', 'ERR_ARGUMENT_TYPE'],
    ['gives undefined', () => undefined, 'ERR_ARGUMENT_TYPE'],
    ['gives a buffer', (message) => A2.own.sign(message).buffer, 'ERR_ARGUMENT_TYPE'],
  ])('%s', async (_, sign, code) => {
    const broken = { publicKey: A2.own.publicKey, sign } as unknown as LocalSigner;
    expect(codeOf(() => signDeviceList(draft, [broken, PHONE.own]))).toBe(code);
    expect(await codeOfAsync(() => signDeviceListAsync(draft, [broken, PHONE.own]))).toBe(code);
    const later = { ...broken, sign: async (message: Uint8Array) => sign(message) } as Signer;
    expect(await codeOfAsync(() => signDeviceListAsync(draft, [later, PHONE.own]))).toBe(code);
  });

  test('what a signer throws comes out as it is', async () => {
    const absent = new Error('no card in the reader');
    const broken = { publicKey: A2.own.publicKey, sign: () => Promise.reject(absent) };
    await expect(signDeviceListAsync(draft, [broken, PHONE.own])).rejects.toBe(absent);
  });

  test('a destroyed key', () => {
    const gone = ecKey('to be destroyed').own;
    const position = deriveFirstPosition({ identifier: BOB, accountKey: gone.publicKey });
    gone.destroy();
    expect(codeOf(() => signDeviceList(draftFirstList(position, []), [gone]))).toBe('ERR_DESTROYED');
  });
});
