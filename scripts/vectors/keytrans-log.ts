/** The log tree of IETF Key Transparency: hashing, full subtrees, batch proofs, all small trees in digests. */
import { createHash, type Hash } from 'node:crypto';
import { demand, uint } from '../../test/reference/encoding.js';
import {
  type Batch,
  batchProof,
  evaluate,
  fullSubtrees,
  KeytransLog,
  leafValue,
  logEntry,
  type Range,
} from '../../test/reference/keytrans-log.js';
import { damagedBatches } from './keytrans-log-damages.js';
import { bytesOf } from './people.js';
import { bytes, type Fields, hex, type Json, list, number, VectorFile } from './vector-file.js';

const MAX = 2 ** 53 - 1;

/** Entry i has the timestamp i, and a prefix tree root of 32 bytes i mod 256. */
const entryLeaf = (index: number): Buffer => leafValue(logEntry(index, Buffer.alloc(32, index % 256)));
const log = new KeytransLog(entryLeaf);
/** A log of equal leaves, which may be of any size. */
const repeated = entryLeaf(7);
const endless = new KeytransLog(() => repeated, true);

// ------------------------------------------------------------------------------------- judges

const fieldsOf = (value: Json | undefined): Fields => value as Fields;
const numberOrNone = (value: Json | undefined): number => (value === null ? 0 : number(value));

function batchOf(input: Fields, leaves: readonly number[], m: number): Batch {
  return { n: number(input['treeSize']), leaves, m, nP: numberOrNone(input['auditorSize']) };
}

/** A balanced subtree by its level and its index there. */
function nodeOf([begin, end]: Range): Fields {
  const level = Math.log2(end - begin);
  return { level, index: begin / 2 ** level };
}

function judgePlan(input: Fields): Fields {
  const batch = batchOf(input, list(input['leaves']).map(number), numberOrNone(input['retainedSize']));
  return { nodes: batchProof(batch).map(nodeOf) };
}

function judgeBatch(input: Fields): Fields {
  const n = number(input['treeSize']);
  demand(n > 0 && input['auditorSize'] !== 0, 'empty-head');
  const retained = input['retained'] === null ? undefined : fieldsOf(input['retained']);
  const m = retained === undefined ? 0 : number(retained['treeSize']);
  const kept = retained === undefined ? [] : list(retained['fullSubtrees']).map((hash) => bytes(hash));
  if (retained !== undefined) {
    demand(m > 0 && kept.length === fullSubtrees(m).length, 'stored-invalid');
    demand(
      kept.every((hash) => hash.length === 32),
      'stored-invalid',
    );
  }
  const leaves = list(input['leaves']).map(fieldsOf);
  const indexes = leaves.map(({ index }) => number(index));
  const batch = batchOf(input, indexes, m);
  demand(m <= n && batch.nP <= n, 'heads-reversed');
  demand(
    indexes.every((index) => index < n),
    'index-beyond-tree',
  );
  const values = leaves.map(({ leafHash }) => bytes(leafHash));
  const elements = list(input['proof']).map((hash) => bytes(hash));
  const { root, auditorRoot, fullSubtrees: heads } = evaluate(batch, values, kept, elements);
  return {
    root: hex(root),
    auditorRoot: auditorRoot === null ? null : hex(auditorRoot),
    fullSubtrees: heads.map(hex),
  };
}

function judgeTree(input: Fields): Fields {
  const leaves = list(input['leafHashes']).map((hash) => bytes(hash));
  const tree = new KeytransLog((index) => leaves[index] as Buffer);
  return { root: hex(tree.root(leaves.length)), fullSubtrees: tree.fullSubtrees(leaves.length).map(hex) };
}

function judgeEntry(input: Fields): Fields {
  const entry = logEntry(number(input['timestamp']), bytes(input['prefixTree']));
  return { entry: hex(entry), leafHash: hex(leafValue(entry)) };
}

// ------------------------------------------------------------------------------------- all small trees

/** The definitions stand in the README beside the vectors. */
function digestTrees(input: Fields): Fields {
  const trees = number(input['trees']);
  const roots = createHash('sha256');
  const inclusion = createHash('sha256');
  const consistency = createHash('sha256');
  const batches = createHash('sha256');
  const add = (digest: Hash, numbers: readonly number[], batch: Batch): void => {
    const proof = batchProof(batch).map((range) => log.value(range));
    for (const value of [...numbers, proof.length]) digest.update(uint(8, value));
    for (const hash of proof) digest.update(hash);
  };
  for (let n = 1; n <= trees; n++) {
    for (const hash of [log.root(n), ...log.fullSubtrees(n)]) roots.update(hash);
    for (let index = 0; index < n; index++) add(inclusion, [n, index], { n, leaves: [index], m: 0, nP: 0 });
    for (let m = 1; m <= n; m++) {
      add(consistency, [m, n], { n, leaves: [], m, nP: 0 });
      const leaves = [...new Set([m - 1, (13 * m) % n, n - 1])].sort((a, b) => a - b);
      const nP = 1 + ((31 * m) % n);
      add(batches, [n, m, nP, leaves.length, ...leaves], { n, leaves, m, nP });
    }
  }
  return {
    roots: roots.digest('hex'),
    inclusion: inclusion.digest('hex'),
    consistency: consistency.digest('hex'),
    batches: batches.digest('hex'),
  };
}

// ------------------------------------------------------------------------------------- cases

type Sizes = {
  readonly n: number;
  readonly leaves: readonly number[];
  readonly m?: number;
  readonly nP?: number;
};

const planOf = ({ n, leaves, m, nP }: Sizes): Fields => ({
  treeSize: n,
  leaves,
  retainedSize: m ?? null,
  auditorSize: nP ?? null,
});

function proofOf({ n, leaves, m = 0, nP = 0 }: Sizes, of: KeytransLog): Fields {
  return {
    treeSize: n,
    leaves: leaves.map((index) => ({ index, leafHash: hex(of.value([index, index + 1])) })),
    retained: m === 0 ? null : { treeSize: m, fullSubtrees: of.fullSubtrees(m).map(hex) },
    auditorSize: nP === 0 ? null : nP,
    proof: batchProof({ n, leaves, m, nP }).map((range) => hex(of.value(range))),
  };
}

const nameOf = ({ n, leaves, m, nP }: Sizes): string =>
  [
    leaves.length === 0 ? `tree of ${n}` : `${leaves.join(', ')} of ${n}`,
    ...(m === undefined ? [] : [`${m} kept`]),
    ...(nP === undefined ? [] : [`${nP} audited`]),
  ].join('; ');

export function keytransLog(): VectorFile {
  const file = new VectorFile(
    'keytrans-log',
    'The log tree of IETF Key Transparency (draft-ietf-keytrans-protocol, commit 526cc8a): entries, roots, full subtrees, batch proofs.',
    {
      LogEntryHash: judgeEntry,
      KeytransTree: judgeTree,
      BatchProofPlan: judgePlan,
      BatchProof: judgeBatch,
      KeytransTrees: digestTrees,
    },
  );
  file.valid('LogEntryHash', 'entry of 2023', {
    timestamp: 1_700_000_000_000,
    prefixTree: hex(bytesOf('prefix tree')),
  });
  file.valid('LogEntryHash', 'entry of time 0 and the empty prefix tree', {
    timestamp: 0,
    prefixTree: '00'.repeat(32),
  });
  file.valid('LogEntryHash', 'entry of the last time', { timestamp: MAX, prefixTree: 'ff'.repeat(32) });
  for (const n of [1, 2, 3, 4, 5, 7, 8, 13, 16, 17]) {
    const leafHashes = Array.from({ length: n }, (_, i) => hex(entryLeaf(i)));
    file.valid('KeytransTree', `tree of ${n} leaves`, { leafHashes });
  }

  for (const sizes of [
    { n: 1, leaves: [0] },
    { n: 2, leaves: [1] },
    { n: 6, leaves: [2] },
    { n: 7, leaves: [0] },
    { n: 8, leaves: [0, 2, 3, 4] },
    { n: 7, leaves: [], m: 5 },
    { n: 8, leaves: [5], m: 6 },
    { n: 13, leaves: [7, 11, 12], m: 4 },
    { n: 13, leaves: [], m: 13 },
    { n: 15, leaves: [2, 3, 4, 7, 12, 13], m: 13 },
    { n: 21, leaves: [20], m: 20, nP: 20 },
    { n: 50, leaves: [], m: 30, nP: 40 },
    { n: 50, leaves: [], m: 40, nP: 30 },
    { n: 50, leaves: [], m: 40, nP: 32 },
    { n: 50, leaves: [5, 41, 49], m: 40, nP: 30 },
    { n: 50, leaves: [49], nP: 50 },
    { n: 300, leaves: [0, 150, 299], m: 200, nP: 256 },
  ] satisfies Sizes[]) {
    file.valid('BatchProofPlan', `plan: ${nameOf(sizes)}`, planOf(sizes));
    file.valid('BatchProof', nameOf(sizes), proofOf(sizes, log));
  }
  for (const sizes of [
    { n: 2 ** 31 + 1, leaves: [2 ** 31] },
    { n: 2 ** 32 + 1, leaves: [0, 2 ** 32 - 1], m: 2 ** 32 - 1 },
    { n: 2 ** 41 - 7, leaves: [2 ** 40 + 12_345], m: 2 ** 40 + 1, nP: 2 ** 33 + 5 },
    { n: MAX, leaves: [0, MAX - 1], m: 2 ** 52 + 1, nP: 2 ** 52 - 1 },
    { n: MAX, leaves: [], m: 1, nP: MAX - 1 },
  ] satisfies Sizes[]) {
    file.valid('BatchProofPlan', `plan: ${nameOf(sizes)}`, planOf(sizes));
    file.valid('BatchProof', `${nameOf(sizes)}; equal leaves`, proofOf(sizes, endless));
  }
  // Nothing tells but a signature over the root: wrong elements compute another one.
  const [first, ...others] = list(file.inputOf('2 of 6')['proof']).map(bytes) as [Buffer, ...Buffer[]];
  file.valid('BatchProof', '2 of 6, from wrong elements: another root', {
    ...file.inputOf('2 of 6'),
    proof: [bytesOf('another element'), ...others].map(hex),
  });
  file.valid('BatchProof', '2 of 6, its elements exchanged: another root', {
    ...file.inputOf('2 of 6'),
    proof: [...others, first].map(hex),
  });
  file.valid('KeytransTrees', 'all trees to 300', { trees: 300 });
  damagedBatches(file, (begin, end) => hex(log.value([begin, end])));
  return file;
}
