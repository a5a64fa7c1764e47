/**
 * Domain separation. Whatever CKV/1 signs, hashes or authenticates begins with a label, so that no byte
 * string made for one purpose can serve another (as RFC 9420, MLS, does with SignWithLabel and RefHash):
 *
 *     struct { opaque label<0..255>; opaque content<0..2^32-1>; }      label = "CKV/1 " + purpose
 */

import { type Codec, encode, opaque, struct } from '../bytes/codec.js';
import { encodeUtf8 } from '../bytes/text.js';
import { sha256 } from './hash.js';

const purposes = [
  'key id',
  'device possession',
  'succession',
  'device list',
  'device list author',
  'device list id',
  'pre-keys',
  'sas commitment',
  'sas code',
  'link info',
  'link',
  'link offer',
  'link offer id',
  'recovery check',
  // HKDF's info rather than a labelled struct: it names the use of a recovery key.
  'backup',
  // The next two stay on one device: they are no part of what two programs must agree on.
  'sas nonce',
  'sas state',
] as const;

/** Every purpose there is. They must be distinct; a test says so. */
export const PURPOSES: typeof purposes = /* @__PURE__ */ Object.freeze(purposes);

/** What a labelled byte string is for. */
export type Purpose = (typeof PURPOSES)[number];

const labelled: Codec<{ readonly label: Uint8Array; readonly content: Uint8Array }> = /* @__PURE__ */ struct({
  label: opaque(0, 255),
  content: opaque(0, 2 ** 32 - 1),
});

/** The labelled struct around `content`, fresh: what is signed. */
export function encodeLabelled(purpose: Purpose, content: Uint8Array): Uint8Array<ArrayBuffer> {
  return encode(labelled, { label: encodeUtf8(`CKV/1 ${purpose}`), content });
}

/** H(label, content) of CKV/1: SHA-256 of the labelled struct, 32 bytes, fresh. */
export function hashLabelled(purpose: Purpose, content: Uint8Array): Uint8Array {
  return sha256(encodeLabelled(purpose, content));
}
