/**
 * Tasks: a key read from each format and written to it again. Reading checks the key: the point of a public
 * one, and that both halves of a private one fit.
 */

import { createPublicKey } from 'node:crypto';
import { encodeUtf8, parseUtf8 } from 'contact-key-verification/bytes.js';
import {
  encodePrivateKeyDer,
  encodePrivateKeyJwk,
  encodePrivateKeyPem,
  encodePrivateKeyRaw,
  encodePublicKeyDer,
  encodePublicKeyJwk,
  encodePublicKeyPem,
  encodePublicKeyRaw,
  parsePrivateKeyDer,
  parsePrivateKeyJwk,
  parsePrivateKeyPem,
  parsePrivateKeyRaw,
  parsePublicKeyDer,
  parsePublicKeyJwk,
  parsePublicKeyPem,
  parsePublicKeyRaw,
} from 'contact-key-verification/keys.js';
import type { SignatureScheme } from 'contact-key-verification/suites.js';
import { type Contender, digest, type Task } from '../harness.js';
import { nodeKeysOf, sampleKey } from '../sample-keys.js';

const fromJson = (bytes: Uint8Array): unknown => JSON.parse(parseUtf8(bytes));
const toJson = (value: unknown): Uint8Array => encodeUtf8(JSON.stringify(value));

/** Public keys: the encodings come from Node. */
export function publicKeyTask(scheme: SignatureScheme): Task {
  const { publicKey } = sampleKey(scheme, 'account');
  const theirs = nodeKeysOf(sampleKey(scheme, 'account')).publicKey;
  const der = theirs.export({ format: 'der', type: 'spki' });
  const readByNode = (bytes: Uint8Array) =>
    createPublicKey({ key: Buffer.from(bytes), format: 'der', type: 'spki' });
  return formats(`${scheme.name} public key: import and export`, [
    roundTrip('raw', publicKey.key, (bytes) => encodePublicKeyRaw(parsePublicKeyRaw(scheme, bytes))),
    roundTrip('DER', der, (bytes) => encodePublicKeyDer(parsePublicKeyDer(bytes))),
    roundTrip('PEM', encodeUtf8(theirs.export({ format: 'pem', type: 'spki' }).toString()), (bytes) =>
      encodeUtf8(encodePublicKeyPem(parsePublicKeyPem(parseUtf8(bytes)))),
    ),
    roundTrip('JWK', toJson(sorted(theirs.export({ format: 'jwk' }))), (bytes) =>
      toJson(sorted(encodePublicKeyJwk(parsePublicKeyJwk(fromJson(bytes))))),
    ),
    roundTrip('DER, node:crypto', der, (bytes) => readByNode(bytes).export({ format: 'der', type: 'spki' })),
  ]);
}

/** Private keys: likewise. */
export function privateKeyTask(scheme: SignatureScheme): Task {
  const key = sampleKey(scheme, 'account');
  const theirs = nodeKeysOf(key).privateKey;
  return formats(`${scheme.name} private key: import and export`, [
    roundTrip('raw', encodePrivateKeyRaw(key), (bytes) =>
      encodePrivateKeyRaw(parsePrivateKeyRaw(scheme, bytes)),
    ),
    roundTrip('DER', theirs.export({ format: 'der', type: 'pkcs8' }), (bytes) =>
      encodePrivateKeyDer(parsePrivateKeyDer(bytes)),
    ),
    roundTrip('PEM', encodeUtf8(theirs.export({ format: 'pem', type: 'pkcs8' }).toString()), (bytes) =>
      encodeUtf8(encodePrivateKeyPem(parsePrivateKeyPem(parseUtf8(bytes)))),
    ),
    roundTrip('JWK', toJson(sorted(theirs.export({ format: 'jwk' }))), (bytes) =>
      toJson(sorted(encodePrivateKeyJwk(parsePrivateKeyJwk(fromJson(bytes))))),
    ),
  ]);
}

function formats(title: string, contenders: readonly Contender[]): Task {
  return { title, unit: 'keys', units: 1, baseline: 'raw', contenders };
}

/** What was read must be written as it was. */
function roundTrip(
  name: string,
  encoded: Uint8Array,
  convert: (encoded: Uint8Array) => Uint8Array,
): Contender {
  return { name, run: () => convert(encoded), expected: digest(encoded) };
}

/** JSON has no order of its own. */
function sorted(jwk: object): object {
  return Object.fromEntries(Object.entries(jwk).sort(([a], [b]) => (a < b ? -1 : 1)));
}
