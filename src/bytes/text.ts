/**
 * Text forms of bytes, each with exactly one accepted spelling: lower-case hex, base64 with padding and
 * base64url without (RFC 4648 sections 4 and 5, trailing bits zero), UTF-8 without lone surrogates.
 */

import { base64, base64urlnopad, hex } from '@scure/base';
import { ArgumentTypeError, DecodeError } from '../errors.js';
import { utf8Decoder, utf8Encode } from '../platform.js';
import { assertBytes } from './compare.js';

/** Text longer than this is refused before it is looked at; no structure here comes near it. */
const TEXT_LENGTH_MAX = 2 ** 24;

function decodeText(
  what: string,
  text: string,
  pattern: RegExp,
  decode: (text: string) => Uint8Array,
): Uint8Array {
  if (typeof text !== 'string') throw new ArgumentTypeError(`${what} must be a string`);
  if (text.length > TEXT_LENGTH_MAX) throw new DecodeError('ERR_TOO_LARGE', what, 0, 'the text is too long');
  if (!pattern.test(text))
    throw new DecodeError('ERR_TEXT_ENCODING', what, 0, 'not in its one accepted form');
  try {
    return decode(text);
  } catch {
    throw new DecodeError('ERR_TEXT_ENCODING', what, 0, 'not in its one accepted form');
  }
}

/**
 * Bytes from lower-case hex.
 * @throws DecodeError `ERR_TEXT_ENCODING`, `ERR_TOO_LARGE`
 */
export function parseHex(text: string): Uint8Array {
  return decodeText('hex', text, /^(?:[0-9a-f]{2})*$/, hex.decode);
}

/** Lower-case hex of bytes. */
export function encodeHex(bytes: Uint8Array): string {
  assertBytes(bytes, 'bytes');
  return hex.encode(bytes);
}

/**
 * Bytes from unpadded base64url.
 * @throws DecodeError `ERR_TEXT_ENCODING` (padding, other characters, trailing bits), `ERR_TOO_LARGE`
 */
export function parseBase64Url(text: string): Uint8Array {
  return decodeText('base64url', text, /^[A-Za-z0-9_-]*$/, base64urlnopad.decode);
}

/** Unpadded base64url of bytes. */
export function encodeBase64Url(bytes: Uint8Array): string {
  assertBytes(bytes, 'bytes');
  return base64urlnopad.encode(bytes);
}

/**
 * Bytes from padded base64.
 * @throws DecodeError `ERR_TEXT_ENCODING` (missing padding, other characters, trailing bits), `ERR_TOO_LARGE`
 */
export function parseBase64(text: string): Uint8Array {
  return decodeText('base64', text, /^[A-Za-z0-9+/]*={0,2}$/, base64.decode);
}

/** Padded base64 of bytes. */
export function encodeBase64(bytes: Uint8Array): string {
  assertBytes(bytes, 'bytes');
  return base64.encode(bytes);
}

/**
 * A string from UTF-8. No byte order mark is removed and nothing is replaced.
 * @throws DecodeError `ERR_UTF8`; UnsupportedError `ERR_NO_TEXT_CODER`
 */
export function parseUtf8(bytes: Uint8Array): string {
  assertBytes(bytes, 'bytes');
  const decode = utf8Decoder();
  try {
    return decode(bytes);
  } catch {
    throw new DecodeError('ERR_UTF8', 'text', 0, 'not UTF-8');
  }
}

/**
 * A surrogate without its other half: it has no UTF-8, and a coder would silently replace it. Under `u` a pair is one
 * character and does not match. (No `\p{…}`: older Hermes engines cannot compile it.)
 */
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/**
 * UTF-8 of a string, fresh. Text is not normalised: two spellings of one look are two byte strings.
 * @throws DecodeError `ERR_UTF8` where the string holds a lone surrogate
 */
export function encodeUtf8(text: string): Uint8Array {
  if (typeof text !== 'string') throw new ArgumentTypeError('text must be a string');
  if (LONE_SURROGATE.test(text)) throw new DecodeError('ERR_UTF8', 'text', 0, 'a lone surrogate');
  return utf8Encode(text);
}
