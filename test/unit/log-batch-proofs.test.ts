/** Batch proofs of KEYTRANS log trees: the draft's examples, all small trees, and named damages with their codes. */

import {
  type BatchProofClaim,
  type BatchProofRequest,
  type RetainedTree,
  createTypeScriptHasher,
  evaluateBatchProof,
  hashLeaf,
  keytransLog,
  planBatchProof,
  planRoot,
  rfc6962,
  treeRoot,
} from 'contact-key-verification/log.js';
import { describe, expect, test } from 'vitest';
import * as reference from '../reference/keytrans-log.js';
import { leafHash } from '../reference/tree.js';
import {
  counting,
  flat,
  grow,
  leafAt,
  leafList,
  outcome,
  replaced,
  SparseTree,
  untouchable,
} from '../support/log-tree.js';

const MAX = Number.MAX_SAFE_INTEGER;
const LEAVES = 60;
const leaves = leafList(LEAVES);
const { store, head } = grow(leaves, { scheme: keytransLog });
const log = new reference.KeytransLog(leafAt);

/** The planned elements as ranges of leaves. */
function planned(request: BatchProofRequest): (readonly [number, number])[] {
  return planBatchProof(request).nodes.map(({ level, index }) => [
    index * 2 ** level,
    (index + 1) * 2 ** level,
  ]);
}

const rangesOf = ({ treeSize, leaves: indexes, retainedSize, auditorSize }: BatchProofRequest): unknown =>
  reference.batchProof({ n: treeSize, leaves: indexes, m: retainedSize ?? 0, nP: auditorSize ?? 0 });

const kept = (treeSize: number): { treeSize: number; fullSubtrees: Uint8Array[] } => ({
  treeSize,
  fullSubtrees: store.fetch(planRoot(treeSize).nodes),
});

/** A true claim. */
function claimOf(request: BatchProofRequest): BatchProofClaim {
  const { treeSize, leaves: indexes, retainedSize, auditorSize } = request;
  return {
    treeSize,
    leaves: indexes.map((index) => ({ index, leafHash: leafAt(index) })),
    retained: retainedSize === undefined ? undefined : kept(retainedSize),
    auditorSize,
    proof: store.fetch(planBatchProof(request).nodes),
  };
}

describe('the hashing', () => {
  const entry = new Uint8Array(40).fill(7);

  test('of a log entry has no prefix', () => {
    expect(hashLeaf(entry, keytransLog)).toEqual(Uint8Array.from(reference.leafValue(entry)));
    expect(hashLeaf(entry, keytransLog)).not.toEqual(Uint8Array.from(leafHash(entry)));
  });

  test('is that of the reference, for all sizes to 60', () => {
    for (let size = 1; size <= LEAVES; size++) {
      expect(treeRoot(flat(leaves.slice(0, size)), { scheme: keytransLog })).toEqual(
        Uint8Array.from(log.root(size)),
      );
      expect(kept(size).fullSubtrees).toEqual(log.fullSubtrees(size).map((hash) => Uint8Array.from(hash)));
    }
  });

  test('of a single leaf is that leaf, and a tree without leaves has none', () => {
    expect(treeRoot(leafAt(0), { scheme: keytransLog })).toEqual(leafAt(0));
    expect(outcome(() => treeRoot(new Uint8Array(0), { scheme: keytransLog }))).toBe('ERR_ARGUMENT_RANGE');
  });

  test('is frozen', () => {
    expect(Object.isFrozen(keytransLog)).toBe(true);
    for (const tags of [keytransLog.twoLeaves, keytransLog.parentAndLeaf, keytransLog.twoParents]) {
      expect(Object.isFrozen(tags)).toBe(true);
    }
  });
});

describe('a plan', () => {
  test.each<[name: string, request: BatchProofRequest, elements: [number, number][]]>([
    [
      'for the draft’s inclusion proof, leaf 2 of 6',
      { treeSize: 6, leaves: [2] },
      [
        [0, 2],
        [3, 4],
        [4, 6],
      ],
    ],
    [
      'for the draft’s consistency proof, from 5 to 7',
      { treeSize: 7, leaves: [], retainedSize: 5 },
      [
        [5, 6],
        [6, 7],
      ],
    ],
    [
      'for the draft’s worked example',
      { treeSize: 13, leaves: [7, 11, 12], retainedSize: 4 },
      [
        [4, 6],
        [6, 7],
        [8, 10],
        [10, 11],
      ],
    ],
    [
      'breaks an unbalanced subtree down',
      { treeSize: 7, leaves: [0] },
      [
        [1, 2],
        [2, 4],
        [4, 6],
        [6, 7],
      ],
    ],
    ['for one tree that was kept is empty', { treeSize: 39, leaves: [], retainedSize: 39 }, []],
    ['for a kept leaf is empty', { treeSize: 39, leaves: [38], retainedSize: 39 }, []],
    ['for all leaves is empty', { treeSize: 5, leaves: [0, 1, 2, 3, 4] }, []],
    [
      'for nothing known lists the full subtrees',
      { treeSize: 21, leaves: [] },
      [
        [0, 16],
        [16, 20],
        [20, 21],
      ],
    ],
    [
      'computes a kept subtree again that holds a proven leaf',
      { treeSize: 8, leaves: [5], retainedSize: 6 },
      [
        [4, 5],
        [6, 8],
      ],
    ],
    [
      'cuts where a later auditor’s tree ends',
      { treeSize: 50, leaves: [], retainedSize: 30, auditorSize: 40 },
      [
        [30, 32],
        [32, 40],
        [40, 48],
        [48, 50],
      ],
    ],
    [
      'ties an earlier auditor’s tree to what was kept',
      { treeSize: 50, leaves: [], retainedSize: 40, auditorSize: 30 },
      [
        [0, 16],
        [16, 24],
        [24, 28],
        [28, 30],
        [30, 32],
        [40, 48],
        [48, 50],
      ],
    ],
    [
      'needs nothing for an auditor’s tree that ends with a kept subtree',
      { treeSize: 50, leaves: [], retainedSize: 40, auditorSize: 32 },
      [
        [40, 48],
        [48, 50],
      ],
    ],
    [
      'does not send what was kept again because of an auditor',
      { treeSize: 21, leaves: [20], retainedSize: 20, auditorSize: 20 },
      [],
    ],
  ])('%s', (_, request, elements) => {
    expect(planned(request)).toEqual(elements);
    expect(rangesOf(request)).toEqual(elements);
  });

  test('is that of the reference, for all sizes to 14, one leaf or none', () => {
    for (let treeSize = 1; treeSize <= 14; treeSize++) {
      for (let m = 0; m <= treeSize; m++) {
        const sizes = { treeSize, retainedSize: m === 0 ? undefined : m };
        const requests = Array.from({ length: treeSize + 1 }, (_, nP) => nP).flatMap((nP) =>
          [[], ...Array.from({ length: treeSize }, (__, leaf) => [leaf])].map((indexes) => ({
            ...sizes,
            auditorSize: nP === 0 ? undefined : nP,
            leaves: indexes,
          })),
        );
        expect(requests.map(planned)).toEqual(requests.map(rangesOf));
      }
    }
  });

  test('is that of the reference, for all sizes to 7 and all sets of leaves', () => {
    for (let treeSize = 1; treeSize <= 7; treeSize++) {
      const sets = Array.from({ length: 2 ** treeSize }, (_, set) =>
        Array.from({ length: treeSize }, (__, i) => i).filter((i) => Math.floor(set / 2 ** i) % 2 === 1),
      );
      for (let m = 0; m <= treeSize; m++) {
        for (let nP = 0; nP <= treeSize; nP++) {
          const requests = sets.map((indexes) => ({
            treeSize,
            leaves: indexes,
            retainedSize: m === 0 ? undefined : m,
            auditorSize: nP === 0 ? undefined : nP,
          }));
          expect(requests.map(planned)).toEqual(requests.map(rangesOf));
        }
      }
    }
  });

  test('is frozen', () => {
    const plan = planBatchProof({ treeSize: 13, leaves: [7] });
    expect([plan, plan.nodes, ...plan.nodes].every((part) => Object.isFrozen(part))).toBe(true);
  });

  test.each<[name: string, request: object]>([
    ['no leaves at all', { treeSize: 0, leaves: [] }],
    ['a tree of 2^53', { treeSize: 2 ** 53, leaves: [] }],
    ['a leaf that is the size', { treeSize: 8, leaves: [8] }],
    ['a leaf below 0', { treeSize: 8, leaves: [-1] }],
    ['half a leaf', { treeSize: 8, leaves: [0.5] }],
    ['leaves out of order', { treeSize: 8, leaves: [3, 2] }],
    ['a leaf twice', { treeSize: 8, leaves: [3, 3] }],
    ['nothing kept, as 0', { treeSize: 8, leaves: [], retainedSize: 0 }],
    ['a larger tree kept', { treeSize: 8, leaves: [], retainedSize: 9 }],
    ['no auditor, as 0', { treeSize: 8, leaves: [], auditorSize: 0 }],
    ['a larger auditor’s tree', { treeSize: 8, leaves: [], auditorSize: 9 }],
  ])('of %s is refused', (_, request) => {
    expect(outcome(() => planBatchProof(request as BatchProofRequest))).toBe('ERR_ARGUMENT_RANGE');
  });

  test.each<[name: string, request: unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a size as text', { treeSize: '8', leaves: [] }],
    ['no list of leaves', { treeSize: 8 }],
    ['a leaf as text', { treeSize: 8, leaves: ['3'] }],
    ['a kept size as text', { treeSize: 8, leaves: [], retainedSize: '3' }],
    ['an auditor’s size as text', { treeSize: 8, leaves: [], auditorSize: '3' }],
  ])('of %s is a mistake in kind', (_, request) => {
    expect(outcome(() => planBatchProof(request as BatchProofRequest))).toBe('ERR_ARGUMENT_TYPE');
  });
});

describe('an evaluation', () => {
  const request = { treeSize: 50, leaves: [5, 41, 49], retainedSize: 40, auditorSize: 30 };
  const claim = claimOf(request);

  test('computes the root, the auditor’s root and what to keep', () => {
    expect(evaluateBatchProof(claim)).toEqual({
      treeSize: 50,
      root: head(50).root,
      auditorRoot: head(30).root,
      fullSubtrees: kept(50).fullSubtrees,
      roots: [],
      fullSubtreesAt: [],
    });
  });

  test('can be gone on from', () => {
    const first = evaluateBatchProof(claimOf({ treeSize: 30, leaves: [29] }));
    const second = evaluateBatchProof({
      ...claimOf({ treeSize: 50, leaves: [], retainedSize: 30 }),
      retained: first,
    });
    expect(second.root).toEqual(head(50).root);
  });

  test('gives the root known already where the tree has not grown', () => {
    const same = claimOf({ treeSize: 40, leaves: [7], retainedSize: 40 });
    expect(evaluateBatchProof(same).root).toEqual(head(40).root);
  });

  test('is fresh and frozen, and leaves what it got as it was', () => {
    const mine = claimOf(request);
    const before = structuredClone(mine);
    const result = evaluateBatchProof(mine);
    expect(mine).toEqual(before);
    expect(Object.isFrozen(result) && Object.isFrozen(result.fullSubtrees)).toBe(true);
    const copies = [result.root, result.auditorRoot as Uint8Array, ...result.fullSubtrees];
    for (const copy of copies) copy.fill(0);
    expect(mine).toEqual(before);
    const alone = claimOf({ treeSize: 1, leaves: [0] });
    evaluateBatchProof(alone).root.fill(0);
    expect(alone.leaves[0]?.leafHash).toEqual(leafAt(0));
  });

  test.each([
    [8, 8],
    [8, 4],
    [12, 8],
    [1, 1],
  ])('of %i leaves, %i audited, shares no memory within itself', (treeSize, auditorSize) => {
    const proven = claimOf({ treeSize, leaves: [0], retainedSize: treeSize, auditorSize });
    const { root, auditorRoot, fullSubtrees } = evaluateBatchProof(proven);
    const given = [
      ...proven.leaves.map((leaf) => leaf.leafHash),
      ...((proven.retained as RetainedTree).fullSubtrees as Uint8Array[]),
    ];
    const buffers = [root, auditorRoot as Uint8Array, ...fullSubtrees, ...given].map(({ buffer }) => buffer);
    expect(new Set(buffers).size).toBe(buffers.length);
  });

  test('hashes with another scheme where it is told to', () => {
    const other = grow(leaves.slice(0, 13), { scheme: rfc6962 });
    const { nodes } = planBatchProof({ treeSize: 13, leaves: [7] });
    const proof = other.store.fetch(nodes);
    const given = { treeSize: 13, leaves: [{ index: 7, leafHash: leafAt(7) }], proof };
    expect(evaluateBatchProof(given, { scheme: rfc6962 }).root).toEqual(other.head(13).root);
    expect(evaluateBatchProof(given).root).not.toEqual(other.head(13).root);
  });

  test('hashes one pair at a time, fewer than there are pieces', () => {
    const watched = counting(createTypeScriptHasher());
    evaluateBatchProof(claimOf({ treeSize: 50, leaves: [5] }), { hasher: watched.hasher });
    // Six siblings on the way up, and two subtrees of the right edge joined.
    expect(watched.calls()).toBe(7);
    expect(watched.largest()).toBe(64);
  });

  test('of the largest trees', () => {
    const special = 2 ** 52 + 12_345;
    const tree = new SparseTree(special, keytransLog);
    const retained = { treeSize: 2 ** 52 + 2 ** 40 + 1 };
    const big = {
      treeSize: MAX,
      leaves: [0, special, MAX - 1],
      retainedSize: retained.treeSize,
      auditorSize: special,
    };
    const result = evaluateBatchProof({
      treeSize: MAX,
      leaves: big.leaves.map((index) => ({ index, leafHash: tree.leaf(index) })),
      retained: { ...retained, fullSubtrees: tree.fetch(planRoot(retained.treeSize).nodes) },
      auditorSize: special,
      proof: tree.fetch(planBatchProof(big).nodes),
    });
    expect(result.root).toEqual(tree.head(MAX).root);
    expect(result.auditorRoot).toEqual(tree.head(special).root);
    expect(result.fullSubtrees).toEqual(tree.fetch(planRoot(MAX).nodes));
  });

  // ----------------------------------------------------------------------------------- named damages

  const proof = Array.from(claim.proof);
  const flipped = (hash: Uint8Array | undefined): Uint8Array => {
    const copy = Uint8Array.from(hash as Uint8Array);
    copy[31] = (copy[31] as number) ^ 1;
    return copy;
  };
  const retained = kept(40);
  const [five, fortyOne, last] = claim.leaves as [
    BatchProofClaim['leaves'][0],
    BatchProofClaim['leaves'][0],
    BatchProofClaim['leaves'][0],
  ];

  test.each<[name: string, code: string, damaged: Partial<BatchProofClaim>]>([
    ['no element', 'ERR_PROOF_LENGTH', { proof: [] }],
    ['the last element missing', 'ERR_PROOF_LENGTH', { proof: proof.slice(0, -1) }],
    ['an element more', 'ERR_PROOF_LENGTH', { proof: [...proof, leafAt(0)] }],
    ['a million elements more', 'ERR_PROOF_LENGTH', { proof: Array(1e6).fill(leafAt(0)) }],
    ['one leaf less to be proven', 'ERR_PROOF_LENGTH', { leaves: [five, last] }],
    ['a tree of another size', 'ERR_PROOF_LENGTH', { treeSize: 52 }],
    ['an auditor’s tree of another size', 'ERR_PROOF_LENGTH', { auditorSize: 31 }],
    ['no auditor', 'ERR_PROOF_LENGTH', { auditorSize: undefined }],
    ['nothing kept', 'ERR_PROOF_LENGTH', { retained: undefined }],
    ['another tree kept', 'ERR_PROOF_LENGTH', { retained: kept(39) }],
    ['an element of 31 bytes', 'ERR_LENGTH', { proof: replaced(proof, 2, new Uint8Array(31)) }],
    ['an empty element', 'ERR_LENGTH', { proof: replaced(proof, 0, new Uint8Array(0)) }],
    [
      'a leaf hash of 33 bytes',
      'ERR_LENGTH',
      { leaves: [{ index: 5, leafHash: new Uint8Array(33) }, fortyOne, last] },
    ],
    ['a tree of no leaves', 'ERR_HEAD_EMPTY', { treeSize: 0 }],
    ['an auditor’s tree of no leaves', 'ERR_HEAD_EMPTY', { auditorSize: 0 }],
    ['a tree smaller than the one kept', 'ERR_HEAD_ORDER', { treeSize: 39 }],
    ['an auditor’s tree larger than the tree', 'ERR_HEAD_ORDER', { auditorSize: 51 }],
    [
      'a leaf that is the size',
      'ERR_INDEX_RANGE',
      { leaves: [five, fortyOne, { index: 50, leafHash: leafAt(50) }] },
    ],
    [
      'a leaf that would fit if it were cut to 32 bits',
      'ERR_INDEX_RANGE',
      { leaves: [{ index: 2 ** 32 + 5, leafHash: leafAt(5) }] },
    ],
    ['leaves out of order', 'ERR_ARGUMENT_RANGE', { leaves: [fortyOne, five, last] }],
    ['a leaf twice', 'ERR_ARGUMENT_RANGE', { leaves: [five, five, last] }],
    ['an index of NaN', 'ERR_ARGUMENT_RANGE', { leaves: [{ index: Number.NaN, leafHash: leafAt(5) }] }],
    ['a size of 2^53', 'ERR_ARGUMENT_RANGE', { treeSize: 2 ** 53 }],
    ['an auditor’s size of -1', 'ERR_ARGUMENT_RANGE', { auditorSize: -1 }],
    ['no proof', 'ERR_ARGUMENT_TYPE', { proof: undefined as never }],
    ['an element as text', 'ERR_ARGUMENT_TYPE', { proof: replaced<unknown>(proof, 0, 'x') as never }],
    ['no leaves', 'ERR_ARGUMENT_TYPE', { leaves: undefined as never }],
    ['a leaf that is null', 'ERR_ARGUMENT_TYPE', { leaves: [null as never] }],
    ['a size as text', 'ERR_ARGUMENT_TYPE', { treeSize: '50' as never }],
    ['a kept tree of no leaves', 'ERR_STORED_STATE', { retained: { treeSize: 0, fullSubtrees: [] } }],
    ['a kept tree that is null', 'ERR_STORED_STATE', { retained: null as never }],
    [
      'a kept subtree missing',
      'ERR_STORED_STATE',
      { retained: { treeSize: 40, fullSubtrees: retained.fullSubtrees.slice(1) } },
    ],
    [
      'a kept subtree too many',
      'ERR_STORED_STATE',
      { retained: { treeSize: 40, fullSubtrees: [...retained.fullSubtrees, leafAt(0)] } },
    ],
    [
      'a kept subtree of 31 bytes',
      'ERR_STORED_STATE',
      { retained: { treeSize: 40, fullSubtrees: replaced(retained.fullSubtrees, 1, new Uint8Array(31)) } },
    ],
  ])('with %s is refused before anything is hashed', (_, code, damaged) => {
    const wrong = { ...claim, ...damaged };
    expect(outcome(() => evaluateBatchProof(wrong, { hasher: untouchable }))).toBe(code);
  });

  test.each<[name: string, damaged: Partial<BatchProofClaim>]>([
    [
      'a kept subtree over a proven leaf',
      { retained: { treeSize: 40, fullSubtrees: retained.fullSubtrees.map(flipped) } },
    ],
    ['a proven leaf under a kept subtree', { leaves: [{ index: 5, leafHash: leafAt(6) }, fortyOne, last] }],
    ['a leaf moved under a kept subtree', { leaves: [{ index: 4, leafHash: leafAt(5) }, fortyOne, last] }],
    ['another element under a kept subtree', { proof: replaced(proof, 0, flipped(proof[0])) }],
    ['the elements in another order', { proof: [...proof].reverse() }],
  ])('with %s is refused as not what was kept', (_, damaged) => {
    expect(outcome(() => evaluateBatchProof({ ...claim, ...damaged }))).toBe('ERR_RETAINED_SUBTREE');
  });

  test('sees a changed past even where the root computed from the proof would be right', () => {
    // The log proves leaf 5 of the true tree to somebody who kept the head of another one: the root does not depend
    // on what was kept, since leaf 5 and its siblings suffice to compute it.
    const forked = kept(8).fullSubtrees.map(flipped);
    const again = claimOf({ treeSize: 13, leaves: [5], retainedSize: 8 });
    expect(evaluateBatchProof(again).root).toEqual(head(13).root);
    const stale = { ...again, retained: { treeSize: 8, fullSubtrees: forked } };
    expect(outcome(() => evaluateBatchProof(stale))).toBe('ERR_RETAINED_SUBTREE');
  });

  test('has no place for the head of an unbalanced subtree', () => {
    // [4,7) in place of [4,6) and [6,7): one element less than the sizes demand.
    const seven = claimOf({ treeSize: 7, leaves: [0] });
    const unbalanced = Uint8Array.from(log.value([4, 7]));
    const shorter = [...Array.from(seven.proof).slice(0, 2), unbalanced];
    expect(outcome(() => evaluateBatchProof({ ...seven, proof: shorter }))).toBe('ERR_PROOF_LENGTH');
    // In the place of a balanced one it gives another root, whatever fills the place left over.
    for (const filler of [new Uint8Array(32), leafAt(6), unbalanced]) {
      const wrong = evaluateBatchProof({ ...seven, proof: [...shorter, filler] });
      expect(wrong.root).not.toEqual(head(7).root);
    }
  });

  test('of another element, or of elements exchanged, is another root', () => {
    const free = claimOf({ treeSize: 50, leaves: [33] });
    const elements = Array.from(free.proof);
    for (const [i, element] of elements.entries()) {
      const wrong = evaluateBatchProof({ ...free, proof: replaced(elements, i, flipped(element)) });
      expect(wrong.root).not.toEqual(head(50).root);
    }
    expect(evaluateBatchProof({ ...free, proof: [...elements].reverse() }).root).not.toEqual(head(50).root);
    const moved = { ...free, leaves: [{ index: 32, leafHash: leafAt(33) }] };
    expect(evaluateBatchProof(moved).root).not.toEqual(head(50).root);
  });

  test('reads each element once', () => {
    let reads = 0;
    const watched = new Proxy(proof, {
      get(target, key, receiver) {
        if (key === '0') reads++;
        return Reflect.get(target, key, receiver) as unknown;
      },
    });
    evaluateBatchProof({ ...claim, proof: watched });
    expect(reads).toBe(1);
  });
});
