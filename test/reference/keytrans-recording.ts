/** What a log writes down as it runs the algorithms of its users: the queues of a CombinedTreeProof. */
import type { Looked, Series, Source, VersionKey } from './keytrans-entries.js';
import * as order from './keytrans-order.js';
import { type Proof, prove, type Tree, value as rootOf } from './prefix-tree.js';

/** A log with what of it is looked at. */
export interface Recorded {
  entry(x: number): { readonly timestampMs: number; readonly tree: Tree };
  keyOf(version: number): VersionKey;
}

/** Whether owner monitoring stops before a look into an entry. */
export type Ends = (x: number, expected: number | null, looks: number) => boolean;

/** Answers from the log, and writes down what it answered. */
export class Recording implements Source {
  readonly timestampsMs: number[] = [];
  readonly prefixProofs: Proof[] = [];
  #looks = 0;
  readonly #log: Recorded;
  readonly #ends: Ends;

  constructor(log: Recorded, ends: Ends = () => false) {
    this.#log = log;
    this.#ends = ends;
  }

  time(x: number): number {
    const { timestampMs } = this.#log.entry(x);
    this.timestampsMs.push(timestampMs);
    return timestampMs;
  }

  look(x: number, series: Series): Looked {
    const { tree } = this.#log.entry(x);
    const isThere = (version: number): boolean =>
      prove(tree, [this.#log.keyOf(version).vrfOutput]).results[0]?.resultType === 'inclusion';
    const versions = 'versions' in series ? series.versions : lookedUp(series, isThere);
    const proof = prove(
      tree,
      versions.map((version) => this.#log.keyOf(version).vrfOutput),
    );
    this.prefixProofs.push(proof);
    return { versions, there: versions.map(isThere), root: rootOf(tree) };
  }

  isOver(x: number, expected: number | null): boolean {
    if (this.#ends(x, expected, this.#looks)) return true;
    this.#looks += 1;
    return false;
  }

  demand(): void {}
}

/** Up to the first that decides; what others have shown is left out. */
function lookedUp(
  { target, left, right }: Exclude<Series, { readonly versions: readonly number[] }>,
  isThere: (version: number) => boolean,
): number[] {
  const versions: number[] = [];
  for (const version of order.baseBinaryLadder(target)) {
    const isKnown = left.includes(version) || right.includes(version);
    const there = isKnown ? left.includes(version) : isThere(version);
    if (!isKnown) versions.push(version);
    if (there !== version <= target) break;
  }
  return versions;
}
