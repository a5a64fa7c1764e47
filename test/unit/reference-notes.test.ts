/** The oracle's notes, checkpoints and tiles against published ones of other implementations. */
import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cosign, openCheckpoint, type CheckpointPolicy } from '../reference/checkpoints.js';
import { Refusal } from '../reference/encoding.js';
import { ED25519, keyPairFrom } from '../reference/keys.js';
import { noteKey, readNoteKey, writeNoteKey } from '../reference/note-keys.js';
import { openNote, readNote, writeNote } from '../reference/notes.js';
import { readTilePath, writeTilePath } from '../reference/tile-paths.js';
import { openTiles, placesOf, tileOf, tilesFor, widthOf } from '../reference/tile-tree.js';
import { contentOf, tilesOf } from '../reference/tiles.js';
import { leafHash, MTH, PATH, PROOF } from '../reference/tree.js';
import { RangedLog } from '../reference/tree-ranges.js';

const utf8 = (text: string): Buffer => Buffer.from(text);

/** The reason of a refusal. */
function reasonOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
  return 'accepted';
}

// C2SP, signed-note.md at 5ba5ee83 (BSD-1-Clause).
const foo = {
  key: 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
  text: 'This is an example message.\n',
  line: '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n',
};
// transparency-dev/formats at 0b850f1a (Apache-2.0): a head of a Certificate Transparency log, and one of Rekor.
const rome = {
  key: 'rome.ct.filippo.io/2024h1+78f4abae+BTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABAFzPC3fap+uINc1RQ4eRbYMUt84+bKkA8GDLN8KwVdzAgYhYSv4kS8XSheGLAHCWhIJTJbuC3sL88bNMTtrsBM=',
  note: 'rome.ct.filippo.io/2024h1\n115474666\n2q1K6aiIJR+F7TyhiWOghoWOjY0/3dVBLsBbAvB4xCw=\n\n— rome.ct.filippo.io/2024h1 ePSrrgAAAY5+gVlSBAMARzBFAiEAv8bOMzo3Ed/GbU9fzzJvaStX6i8xTsmEF+NqvpGhIO0CIEn1X+zzVEerdix64GEn97XCXObA2G5JQ8UDDqCKdG5m\n',
};
const rekor = {
  key: 'rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=',
  note: 'Rekor\n798034\nf+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SP0=\n\n— rekor.sigstore.dev wNI9ajBEAiARInWIWyCdyG27CO6LPnPekyw20qO0YJfoaPaowGp/XgIgc+qEHS3+GKVClgqq20uDLet7MCoTURUCRdxwWBHHufk=\n',
};

describe('notes', () => {
  it('read and write the keys of others', () => {
    for (const { key } of [foo, rome, rekor]) expect(writeNoteKey(readNoteKey(key))).toBe(key);
    expect(readNoteKey(foo.key)).toMatchObject({
      name: 'example.com/foo',
      id: '530d903a',
      algorithm: 'ed25519',
    });
    expect(readNoteKey(rome.key).algorithm).toBe('tree-head');
    expect(reasonOf(() => readNoteKey(foo.key.replace('foo', 'fob')))).toBe('key-id');
  });

  it('open the note of the specification, and no other', () => {
    const note = `${foo.text}\n${foo.line}`;
    expect(openNote(utf8(note), [readNoteKey(foo.key)]).text).toBe(foo.text);
    expect(writeNote(readNote(utf8(note)))).toBe(note);
    const other = note.replace('This', 'That');
    expect(reasonOf(() => openNote(utf8(other), [readNoteKey(foo.key)]))).toBe('signature');
    expect(reasonOf(() => openNote(utf8(note), [readNoteKey(rome.key)]))).toBe('note-unsigned');
  });
});

const policyOf = (origin: string, key: string): CheckpointPolicy => ({
  origin,
  keys: [readNoteKey(key)],
  witnesses: null,
  freshness: null,
});

describe('checkpoints', () => {
  it('open heads of logs in production', () => {
    const head = openCheckpoint(utf8(rome.note), policyOf('rome.ct.filippo.io/2024h1', rome.key));
    expect(head.treeSize).toBe(115_474_666);
    expect(head.signedBy[0]?.timestampMs).toBe(1_711_519_390_034);
    expect(openCheckpoint(utf8(rekor.note), policyOf('Rekor', rekor.key)).treeSize).toBe(798_034);
    const taller = rome.note.replace('115474666', '115474667');
    expect(
      reasonOf(() => openCheckpoint(utf8(taller), policyOf('rome.ct.filippo.io/2024h1', rome.key))),
    ).toBe('signature');
  });

  it('are cosigned as the specification spells the message', () => {
    const pair = keyPairFrom(ED25519, Buffer.alloc(32, 7));
    const key = noteKey('witness.example', 'cosignature', pair.publicKey);
    const { line } = cosign(utf8(rekor.note), { key, pair }, 1_679_315_147_999);
    const blob = Buffer.from(line.split(' ')[2] as string, 'base64');
    const [id, time, signature] = [blob.subarray(0, 4), blob.subarray(4, 12), blob.subarray(12)];
    expect([id.toString('hex'), time.readBigUInt64BE()]).toEqual([key.id, 1_679_315_147n]);
    const text = rekor.note.slice(0, rekor.note.indexOf('\n\n') + 1);
    const message = utf8(`cosignature/v1\ntime 1679315147\n${text}`);
    expect(verify(null, message, createPublicKey(pair.privateKey), signature)).toBe(true);
  });
});

describe('tiles', () => {
  it('have the paths of the specification', () => {
    const tile = { height: 8, level: 1, index: 1_234_067, width: 256 };
    expect(writeTilePath('c2sp', tile)).toBe('tile/1/x001/x234/067');
    expect(readTilePath('c2sp', 'tile/1/x001/x234/067', 'tile')).toEqual(tile);
    expect(readTilePath('sumdb', 'tile/3/5/x123/x456/078.p/2', 'tile').width).toBe(2);
    expect(reasonOf(() => readTilePath('c2sp', 'tile/entries/000', 'tile'))).toBe('tile-path');
    // "273 full level 0 tiles, one partial level 0 tile of width 112, one full level 1 tile, …"
    const places = placesOf(70_000, 8);
    expect(places).toHaveLength(273 + 1 + 1 + 1 + 1);
    expect(places.slice(-4).map((place) => widthOf(70_000, 8, place))).toEqual([112, 256, 17, 1]);
  });

  const leaves = Array.from({ length: 600 }, (_, i) => leafHash(utf8(`${i}`)));
  const log = new RangedLog((index) => leaves[index] as Uint8Array);

  it('hold what the other transcription says', () => {
    for (const size of [0, 1, 255, 256, 257, 600]) {
      expect(placesOf(size, 8)).toEqual(tilesOf(size).map(({ l, n }) => ({ level: l, index: n })));
      for (const { l, n, width } of tilesOf(size)) {
        expect(tileOf(log, size, 8, { level: l, index: n })).toEqual(contentOf(l, n, width, leaves));
      }
    }
  });

  it.each([1, 2, 3, 8])('of height %i prove what RFC 6962 defines', (height) => {
    for (const size of [1, 2, 5, 13, 16, 27]) {
      const some = leaves.slice(0, size);
      for (let i = 0; i < size; i++) {
        const tiles = tilesFor(log, size, height, (reader) => [
          reader.root(i, i + 1),
          reader.path(i, 0, size),
        ]);
        const tree = openTiles(size, MTH(some), height, tiles);
        expect([tree.root(i, i + 1), tree.path(i, 0, size)]).toEqual([leaves[i], PATH(i, some)]);
        const older = tilesFor(log, size, height, (reader) => reader.proof(i + 1, size));
        expect(openTiles(size, MTH(some), height, older).proof(i + 1, size)).toEqual(PROOF(i + 1, some));
        // There is no tile of which a bit does not count.
        for (const { bytes, level, index } of tiles) {
          const rest = tiles.filter((tile) => tile.level !== level || tile.index !== index);
          const changed = Buffer.from(bytes);
          changed[(i * 7) % bytes.length] = (changed[(i * 7) % bytes.length] as number) ^ 1;
          const damaged = [...rest, { level, index, bytes: changed }];
          expect(reasonOf(() => openTiles(size, MTH(some), height, damaged))).toBe('tile-root');
        }
      }
    }
  });
});
