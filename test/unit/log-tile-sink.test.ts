import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  createTileSink,
  createTreeBuilder,
  encodeEntryBundle,
  encodeEntryBundlePath,
  encodeTilePath,
  hashLeaf,
  openEntryBundle,
  parseEntryBundle,
  planRoot,
  planTiles,
  type Tile,
  type TileSink,
  type TreeBuilder,
  verifyTiles,
} from 'contact-key-verification/log.js';
import { afterAll, describe, expect, it } from 'vitest';
import { contentOf, leafHashesOfBundle, rootFromTiles, tilesOf } from '../reference/tiles.js';
import { bytesOf } from '../support/log-notes.js';
import { flat, leafList, outcome } from '../support/log-tree.js';
import { MTH } from '../support/rfc6962.js';

const leaves = leafList(2000);

function sinkAndBuilder(height?: number): { sink: TileSink; builder: TreeBuilder } {
  const sink = createTileSink({ height });
  return { sink, builder: createTreeBuilder({ onNodes: sink.onNodes }) };
}

const pathsOf = (tiles: readonly Tile[]): string[] => tiles.map((tile) => encodeTilePath(tile, 'sumdb'));

describe('a log on disk', () => {
  const root = mkdtempSync(join(tmpdir(), 'tiles-'));
  afterAll(() => rmSync(root, { recursive: true }));
  const write = (path: string, bytes: Uint8Array): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), bytes);
  };
  const read = (path: string): Uint8Array => new Uint8Array(readFileSync(join(root, path)));

  it("is read by another implementation's rules: every tile, its content, and the root", () => {
    const sizes = [1, 2, 255, 256, 257, 600, 600, 1023, 1024, 1300];
    const { sink, builder } = sinkAndBuilder();
    for (const size of sizes) {
      builder.append(flat(leaves.slice(builder.treeSize, size)));
      for (const tile of sink.takeTiles(size)) write(encodeTilePath(tile), tile.hashes);
      for (const { path, l, n, width } of tilesOf(size)) {
        expect(contentOf(l, n, width, leaves).equals(read(path))).toBe(true);
      }
      expect(Buffer.from(builder.root()).equals(rootFromTiles(size, read))).toBe(true);
    }
    const expected = new Set(sizes.flatMap((size) => tilesOf(size).map(({ path }) => path)));
    const written = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
    expect(new Set(written)).toEqual(expected);
  });

  it('has entry bundles beside its tiles', () => {
    const entries = Array.from({ length: 300 }, (_, i) => bytesOf('entry'.repeat(i)));
    const { sink, builder } = sinkAndBuilder();
    builder.append(flat(entries.map((entry) => hashLeaf(entry))));
    for (const { level, hashes, ...bundle } of sink.takeTiles(300)) {
      if (level > 0) continue;
      const first = bundle.index * 256;
      const bytes = encodeEntryBundle(entries.slice(first, first + bundle.width));
      write(encodeEntryBundlePath(bundle), bytes);
      expect(flat(leafHashesOfBundle(bytes))).toEqual(hashes);
      expect(openEntryBundle(read(encodeEntryBundlePath(bundle)), hashes)).toEqual(
        entries.slice(first, first + bundle.width),
      );
    }
    expect(readdirSync(join(root, 'tile/entries')).sort()).toEqual(['000', '001.p']);
  });
});

describe('a tile sink', () => {
  it('gives the same tiles however the leaves come, at every height', () => {
    for (const height of [1, 2, 5, 8]) {
      const all = new Map<string, Uint8Array>();
      const { sink, builder } = sinkAndBuilder(height);
      for (const size of [3, 4, 11, 64, 65, 300]) {
        while (builder.treeSize < size) builder.append(leaves[builder.treeSize] as Uint8Array);
        for (const tile of sink.takeTiles(size)) all.set(encodeTilePath(tile, 'sumdb'), tile.hashes);
      }
      const atOnce = sinkAndBuilder(height);
      atOnce.builder.append(flat(leaves.slice(0, 300)));
      for (const tile of atOnce.sink.takeTiles(300)) {
        expect(all.get(encodeTilePath(tile, 'sumdb'))).toEqual(tile.hashes);
      }
    }
  });

  it('gives what is new, and nothing twice', () => {
    const { sink, builder } = sinkAndBuilder(2);
    expect(sink.takeTiles(0)).toEqual([]);
    builder.append(flat(leaves.slice(0, 7)));
    expect(pathsOf(sink.takeTiles(7))).toEqual(['tile/2/0/000', 'tile/2/0/001.p/3', 'tile/2/1/000.p/1']);
    expect(sink.takeTiles(7)).toEqual([]);
    builder.append(leaves[7] as Uint8Array);
    expect(pathsOf(sink.takeTiles(8))).toEqual(['tile/2/0/001', 'tile/2/1/000.p/2']);
    builder.append(leaves[8] as Uint8Array);
    expect(pathsOf(sink.takeTiles(9))).toEqual(['tile/2/0/002.p/1']);
  });

  it('may be asked for a smaller tree than has come', () => {
    const { sink, builder } = sinkAndBuilder(2);
    builder.append(flat(leaves.slice(0, 30)));
    expect(pathsOf(sink.takeTiles(5))).toEqual(['tile/2/0/000', 'tile/2/0/001.p/1', 'tile/2/1/000.p/1']);
    const rest = sink.takeTiles(30);
    expect(rest.at(-1)?.hashes).toEqual(MTH(leaves.slice(0, 16)));
    expect(rest.find(({ level, index }) => level === 0 && index === 1)?.hashes).toEqual(
      flat(leaves.slice(4, 8)),
    );
  });

  it('goes on from the tiles of a log, which also give the builder its edge', () => {
    for (const size of [1, 255, 256, 600, 1024]) {
      const before = sinkAndBuilder();
      before.builder.append(flat(leaves.slice(0, size)));
      const kept = new Map(before.sink.takeTiles(size).map((tile) => [encodeTilePath(tile), tile.hashes]));
      const plan = planTiles({ treeSize: size, nodes: planRoot(size).nodes });
      const tiles = plan.tiles.map((tile) => kept.get(encodeTilePath(tile)) as Uint8Array);
      const head = { treeSize: size, root: before.builder.root() };
      const edge = verifyTiles(head, plan, tiles).nodes;

      const sink = createTileSink({ state: { treeSize: size, tiles } });
      const builder = createTreeBuilder({ state: { treeSize: size, edge }, onNodes: sink.onNodes });
      expect(builder.root()).toEqual(head.root);
      builder.append(flat(leaves.slice(size, 1500)));
      before.builder.append(flat(leaves.slice(size, 1500)));
      expect(sink.takeTiles(1500)).toEqual(before.sink.takeTiles(1500));
      expect(builder.root()).toEqual(before.builder.root());
    }
  });

  it('writes over what a failed append left behind', () => {
    const { sink } = sinkAndBuilder(1);
    let fail = true;
    const builder = createTreeBuilder({
      onNodes: (run) => {
        sink.onNodes(run);
        if (fail && run.level === 2) throw new Error('full');
      },
    });
    expect(outcome(() => builder.append(flat(leaves.slice(100, 108))))).toBe('Error: full');
    fail = false;
    builder.append(flat(leaves.slice(0, 5)));
    expect(outcome(() => sink.takeTiles(7))).toBe('ERR_NOT_READY');
    const { sink: clean, builder: other } = sinkAndBuilder(1);
    other.append(flat(leaves.slice(0, 5)));
    expect(sink.takeTiles(5)).toEqual(clean.takeTiles(5));
    builder.append(flat(leaves.slice(5, 40)));
    other.append(flat(leaves.slice(5, 40)));
    expect(sink.takeTiles(40)).toEqual(clean.takeTiles(40));
  });

  it('hands out its own copies', () => {
    const { sink, builder } = sinkAndBuilder(8);
    builder.append(flat(leaves.slice(0, 10)));
    for (const tile of sink.takeTiles(10)) tile.hashes.fill(0);
    builder.append(flat(leaves.slice(10, 20)));
    expect(sink.takeTiles(20)[0]?.hashes).toEqual(flat(leaves.slice(0, 20)));
  });

  it('refuses nodes and sizes that do not fit', () => {
    const { sink, builder } = sinkAndBuilder(2);
    expect(outcome(() => sink.takeTiles(1))).toBe('ERR_NOT_READY');
    expect(outcome(() => sink.onNodes({ level: 0, index: 1, hashes: new Uint8Array(32) }))).toBe(
      'ERR_NOT_READY',
    );
    builder.append(flat(leaves.slice(0, 9)));
    sink.takeTiles(9);
    expect(outcome(() => sink.takeTiles(8))).toBe('ERR_ARGUMENT_RANGE');
    expect(outcome(() => sink.takeTiles(10))).toBe('ERR_NOT_READY');
    expect(outcome(() => sink.onNodes({ level: 0, index: 8, hashes: new Uint8Array(32) }))).toBe(
      'ERR_NOT_READY',
    );
    expect(outcome(() => sink.onNodes({ level: 1, index: 99, hashes: new Uint8Array(32) }))).toBe('accepted');
    expect(outcome(() => createTileSink({ height: 0 }))).toBe('ERR_ARGUMENT_RANGE');
  });

  it.each([
    ['a tile too few', { treeSize: 300, tiles: [new Uint8Array(32)] }],
    ['a tile of another width', { treeSize: 300, tiles: [new Uint8Array(32), new Uint8Array(32 * 43)] }],
    ['a tile that is none', { treeSize: 1, tiles: ['x' as unknown as Uint8Array] }],
    ['a size that is none', { treeSize: -1, tiles: [] }],
    ['tiles of an empty tree', { treeSize: 0, tiles: [new Uint8Array(32)] }],
  ])('does not go on from a state with %s', (_, state) => {
    expect(outcome(() => createTileSink({ state }))).toBe('ERR_STORED_STATE');
  });
});

describe('entry bundles', () => {
  const entries = [bytesOf('one'), new Uint8Array(0), new Uint8Array(65_535).fill(7)];
  const bundle = encodeEntryBundle(entries);

  it('are read as they were written', () => {
    expect(parseEntryBundle(bundle, 3)).toEqual(entries);
    expect(Buffer.from(bundle.subarray(0, 7)).toString('hex')).toBe('00036f6e650000');
  });

  it.each([
    ['an entry too few', bundle, 4, 'ERR_TRUNCATED'],
    ['an entry too many', bundle, 2, 'ERR_TRAILING_BYTES'],
    ['its last byte missing', bundle.subarray(0, -1), 3, 'ERR_TRUNCATED'],
    ['a byte left over', Uint8Array.of(...bundle, 0), 3, 'ERR_TRAILING_BYTES'],
    ['nothing', new Uint8Array(0), 1, 'ERR_TRUNCATED'],
    ['half a length', new Uint8Array(1), 1, 'ERR_TRUNCATED'],
  ])('are refused with %s', (_, bytes, width, code) => {
    expect(outcome(() => parseEntryBundle(bytes, width))).toBe(code);
  });

  it('open only to the entries of their leaf hashes', () => {
    const hashes = flat(entries.map((entry) => hashLeaf(entry)));
    expect(openEntryBundle(bundle, hashes)).toEqual(entries);
    const other = encodeEntryBundle([entries[0], bytesOf(' '), entries[2]] as Uint8Array[]);
    expect(outcome(() => openEntryBundle(other, hashes))).toBe('ERR_ENTRY_HASH');
    const swapped = encodeEntryBundle([entries[1], entries[0], entries[2]] as Uint8Array[]);
    expect(outcome(() => openEntryBundle(swapped, hashes))).toBe('ERR_ENTRY_HASH');
    expect(outcome(() => openEntryBundle(bundle, hashes.subarray(32)))).toBe('ERR_TRAILING_BYTES');
  });

  it('are written of 1 entry or more, none over 65,535 bytes', () => {
    expect(outcome(() => encodeEntryBundle([]))).toBe('ERR_ARGUMENT_RANGE');
    expect(outcome(() => encodeEntryBundle([new Uint8Array(65_536)]))).toBe('ERR_ARGUMENT_RANGE');
    expect(outcome(() => encodeEntryBundle('x' as unknown as Uint8Array[]))).toBe('ERR_ARGUMENT_TYPE');
    expect(outcome(() => parseEntryBundle(bundle, 0))).toBe('ERR_ARGUMENT_RANGE');
  });
});
