/**
 * A CombinedTreeProof as a user reads it ("Combined Tree" under "Tree Proofs", draft-ietf-keytrans-protocol, commit
 * 526cc8a): "treating the `timestamps` and `prefix_proofs` fields as queues".
 */
import { demand, Refusal } from './encoding.js';
import {
  type Combined,
  Entries,
  type FrontierEntry,
  type Looked,
  type Retained,
  type Series,
  type Source,
  type TreeTask,
  type VersionKey,
} from './keytrans-entries.js';
import {
  evaluate as evaluateBatch,
  fullSubtrees as fullSubtreesOf,
  leafValue,
  logEntry,
} from './keytrans-log.js';
import * as order from './keytrans-order.js';
import { evaluate as evaluatePrefix, type Proof as PrefixProof } from './prefix-tree.js';

type Bytes = Uint8Array;

/** Candidates. */
export interface VerifiedTree {
  readonly root: Bytes;
  readonly auditorRoot: Bytes | null;
  readonly retained: Retained;
  /** The root of the tree that ends with an entry of which the algorithm asked. */
  readonly rootAt: (treeSize: number) => Bytes;
}

class Queues implements Source {
  readonly timestamps: number[];
  readonly searches: PrefixProof[];
  readonly #versions: ReadonlyMap<number, VersionKey>;

  constructor(proof: Combined, versions: ReadonlyMap<number, VersionKey>) {
    this.timestamps = [...proof.timestampsMs];
    this.searches = [...proof.prefixProofs];
    this.#versions = versions;
  }

  time(): number {
    const next = this.timestamps.shift();
    if (next === undefined) throw new Refusal('queue-timestamps');
    return next;
  }

  look(_: number, series: Series): Looked {
    const proof = this.searches.shift();
    if (proof === undefined) throw new Refusal('queue-searches');
    const there = proof.results.map(({ resultType }) => resultType === 'inclusion');
    const versions =
      'versions' in series
        ? series.versions
        : order.interpret(series.target, there, series.left, series.right).versions;
    const searches = versions.map((version) => {
      const key = this.#versions.get(version);
      if (key === undefined) throw new Error(`nothing is known of version ${version}`);
      return key;
    });
    return { versions, there, root: evaluatePrefix(searches, proof) };
  }

  /** "From a user's perspective, the only stop condition is having consumed all of the Transparency Log's response." */
  isOver(): boolean {
    return this.searches.length === 0;
  }

  demand = demand;
}

/** Candidates, or a `Refusal`. "The user always executes the algorithm to update their view of the tree" first. */
export function readCombined<Result>(
  task: TreeTask,
  versions: ReadonlyMap<number, VersionKey>,
  proof: Combined,
  algorithms: (entries: Entries) => Result,
): { readonly result: Result; readonly tree: VerifiedTree } {
  const { treeSize, auditorSize, retained } = task;
  demand(treeSize > 0 && auditorSize !== 0, 'empty-head');
  if (retained !== null) checkRetained(retained);
  demand(Math.max(retained?.treeSize ?? 0, auditorSize ?? 0) <= treeSize, 'heads-reversed');
  const queues = new Queues(proof, versions);
  const entries = new Entries(task, queues);
  entries.updateView();
  const result = algorithms(entries);

  // "exactly the expected number of entries -- no more and no less"
  demand(queues.timestamps.length === 0, 'queue-timestamps');
  demand(queues.searches.length === 0, 'queue-searches');
  const without = entries.withoutRoot();
  demand(without.length === proof.prefixRoots.length, 'queue-roots');
  for (const [i, x] of without.entries()) entries.setRoot(x, proof.prefixRoots[i] as Bytes);
  const leafOf = ({ timestampMs, prefixTree }: FrontierEntry): Bytes =>
    leafValue(logEntry(timestampMs, prefixTree));
  const given = entries.given();
  const { fullSubtrees, ...roots } = evaluateBatch(
    { n: treeSize, leaves: given, m: retained?.treeSize ?? 0, nP: auditorSize ?? 0 },
    given.map((x) => leafOf(entries.entry(x))),
    retained?.fullSubtrees ?? [],
    proof.inclusion.elements,
  );
  const frontier = order.frontier(treeSize).map((x) => entries.entry(x));
  return { result, tree: { ...roots, retained: { treeSize, fullSubtrees, frontier } } };
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
