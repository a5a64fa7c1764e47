/**
 * Keys as PEM (RFC 7468): the DER forms of `key-der.ts` in base64 between `PUBLIC KEY` or `PRIVATE KEY`
 * lines. Nothing may stand before or after; lines end in LF or CRLF and hold at most 64 characters.
 *
 * A private key as text is a JavaScript string, which nobody can overwrite. Prefer DER where you can.
 */

import { encodeBase64, parseBase64 } from '../bytes/text.js';
import type { PublicKey } from '../crypto/public-key.js';
import { ArgumentTypeError, DecodeError } from '../errors.js';
import { encodePrivateKeyDer, encodePublicKeyDer, parsePrivateKeyDer, parsePublicKeyDer } from './key-der.js';
import type { PrivateKey } from './private-key.js';

const LINE_LENGTH = 64;
/** The longest accepted PEM: a P-256 private key needs under 300 characters. */
const PEM_LENGTH_MAX = 1024;

function parsePem(label: 'PUBLIC KEY' | 'PRIVATE KEY', pem: string): Uint8Array {
  if (typeof pem !== 'string') throw new ArgumentTypeError('PEM must be a string');
  const malformed = (problem: string): DecodeError =>
    new DecodeError('ERR_KEY_FORMAT', `PEM ${label}`, 0, problem);
  if (pem.length > PEM_LENGTH_MAX) throw malformed('too long for a key');
  const lines = pem.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (lines.shift() !== `-----BEGIN ${label}-----`) throw malformed('the first line is another');
  if (lines.pop() !== `-----END ${label}-----`) throw malformed('the last line is another');
  const wellCut = lines.every((line, i) =>
    i === lines.length - 1 ? line.length > 0 && line.length <= LINE_LENGTH : line.length === LINE_LENGTH,
  );
  if (!wellCut) throw malformed('lines are not 64 characters long');
  return parseBase64(lines.join(''));
}

function encodePem(label: 'PUBLIC KEY' | 'PRIVATE KEY', der: Uint8Array): string {
  const lines = encodeBase64(der).match(/.{1,64}/g) as string[];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/**
 * A public key from PEM.
 * @throws DecodeError `ERR_KEY_FORMAT`, `ERR_TEXT_ENCODING`, `ERR_KEY_POINT`, `ERR_KEY_ORDER`
 */
export function parsePublicKeyPem(pem: string): PublicKey {
  return parsePublicKeyDer(parsePem('PUBLIC KEY', pem));
}

/** PEM of a public key, lines ending in LF. */
export function encodePublicKeyPem(publicKey: PublicKey): string {
  return encodePem('PUBLIC KEY', encodePublicKeyDer(publicKey));
}

/**
 * A private key from PEM (PKCS#8, not encrypted; `EC PRIVATE KEY` of SEC 1 is refused).
 * @throws DecodeError `ERR_KEY_FORMAT`, `ERR_TEXT_ENCODING`, `ERR_KEY_SCALAR`
 */
export function parsePrivateKeyPem(pem: string): PrivateKey {
  const der = parsePem('PRIVATE KEY', pem);
  try {
    return parsePrivateKeyDer(der);
  } finally {
    der.fill(0);
  }
}

/** PEM of a private key, lines ending in LF. A string that nobody can overwrite: store it or let it go. */
export function encodePrivateKeyPem(privateKey: PrivateKey): string {
  const der = encodePrivateKeyDer(privateKey);
  try {
    return encodePem('PRIVATE KEY', der);
  } finally {
    der.fill(0);
  }
}
