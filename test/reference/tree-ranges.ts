/**
 * The recursions of RFC 6962, section 2.1, over ranges of leaves instead of lists, so that the root of a range is
 * computed once. All trees of one log share them: `tree.ts` would hash millions of nodes again and again.
 */
import { nodeHash, split } from './tree.js';

type Bytes = Uint8Array;

/** A log whose leaf hashes are given by index. */
export class RangedLog {
  readonly #leafAt: (index: number) => Bytes;
  readonly #nameOf: (begin: number, end: number) => string;
  readonly #known = new Map<string, Bytes>();

  /** @param uniform all leaves are equal: then so are all ranges of one size, and a tree may have 2^53 - 1 leaves */
  constructor(leafAt: (index: number) => Bytes, uniform = false) {
    this.#leafAt = leafAt;
    this.#nameOf = (begin, end) => (uniform ? `${end - begin}` : `${begin} ${end}`);
  }

  /** MTH(D[begin:end]), begin < end. */
  root(begin: number, end: number): Bytes {
    if (end - begin === 1) return this.#leafAt(begin);
    const name = this.#nameOf(begin, end);
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const middle = begin + split(end - begin);
    const hash = nodeHash(this.root(begin, middle), this.root(middle, end));
    this.#known.set(name, hash);
    return hash;
  }

  /** PATH of the leaf at `index` in D[begin:end]. */
  path(index: number, begin: number, end: number): Bytes[] {
    if (end - begin === 1) return [];
    const middle = begin + split(end - begin);
    return index < middle
      ? [...this.path(index, begin, middle), this.root(middle, end)]
      : [...this.path(index, middle, end), this.root(begin, middle)];
  }

  /** PROOF(older, D[0:newer]). */
  proof(older: number, newer: number): Bytes[] {
    return this.#subproof(older, 0, newer, true);
  }

  #subproof(older: number, begin: number, end: number, known: boolean): Bytes[] {
    if (older === end) return known ? [] : [this.root(begin, end)];
    const middle = begin + split(end - begin);
    return older <= middle
      ? [...this.#subproof(older, begin, middle, known), this.root(middle, end)]
      : [...this.#subproof(older, middle, end, false), this.root(begin, middle)];
  }
}
