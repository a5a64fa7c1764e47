/**
 * Keys and signatures exchanged with OpenSSL's command line: raw (as `-text` prints them), DER and PEM, public
 * and private, both schemes, both directions.
 */

import { randomBytes, randomInt } from 'node:crypto';
import {
  encodePrivateKeyDer,
  encodePrivateKeyPem,
  encodePrivateKeyRaw,
  encodePublicKeyDer,
  encodePublicKeyPem,
  generatePrivateKey,
  type PrivateKey,
  parsePrivateKeyDer,
  parsePrivateKeyPem,
  parsePrivateKeyRaw,
  parsePublicKeyDer,
  parsePublicKeyPem,
  parsePublicKeyRaw,
} from 'contact-key-verification/keys.js';
import { ed25519, p256, type SignatureScheme } from 'contact-key-verification/suites.js';
import type { Ledger, Oracle } from './ledger.js';
import { OpenSsl, rawBytes, signatureFromDer, signatureToDer } from './openssl-command.js';

interface Exchange {
  readonly scheme: SignatureScheme;
  readonly generate: readonly string[];
  readonly sign: readonly string[];
  readonly verify: readonly string[];
  /** Signatures between our form and OpenSSL's. */
  readonly toTheirs: (signature: Uint8Array) => Uint8Array;
  readonly toOurs: (signature: Uint8Array) => Uint8Array;
}

const EXCHANGES: readonly Exchange[] = [
  {
    scheme: ed25519,
    generate: ['-algorithm', 'ED25519'],
    sign: ['pkeyutl', '-sign', '-rawin', '-inkey', 'key.pem', '-in', 'message', '-out', 'signature'],
    verify: ['pkeyutl', '-verify', '-rawin', '-pubin', '-inkey', 'public.pem', '-in', 'message', '-sigfile'],
    toTheirs: (signature) => signature,
    toOurs: (signature) => signature,
  },
  {
    scheme: p256,
    generate: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
    sign: ['dgst', '-sha256', '-sign', 'key.pem', '-out', 'signature', 'message'],
    verify: ['dgst', '-sha256', '-verify', 'public.pem', '-signature'],
    toTheirs: signatureToDer,
    toOurs: signatureFromDer,
  },
];
/** `pkey -outform DER` of OpenSSL 3.0 writes P-256 keys as SEC 1 has them; this is PKCS#8 in every release. */
const TO_PKCS8 = ['pkcs8', '-topk8', '-nocrypt', '-in', 'key.pem', '-outform'];
const KEYS = 20;
const CASES_PER_KEY = 10 + 12;

export const openSsl: Oracle = {
  name: 'keys and signatures of OpenSSL',
  expected: EXCHANGES.length * KEYS * CASES_PER_KEY,
  async run(ledger) {
    const command = new OpenSsl();
    try {
      for (const exchange of EXCHANGES) {
        for (let i = 0; i < KEYS; i++) {
          takeTheirs(ledger, command, exchange);
          giveOurs(ledger, command, exchange);
        }
      }
      return command.run('version').toString().trim();
    } finally {
      command.remove();
    }
  },
};

/** A key of theirs, read by us: 10 cases. */
function takeTheirs(ledger: Ledger, command: OpenSsl, exchange: Exchange): void {
  const { scheme, generate } = exchange;
  command.run('genpkey', ...generate, '-out', 'key.pem');
  command.run('pkey', '-in', 'key.pem', '-pubout', '-out', 'public.pem');
  const pem = command.read('key.pem').toString();
  const publicPem = command.read('public.pem').toString();
  const der = command.run(...TO_PKCS8, 'DER');
  const publicDer = command.run('pkey', '-in', 'key.pem', '-pubout', '-outform', 'DER');
  const text = command.run('pkey', '-in', 'key.pem', '-noout', '-text').toString();
  const secret = rawBytes(text, 'priv', 32);
  const point = rawBytes(text, 'pub', scheme.publicKeyLength);

  const what = `their ${scheme.name} key`;
  const key = parsePrivateKeyRaw(scheme, secret);
  ledger.same(`${what}, PEM`, encodePrivateKeyPem(parsePrivateKeyPem(pem)), pem);
  ledger.same(`${what}, DER`, encodePrivateKeyDer(parsePrivateKeyDer(der)), der);
  ledger.same(`${what}, raw`, encodePrivateKeyDer(key), der);
  ledger.same(`${what}, public PEM`, encodePublicKeyPem(parsePublicKeyPem(publicPem)), publicPem);
  ledger.same(`${what}, public DER`, encodePublicKeyDer(parsePublicKeyDer(publicDer)), publicDer);
  ledger.same(`${what}, public raw`, encodePublicKeyDer(parsePublicKeyRaw(scheme, point)), publicDer);
  crossSign(ledger, command, exchange, key);
}

/** A key of ours, read by them: 12 cases. */
function giveOurs(ledger: Ledger, command: OpenSsl, exchange: Exchange): void {
  const { scheme } = exchange;
  const key = generatePrivateKey(scheme);
  const { publicKey } = key;
  const [pem, der] = [encodePrivateKeyPem(key), encodePrivateKeyDer(key)];
  const [publicPem, publicDer] = [encodePublicKeyPem(publicKey), encodePublicKeyDer(publicKey)];
  command.write('key.pem', pem);
  command.write('key.der', der);
  command.write('public.pem', publicPem);
  command.write('public.der', publicDer);
  const fromPem = ['pkey', '-in', 'key.pem'];
  const fromDer = ['pkey', '-inform', 'DER', '-in', 'key.der'];
  const text = command.run(...fromDer, '-noout', '-text').toString();

  const what = `our ${scheme.name} key`;
  ledger.same(`${what}, PEM`, pem, command.run(...fromPem).toString());
  ledger.same(`${what}, PEM to DER`, der, command.run(...TO_PKCS8, 'DER'));
  ledger.same(`${what}, DER to PEM`, pem, command.run(...fromDer).toString());
  ledger.same(`${what}, raw`, encodePrivateKeyRaw(key), rawBytes(text, 'priv', 32));
  ledger.same(`${what}, public half`, publicDer, command.run(...fromPem, '-pubout', '-outform', 'DER'));
  ledger.same(
    `${what}, public PEM`,
    publicPem,
    command.run('pkey', '-pubin', '-in', 'public.pem', '-pubout').toString(),
  );
  ledger.same(
    `${what}, public DER`,
    publicPem,
    command.run('pkey', '-pubin', '-inform', 'DER', '-in', 'public.der', '-pubout').toString(),
  );
  ledger.same(`${what}, public raw`, publicKey.key, rawBytes(text, 'pub', scheme.publicKeyLength));
  crossSign(ledger, command, exchange, key);
}

/** The key that lies in `key.pem`, on both sides; each refuses the other's signature damaged: 4 cases. */
function crossSign(ledger: Ledger, command: OpenSsl, exchange: Exchange, key: PrivateKey): void {
  const { scheme, sign, verify, toOurs, toTheirs } = exchange;
  const message = randomBytes(randomInt(1, 200));
  command.write('message', message);
  command.run(...sign);
  const byThem = toOurs(command.read('signature'));
  const byUs = key.sign(message);
  const weAccept = (signature: Uint8Array): boolean =>
    scheme.isValidSignature(key.publicKey.key, message, signature);
  const theyAccept = (signature: Uint8Array): boolean => {
    const file = command.write('signature', toTheirs(signature));
    return command.accepts(...verify, file, ...(scheme === p256 ? ['message'] : []));
  };

  const what = `${scheme.name} signature over ${message.toString('hex')}`;
  ledger.holds(`their ${what}`, weAccept(byThem));
  ledger.holds(`our ${what}`, theyAccept(byUs));
  ledger.holds(`their damaged ${what}`, !weAccept(damaged(byThem)));
  ledger.holds(`our damaged ${what}`, !theyAccept(damaged(byUs)));
}

/** One bit of the second half is another: still well-formed in either form. */
function damaged(signature: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(signature);
  copy[40] = (copy[40] ?? 0) ^ 1;
  return copy;
}
