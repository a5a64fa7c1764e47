/** Notes with one thing wrong. */
import { readDer } from '../../test/reference/ecdsa-der.js';
import {
  type Note,
  signatureLine,
  signNote,
  writeNote,
  writeSignatureLine,
} from '../../test/reference/notes.js';
import { logs, NOW_MS, ORIGIN, signer, signerFrom, vkeys } from './note-signers.js';
import { bytes, flipped, hex, patched, text, type VectorFile } from './vector-file.js';

export function damagedNotes(file: VectorFile): void {
  damagedForms(file);
  damagedOpenings(file);
}

function damagedForms(file: VectorFile): void {
  const NOTE = 'note';
  const whole = bytes(file.inputOf(NOTE)['bytes']).toString();
  const invalid = (code: string, damage: string, note: string | Buffer): void =>
    file.invalid(NOTE, code, damage, { bytes: hex(Buffer.from(note)) });
  const changed = (code: string, damage: string, from: string | RegExp, to: string): void =>
    invalid(code, damage, whole.replace(from, to));

  changed('ERR_NOTE_FORMAT', 'no empty line', '\n\n', '\n');
  changed('ERR_NOTE_FORMAT', 'no signature', /—.*\n/, '');
  changed('ERR_NOTE_FORMAT', 'no newline at the end', /\n$/, '');
  changed('ERR_NOTE_FORMAT', 'a hyphen for the dash', '—', '-');
  changed('ERR_NOTE_FORMAT', 'a line that is no signature at the end', /$/, 'by hand\n');

  changed('ERR_NOTE_CHARACTER', 'a tab in the text', ' ', '\t');
  changed('ERR_NOTE_CHARACTER', 'a carriage return before the empty line', '\n\n', '\r\n\n');
  changed('ERR_NOTE_CHARACTER', 'a zero byte at the beginning', /^/, '\0');
  changed('ERR_NOTE_CHARACTER', 'an escape character in a key name', ORIGIN, `${ORIGIN}\u001b`);

  const raw = Buffer.from(whole);
  invalid('ERR_UTF8', 'a byte of Latin-1 in the text', patched(raw, 0, Buffer.of(0xfc)));
  invalid(
    'ERR_UTF8',
    'one of three bytes of the dash is another',
    patched(raw, raw.indexOf('—') + 2, Buffer.of(0x20)),
  );

  changed('ERR_KEY_NAME', 'a key name of no characters', ORIGIN, '');
  changed('ERR_KEY_NAME', 'a plus in a key name', ORIGIN, `${ORIGIN}+1`);
  changed('ERR_KEY_NAME', 'a no-break space in a key name', ORIGIN, `${ORIGIN}\u00a0`);

  changed('ERR_TEXT_ENCODING', 'no padding', /=+\n$/, '\n');
  changed('ERR_TEXT_ENCODING', 'a space after the signature', /\n$/, ' \n');
  changed('ERR_TEXT_ENCODING', 'two spaces before the signature', /(— \S+ )/, '$1 ');
  changed('ERR_TEXT_ENCODING', 'a character of base64url', /.{4}\n$/, '_$&');

  changed('ERR_LENGTH', 'a signature of no bytes', /\S+\n$/, 'AMD/7g==\n');
  changed('ERR_LENGTH', 'a key id of three bytes', /\S+\n$/, 'AMD/\n');
  const HUNDRED = 'note of 100 signatures';
  const hundred = bytes(file.inputOf(HUNDRED)['bytes']).toString();
  file.invalid(HUNDRED, 'ERR_LENGTH', 'one more', { bytes: hex(Buffer.from(`${hundred}— 100 AMD/7gE=\n`)) });
}

function damagedOpenings(file: VectorFile): void {
  const [ONE, ALL] = ['opened', 'opened: each algorithm'];
  const note = text(file.inputOf(ONE)['note']);
  const body = note.slice(0, note.lastIndexOf('\n\n') + 1);
  const line = signatureLine(logs.ed25519, body, NOW_MS);
  const signed = (...signatures: Note['signatures']): { note: string } => ({
    note: writeNote({ text: body, signatures }),
  });

  const invalid = (
    of: string,
    code: string,
    damage: string,
    change: { note: string } | { keys: string[] },
  ): void => file.invalid(of, code, damage, change);
  invalid(ONE, 'ERR_SIGNATURE', 'another text', { note: note.replace('Tuesday', 'Wednesday') });
  invalid(ONE, 'ERR_SIGNATURE', 'a false line of the same key after the true one', {
    note: note + writeSignatureLine({ ...line, signature: flipped(line.signature, 63) }),
  });
  const all = text(file.inputOf(ALL)['note']);
  const lastLine = all.trimEnd().split('\n').at(-1) as string;
  const last = Buffer.from(lastLine.split(' ')[2] as string, 'base64');
  invalid(ALL, 'ERR_SIGNATURE', 'three true signatures and one bit of the fourth', {
    note: all.replace(last.toString('base64'), flipped(last, -1).toString('base64')),
  });
  const EC = 'opened: ECDSA';
  const ecdsa = signatureLine(logs.ecdsa, body, NOW_MS);
  invalid(
    EC,
    'ERR_SIGNATURE',
    'r and s without DER',
    signed({ ...ecdsa, signature: readDer(ecdsa.signature) }),
  );
  invalid(
    EC,
    'ERR_SIGNATURE',
    'a byte after the DER',
    signed({
      ...ecdsa,
      signature: Buffer.concat([ecdsa.signature, Buffer.of(0)]),
    }),
  );

  const stranger = signer('stranger.example', 'ed25519');
  const unsigned = (damage: string, change: { note: string } | { keys: string[] }): void =>
    invalid(ONE, 'ERR_NOTE_UNSIGNED', damage, change);
  unsigned('signed by a stranger', { note: signNote(body, [stranger], NOW_MS) });
  unsigned('another key of the same name is trusted', { keys: vkeys(signer(ORIGIN, 'ed25519', 'new')) });
  unsigned('the same key is trusted as another type', {
    keys: vkeys(signerFrom(ORIGIN, 'cosignature', logs.ed25519.pair)),
  });
  unsigned('the name in another case', signed({ ...line, name: ORIGIN.toUpperCase() }));
  unsigned('another id', signed({ ...line, id: stranger.key.id }));
  invalid(ONE, 'ERR_NOTE_FORMAT', 'the text alone', { note: body });
}
