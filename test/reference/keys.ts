/**
 * CKV/1, section "Keys": the labelled struct, public keys and their ids, and both signature schemes.
 */
import {
  type KeyObject,
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  sign as nodeSign,
  verify as nodeVerify,
} from 'node:crypto';
import { isEd25519Key, isP256Key, verifyEd25519 } from './curves.js';
import { type Reader, concat, demand, opaque, uint } from './encoding.js';
import { signP256 } from './rfc6979.js';

export const ECDSA_P256_SHA256 = 0x0403;
export const ED25519 = 0x0807;

/** `struct { uint16 scheme; opaque key<0..2^16-1>; } PublicKey` */
export type PublicKey = { readonly scheme: number; readonly key: Uint8Array };

/** `{ opaque label<0..255>; opaque content<0..2^32-1>; }` "with `label = "CKV/1 " + purpose`". */
export function labelled(purpose: string, content: Uint8Array): Buffer {
  return concat(opaque(0, 255, Buffer.from(`CKV/1 ${purpose}`, 'ascii')), opaque(0, 2 ** 32 - 1, content));
}

/** `H(label, content)`: "Whatever is … hashed by SHA-256 as `H(label, content)`" is the struct above. */
export function H(purpose: string, content: Uint8Array): Buffer {
  return createHash('sha256').update(labelled(purpose, content)).digest();
}

export function encodePublicKey(key: PublicKey): Buffer {
  return concat(uint(2, key.scheme), opaque(0, 2 ** 16 - 1, key.key));
}

/** The scheme stands first, so an unknown one is met before the key's bytes are. */
export function readPublicKey(reader: Reader): PublicKey {
  const scheme = reader.uint(2);
  demand(scheme === ECDSA_P256_SHA256 || scheme === ED25519, 'unknown-scheme');
  const key = reader.opaque(0, 2 ** 16 - 1);
  demand(isKeyOf(scheme, key), 'key-invalid');
  return { scheme, key };
}

// Every list repeats its keys, and the order of a point takes milliseconds: each key is tried once.
const tried = new Map<string, boolean>();

function isKeyOf(scheme: number, key: Uint8Array): boolean {
  const name = `${scheme} ${Buffer.from(key).toString('hex')}`;
  const known = tried.get(name);
  if (known !== undefined) return known;
  const valid = (scheme === ECDSA_P256_SHA256 && isP256Key(key)) || (scheme === ED25519 && isEd25519Key(key));
  tried.set(name, valid);
  return valid;
}

/** `keyId = H("key id", PublicKey)`. */
export function keyId(key: PublicKey): Buffer {
  return H('key id', encodePublicKey(key));
}

export function equalKeys(a: PublicKey, b: PublicKey): boolean {
  return encodePublicKey(a).equals(encodePublicKey(b));
}

/** Whether `key` made `signature` over the labelled struct of `purpose` and `content`. */
export function verify(key: PublicKey, purpose: string, content: Uint8Array, signature: Uint8Array): boolean {
  return verifyMessage(key, labelled(purpose, content), signature);
}

/** Whether `key` made `signature` over these very bytes: what others than CKV/1 sign has no label. */
export function verifyMessage(key: PublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  demand(isKeyOf(key.scheme, key.key), 'key-invalid');
  if (signature.length !== 64) return false;
  const publicKey = createPublicKey({ key: jwkOf(key), format: 'jwk' });
  if (key.scheme === ECDSA_P256_SHA256) {
    // "64 bytes r‖s; high s accepted": node:crypto compares r only, whichever half s lies in.
    return nodeVerify('sha256', message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
  }
  // node:crypto checks the equation without the cofactor, which implies the one with it; only its refusals
  // need the slow equation, which accepts a little more.
  return nodeVerify(null, message, publicKey, signature) || verifyEd25519(key.key, message, signature);
}

function jwkOf({ scheme, key }: PublicKey): Record<string, string> {
  const text = (part: Uint8Array): string => Buffer.from(part).toString('base64url');
  return scheme === ED25519
    ? { kty: 'OKP', crv: 'Ed25519', x: text(key) }
    : { kty: 'EC', crv: 'P-256', x: text(key.subarray(1, 33)), y: text(key.subarray(33, 65)) };
}

// ------------------------------------------------------------------------------------- keys for tests and vectors

export type KeyPair = { readonly publicKey: PublicKey; readonly privateKey: KeyObject };

/** The key pair of a given secret: 32 bytes of scalar (big-endian, 1 to n-1) or of seed. Deterministic. */
export function keyPairFrom(scheme: number, secret: Uint8Array): KeyPair {
  if (secret.length !== 32) throw new Error('a secret has 32 bytes');
  if (scheme === ED25519) {
    // RFC 8410, section 7: PKCS#8 around the seed.
    const der = concat(Buffer.from('302e020100300506032b657004220420', 'hex'), secret);
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const x = createPublicKey(privateKey).export({ format: 'jwk' }).x as string;
    return { publicKey: { scheme, key: Buffer.from(x, 'base64url') }, privateKey };
  }
  if (scheme !== ECDSA_P256_SHA256) throw new Error('unknown scheme');
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(secret); // refuses 0 and n upwards
  const publicKey = { scheme, key: ecdh.getPublicKey() };
  const d = Buffer.from(secret).toString('base64url');
  return { publicKey, privateKey: createPrivateKey({ key: { ...jwkOf(publicKey), d }, format: 'jwk' }) };
}

/** 64 bytes over the labelled struct. */
export function sign(pair: KeyPair, purpose: string, content: Uint8Array): Buffer {
  return signMessage(pair, labelled(purpose, content));
}

/** 64 bytes over these very bytes. Both schemes sign deterministically, so that vectors can be made again. */
export function signMessage(pair: KeyPair, message: Uint8Array): Buffer {
  return pair.publicKey.scheme === ED25519
    ? nodeSign(null, message, pair.privateKey)
    : signP256(secretOf(pair), message);
}

/** The 32 bytes of which the pair was made. */
export function secretOf(pair: KeyPair): Buffer {
  return Buffer.from(pair.privateKey.export({ format: 'jwk' }).d as string, 'base64url');
}
