/**
 * Signed notes as they are written (C2SP signed-note v1.0.0): a text, an empty line, and signature lines. This
 * file reads and writes them; what is read is not yet verified.
 *
 *     example.com/log              ┐
 *     15                           │ text, with its last newline
 *     rKbDipCvhuX1GZ7g5BBe8s…      ┘
 *                                    the last empty line of the note: a text may hold earlier ones
 *     — example.com/log M9e0luh4…    em dash, space, key name, space, base64(key id[4] ‖ signature)
 *
 * Stricter than the specification asks: base64 has its trailing bits zero, so one note has one spelling.
 *
 * | bound | value |
 * | --- | --- |
 * | a note | 2^20 bytes |
 * | signatures of a note | 1 to 100, as in Go's implementation; the specification asks for 16 |
 */

import { assertObject } from '../bytes/arguments.js';
import { assertBytes, concatBytes } from '../bytes/compare.js';
import { encodeBase64, encodeHex, encodeUtf8, parseBase64, parseHex, parseUtf8 } from '../bytes/text.js';
import { ArgumentRangeError, ArgumentTypeError, DecodeError } from '../errors.js';

/** Bytes of a note at most, its own signatures included. */
export const NOTE_MAX_BYTES: number = 2 ** 20;
/** Signatures of a note at most. */
export const NOTE_MAX_SIGNATURES = 100;

const STRUCTURE = 'SignedNote';
const NEWLINE = 0x0a;
const FIRST_PRINTABLE = 0x20;
const KEY_ID_LENGTH = 4;
const SIGNATURE_LINE_START = '— ';

/** A signature line, read but not verified. Frozen. */
export interface NoteSignature {
  /** The key's name: not empty, without spaces and plus. */
  readonly name: string;
  /** The key's id, 8 hexadecimal digits: with the name it tells keys apart, and is no proof of any. */
  readonly id: string;
  /** What the key's algorithm makes of it; 1 byte or more. */
  readonly signature: Uint8Array;
}

/** A note as it is written. Whoever has not verified a signature must not use its text. */
export interface SignedNote {
  /** Ends with a newline. */
  readonly text: string;
  /** 1 to 100, in the order of their lines. */
  readonly signatures: readonly NoteSignature[];
}

/**
 * Reads a signed note. **Verifies nothing**: use `openNote` or `openCheckpoint`; this is for those who pass
 * notes on.
 *
 * @param bytes at most 2^20; read in place
 * @returns frozen, its arrays fresh
 * @throws DecodeError `ERR_TOO_LARGE`; `ERR_NOTE_CHARACTER`; `ERR_UTF8`; `ERR_NOTE_FORMAT`; `ERR_LENGTH` more
 *   than 100 signatures, or one of no bytes; `ERR_KEY_NAME`; `ERR_TEXT_ENCODING` of base64
 */
export function parseNote(bytes: Uint8Array): SignedNote {
  assertBytes(bytes, 'a note');
  if (bytes.length > NOTE_MAX_BYTES) throw failure('ERR_TOO_LARGE', 0, `over ${NOTE_MAX_BYTES} bytes`);
  const control = bytes.findIndex((byte) => byte < FIRST_PRINTABLE && byte !== NEWLINE);
  if (control >= 0) throw failure('ERR_NOTE_CHARACTER', control, 'a control character');
  const note = parseUtf8(bytes);
  const blank = note.lastIndexOf('\n\n');
  if (blank < 0) throw failure('ERR_NOTE_FORMAT', 0, 'no empty line before the signatures');
  const text = note.slice(0, blank + 1);
  return Object.freeze({ text, signatures: parseSignatureLines(note.slice(blank + 2)) });
}

/**
 * Writes a signed note: what {@link parseNote} reads. Checks its form, not its signatures.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError a text without its last newline or with a control character, a
 *   name or id that is none, no signature or more than 100, or a note over 2^20 bytes
 */
export function encodeNote(note: SignedNote): Uint8Array {
  assertObject(note, 'note');
  const text = encodeNoteText(note.text);
  const lines = encodeSignatureLines(note.signatures);
  const bytes = concatBytes(text, Uint8Array.of(NEWLINE), lines);
  if (bytes.length > NOTE_MAX_BYTES)
    throw new ArgumentRangeError(`a note has at most ${NOTE_MAX_BYTES} bytes`);
  return bytes;
}

/**
 * The bytes of a text that can be a note's.
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function encodeNoteText(text: string): Uint8Array {
  if (typeof text !== 'string') throw new ArgumentTypeError('a note text must be a string');
  const bytes = encodeUtf8(text);
  if (bytes.at(-1) !== NEWLINE) throw new ArgumentRangeError('a note text must end with a newline');
  if (bytes.some((byte) => byte < FIRST_PRINTABLE && byte !== NEWLINE)) {
    throw new ArgumentRangeError('a note text must hold no control character but newline');
  }
  return bytes;
}

/**
 * Reads signature lines alone: what follows a note's empty line, or what a witness answers.
 * @throws DecodeError as {@link parseNote}
 */
export function parseSignatureLines(lines: string): readonly NoteSignature[] {
  if (!lines.endsWith('\n'))
    throw failure('ERR_NOTE_FORMAT', 0, 'no signature line, or no newline at its end');
  // No more pieces than a legal note can have are made, however many lines there are.
  const pieces = lines.slice(0, -1).split('\n', NOTE_MAX_SIGNATURES + 1);
  if (pieces.length > NOTE_MAX_SIGNATURES) {
    throw failure('ERR_LENGTH', 0, `over ${NOTE_MAX_SIGNATURES} signatures`);
  }
  return Object.freeze(pieces.map(parseSignatureLine));
}

/** Writes signature lines. @throws ArgumentTypeError, ArgumentRangeError */
export function encodeSignatureLines(signatures: readonly NoteSignature[]): Uint8Array {
  if (!Array.isArray(signatures)) throw new ArgumentTypeError('signatures must be an array');
  if (signatures.length < 1 || signatures.length > NOTE_MAX_SIGNATURES) {
    throw new ArgumentRangeError(`a note has 1 to ${NOTE_MAX_SIGNATURES} signatures`);
  }
  return concatBytes(...(signatures as readonly NoteSignature[]).map(encodeSignatureLine));
}

function parseSignatureLine(line: string): NoteSignature {
  if (!line.startsWith(SIGNATURE_LINE_START))
    throw failure('ERR_NOTE_FORMAT', 0, 'a line that is no signature');
  const fields = line.slice(SIGNATURE_LINE_START.length);
  const space = fields.indexOf(' ');
  if (space < 0) throw failure('ERR_NOTE_FORMAT', 0, 'a signature line without a signature');
  const name = fields.slice(0, space);
  if (!isKeyName(name)) throw failure('ERR_KEY_NAME', 0, 'no key name');
  const blob = parseBase64(fields.slice(space + 1));
  if (blob.length <= KEY_ID_LENGTH) throw failure('ERR_LENGTH', 0, 'a signature of no bytes');
  const id = encodeHex(blob.subarray(0, KEY_ID_LENGTH));
  return Object.freeze({ name, id, signature: blob.slice(KEY_ID_LENGTH) });
}

function encodeSignatureLine({ name, id, signature }: NoteSignature): Uint8Array {
  assertKeyName(name);
  if (typeof id !== 'string' || !/^[0-9a-f]{8}$/.test(id)) {
    throw new ArgumentRangeError('a key id must be 8 hexadecimal digits');
  }
  assertBytes(signature, 'a signature');
  if (signature.length === 0) throw new ArgumentRangeError('a signature must not be empty');
  const blob = encodeBase64(concatBytes(parseHex(id), signature));
  return encodeUtf8(`${SIGNATURE_LINE_START}${name} ${blob}\n`);
}

/**
 * What a key's name must not hold, as ranges of code points: controls and the space, DEL to the no-break space, the other
 * characters with the property White_Space, lone surrogates, and the plus. (No `\p{…}`: older Hermes engines cannot
 * compile it.)
 */
const NOT_IN_NAMES: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x20],
  [0x2b, 0x2b],
  [0x7f, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xd800, 0xdfff],
];

/** Whether a string can be a key's name: not empty, no Unicode space, no plus, no control character. */
export function isKeyName(name: string): boolean {
  return (
    name !== '' &&
    Array.from(name).every((character) => {
      const code = character.codePointAt(0) as number;
      return NOT_IN_NAMES.every(([first, last]) => code < first || code > last);
    })
  );
}

/** @throws ArgumentTypeError, ArgumentRangeError */
export function assertKeyName(name: unknown): asserts name is string {
  if (typeof name !== 'string') throw new ArgumentTypeError('a key name must be a string');
  if (!isKeyName(name))
    throw new ArgumentRangeError('a key name must hold no space and no plus, and something');
}

function failure(
  code: ConstructorParameters<typeof DecodeError>[0],
  offset: number,
  problem: string,
): DecodeError {
  return new DecodeError(code, STRUCTURE, offset, problem);
}
