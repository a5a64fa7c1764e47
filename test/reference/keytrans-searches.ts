/**
 * Searches of draft-ietf-keytrans-protocol (commit 526cc8a) as a user verifies them: "Updating Views of the Tree",
 * "Greatest-Version Search" and "Fixed-Version Search" over the queues of a CombinedTreeProof ("Combined Tree" under
 * "Tree Proofs"), sentence by sentence.
 */
import { demand, equal, Refusal } from './encoding.js';
import {
  evaluate as evaluateBatch,
  fullSubtrees as fullSubtreesOf,
  leafValue,
  logEntry,
} from './keytrans-log.js';
import * as order from './keytrans-order.js';
import { evaluate as evaluatePrefix, type Proof as PrefixProof } from './prefix-tree.js';

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

/** What is searched for, where. */
export interface SearchTask {
  readonly treeSize: number;
  readonly auditorSize: number | null;
  readonly retained: Retained | null;
  readonly windowMs: number;
  readonly maximumLifetimeMs: number | null;
  readonly kind: 'greatest' | 'fixed';
  readonly target: number;
}

export interface Found {
  readonly outcome: 'found' | 'absent' | 'expired';
  readonly terminal: number | null;
  readonly rightmostDistinguished: number | null;
}

export interface VerifiedSearch extends Found {
  readonly root: Bytes;
  readonly auditorRoot: Bytes | null;
  readonly retained: Retained;
}

/** The association between log entries and what the queues, or the user, say of them. */
class Entries {
  readonly #task: SearchTask;
  readonly #versions: ReadonlyMap<number, VersionKey>;
  readonly #timestamps: number[];
  readonly #searches: PrefixProof[];
  readonly #times = new Map<number, number>();
  readonly #roots = new Map<number, Bytes>();
  readonly #shown: { readonly x: number; readonly version: number; readonly there: boolean }[] = [];

  constructor(task: SearchTask, versions: ReadonlyMap<number, VersionKey>, proof: Combined) {
    this.#task = task;
    this.#versions = versions;
    this.#timestamps = [...proof.timestampsMs];
    this.#searches = [...proof.prefixProofs];
    for (const { position, timestampMs, prefixTree } of task.retained?.frontier ?? []) {
      this.#times.set(position, timestampMs);
      this.#roots.set(position, prefixTree);
    }
  }

  /** "The first time an algorithm requires the timestamp of a given log entry, the next element is consumed". */
  time(x: number): number {
    const known = this.#times.get(x);
    if (known !== undefined) return known;
    const next = this.#timestamps.shift();
    if (next === undefined) throw new Refusal('queue-timestamps');
    this.#times.set(x, next);
    // "any given timestamp is greater than or equal to all observed timestamps to its left"
    const ascending = [...this.#times].sort(([a], [b]) => a - b).map(([, time]) => time);
    demand(
      ascending.every((time, i) => i === 0 || (ascending[i - 1] as number) <= time),
      'timestamp-order',
    );
    return next;
  }

  /** "The next element of `prefix_proofs` is consumed and evaluated". */
  #look(x: number, versions: readonly number[], proof: PrefixProof): void {
    const searches = versions.map((version) => {
      const key = this.#versions.get(version);
      if (key === undefined) throw new Error(`nothing is known of version ${version}`);
      return key;
    });
    const root = evaluatePrefix(searches, proof);
    // "If multiple proofs are consumed for the same log entry, users MUST verify that they all produce the same root".
    demand(equal(this.#roots.get(x) ?? root, root), 'entry-root');
    this.#roots.set(x, root);
    for (const [i, version] of versions.entries()) {
      this.#shown.push({ x, version, there: proof.results[i]?.resultType === 'inclusion' });
    }
  }

  #nextProof(): PrefixProof {
    const next = this.#searches.shift();
    if (next === undefined) throw new Refusal('queue-searches');
    return next;
  }

  /** A search binary ladder, "omitting redundant lookups": less, equal or greater. */
  ladder(x: number): number {
    const proof = this.#nextProof();
    const left = this.#shown.filter((one) => one.there && one.x < x).map(({ version }) => version);
    const right = this.#shown.filter((one) => !one.there && one.x > x).map(({ version }) => version);
    const results = proof.results.map(({ resultType }) => resultType === 'inclusion');
    const { verdict, versions } = order.interpret(this.#task.target, results, left, right);
    this.#look(x, versions, proof);
    return verdict;
  }

  /** One version, looked up by itself. */
  includes(x: number, version: number): boolean {
    const proof = this.#nextProof();
    this.#look(x, [version], proof);
    return proof.results[0]?.resultType === 'inclusion';
  }

  /** Step 2 of "Reasonable Monitoring Window" for the entry and all of its ancestors, the root first. */
  isDistinguished(x: number): boolean {
    const { treeSize, windowMs } = this.#task;
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
    const found = order.frontier(this.#task.treeSize).filter((x) => this.isDistinguished(x));
    return found.at(-1) ?? null;
  }

  isExpired(x: number): boolean {
    return order.expired(this.time(x), this.time(this.#task.treeSize - 1), this.#task.maximumLifetimeMs);
  }

  /** "exactly the expected number of entries -- no more and no less" */
  finish(proof: Combined): Omit<VerifiedSearch, keyof Found> {
    const { treeSize, auditorSize, retained } = this.#task;
    demand(this.#timestamps.length === 0, 'queue-timestamps');
    demand(this.#searches.length === 0, 'queue-searches');
    const kept = new Set((retained?.frontier ?? []).map(({ position }) => position));
    const given = [...this.#times.keys()].filter((x) => !kept.has(x)).sort((a, b) => a - b);
    const without = given.filter((x) => !this.#roots.has(x));
    demand(without.length === proof.prefixRoots.length, 'queue-roots');
    for (const [i, x] of without.entries()) this.#roots.set(x, proof.prefixRoots[i] as Bytes);
    const entryOf = (position: number): FrontierEntry => ({
      position,
      timestampMs: this.#times.get(position) as number,
      prefixTree: this.#roots.get(position) as Bytes,
    });
    const leaves = given
      .map(entryOf)
      .map((entry) => leafValue(logEntry(entry.timestampMs, entry.prefixTree)));
    const {
      root,
      auditorRoot,
      fullSubtrees: newHeads,
    } = evaluateBatch(
      { n: treeSize, leaves: given, m: retained?.treeSize ?? 0, nP: auditorSize ?? 0 },
      leaves,
      retained?.fullSubtrees ?? [],
      proof.inclusion.elements,
    );
    const frontier = order.frontier(treeSize).map(entryOf);
    return { root, auditorRoot, retained: { treeSize, fullSubtrees: newHeads, frontier } };
  }
}

/** "Algorithm" under "Greatest-Version Search". */
function greatestVersion(entries: Entries, { treeSize }: SearchTask): Found {
  const rightmostDistinguished = entries.rightmostDistinguished();
  const start = rightmostDistinguished ?? order.root(treeSize);
  const inspected = order.frontier(treeSize).filter((x) => x >= start);
  let terminal = treeSize - 1;
  for (const x of inspected) {
    const verdict = entries.ladder(x);
    demand(verdict <= 0, 'greatest-version');
    if (x === treeSize - 1) demand(verdict === 0, 'greatest-version');
    // "the leftmost log entry inspected that contains the greatest version of the label"
    if (verdict === 0) terminal = Math.min(terminal, x);
  }
  return { outcome: 'found', terminal, rightmostDistinguished };
}

/** "Algorithm" under "Fixed-Version Search". */
function fixedVersion(entries: Entries, { treeSize, target }: SearchTask): Found {
  const expired: number[] = [];
  const unexpired: number[] = [];
  const greater: number[] = [];
  const success = (terminal: number): Found => ({
    outcome: 'found',
    terminal,
    rightmostDistinguished: entries.rightmostDistinguished(),
  });
  const failure = (outcome: 'absent' | 'expired'): Found => ({
    outcome,
    terminal: null,
    rightmostDistinguished: null,
  });
  const toRight = (x: number): number | null => order.childOf(() => order.right(x, treeSize));
  const toLeft = (x: number): number | null => order.childOf(() => order.left(x));

  let x: number | null = order.root(treeSize);
  while (x !== null) {
    // Step 1
    if (entries.isExpired(x)) {
      expired.push(x);
      x = toRight(x);
      continue;
    }
    // Step 2
    unexpired.push(x);
    const verdict = entries.ladder(x);
    if (verdict < 0) {
      x = toRight(x); // Step 3
    } else if (verdict > 0) {
      greater.push(x);
      x = toLeft(x); // Step 4
    } else {
      // Step 5.1
      if (expired.length === 0) return success(x);
      // Step 5.2: "the log entry itself …, or … any unexpired distinguished log entries in its direct path and to its left"
      const at = x;
      const line = [at, ...order.directPath(at, treeSize).filter((above) => above < at)];
      const checked = line.some((one) => unexpired.includes(one) && entries.isDistinguished(one));
      return checked ? success(at) : failure('expired');
    }
  }
  // Step 6.1
  if (greater.length === 0) return failure('absent');
  const identified = Math.min(...greater);
  // Step 6.2
  if (expired.length > 0) {
    const checked = unexpired.filter((one) => one < identified).some((one) => entries.isDistinguished(one));
    if (!checked) return failure('expired');
  }
  // Step 6.3
  return entries.includes(identified, target) ? success(identified) : failure('absent');
}

/** What was kept must be what a verified response leaves behind. */
function checkRetained({ treeSize, fullSubtrees: heads, frontier }: Retained): void {
  demand(treeSize > 0, 'stored-invalid');
  const positions = frontier.map(({ position }) => position);
  const times = frontier.map(({ timestampMs }) => timestampMs);
  demand(`${positions}` === `${order.frontier(treeSize)}`, 'stored-invalid');
  demand(`${times}` === `${[...times].sort((a, b) => a - b)}`, 'stored-invalid');
  demand(heads.length === fullSubtreesOf(treeSize).length, 'stored-invalid');
}

/** Candidates, or a `Refusal`. "The user always executes the algorithm to update their view of the tree" first. */
export function verifySearch(
  task: SearchTask,
  versions: ReadonlyMap<number, VersionKey>,
  proof: Combined,
): VerifiedSearch {
  const { treeSize, auditorSize, retained, kind } = task;
  demand(treeSize > 0 && auditorSize !== 0, 'empty-head');
  if (retained !== null) checkRetained(retained);
  demand(Math.max(retained?.treeSize ?? 0, auditorSize ?? 0) <= treeSize, 'heads-reversed');
  const entries = new Entries(task, versions, proof);
  for (const x of order.updateView(treeSize, retained?.treeSize ?? null)) entries.time(x);
  const found = kind === 'greatest' ? greatestVersion(entries, task) : fixedVersion(entries, task);
  return { ...found, ...entries.finish(proof) };
}
