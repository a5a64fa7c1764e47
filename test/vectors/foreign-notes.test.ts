/** Signed notes, checkpoints, verifier keys and tile paths of golang.org/x/mod, C2SP and transparency-dev/formats. */

import {
  createTileSink,
  encodeNote,
  encodeTilePath,
  encodeVerifierKey,
  hashLeaf,
  openCheckpoint,
  openNote,
  parseCheckpointText,
  encodeCheckpointText,
  parseNote,
  parseTilePath,
  parseVerifierKey,
  planRoot,
  planTiles,
  signNote,
} from 'contact-key-verification/log.js';
import { parsePrivateKeyRaw } from 'contact-key-verification/keys.js';
import { ed25519 } from 'contact-key-verification/suites.js';
import { expect, test } from 'vitest';
import { checkCorpus, fromBase64, utf8 } from '../support/foreign.js';
import { leafList, flat, outcome } from '../support/log-tree.js';

// --- golang.org/x/mod -------------------------------------------------------------------------------------------

interface GoNotes {
  readonly skey: string;
  readonly vkeys: Readonly<Record<string, string>>;
  readonly text: string;
  readonly signed_by_peter: string;
  readonly bad_vkeys: readonly string[];
  readonly open_cases: readonly {
    readonly name: string;
    readonly note_b64: string;
    readonly vkeys: readonly string[];
    readonly verified?: readonly string[];
    readonly unverified?: readonly string[];
    readonly error: string | null;
  }[];
}

/** What each of Go's cases comes to here. */
const GO_OUTCOMES: Readonly<Record<string, string>> = {
  'no verifiable signatures': 'ERR_ARGUMENT_RANGE', // no trusted key at all: the program's fault
  'ambiguous (duplicate) verifier': 'ERR_ARGUMENT_RANGE',
  '101 signatures': 'ERR_LENGTH',
  'invalid signature': 'ERR_SIGNATURE',
  'malformed: text only': 'ERR_NOTE_FORMAT',
  'malformed: text+blank': 'ERR_NOTE_FORMAT',
  'malformed: missing final newline': 'ERR_NOTE_FORMAT',
  'malformed: control char 0x01': 'ERR_NOTE_CHARACTER',
  'malformed: invalid utf8 0xff': 'ERR_UTF8',
  'malformed: space in key name, no final newline': 'ERR_NOTE_FORMAT',
  'malformed: unexpected trailing line': 'ERR_NOTE_FORMAT',
};

/** Where this library deviates from Go's, and why. */
const GO_DEVIATIONS: Readonly<Record<string, string>> = {
  'unused duplicate verifier': 'two trusted keys of one name and id are refused before any note is read',
};

test('golang-mod signed notes', () =>
  checkCorpus('golang-mod', 15, async (files, runCase) => {
    const { open_cases: cases } = files.json<GoNotes>('signed-note.extracted.json');
    for (const { name, note_b64: note, vkeys, verified, unverified, error } of cases) {
      await runCase(name, () => {
        const bytes = fromBase64(note);
        const result = outcome(() => openNote(bytes, vkeys));
        if (name in GO_DEVIATIONS) {
          expect(error).toBeNull();
          expect(result).toBe('ERR_ARGUMENT_RANGE');
          expect(openNote(bytes, [...new Set(vkeys)]).signedBy.map((by) => by.name)).toEqual(verified);
          return;
        }
        expect(result).toBe(error === null ? 'accepted' : GO_OUTCOMES[name]);
        if (error !== null) return;
        const { signedBy } = openNote(bytes, vkeys);
        expect(signedBy.map((by) => by.name)).toEqual(verified);
        const lines = new Set(
          parseNote(bytes).signatures.map((line) => `${line.name} ${line.signature.join()}`),
        );
        const others = [...lines]
          .map((line) => line.split(' ')[0])
          .filter((by) => !verified?.includes(by as string));
        expect(others).toEqual(unverified);
      });
    }
  }));

test('golang-mod signing', () =>
  checkCorpus('golang-mod', 1, async (files, runCase) => {
    const { skey, vkeys, text, signed_by_peter: signed } = files.json<GoNotes>('signed-note.extracted.json');
    await runCase('PeterNeumann', () => {
      const seed = fromBase64(skey.split('+').slice(4).join('+')).subarray(1);
      const privateKey = parsePrivateKeyRaw(ed25519, seed);
      const key = parseVerifierKey(vkeys['PeterNeumann'] as string);
      const note = signNote(text, [{ key, sign: (message) => privateKey.sign(message) }]);
      expect(note).toEqual(utf8(signed));
      expect(encodeNote(parseNote(note))).toEqual(note);
    });
  }));

test('golang-mod verifier keys', () =>
  checkCorpus('golang-mod', 136, async (files, runCase) => {
    const { vkeys, bad_vkeys: bad } = files.json<GoNotes>('signed-note.extracted.json');
    for (const [name, vkey] of Object.entries(vkeys)) {
      await runCase(name, () => expect(encodeVerifierKey(parseVerifierKey(vkey))).toBe(vkey));
    }
    const damaged = [...bad];
    const peter = vkeys['PeterNeumann'] as string;
    for (let i = 0; i < peter.length; i++) {
      damaged.push(peter.slice(0, i));
      damaged.push(peter.slice(0, i) + String.fromCharCode(peter.charCodeAt(i) + 1) + peter.slice(i + 1));
    }
    for (const vkey of damaged) {
      await runCase(`bad ${vkey}`, () =>
        expect(outcome(() => parseVerifierKey(vkey))).toMatch(/^ERR_(?!ARGUMENT)/),
      );
    }
  }));

interface GoTree {
  readonly tree: { readonly text: string; readonly N: number; readonly hash_is_leaf_hash_of: string };
  readonly bad_trees: readonly string[];
  readonly tile_path_fuzz_seeds: readonly string[];
  readonly new_tiles_counts_h10: readonly (readonly [number, number, number])[];
}

test('golang-mod trees', () =>
  checkCorpus('golang-mod', 4, async (files, runCase) => {
    const { tree, bad_trees: bad } = files.json<GoTree>('tlog.extracted.json');
    await runCase('tree', () => {
      const checkpoint = parseCheckpointText(tree.text);
      expect(checkpoint.treeSize).toBe(tree.N);
      expect(checkpoint.root).toEqual(hashLeaf(utf8(tree.hash_is_leaf_hash_of)));
      expect(encodeCheckpointText(checkpoint)).toBe(tree.text);
    });
    // The first has another origin, which is not for a parser of any log's checkpoints to judge.
    const codes = ['accepted', 'ERR_CHECKPOINT_FORMAT', 'ERR_TEXT_ENCODING'];
    for (const [i, text] of bad.entries()) {
      await runCase(`bad tree ${i}`, () => {
        expect(outcome(() => parseCheckpointText(text))).toBe(codes[i]);
        if (codes[i] === 'accepted')
          expect(parseCheckpointText(text).origin).not.toBe('go.sum database tree');
      });
    }
  }));

test('golang-mod tile paths', () =>
  checkCorpus('golang-mod', 8, async (files, runCase) => {
    const accepted = new Map([
      ['tile/4/0/001', { height: 4, level: 0, index: 1, width: 16 }],
      ['tile/4/0/001.p/5', { height: 4, level: 0, index: 1, width: 5 }],
      ['tile/3/5/x123/x456/078', { height: 3, level: 5, index: 123_456_078, width: 8 }],
      ['tile/3/5/x123/x456/078.p/2', { height: 3, level: 5, index: 123_456_078, width: 2 }],
      ['tile/1/0/x003/x057/500', { height: 1, level: 0, index: 3_057_500, width: 2 }],
    ]);
    for (const path of files.json<GoTree>('tlog.extracted.json').tile_path_fuzz_seeds) {
      await runCase(path, () => {
        const expected = accepted.get(path);
        if (expected === undefined) {
          expect(outcome(() => parseTilePath(path, 'sumdb'))).toBe('ERR_TILE_PATH');
        } else {
          expect(parseTilePath(path, 'sumdb')).toEqual(expected);
          expect(encodeTilePath(expected, 'sumdb')).toBe(path);
        }
      });
    }
  }));

test('golang-mod new tiles', () =>
  checkCorpus('golang-mod', 7, async (files, runCase) => {
    for (const [older, newer, count] of files.json<GoTree>('tlog.extracted.json').new_tiles_counts_h10) {
      await runCase(`${older} to ${newer}`, () => {
        const plan = planTiles({ treeSize: older, nodes: planRoot(older).nodes, height: 10 });
        const tiles = plan.tiles.map(({ width }) => new Uint8Array(32 * width));
        const sink = createTileSink({ height: 10, state: { treeSize: older, tiles } });
        // Which nodes are complete in the newer tree and not in the older one; what they hash to does not matter.
        for (let level = 0; 2 ** level <= newer; level++) {
          const [from, to] = [Math.floor(older / 2 ** level), Math.floor(newer / 2 ** level)];
          sink.onNodes({ level, index: from, hashes: flat(leafList(to - from)) });
        }
        expect(sink.takeTiles(newer)).toHaveLength(count);
      });
    }
  }));

// --- C2SP -------------------------------------------------------------------------------------------------------

interface Specifications {
  readonly signed_note_with_vkey: { readonly vkey: string; readonly note: string };
  readonly signed_note_illustrative: readonly string[];
  readonly checkpoint_illustrative: readonly string[];
  readonly cosigned_checkpoint_illustrative: readonly string[];
}

test('C2SP examples', () =>
  checkCorpus('c2sp-specs', 5, async (files, runCase) => {
    const examples = files.json<Specifications>('c2sp-spec-examples.json');
    const { vkey, note } = examples.signed_note_with_vkey;
    await runCase('signed note', () => {
      expect(openNote(utf8(note), [vkey]).text).toBe('This is an example message.\n');
      expect(outcome(() => openNote(utf8(note.replace('This', 'That')), [vkey]))).toBe('ERR_SIGNATURE');
    });
    for (const text of examples.signed_note_illustrative) {
      await runCase('illustration of a note', () => {
        const parsed = parseNote(utf8(text));
        expect(parsed.text.split('\n')).toContain('');
        expect(encodeNote(parsed)).toEqual(utf8(text));
        expect(outcome(() => openNote(utf8(text), [vkey]))).toBe('ERR_NOTE_UNSIGNED');
      });
    }
    for (const text of examples.checkpoint_illustrative) {
      await runCase('illustration of a checkpoint', () => {
        expect(parseCheckpointText(parseNote(utf8(text)).text).treeSize).toBe(20_852_163);
      });
    }
    for (const text of examples.cosigned_checkpoint_illustrative) {
      await runCase('illustration of a cosignature', () => {
        const { signatures } = parseNote(utf8(text));
        expect(signatures.map(({ signature }) => signature.length)).toEqual([64, 8 + 64]);
        expect(signatures.map(({ name }) => name)).toEqual([
          'example.com/behind-the-sofa',
          'witness.example.com/w1',
        ]);
      });
    }
    // The "behind-the-sofa" checkpoint is one of the Go checksum database under another origin.
    await runCase('the real checkpoint behind an illustration', () => {
      const sumdb = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8';
      const printed = examples.checkpoint_illustrative[0] as string;
      const named = printed.replace('— example.com/behind-the-sofa', '— sum.golang.org');
      const real = named.replace(/^example.com\/behind-the-sofa/, 'go.sum database tree');
      expect(openCheckpoint(utf8(real), { origin: 'go.sum database tree', keys: [sumdb] }).treeSize).toBe(
        20_852_163,
      );
      const policy = { origin: 'example.com/behind-the-sofa', keys: [sumdb] };
      expect(outcome(() => openCheckpoint(utf8(printed), policy))).toBe('ERR_NOTE_UNSIGNED');
      expect(outcome(() => openCheckpoint(utf8(named), policy))).toBe('ERR_SIGNATURE');
    });
  }));

// --- transparency-dev/formats -----------------------------------------------------------------------------------

interface Formats {
  readonly rfc6962_type05: {
    readonly rome2024h1: { readonly vkey: string; readonly checkpoint: string };
    readonly argon2024: {
      readonly vkey: string;
      readonly sth: {
        readonly tree_size: number;
        readonly timestamp: number;
        readonly sha256_root_hash: string;
        readonly tree_head_signature: string;
      };
    };
  };
  readonly ecdsa_type02: readonly { readonly name: string; readonly vkey: string; readonly note: string }[];
  readonly ecdsa_bad_vkeys: readonly string[];
  readonly checkpoint_parse_ok: readonly string[];
  readonly checkpoint_parse_reject: readonly string[];
}

test('transparency-dev/formats RFC 6962 heads', () =>
  checkCorpus('transparency-dev-formats', 3, async (files, runCase) => {
    const { rome2024h1: rome, argon2024: argon } =
      files.json<Formats>('formats.extracted.json').rfc6962_type05;
    const policy = { origin: 'rome.ct.filippo.io/2024h1', keys: [rome.vkey] };
    await runCase('Rome 2024h1', () => {
      const head = openCheckpoint(utf8(rome.checkpoint), policy);
      expect(head.treeSize).toBe(115_474_666);
      expect(head.signedBy[0]?.timestampMs).toBe(1_711_519_390_034);
      expect(encodeVerifierKey(parseVerifierKey(rome.vkey))).toBe(rome.vkey);
    });
    await runCase('Rome 2024h1 under another name', () => {
      expect(outcome(() => openCheckpoint(utf8(`B0rked${rome.checkpoint}`), policy))).toBe('ERR_SIGNATURE');
      const tall = rome.checkpoint.replace('115474666', '115474667');
      expect(outcome(() => openCheckpoint(utf8(tall), policy))).toBe('ERR_SIGNATURE');
    });
    await runCase('Argon 2024', () => {
      const { name, id } = parseVerifierKey(argon.vkey);
      const {
        tree_size: size,
        timestamp,
        sha256_root_hash: root,
        tree_head_signature: signature,
      } = argon.sth;
      const time = Buffer.alloc(8);
      time.writeBigUInt64BE(BigInt(timestamp));
      const line = Buffer.concat([Buffer.from(id, 'hex'), time, fromBase64(signature)]).toString('base64');
      const note = utf8(`${name}\n${size}\n${root}\n\n— ${name} ${line}\n`);
      const head = openCheckpoint(note, { origin: name, keys: [argon.vkey] });
      expect(head.signedBy[0]?.timestampMs).toBe(timestamp);
    });
  }));

test('transparency-dev/formats ECDSA', () =>
  checkCorpus('transparency-dev-formats', 7, async (files, runCase) => {
    const { ecdsa_type02: good, ecdsa_bad_vkeys: bad } = files.json<Formats>('formats.extracted.json');
    for (const { name, vkey, note } of good) {
      await runCase(name, () => {
        const origin = note.slice(0, note.indexOf('\n'));
        expect(openCheckpoint(utf8(note), { origin, keys: [vkey] }).signedBy[0]?.algorithm).toBe('ecdsa');
        expect(outcome(() => openNote(utf8(`x${note}`), [vkey]))).toBe('ERR_SIGNATURE');
      });
    }
    const codes = ['ERR_KEY_FORMAT', 'ERR_TEXT_ENCODING', 'ERR_SCHEME', 'ERR_KEY_FORMAT', 'ERR_KEY_ID'];
    for (const [i, vkey] of bad.entries()) {
      await runCase(`bad ${vkey}`, () => expect(outcome(() => parseVerifierKey(vkey))).toBe(codes[i]));
    }
  }));

test('transparency-dev/formats checkpoints', () =>
  checkCorpus('transparency-dev-formats', 10, async (files, runCase) => {
    const formats = files.json<Formats>('formats.extracted.json');
    for (const [i, text] of formats.checkpoint_parse_ok.entries()) {
      // All three deviate: their roots are words and no SHA-256, which this library refuses.
      await runCase(`accepted there ${i}`, () => {
        expect(outcome(() => parseCheckpointText(text))).toBe('ERR_LENGTH');
        const [origin, size, , ...extensions] = text.slice(0, -1).split('\n');
        const root = Buffer.alloc(32, 7).toString('base64');
        const mended = parseCheckpointText(`${[origin, size, root, ...extensions].join('\n')}\n`);
        expect(mended).toMatchObject({ origin, treeSize: Number(size), extensions });
      });
    }
    const codes = [
      'ERR_CHECKPOINT_FORMAT',
      'ERR_CHECKPOINT_FORMAT',
      'ERR_CHECKPOINT_FORMAT',
      'ERR_CHECKPOINT_FORMAT',
      'ERR_CHECKPOINT_FORMAT',
      'ERR_INTEGER',
      'ERR_TEXT_ENCODING',
    ];
    for (const [i, text] of formats.checkpoint_parse_reject.entries()) {
      await runCase(`refused there ${i}`, () =>
        expect(outcome(() => parseCheckpointText(text))).toBe(codes[i]),
      );
    }
  }));
