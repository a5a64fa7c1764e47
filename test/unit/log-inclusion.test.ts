import {
  assembleInclusion,
  type InclusionClaim,
  planInclusion,
  treeRoot,
  verifyInclusion,
} from 'contact-key-verification/log.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import { describe, expect, it } from 'vitest';
import { flat, grow, leafList, outcome, replaced, schemes, untouchable } from '../support/log-tree.js';
import { PATH } from '../support/rfc6962.js';

const SIZES = 300;
/** Sizes for which every wrong index and every wrong head is tried, not only the likely ones. */
const SMALL = 64;
/** The fast engine: these laws try some 900,000 verifications. */
const hasher = createWasmHasher();
const leaves = leafList(SIZES);

function claimAt(
  { store }: Pick<ReturnType<typeof grow>, 'store'>,
  index: number,
  treeSize: number,
  options: { scheme?: (typeof schemes)[number] } = {},
): InclusionClaim & { proof: Uint8Array[] } {
  const plan = planInclusion({ treeSize, index });
  const proof = assembleInclusion(plan, store.fetch(plan.nodes), { hasher, ...options });
  return { index, leafHash: leaves[index] as Uint8Array, proof };
}

describe('inclusion proofs', () => {
  it('are the audit paths of RFC 6962, for every leaf of every size up to 64', () => {
    const tree = grow(leaves.slice(0, SMALL), { hasher });
    for (let size = 1; size <= SMALL; size++) {
      for (let index = 0; index < size; index++) {
        expect(claimAt(tree, index, size).proof).toEqual(PATH(index, leaves.slice(0, size)));
      }
    }
  });

  describe.each(schemes.map((scheme) => ({ scheme, name: scheme.name })))('$name', ({ scheme }) => {
    const options = { hasher, scheme };
    const tree = grow(leaves, options);

    it('verify for every leaf of every size up to 300, and for no neighbour of index or size', () => {
      for (let size = 1; size <= SIZES; size++) {
        const head = tree.head(size);
        for (let index = 0; index < size; index++) {
          const claim = claimAt(tree, index, size, { scheme });
          if (outcome(() => verifyInclusion(head, claim, options)) !== 'accepted') {
            expect.unreachable(`refused: ${index} of ${size}`);
          }
          const twin = index % 2 === 0 ? index + 1 : index - 1;
          for (const other of [twin, size - 1 - index]) {
            if (other === index) continue;
            const wrong = outcome(() => verifyInclusion(head, { ...claim, index: other }, options));
            if (wrong === 'accepted') expect.unreachable(`${index} of ${size} stands at ${other} too`);
          }
          if (
            size < SIZES &&
            outcome(() => verifyInclusion(tree.head(size + 1), claim, options)) === 'accepted'
          ) {
            expect.unreachable(`${index} of ${size} verifies under the next head`);
          }
        }
      }
    });

    it('verify at no other index and under no other head, all tried up to 64', () => {
      for (let size = 1; size <= SMALL; size++) {
        for (let index = 0; index < size; index++) {
          const claim = claimAt(tree, index, size, { scheme });
          for (let other = 0; other < SMALL; other++) {
            if (other !== index) {
              const moved = { ...claim, index: other };
              if (outcome(() => verifyInclusion(tree.head(size), moved, options)) === 'accepted') {
                expect.unreachable(`${index} of ${size} stands at ${other} too`);
              }
            }
            if (other + 1 !== size) {
              if (outcome(() => verifyInclusion(tree.head(other + 1), claim, options)) === 'accepted') {
                expect.unreachable(`${index} of ${size} verifies under the head of ${other + 1}`);
              }
            }
          }
        }
      }
    });
  });

  it('do not authenticate the size: leaf 0 of 8 fits the same root under 5, 6 and 7', () => {
    const tree = grow(leaves.slice(0, 8), { hasher });
    const { root } = tree.head(8);
    const claim = claimAt(tree, 0, 8);
    const accepted = [1, 2, 3, 4, 5, 6, 7, 8, 9].filter(
      (treeSize) => outcome(() => verifyInclusion({ treeSize, root }, claim)) === 'accepted',
    );
    expect(accepted).toEqual([5, 6, 7, 8]);
  });
});

describe('verifyInclusion returns', () => {
  const tree = grow(leaves.slice(0, 13), { hasher });
  const head = tree.head(13);

  it('what it verified, frozen, and its own copies', () => {
    const claim = claimAt(tree, 6, 13);
    const result = verifyInclusion(head, claim);
    expect(result).toEqual({ index: 6, leafHash: leaves[6], treeSize: 13, root: head.root });
    expect(Object.isFrozen(result)).toBe(true);
    expect(result.leafHash).not.toBe(claim.leafHash);
    expect(result.root).not.toBe(head.root);
  });

  it('the one leaf of a tree of one, by an empty proof', () => {
    const leafHash = leaves[0] as Uint8Array;
    const one = { treeSize: 1, root: treeRoot(leafHash) };
    expect(verifyInclusion(one, { index: 0, leafHash, proof: [] }).treeSize).toBe(1);
    const other = { index: 0, leafHash: leaves[1] as Uint8Array, proof: [] };
    expect(outcome(() => verifyInclusion(one, other))).toBe('ERR_PROOF_ROOT');
  });

  it('the same for Buffers and array-likes, reading length and each hash once', () => {
    const { index, leafHash, proof } = claimAt(tree, 6, 13);
    const reads: string[] = [];
    const watched = new Proxy(
      proof.map((hash) => Buffer.from(hash)),
      {
        get(target, key, receiver) {
          reads.push(String(key));
          return Reflect.get(target, key, receiver);
        },
      },
    );
    expect(verifyInclusion(head, { index, leafHash: Buffer.from(leafHash), proof: watched }).index).toBe(6);
    expect(reads).toEqual(['length', '0', '1', '2', '3']);
  });
});

describe('verifyInclusion refuses', () => {
  const tree = grow(leaves.slice(0, 13), { hasher });
  const head = tree.head(13);
  const claim = claimAt(tree, 6, 13);
  const { proof } = claim;
  const [p0, p1, p2, p3] = proof as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];

  const refusal = (change: object): string =>
    outcome(() => verifyInclusion(head, { ...claim, ...change } as InclusionClaim));

  it.each([
    { damage: 'truncated at the end', proof: [p0, p1, p2], code: 'ERR_PROOF_LENGTH' },
    { damage: 'truncated at the start', proof: [p1, p2, p3], code: 'ERR_PROOF_LENGTH' },
    { damage: 'empty', proof: [], code: 'ERR_PROOF_LENGTH' },
    { damage: 'extended by zeros', proof: [...proof, new Uint8Array(32)], code: 'ERR_PROOF_LENGTH' },
    { damage: 'extended by the root', proof: [...proof, head.root], code: 'ERR_PROOF_LENGTH' },
    { damage: 'preceded by the leaf', proof: [leaves[6], ...proof], code: 'ERR_PROOF_LENGTH' },
    { damage: 'with one hash twice', proof: [p0, p0, p1, p2, p3], code: 'ERR_PROOF_LENGTH' },
    { damage: 'as one flat array', proof: flat(proof), code: 'ERR_PROOF_LENGTH' },
    { damage: 'with one hash in place of its neighbour', proof: [p0, p1, p1, p3], code: 'ERR_PROOF_ROOT' },
    { damage: 'swapped', proof: [p1, p0, p2, p3], code: 'ERR_PROOF_ROOT' },
    { damage: 'reversed', proof: [p3, p2, p1, p0], code: 'ERR_PROOF_ROOT' },
    { damage: 'with a hash of 31 bytes', proof: [p0, p1, p2, p3.subarray(1)], code: 'ERR_LENGTH' },
    { damage: 'with a hash of 33 bytes', proof: [p0, p1, p2, new Uint8Array(33)], code: 'ERR_LENGTH' },
    { damage: 'with an empty hash', proof: [new Uint8Array(0), p1, p2, p3], code: 'ERR_LENGTH' },
    { damage: 'with a hole', proof: [p0, undefined, p2, p3], code: 'ERR_ARGUMENT_TYPE' },
    { damage: 'of text', proof: ['a', 'b', 'c', 'd'], code: 'ERR_ARGUMENT_TYPE' },
    { damage: 'missing', proof: undefined, code: 'ERR_ARGUMENT_TYPE' },
    { damage: 'null', proof: null, code: 'ERR_ARGUMENT_TYPE' },
    { damage: 'text itself', proof: 'abcd', code: 'ERR_ARGUMENT_TYPE' },
  ])('a proof $damage: $code', ({ proof: damaged, code }) => {
    expect(refusal({ proof: damaged })).toBe(code);
  });

  it('any single-bit flip of proof, leaf hash or root', () => {
    const flips = (bytes: Uint8Array): Uint8Array[] =>
      Array.from({ length: bytes.length * 8 }, (_, bit) => {
        const flipped = bytes.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit % 8));
        return flipped;
      });
    for (const [i, hash] of proof.entries()) {
      for (const flipped of flips(hash)) {
        expect(refusal({ proof: replaced(proof, i, flipped) })).toBe('ERR_PROOF_ROOT');
      }
    }
    for (const leafHash of flips(claim.leafHash)) expect(refusal({ leafHash })).toBe('ERR_PROOF_ROOT');
    for (const root of flips(head.root)) {
      expect(outcome(() => verifyInclusion({ treeSize: 13, root }, claim))).toBe('ERR_PROOF_ROOT');
    }
  });

  it('a proof of a million hashes without reading or hashing one', () => {
    const endless = {
      length: 1_000_000,
      get 0(): Uint8Array {
        return expect.unreachable('read');
      },
    };
    const run = (): unknown => verifyInclusion(head, { ...claim, proof: endless }, { hasher: untouchable });
    expect(outcome(run)).toBe('ERR_PROOF_LENGTH');
  });

  it('a wrong length before anything is hashed', () => {
    for (const wrong of [[], proof.slice(1), [...proof, p0]]) {
      const run = (): unknown => verifyInclusion(head, { ...claim, proof: wrong }, { hasher: untouchable });
      expect(outcome(run)).toBe('ERR_PROOF_LENGTH');
    }
  });

  it('a length that is no number like the expected one', () => {
    for (const length of [Number.NaN, 4.5, -4, '4', 4n, undefined]) {
      expect(refusal({ proof: { ...proof, length } })).toBe('ERR_PROOF_LENGTH');
    }
  });

  it('a leaf hash that is not 32 bytes', () => {
    for (const length of [0, 31, 33, 64]) {
      expect(refusal({ leafHash: new Uint8Array(length) })).toBe('ERR_LENGTH');
    }
    for (const leafHash of [undefined, null, 'x'.repeat(32)]) {
      expect(refusal({ leafHash })).toBe('ERR_ARGUMENT_TYPE');
    }
  });

  it('an index beyond the head as false, and what is no index as the program’s mistake', () => {
    for (const index of [13, 14, 2 ** 32 + 6, Number.MAX_SAFE_INTEGER]) {
      expect(refusal({ index })).toBe('ERR_INDEX_RANGE');
    }
    for (const index of [-1, 6.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(refusal({ index })).toBe('ERR_ARGUMENT_RANGE');
    }
    for (const index of [6n, '6', undefined, null, [6]]) {
      expect(refusal({ index })).toBe('ERR_ARGUMENT_TYPE');
    }
  });

  it('a malformed head: nothing is proven by size 0', () => {
    const { root } = head;
    for (const treeSize of [0, -1, 12.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY]) {
      expect(outcome(() => verifyInclusion({ treeSize, root }, claim))).toBe('ERR_ARGUMENT_RANGE');
    }
    for (const treeSize of [13n, '13', undefined, null]) {
      const malformed = { treeSize, root } as never;
      expect(outcome(() => verifyInclusion(malformed, claim))).toBe('ERR_ARGUMENT_TYPE');
    }
    for (const length of [0, 12, 31, 33]) {
      const malformed = { treeSize: 13, root: root.slice(0, length) };
      const padded = length === 33 ? { treeSize: 13, root: new Uint8Array(33) } : malformed;
      expect(outcome(() => verifyInclusion(padded, claim))).toBe('ERR_ARGUMENT_RANGE');
    }
    for (const malformed of [null, undefined, 13, 'head', { treeSize: 13 }]) {
      expect(outcome(() => verifyInclusion(malformed as never, claim))).toBe('ERR_ARGUMENT_TYPE');
    }
    expect(outcome(() => verifyInclusion(head, null as never))).toBe('ERR_ARGUMENT_TYPE');
  });

  it('a proof made under another scheme', () => {
    const [first, second] = schemes as [(typeof schemes)[number], (typeof schemes)[number]];
    expect(outcome(() => verifyInclusion(head, claim, { scheme: first }))).toBe('accepted');
    expect(outcome(() => verifyInclusion(head, claim, { scheme: second }))).toBe('ERR_PROOF_ROOT');
  });
});
