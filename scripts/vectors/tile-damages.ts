/** Paths, tiles and entry bundles with one thing wrong. */
import { bytes, cut, type Fields, flipped, hex, list, longer, text, type VectorFile } from './vector-file.js';

export function damagedTilePaths(file: VectorFile): void {
  const LONG = 'tile/1/x001/x234/067';
  const tile = (of: string, damage: string, path: string, code = 'ERR_TILE_PATH'): void =>
    file.invalid(of, code, damage, { path });
  tile('tile/0/000.p/1', 'a width of zero', 'tile/0/000.p/0');
  tile('tile/63/999.p/255', 'level 64', 'tile/64/999.p/255');
  tile('tile/63/999.p/255', 'the full width written', 'tile/63/999.p/256');
  tile(LONG, 'an x before the last element', 'tile/1/x001/x234/x067');
  tile(LONG, 'zeros that nobody needs', 'tile/1/x000/x001/x234/067');
  const LARGEST = 'tile/0/x009/x007/x199/x254/x740/991';
  tile(LARGEST, 'an index of 2^53', 'tile/0/x009/x007/x199/x254/x740/992', 'ERR_INTEGER');

  const bundle = (damage: string, path: string): void =>
    file.invalid('tile/entries/000', 'ERR_TILE_PATH', damage, { path });
  bundle('a tile', 'tile/0/000');
  bundle('the word of the other form', 'tile/data/000');
  bundle('the height written', 'tile/8/entries/000');
  bundle('a slash before it', '/tile/entries/000');
  bundle('two digits', 'tile/entries/00');
}

type Tile = { readonly path: string; readonly hashes: Buffer };
const tilesIn = (input: Fields): Tile[] =>
  list(input['tiles']).map((tile) => {
    const { path, hashes } = tile as Fields;
    return { path: text(path), hashes: bytes(hashes) };
  });

export function damagedTiles(file: VectorFile): void {
  /** The case with one of its tiles changed. */
  const changed = (
    of: string,
    code: string,
    damage: string,
    path: string,
    by: (hashes: Buffer) => Buffer,
  ): void => {
    const tiles = tilesIn(file.inputOf(of)).map((tile) => ({
      path: tile.path,
      hashes: hex(tile.path === path ? by(tile.hashes) : tile.hashes),
    }));
    file.invalid(of, code, damage, { tiles });
  };
  const flip = (hashes: Buffer): Buffer => flipped(hashes, 0);
  const flipLast = (hashes: Buffer): Buffer => flipped(hashes, -1, 0x80);

  const NINE = '9 of 27, from tiles of height 2';
  const root = (damage: string, path: string, by = flip): void =>
    changed(NINE, 'ERR_TILE_ROOT', damage, path, by);
  root('one bit of the leaf’s tile', 'tile/2/0/002');
  root('one bit of a hash that no proof needs', 'tile/2/0/002', flipLast);
  root('one bit of the tile above', 'tile/2/1/000');
  root('one bit of the last tile', 'tile/2/0/006.p/3', flipLast);
  file.invalid('258 of 300, from tiles', 'ERR_TILE_ROOT', 'one bit of the root', {
    root: hex(flipped(bytes(file.inputOf('258 of 300, from tiles')['root']), 31)),
  });
  const THREE = '3 of 5, from tiles';
  changed(THREE, 'ERR_LENGTH', 'a hash is missing', 'tile/0/000.p/5', (hashes) => cut(hashes, 32));
  changed(THREE, 'ERR_LENGTH', 'the last byte is missing', 'tile/0/000.p/5', (hashes) => cut(hashes));
  changed(THREE, 'ERR_LENGTH', 'no hash', 'tile/0/000.p/5', () => Buffer.alloc(0));
  changed(NINE, 'ERR_LENGTH', 'more hashes than a tile has', 'tile/2/0/002', (hashes) =>
    Buffer.concat([hashes, hashes.subarray(0, 32)]),
  );

  const ELEVEN = '11 to 27, from tiles of height 2';
  const newer = (damage: string, path: string, by = flip): void =>
    changed(ELEVEN, 'ERR_TILE_ROOT', damage, path, by);
  newer('one bit of the tile where the older tree ends', 'tile/2/0/002');
  newer('two hashes of it exchanged', 'tile/2/0/002', exchanged);
  newer('one bit of the last tile', 'tile/2/0/006.p/3', flipLast);
  newer('two hashes of the last tile of the level above exchanged', 'tile/2/1/001.p/2', exchanged);
  changed(ELEVEN, 'ERR_LENGTH', 'a byte after the tile', 'tile/2/1/000', (hashes) => longer(hashes));
}

const exchanged = (hashes: Buffer): Buffer =>
  Buffer.concat([hashes.subarray(32, 64), hashes.subarray(0, 32), hashes.subarray(64)]);

export function damagedEntryBundles(file: VectorFile): void {
  const THREE = 'bundle of three entries';
  const bundle = bytes(file.inputOf(THREE)['bundle']);
  const leafHashes = list(file.inputOf(THREE)['leafHashes']).map(text);
  const [first, second, third] = leafHashes as [string, string, string];
  const entry = (damage: string, change: Fields): void =>
    file.invalid(THREE, 'ERR_ENTRY_HASH', damage, change);
  entry('one bit of an entry', { bundle: hex(flipped(bundle, -1)) });
  entry('one bit of a leaf hash', { leafHashes: [first, hex(flipped(bytes(second), 0)), third] });
  entry('two leaf hashes exchanged', { leafHashes: [second, first, third] });
  const ONE = 'bundle of one entry';
  const alone = bytes(file.inputOf(ONE)['bundle']);
  file.invalid(ONE, 'ERR_ENTRY_HASH', 'cut by a byte, length and all', {
    bundle: hex(Buffer.concat([Buffer.of(0, 8), alone.subarray(2, -1)])),
  });

  const length = (code: string, damage: string, change: Fields): void =>
    file.invalid(THREE, code, damage, change);
  length('ERR_TRUNCATED', 'the last byte is missing', { bundle: hex(cut(bundle)) });
  length('ERR_TRUNCATED', 'a leaf hash more', { leafHashes: [...leafHashes, first] });
  length('ERR_TRUNCATED', 'one byte of a length', { bundle: hex(bundle.subarray(0, 12)) });
  length('ERR_TRAILING_BYTES', 'a zero follows', { bundle: hex(longer(bundle)) });
  length('ERR_TRAILING_BYTES', 'a leaf hash is missing', { leafHashes: [first, second] });
}
