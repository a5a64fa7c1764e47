/**
 * Keys in the formats of others: SubjectPublicKeyInfo and PKCS#8 as OpenSSL writes them (RFC 5480, 5915, 8410),
 * JSON Web Keys (RFC 7517, 7518, 8037), PEM (RFC 7468).
 *
 * One encoding of each key is accepted (of a P-256 PKCS#8 two: with and without its public half). So nothing is
 * parsed: the key's bytes are taken from where they must stand, the whole is written again, and must be the same.
 */
import { type KeyObject, createPublicKey } from 'node:crypto';
import { isEd25519Key, isP256Key } from './curves.js';
import { Refusal, concat, demand, equal } from './encoding.js';
import { type KeyPair, type PublicKey, ECDSA_P256_SHA256, ED25519, keyPairFrom, secretOf } from './keys.js';
import { fromText } from './text.js';

type Bytes = Uint8Array;
export type Jwk = { readonly [member: string]: unknown };

const P256_ORDER = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';

/** A public key of its raw bytes. */
export function publicKeyFrom(scheme: number, key: Bytes): PublicKey {
  demand(scheme === ECDSA_P256_SHA256 || scheme === ED25519, 'unknown-scheme');
  demand(scheme === ED25519 ? isEd25519Key(key) : isP256Key(key), 'key-invalid');
  return { scheme, key };
}

/** A private key of its 32 bytes: any seed, or a scalar from 1 to n - 1. */
export function privateKeyFrom(scheme: number, secret: Bytes): KeyPair {
  demand(secret.length === 32, 'key-invalid');
  if (scheme === ECDSA_P256_SHA256) {
    const digits = Buffer.from(secret).toString('hex');
    demand(digits !== '00'.repeat(32) && digits < P256_ORDER, 'secret-invalid');
  }
  return keyPairFrom(scheme, secret);
}

// ------------------------------------------------------------------------------------- writing

/** Public members only. */
export function writePublicJwk({ scheme, key }: PublicKey): Record<string, string> {
  const text = (part: Bytes): string => Buffer.from(part).toString('base64url');
  return scheme === ED25519
    ? { kty: 'OKP', crv: 'Ed25519', x: text(key) }
    : { kty: 'EC', crv: 'P-256', x: text(key.subarray(1, 33)), y: text(key.subarray(33)) };
}

export function writePrivateJwk(pair: KeyPair): Record<string, string> {
  return { ...writePublicJwk(pair.publicKey), d: secretOf(pair).toString('base64url') };
}

function keyObject(key: PublicKey): KeyObject {
  return createPublicKey({ key: writePublicJwk(key), format: 'jwk' });
}

export function writeSpki(key: PublicKey): Buffer {
  return keyObject(key).export({ type: 'spki', format: 'der' });
}

export function writePkcs8(pair: KeyPair): Buffer {
  return pair.privateKey.export({ type: 'pkcs8', format: 'der' });
}

export function writePublicPem(key: PublicKey): string {
  return keyObject(key).export({ type: 'spki', format: 'pem' }) as string;
}

export function writePrivatePem(pair: KeyPair): string {
  return pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** PKCS#8 of a P-256 key without its public half: the lengths around it are smaller, and nothing follows. */
export function writeShortPkcs8(pair: KeyPair): Buffer {
  const whole = writePkcs8(pair);
  if (pair.publicKey.scheme !== ECDSA_P256_SHA256) return whole;
  // 30 81 87 | 02 01 00 … 04 6d 30 6b | 02 01 01 04 20 secret | a1 44 03 42 00 point
  const algorithm = whole.subarray(3, 3 + 3 + 21);
  const secret = whole.subarray(31, 31 + 5 + 32);
  return concat(Buffer.from([0x30, 0x41]), algorithm, Buffer.from([0x04, 0x27, 0x30, 0x25]), secret);
}

// ------------------------------------------------------------------------------------- reading

export function readSpki(der: Bytes): PublicKey {
  for (const [scheme, length] of [
    [ED25519, 32],
    [ECDSA_P256_SHA256, 65],
  ] as const) {
    const example = writeSpki(keyPairFrom(scheme, Buffer.alloc(32, 1)).publicKey);
    if (der.length !== example.length) continue;
    const head = example.length - length;
    if (!equal(der.subarray(0, head), example.subarray(0, head))) continue;
    return publicKeyFrom(scheme, der.subarray(head));
  }
  throw new Refusal('format-invalid');
}

/** Ed25519: the seed comes last. P-256: the scalar comes after `02 01 01 04 20`, last or before the point. */
export function readPkcs8(der: Bytes): KeyPair {
  for (const [scheme, write, start] of [
    [ED25519, writePkcs8, 16],
    [ECDSA_P256_SHA256, writePkcs8, 36],
    [ECDSA_P256_SHA256, writeShortPkcs8, 35],
  ] as const) {
    const example = write(keyPairFrom(scheme, Buffer.alloc(32, 1)));
    if (der.length !== example.length) continue;
    if (!equal(der.subarray(0, start), example.subarray(0, start))) continue;
    const pair = privateKeyFrom(scheme, der.subarray(start, start + 32));
    demand(equal(write(pair), der), 'format-invalid');
    return pair;
  }
  throw new Refusal('format-invalid');
}

function member(jwk: Jwk, name: string): Buffer {
  const text = jwk[name];
  if (typeof text !== 'string') throw new Refusal('format-invalid');
  const bytes = fromText('base64url', text);
  demand(bytes.length === 32, 'format-invalid');
  return bytes;
}

/** A scheme and a raw key that nobody has looked at. */
function readPublicMembers(jwk: Jwk): PublicKey {
  demand(jwk['use'] === undefined || jwk['use'] === 'sig', 'format-invalid');
  if (jwk['kty'] === 'OKP' && jwk['crv'] === 'Ed25519') return { scheme: ED25519, key: member(jwk, 'x') };
  demand(jwk['kty'] === 'EC' && jwk['crv'] === 'P-256', 'format-invalid');
  return {
    scheme: ECDSA_P256_SHA256,
    key: concat(Buffer.from([4]), member(jwk, 'x'), member(jwk, 'y')),
  };
}

export function readPublicJwk(jwk: Jwk): PublicKey {
  demand(jwk['d'] === undefined, 'format-invalid'); // a private key about to leak
  const { scheme, key } = readPublicMembers(jwk);
  return publicKeyFrom(scheme, key);
}

export function readPrivateJwk(jwk: Jwk): KeyPair {
  const { scheme, key } = readPublicMembers(jwk);
  const pair = privateKeyFrom(scheme, member(jwk, 'd'));
  demand(equal(pair.publicKey.key, key), 'format-invalid');
  return pair;
}

/** Lines of 64 characters, the last one shorter or full, nothing around; LF or CRLF. */
function readPem(label: string, pem: string): Buffer {
  const lines = pem.replaceAll('\r\n', '\n').replace(/\n$/, '').split('\n');
  demand(lines[0] === `-----BEGIN ${label}-----`, 'format-invalid');
  demand(lines.length > 2 && lines.at(-1) === `-----END ${label}-----`, 'format-invalid');
  const inner = lines.slice(1, -1);
  const text = inner.join('');
  const cut = text.match(/.{1,64}/g) ?? [];
  demand(cut.join('\n') === inner.join('\n'), 'format-invalid');
  return fromText('base64', text);
}

export function readPublicPem(pem: string): PublicKey {
  return readSpki(readPem('PUBLIC KEY', pem));
}

export function readPrivatePem(pem: string): KeyPair {
  return readPkcs8(readPem('PRIVATE KEY', pem));
}
