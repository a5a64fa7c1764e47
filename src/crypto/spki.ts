/**
 * Public keys as DER SubjectPublicKeyInfo (RFC 5280), in the forms of RFC 5480 for P-256 and RFC 8410 for
 * Ed25519.
 *
 * DER leaves each of the two exactly one encoding, so there is no ASN.1 parser here to go wrong: a key is a
 * known prefix and its bytes. Compressed points and explicit curve parameters are refused.
 */

import { concatBytes, equalBytes } from '../bytes/compare.js';
import { parseHex } from '../bytes/text.js';
import type { SchemeId, SignatureScheme } from './signature-scheme.js';

/** SEQUENCE { AlgorithmIdentifier, BIT STRING, … up to the public key, as hex. */
const PREFIXES: Readonly<Record<SchemeId, string>> = {
  0x0403: '3059301306072a8648ce3d020106082a8648ce3d030107034200',
  0x0807: '302a300506032b6570032100',
};

/** The key bytes in an SPKI of this scheme, a view; or `undefined` where the bytes are no such thing. */
export function parseSpki(scheme: SignatureScheme, der: Uint8Array): Uint8Array | undefined {
  return bytesAfter(parseHex(PREFIXES[scheme.id]), der, scheme.publicKeyLength);
}

/** The SPKI around key bytes of this scheme, fresh. */
export function encodeSpki(scheme: SignatureScheme, key: Uint8Array): Uint8Array {
  return concatBytes(parseHex(PREFIXES[scheme.id]), key);
}

/** What follows `prefix` in `bytes`, if they begin with it and the rest has `length` bytes: a view. */
export function bytesAfter(prefix: Uint8Array, bytes: Uint8Array, length: number): Uint8Array | undefined {
  if (bytes.length !== prefix.length + length) return undefined;
  return equalBytes(bytes.subarray(0, prefix.length), prefix) ? bytes.subarray(prefix.length) : undefined;
}
