/** Wycheproof: ECDSA on P-256 and Ed25519, and every key as SPKI. Signatures in DER: `unit/ecdsa-der.test.ts`. */

import { encodePublicKeyDer, parsePublicKeyDer } from 'contact-key-verification/keys.js';
import { ed25519, p256 } from 'contact-key-verification/suites.js';
import { expect, test } from 'vitest';
import { checkCorpus, fromHex } from '../support/foreign.js';

interface Group {
  readonly publicKeyDer: string;
  readonly tests: readonly {
    readonly tcId: number;
    readonly comment: string;
    readonly msg: string;
    readonly sig: string;
    readonly result: 'valid' | 'invalid';
  }[];
}

const P1363 = 'testvectors_v1/ecdsa_secp256r1_sha256_p1363_test.json';
const DER = 'testvectors_v1/ecdsa_secp256r1_sha256_test.json';
const EDDSA = 'testvectors_v1/ed25519_test.json';

type Verify = (key: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

function checkSignatures(corpus: string, file: string, expected: number, verify: Verify): void {
  test(`Wycheproof ${corpus}`, () =>
    checkCorpus('wycheproof', expected, async (files, runCase) => {
      for (const group of files.json<{ testGroups: readonly Group[] }>(file).testGroups) {
        const { key } = parsePublicKeyDer(fromHex(group.publicKeyDer));
        for (const { tcId, comment, msg, sig, result } of group.tests) {
          await runCase(`${tcId} ${comment}`, () => {
            expect(verify(key, fromHex(msg), fromHex(sig))).toBe(result === 'valid');
          });
        }
      }
    }));
}

function checkKeys(corpus: string, file: string, expected: number): void {
  test(`Wycheproof ${corpus} keys in DER`, () =>
    checkCorpus('wycheproof', expected, async (files, runCase) => {
      for (const { publicKeyDer } of files.json<{ testGroups: readonly Group[] }>(file).testGroups) {
        await runCase(publicKeyDer, () => {
          const der = fromHex(publicKeyDer);
          expect(encodePublicKeyDer(parsePublicKeyDer(der))).toEqual(der);
        });
      }
    }));
}

checkSignatures('ECDSA P-256 p1363', P1363, 262, p256.isValidSignature);
checkSignatures('Ed25519', EDDSA, 151, ed25519.isValidSignature);
checkKeys('ECDSA P-256 p1363', P1363, 112);
checkKeys('ECDSA P-256 DER', DER, 113);
checkKeys('Ed25519', EDDSA, 78);
