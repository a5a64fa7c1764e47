/**
 * Log entries as the algorithms of draft-ietf-keytrans-protocol (commit 526cc8a) ask about them: "Combined Tree" under
 * "Tree Proofs". The algorithms are written over `Entries`; where the answers come from, the queues of a proof or the
 * log itself, they do not see.
 */
import { equal, type Reason } from './encoding.js';
import * as order from './keytrans-order.js';
import type { Proof as PrefixProof } from './prefix-tree.js';

type Bytes = Uint8Array;

/** CombinedTreeProof */
export interface Combined {
  readonly timestampsMs: readonly number[];
  readonly prefixProofs: readonly PrefixProof[];
  readonly prefixRoots: readonly Bytes[];
  readonly inclusion: { readonly elements: readonly Bytes[] };
}

export interface FrontierEntry {
  readonly position: number;
  readonly timestampMs: number;
  readonly prefixTree: Bytes;
}

/** "Users retain the following information about the last tree head they've observed". */
export interface Retained {
  readonly treeSize: number;
  readonly fullSubtrees: readonly Bytes[];
  readonly frontier: readonly FrontierEntry[];
}

export interface VersionKey {
  readonly vrfOutput: Bytes;
  readonly commitment: Bytes | undefined;
}

/** Which tree is looked at, by whom. */
export interface TreeTask {
  readonly treeSize: number;
  readonly auditorSize: number | null;
  readonly retained: Retained | null;
  readonly windowMs: number;
  readonly maximumLifetimeMs: number | null;
}

/** A series of lookups: these versions, or a search binary ladder without what others have shown. */
export type Series =
  | { readonly versions: readonly number[] }
  | { readonly target: number; readonly left: readonly number[]; readonly right: readonly number[] };

export interface Looked {
  readonly versions: readonly number[];
  readonly there: readonly boolean[];
  /** Of the entry's prefix tree. */
  readonly root: Bytes;
}

/** Where timestamps and lookups come from. */
export interface Source {
  /** Asked for once, and never of an entry that was retained. */
  time(x: number): number;
  look(x: number, series: Series): Looked;
  /** Whether owner monitoring stops before it looks into the entry. */
  isOver(x: number, expected: number | null): boolean;
  /** What an algorithm says must be so. */
  demand(rule: boolean, reason: Reason): void;
}

/** The association between log entries and what is known of them. */
export class Entries {
  readonly task: TreeTask;
  readonly #source: Source;
  readonly #times = new Map<number, number>();
  readonly #roots = new Map<number, Bytes>();
  readonly #shown: { readonly x: number; readonly version: number; readonly there: boolean }[] = [];

  constructor(task: TreeTask, source: Source) {
    this.task = task;
    this.#source = source;
    for (const { position, timestampMs, prefixTree } of task.retained?.frontier ?? []) {
      this.#times.set(position, timestampMs);
      this.#roots.set(position, prefixTree);
    }
  }

  /** "The user always executes the algorithm to update their view of the tree". */
  updateView(): void {
    const { treeSize, retained } = this.task;
    for (const x of order.updateView(treeSize, retained?.treeSize ?? null)) this.time(x);
  }

  /** "The first time an algorithm requires the timestamp of a given log entry, the next element is consumed". */
  time(x: number): number {
    const known = this.#times.get(x);
    if (known !== undefined) return known;
    const next = this.#source.time(x);
    this.#times.set(x, next);
    // "any given timestamp is greater than or equal to all observed timestamps to its left"
    const ascending = [...this.#times].sort(([a], [b]) => a - b).map(([, time]) => time);
    this.demand(
      ascending.every((time, i) => i === 0 || (ascending[i - 1] as number) <= time),
      'timestamp-order',
    );
    return next;
  }

  demand(rule: boolean, reason: Reason): void {
    this.#source.demand(rule, reason);
  }

  isOver(x: number, expected: number | null): boolean {
    return this.#source.isOver(x, expected);
  }

  /** "The next element of `prefix_proofs` is consumed and evaluated"; the entry's timestamp is required as well. */
  #look(x: number, series: Series): readonly boolean[] {
    this.time(x);
    const { versions, there, root } = this.#source.look(x, series);
    // "If multiple proofs are consumed for the same log entry, users MUST verify that they all produce the same root".
    this.demand(equal(this.#roots.get(x) ?? root, root), 'entry-root');
    this.#roots.set(x, root);
    for (const [i, version] of versions.entries()) this.#shown.push({ x, version, there: there[i] === true });
    return there;
  }

  #beside(x: number): { readonly left: number[]; readonly right: number[] } {
    return {
      left: this.#shown.filter((one) => one.there && one.x < x).map(({ version }) => version),
      right: this.#shown.filter((one) => !one.there && one.x > x).map(({ version }) => version),
    };
  }

  /** A search binary ladder, "omitting redundant lookups" or not: less, equal or greater. */
  ladder(x: number, target: number, omit = true): number {
    const { left, right } = omit ? this.#beside(x) : { left: [], right: [] };
    const before = this.#shown.length;
    this.#look(x, { target, left, right });
    const seen = this.#shown.slice(before);
    for (const version of order.baseBinaryLadder(target)) {
      const there = seen.find((one) => one.version === version)?.there ?? left.includes(version);
      if (there !== version <= target) return there ? 1 : -1;
    }
    return 0;
  }

  /** Versions, looked up one by one. */
  lookUp(x: number, versions: readonly number[]): readonly boolean[] {
    return this.#look(x, { versions });
  }

  /** A search ladder in an entry that is skipped: what it would show counts "as if the log entries had been inspected". */
  skip(x: number, target: number, greatest: number): void {
    const { left, right } = this.#beside(x);
    for (const version of order.searchBinaryLadder(target, greatest, left, right)) {
      this.#shown.push({ x, version, there: version <= greatest });
    }
  }

  /** Step 2 of "Reasonable Monitoring Window" for the entry and all of its ancestors, the root first. */
  isDistinguished(x: number): boolean {
    const { treeSize, windowMs } = this.task;
    const line = [x, ...order.directPath(x, treeSize)].reverse();
    return line.every((at) => {
      const above = order.directPath(at, treeSize);
      const onLeft = above.filter((other) => other < at);
      const onRight = above.filter((other) => other > at);
      const leftTime = onLeft.length === 0 ? 0 : this.time(Math.max(...onLeft));
      const rightTime = this.time(onRight.length === 0 ? treeSize - 1 : Math.min(...onRight));
      return rightTime - leftTime >= windowMs;
    });
  }

  rightmostDistinguished(): number | null {
    const found = order.frontier(this.task.treeSize).filter((x) => this.isDistinguished(x));
    return found.at(-1) ?? null;
  }

  isExpired(x: number): boolean {
    return order.expired(this.time(x), this.time(this.task.treeSize - 1), this.task.maximumLifetimeMs);
  }

  // ----------------------------------------------------------------------------------- what is left

  /** "The log entries that have an associated timestamp from `timestamps`", from left to right. */
  given(): number[] {
    const kept = new Set((this.task.retained?.frontier ?? []).map(({ position }) => position));
    return [...this.#times.keys()].filter((x) => !kept.has(x)).sort((a, b) => a - b);
  }

  /** Those of them "but no associated prefix tree root hash". */
  withoutRoot(): number[] {
    return this.given().filter((x) => !this.#roots.has(x));
  }

  setRoot(x: number, root: Bytes): void {
    this.#roots.set(x, root);
  }

  entry(position: number): FrontierEntry {
    const timestampMs = this.#times.get(position);
    const prefixTree = this.#roots.get(position);
    if (timestampMs === undefined || prefixTree === undefined)
      throw new Error(`nothing is known of ${position}`);
    return { position, timestampMs, prefixTree };
  }
}
