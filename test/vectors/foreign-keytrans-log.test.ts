/** The log tree of KEYTRANS as others compute it: OR13/kt's vectors, made with katie 00da525, and katie's own run. */

import {
  createTreeBuilder,
  evaluateBatchProof,
  hashLeaf,
  hashLeaves,
  keytransLog,
  planBatchProof,
  planRoot,
  treeRoot,
} from 'contact-key-verification/log.js';
import { expect, test } from 'vitest';
import { checkCorpus, fromHex } from '../support/foreign.js';
import { flat, NodeStore } from '../support/log-tree.js';

interface Cases<Input, Output> {
  readonly cases: readonly { readonly name: string; readonly input: Input; readonly expect: Output }[];
}

interface Entry {
  readonly timestamp: number;
  readonly prefix_tree: string;
}

/** "struct { uint64 timestamp; opaque prefix_tree[Hash.Nh]; } LogEntry" */
function encodeEntry({ timestamp, prefix_tree }: Entry): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(timestamp));
  return new Uint8Array(Buffer.concat([bytes, fromHex(prefix_tree)]));
}

const leafOf = (entry: Entry): Uint8Array => hashLeaf(encodeEntry(entry), keytransLog);

/** Others number the nodes of a balanced subtree so; no proof holds another node. */
const nodeNumber = ({ level, index }: { level: number; index: number }): number =>
  2 * index * 2 ** level + 2 ** level - 1;

test('OR13/kt log trees as they grow', () =>
  checkCorpus('keytrans/or13-kt', 64, async (files, runCase) => {
    type Input = { size: number; entries: Entry[]; leaves: string[] };
    const { cases } = files.json<Cases<Input, { root: string; full_subtrees: string[] }>>('log-append.json');
    const builder = createTreeBuilder({ scheme: keytransLog });
    for (const { name, input, expect: expected } of cases) {
      await runCase(name, () => {
        const [entry] = input.entries as [Entry];
        const leaves = input.leaves.map(fromHex);
        expect(leafOf(entry)).toEqual(leaves.at(-1));
        builder.append(leafOf(entry));
        expect(builder.treeSize).toBe(input.size);
        expect(builder.root()).toEqual(fromHex(expected.root));
        expect(builder.exportState().edge).toEqual(expected.full_subtrees.map(fromHex));
        expect(treeRoot(flat(leaves), { scheme: keytransLog })).toEqual(fromHex(expected.root));
      });
    }
  }));

test('OR13/kt shapes of full subtrees and batch proofs', () =>
  checkCorpus('keytrans/or13-kt', 1679, async (files, runCase) => {
    type Input =
      | { readonly kind: 'full-subtrees'; readonly size: number }
      | {
          readonly kind: 'batch-copath';
          readonly size: number;
          readonly leaves: number[];
          readonly retained_size?: number;
        };
    const { cases } = files.json<Cases<Input, { indices: number[] }>>('log-math.json');
    for (const { name, input, expect: expected } of cases) {
      await runCase(name, () => {
        const { nodes } =
          input.kind === 'full-subtrees'
            ? planRoot(input.size)
            : planBatchProof({
                treeSize: input.size,
                leaves: input.leaves,
                retainedSize: input.retained_size,
              });
        expect(nodes.map(nodeNumber)).toEqual(expected.indices);
      });
    }
  }));

test('OR13/kt batch proofs', () =>
  checkCorpus('keytrans/or13-kt', BATCH_PROOFS, async (files, runCase) => {
    type Input = { entries: Entry[]; requests: { proven_leaves: number[]; retained_size?: number }[] };
    type Output = {
      root: string;
      leaf_values: string[];
      full_subtrees: string[];
      proofs: { elements: string[]; proof: string }[];
    };
    const { cases } = files.json<Cases<Input, Output>>('log-tree.json');
    for (const { name, input, expect: expected } of cases) {
      const store = new NodeStore();
      const builder = createTreeBuilder({ scheme: keytransLog, onNodes: store.put });
      const leaves = input.entries.map(leafOf);
      expect(leaves).toEqual(expected.leaf_values.map(fromHex));
      builder.append(flat(leaves));
      for (const [i, { proven_leaves: proven, retained_size: retainedSize }] of input.requests.entries()) {
        await runCase(`${name}, request ${i}`, () => {
          const treeSize = leaves.length;
          const elements = expected.proofs[i]?.elements.map(fromHex) as Uint8Array[];
          const { nodes } = planBatchProof({ treeSize, leaves: proven, retainedSize });
          expect(store.fetch(nodes)).toEqual(elements);
          const count = elements.length.toString(16).padStart(4, '0');
          expect(count + expected.proofs[i]?.elements.join('')).toBe(expected.proofs[i]?.proof);
          const evaluated = evaluateBatchProof({
            treeSize,
            leaves: proven.map((index) => ({ index, leafHash: leaves[index] as Uint8Array })),
            retained:
              retainedSize === undefined
                ? undefined
                : { treeSize: retainedSize, fullSubtrees: store.fetch(planRoot(retainedSize).nodes) },
            proof: elements,
          });
          expect(evaluated).toEqual({
            treeSize,
            root: fromHex(expected.root),
            auditorRoot: undefined,
            roots: [],
            fullSubtreesAt: [],
            fullSubtrees: expected.full_subtrees.map(fromHex),
          });
        });
      }
    }
  }));

/** Requests of all 19 trees. */
const BATCH_PROOFS = 492;

interface Katie {
  readonly batch_copath: readonly {
    readonly n: number;
    readonly m?: number;
    readonly nP?: number;
    readonly leaves: number[];
    readonly node_ids: number[] | null;
  }[];
  readonly worlds: readonly {
    readonly name: string;
    readonly entries: readonly {
      readonly position: number;
      readonly timestamp: number;
      readonly prefix_root: string;
      readonly log_entry: string;
      readonly log_leaf: string;
      readonly log_root: string;
      readonly full_subtrees: string[];
    }[];
  }[];
}

test('katie shapes of batch proofs', () =>
  checkCorpus('keytrans', 9, async (files, runCase) => {
    for (const { n, m, nP, leaves, node_ids: expected } of files.json<Katie>('katie-00da525.json')
      .batch_copath) {
      await runCase(`${leaves} of ${n}, ${m} kept, ${nP} audited`, () => {
        const { nodes } = planBatchProof({ treeSize: n, leaves, retainedSize: m, auditorSize: nP });
        expect(nodes.map(nodeNumber)).toEqual(expected ?? []);
      });
    }
  }));

test('katie log entries, leaves, full subtrees and roots', () =>
  checkCorpus('keytrans', 2 * 21, async (files, runCase) => {
    for (const { name, entries } of files.json<Katie>('katie-00da525.json').worlds) {
      const builder = createTreeBuilder({ scheme: keytransLog });
      for (const entry of entries) {
        await runCase(`${name}, entry ${entry.position}`, () => {
          const encoded = encodeEntry({ timestamp: entry.timestamp, prefix_tree: entry.prefix_root });
          expect(encoded).toEqual(fromHex(entry.log_entry));
          const leaf = hashLeaves(encoded, encoded.length, { scheme: keytransLog });
          expect(leaf).toEqual(fromHex(entry.log_leaf));
          builder.append(leaf);
          expect(builder.treeSize).toBe(entry.position + 1);
          expect(builder.root()).toEqual(fromHex(entry.log_root));
          expect(builder.exportState().edge).toEqual(entry.full_subtrees.map(fromHex));
        });
      }
    }
  }));
