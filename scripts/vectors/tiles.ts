/** Tiled logs: paths, tiles, proofs from tiles, entry bundles. */
import { createHash } from 'node:crypto';
import { Refusal, uint } from '../../test/reference/encoding.js';
import {
  type PathForm,
  readTilePath,
  type TileName,
  writeTilePath,
} from '../../test/reference/tile-paths.js';
import {
  openEntryBundle,
  openTiles,
  placesOf,
  type TilePlace,
  tileOf,
  tilesFor,
  widthOf,
} from '../../test/reference/tile-tree.js';
import { leafHash } from '../../test/reference/tree.js';
import { RangedLog } from '../../test/reference/tree-ranges.js';
import { bytesOf } from './people.js';
import { damagedEntryBundles, damagedTilePaths, damagedTiles } from './tile-damages.js';
import { bytes, type Fields, hex, type Json, list, number, text, VectorFile } from './vector-file.js';

/** Entry i is the uint64 i, as for the rolling digests. */
const log = new RangedLog((index) => leafHash(uint(8, index)));
const repeated = leafHash(Buffer.from('the same entry again and again'));
const endless = new RangedLog(() => repeated, true);

// ------------------------------------------------------------------------------------- judges

function formOf(value: Json | undefined): PathForm {
  if (value !== 'c2sp' && value !== 'sumdb') throw new Error(`no form: ${JSON.stringify(value)}`);
  return value;
}

const pathOf = (form: PathForm, height: number, size: number, place: TilePlace): string =>
  writeTilePath(form, { height, ...place, width: widthOf(size, height, place) });

function judgePath(input: Fields): TileName {
  return readTilePath(formOf(input['form']), text(input['path']), 'tile');
}

function judgeBundlePath(input: Fields): Fields {
  const { level: _, ...name } = readTilePath(formOf(input['form']), text(input['path']), 'bundle');
  return name;
}

/** All tiles of the log of uint64 entries. */
function judgeLog(input: Fields): Fields {
  const [form, height, size] = [formOf(input['form']), number(input['height']), number(input['treeSize'])];
  const digest = createHash('sha256');
  const paths = placesOf(size, height).map((place) => {
    digest.update(tileOf(log, size, height, place));
    return pathOf(form, height, size, place);
  });
  return { paths, sha256: digest.digest('hex') };
}

function judgeTile(input: Fields): Fields {
  const size = number(input['treeSize']);
  const { height, level, index } = judgePath(input);
  return { hashes: hex(tileOf(log, size, height, { level: level as number, index })) };
}

/** The tree that the tiles of an input prove. */
function treeOf(input: Fields, size: number): RangedLog {
  const form = formOf(input['form']);
  const given = list(input['tiles']).map((tile) => {
    const { path, hashes } = tile as Fields;
    const { level, index } = readTilePath(form, text(path), 'tile');
    return { level: level as number, index, bytes: bytes(hashes) };
  });
  return openTiles(size, bytes(input['root']), number(input['height']), given);
}

function judgeInclusion(input: Fields): Fields {
  const [size, index] = [number(input['treeSize']), number(input['index'])];
  const tree = treeOf(input, size);
  return { leafHash: hex(tree.root(index, index + 1)), proof: tree.path(index, 0, size).map(hex) };
}

function judgeConsistency(input: Fields): Fields {
  const [older, newer] = [number(input['olderSize']), number(input['newerSize'])];
  return { proof: treeOf(input, newer).proof(older, newer).map(hex) };
}

function judgeBundle(input: Fields): Fields {
  const leafHashes = list(input['leafHashes']).map((hash) => bytes(hash));
  if (leafHashes.some((hash) => hash.length !== 32)) throw new Refusal('vector-length');
  return { entries: openEntryBundle(bytes(input['bundle']), leafHashes).map(hex) };
}

export function tiles(): VectorFile {
  const file = new VectorFile(
    'tiles',
    'Tiled logs of C2SP, and of the Go checksum database: paths, tiles, proofs from tiles, entry bundles.',
    {
      TilePath: (input) => ({ ...judgePath(input) }),
      EntryBundlePath: judgeBundlePath,
      LogTiles: judgeLog,
      Tile: judgeTile,
      TileInclusion: judgeInclusion,
      TileConsistency: judgeConsistency,
      EntryBundle: judgeBundle,
    },
  );
  addPaths(file);
  damagedTilePaths(file);
  addTiles(file);
  addProofs(file);
  damagedTiles(file);
  addBundles(file);
  damagedEntryBundles(file);
  return file;
}

// ------------------------------------------------------------------------------------- cases

function addPaths(file: VectorFile): void {
  for (const path of [
    'tile/0/000',
    'tile/0/000.p/1',
    'tile/63/999.p/255',
    'tile/0/x001/000',
    'tile/1/x001/x234/067',
    'tile/0/x009/x007/x199/x254/x740/991',
  ]) {
    file.valid('TilePath', path, { form: 'c2sp', path });
  }
  for (const path of ['tile/8/0/x001/x234/067', 'tile/1/5/123.p/1', 'tile/30/0/000.p/1073741823']) {
    file.valid('TilePath', path, { form: 'sumdb', path });
  }
  for (const path of ['tile/entries/000', 'tile/entries/x001/x234/067.p/112']) {
    file.valid('EntryBundlePath', path, { form: 'c2sp', path });
  }
  file.valid('EntryBundlePath', 'tile/8/data/x001/234', { form: 'sumdb', path: 'tile/8/data/x001/234' });
}

function addTiles(file: VectorFile): void {
  const all = (form: PathForm, height: number, treeSize: number): void =>
    void file.valid('LogTiles', `all tiles of ${treeSize}, height ${height}, ${form}`, {
      form,
      height,
      treeSize,
    });
  for (const size of [0, 1, 255, 256, 257, 1000]) all('c2sp', 8, size);
  for (const [height, size] of [
    [1, 7],
    [2, 27],
    [3, 64],
    [10, 1025],
  ] as const) {
    all('sumdb', height, size);
  }
  const one = (form: PathForm, treeSize: number, path: string): void =>
    void file.valid('Tile', `${path} of ${treeSize}`, { form, treeSize, path });
  one('c2sp', 5, 'tile/0/000.p/5');
  one('c2sp', 259, 'tile/0/001.p/3');
  one('c2sp', 259, 'tile/1/000.p/1');
  // The specification's own example: a tree of size 70,000.
  one('c2sp', 70_000, 'tile/1/001.p/17');
  one('c2sp', 70_000, 'tile/2/000.p/1');
  one('sumdb', 27, 'tile/2/0/000');
  one('sumdb', 27, 'tile/2/1/001.p/2');
}

/** Tiles as fields, those that a reader needs for a use of the tree, with its head. */
function tilesField(
  of: RangedLog,
  [form, height, size]: Shape,
  use: (reader: RangedLog) => unknown,
): readonly Fields[] {
  return tilesFor(of, size, height, use).map(({ bytes: hashes, ...place }) => ({
    path: pathOf(form, height, size, place),
    hashes: hex(hashes),
  }));
}

type Shape = readonly [form: PathForm, height: number, size: number];

function addProofs(file: VectorFile): void {
  const inclusion = (name: string, of: RangedLog, shape: Shape, index: number): void => {
    const [form, height, treeSize] = shape;
    const proof = (reader: RangedLog): unknown => [
      reader.root(index, index + 1),
      reader.path(index, 0, treeSize),
    ];
    const root = hex(of.root(0, treeSize));
    const given = tilesField(of, shape, proof);
    file.valid('TileInclusion', name, { form, height, treeSize, root, index, tiles: given });
  };
  inclusion('0 of 1, from tiles', log, ['c2sp', 8, 1], 0);
  inclusion('3 of 5, from tiles', log, ['c2sp', 8, 5], 3);
  inclusion('258 of 300, from tiles', log, ['c2sp', 8, 300], 258);
  inclusion('2 of 7, from tiles of height 1', log, ['sumdb', 1, 7], 2);
  inclusion('9 of 27, from tiles of height 2', log, ['sumdb', 2, 27], 9);
  inclusion('26 of 27, from tiles of height 2', log, ['sumdb', 2, 27], 26);
  inclusion('0 of 64, from tiles of height 3', log, ['sumdb', 3, 64], 0);
  const large = 2 ** 33 + 1;
  inclusion(
    `${2 ** 32} of ${large} equal leaves, from tiles of height 1`,
    endless,
    ['sumdb', 1, large],
    2 ** 32,
  );
  // The tile has grown since the head was signed: it begins with the same hashes.
  const five = file.inputOf('3 of 5, from tiles');
  const grown = { path: 'tile/0/000.p/7', hashes: hex(tileOf(log, 7, 8, { level: 0, index: 0 })) };
  file.valid('TileInclusion', '3 of 5, from a tile of 7', { ...five, tiles: [grown] });

  const consistency = (name: string, [form, height, newerSize]: Shape, olderSize: number): void => {
    const proof = (reader: RangedLog): unknown => reader.proof(olderSize, newerSize);
    const root = hex(log.root(0, newerSize));
    const given = tilesField(log, [form, height, newerSize], proof);
    file.valid('TileConsistency', name, { form, height, olderSize, newerSize, root, tiles: given });
  };
  consistency('3 to 5, from tiles', ['c2sp', 8, 5], 3);
  consistency('5 to 5, from tiles', ['c2sp', 8, 5], 5);
  consistency('256 to 300, from tiles', ['c2sp', 8, 300], 256);
  consistency('11 to 27, from tiles of height 2', ['sumdb', 2, 27], 11);
  consistency('16 to 27, from tiles of height 2', ['sumdb', 2, 27], 16);
  consistency('13 to 64, from tiles of height 3', ['sumdb', 3, 64], 13);
}

function addBundles(file: VectorFile): void {
  const add = (name: string, ...entries: readonly Uint8Array[]): void => {
    const bundle = Buffer.concat(entries.flatMap((entry) => [uint(2, entry.length), entry]));
    file.valid('EntryBundle', name, {
      bundle: hex(bundle),
      leafHashes: entries.map((entry) => hex(leafHash(entry))),
    });
  };
  const [empty, short, long] = [Buffer.alloc(0), Buffer.from('one entry'), bytesOf('an entry')];
  add('bundle of one entry', short);
  add('bundle of three entries', short, long, Buffer.from('another'));
  add('bundle with an empty entry', short, empty, long);
  add('bundle of an empty entry', empty);
  add('bundle of an entry of 300 bytes', Buffer.alloc(300, 0xa5));
}
