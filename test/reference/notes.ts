/**
 * Signed notes, by C2SP signed-note: "a text ending in newline, followed by a blank line (only a newline), followed
 * by one or more signature lines". Where the specification leaves a choice, the library's is taken: at most 100
 * signatures, base64 in one spelling, and one false signature of a trusted key refuses the note.
 */
import { concat, demand } from './encoding.js';
import { isKeyName, type NoteAlgorithm, type NoteKey } from './note-keys.js';
import { noteSignature, type NoteSigner, type Time, verifyNoteSignature } from './note-signatures.js';
import { fromText, fromUtf8 } from './text.js';

export type SignatureLine = { readonly name: string; readonly id: string; readonly signature: Uint8Array };
export type Note = { readonly text: string; readonly signatures: readonly SignatureLine[] };
export type SignedBy = {
  readonly name: string;
  readonly id: string;
  readonly algorithm: NoteAlgorithm;
  readonly timestampMs: Time;
};

const MOST_SIGNATURES = 100;

// ------------------------------------------------------------------------------------- writing

/** "em dash, space, key name, space, base64-encoded signature, newline" */
export function writeSignatureLine({ name, id, signature }: SignatureLine): string {
  return `— ${name} ${concat(Buffer.from(id, 'hex'), signature).toString('base64')}\n`;
}

export function writeNote({ text, signatures }: Note): string {
  return `${text}\n${signatures.map(writeSignatureLine).join('')}`;
}

/** The line of a signer under a text. */
export function signatureLine(signer: NoteSigner, text: string, nowMs: number): SignatureLine {
  const { name, id } = signer.key;
  return { name, id, signature: noteSignature(signer, text, nowMs) };
}

export function signNote(text: string, signers: readonly NoteSigner[], nowMs: number): string {
  return writeNote({ text, signatures: signers.map((signer) => signatureLine(signer, text, nowMs)) });
}

// ------------------------------------------------------------------------------------- reading

export function readNote(bytes: Uint8Array): Note {
  demand(
    bytes.every((byte) => byte >= 0x20 || byte === 0x0a),
    'note-character',
  );
  const note = fromUtf8(bytes);
  // "the text is separated from the signatures by the last empty line in the note"
  const end = note.lastIndexOf('\n\n');
  demand(end >= 0, 'note-form');
  const lines = note.slice(end + 2).split('\n');
  demand(lines.pop() === '', 'note-form'); // after the last newline
  demand(lines.length >= 1, 'note-form');
  demand(lines.length <= MOST_SIGNATURES, 'vector-length');
  return { text: note.slice(0, end + 1), signatures: lines.map(readSignatureLine) };
}

function readSignatureLine(line: string): SignatureLine {
  const [dash, name, ...rest] = line.split(' ');
  demand(dash === '—' && name !== undefined && rest.length > 0, 'note-form');
  demand(isKeyName(name as string), 'key-name');
  const blob = fromText('base64', rest.join(' '));
  demand(blob.length > 4, 'vector-length');
  return { name: name as string, id: blob.toString('hex', 0, 4), signature: blob.subarray(4) };
}

// ------------------------------------------------------------------------------------- opening

/**
 * Who of the trusted signed. "The tuple of key name and key ID uniquely identifies the key": another one is unknown,
 * and ignored. One key counts once, with its newest time, in the order of the first lines.
 */
export function signersOf({ text, signatures }: Note, trusted: readonly NoteKey[]): SignedBy[] {
  const signedBy: SignedBy[] = [];
  for (const line of signatures) {
    const key = trusted.find(({ name, id }) => name === line.name && id === line.id);
    if (key === undefined) continue;
    const { name, id, algorithm } = key;
    const signed = { name, id, algorithm, timestampMs: verifyNoteSignature(key, text, line.signature) };
    const at = signedBy.findIndex((earlier) => earlier.name === name && earlier.id === id);
    if (at < 0) signedBy.push(signed);
    else if (Number(signed.timestampMs) > Number(signedBy[at]?.timestampMs)) signedBy[at] = signed;
  }
  return signedBy;
}

/** "The text MUST be ignored unless the note is signed by a trusted key and the signature has been verified." */
export function openNote(
  bytes: Uint8Array,
  trusted: readonly NoteKey[],
): { text: string; signedBy: SignedBy[] } {
  const note = readNote(bytes);
  const signedBy = signersOf(note, trusted);
  demand(signedBy.length > 0, 'note-unsigned');
  return { text: note.text, signedBy };
}
