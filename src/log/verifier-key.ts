/**
 * The public keys of signed notes (C2SP signed-note, "Verifier keys"):
 *
 *     example.com/log+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k
 *     key name        key id   base64(signature type[1] ‖ public key)
 *
 * | type | name here | what signs | public key |
 * | --- | --- | --- | --- |
 * | 0x01 | `ed25519` | Ed25519 over the text | 32 bytes |
 * | 0x02 | `ecdsa` | ECDSA P-256, DER, over the text | SPKI |
 * | 0x04 | `cosignature` | Ed25519 over time and checkpoint | 32 bytes |
 * | 0x05 | `tree-head` | ECDSA P-256 over RFC 6962's tree head | SPKI |
 *
 * Left out: 0x06, ML-DSA-44, for which there is no implementation here; P-384, P-521, RSA.
 */

import { assertObject } from '../bytes/arguments.js';
import { concatBytes, equalBytes } from '../bytes/compare.js';
import { encodeBase64, encodeHex, parseBase64 } from '../bytes/text.js';
import { sha256 } from '../crypto/hash.js';
import type { PublicKey } from '../crypto/public-key.js';
import { ArgumentRangeError, ArgumentTypeError, DecodeError, UnsupportedError } from '../errors.js';
import type { NoteAlgorithm, NoteAlgorithmName } from './note-algorithm.js';
import { noteCosignature } from './note-cosignature.js';
import { noteEcdsa } from './note-ecdsa.js';
import { noteEd25519 } from './note-ed25519.js';
import { noteTreeHead } from './note-tree-head.js';
import { assertKeyName, isKeyName } from './signed-note.js';

const ALGORITHMS: readonly NoteAlgorithm[] = [noteEd25519, noteEcdsa, noteCosignature, noteTreeHead];
const STRUCTURE = 'VerifierKey';
/** Far above every key here; a name can be as long as the rest. */
const TEXT_LENGTH_MAX = 4096;
const KEY_ID_LENGTH = 4;

/** A public key of signed notes, with the name it signs under. Plain frozen data. */
export interface VerifierKey {
  /** Not empty, without spaces and plus. */
  readonly name: string;
  /** 8 hexadecimal digits, from name, type and key: an identifier, far too short to prove anything. */
  readonly id: string;
  readonly algorithm: NoteAlgorithmName;
  readonly publicKey: PublicKey;
}

/**
 * Reads a verifier key.
 *
 * @param text at most 4,096 characters
 * @returns frozen
 * @throws DecodeError `ERR_TOO_LARGE`; `ERR_KEY_FORMAT` not three parts, or an SPKI that is no P-256 key;
 *   `ERR_KEY_NAME`; `ERR_TEXT_ENCODING` of base64; `ERR_KEY_LENGTH`, `ERR_KEY_POINT`, `ERR_KEY_ORDER`;
 *   `ERR_KEY_ID`
 * @throws UnsupportedError `ERR_SCHEME` another signature type
 * @throws ArgumentTypeError
 */
export function parseVerifierKey(text: string): VerifierKey {
  if (typeof text !== 'string') throw new ArgumentTypeError('a verifier key must be a string');
  if (text.length > TEXT_LENGTH_MAX) throw failure('ERR_TOO_LARGE', 'too long');
  // Base64 has plus signs of its own, so only the first two part.
  const parts = /^([^+]*)\+([0-9a-f]{8})\+(.+)$/.exec(text);
  const [, name = '', id, encoded = ''] = parts ?? [];
  if (parts === null) throw failure('ERR_KEY_FORMAT', 'not name, id and key');
  if (!isKeyName(name)) throw failure('ERR_KEY_NAME', 'no key name');
  const typed = parseBase64(encoded);
  const algorithm = ALGORITHMS.find(({ type }) => type === typed[0]);
  if (algorithm === undefined) throw new UnsupportedError('ERR_SCHEME', 'unknown signature type of notes');
  const key = algorithm.parseKey(typed.subarray(1));
  if (key === undefined) throw failure('ERR_KEY_FORMAT', 'no SPKI of a P-256 key');
  const defect = algorithm.scheme.publicKeyDefect(key);
  if (defect !== undefined) throw failure(defect, `no ${algorithm.scheme.name} key`);
  const verifierKey = keyFrom(name, algorithm, key);
  if (verifierKey.id !== id) throw failure('ERR_KEY_ID', 'the id is not that of name and key');
  return verifierKey;
}

/** Writes a verifier key: what {@link parseVerifierKey} reads. @throws ArgumentTypeError, ArgumentRangeError */
export function encodeVerifierKey(verifierKey: VerifierKey): string {
  assertVerifierKey(verifierKey);
  const { name, id, publicKey } = verifierKey;
  const algorithm = algorithmOf(verifierKey);
  const typed = concatBytes(Uint8Array.of(algorithm.type), algorithm.encodeKey(publicKey.key));
  return `${name}+${id}+${encodeBase64(typed)}`;
}

/**
 * The verifier key of a public key under a name.
 *
 * @param description the name should be a URL without scheme that nobody else uses; one key must not serve
 *   under two names or two algorithms
 * @returns frozen
 * @throws ArgumentTypeError, ArgumentRangeError a name that is none, an algorithm that does not exist, or a key
 *   that is not of its scheme
 */
export function deriveVerifierKey(description: {
  readonly name: string;
  readonly algorithm: NoteAlgorithmName;
  readonly publicKey: PublicKey;
}): VerifierKey {
  assertObject(description, 'description');
  const { name, publicKey } = description;
  assertKeyName(name);
  const algorithm = algorithmOf(description);
  assertObject(publicKey, 'publicKey');
  const { scheme, key } = publicKey;
  if (scheme !== algorithm.scheme.id || algorithm.scheme.publicKeyDefect(key) !== undefined) {
    throw new ArgumentRangeError(`${algorithm.name} needs a public key of ${algorithm.scheme.name}`);
  }
  return keyFrom(name, algorithm, key);
}

/** The algorithm with this name. @throws ArgumentRangeError */
export function algorithmOf({ algorithm: name }: { readonly algorithm: NoteAlgorithmName }): NoteAlgorithm {
  const algorithm = ALGORITHMS.find((candidate) => candidate.name === name);
  if (algorithm === undefined) throw new ArgumentRangeError('unknown signature algorithm of notes');
  return algorithm;
}

/** Refuses what is no verifier key. Its parts are not derived again: it comes from the program. */
export function assertVerifierKey(value: unknown): asserts value is VerifierKey {
  assertObject(value, 'a verifier key');
  const { name, id, publicKey } = value as VerifierKey;
  assertKeyName(name);
  if (typeof id !== 'string') throw new ArgumentTypeError('the id of a verifier key must be a string');
  assertObject(publicKey, 'the public key of a verifier key');
  if (algorithmOf(value as VerifierKey).scheme.id !== publicKey.scheme) {
    throw new ArgumentRangeError('the public key of a verifier key is not of its algorithm');
  }
}

/** Whether two keys answer to one name and id: signatures cannot tell them apart. */
export function isSameSigner(
  a: { readonly name: string; readonly id: string },
  b: { readonly name: string; readonly id: string },
): boolean {
  return a.name === b.name && a.id === b.id;
}

/** Whether two verifier keys hold one public key, under whatever name and algorithm. */
export function isSamePublicKey(a: VerifierKey, b: VerifierKey): boolean {
  return equalBytes(a.publicKey.key, b.publicKey.key);
}

function keyFrom(name: string, algorithm: NoteAlgorithm, key: Uint8Array): VerifierKey {
  const id = encodeHex(sha256(algorithm.encodeKeyIdInput(name, key)).subarray(0, KEY_ID_LENGTH));
  const publicKey = Object.freeze({ scheme: algorithm.scheme.id, key: Uint8Array.from(key) });
  return Object.freeze({ name, id, algorithm: algorithm.name, publicKey });
}

function failure(code: ConstructorParameters<typeof DecodeError>[0], problem: string): DecodeError {
  return new DecodeError(code, STRUCTURE, 0, problem);
}
