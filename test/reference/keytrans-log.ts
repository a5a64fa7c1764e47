/**
 * The log tree of draft-ietf-keytrans-protocol (commit 526cc8a), slowly: "Cryptographic Computations", "Log Tree", and
 * "Tree Proofs", "Log Tree". Subtrees are ranges of leaves; batch proofs are a recursion from the root down.
 */
import { createHash } from 'node:crypto';
import { concat, equal, Refusal, uint } from './encoding.js';
import { keytransParent, split } from './tree.js';

type Bytes = Uint8Array;

export type Range = readonly [begin: number, end: number];

/** LogEntry: `uint64 timestamp; opaque prefix_tree[Hash.Nh];` */
export const logEntry = (timestamp: number, prefixTree: Bytes): Buffer =>
  concat(uint(8, timestamp), prefixTree);

/** "The value of a leaf node in the log tree is computed as the hash … of the following structure". */
export const leafValue = (entry: Bytes): Buffer => createHash('sha256').update(entry).digest();

export function isBalanced(size: number): boolean {
  let power = 1;
  while (power < size) power *= 2;
  return power === size;
}

/** A log whose leaf values are given by index. */
export class KeytransLog {
  readonly #leafAt: (index: number) => Bytes;
  readonly #nameOf: (begin: number, end: number) => string;
  readonly #known = new Map<string, Bytes>();

  /** @param uniform all leaves are equal: then so are all ranges of one size, and a tree may have 2^53 - 1 leaves */
  constructor(leafAt: (index: number) => Bytes, uniform = false) {
    this.#leafAt = leafAt;
    this.#nameOf = (begin, end) => (uniform ? `${end - begin}` : `${begin} ${end}`);
  }

  /** The value of the head over leaves begin to end - 1. */
  value([begin, end]: Range): Bytes {
    if (end - begin === 1) return this.#leafAt(begin);
    const name = this.#nameOf(begin, end);
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const middle = begin + split(end - begin);
    const parent = keytransParent(
      this.value([begin, middle]),
      middle - begin === 1,
      this.value([middle, end]),
      end - middle === 1,
    );
    this.#known.set(name, parent);
    return parent;
  }

  root(n: number): Bytes {
    return this.value([0, n]);
  }

  fullSubtrees(n: number): Bytes[] {
    return fullSubtrees(n).map((range) => this.value(range));
  }
}

/** "The balanced subtrees which are as large as possible": a balanced tree is one, another is split. */
export function fullSubtrees(n: number): Range[] {
  const inside = (begin: number, end: number): Range[] => {
    if (isBalanced(end - begin)) return [[begin, end]];
    const middle = begin + split(end - begin);
    return [...inside(begin, middle), ...inside(middle, end)];
  };
  return inside(0, n);
}

/** What a batch proof is for. `m` is the size that the user retained, `nP` the auditor's; 0 for none. */
export interface Batch {
  readonly n: number;
  readonly leaves: readonly number[];
  readonly m: number;
  readonly nP: number;
}

interface Visitor<Value> {
  leaf(index: number): Value;
  retained(at: number): Value;
  element(range: Range): Value;
  parent(left: Value, right: Value, range: Range): Value;
  compare(at: number, computed: Value): void;
}

/** From the root down, as far as something of interest lies inside; values come from left to right. */
function visit<Value>({ n, leaves, m, nP }: Batch, visitor: Visitor<Value>): Value {
  const retained = m === 0 ? [] : fullSubtrees(m);
  const walk = (begin: number, end: number): Value => {
    const inside = (boundary: number): boolean => begin < boundary && boundary < end;
    const leaf = leaves.some((index) => begin <= index && index < end);
    const kept = retained.findIndex(([from, to]) => from === begin && to === end);
    let value: Value;
    if (end - begin === 1 && leaf) {
      value = visitor.leaf(begin);
    } else if (!leaf && !inside(m) && !inside(nP) && (kept !== -1 || isBalanced(end - begin))) {
      return kept === -1 ? visitor.element([begin, end]) : visitor.retained(kept);
    } else {
      const middle = begin + split(end - begin);
      const left = walk(begin, middle);
      value = visitor.parent(left, walk(middle, end), [begin, end]);
    }
    // "Users MUST verify that the computed value for the head of any such subtree matches the retained value"
    if (kept !== -1) visitor.compare(kept, value);
    return value;
  };
  return walk(0, n);
}

/** The heads that the proof lists, left to right. */
export function batchProof(batch: Batch): Range[] {
  const elements: Range[] = [];
  visit<null>(batch, {
    leaf: () => null,
    retained: () => null,
    element(range) {
      elements.push(range);
      return null;
    },
    parent: () => null,
    compare: () => undefined,
  });
  return elements;
}

/** Roots and full subtrees; or a refusal. */
export function evaluate(
  batch: Batch,
  leafValues: readonly Bytes[],
  retained: readonly Bytes[],
  elements: readonly Bytes[],
): {
  root: Bytes;
  auditorRoot: Bytes | null;
  fullSubtrees: Bytes[];
  /** Of an older tree, as far as what was seen shows it. */
  rootAt: (size: number) => Bytes;
} {
  const { n, leaves, m, nP } = batch;
  if (elements.length !== batchProof(batch).length) throw new Refusal('proof-length');
  if (![...leafValues, ...elements].every((hash) => hash.length === 32)) throw new Refusal('vector-length');
  const values = new Map<string, Bytes>();
  const keep = ([begin, end]: Range, value: Bytes): Bytes => {
    values.set(`${begin} ${end}`, value);
    return value;
  };
  let taken = 0;
  const root = visit<Bytes>(batch, {
    leaf: (index) => keep([index, index + 1], leafValues[leaves.indexOf(index)] as Bytes),
    retained: (at) => keep(fullSubtrees(m)[at] as Range, retained[at] as Bytes),
    element: (range) => keep(range, elements[taken++] as Bytes),
    parent(left, right, range) {
      const [begin, end] = range;
      const k = split(end - begin);
      return keep(range, keytransParent(left, k === 1, right, end - begin - k === 1));
    },
    compare(at, computed) {
      if (!equal(computed, retained[at] as Bytes)) throw new Refusal('retained-differs');
    },
  });
  // A tree that ends elsewhere: what was seen of it is taken, the rest is its right edge.
  const older = (begin: number, end: number): Bytes => {
    const seen = values.get(`${begin} ${end}`);
    if (seen !== undefined) return seen;
    const k = split(end - begin);
    return keytransParent(older(begin, begin + k), k === 1, older(begin + k, end), end - begin - k === 1);
  };
  return {
    root,
    auditorRoot: nP === 0 ? null : older(0, nP),
    fullSubtrees: fullSubtrees(n).map(([begin, end]) => values.get(`${begin} ${end}`) as Bytes),
    rootAt: (size) => older(0, size),
  };
}
