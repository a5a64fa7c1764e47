/**
 * Public keys as CKV/1 writes them, and their identifiers.
 *
 *     struct { uint16 scheme; opaque key<0..2^16-1>; } PublicKey;
 *     keyId = H("key id", PublicKey)
 */

import { type Codec, decode, encode, opaque, struct, uint16 } from '../bytes/codec.js';
import { equalBytes } from '../bytes/compare.js';
import { UnsupportedError } from '../errors.js';
import { ed25519 } from './ed25519.js';
import { encodeLabelled, hashLabelled, type Purpose } from './label.js';
import { p256 } from './p256.js';
import type { SchemeId, SignatureScheme } from './signature-scheme.js';

/** A public signature key. Frozen; its bytes belong to it and must not be changed. */
export interface PublicKey {
  readonly scheme: SchemeId;
  /** 65 bytes, uncompressed SEC1 (P-256), or 32 bytes (Ed25519). */
  readonly key: Uint8Array;
}

/** All that the structure can hold, so that a longer key of a newer scheme is unsupported, and not damage. */
const PUBLIC_KEY_MAX_BYTES: number = 2 + 2 + (2 ** 16 - 1);

/**
 * The scheme with this TLS number.
 * @throws UnsupportedError `ERR_SCHEME`
 */
export function schemeOf(id: number): SignatureScheme {
  if (id === p256.id) return p256;
  if (id === ed25519.id) return ed25519;
  throw new UnsupportedError('ERR_SCHEME', 'unknown signature scheme');
}

const wire: Codec<{ readonly scheme: number; readonly key: Uint8Array }> = /* @__PURE__ */ struct({
  scheme: uint16,
  key: opaque(0, 2 ** 16 - 1),
});

/** Reads and writes a PublicKey; a key that is no key of its scheme is refused where it stands. */
export const publicKeyCodec: Codec<PublicKey> = {
  read(reader) {
    const start = reader.offset;
    // The scheme is judged before the key's length, so that a newer scheme is never taken for damage.
    const scheme = schemeOf(reader.within('scheme', () => uint16.read(reader)));
    const key = reader.within('key', () => reader.bytes(reader.count(2, 0, 2 ** 16 - 1)));
    const defect = scheme.publicKeyDefect(key);
    if (defect !== undefined) throw reader.error(defect, `no ${scheme.name} public key`, start);
    return Object.freeze({ scheme: scheme.id, key });
  },
  write: (writer, value) => wire.write(writer, value),
};

/**
 * A PublicKey from its encoding.
 * @throws DecodeError `ERR_KEY_LENGTH`, `ERR_KEY_POINT`, `ERR_KEY_ORDER`, `ERR_TRUNCATED`,
 *   `ERR_TRAILING_BYTES`, `ERR_TOO_LARGE`; UnsupportedError `ERR_SCHEME`
 */
export function parsePublicKey(bytes: Uint8Array): PublicKey {
  return decode(publicKeyCodec, bytes, 'PublicKey', PUBLIC_KEY_MAX_BYTES);
}

/** The encoding of a PublicKey, fresh. */
export function encodePublicKey(publicKey: PublicKey): Uint8Array {
  return encode(publicKeyCodec, publicKey);
}

/** The identifier of a public key: 32 bytes, fresh. Two keys with one keyId are one key. */
export function deriveKeyId(publicKey: PublicKey): Uint8Array {
  return hashLabelled('key id', encodePublicKey(publicKey));
}

/** Whether two public keys are the same key of the same scheme. */
export function equalPublicKeys(a: PublicKey, b: PublicKey): boolean {
  return a.scheme === b.scheme && equalBytes(a.key, b.key);
}

/**
 * Whether `signature` is by `publicKey` over `content` for this purpose. False for anything malformed.
 */
export function isValidSignature(
  publicKey: PublicKey,
  purpose: Purpose,
  content: Uint8Array,
  signature: Uint8Array,
): boolean {
  const { scheme, key } = publicKey;
  if (scheme !== p256.id && scheme !== ed25519.id) return false;
  return schemeOf(scheme).isValidSignature(key, encodeLabelled(purpose, content), signature);
}
