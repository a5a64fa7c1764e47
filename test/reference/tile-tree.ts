/**
 * Trees as tiles of any height, by C2SP tlog-tiles with 256 read as 2^height: what a log writes, and what a reader
 * proves with some of the tiles. Beside `tiles.ts`, which has whole logs of height 8.
 */
import { demand, equal, Reader } from './encoding.js';
import { leafHash, MTH } from './tree.js';
import { RangedLog } from './tree-ranges.js';

type Bytes = Uint8Array;

/** A tile's place; its width follows from the size of the tree. */
export type TilePlace = { readonly level: number; readonly index: number };
export type TileContent = TilePlace & { readonly bytes: Bytes };

/** Hashes that a tree of this size has in a tile: 0 where it does not reach. */
export function widthOf(size: number, height: number, { level, index }: TilePlace): number {
  const hashes = Math.floor(size / 2 ** (height * level));
  return Math.max(0, Math.min(2 ** height, hashes - index * 2 ** height));
}

/** Every tile of a tree, the lowest level first, each level from the left. */
export function placesOf(size: number, height: number): TilePlace[] {
  const places: TilePlace[] = [];
  for (let level = 0; widthOf(size, height, { level, index: 0 }) > 0; level++) {
    for (let index = 0; widthOf(size, height, { level, index }) > 0; index++) places.push({ level, index });
  }
  return places;
}

/** "MTH(D[(n * 256 + i) * 256**l : (n * 256 + i + 1) * 256**l])", i from 0 to the width. */
export function tileOf(log: RangedLog, size: number, height: number, place: TilePlace): Buffer {
  const span = 2 ** (height * place.level);
  const hashes: Bytes[] = [];
  for (let i = 0; i < widthOf(size, height, place); i++) {
    const begin = (place.index * 2 ** height + i) * span;
    hashes.push(log.root(begin, begin + span));
  }
  return Buffer.concat(hashes);
}

/** A log of which some tiles are all that is known. */
class TiledLog extends RangedLog {
  readonly #height: number;
  readonly #read: (place: TilePlace) => readonly Bytes[] | undefined;

  constructor(height: number, read: (place: TilePlace) => readonly Bytes[] | undefined) {
    super(() => {
      throw new Error('no tile holds this leaf hash');
    });
    this.#height = height;
    this.#read = read;
  }

  /** From the tile whose hashes span as much as the range, if there is one; or else by halves. */
  override root(begin: number, end: number): Bytes {
    let level = 0;
    while (2 ** (this.#height * level) < end - begin) level++;
    const span = 2 ** (this.#height * level);
    if (span === end - begin) {
      const index = Math.floor(begin / span / 2 ** this.#height);
      const hash = this.#read({ level, index })?.[begin / span - index * 2 ** this.#height];
      if (hash !== undefined) return hash;
    }
    return super.root(begin, end);
  }
}

/** The reader's view of a tree, once all of its tiles are proven to belong to the root. */
export function openTiles(
  size: number,
  root: Bytes,
  height: number,
  tiles: readonly TileContent[],
): RangedLog {
  const known = new Map<string, readonly Bytes[]>();
  const nameOf = ({ level, index }: TilePlace): string => `${level}/${index}`;
  for (const { bytes, ...place } of tiles) {
    const width = widthOf(size, height, place);
    // A tile that has grown since begins with the same hashes.
    const isWhole = bytes.length % 32 === 0 && bytes.length >= width * 32 && bytes.length <= 2 ** height * 32;
    demand(isWhole, 'vector-length');
    const hashes = Array.from({ length: width }, (_, i) => bytes.subarray(i * 32, i * 32 + 32));
    known.set(nameOf(place), hashes);
  }
  const log = new TiledLog(height, (place) => known.get(nameOf(place)));
  // The root proves the last tiles. "each hash in a tile is the Merkle Tree Hash of a full tile at the level below"
  demand(equal(log.root(0, size), root), 'tile-root');
  for (const { level, index } of tiles) {
    const hashes = known.get(nameOf({ level, index })) as readonly Bytes[];
    if (hashes.length < 2 ** height) continue;
    const above = known.get(nameOf({ level: level + 1, index: Math.floor(index / 2 ** height) }));
    const hash = above?.[index % 2 ** height];
    if (hash === undefined) throw new Error('a full tile without the one above it');
    demand(equal(MTH(hashes), hash), 'tile-root');
  }
  return log;
}

/** Which tiles a reader needs to do something with a proven tree: those it reads, and above each all that prove it. */
export function tilesFor(
  log: RangedLog,
  size: number,
  height: number,
  use: (reader: RangedLog) => unknown,
): TileContent[] {
  const needed = new Map<string, TileContent>();
  const need = ({ level, index }: TilePlace): readonly Bytes[] | undefined => {
    const bytes = tileOf(log, size, height, { level, index });
    if (bytes.length === 0) return undefined;
    needed.set(`${level}/${index}`, { level, index, bytes });
    return Array.from({ length: bytes.length / 32 }, (_, i) => bytes.subarray(i * 32, i * 32 + 32));
  };
  const reader = new TiledLog(height, need);
  reader.root(0, size);
  use(reader);
  for (const { level, index, bytes } of needed.values()) {
    // Entries that a Map gets while it is walked are walked too.
    if (bytes.length === 2 ** height * 32) need({ level: level + 1, index: Math.floor(index / 2 ** height) });
  }
  return [...needed.values()].sort((a, b) => b.level - a.level || a.index - b.index);
}

/** "sequences of big-endian uint16 length-prefixed log entries", each the one of its leaf hash. */
export function openEntryBundle(bundle: Bytes, leafHashes: readonly Bytes[]): Buffer[] {
  const reader = new Reader(bundle);
  const entries = leafHashes.map(() => reader.opaque(0, 2 ** 16 - 1));
  reader.end();
  entries.forEach((entry, i) => demand(equal(leafHash(entry), leafHashes[i] as Bytes), 'entry-hash'));
  return entries;
}
