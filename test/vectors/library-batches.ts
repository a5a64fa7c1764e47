/** KEYTRANS log trees through `log.js`, over a given engine. */
import { createHash, type Hash } from 'node:crypto';
import {
  createTreeBuilder,
  evaluateBatchProof,
  hashLeaf,
  hashLeaves,
  keytransLog,
  planBatchProof,
  planRoot,
  type TreeHasher,
  treeRoot,
} from 'contact-key-verification/log.js';
import { encodeLogEntry } from 'contact-key-verification/transparency.js';
import { expect } from 'vitest';
import { flat, grow } from '../support/log-tree.js';
import { byteList, bytes, type Fields, hex, number } from './files.js';

const scheme = keytransLog;
const numberOrNone = (value: unknown): number | undefined => (value === null ? undefined : number(value));

function uint64(value: number): Uint8Array {
  const encoded = Buffer.alloc(8);
  encoded.writeBigUInt64BE(BigInt(value));
  return encoded;
}

const encodeEntry = (timestampMs: number, prefixTree: Uint8Array): Uint8Array =>
  encodeLogEntry({ timestampMs, prefixTree });

/** By structure: what the library makes of an input. */
export const BATCH_JUDGES: Readonly<Record<string, (input: Fields, hasher: TreeHasher) => Fields>> = {
  LogEntryHash: (input, hasher) => {
    const entry = encodeEntry(number(input['timestamp']), bytes(input['prefixTree']));
    const leafHash = hashLeaf(entry, scheme);
    expect(hashLeaves(entry, entry.length, { hasher, scheme })).toEqual(leafHash);
    return { entry: hex(entry), leafHash: hex(leafHash) };
  },
  KeytransTree: (input, hasher) => {
    const leaves = flat(byteList(input['leafHashes']));
    const builder = createTreeBuilder({ hasher, scheme });
    builder.append(leaves);
    expect(treeRoot(leaves, { hasher, scheme })).toEqual(builder.root());
    return { root: hex(builder.root()), fullSubtrees: builder.exportState().edge.map(hex) };
  },
  BatchProofPlan: (input) => {
    const { nodes } = planBatchProof({
      treeSize: number(input['treeSize']),
      leaves: (input['leaves'] as unknown[]).map(number),
      retainedSize: numberOrNone(input['retainedSize']),
      auditorSize: numberOrNone(input['auditorSize']),
    });
    return { nodes };
  },
  BatchProof: (input, hasher) => {
    const retained = input['retained'] as Fields | null;
    const { treeSize, root, auditorRoot, fullSubtrees } = evaluateBatchProof(
      {
        treeSize: number(input['treeSize']),
        leaves: (input['leaves'] as Fields[]).map(({ index, leafHash }) => ({
          index: number(index),
          leafHash: bytes(leafHash),
        })),
        retained:
          retained === null
            ? undefined
            : {
                treeSize: number(retained['treeSize']),
                fullSubtrees: byteList(retained['fullSubtrees']),
              },
        auditorSize: numberOrNone(input['auditorSize']),
        proof: byteList(input['proof']),
      },
      { hasher },
    );
    expect(treeSize).toBe(input['treeSize']);
    return {
      root: hex(root),
      auditorRoot: auditorRoot === undefined ? null : hex(auditorRoot),
      fullSubtrees: fullSubtrees.map(hex),
    };
  },
  KeytransTrees: (input, hasher) => digestTrees(number(input['trees']), hasher),
};

interface Sizes {
  readonly treeSize: number;
  readonly leaves: readonly number[];
  readonly retainedSize?: number;
  readonly auditorSize?: number;
}

/** Every proof is planned, fetched and evaluated. */
function digestTrees(trees: number, hasher: TreeHasher): Fields {
  const leaves = Array.from({ length: trees }, (_, i) =>
    hashLeaf(encodeEntry(i, new Uint8Array(32).fill(i % 256)), scheme),
  );
  const { store, head } = grow(leaves, { hasher, scheme });
  const [roots, inclusion, consistency, batches] = [0, 1, 2, 3].map(() => createHash('sha256')) as [
    Hash,
    Hash,
    Hash,
    Hash,
  ];
  const kept = (treeSize: number): Uint8Array[] => store.fetch(planRoot(treeSize).nodes);
  const add = (digest: Hash, numbers: readonly number[], sizes: Sizes): void => {
    const { treeSize, retainedSize, auditorSize } = sizes;
    const proof = store.fetch(planBatchProof(sizes).nodes);
    const result = evaluateBatchProof(
      {
        treeSize,
        leaves: sizes.leaves.map((index) => ({ index, leafHash: leaves[index] as Uint8Array })),
        retained:
          retainedSize === undefined
            ? undefined
            : { treeSize: retainedSize, fullSubtrees: kept(retainedSize) },
        auditorSize,
        proof,
      },
      { hasher },
    );
    if (hex(result.root) !== hex(head(treeSize).root)) throw new Error(`another root of ${numbers}`);
    const audited = auditorSize === undefined ? undefined : hex(head(auditorSize).root);
    if ((result.auditorRoot && hex(result.auditorRoot)) !== audited) {
      throw new Error(`another root of the auditor of ${numbers}`);
    }
    for (const value of [...numbers, proof.length]) digest.update(uint64(value));
    for (const hash of proof) digest.update(hash);
  };
  for (let n = 1; n <= trees; n++) {
    for (const hash of [head(n).root, ...kept(n)]) roots.update(hash);
    for (let index = 0; index < n; index++) add(inclusion, [n, index], { treeSize: n, leaves: [index] });
    for (let m = 1; m <= n; m++) {
      add(consistency, [m, n], { treeSize: n, leaves: [], retainedSize: m });
      const proven = [...new Set([m - 1, (13 * m) % n, n - 1])].sort((a, b) => a - b);
      const auditorSize = 1 + ((31 * m) % n);
      add(batches, [n, m, auditorSize, proven.length, ...proven], {
        treeSize: n,
        leaves: proven,
        retainedSize: m,
        auditorSize,
      });
    }
  }
  return {
    roots: roots.digest('hex'),
    inclusion: inclusion.digest('hex'),
    consistency: consistency.digest('hex'),
    batches: batches.digest('hex'),
  };
}
