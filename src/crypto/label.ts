/**
 * Domain separation. Whatever CKV/1 signs, hashes or authenticates begins with a label, so that no byte
 * string made for one purpose can serve another (as RFC 9420, MLS, does with SignWithLabel and RefHash):
 *
 *     struct { opaque label<0..255>; opaque content<0..2^32-1>; }      label = "CKV/1 " + purpose
 */

import { type Codec, encode, opaque, struct } from '../bytes/codec.js';
import { encodeUtf8 } from '../bytes/text.js';
import { sha256 } from './hash.js';

/** What a labelled byte string is for. */
export type Purpose =
  | 'key id'
  | 'device possession'
  | 'succession'
  | 'device list'
  | 'device list author'
  | 'device list id'
  | 'pre-keys'
  | 'sas commitment'
  | 'sas code'
  // The next two stay on one device: they are no part of what two programs must agree on.
  | 'sas nonce'
  | 'sas state';

/** Every purpose there is; the compiler knows if one is missing. They must be distinct; a test says so. */
const LABELS: Readonly<Record<Purpose, string>> = /* @__PURE__ */ Object.freeze({
  'key id': 'CKV/1 key id',
  'device possession': 'CKV/1 device possession',
  succession: 'CKV/1 succession',
  'device list': 'CKV/1 device list',
  'device list author': 'CKV/1 device list author',
  'device list id': 'CKV/1 device list id',
  'pre-keys': 'CKV/1 pre-keys',
  'sas commitment': 'CKV/1 sas commitment',
  'sas code': 'CKV/1 sas code',
  'sas nonce': 'CKV/1 sas nonce',
  'sas state': 'CKV/1 sas state',
});

/** Every purpose, in no order that means anything. */
export const PURPOSES: readonly Purpose[] = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ Object.keys(LABELS) as Purpose[],
);

const labelled: Codec<{ readonly label: Uint8Array; readonly content: Uint8Array }> = /* @__PURE__ */ struct({
  label: opaque(0, 255),
  content: opaque(0, 2 ** 32 - 1),
});

/** The labelled struct around `content`, fresh: what is signed. */
export function encodeLabelled(purpose: Purpose, content: Uint8Array): Uint8Array {
  return encode(labelled, { label: encodeUtf8(LABELS[purpose]), content });
}

/** H(label, content) of CKV/1: SHA-256 of the labelled struct, 32 bytes, fresh. */
export function hashLabelled(purpose: Purpose, content: Uint8Array): Uint8Array {
  return sha256(encodeLabelled(purpose, content));
}
