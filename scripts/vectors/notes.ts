/** Signed notes: verifier keys, the form of notes, opening and signing them. */
import { Reader } from '../../test/reference/encoding.js';
import { encodePublicKey, readPublicKey } from '../../test/reference/keys.js';
import { noteKey, readNoteKey, writeNoteKey } from '../../test/reference/note-keys.js';
import {
  type Note,
  openNote,
  readNote,
  signatureLine,
  signNote,
  writeNote,
} from '../../test/reference/notes.js';
import { otherS } from '../../test/reference/rfc6979.js';
import { readDer, writeDer } from '../../test/reference/ecdsa-der.js';
import { damagedNotes } from './note-damages.js';
import { damagedNoteKeys } from './note-key-damages.js';
import {
  algorithmOf,
  ALGORITHMS,
  keysOf,
  logs,
  NOW_MS,
  ORIGIN,
  signedByFields,
  signer,
  signerFields,
  signerOf,
  vkey,
  vkeys,
} from './note-signers.js';
import { bytesOf, ed25519 } from './people.js';
import { firstOf } from './points.js';
import { bytes, type Fields, hex, list, number, text, VectorFile } from './vector-file.js';

const TEXT = 'Tuesday: all is well.\n';

function judgeKey(input: Fields): Fields {
  const { name, id, algorithm, publicKey } = readNoteKey(text(input['text']));
  return { name, id, algorithm, publicKey: hex(encodePublicKey(publicKey)) };
}

function judgeKeyOf(input: Fields): Fields {
  const publicKey = readPublicKey(new Reader(bytes(input['publicKey'])));
  return { text: writeNoteKey(noteKey(text(input['name']), algorithmOf(input['algorithm']), publicKey)) };
}

function judgeForm(input: Fields): Fields {
  const note = readNote(bytes(input['bytes']));
  const signatures = note.signatures.map((line) => ({ ...line, signature: hex(line.signature) }));
  return { text: note.text, signatures };
}

function judgeOpening(input: Fields): Fields {
  const opened = openNote(Buffer.from(text(input['note'])), keysOf(input['keys']));
  return { text: opened.text, signedBy: signedByFields(opened.signedBy) };
}

export function notes(): VectorFile {
  const file = new VectorFile(
    'notes',
    'Signed notes of C2SP: verifier keys of four signature types, the form of notes, opening and signing them.',
    {
      VerifierKey: judgeKey,
      VerifierKeyOf: judgeKeyOf,
      SignedNote: judgeForm,
      OpenedNote: judgeOpening,
      NoteOf: (input) => {
        const signers = list(input['signers']).map(signerOf);
        return { note: signNote(text(input['text']), signers, number(input['nowMs'])) };
      },
    },
  );
  addKeys(file);
  damagedNoteKeys(file);
  addForms(file);
  addOpenings(file);
  damagedNotes(file);
  addSignings(file);
  return file;
}

function addKeys(file: VectorFile): void {
  for (const algorithm of ALGORITHMS) {
    file.valid('VerifierKey', `key: ${algorithm}`, { text: vkey(logs[algorithm]) });
    const { name, publicKey } = logs[algorithm].key;
    const fields = { name, algorithm, publicKey: hex(encodePublicKey(publicKey)) };
    file.valid('VerifierKeyOf', `key of ${algorithm}`, fields);
  }
  file.valid('VerifierKey', 'key: a name beyond ASCII', { text: vkey(signer('züri.example/📜', 'ed25519')) });
  // Base64 has plus signs of its own: only the first two part the text.
  const seed = firstOf('a key with a plus in base64', (candidate) => hasPlus(candidate.toString('hex')));
  file.valid('VerifierKey', 'key: a plus within the base64', {
    text: writeNoteKey(noteKey(ORIGIN, 'ed25519', ed25519(seed.toString('hex')).publicKey)),
  });
}

const hasPlus = (name: string): boolean =>
  Buffer.concat([Buffer.of(1), ed25519(name).publicKey.key])
    .toString('base64')
    .includes('+');

// ------------------------------------------------------------------------------------- notes

const form = (note: Note): Fields => ({ bytes: hex(Buffer.from(writeNote(note))) });
const short = (name: string): Note['signatures'][number] => ({
  name,
  id: '00c0ffee',
  signature: Buffer.of(1),
});

function addForms(file: VectorFile): void {
  const line = signatureLine(logs.ed25519, TEXT, NOW_MS);
  const add = (name: string, note: Note): void => void file.valid('SignedNote', name, form(note));
  add('note', { text: TEXT, signatures: [line] });
  add('note of two signatures', { text: TEXT, signatures: [line, short('somebody')] });
  add('note with empty lines in its text', { text: '\none\n\ntwo\n\n', signatures: [line] });
  add('note whose text is one empty line', { text: '\n', signatures: [line] });
  add('note with a signature line in its text', { text: `one\n\n— a AMD/7gE=\n`, signatures: [line] });
  add('note beyond ASCII', { text: 'Zürich 📜\u00a0\u2028\n', signatures: [short('é📜')] });
  add('note with a delete character', { text: 'one\u007f\n', signatures: [line] });
  add('note of 100 signatures', {
    text: TEXT,
    signatures: Array.from({ length: 100 }, (_, i) => short(`${i}`)),
  });
}

function addOpenings(file: VectorFile): void {
  const add = (name: string, note: string, ...keys: string[]): void =>
    void file.valid('OpenedNote', name, { note, keys });
  const ed = logs.ed25519;
  const line = signatureLine(ed, TEXT, NOW_MS);
  const note = writeNote({ text: TEXT, signatures: [line] });
  add('opened', note, vkey(ed));
  add('opened: of several trusted keys one signed', note, ...vkeys(logs.ecdsa, ed, logs.cosignature));
  const all = ALGORITHMS.map((algorithm) => logs[algorithm]);
  const checkpoint = `${ORIGIN}\n3\n${bytesOf('a root').toString('base64')}\n`;
  add('opened: each algorithm', signNote(checkpoint, all, NOW_MS), ...vkeys(...all));

  const stranger = signer('stranger.example', 'ed25519');
  add('opened: a stranger signed too', signNote(TEXT, [stranger, ed], NOW_MS), vkey(ed));
  const others = [
    { name: ORIGIN, id: stranger.key.id, signature: Buffer.alloc(64) },
    { name: 'stranger.example', id: ed.key.id, signature: Buffer.alloc(64) },
    { name: ORIGIN.toUpperCase(), id: ed.key.id, signature: Buffer.alloc(64) },
  ];
  const signatures = [...others, line];
  add('opened: name or id alone is not the key', writeNote({ text: TEXT, signatures }), vkey(ed));
  add('opened: one line twice', writeNote({ text: TEXT, signatures: [line, line] }), vkey(ed));
  const cosigner = logs.cosignature;
  const times = [NOW_MS, NOW_MS + 5000, NOW_MS - 5000];
  const timed = times.map((time) => signatureLine(cosigner, checkpoint, time));
  add(
    'opened: three times by one key, the newest counts',
    writeNote({ text: checkpoint, signatures: timed }),
    vkey(cosigner),
  );

  const ecdsa = signatureLine(logs.ecdsa, TEXT, NOW_MS);
  add('opened: ECDSA', writeNote({ text: TEXT, signatures: [ecdsa] }), vkey(logs.ecdsa));
  const other = { ...ecdsa, signature: writeDer(otherS(readDer(ecdsa.signature))) };
  add('opened: ECDSA, the other s', writeNote({ text: TEXT, signatures: [other] }), vkey(logs.ecdsa));
  const long = 'A text of two paragraphs.\n\nThe second ends here.\n';
  add('opened: an empty line in the text', signNote(long, [ed], NOW_MS), vkey(ed));
}

function addSignings(file: VectorFile): void {
  const add = (name: string, body: string, ...algorithms: (typeof ALGORITHMS)[number][]): void => {
    const signers = algorithms.map((algorithm) => signerFields(logs[algorithm]));
    file.valid('NoteOf', name, { text: body, signers, nowMs: NOW_MS });
  };
  add('signed: Ed25519', TEXT, 'ed25519');
  add('signed: ECDSA', TEXT, 'ecdsa');
  const checkpoint = `${ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n`;
  add('signed: each algorithm', checkpoint, ...ALGORITHMS);
}
