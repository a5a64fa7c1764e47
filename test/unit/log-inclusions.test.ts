/**
 * Many claims under one head: each is judged as verifyInclusion judges it alone, whatever stands beside it.
 */

import {
  assembleInclusion,
  createTypeScriptHasher,
  type InclusionClaim,
  planInclusion,
  type TreeHasher,
  verifyInclusion,
  verifyInclusions,
} from 'contact-key-verification/log.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grow, leafList, outcome, replaced, SparseTree, schemes, untouchable } from '../support/log-tree.js';
import { check } from '../support/property.js';

const engines: readonly TreeHasher[] = [
  createTypeScriptHasher(),
  createWasmHasher(),
  createWasmHasher({ simd: 'off' }),
];
const hasher = createWasmHasher();
const leaves = leafList(300);
const trees = schemes.map((scheme) => ({ scheme, tree: grow(leaves, { hasher, scheme }) }));

type Tree = (typeof trees)[number];

function claimAt(
  { scheme, tree }: Tree,
  index: number,
  treeSize: number,
): InclusionClaim & { proof: Uint8Array[] } {
  const plan = planInclusion({ treeSize, index });
  const proof = assembleInclusion(plan, tree.store.fetch(plan.nodes), { hasher, scheme });
  return { index, leafHash: leaves[index] as Uint8Array, proof };
}

/** The damages that a claim can have, by the code with which it then fails. */
const damages: readonly (readonly [code: string, damage: (claim: InclusionClaim) => InclusionClaim])[] = [
  ['ERR_INDEX_RANGE', (claim) => ({ ...claim, index: 2 ** 32 + claim.index })],
  ['ERR_PROOF_LENGTH', (claim) => ({ ...claim, proof: [...Array.from(claim.proof), new Uint8Array(32)] })],
  ['ERR_LENGTH', (claim) => ({ ...claim, leafHash: new Uint8Array(31) })],
  ['ERR_PROOF_ROOT', (claim) => ({ ...claim, leafHash: new Uint8Array(32) })],
];

describe.each(trees.map((each) => ({ ...each, name: each.scheme.name })))(
  'verifyInclusions, $name',
  (each) => {
    const { scheme, tree } = each;

    it.each(engines)('all leaves of trees of 1 to 40 and of 300, by $name', (engine) => {
      for (const size of [...Array.from({ length: 40 }, (_, i) => i + 1), 300]) {
        const claims = Array.from({ length: size }, (_, index) => claimAt(each, index, size));
        const head = tree.head(size);
        const { verified, failed } = verifyInclusions(head, claims, { hasher: engine, scheme });
        expect(failed).toEqual([]);
        expect(verified.map(({ index }) => index)).toEqual(claims.map(({ index }) => index));
        for (const result of verified) {
          expect(result.treeSize).toBe(size);
          expect(Buffer.compare(result.root, head.root)).toBe(0);
          expect(Buffer.compare(result.leafHash, leaves[result.index] as Uint8Array)).toBe(0);
        }
      }
    });

    it('any mixture of true and false claims: what verifyInclusion says of each alone, over every engine', () => {
      const entry = fc.record({
        at: fc.nat({ max: 299 }),
        damage: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
      });
      check(
        fc.property(fc.integer({ min: 1, max: 300 }), fc.array(entry, { maxLength: 25 }), (size, entries) => {
          const head = tree.head(size);
          const claims = entries.map(({ at, damage }) => {
            const claim = claimAt(each, at % size, size);
            return damage === undefined ? claim : (damages[damage]?.[1](claim) ?? claim);
          });
          const alone = claims.map((claim) => outcome(() => verifyInclusion(head, claim, { scheme })));
          const expected = alone.flatMap((code, position) =>
            code === 'accepted' ? [] : [{ position, code }],
          );
          for (const engine of engines) {
            const { verified, failed } = verifyInclusions(head, claims, { hasher: engine, scheme });
            expect(failed).toEqual(expected);
            expect(verified.map(({ index }) => index)).toEqual(
              claims.filter((_, i) => alone[i] === 'accepted').map(({ index }) => index),
            );
          }
        }),
      );
    });

    it('one flipped bit, wherever it is, fails its claim and no other', () => {
      const claims = Array.from({ length: 20 }, (_, i) => claimAt(each, i * 7, 200));
      for (let position = 0; position < claims.length; position++) {
        const claim = claims[position] as InclusionClaim & { proof: Uint8Array[] };
        for (const [i, hash] of claim.proof.entries()) {
          const flipped = hash.slice();
          flipped[i] = (flipped[i] as number) ^ 1;
          const damaged = replaced(claims, position, { ...claim, proof: replaced(claim.proof, i, flipped) });
          const { verified, failed } = verifyInclusions(tree.head(200), damaged, { hasher, scheme });
          expect(failed).toEqual([{ position, code: 'ERR_PROOF_ROOT' }]);
          expect(verified).toHaveLength(19);
        }
      }
    });

    it('more claims than are folded at once, false ones at every edge', () => {
      const claims: InclusionClaim[] = Array.from({ length: 1000 }, (_, i) => claimAt(each, i % 300, 300));
      const wrong = [0, 1, 255, 256, 257, 511, 512, 998, 999];
      for (const [i, position] of wrong.entries()) {
        claims[position] = damages[i % 4]?.[1](claims[position] as InclusionClaim) as InclusionClaim;
      }
      const { verified, failed } = verifyInclusions(tree.head(300), claims, { hasher, scheme });
      expect(failed).toEqual(wrong.map((position, i) => ({ position, code: damages[i % 4]?.[0] })));
      expect(verified).toHaveLength(1000 - wrong.length);
    });

    it('a tree of 2^53 - 1 leaves', () => {
      const treeSize = Number.MAX_SAFE_INTEGER;
      const claims = [0, 2 ** 32 + 5, treeSize - 1].map((index) => {
        const sparse = new SparseTree(2 ** 32 + 5, scheme);
        const plan = planInclusion({ treeSize, index });
        const proof = assembleInclusion(plan, sparse.fetch(plan.nodes), { hasher, scheme });
        return { index, leafHash: sparse.leaf(index), proof };
      });
      const head = new SparseTree(2 ** 32 + 5, scheme).head(treeSize);
      expect(verifyInclusions(head, claims, { hasher, scheme }).failed).toEqual([]);
    });
  },
);

describe('verifyInclusions', () => {
  const each = trees[0] as Tree;
  const head = each.tree.head(13);
  const claims = [6, 2, 12].map((index) => claimAt(each, index, 13));

  it('verifies nothing where nothing is claimed', () => {
    expect(verifyInclusions(head, [], { hasher })).toEqual({ verified: [], failed: [] });
  });

  it('gives frozen data, which owns its bytes', () => {
    const given = [...claims, { ...(claims[0] as InclusionClaim), index: 13 }];
    const results = verifyInclusions(head, given);
    expect(
      Object.isFrozen(results) && Object.isFrozen(results.verified) && Object.isFrozen(results.failed),
    ).toBe(true);
    expect([...results.verified, ...results.failed].every((result) => Object.isFrozen(result))).toBe(true);
    for (const [i, result] of results.verified.entries()) {
      expect(result.leafHash).not.toBe(claims[i]?.leafHash);
      expect(result.leafHash.buffer.byteLength).toBe(32);
      expect(result.root).not.toBe(head.root);
    }
  });

  it('counts equal claims each for itself', () => {
    const claim = claims[0] as InclusionClaim;
    expect(verifyInclusions(head, [claim, claim], { hasher }).verified).toHaveLength(2);
  });

  it('hashes nothing of claims whose length is wrong', () => {
    const wrong = claims.map((claim) => ({ ...claim, proof: claim.proof.slice(1) }));
    const engine: TreeHasher = {
      ...untouchable,
      foldProofs: ({ hashes }) => {
        expect(hashes).toHaveLength(0);
        return new Uint8Array(0);
      },
    };
    const { failed } = verifyInclusions(head, wrong, { hasher: engine });
    expect(failed.map(({ code }) => code)).toEqual([
      'ERR_PROOF_LENGTH',
      'ERR_PROOF_LENGTH',
      'ERR_PROOF_LENGTH',
    ]);
  });

  it('trusts no engine to say how many roots there are', () => {
    const engine: TreeHasher = { ...untouchable, foldProofs: () => new Uint8Array(head.root) };
    const { verified, failed } = verifyInclusions(head, claims, { hasher: engine });
    expect(verified.map(({ index }) => index)).toEqual([6]);
    expect(failed.map(({ position }) => position)).toEqual([1, 2]);
  });

  it('throws for the program’s mistakes', () => {
    const run = (given: unknown): string => outcome(() => verifyInclusions(head, given as never));
    for (const given of [undefined, null, 'ab', { length: 1 }, {}])
      expect(run(given)).toBe('ERR_ARGUMENT_TYPE');
    for (const claim of [
      undefined,
      null,
      1,
      {},
      { ...claims[0], index: '6' },
      { ...claims[0], proof: 'abcd' },
    ]) {
      expect(run([...claims, claim])).toBe('ERR_ARGUMENT_TYPE');
    }
    expect(run([{ ...claims[0], index: -1 }])).toBe('ERR_ARGUMENT_RANGE');
    const malformed = { treeSize: 0, root: head.root };
    expect(outcome(() => verifyInclusions(malformed, claims))).toBe('ERR_ARGUMENT_RANGE');
  });
});
