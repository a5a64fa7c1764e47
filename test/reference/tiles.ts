/**
 * Tiled logs by the words of C2SP tlog-tiles, naively: which files a log of some size has, what is in each, and
 * how a reader gets the root from them. Hashes are Node's; nothing here is the library's.
 */

import { leafHash, MTH } from './tree.js';

/** "a non-negative integer encoded into zero-padded 3-digit path elements. All but the last begin with an x" */
export function pathOfIndex(n: number): string {
  let digits = String(n);
  while (digits.length % 3 !== 0) digits = `0${digits}`;
  const elements = digits.match(/.{3}/g) as string[];
  return elements.map((element, i) => (i < elements.length - 1 ? `x${element}` : element)).join('/');
}

/**
 * The path and width of every tile of a log of size s: full tiles, and the partial one of each level, which
 * "has floor(s / 256**l) mod 256 entries". Empty tiles are not there.
 */
export function tilesOf(s: number): { path: string; l: number; n: number; width: number }[] {
  const tiles = [];
  for (let l = 0; 256 ** l <= s; l++) {
    const hashes = Math.floor(s / 256 ** l);
    const full = Math.floor(hashes / 256);
    for (let n = 0; n < full; n++) tiles.push({ path: `tile/${l}/${pathOfIndex(n)}`, l, n, width: 256 });
    const width = hashes % 256;
    if (width > 0) tiles.push({ path: `tile/${l}/${pathOfIndex(full)}.p/${width}`, l, n: full, width });
  }
  return tiles;
}

/** "MTH(D[(n * 256 + i) * 256**l : (n * 256 + i + 1) * 256**l])", i from 0 to the width. */
export function contentOf(l: number, n: number, width: number, leaves: readonly Uint8Array[]): Buffer {
  const hashes = [];
  for (let i = 0; i < width; i++) {
    hashes.push(MTH(leaves.slice((n * 256 + i) * 256 ** l, (n * 256 + i + 1) * 256 ** l)));
  }
  return Buffer.concat(hashes);
}

/** The root from the tiles of level 0 alone: every leaf hash, read and hashed. */
export function rootFromTiles(s: number, read: (path: string) => Uint8Array): Uint8Array {
  const leaves: Uint8Array[] = [];
  for (const { path, l, width } of tilesOf(s)) {
    if (l !== 0) continue;
    const bytes = read(path);
    if (bytes.length !== width * 32) throw new Error(`${path} has ${bytes.length} bytes`);
    for (let i = 0; i < width; i++) leaves.push(Uint8Array.from(bytes.subarray(i * 32, i * 32 + 32)));
  }
  return MTH(leaves);
}

/** "sequences of big-endian uint16 length-prefixed log entries": their leaf hashes. */
export function leafHashesOfBundle(bundle: Uint8Array): Uint8Array[] {
  const hashes = [];
  for (let at = 0; at < bundle.length; ) {
    const length = (bundle[at] as number) * 256 + (bundle[at + 1] as number);
    hashes.push(leafHash(bundle.subarray(at + 2, at + 2 + length)));
    at += 2 + length;
  }
  return hashes;
}
