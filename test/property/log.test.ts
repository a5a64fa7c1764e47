import {
  assembleConsistency,
  assembleInclusion,
  createTreeBuilder,
  createTypeScriptHasher,
  planConsistency,
  planInclusion,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from 'contact-key-verification/log.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  flat,
  grow,
  leafList,
  NodeStore,
  outcome,
  replaced,
  schemes,
  SparseTree,
} from '../support/log-tree.js';
import { check } from '../support/property.js';
import { MTH } from '../support/rfc6962.js';

const hasher = createTypeScriptHasher();
const leaves = leafList(300);
const trees = schemes.map((scheme) => ({ options: { hasher, scheme }, ...grow(leaves, { hasher, scheme }) }));

const anyTree = fc.constantFrom(...trees);
const anySize = fc.integer({ min: 1, max: 300 });
/** A cut of a stream of up to 300 leaves: the sizes of the batches. */
const anyCut = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 12 });
/** Sizes of every magnitude, up to 2^53 - 1. */
const anyHugeSize = fc
  .tuple(fc.integer({ min: 0, max: 52 }), fc.maxSafeNat())
  .map(([bits, salt]) => 2 ** bits + (salt % 2 ** bits));

function flip(proof: readonly Uint8Array[], bit: number): Uint8Array[] {
  const at = Math.floor(bit / 256) % proof.length;
  const hash = (proof[at] as Uint8Array).slice();
  const byte = Math.floor((bit % 256) / 8);
  hash[byte] = (hash[byte] as number) ^ (1 << (bit % 8));
  return replaced(proof, at, hash);
}

describe('the builder', () => {
  it('has the root of the tree, however the stream is cut and resumed, with a sink or without', () => {
    check(
      fc.property(anyCut, fc.boolean(), fc.boolean(), (cut, sinking, resuming) => {
        const store = new NodeStore();
        const sink = sinking ? { onNodes: store.put } : {};
        let builder = createTreeBuilder({ hasher, ...sink });
        let at = 0;
        for (const size of cut) {
          if (at + size > 300) break;
          builder.append(flat(leaves.slice(at, at + size)));
          at += size;
          if (resuming) builder = createTreeBuilder({ hasher, ...sink, state: builder.exportState() });
        }
        expect(builder.treeSize).toBe(at);
        const all = leaves.slice(0, at);
        const root = Buffer.from(builder.root());
        expect(root.equals(treeRoot(flat(all), { hasher }))).toBe(true);
        expect(root.equals(MTH(all))).toBe(true);
      }),
    );
  });
});

describe('inclusion', () => {
  const claims = fc.tuple(anyTree, anySize, fc.nat()).map(([tree, treeSize, salt]) => {
    const index = salt % treeSize;
    const plan = planInclusion({ treeSize, index });
    const proof = assembleInclusion(plan, tree.store.fetch(plan.nodes), tree.options);
    return { ...tree, treeSize, claim: { index, leafHash: leaves[index] as Uint8Array, proof } };
  });

  it('is verified, and refused with any one bit flipped', () => {
    check(
      fc.property(claims, fc.nat(), ({ options, head, treeSize, claim }, bit) => {
        expect(verifyInclusion(head(treeSize), claim, options).index).toBe(claim.index);
        if (claim.proof.length === 0) return;
        const flipped = { ...claim, proof: flip(claim.proof, bit) };
        expect(outcome(() => verifyInclusion(head(treeSize), flipped, options))).toBe('ERR_PROOF_ROOT');
      }),
    );
  });

  it('is refused at any other index, for any other leaf, under any other head', () => {
    check(
      fc.property(
        claims,
        anySize,
        fc.nat({ max: 299 }),
        ({ options, head, treeSize, claim }, size, other) => {
          fc.pre(size !== treeSize && other !== claim.index);
          const attempts = [
            outcome(() => verifyInclusion(head(treeSize), { ...claim, index: other }, options)),
            outcome(() =>
              verifyInclusion(head(treeSize), { ...claim, leafHash: leaves[other] as Uint8Array }, options),
            ),
            outcome(() => verifyInclusion(head(size), claim, options)),
          ];
          expect(attempts).not.toContain('accepted');
        },
      ),
    );
  });

  it('holds at any size up to 2^53 - 1, at its own index only', () => {
    check(
      fc.property(
        anyHugeSize,
        fc.maxSafeNat(),
        fc.maxSafeNat(),
        fc.constantFrom(...schemes),
        (treeSize, salt, otherSalt, scheme) => {
          const index = salt % treeSize;
          const options = { hasher, scheme };
          const tree = new SparseTree(index, scheme);
          const plan = planInclusion({ treeSize, index });
          const proof = assembleInclusion(plan, tree.fetch(plan.nodes), options);
          const claim = { index, leafHash: tree.leaf(index), proof };
          expect(verifyInclusion(tree.head(treeSize), claim, options).index).toBe(index);
          const other = otherSalt % treeSize;
          if (other === index) return;
          const moved = outcome(() =>
            verifyInclusion(tree.head(treeSize), { ...claim, index: other }, options),
          );
          expect(['ERR_PROOF_ROOT', 'ERR_PROOF_LENGTH']).toContain(moved);
        },
      ),
    );
  });
});

describe('consistency', () => {
  const pairs = fc
    .tuple(anyTree, anySize, anySize)
    .map(([tree, a, b]) => [tree, Math.min(a, b), Math.max(a, b)] as const)
    .map(([tree, olderSize, newerSize]) => {
      const plan = planConsistency({ olderSize, newerSize });
      const proof = assembleConsistency(plan, tree.store.fetch(plan.nodes), tree.options);
      return { ...tree, olderSize, newerSize, proof };
    });

  it('is verified, and refused with any one bit flipped', () => {
    check(
      fc.property(pairs, fc.nat(), ({ options, head, olderSize, newerSize, proof }, bit) => {
        const [older, newer] = [head(olderSize), head(newerSize)];
        expect(verifyConsistency(older, newer, proof, options).treeSize).toBe(newerSize);
        if (proof.length === 0) return;
        const flipped = flip(proof, bit);
        expect(outcome(() => verifyConsistency(older, newer, flipped, options))).toBe('ERR_PROOF_ROOT');
      }),
    );
  });

  it('is refused between any other heads', () => {
    check(
      fc.property(pairs, anySize, anySize, ({ options, head, olderSize, newerSize, proof }, from, to) => {
        fc.pre(olderSize !== newerSize && from !== to && (from !== olderSize || to !== newerSize));
        expect(outcome(() => verifyConsistency(head(from), head(to), proof, options))).not.toBe('accepted');
      }),
    );
  });

  it('holds between any sizes up to 2^53 - 1', () => {
    check(
      fc.property(
        anyHugeSize,
        anyHugeSize,
        fc.maxSafeNat(),
        fc.constantFrom(...schemes),
        (a, b, salt, scheme) => {
          const [olderSize, newerSize] = [Math.min(a, b), Math.max(a, b)];
          const options = { hasher, scheme };
          const tree = new SparseTree(salt % newerSize, scheme);
          const plan = planConsistency({ olderSize, newerSize });
          const proof = assembleConsistency(plan, tree.fetch(plan.nodes), options);
          const newer = tree.head(newerSize);
          expect(verifyConsistency(tree.head(olderSize), newer, proof, options)).toEqual(newer);
        },
      ),
    );
  });
});
