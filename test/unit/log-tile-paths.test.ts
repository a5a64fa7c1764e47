import {
  encodeEntryBundlePath,
  encodeTilePath,
  parseEntryBundlePath,
  parseTilePath,
} from 'contact-key-verification/log.js';
import { describe, expect, it } from 'vitest';
import { pathOfIndex } from '../reference/tiles.js';
import { outcome } from '../support/log-tree.js';

const full = { height: 8, level: 0, index: 0, width: 256 };

describe('tile paths', () => {
  it.each([
    [full, 'tile/0/000', 'tile/8/0/000'],
    [{ ...full, index: 999 }, 'tile/0/999', 'tile/8/0/999'],
    [{ ...full, index: 1000 }, 'tile/0/x001/000', 'tile/8/0/x001/000'],
    [{ ...full, index: 1_234_067, level: 1 }, 'tile/1/x001/x234/067', 'tile/8/1/x001/x234/067'],
    [{ ...full, index: 1_000_000 }, 'tile/0/x001/x000/000', 'tile/8/0/x001/x000/000'],
    [{ ...full, width: 1, level: 63 }, 'tile/63/000.p/1', 'tile/8/63/000.p/1'],
    [{ ...full, width: 255 }, 'tile/0/000.p/255', 'tile/8/0/000.p/255'],
    [
      { ...full, index: Number.MAX_SAFE_INTEGER },
      'tile/0/x009/x007/x199/x254/x740/991',
      'tile/8/0/x009/x007/x199/x254/x740/991',
    ],
  ])('%o', (tile, c2sp, sumdb) => {
    expect(encodeTilePath(tile)).toBe(c2sp);
    expect(parseTilePath(c2sp)).toEqual(tile);
    expect(encodeTilePath(tile, 'sumdb')).toBe(sumdb);
    expect(parseTilePath(sumdb, 'sumdb')).toEqual(tile);
    expect(c2sp).toContain(pathOfIndex(tile.index));
  });

  it('of other heights are for the checksum database only', () => {
    const tall = { height: 30, level: 1, index: 5, width: 2 ** 30 - 1 };
    expect(encodeTilePath(tall, 'sumdb')).toBe('tile/30/1/005.p/1073741823');
    expect(parseTilePath('tile/30/1/005.p/1073741823', 'sumdb')).toEqual(tall);
    expect(parseTilePath('tile/1/0/000', 'sumdb')).toEqual({ height: 1, level: 0, index: 0, width: 2 });
    expect(outcome(() => encodeTilePath(tall))).toBe('ERR_ARGUMENT_RANGE');
  });

  it.each([
    '',
    'tile',
    'tile/0',
    'tile/0/',
    '/tile/0/000',
    'tile/0/000/',
    'tiles/0/000',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/+1/000',
    'tile/x/000',
    'tile/entries/000',
    'tile/0/0',
    'tile/0/00',
    'tile/0/0000',
    'tile/0/x000/000',
    'tile/0/x000/001',
    'tile/0/x001',
    'tile/0/001/000',
    'tile/0/x01/000',
    'tile/0/X001/000',
    'tile/0/000.p',
    'tile/0/000.p/',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/257',
    'tile/0/000.p/99999999999999999999',
    'tile/0/000.p/1e1',
    'tile/0/000.p/-1',
    'tile/0/000.P/1',
    'tile/0/000/p/1',
    'tile/0/000\n',
    ' tile/0/000',
    'tile/0/\u0660\u0660\u0660',
    'tile/8/0/000',
    `tile/0/${'x000/'.repeat(20)}000`,
  ])('%j is none', (path) => {
    expect(outcome(() => parseTilePath(path))).toBe('ERR_TILE_PATH');
  });

  it.each([
    'tile/0/000',
    'tile/0/0/000',
    'tile/31/0/000',
    'tile/08/0/000',
    'tile/8/data/000',
    'tile/8/00/000',
    'tile/8/0/000.p/256',
    'tile/1/0/000.p/2',
    'tile/-1/0/000',
  ])('%j is none of the checksum database', (path) => {
    expect(outcome(() => parseTilePath(path, 'sumdb'))).toBe('ERR_TILE_PATH');
  });

  it('have indexes up to 2^53 - 1', () => {
    expect(outcome(() => parseTilePath('tile/0/x009/x007/x199/x254/x740/992'))).toBe('ERR_INTEGER');
    expect(outcome(() => parseTilePath('tile/0/x999/x999/x999/x999/x999/x999/999'))).toBe('ERR_INTEGER');
  });

  it.each([
    ['a height of 0', { ...full, height: 0 }],
    ['a height of 31', { ...full, height: 31 }],
    ['a level of 64', { ...full, level: 64 }],
    ['a negative index', { ...full, index: -1 }],
    ['no width', { ...full, width: 0 }],
    ['a width above the full one', { ...full, width: 257 }],
    ['a fraction', { ...full, index: 0.5 }],
  ])('are not written for a tile with %s', (_, tile) => {
    expect(outcome(() => encodeTilePath(tile, 'sumdb'))).toBe('ERR_ARGUMENT_RANGE');
  });

  it('are of one of two forms', () => {
    expect(outcome(() => encodeTilePath(full, 'other' as 'c2sp'))).toBe('ERR_ARGUMENT_RANGE');
    expect(outcome(() => parseTilePath('tile/0/000', 'other' as 'c2sp'))).toBe('ERR_ARGUMENT_RANGE');
    expect(outcome(() => parseTilePath(1 as unknown as string))).toBe('ERR_ARGUMENT_TYPE');
    expect(outcome(() => encodeTilePath(1 as unknown as typeof full))).toBe('ERR_ARGUMENT_TYPE');
  });
});

describe('entry bundle paths', () => {
  it.each([
    [{ height: 8, index: 0, width: 256 }, 'tile/entries/000', 'tile/8/data/000'],
    [{ height: 8, index: 1234, width: 7 }, 'tile/entries/x001/234.p/7', 'tile/8/data/x001/234.p/7'],
  ])('%o', (bundle, c2sp, sumdb) => {
    expect(encodeEntryBundlePath(bundle)).toBe(c2sp);
    expect(parseEntryBundlePath(c2sp)).toEqual(bundle);
    expect(encodeEntryBundlePath(bundle, 'sumdb')).toBe(sumdb);
    expect(parseEntryBundlePath(sumdb, 'sumdb')).toEqual(bundle);
  });

  it.each(['tile/0/000', 'tile/data/000', 'tile/entries/x000/000', 'tile/entries/000.p/0', 'entries/000'])(
    '%j is none',
    (path) => {
      expect(outcome(() => parseEntryBundlePath(path))).toBe('ERR_TILE_PATH');
    },
  );

  it.each([
    'tile/8/0/000',
    'tile/8/entries/000',
    'tile/8/data/x000/000',
    'tile/8/data/000.p/256',
    'tile/data/000',
  ])('%j is none of the checksum database', (path) => {
    expect(outcome(() => parseEntryBundlePath(path, 'sumdb'))).toBe('ERR_TILE_PATH');
  });
});
