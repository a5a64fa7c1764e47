/**
 * The paths of tiles and entry bundles, read: C2SP tlog-tiles, and the older form of the Go checksum database, which
 * writes the height and calls entries data. What is read is written again, and must be the same path.
 */
import { demand } from './encoding.js';
import { pathOfIndex } from './tiles.js';

export type PathForm = 'c2sp' | 'sumdb';

/** Entries have no level. */
export type TileName = {
  readonly height: number;
  readonly level: number | 'entries';
  readonly index: number;
  readonly width: number;
};

const entriesWord = (form: PathForm): string => (form === 'c2sp' ? 'entries' : 'data');

/** `tile/<L>/<N>[.p/<W>]`, `tile/<H>/<L>/<N>[.p/<W>]` */
export function writeTilePath(form: PathForm, { height, level, index, width }: TileName): string {
  const start = form === 'c2sp' ? 'tile' : `tile/${height}`;
  const partial = width === 2 ** height ? '' : `.p/${width}`;
  return `${start}/${level === 'entries' ? entriesWord(form) : level}/${pathOfIndex(index)}${partial}`;
}

/** The path of a tile, or of an entry bundle, and not of the other. */
export function readTilePath(form: PathForm, path: string, what: 'tile' | 'bundle'): TileName {
  const elements = path.split('/').slice(1);
  const height = form === 'c2sp' ? 8 : number(elements.shift());
  demand(height >= 1 && height <= 30, 'tile-path');
  const word = elements.shift();
  demand((word === entriesWord(form)) === (what === 'bundle'), 'tile-path');
  const level = what === 'bundle' ? 'entries' : number(word);
  demand(level === 'entries' || level <= 63, 'tile-path');

  let width = 2 ** height;
  if (elements.at(-2)?.endsWith('.p') === true) {
    width = number(elements.pop());
    demand(width >= 1 && width < 2 ** height, 'tile-path');
    elements.push(String(elements.pop()).slice(0, -2));
  }
  const digits = elements.map((element) => element.replace('x', '')).join('');
  demand(/^[0-9]+$/.test(digits), 'tile-path');
  demand(BigInt(digits) <= 2n ** 53n - 1n, 'number-too-large');
  const name = { height, level, index: Number(digits), width } as const;
  demand(writeTilePath(form, name) === path, 'tile-path');
  return name;
}

function number(text: string | undefined): number {
  demand(text !== undefined && /^[0-9]{1,10}$/.test(text), 'tile-path');
  return Number(text);
}
