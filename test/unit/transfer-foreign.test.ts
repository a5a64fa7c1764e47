/**
 * RFC 9180's own vectors, through the suite as this library puts it together. Of the 128 sets those with
 * DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and ChaCha20-Poly1305 in the modes base and psk count: 257 messages each. Wycheproof tests the primitives that are put in.
 */

import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openAead, sealAead } from '../../src/crypto/chacha20-poly1305.js';
import { hkdfExpand, hkdfExtract } from '../../src/crypto/hkdf.js';
import { deriveX25519Shared } from '../../src/crypto/x25519.js';
import { createHpkeSuite } from '../../src/transfer/hpke.js';
import type { X25519Key } from '../../src/transfer/x25519-kem.js';
import { checkCorpus, type Folder, fromHex } from '../support/foreign.js';

interface VectorSet {
  readonly mode: number;
  readonly kem_id: number;
  readonly kdf_id: number;
  readonly aead_id: number;
  readonly info: string;
  readonly ikmR: string;
  readonly ikmE: string;
  readonly skRm: string;
  readonly skEm: string;
  readonly pkRm: string;
  readonly enc: string;
  readonly psk?: string;
  readonly psk_id?: string;
  readonly encryptions: readonly { readonly aad: string; readonly ct: string; readonly pt: string }[];
  readonly exports: readonly {
    readonly exporter_context: string;
    readonly L: number;
    readonly exported_value: string;
  }[];
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('RFC 9180', () =>
  checkCorpus('hpke', 2 * (4 + 257 + 3), async (files, runCase) => {
    const packed = files.bytes('vectors_rfc9180_5f503c5.json.gz');
    const sets = JSON.parse(gunzipSync(packed).toString()) as readonly VectorSet[];
    const ours = sets.filter(
      ({ mode, kem_id, kdf_id, aead_id }) => mode <= 1 && kem_id === 0x20 && kdf_id === 1 && aead_id === 3,
    );
    for (const set of ours) {
      const suite = createHpkeSuite(() => fromHex(set.skEm));
      const name = (what: string): string => `mode ${set.mode}, ${what}`;
      const pairFrom = async (ikm: string): Promise<{ publicKey: X25519Key; privateKey: X25519Key }> => {
        const { publicKey, privateKey } = await suite.DeriveKeyPair(fromHex(ikm), true);
        return { publicKey: publicKey as X25519Key, privateKey: privateKey as X25519Key };
      };
      const recipient = await pairFrom(set.ikmR);
      await runCase(name('the key pair that ikmR gives'), async () => {
        expect(hex(await suite.SerializePrivateKey(recipient.privateKey))).toBe(set.skRm);
        expect(hex(await suite.SerializePublicKey(recipient.publicKey))).toBe(set.pkRm);
      });
      await runCase(name('the ephemeral key that ikmE gives'), async () => {
        const { privateKey } = await pairFrom(set.ikmE);
        expect(hex(await suite.SerializePrivateKey(privateKey))).toBe(set.skEm);
      });
      await runCase(name('a fresh key pair is the one drawn'), async () => {
        const { publicKey } = await suite.GenerateKeyPair();
        expect(hex(await suite.SerializePublicKey(publicKey as X25519Key))).toBe(set.enc);
      });
      const options = {
        info: fromHex(set.info),
        ...(set.psk === undefined ? {} : { psk: fromHex(set.psk), pskId: fromHex(set.psk_id as string) }),
      };
      const { encapsulatedSecret, ctx: sender } = await suite.SetupSender(
        await suite.DeserializePublicKey(fromHex(set.pkRm)),
        options,
      );
      const receiver = await suite.SetupRecipient(
        await suite.DeserializePrivateKey(fromHex(set.skRm)),
        fromHex(set.enc),
        options,
      );
      await runCase(name('enc'), () => expect(hex(encapsulatedSecret)).toBe(set.enc));
      for (const [i, { aad, ct, pt }] of set.encryptions.entries()) {
        await runCase(name(`message ${i}`), async () => {
          expect(hex(await sender.Seal(fromHex(pt), fromHex(aad)))).toBe(ct);
          expect(hex(await receiver.Open(fromHex(ct), fromHex(aad)))).toBe(pt);
        });
      }
      for (const { exporter_context, L, exported_value } of set.exports) {
        await runCase(name(`export of "${exporter_context}"`), async () => {
          expect(hex(await sender.Export(fromHex(exporter_context), L))).toBe(exported_value);
          expect(hex(await receiver.Export(fromHex(exporter_context), L))).toBe(exported_value);
        });
      }
    }
  }));

/** The cases in a file of Wycheproof. */
function casesOf<T>(
  files: Folder,
  file: string,
): readonly (T & {
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly result: 'valid' | 'invalid' | 'acceptable';
})[] {
  const { testGroups } = files.json<{ testGroups: readonly { tests: never }[] }>(`testvectors_v1/${file}`);
  return testGroups.flatMap(({ tests }) => tests);
}

test('Wycheproof X25519', () =>
  checkCorpus('wycheproof', 518, async (files, runCase) => {
    type Case = { public: string; private: string; shared: string };
    for (const one of casesOf<Case>(files, 'x25519_test.json')) {
      await runCase(`${one.tcId} ${one.comment}`, () => {
        const computed = deriveX25519Shared(fromHex(one.private), fromHex(one.public));
        const expected = one.flags.includes('ZeroSharedSecret') ? undefined : one.shared;
        expect(computed === undefined ? undefined : hex(computed)).toBe(expected);
      });
    }
  }));

test('Wycheproof ChaCha20-Poly1305', () =>
  checkCorpus('wycheproof', 325, async (files, runCase) => {
    type Case = { key: string; iv: string; aad: string; msg: string; ct: string; tag: string };
    for (const one of casesOf<Case>(files, 'chacha20_poly1305_test.json')) {
      await runCase(`${one.tcId} ${one.comment}`, () => {
        const sealed = one.ct + one.tag;
        const context = { key: fromHex(one.key), nonce: fromHex(one.iv), associatedData: fromHex(one.aad) };
        const opened = openAead(context, fromHex(sealed));
        const isValid = one.result === 'valid';
        expect(opened === undefined ? undefined : hex(opened)).toBe(isValid ? one.msg : undefined);
        if (isValid) expect(hex(sealAead(context, fromHex(one.msg)))).toBe(sealed);
      });
    }
  }));

test('Wycheproof HKDF-SHA256', () =>
  checkCorpus('wycheproof', 86, async (files, runCase) => {
    type Case = { ikm: string; salt: string; info: string; size: number; okm: string };
    for (const one of casesOf<Case>(files, 'hkdf_sha256_test.json')) {
      await runCase(`${one.tcId} ${one.comment}`, () => {
        const derive = (): string =>
          hex(hkdfExpand(hkdfExtract(fromHex(one.salt), fromHex(one.ikm)), fromHex(one.info), one.size));
        if (one.result === 'valid') expect(derive()).toBe(one.okm);
        else expect(derive).toThrow(Error);
      });
    }
  }));
