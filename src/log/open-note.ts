/**
 * Opening signed notes: from outside bytes and trusted keys to a text that one of them signed.
 *
 * The rules are those of C2SP signed-note, and where it leaves room the stricter way:
 *
 * - a signature of a key that is not trusted is ignored, also where name or id alone is that of a trusted one;
 * - a false signature of a trusted key refuses the note, whatever else is true;
 * - a line that comes twice counts once; further lines of one key must be true as well, and the newest counts.
 */

import { ArgumentRangeError, ArgumentTypeError, VerificationError } from '../errors.js';
import type { NoteAlgorithmName } from './note-algorithm.js';
import { type NoteSignature, parseNote, type SignedNote } from './signed-note.js';
import {
  algorithmOf,
  assertVerifierKey,
  isSameSigner,
  parseVerifierKey,
  type VerifierKey,
} from './verifier-key.js';

declare const verified: unique symbol;

/** Who signed: a trusted key whose signature is true. Frozen. */
export interface VerifiedSignature {
  readonly name: string;
  readonly id: string;
  readonly algorithm: NoteAlgorithmName;
  /** When it says it was made, in milliseconds since 1970; absent where the algorithm signs no time. */
  readonly timestampMs?: number;
}

/** A note that at least one trusted key signed. Only {@link openNote} makes one. Frozen. */
export interface VerifiedNote {
  /** Ends with a newline. */
  readonly text: string;
  /** One for each trusted key that signed, in the order of their first lines; 1 or more. */
  readonly signedBy: readonly VerifiedSignature[];
  readonly [verified]: 'note';
}

/**
 * Opens a signed note: its text, if a trusted key signed it.
 *
 * **Not proven**: when it was signed (but for timestamped algorithms), and that it is the newest of its kind.
 *
 * @param noteBytes at most 2^20 bytes, read in place
 * @param keys trusted keys, 1 or more, as text or parsed; no two of one name and id
 * @returns frozen and fresh
 * @throws DecodeError as `parseNote`, and as `parseVerifierKey` for keys given as text
 * @throws VerificationError `ERR_SIGNATURE` a false signature of a trusted key; `ERR_NOTE_UNSIGNED` none of a
 *   trusted key
 * @throws ArgumentTypeError, ArgumentRangeError
 * @example
 * const { text } = openNote(bytes, ['example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k']);
 */
export function openNote(noteBytes: Uint8Array, keys: readonly (VerifierKey | string)[]): VerifiedNote {
  const trusted = resolveKeys(keys, 'keys');
  const note = parseNote(noteBytes);
  const signedBy = verifySignatures(note, trusted);
  assertSigned(signedBy);
  return Object.freeze({ text: note.text, signedBy }) as VerifiedNote;
}

/** Refuses a note that nobody trusted signed. @throws VerificationError `ERR_NOTE_UNSIGNED` */
export function assertSigned(signedBy: readonly VerifiedSignature[]): void {
  if (signedBy.length === 0)
    throw new VerificationError('ERR_NOTE_UNSIGNED', 'no trusted key signed the note');
}

/**
 * Trusted keys, parsed where they are text.
 *
 * Two of one name and id are refused at once and not first when a note names them: nobody could say which of
 * them a signature claims to be of.
 * @throws ArgumentTypeError, ArgumentRangeError, and as `parseVerifierKey`
 */
export function resolveKeys(keys: readonly (VerifierKey | string)[], name: string): readonly VerifierKey[] {
  if (!Array.isArray(keys)) throw new ArgumentTypeError(`${name} must be an array`);
  const resolved: VerifierKey[] = [];
  for (const key of keys as readonly (VerifierKey | string)[]) {
    const verifierKey = typeof key === 'string' ? parseVerifierKey(key) : key;
    assertVerifierKey(verifierKey);
    if (resolved.some((other) => isSameSigner(other, verifierKey))) {
      throw new ArgumentRangeError(`${name} must not hold two keys of one name and id`);
    }
    resolved.push(verifierKey);
  }
  if (resolved.length === 0) throw new ArgumentRangeError(`${name} must not be empty`);
  return resolved;
}

/**
 * The signatures of trusted keys, all of them checked; none where none is there.
 * @throws VerificationError `ERR_SIGNATURE`
 */
export function verifySignatures(
  note: SignedNote,
  trusted: readonly VerifierKey[],
): readonly VerifiedSignature[] {
  const newest = new Map<VerifierKey, VerifiedSignature>();
  const seen = new Set<string>();
  for (const line of note.signatures) {
    const key = trusted.find((candidate) => isSameSigner(candidate, line));
    if (key === undefined) continue;
    const content = `${line.name} ${line.id} ${line.signature.join()}`;
    if (seen.has(content)) continue;
    seen.add(content);
    const signature = verifySignature(key, note.text, line);
    const before = newest.get(key);
    if (before === undefined || (signature.timestampMs ?? 0) > (before.timestampMs ?? 0)) {
      newest.set(key, signature);
    }
  }
  return Object.freeze([...newest.values()]);
}

/** One signature, checked. @throws VerificationError `ERR_SIGNATURE` */
export function verifySignature(key: VerifierKey, text: string, line: NoteSignature): VerifiedSignature {
  const algorithm = algorithmOf(key);
  const opened = algorithm.parseSignature(line.signature);
  const message = opened && algorithm.encodeMessage(text, opened.timestampMs ?? 0, key.name);
  if (
    opened === undefined ||
    message === undefined ||
    !algorithm.scheme.isValidSignature(key.publicKey.key, message, opened.signature)
  ) {
    throw new VerificationError('ERR_SIGNATURE', "a trusted key's signature of the note is false");
  }
  const { name, id } = key;
  const { timestampMs } = opened;
  return Object.freeze({
    name,
    id,
    algorithm: algorithm.name,
    ...(timestampMs === undefined ? {} : { timestampMs }),
  });
}
