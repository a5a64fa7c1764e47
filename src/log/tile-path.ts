/**
 * The paths of tiles and entry bundles, in two spellings:
 *
 * | | C2SP tlog-tiles (`c2sp`) | Go checksum database (`sumdb`) |
 * | --- | --- | --- |
 * | height | always 8, not written | 1 to 30, written |
 * | tile | `tile/0/x001/x234/067` | `tile/8/0/x001/x234/067` |
 * | partial tile | `tile/0/x001/x234/067.p/7` | `tile/8/0/x001/x234/067.p/7` |
 * | entries | `tile/entries/x001/x234/067` | `tile/8/data/x001/x234/067` |
 *
 * The index is cut into groups of three digits, `x` before all but the last. Reading is strict: what is read is
 * written again and compared, so every tile has one path.
 */

import { ArgumentRangeError, ArgumentTypeError, DecodeError } from '../errors.js';
import {
  copyBundleId,
  copyTileId,
  type EntryBundleId,
  TILE_HEIGHT,
  TILE_HEIGHT_MAX,
  TILE_LEVEL_MAX,
  type TileId,
} from './tile.js';

/** Which spelling: C2SP tlog-tiles, or the Go checksum database. */
export type TilePathForm = 'c2sp' | 'sumdb';

const GROUP = 1000;
/** Over the longest path there is: six groups of digits, a level and a width of ten. */
const PATH_LENGTH_MAX = 64;

/**
 * The path of a tile, without slash before it.
 * @param form default `c2sp`
 * @throws ArgumentTypeError, ArgumentRangeError a tile that cannot be, or `c2sp` with another height than 8
 * @example
 * encodeTilePath({ height: 8, level: 0, index: 1234067, width: 256 }); // 'tile/0/x001/x234/067'
 */
export function encodeTilePath(tile: TileId, form: TilePathForm = 'c2sp'): string {
  const copy = copyTileId(tile);
  return `${pathStart(copy.height, form)}${copy.level}/${encodePlace(copy)}`;
}

/**
 * The tile of a path.
 * @throws DecodeError `ERR_TILE_PATH`; `ERR_INTEGER` an index above 2^53 - 1
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function parseTilePath(path: string, form: TilePathForm = 'c2sp'): TileId {
  const { height, level, index, width } = parsePath(path, form);
  if (!/^[0-9]{1,2}$/.test(level) || Number(level) > TILE_LEVEL_MAX) throw failure('no tile level');
  const tile = Object.freeze({ height, level: Number(level), index, width });
  if (encodeTilePath(tile, form) !== path) throw failure('not in its one spelling');
  return tile;
}

/**
 * The path of an entry bundle, without slash before it.
 * @throws as {@link encodeTilePath}
 */
export function encodeEntryBundlePath(bundle: EntryBundleId, form: TilePathForm = 'c2sp'): string {
  const copy = copyBundleId(bundle);
  return `${pathStart(copy.height, form)}${entriesName(form)}/${encodePlace(copy)}`;
}

/**
 * The entry bundle of a path.
 * @throws as {@link parseTilePath}
 */
export function parseEntryBundlePath(path: string, form: TilePathForm = 'c2sp'): EntryBundleId {
  const { height, level, index, width } = parsePath(path, form);
  if (level !== entriesName(form)) throw failure('no entry bundle');
  const bundle = Object.freeze({ height, index, width });
  if (encodeEntryBundlePath(bundle, form) !== path) throw failure('not in its one spelling');
  return bundle;
}

const entriesName = (form: TilePathForm): string => (form === 'c2sp' ? 'entries' : 'data');

function pathStart(height: number, form: TilePathForm): string {
  assertForm(form);
  if (form === 'sumdb') return `tile/${height}/`;
  if (height !== TILE_HEIGHT) throw new ArgumentRangeError(`c2sp paths are of height ${TILE_HEIGHT}`);
  return 'tile/';
}

function encodePlace({ height, index, width }: EntryBundleId): string {
  const groups = [String(index % GROUP).padStart(3, '0')];
  for (let rest = Math.floor(index / GROUP); rest > 0; rest = Math.floor(rest / GROUP)) {
    groups.unshift(`x${String(rest % GROUP).padStart(3, '0')}`);
  }
  return `${groups.join('/')}${width === 2 ** height ? '' : `.p/${width}`}`;
}

/** The parts of a path, each in its bounds; spellings of one tile are not yet told apart. */
function parsePath(path: string, form: TilePathForm): EntryBundleId & { readonly level: string } {
  if (typeof path !== 'string') throw new ArgumentTypeError('a path must be a string');
  assertForm(form);
  if (path.length > PATH_LENGTH_MAX) throw failure('too long');
  const pattern =
    form === 'c2sp'
      ? /^tile\/()([^/]+)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]+))?$/
      : /^tile\/([0-9]{1,2})\/([^/]+)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]+))?$/;
  const [, written, level, digits, partial] = pattern.exec(path) ?? [];
  if (written === undefined || level === undefined || digits === undefined) throw failure('no tile path');
  const height = form === 'c2sp' ? TILE_HEIGHT : Number(written);
  if (height < 1 || height > TILE_HEIGHT_MAX) throw failure('no tile height');
  const full = 2 ** height;
  const width = partial === undefined ? full : Number(partial);
  if (width < 1 || width > full) throw failure('no width of such a tile');
  const index = Number(digits.replace(/[x/]/g, ''));
  if (index > Number.MAX_SAFE_INTEGER)
    throw new DecodeError('ERR_INTEGER', 'TilePath', 0, 'index above 2^53 - 1');
  return { height, level, index, width };
}

function assertForm(form: unknown): asserts form is TilePathForm {
  if (form !== 'c2sp' && form !== 'sumdb') throw new ArgumentRangeError("form must be 'c2sp' or 'sumdb'");
}

function failure(problem: string): DecodeError {
  return new DecodeError('ERR_TILE_PATH', 'TilePath', 0, problem);
}
