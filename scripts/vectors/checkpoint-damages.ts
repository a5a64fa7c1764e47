/** Checkpoints with one thing wrong. A wrong text is signed anew: nothing but the rule in question refuses it. */
import { signatureLine, signNote, writeNote } from '../../test/reference/notes.js';
import { cosigned, policy, textOf } from './checkpoint-making.js';
import { nextDigit } from './note-key-damages.js';
import { logs, NOW_MS, ORIGIN, signer, w1, w2, w3, w4 } from './note-signers.js';
import { bytesOf } from './people.js';
import { cut, type Fields, longer, patched, text, type VectorFile } from './vector-file.js';

export function damagedCheckpoints(file: VectorFile): void {
  damagedTexts(file);
  damagedHeads(file);
  falseSignatures(file);
  tooFewWitnesses(file);
  outOfTime(file);
}

function damagedTexts(file: VectorFile): void {
  const TEXT = 'text';
  const whole = text(file.inputOf(TEXT)['text']);
  const root = whole.split('\n')[2] as string;
  const invalid = (code: string, damage: string, from: string | RegExp, to: string): void =>
    file.invalid(TEXT, code, damage, { text: whole.replace(from, to) });

  invalid('ERR_CHECKPOINT_FORMAT', 'no root', `${root}\n`, '');
  invalid('ERR_CHECKPOINT_FORMAT', 'an empty origin', ORIGIN, '');
  invalid('ERR_CHECKPOINT_FORMAT', 'a size with a leading zero', '\n15\n', '\n015\n');
  invalid('ERR_CHECKPOINT_FORMAT', 'a size with a sign', '\n15\n', '\n+15\n');
  file.invalid('text with extensions', 'ERR_CHECKPOINT_FORMAT', 'an empty extension line', {
    text: text(file.inputOf('text with extensions')['text']).replace('\none\n', '\n\n'),
  });
  invalid('ERR_INTEGER', 'a size of 2^53', '\n15\n', '\n9007199254740992\n');
  invalid('ERR_INTEGER', 'a size that is 15 if it is cut to 64 bits', '\n15\n', '\n18446744073709551631\n');
  invalid('ERR_TEXT_ENCODING', 'no padding of the root', '=', '');
  const spare = (end: string): string => `${nextDigit(end.charAt(0))}=`;
  file.invalid(TEXT, 'ERR_TEXT_ENCODING', 'trailing bits of the root that are not zero', {
    text: whole.replace(/.=/, spare),
  });
  invalid('ERR_TEXT_ENCODING', 'a space after the root', `${root}\n`, `${root} \n`);
  const bytes = Buffer.from(root, 'base64');
  invalid('ERR_LENGTH', 'a root of 31 bytes', root, cut(bytes).toString('base64'));
  invalid('ERR_LENGTH', 'a root of 33 bytes', root, longer(bytes).toString('base64'));
}

const ONE = 'checkpoint by ed25519';

function damagedHeads(file: VectorFile): void {
  const invalid = (code: string, damage: string, change: Fields): void =>
    file.invalid(ONE, code, damage, change);
  const saying = (body: string): Fields => ({ note: signNote(body, [logs.ed25519], NOW_MS) });

  invalid(
    'ERR_CHECKPOINT_ORIGIN',
    'another log, which has the same key',
    saying(textOf(5, { origin: 'b log' })),
  );
  invalid('ERR_CHECKPOINT_ORIGIN', 'asked for another log', { origin: 'example.com/log2' });
  invalid('ERR_CHECKPOINT_ORIGIN', 'asked for with a slash at the end', { origin: `${ORIGIN}/` });
  const EMPTY = 'checkpoint of an empty tree';
  file.invalid(
    EMPTY,
    'ERR_CHECKPOINT_EMPTY',
    'a root of zeros',
    saying(textOf(0, { root: Buffer.alloc(32) })),
  );
  file.invalid(EMPTY, 'ERR_CHECKPOINT_EMPTY', 'the root of a leaf', {
    ...saying(textOf(1).replace('\n1\n', '\n0\n')),
  });
  invalid('ERR_CHECKPOINT_FORMAT', 'signed, and no checkpoint', saying('Tuesday: all is well.\n'));
  invalid('ERR_CHECKPOINT_FORMAT', 'an empty line within', saying(textOf(5).replace(/$/, '\nextended\n')));
  invalid('ERR_INTEGER', 'a size of 2^53', saying(textOf(5).replace('\n5\n', '\n9007199254740992\n')));
  invalid('ERR_LENGTH', 'a root of 31 bytes', saying(textOf(5, { root: cut(bytesOf('a root')) })));

  const renewed = signer(ORIGIN, 'ed25519', 'new');
  invalid('ERR_NOTE_UNSIGNED', 'signed by a key that is not trusted', {
    note: signNote(textOf(5), [renewed], NOW_MS),
  });
  const WITNESSED = 'two of three witnesses';
  const note = text(file.inputOf(WITNESSED)['note']);
  file.invalid(WITNESSED, 'ERR_NOTE_UNSIGNED', 'the line of the log is missing', {
    note: note.replace(new RegExp(`— ${ORIGIN} .*\n`), ''),
  });
}

function falseSignatures(file: VectorFile): void {
  const invalid = (of: string, damage: string, note: string): void =>
    file.invalid(of, 'ERR_SIGNATURE', damage, { note });
  // Each of these lines is of a trusted key: true ones beside it do not help.
  const body = textOf(5);
  const first = signatureLine(logs.ed25519, body, NOW_MS);
  const ofThree = [w1, w2, w3].map((witness) => signatureLine(witness, body, NOW_MS));
  const [one, two, three] = ofThree as [typeof first, typeof first, typeof first];
  const withThird = (signature: Uint8Array): string =>
    writeNote({ text: body, signatures: [first, one, two, { ...three, signature }] });
  const THREE = 'three of three where two would do';
  const time = patched(three.signature, 7, Buffer.of((three.signature[7] as number) + 1));
  invalid(THREE, 'a cosignature one second later than signed', withThird(time));
  invalid(THREE, 'a cosignature without its time', withThird(three.signature.subarray(8)));
  const bare = signatureLine({ ...w3, key: { ...w3.key, algorithm: 'ed25519' } }, body, NOW_MS).signature;
  invalid(
    THREE,
    'a cosignature over the text alone',
    withThird(Buffer.concat([three.signature.subarray(0, 8), bare])),
  );

  // A tree head signs neither origin nor extensions.
  const head = logs['tree-head'];
  const signed = signatureLine(head, body, NOW_MS);
  invalid(
    'checkpoint by tree-head',
    'an extension line',
    writeNote({ text: `${body}extended\n`, signatures: [signed] }),
  );
  const elsewhere = { text: textOf(5, { origin: 'b log' }), signatures: [signed] };
  invalid('checkpoint by tree-head', 'another origin', writeNote(elsewhere));
}

function tooFewWitnesses(file: VectorFile): void {
  const TWO = 'two of three witnesses';
  const invalid = (of: string, damage: string, change: Fields): void =>
    file.invalid(of, 'ERR_WITNESSES', damage, change);
  invalid(TWO, 'one of them signed', { note: cosigned([w1]) });
  invalid(TWO, 'one of them signed twice', {
    note: writeNote({
      text: textOf(5),
      signatures: [
        signatureLine(logs.ed25519, textOf(5), NOW_MS),
        ...[0, 1000].map((ms) => signatureLine(w1, textOf(5), NOW_MS + ms)),
      ],
    }),
  });
  invalid(TWO, 'two signed, and one of them is not trusted', { note: cosigned([w1, w4]) });
  invalid(TWO, 'all three are asked for', { witnesses: policy(3, [w1, w2, w3]) });
  invalid('a group and a witness', 'two of one group signed', { note: cosigned([w1, w2]) });
}

function outOfTime(file: VectorFile): void {
  const [OLD, AHEAD, EITHER, GROUPS] = [
    'fresh: as old as it may be',
    'fresh: as far ahead as it may be',
    'fresh: one of two is, and one is needed',
    'fresh: in each of two groups',
  ];
  const late = (of: string, damage: string, change: Fields): void => {
    const freshness = { ...(file.inputOf(of)['freshness'] as Fields), ...change };
    file.invalid(of, 'ERR_CHECKPOINT_TIME', damage, { freshness });
  };
  late(OLD, 'a millisecond less is allowed', { maxAgeMs: 60_788 });
  late(AHEAD, 'a millisecond less is allowed', { maxAheadMs: 59_999 });
  file.invalid(EITHER, 'ERR_CHECKPOINT_TIME', 'both are needed', { witnesses: policy(2, [w1, w2]) });
  late(GROUPS, 'in one of two groups', { maxAgeMs: 45_000 });
  file.invalid(ONE, 'ERR_CHECKPOINT_TIME', 'a log whose signatures have no time', {
    freshness: { nowMs: NOW_MS, maxAgeMs: 2 ** 53 - 1, maxAheadMs: 0 },
  });
}
