/** Device lists on their way into a log, and the heads that devices tell each other. */
import { encodeSignedDeviceList, type SignedDeviceList } from '../../test/reference/device-list.js';
import { compareSeenHeads, publish, readSeenHeads } from '../../test/reference/directory.js';
import { concat, fixed, uint, vector } from '../../test/reference/encoding.js';
import { IDENTIFIER, story } from './device-list-story.js';
import { bytes, cut, hex, type Json, longer, number, patched, VectorFile } from './vector-file.js';

export function directory(): VectorFile {
  const file = new VectorFile(
    'directory',
    'What a directory lets into its log (Publication), and the heads that devices tell each other (SeenHeads).',
    {
      Publication: (input) => {
        const [known, newest] = [input['known'] ?? null, input['newest'] ?? null];
        const id = publish(
          bytes(input['identifier']),
          known === null ? -1 : number(known),
          newest === null ? undefined : bytes(newest),
          bytes(input['signed']),
        );
        return { listId: id === undefined ? null : hex(id) };
      },
      SeenHeads: (input) => ({
        heads: readSeenHeads(bytes(input['encoded'])).map(({ position, root }) => ({
          position,
          root: hex(root),
        })),
      }),
      SeenHeadsComparison: (input) => ({
        outcome: compareSeenHeads(bytes(input['own']), bytes(input['peer'])),
      }),
    },
  );
  addPublications(file);
  addHeads(file);
  addComparisons(file);
  return file;
}

const encoded = (signed: SignedDeviceList): string => hex(encodeSignedDeviceList(signed));

function addPublications(file: VectorFile): void {
  const [first, second, third] = Object.values(story).map(encoded) as [string, string, string];
  const identifier = hex(IDENTIFIER);
  const add = (name: string, known: number | null, newest: string | null, signed: string): void => {
    file.valid('Publication', name, { identifier, known, newest, signed });
  };
  add('the first list', null, null, first);
  add('the next list', 0, first, second);
  add('somebody who has missed a list', 0, second, second);
  add('somebody who knows of none', null, first, first);
  file.invalid('the first list', 'ERR_LIST_SEQUENCE', 'a later list', { signed: second });
  file.invalid('the first list', 'ERR_KNOWN_VERSION', 'a list is known that is not there', { known: 0 });
  file.invalid('the next list', 'ERR_LIST_SEQUENCE', 'the list that is there', { signed: first });
  file.invalid('the next list', 'ERR_LIST_GAP', 'the list after it', { signed: third });
  file.invalid('the next list', 'ERR_KNOWN_VERSION', 'a list is known that is not there yet', { known: 1 });
  file.invalid('the first list', 'ERR_LIST_IDENTIFIER', 'another identifier', {
    identifier: hex(Buffer.from('tel:+1')),
  });
  file.invalid('the next list', 'ERR_TRUNCATED', 'the last byte is missing', {
    signed: hex(cut(bytes(second))),
  });
}

type Heads = readonly (readonly [position: number, letter: number])[];

const encode = (heads: Heads): Buffer =>
  concat(
    uint(1, 1),
    vector(
      255,
      heads.map(([position, letter]) => concat(uint(8, position), fixed(32, Buffer.alloc(32, letter)))),
    ),
  );

function addHeads(file: VectorFile): void {
  const two = encode([
    [31, 0xa1],
    [2 ** 53 - 1, 0xb2],
  ]);
  file.valid('SeenHeads', 'no heads', { encoded: hex(encode([])) });
  file.valid('SeenHeads', 'two heads', { encoded: hex(two) });
  const damage = (code: string, name: string, changed: Uint8Array): void =>
    file.invalid('two heads', code, name, { encoded: hex(changed) });
  damage('ERR_VERSION', 'version 2', patched(two, 0, Buffer.of(2)));
  damage('ERR_TRUNCATED', 'the last byte is missing', cut(two));
  damage('ERR_TRUNCATED', 'a count of three', patched(two, 1, Buffer.of(3)));
  damage('ERR_TRAILING_BYTES', 'a zero follows', longer(two));
  damage(
    'ERR_INTEGER',
    'a position above 2^53 - 1',
    patched(two, 42, Buffer.from('0020000000000000', 'hex')),
  );
  damage('ERR_ORDER', 'a position twice', patched(two, 42, uint(8, 31)));
  damage('ERR_ORDER', 'positions that fall', patched(two, 42, uint(8, 30)));
  damage('ERR_TOO_LARGE', 'more than 255 heads take', Buffer.alloc(2 + 255 * 40 + 1, 1));
}

function addComparisons(file: VectorFile): void {
  const add = (name: string, own: Heads, peer: Heads, expected: string): void => {
    for (const [who, a, b] of [
      ['', own, peer],
      [', the other way round', peer, own],
    ] as const) {
      const input: Record<string, Json> = { own: hex(encode(a)), peer: hex(encode(b)) };
      const { outcome } = file.valid('SeenHeadsComparison', `${name}${who}`, input);
      if (outcome !== expected) throw new Error(`${name}: ${JSON.stringify(outcome)}`);
    }
  };
  const [a, b, c, d] = [
    [31, 0xa1],
    [47, 0xb2],
    [55, 0xc3],
    [63, 0xd4],
  ] as const;
  add('the same heads', [a, b, c], [a, b, c], 'none');
  add('heads that overlap', [a, b, c], [b, c, d], 'none');
  add('heads that do not reach each other', [a, b], [c, d], 'none');
  add('none and some', [], [c, d], 'none');
  add('another root', [a, b, c], [b, [55, 0xc4], d], 'fork');
  add('one head less in between', [a, b, c], [a, c], 'fork');
  add('no head in common, one after the other', [a, c], [b, d], 'fork');
}
