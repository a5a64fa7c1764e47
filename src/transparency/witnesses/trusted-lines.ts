/** Notes without what is not trusted: anybody can add signature lines to a note, so whoever keeps one keeps few. */

import { encodeNote, parseNote } from '../../log/signed-note.js';
import { isSameSigner, type VerifierKey } from '../../log/verifier-key.js';

/**
 * The note with the first line of each key, and no others.
 * @param note opened before with these keys, one of which signed
 * @returns fresh
 * @throws DecodeError as `parseNote`
 */
export function withLinesOf(note: Uint8Array, keys: readonly VerifierKey[]): Uint8Array {
  const { text, signatures } = parseNote(note);
  const lines = keys.map((key) => signatures.find((line) => isSameSigner(key, line)));
  return encodeNote({ text, signatures: lines.filter((line) => line !== undefined) });
}
