/**
 * The only file that touches ambient globals: the CSPRNG, the UTF-8 coders and WebAssembly. Nothing else in
 * the library reads `globalThis`, so it runs wherever these few names exist, and a reader can check here
 * what the library asks of its surroundings. The globals are looked up at each call, never at import.
 */

import { UnsupportedError } from './errors.js';

/** The part of `WebAssembly` that the engine uses; the language's own library does not declare it. */
export interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Readonly<Record<string, unknown>> };
  validate(bytes: Uint8Array): boolean;
}

interface Ambient {
  readonly crypto?: { getRandomValues(array: Uint8Array): Uint8Array };
  readonly TextEncoder?: new () => { encode(text: string): Uint8Array };
  readonly TextDecoder?: new (
    label: string,
    options: { fatal: boolean; ignoreBOM: boolean },
  ) => { decode(bytes: Uint8Array): string };
  readonly WebAssembly?: WebAssemblyApi;
}

const ambient = (): Ambient => globalThis as unknown as Ambient;

/** WebCrypto fills at most this many bytes a call (Web Cryptography API, `getRandomValues`). */
const RANDOM_BYTES_MAX = 65_536;

/**
 * Fresh bytes from the platform's CSPRNG.
 * @param length bytes, 0 to 65,536
 * @throws UnsupportedError `ERR_NO_RANDOMNESS`
 */
export function randomBytes(length: number): Uint8Array {
  if (!Number.isInteger(length) || length < 0 || length > RANDOM_BYTES_MAX) {
    throw new RangeError('randomBytes: length must be 0 to 65536');
  }
  const crypto = ambient().crypto;
  if (typeof crypto?.getRandomValues !== 'function') {
    throw new UnsupportedError('ERR_NO_RANDOMNESS', 'this platform has no crypto.getRandomValues');
  }
  return crypto.getRandomValues(new Uint8Array(length));
}

/**
 * UTF-8 of a string. Lone surrogates become U+FFFD: callers refuse them first.
 * @throws UnsupportedError `ERR_NO_TEXT_CODER`
 */
export function utf8Encode(text: string): Uint8Array {
  const { TextEncoder } = ambient();
  if (typeof TextEncoder !== 'function') throw noTextCoder();
  return new TextEncoder().encode(text);
}

/**
 * A decoder from UTF-8 that throws the platform's `TypeError` where the bytes are not UTF-8, and keeps a BOM.
 * @throws UnsupportedError `ERR_NO_TEXT_CODER` also where the platform's own decoder cannot be strict
 */
export function utf8Decoder(): (bytes: Uint8Array) => string {
  const { TextDecoder } = ambient();
  if (typeof TextDecoder !== 'function') throw noTextCoder();
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return (bytes) => decoder.decode(bytes);
  } catch {
    throw noTextCoder();
  }
}

function noTextCoder(): UnsupportedError {
  return new UnsupportedError('ERR_NO_TEXT_CODER', 'this platform has no strict TextEncoder and TextDecoder');
}

/** The platform's WebAssembly, or `undefined` where there is none. */
export function webAssembly(): WebAssemblyApi | undefined {
  const api = ambient().WebAssembly;
  return typeof api === 'object' && typeof api.Module === 'function' ? api : undefined;
}
