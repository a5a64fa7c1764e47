/**
 * Keys as JSON Web Keys (RFC 7517): `EC` with curve P-256 (RFC 7518) and `OKP` with Ed25519 (RFC 8037).
 *
 * Coordinates are unpadded base64url of full length. Members that do not describe the key (`kid`, `key_ops`,
 * `ext`, …) are ignored, as the RFC asks, but a key whose `use` is not signing is refused, and so is a private
 * key where a public one is expected: it would be about to leak.
 */

import { concatBytes } from '../bytes/compare.js';
import { encodeBase64Url, parseBase64Url } from '../bytes/text.js';
import { ed25519 } from '../crypto/ed25519.js';
import { p256 } from '../crypto/p256.js';
import { type PublicKey, schemeOf } from '../crypto/public-key.js';
import { PRIVATE_KEY_LENGTH, type SignatureScheme } from '../crypto/signature-scheme.js';
import { ArgumentTypeError, DecodeError } from '../errors.js';
import { matching } from './key-der.js';
import { PrivateKey, parsePublicKeyRaw } from './private-key.js';

/** A JWK of this library's two kinds. `d` only in a private one. */
export interface Jwk {
  readonly kty: 'EC' | 'OKP';
  readonly crv: 'P-256' | 'Ed25519';
  readonly x: string;
  readonly y?: string;
  readonly d?: string;
}

const COORDINATE_LENGTH = 32;
/** Characters that are looked at: 32 bytes take 43. */
const TEXT_LENGTH_MAX = 64;
/** First byte of an uncompressed point (SEC 1 section 2.3.3). */
const UNCOMPRESSED = Uint8Array.of(0x04);

const malformed = (problem: string): DecodeError => new DecodeError('ERR_KEY_FORMAT', 'JWK', 0, problem);

function member(jwk: Readonly<Record<string, unknown>>, name: string, length: number): Uint8Array {
  const text = jwk[name];
  if (typeof text !== 'string') throw malformed(`member ${name} is missing`);
  if (text.length > TEXT_LENGTH_MAX) throw malformed(`member ${name} has another length`);
  const bytes = parseBase64Url(text);
  if (bytes.length !== length) throw malformed(`member ${name} has another length`);
  return bytes;
}

/** The scheme and the raw public key of a JWK, private or public. */
function publicPart(jwk: Readonly<Record<string, unknown>>): { scheme: SignatureScheme; key: Uint8Array } {
  const { kty, crv, use } = jwk;
  if (use !== undefined && use !== 'sig') throw malformed('the key is not for signatures');
  if (kty === 'OKP' && crv === 'Ed25519')
    return { scheme: ed25519, key: member(jwk, 'x', COORDINATE_LENGTH) };
  if (kty === 'EC' && crv === 'P-256') {
    const [x, y] = [member(jwk, 'x', COORDINATE_LENGTH), member(jwk, 'y', COORDINATE_LENGTH)];
    return { scheme: p256, key: concatBytes(UNCOMPRESSED, x, y) };
  }
  throw malformed('neither EC P-256 nor OKP Ed25519');
}

function asRecord(jwk: unknown): Readonly<Record<string, unknown>> {
  if (typeof jwk !== 'object' || jwk === null) throw new ArgumentTypeError('a JWK must be an object');
  return jwk as Readonly<Record<string, unknown>>;
}

/**
 * A public key from a JWK.
 * @param jwk as it came out of `JSON.parse` or WebCrypto
 * @throws DecodeError `ERR_KEY_FORMAT` (other kinds, missing members, a private key), `ERR_TEXT_ENCODING`,
 *   `ERR_KEY_POINT`, `ERR_KEY_ORDER`
 */
export function parsePublicKeyJwk(jwk: unknown): PublicKey {
  const record = asRecord(jwk);
  if (record['d'] !== undefined) throw malformed('a private key where a public one is expected');
  const { scheme, key } = publicPart(record);
  return parsePublicKeyRaw(scheme, key);
}

/** JWK of a public key, fresh. */
export function encodePublicKeyJwk(publicKey: PublicKey): Jwk {
  const { key } = publicKey;
  if (schemeOf(publicKey.scheme) === ed25519) return { kty: 'OKP', crv: 'Ed25519', x: encodeBase64Url(key) };
  const x = encodeBase64Url(key.subarray(1, 1 + COORDINATE_LENGTH));
  const y = encodeBase64Url(key.subarray(1 + COORDINATE_LENGTH));
  return { kty: 'EC', crv: 'P-256', x, y };
}

/**
 * A private key from a JWK. Its public half must fit.
 * @throws DecodeError `ERR_KEY_FORMAT`, `ERR_TEXT_ENCODING`, `ERR_KEY_SCALAR`
 */
export function parsePrivateKeyJwk(jwk: unknown): PrivateKey {
  const record = asRecord(jwk);
  const { scheme, key } = publicPart(record);
  const secret = member(record, 'd', PRIVATE_KEY_LENGTH);
  try {
    return matching(new PrivateKey(scheme, secret), key, 'JWK');
  } finally {
    secret.fill(0);
  }
}

/** JWK of a private key, fresh. Its `d` is a string that nobody can overwrite: store it or let it go. */
export function encodePrivateKeyJwk(privateKey: PrivateKey): Jwk {
  const secret = privateKey.reveal();
  try {
    return { ...encodePublicKeyJwk(privateKey.publicKey), d: encodeBase64Url(secret) };
  } finally {
    secret.fill(0);
  }
}
