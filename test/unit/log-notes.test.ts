import {
  appendSignatures,
  deriveVerifierKey,
  encodeNote,
  encodeVerifierKey,
  type NoteSignature,
  openNote,
  parseNote,
  parseVerifierKey,
  signNote,
  signNoteAsync,
} from 'contact-key-verification/log.js';
import { parsePublicKeyRaw } from 'contact-key-verification/keys.js';
import { ed25519, p256 } from 'contact-key-verification/suites.js';
import { describe, expect, it } from 'vitest';
import { bytesOf, everyAlgorithm, flipBit, NOW_MS, ORIGIN, signerOf, textOf } from '../support/log-notes.js';
import { outcome } from '../support/log-tree.js';

const signer = signerOf('example.com/foo', 'ed25519', 1);
const other = signerOf('example.com/bar', 'ecdsa', 2);
const stranger = signerOf('example.com/foo', 'ed25519', 3);
const TEXT = 'one\n\nthree: é\n';
const note = signNote(TEXT, [signer, other]);
const keys = [signer.key, other.key];
const line = textOf(signNote('x\n', [signer])).split('\n')[2] as string;

describe('a signed note', () => {
  it('is opened by the keys that signed it, and by no more than these', () => {
    const opened = openNote(note, keys);
    expect(opened.text).toBe(TEXT);
    expect(opened.signedBy).toEqual([
      { name: 'example.com/foo', id: signer.key.id, algorithm: 'ed25519' },
      { name: 'example.com/bar', id: other.key.id, algorithm: 'ecdsa' },
    ]);
    expect(openNote(note, [other.key]).signedBy.map(({ name }) => name)).toEqual(['example.com/bar']);
    expect(openNote(note, [encodeVerifierKey(signer.key)]).signedBy).toHaveLength(1);
    expect(Object.isFrozen(opened) && Object.isFrozen(opened.signedBy)).toBe(true);
  });

  it('is written as it was read', () => {
    expect(encodeNote(parseNote(note))).toEqual(note);
    expect(textOf(note)).toContain('three: é\n\n— example.com/foo ');
  });

  it('keeps empty lines of its text: the last empty line of the note parts', () => {
    const text = 'a\n\n— example.com/foo is quoted here\n\n';
    expect(openNote(signNote(text, [signer]), keys).text).toBe(text);
  });

  it('is signed later by signers that answer later, with the same result', async () => {
    const later = { key: signer.key, sign: async (message: Uint8Array) => signer.sign(message) };
    await expect(signNoteAsync(TEXT, [later, other])).resolves.toEqual(note);
    expect(outcome(() => signNote(TEXT, [later as unknown as typeof signer]))).toBe('ERR_ARGUMENT_TYPE');
  });
});

describe('what is no note', () => {
  const good = textOf(signNote('text\n', [signer]));
  const damages: readonly (readonly [string, string | Uint8Array, string])[] = [
    ['nothing', '', 'ERR_NOTE_FORMAT'],
    ['a text alone', 'text\n', 'ERR_NOTE_FORMAT'],
    ['no text before the empty line', `\n${line}\n`, 'ERR_NOTE_FORMAT'],
    ['no signature', 'text\n\n', 'ERR_NOTE_FORMAT'],
    ['an empty line at the end', `${good}\n`, 'ERR_NOTE_FORMAT'],
    ['no newline at the end', good.slice(0, -1), 'ERR_NOTE_FORMAT'],
    ['a text line among the signatures', `${good}text\n`, 'ERR_NOTE_FORMAT'],
    ['a hyphen instead of the dash', good.replace('—', '-'), 'ERR_NOTE_FORMAT'],
    ['no space after the dash', good.replace('— ', '—'), 'ERR_NOTE_FORMAT'],
    ['a no-break space after the dash', good.replace('— ', '—\u00a0'), 'ERR_NOTE_FORMAT'],
    ['no signature after the name', 'text\n\n— name\n', 'ERR_NOTE_FORMAT'],
    ['an empty name', good.replace('— example.com/foo', '— '), 'ERR_KEY_NAME'],
    ['a plus in the name', good.replace('/foo', '/f+o'), 'ERR_KEY_NAME'],
    ['a no-break space in the name', good.replace('/foo', '/f\u00a0o'), 'ERR_KEY_NAME'],
    ['a line separator in the name', good.replace('/foo', '/f\u2028o'), 'ERR_KEY_NAME'],
    ['two spaces before the signature', good.replace('/foo ', '/foo  '), 'ERR_TEXT_ENCODING'],
    ['a space after the signature', good.replace(/\n$/, ' \n'), 'ERR_TEXT_ENCODING'],
    ['base64 without padding', good.replace('=\n', '\n'), 'ERR_TEXT_ENCODING'],
    ['base64 with a trailing bit', 'text\n\n— name AAAAAAB=\n', 'ERR_TEXT_ENCODING'],
    ['an empty signature', 'text\n\n— name \n', 'ERR_LENGTH'],
    ['a key id and no signature', 'text\n\n— name AAAAAA==\n', 'ERR_LENGTH'],
    ['a tab', good.replace('text', 'te\tt'), 'ERR_NOTE_CHARACTER'],
    ['a carriage return', good.replaceAll('\n', '\r\n'), 'ERR_NOTE_CHARACTER'],
    ['a zero byte', good.replace('text', 'te\0t'), 'ERR_NOTE_CHARACTER'],
    ['a byte that is no UTF-8', Buffer.concat([Buffer.from([0xff]), Buffer.from(good)]), 'ERR_UTF8'],
    ['an overlong encoding', Buffer.concat([Buffer.from([0xc1, 0xa1]), Buffer.from(good)]), 'ERR_UTF8'],
    ['a surrogate in UTF-8', Buffer.concat([Buffer.from([0xed, 0xa0, 0x80]), Buffer.from(good)]), 'ERR_UTF8'],
    ['101 signatures', `${good}${`${line}\n`.repeat(100)}`, 'ERR_LENGTH'],
    ['a byte too many', bytesOf('x'.repeat(2 ** 20 + 1 - bytesOf(good).length) + good), 'ERR_TOO_LARGE'],
  ];

  it.each(damages)('%s', (_, damaged, code) => {
    const bytes = typeof damaged === 'string' ? bytesOf(damaged) : Uint8Array.from(damaged);
    expect(outcome(() => parseNote(bytes))).toBe(code);
    expect(outcome(() => openNote(bytes, keys))).toBe(code);
  });

  it('begins just beyond the bounds', () => {
    expect(parseNote(bytesOf(`${good}${`${line}\n`.repeat(99)}`)).signatures).toHaveLength(100);
    expect(outcome(() => parseNote(bytesOf('x'.repeat(2 ** 20 - bytesOf(good).length) + good)))).toBe(
      'accepted',
    );
    expect(outcome(() => parseNote(good as unknown as Uint8Array))).toBe('ERR_ARGUMENT_TYPE');
  });
});

describe('signatures', () => {
  it('of strangers are ignored, though they share a name, or an id', () => {
    const both = signNote(TEXT, [stranger, signer]);
    expect(openNote(both, [signer.key]).signedBy).toHaveLength(1);
    expect(outcome(() => openNote(signNote(TEXT, [stranger]), [signer.key]))).toBe('ERR_NOTE_UNSIGNED');
    const [own] = parseNote(signNote(TEXT, [signer])).signatures as [NoteSignature];
    const renamed = encodeNote({ text: TEXT, signatures: [{ ...own, name: 'x' }] });
    expect(outcome(() => openNote(renamed, [signer.key]))).toBe('ERR_NOTE_UNSIGNED');
  });

  it('of a trusted key refuse the note where one is false, whatever else is true', () => {
    const [first, second] = parseNote(note).signatures as [NoteSignature, NoteSignature];
    const falsified = { ...second, signature: flipBit(second.signature, 100) };
    for (const signatures of [
      [first, falsified],
      [falsified, first],
      [first, second, falsified],
    ]) {
      expect(outcome(() => openNote(encodeNote({ text: TEXT, signatures }), keys))).toBe('ERR_SIGNATURE');
    }
    const bytes = encodeNote({ text: TEXT, signatures: [first, falsified] });
    expect(openNote(bytes, [signer.key]).signedBy).toHaveLength(1);
  });

  it('that come twice count once', () => {
    const [first] = parseNote(note).signatures as [NoteSignature];
    const twice = encodeNote({ text: TEXT, signatures: [first, first] });
    expect(openNote(twice, keys).signedBy).toHaveLength(1);
  });

  it.each(everyAlgorithm.map((one) => [one.key.algorithm, one] as const))(
    'of %s cover the text, and are no signature of another length',
    (_, one) => {
      const text = `${ORIGIN}\n1\n${Buffer.alloc(32, 1).toString('base64')}\n`;
      const signed = parseNote(signNote(text, [one], { nowMs: NOW_MS }));
      const [only] = signed.signatures as [NoteSignature];
      const open = (changed: string, signature: Uint8Array): string =>
        outcome(() =>
          openNote(encodeNote({ text: changed, signatures: [{ ...only, signature }] }), [one.key]),
        );
      expect(open(text, only.signature)).toBe('accepted');
      expect(open(text.replace('\n1\n', '\n2\n'), only.signature)).toBe('ERR_SIGNATURE');
      expect(open(text, only.signature.subarray(1))).toBe('ERR_SIGNATURE');
      expect(open(text, only.signature.subarray(0, -1))).toBe('ERR_SIGNATURE');
      expect(open(text, Uint8Array.of(...only.signature, 0))).toBe('ERR_SIGNATURE');
      expect(open(text, Uint8Array.of(1))).toBe('ERR_SIGNATURE');
    },
  );

  it.each(['cosignature', 'tree-head'] as const)('of %s are made of checkpoints only', (algorithm) => {
    const one = everyAlgorithm.find(({ key }) => key.algorithm === algorithm) as typeof signer;
    const root = Buffer.alloc(32, 1).toString('base64');
    const signed = parseNote(signNote(`${ORIGIN}\n1\n${root}\n`, [one], { nowMs: NOW_MS }));
    const text = `${ORIGIN}\n01\n${root}\n`;
    expect(outcome(() => signNote(text, [one], { nowMs: NOW_MS }))).toBe('ERR_ARGUMENT_RANGE');
    expect(outcome(() => openNote(encodeNote({ ...signed, text }), [one.key]))).toBe('ERR_SIGNATURE');
  });

  it('of tree heads bind the origin to the name of the key, and allow no extension lines', () => {
    const one = everyAlgorithm[3] as typeof signer;
    const root = Buffer.alloc(32, 1).toString('base64');
    const signed = parseNote(signNote(`${ORIGIN}\n1\n${root}\n`, [one], { nowMs: NOW_MS }));
    for (const text of [`${ORIGIN}/2\n1\n${root}\n`, `${ORIGIN}\n1\n${root}\nmore\n`]) {
      expect(outcome(() => openNote(encodeNote({ ...signed, text }), [one.key]))).toBe('ERR_SIGNATURE');
      expect(outcome(() => signNote(text, [one], { nowMs: NOW_MS }))).toBe('ERR_ARGUMENT_RANGE');
    }
  });

  it('of tree heads name their algorithms and length, and a time that is a number', () => {
    const one = everyAlgorithm[3] as typeof signer;
    const text = `${ORIGIN}\n1\n${Buffer.alloc(32, 1).toString('base64')}\n`;
    const signed = parseNote(signNote(text, [one], { nowMs: NOW_MS }));
    const [only] = signed.signatures as [NoteSignature];
    const at = (offset: number, byte: number): string => {
      const signature = Uint8Array.from(only.signature);
      signature[offset] = byte;
      return outcome(() => openNote(encodeNote({ text, signatures: [{ ...only, signature }] }), [one.key]));
    };
    expect(at(0, 0)).toBe('accepted');
    expect(at(0, 255)).toBe('ERR_SIGNATURE');
    expect(at(7, 0)).toBe('ERR_SIGNATURE');
    expect([at(8, 4), at(9, 3), at(10, 0)]).toEqual(['accepted', 'accepted', 'accepted']);
    expect([at(8, 2), at(9, 1), at(10, 1), at(11, 0)]).toEqual(
      Array.from({ length: 4 }, () => 'ERR_SIGNATURE'),
    );
  });

  it('that a signer makes wrongly are not passed on', () => {
    const wrong = { key: signer.key, sign: (message: Uint8Array) => stranger.sign(message) };
    expect(outcome(() => signNote(TEXT, [wrong]))).toBe('ERR_SIGNATURE');
    const short = { key: signer.key, sign: () => new Uint8Array(63) };
    expect(outcome(() => signNote(TEXT, [short]))).toBe('ERR_SIGNATURE');
    const [r, s] = [
      other.privateKey.sign(bytesOf(TEXT)).slice(0, 32),
      other.privateKey.sign(bytesOf(TEXT)).slice(32),
    ];
    const padded = { key: other.key, sign: () => Uint8Array.of(...r, 0, ...s) };
    expect(outcome(() => signNote(TEXT, [padded]))).toBe('ERR_SIGNATURE');
    const meddling = { key: signer.key, sign: (message: Uint8Array) => signer.sign(message.fill(0)) };
    expect(outcome(() => signNote(TEXT, [meddling, other]))).toBe('ERR_SIGNATURE');
  });
});

describe('adding signatures', () => {
  const lines = (signed: Uint8Array): Uint8Array => bytesOf(textOf(signed).split('\n\n').at(-1) as string);
  const alone = signNote('text\n', [signer]);

  it('keeps the others, and replaces those of the same key', () => {
    const added = appendSignatures(alone, lines(signNote('text\n', [other])));
    expect(added).toEqual(signNote('text\n', [signer, other]));
    expect(appendSignatures(added, lines(alone))).toEqual(signNote('text\n', [other, signer]));
  });

  it('takes signature lines only', () => {
    expect(outcome(() => appendSignatures(alone, new Uint8Array(0)))).toBe('ERR_NOTE_FORMAT');
    expect(outcome(() => appendSignatures(alone, bytesOf('text\n')))).toBe('ERR_NOTE_FORMAT');
    expect(outcome(() => appendSignatures(alone, bytesOf(line)))).toBe('ERR_NOTE_FORMAT');
    expect(outcome(() => appendSignatures(alone, bytesOf(`${line}\n\n`)))).toBe('ERR_NOTE_FORMAT');
    expect(outcome(() => appendSignatures(alone, bytesOf(`— a\tb AAAAAAA=\n`)))).toBe('ERR_KEY_NAME');
    expect(outcome(() => appendSignatures(alone, new Uint8Array(2 ** 20 + 1)))).toBe('ERR_ARGUMENT_RANGE');
  });
});

describe('what the program passes', () => {
  it.each([
    ['a text without newline', () => signNote('text', [signer])],
    ['a text with a tab', () => signNote('te\tt\n', [signer])],
    ['no signer', () => signNote('text\n', [])],
    ['one key twice', () => signNote('text\n', [signer, signer])],
    ['no trusted key', () => openNote(note, [])],
    ['one trusted key twice', () => openNote(note, [signer.key, encodeVerifierKey(signer.key)])],
    ['a name with a space', () => deriveVerifierKey({ ...signer.key, name: 'a b' })],
    ['no name', () => deriveVerifierKey({ ...signer.key, name: '' })],
    ['a key of another scheme', () => deriveVerifierKey({ ...signer.key, algorithm: 'ecdsa' })],
    ['an algorithm that is none', () => deriveVerifierKey({ ...signer.key, algorithm: 'rsa' as 'ecdsa' })],
    ['a key that is not of its algorithm', () => openNote(note, [{ ...signer.key, algorithm: 'ecdsa' }])],
    [
      'an id that is none',
      () => encodeNote({ text: TEXT, signatures: [{ name: 'a', id: '1', signature: note }] }),
    ],
    [
      'an empty signature',
      () =>
        encodeNote({ text: TEXT, signatures: [{ name: 'a', id: '00000000', signature: new Uint8Array(0) }] }),
    ],
    ['a note that is too large', () => encodeNote({ ...parseNote(note), text: `${'x'.repeat(2 ** 20)}\n` })],
  ] as const)('%s: ERR_ARGUMENT_RANGE', (_, run) => {
    expect(outcome(run)).toBe('ERR_ARGUMENT_RANGE');
  });

  it.each([
    ['a text that is none', () => signNote(1 as unknown as string, [signer])],
    ['keys that are no array', () => openNote(note, signer.key as unknown as [])],
    ['a key that is none', () => openNote(note, [1 as unknown as string])],
    [
      'no time where it is signed',
      () =>
        signNote(`${ORIGIN}\n1\n${Buffer.alloc(32).toString('base64')}\n`, [
          everyAlgorithm[2] as typeof signer,
        ]),
    ],
  ] as const)('%s: ERR_ARGUMENT_TYPE', (_, run) => {
    expect(outcome(run)).toBe('ERR_ARGUMENT_TYPE');
  });
});

describe('verifier keys', () => {
  it.each(everyAlgorithm.map(({ key }) => [key.algorithm, key] as const))(
    'of %s are read as written',
    (_, key) => {
      const text = encodeVerifierKey(key);
      expect(parseVerifierKey(text)).toEqual(key);
      expect(encodeVerifierKey(parseVerifierKey(text))).toBe(text);
    },
  );

  it('have another id under another name and algorithm, but ECDSA keys have one id', () => {
    const named = (name: string, algorithm: 'ed25519' | 'cosignature'): string =>
      signerOf(name, algorithm, 1).key.id;
    expect(new Set([named('a', 'ed25519'), named('b', 'ed25519'), named('a', 'cosignature')]).size).toBe(3);
    expect(signerOf('a', 'ecdsa', 1).key.id).toBe(signerOf('b', 'ecdsa', 1).key.id);
  });

  const good = encodeVerifierKey(signer.key);
  const spki = encodeVerifierKey(other.key);
  const typed = (type: number, key: Uint8Array): string =>
    `name+00000000+${Buffer.concat([Uint8Array.of(type), key]).toString('base64')}`;
  const smallOrder = new Uint8Array(32);
  smallOrder[0] = 1;

  it.each([
    ['nothing', '', 'ERR_KEY_FORMAT'],
    ['two parts', good.slice(0, good.lastIndexOf('+')), 'ERR_KEY_FORMAT'],
    ['an id in upper case', good.replace(signer.key.id, signer.key.id.toUpperCase()), 'ERR_KEY_FORMAT'],
    ['an id of seven digits', good.replace(signer.key.id, signer.key.id.slice(1)), 'ERR_KEY_FORMAT'],
    ['another id', good.replace(signer.key.id, '00000000'), 'ERR_KEY_ID'],
    ['another name', good.replace('/foo', '/fou'), 'ERR_KEY_ID'],
    ['a space in the name', good.replace('/foo', '/f o'), 'ERR_KEY_NAME'],
    ['no name', good.slice(good.indexOf('+')), 'ERR_KEY_NAME'],
    ['padding left out', spki.replace(/=+$/, ''), 'ERR_TEXT_ENCODING'],
    ['a space at the end', `${good} `, 'ERR_TEXT_ENCODING'],
    ['a newline at the end', `${good}\n`, 'ERR_KEY_FORMAT'],
    ['a type that is unknown', typed(0x03, signer.key.publicKey.key), 'ERR_SCHEME'],
    ['ML-DSA-44', typed(0x06, new Uint8Array(1312)), 'ERR_SCHEME'],
    ['a key that is too short', typed(0x01, new Uint8Array(31)), 'ERR_KEY_LENGTH'],
    ['a key that is too long', typed(0x04, new Uint8Array(33)), 'ERR_KEY_LENGTH'],
    ['no key', typed(0x01, new Uint8Array(0)), 'ERR_KEY_LENGTH'],
    ['no point of the curve', typed(0x01, new Uint8Array(32).fill(0xff)), 'ERR_KEY_POINT'],
    ['a point of small order', typed(0x01, smallOrder), 'ERR_KEY_ORDER'],
    ['a point without its SPKI', typed(0x02, other.key.publicKey.key), 'ERR_KEY_FORMAT'],
    [
      'an SPKI of no point',
      typed(0x05, Buffer.from(spki.split('+').slice(2).join('+'), 'base64').subarray(1).fill(1, 40)),
      'ERR_KEY_POINT',
    ],
    ['4,097 characters', 'x'.repeat(4097), 'ERR_TOO_LARGE'],
  ])('are refused with %s', (_, text, code) => {
    expect(outcome(() => parseVerifierKey(text))).toBe(code);
  });

  it('hold their own copy of the key', () => {
    const raw = Uint8Array.from(signer.key.publicKey.key);
    const key = deriveVerifierKey({
      name: 'a',
      algorithm: 'ed25519',
      publicKey: parsePublicKeyRaw(ed25519, raw),
    });
    raw.fill(0);
    expect(key.publicKey).toEqual(signer.key.publicKey);
    expect(p256.id).toBe(other.key.publicKey.scheme);
  });
});
