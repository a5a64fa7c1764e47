/**
 * Where in memory a key's value lies: a table without an object for any key.
 *
 * A `Map` of a million strings is a million objects more that every full garbage collection walks through, and
 * updates of a large tree make enough garbage to call for one each time. These are two arrays of numbers; the keys
 * themselves lie with their values, and whoever keeps those says whether a key is there.
 *
 *     hashes │     │ 7f3a │ 7f3b │ 7f3a │      │ 91c0 │     open addressing: a key stands at its home or in the
 *     places │  -1 │   12 │  902 │   77 │   -1 │    5 │     next free row behind, with nothing empty in between
 *                    home ────▶ found
 *
 * The hash is a polynomial in a random number, so that nobody who chooses labels can choose keys that share a home.
 */

import { randomBytes } from '../platform.js';
import { NOWHERE } from './workspace.js';

/** A table of keys. */
export interface KeyTable {
  /** How many keys there are. */
  readonly size: number;
  /** Bytes of the table. */
  readonly allocatedBytes: number;
  /** The place of a key, or {@link NOWHERE}. */
  get(key: string): number;
  /** Adds a key that is not there, at a place from 0 on. */
  add(key: string, place: number): void;
  /** Takes a key out. @returns the place that it had, or {@link NOWHERE} */
  remove(key: string): number;
}

const FIRST_ROWS = 16;
/** A table fuller than this is doubled. */
const LOAD_MAX = 0.75;
const HASH_COUNT = 2 ** 32;
const HASH_MIN = -(2 ** 31);

/**
 * An empty table.
 * @param isKeyAt whether a key is the one that lies at a place
 * @throws UnsupportedError `ERR_NO_RANDOMNESS`
 */
export function createKeyTable(isKeyAt: (place: number, key: string) => boolean): KeyTable {
  const multiplier = randomOdd();
  let hashes = new Int32Array(FIRST_ROWS);
  let places = new Float64Array(FIRST_ROWS).fill(NOWHERE);
  let size = 0;

  function hashOf(key: string): number {
    let hash = 0;
    for (let i = 0; i < key.length; i++) hash = Math.imul(hash + key.charCodeAt(i), multiplier);
    return hash;
  }

  /** The row where the search for a hash begins: by its upper bits, which depend on every character. */
  const homeOf = (hash: number): number => Math.floor((hash - HASH_MIN) * (places.length / HASH_COUNT));

  const rowAfter = (row: number): number => (row + 1 === places.length ? 0 : row + 1);

  /** Steps from one row to another that is reached from it. */
  const distance = (from: number, to: number): number => (to < from ? to + places.length : to) - from;

  /** The row of a key, or the free one where it would stand. */
  function find(key: string, hash: number): number {
    let row = homeOf(hash);
    for (; places[row] !== NOWHERE; row = rowAfter(row)) {
      if (hashes[row] === hash && isKeyAt(places[row] as number, key)) return row;
    }
    return row;
  }

  function double(): void {
    const [oldHashes, oldPlaces] = [hashes, places];
    hashes = new Int32Array(2 * oldHashes.length);
    places = new Float64Array(2 * oldPlaces.length).fill(NOWHERE);
    for (let old = 0; old < oldPlaces.length; old++) {
      if (oldPlaces[old] === NOWHERE) continue;
      let row = homeOf(oldHashes[old] as number);
      while (places[row] !== NOWHERE) row = rowAfter(row);
      hashes[row] = oldHashes[old] as number;
      places[row] = oldPlaces[old] as number;
    }
  }

  return {
    get size() {
      return size;
    },
    get allocatedBytes() {
      return hashes.byteLength + places.byteLength;
    },
    get: (key) => places[find(key, hashOf(key))] as number,
    add(key, place) {
      if (size + 1 > LOAD_MAX * places.length) double();
      const hash = hashOf(key);
      const row = find(key, hash);
      hashes[row] = hash;
      places[row] = place;
      size++;
    },
    remove(key) {
      let gap = find(key, hashOf(key));
      const place = places[gap] as number;
      if (place === NOWHERE) return NOWHERE;
      // What stands behind moves up where the gap would cut it off from its home.
      for (let row = rowAfter(gap); places[row] !== NOWHERE; row = rowAfter(row)) {
        if (distance(homeOf(hashes[row] as number), row) < distance(gap, row)) continue;
        hashes[gap] = hashes[row] as number;
        places[gap] = places[row] as number;
        gap = row;
      }
      places[gap] = NOWHERE;
      size--;
      return place;
    },
  };
}

function randomOdd(): number {
  const [a, b, c, d] = randomBytes(4) as unknown as [number, number, number, number];
  return ((a * 256 + b) * 256 + c) * 256 + d - (d % 2) + 1;
}
