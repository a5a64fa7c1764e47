/**
 * Keys and signatures exchanged with WebCrypto: each side makes keys, the other imports them in every format
 * WebCrypto has (raw public keys, SubjectPublicKeyInfo, PKCS#8, JWK), and each verifies what the other signed.
 */

import { randomBytes, randomInt, webcrypto } from 'node:crypto';
import {
  encodePrivateKeyDer,
  encodePrivateKeyJwk,
  encodePublicKeyDer,
  encodePublicKeyJwk,
  encodePublicKeyRaw,
  generatePrivateKey,
  type PrivateKey,
  parsePrivateKeyDer,
  parsePrivateKeyJwk,
  parsePublicKeyDer,
  parsePublicKeyJwk,
  parsePublicKeyRaw,
} from 'contact-key-verification/keys.js';
import { ed25519, p256, type SignatureScheme } from 'contact-key-verification/suites.js';
import type { Ledger, Oracle } from './ledger.js';

const { subtle } = webcrypto;
type CryptoKey = webcrypto.CryptoKey;
type JsonWebKey = webcrypto.JsonWebKey;

interface Exchange {
  readonly scheme: SignatureScheme;
  readonly algorithm: { readonly name: string; readonly namedCurve?: string };
  readonly signing: { readonly name: string; readonly hash?: string };
}

const EXCHANGES: readonly Exchange[] = [
  { scheme: ed25519, algorithm: { name: 'Ed25519' }, signing: { name: 'Ed25519' } },
  {
    scheme: p256,
    algorithm: { name: 'ECDSA', namedCurve: 'P-256' },
    signing: { name: 'ECDSA', hash: 'SHA-256' },
  },
];
const KEYS = 50;
const CASES_PER_KEY = 10 + 10;
const MEMBERS = ['kty', 'crv', 'x', 'y', 'd'] as const;

export const webCrypto: Oracle = {
  name: 'keys and signatures of WebCrypto',
  expected: EXCHANGES.length * KEYS * CASES_PER_KEY,
  async run(ledger) {
    for (const exchange of EXCHANGES) {
      for (let i = 0; i < KEYS; i++) {
        await takeTheirs(ledger, exchange);
        await giveOurs(ledger, exchange);
      }
    }
    return `Node ${process.versions.node}`;
  },
};

/** A key of theirs, read by us: 10 cases. */
async function takeTheirs(ledger: Ledger, exchange: Exchange): Promise<void> {
  const { scheme, algorithm } = exchange;
  const pair = (await subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const raw = await exported('raw', pair.publicKey);
  const spki = await exported('spki', pair.publicKey);
  const pkcs8 = await exported('pkcs8', pair.privateKey);
  const publicJwk = await subtle.exportKey('jwk', pair.publicKey);
  const privateJwk = await subtle.exportKey('jwk', pair.privateKey);

  const what = `their ${scheme.name} key`;
  ledger.same(`${what}, raw`, encodePublicKeyRaw(parsePublicKeyRaw(scheme, raw)), raw);
  ledger.same(`${what}, SPKI`, encodePublicKeyDer(parsePublicKeyDer(spki)), spki);
  ledger.same(
    `${what}, public JWK`,
    members(encodePublicKeyJwk(parsePublicKeyJwk(publicJwk))),
    members(publicJwk),
  );
  const fromDer = parsePrivateKeyDer(pkcs8);
  ledger.same(`${what}, PKCS#8`, encodePrivateKeyDer(fromDer), pkcs8);
  const fromJwk = parsePrivateKeyJwk(privateJwk);
  ledger.same(`${what}, private JWK`, members(encodePrivateKeyJwk(fromJwk)), members(privateJwk));
  ledger.same(`${what}, public half`, fromDer.publicKey.key, raw);
  await crossSign(ledger, exchange, fromJwk, pair);
}

/** A key of ours, read by them: 10 cases. */
async function giveOurs(ledger: Ledger, exchange: Exchange): Promise<void> {
  const { scheme, algorithm } = exchange;
  const key = generatePrivateKey(scheme);
  const { publicKey } = key;
  const [spki, pkcs8] = [encodePublicKeyDer(publicKey), encodePrivateKeyDer(key)];
  const [publicJwk, privateJwk] = [encodePublicKeyJwk(publicKey), encodePrivateKeyJwk(key)];
  const verifiers = {
    raw: await subtle.importKey('raw', encodePublicKeyRaw(publicKey), algorithm, true, ['verify']),
    spki: await subtle.importKey('spki', spki, algorithm, true, ['verify']),
    jwk: await subtle.importKey('jwk', { ...publicJwk }, algorithm, true, ['verify']),
  };
  const signers = {
    pkcs8: await subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']),
    jwk: await subtle.importKey('jwk', { ...privateJwk }, algorithm, true, ['sign']),
  };

  const what = `our ${scheme.name} key`;
  ledger.same(`${what}, raw`, publicKey.key, await exported('raw', verifiers.raw));
  ledger.same(`${what}, SPKI`, spki, await exported('spki', verifiers.spki));
  const asJwk = await subtle.exportKey('jwk', verifiers.jwk);
  ledger.same(`${what}, public JWK`, members(publicJwk), members(asJwk));
  ledger.same(`${what}, PKCS#8`, pkcs8, await exported('pkcs8', signers.pkcs8));
  ledger.same(
    `${what}, private JWK`,
    members(privateJwk),
    members(await subtle.exportKey('jwk', signers.jwk)),
  );
  ledger.same(`${what}, from one format to another`, pkcs8, await exported('pkcs8', signers.jwk));
  await crossSign(ledger, exchange, key, { publicKey: verifiers.spki, privateKey: signers.pkcs8 });
}

/** One key pair on both sides; each verifies the other's signature, and refuses it damaged: 4 cases. */
async function crossSign(
  ledger: Ledger,
  { scheme, signing }: Exchange,
  ours: PrivateKey,
  theirs: { readonly publicKey: CryptoKey; readonly privateKey: CryptoKey },
): Promise<void> {
  const message = randomBytes(randomInt(200));
  const { key } = ours.publicKey;
  const byThem = new Uint8Array(await subtle.sign(signing, theirs.privateKey, message));
  const byUs = ours.sign(message);
  const theyAccept = (signature: Uint8Array): Promise<boolean> =>
    subtle.verify(signing, theirs.publicKey, signature, message);

  const what = `${scheme.name} signature over ${message.toString('hex')}`;
  ledger.holds(`their ${what}`, scheme.isValidSignature(key, message, byThem));
  ledger.holds(`our ${what}`, await theyAccept(byUs));
  ledger.holds(`their damaged ${what}`, !scheme.isValidSignature(key, message, damaged(byThem)));
  ledger.holds(`our damaged ${what}`, !(await theyAccept(damaged(byUs))));
}

function damaged(signature: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(signature);
  const at = randomInt(copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << randomInt(8));
  return copy;
}

async function exported(format: 'raw' | 'spki' | 'pkcs8', key: CryptoKey): Promise<Uint8Array> {
  return new Uint8Array(await subtle.exportKey(format, key));
}

/** What makes the key; WebCrypto adds members on its use. */
function members(jwk: Readonly<Partial<Record<(typeof MEMBERS)[number], unknown>>> | JsonWebKey): string {
  return JSON.stringify(MEMBERS.map((name) => jwk[name] ?? null));
}
