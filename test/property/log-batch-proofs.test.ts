/** Laws of batch proofs: against the reference, as few as possible, complete, and bound to every byte they rest on. */

import {
  type BatchProofClaim,
  type BatchProofRequest,
  evaluateBatchProof,
  keytransLog,
  planBatchProof,
  planRoot,
  type NodeId,
} from 'contact-key-verification/log.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as reference from '../reference/keytrans-log.js';
import { grow, leafAt, leafList, outcome, SparseTree } from '../support/log-tree.js';
import { check } from '../support/property.js';

const MAX = Number.MAX_SAFE_INTEGER;
const LEAVES = 300;
const hasher = createWasmHasher();
const { store, head } = grow(leafList(LEAVES), { scheme: keytransLog, hasher });

const optional = (size: number): fc.Arbitrary<number | undefined> =>
  fc.option(fc.integer({ min: 1, max: size }), { nil: undefined });

/** Requests to trees of any such size; leaves stand alone, or beside each other at the right edge. */
function requests(sizes: fc.Arbitrary<number>, leavesMax: number): fc.Arbitrary<BatchProofRequest> {
  return sizes.chain((treeSize) =>
    fc.record({
      treeSize: fc.constant(treeSize),
      leaves: fc
        .uniqueArray(
          fc.oneof(
            fc.integer({ min: 0, max: treeSize - 1 }),
            fc.integer({ min: Math.max(0, treeSize - 5), max: treeSize - 1 }),
          ),
          { maxLength: leavesMax },
        )
        .map((leaves) => leaves.sort((a, b) => a - b)),
      retainedSize: optional(treeSize),
      auditorSize: optional(treeSize),
    }),
  );
}

const small = requests(fc.integer({ min: 1, max: LEAVES }), 8);
const anySize = fc.oneof(
  fc.integer({ min: 1, max: MAX }),
  fc
    .tuple(fc.integer({ min: 31, max: 53 }), fc.integer({ min: -3, max: 3 }))
    .map(([power, more]) => Math.min(MAX, 2 ** power + more)),
);

const rangeOf = ({ level, index }: NodeId): [number, number] => [
  index * 2 ** level,
  (index + 1) * 2 ** level,
];
const batchOf = ({ treeSize, leaves, retainedSize, auditorSize }: BatchProofRequest): reference.Batch => ({
  n: treeSize,
  leaves,
  m: retainedSize ?? 0,
  nP: auditorSize ?? 0,
});

function claimOf(
  request: BatchProofRequest,
  leaf: (index: number) => Uint8Array,
  fetch: (nodes: readonly NodeId[]) => Uint8Array[],
): BatchProofClaim {
  const { treeSize, leaves, retainedSize, auditorSize } = request;
  return {
    treeSize,
    leaves: leaves.map((index) => ({ index, leafHash: leaf(index) })),
    retained:
      retainedSize === undefined
        ? undefined
        : { treeSize: retainedSize, fullSubtrees: fetch(planRoot(retainedSize).nodes) },
    auditorSize,
    proof: fetch(planBatchProof(request).nodes),
  };
}

const smallClaim = (request: BatchProofRequest): BatchProofClaim =>
  claimOf(request, leafAt, (nodes) => store.fetch(nodes));

describe('plans', () => {
  test('are those of the recursion, up to 300 leaves and at any size', () => {
    check(
      fc.property(fc.oneof(small, requests(anySize, 6)), (request) => {
        expect(planBatchProof(request).nodes.map(rangeOf)).toEqual(reference.batchProof(batchOf(request)));
      }),
    );
  });

  test('name the fewest nodes that fill the gaps', () => {
    check(
      fc.property(requests(fc.integer({ min: 1, max: 40 }), 5), (request) => {
        expect(planBatchProof(request).nodes.length).toBe(fewest(request));
      }),
    );
  });

  test('are bounded by 53 nodes for each leaf and 160 more', () => {
    check(
      fc.property(requests(anySize, 12), (request) => {
        const { nodes } = planBatchProof(request);
        expect(nodes.length).toBeLessThanOrEqual(53 * request.leaves.length + 160);
        const ends = nodes.map((node) => rangeOf(node)[1]);
        expect(ends).toEqual([...ends].sort((a, b) => a - b));
      }),
    );
  });
});

/**
 * The least number of balanced subtrees that leave nothing open between what the verifier has, crossing neither it nor
 * the end of one of the trees: found by trying all steps from leaf to leaf.
 */
function fewest({ treeSize, leaves, retainedSize = 0, auditorSize = 0 }: BatchProofRequest): number {
  const reliedOn = reference
    .fullSubtrees(Math.max(1, retainedSize))
    .filter(
      ([begin, end]) =>
        retainedSize > 0 &&
        !leaves.some((leaf) => begin <= leaf && leaf < end) &&
        !(begin < auditorSize && auditorSize < end),
    );
  const known = new Map([...leaves.map((leaf) => [leaf, leaf + 1] as const), ...reliedOn]);
  const crosses = (begin: number, end: number): boolean =>
    [retainedSize, auditorSize].some((size) => begin < size && size < end) ||
    [...known].some(([from, to]) => from < end && begin < to);
  const least = [0];
  for (let at = 0; at < treeSize; at++) {
    const steps = least[at];
    if (steps === undefined) continue;
    const reach = (to: number, cost: number): void => {
      least[to] = Math.min(least[to] ?? Number.POSITIVE_INFINITY, cost);
    };
    const over = known.get(at);
    if (over !== undefined) reach(over, steps);
    for (let size = 1; at % size === 0 && at + size <= treeSize; size *= 2) {
      if (!crosses(at, at + size)) reach(at + size, steps + 1);
    }
  }
  return least[treeSize] as number;
}

describe('proofs', () => {
  test('lead to the roots, as the reference evaluates them', () => {
    check(
      fc.property(small, (request) => {
        const claim = smallClaim(request);
        const result = evaluateBatchProof(claim, { hasher });
        expect(result.root).toEqual(head(request.treeSize).root);
        const { auditorSize } = request;
        expect(result.auditorRoot).toEqual(auditorSize === undefined ? undefined : head(auditorSize).root);
        const expected = reference.evaluate(
          batchOf(request),
          claim.leaves.map(({ leafHash }) => leafHash),
          Array.from(claim.retained?.fullSubtrees ?? []),
          Array.from(claim.proof),
        );
        expect(result.root).toEqual(Uint8Array.from(expected.root));
        expect(result.auditorRoot ?? null).toEqual(
          expected.auditorRoot === null ? null : Uint8Array.from(expected.auditorRoot),
        );
        expect(result.fullSubtrees).toEqual(expected.fullSubtrees.map((hash) => Uint8Array.from(hash)));
        expect(result.fullSubtrees).toEqual(store.fetch(planRoot(request.treeSize).nodes));
      }),
    );
  });

  test('lead to the roots of trees too large to build', () => {
    const trees = new Map<number, SparseTree>();
    check(
      fc.property(requests(anySize, 3), fc.constantFrom(0, 2 ** 33 + 1, 2 ** 52 + 5), (request, special) => {
        const tree = trees.get(special) ?? new SparseTree(special, keytransLog);
        trees.set(special, tree);
        const claim = claimOf(
          request,
          (index) => tree.leaf(index),
          (nodes) => tree.fetch(nodes),
        );
        const result = evaluateBatchProof(claim, { hasher });
        expect(result.root).toEqual(tree.head(request.treeSize).root);
        const { auditorSize } = request;
        expect(result.auditorRoot).toEqual(
          auditorSize === undefined ? undefined : tree.head(auditorSize).root,
        );
      }),
    );
  });

  test('are bound to every bit that they rest on', () => {
    check(
      fc.property(small, fc.nat(), fc.nat(255), (request, any, bit) => {
        const claim = structuredClone(smallClaim(request));
        const parts = [
          ...claim.leaves.map(({ leafHash }) => leafHash),
          ...Array.from(claim.retained?.fullSubtrees ?? []),
          ...Array.from(claim.proof),
        ];
        fc.pre(parts.length > 0);
        const part = parts[any % parts.length] as Uint8Array;
        const at = Math.floor(bit / 8);
        part[at] = (part[at] as number) ^ (2 ** (bit % 8));
        const code = outcome(() => {
          const { root } = evaluateBatchProof(claim, { hasher });
          if (Buffer.compare(root, head(request.treeSize).root) !== 0) throw new Error('another root');
        });
        expect(['ERR_RETAINED_SUBTREE', 'Error: another root']).toContain(code);
      }),
    );
  });

  test('fit one number of elements only', () => {
    check(
      fc.property(small, fc.integer({ min: -3, max: 3 }), (request, more) => {
        const claim = smallClaim(request);
        const proof = Array.from(claim.proof);
        const changed = more < 0 ? proof.slice(0, more) : [...proof, ...leafList(more)];
        fc.pre(changed.length !== proof.length);
        expect(outcome(() => evaluateBatchProof({ ...claim, proof: changed }, { hasher }))).toBe(
          'ERR_PROOF_LENGTH',
        );
      }),
    );
  });

  test('of trees that do not extend the one kept are refused, or lead to another root than the kept one’s', () => {
    const other = grow(
      leafList(LEAVES).map((leaf, i) => (i % 37 === 5 ? leafAt(10_000 + i) : leaf)),
      { scheme: keytransLog, hasher },
    );
    check(
      fc.property(small, (request) => {
        const { retainedSize } = request;
        fc.pre(retainedSize !== undefined && retainedSize > 5);
        // Everything is of the other log but what the user kept.
        const claim = {
          ...claimOf(
            request,
            (index) => other.store.fetch([{ level: 0, index }])[0] as Uint8Array,
            (nodes) => other.store.fetch(nodes),
          ),
          retained: smallClaim(request).retained,
        };
        const code = outcome(() => {
          const { root } = evaluateBatchProof(claim, { hasher });
          if (Buffer.compare(root, other.head(request.treeSize).root) !== 0) throw new Error('another root');
        });
        expect(['ERR_RETAINED_SUBTREE', 'Error: another root']).toContain(code);
      }),
    );
  });
});
