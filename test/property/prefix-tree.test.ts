/** Prefix trees against their transcription, over random histories. */
import { equalBytes } from 'contact-key-verification/bytes.js';
import { createTypeScriptHasher, type TreeHasher } from 'contact-key-verification/log.js';
import {
  createPrefixTree,
  evaluatePrefixProof,
  evaluatePrefixUpdate,
  type PrefixLeaf,
  type PrefixProof,
  type PrefixSearchResult,
  type PrefixTreeHead,
  verifyPrefixProof,
} from 'contact-key-verification/prefix.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Refusal } from '../reference/encoding.js';
import * as reference from '../reference/prefix-tree.js';
import { keyAt, named, watchedStore } from '../support/prefix-tree.js';
import { check, checkAsync } from '../support/property.js';

const ENGINES: readonly TreeHasher[] = [
  createTypeScriptHasher(),
  createWasmHasher(),
  createWasmHasher({ simd: 'off' }),
];
const anyEngine = fc.constantFrom(...ENGINES);
const ZERO = new Uint8Array(32);

/** Keys that meet often, at all depths: a few beginnings, then runs of one bit, then a few ends. */
const anyKey = fc
  .tuple(
    fc.string({ unit: fc.constantFrom('0', '1'), maxLength: 6 }),
    fc.constantFrom('0', '1'),
    fc.oneof(fc.nat(12), fc.nat(248)),
    fc.nat(3),
  )
  .map(([start, bit, run, name]) => keyAt(start + bit.repeat(run), String(name)));
const anyKeys = (maxLength: number): fc.Arbitrary<Uint8Array[]> =>
  fc.uniqueArray(anyKey, { maxLength, selector: (key) => Buffer.from(key).toString('hex') });

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const ascending = <T>(all: readonly T[], key: (one: T) => Uint8Array): T[] =>
  [...all].sort((a, b) => Buffer.compare(key(a), key(b)));

/** What an entry of a history does: which of the keys there are go, and which come (again, or replaced). */
const anyEntry = fc.record({ keys: anyKeys(8), goes: fc.array(fc.nat(), { maxLength: 4 }), salt: fc.nat(2) });

test('histories: roots, proofs and updates are the reference’s', async () => {
  await checkAsync(
    fc.asyncProperty(
      fc.array(anyEntry, { minLength: 1, maxLength: 5 }),
      anyKeys(5),
      anyEngine,
      fc.integer({ min: 1, max: 5 }),
      async (entries, others, hasher, levelsPerPage) => {
        const tree = createPrefixTree({ hasher, levelsPerPage });
        const leaves = new Map<string, PrefixLeaf>();
        let head: PrefixTreeHead | undefined;
        let expected: reference.Tree;
        for (const [position, { keys, goes, salt }] of entries.entries()) {
          const present = [...leaves.values()];
          const removed = ascending(
            [...new Set(goes.flatMap((i) => present[i % Math.max(1, present.length)] ?? []))],
            ({ vrfOutput }) => vrfOutput,
          );
          for (const { vrfOutput } of removed) leaves.delete(hexOf(vrfOutput));
          const added = ascending(
            keys.filter((key) => !leaves.has(hexOf(key))),
            (key) => key,
          ).map((vrfOutput) => ({ vrfOutput, commitment: salt === 0 ? ZERO : named(`${position} ${salt}`) }));
          for (const leaf of added) leaves.set(hexOf(leaf.vrfOutput), leaf);
          const removedKeys = removed.map(({ vrfOutput }) => vrfOutput);

          // What the operator sends to an auditor: a proof in the tree before.
          const { proof } = await tree.prove(head, [
            ...added.map(({ vrfOutput }) => vrfOutput),
            ...removedKeys,
          ]);
          const before = head?.root ?? ZERO;
          head = await tree.update(head, { position, added, removed: removedKeys });
          expected = reference.change(expected, added, removedKeys);
          expect(hexOf(head.root)).toBe(hexOf(reference.value(expected)));
          expect(evaluatePrefixUpdate({ added, removed, proof }, { hasher })).toEqual({
            before,
            after: head.root,
          });
          const audited = reference.evaluateUpdate(added, removed, proof);
          expect([audited.before, audited.after].map(hexOf)).toEqual([before, head.root].map(hexOf));
        }

        const asked = [
          ...others.filter((key) => !leaves.has(hexOf(key))),
          ...[...leaves.values()].map((l) => l.vrfOutput),
        ];
        const { proof, commitments } = await tree.prove(head, asked);
        expect(hexOf(reference.encodeProof(proof))).toBe(
          hexOf(reference.encodeProof(reference.prove(expected, asked))),
        );
        expect(commitments).toEqual(asked.map((key) => leaves.get(hexOf(key))?.commitment));
        const searches = asked.map((vrfOutput, i) => ({ vrfOutput, commitment: commitments[i] }));
        expect(hexOf(evaluatePrefixProof(searches, proof, { hasher }))).toBe(hexOf(head?.root ?? ZERO));
      },
    ),
  );
});

test('any order and grouping of additions gives one tree', async () => {
  await checkAsync(
    fc.asyncProperty(anyKeys(20), fc.array(fc.nat(20), { maxLength: 4 }), async (keys, cuts) => {
      const added = keys.map((vrfOutput) => ({ vrfOutput, commitment: named('all') }));
      const tree = createPrefixTree();
      const atOnce = await tree.update(undefined, { position: 0, added });
      const bounds = [0, ...cuts.map((cut) => Math.min(cut, keys.length)).sort((a, b) => a - b), keys.length];
      let head: PrefixTreeHead | undefined;
      for (const [i, from] of bounds.slice(0, -1).entries()) {
        head = await tree.update(head, {
          position: i + 1,
          added: added.slice(from, bounds[i + 1]).reverse(),
        });
      }
      expect(hexOf((head ?? atOnce).root)).toBe(hexOf(atOnce.root));
    }),
  );
});

// ------------------------------------------------------------------------------------- what a false proof can say

const anyLeaf = anyKey.map((vrfOutput) => ({ vrfOutput, commitment: named('all') }));
const anyResult: fc.Arbitrary<PrefixSearchResult> = fc.oneof(
  fc.record({ resultType: fc.constant('inclusion' as const), depth: fc.nat(257) }),
  fc.record({ resultType: fc.constant('nonInclusionParent' as const), depth: fc.nat(257) }),
  fc.record({ resultType: fc.constant('nonInclusionLeaf' as const), depth: fc.nat(257), leaf: anyLeaf }),
);

/** One thing of a proof changed, or several: what a log could try. */
const anyDamage = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('result' as const), at: fc.nat(), result: anyResult }),
    fc.record({ kind: fc.constant('depth' as const), at: fc.nat(), by: fc.integer({ min: -2, max: 2 }) }),
    fc.record({ kind: fc.constant('own-leaf' as const), at: fc.nat() }),
    fc.record({
      kind: fc.constant('element' as const),
      at: fc.nat(),
      by: fc.constantFrom('zero', 'drop', 'double', 'flip'),
    }),
    fc.record({ kind: fc.constant('exchange' as const), at: fc.nat() }),
  ),
  { minLength: 1, maxLength: 3 },
);
type Damage = typeof anyDamage extends fc.Arbitrary<(infer One)[]> ? One : never;

function damaged(proof: PrefixProof, damages: readonly Damage[], leaves: readonly PrefixLeaf[]): PrefixProof {
  const results = [...proof.results];
  const elements = [...proof.elements];
  for (const damage of damages) {
    const i = results.length === 0 ? 0 : damage.at % results.length;
    const e = elements.length === 0 ? 0 : damage.at % elements.length;
    const result = results[i];
    if (damage.kind === 'result' && result !== undefined) results[i] = damage.result;
    if (damage.kind === 'depth' && result !== undefined) {
      results[i] = { ...result, depth: Math.max(0, result.depth + damage.by) };
    }
    if (damage.kind === 'own-leaf' && result !== undefined) {
      const leaf = leaves[damage.at % leaves.length] as PrefixLeaf;
      results[i] = { resultType: 'nonInclusionLeaf', leaf, depth: result.depth };
    }
    if (damage.kind === 'exchange') results.reverse();
    if (damage.kind !== 'element' || elements.length === 0) continue;
    const element = elements[e] as Uint8Array;
    if (damage.by === 'zero') elements[e] = ZERO;
    if (damage.by === 'drop') elements.splice(e, 1);
    if (damage.by === 'double') elements.splice(e, 0, element);
    if (damage.by === 'flip')
      elements[e] = Uint8Array.from(element, (byte, j) => (j === 31 ? byte ^ 1 : byte));
  }
  return { results, elements };
}

/** What a function returns, or the reason or code of its refusal. */
function outcomeOf<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    return (error as { code: string }).code;
  }
}

test('a damaged proof is refused as the reference refuses it, or says what is true', async () => {
  let accepted = 0;
  await checkAsync(
    fc.asyncProperty(anyKeys(12), anyKeys(4), anyDamage, anyEngine, async (keys, others, damages, hasher) => {
      fc.pre(keys.length > 0);
      const added = keys.map((vrfOutput) => ({ vrfOutput, commitment: named('all') }));
      const tree = createPrefixTree({ hasher });
      const head = await tree.update(undefined, { position: 0, added });
      const asked = [...keys.slice(0, 3), ...others].filter(
        (key, i, all) => all.findIndex((other) => equalBytes(other, key)) === i,
      );
      const { proof, commitments } = await tree.prove(head, asked);
      const changed = damaged(proof, damages, added);
      // A user knows commitments from elsewhere, also of versions that this tree does not hold.
      const searches = asked.map((vrfOutput) => ({ vrfOutput, commitment: named('all') }));

      const expected = outcomeOf(() => reference.evaluate(searches, changed));
      if (typeof expected === 'string') {
        const code = outcomeOf(() => evaluatePrefixProof(searches, changed, { hasher }));
        expect(code).toMatch(/^ERR_(?:PREFIX_|PROOF_LENGTH|LENGTH)/);
        return;
      }
      expect(hexOf(evaluatePrefixProof(searches, changed, { hasher }))).toBe(hexOf(expected));
      if (!equalBytes(expected, head.root)) {
        expect(() => verifyPrefixProof(head.root, searches, changed, { hasher })).toThrow('another root');
        return;
      }
      accepted++;
      const found = verifyPrefixProof(head.root, searches, changed, { hasher });
      expect(found.map(({ commitment }) => commitment)).toEqual(commitments);
    }),
  );
  // Some damages undo each other; most must not.
  expect(accepted).toBeLessThan(500);
});

test('no proof whatever hides a key that is there', () => {
  check(
    fc.property(anyKeys(10), fc.nat(), anyLeaf, fc.nat(255), (keys, at, leaf, depth) => {
      fc.pre(keys.length > 0);
      const key = keys[at % keys.length] as Uint8Array;
      const tree = keys.reduce<reference.Tree>(
        (rest, vrfOutput) => reference.insert(rest, { vrfOutput, commitment: named('all') }),
        undefined,
      );
      const root = reference.value(tree);
      const { results, elements } = reference.prove(tree, [key]);
      const own = { vrfOutput: key, commitment: named('all') };
      const lies: PrefixSearchResult[] = [results[0]?.depth ?? 0, depth].flatMap((where) => [
        { resultType: 'nonInclusionLeaf', leaf: own, depth: where } as const,
        {
          resultType: 'nonInclusionLeaf',
          leaf: { ...own, commitment: named('other') },
          depth: where,
        } as const,
        { resultType: 'nonInclusionLeaf', leaf, depth: where } as const,
        { resultType: 'nonInclusionParent', depth: where } as const,
      ]);
      for (const lie of lies) {
        if (lie.resultType === 'nonInclusionLeaf' && equalBytes(lie.leaf.vrfOutput, key)) {
          expect(() => evaluatePrefixProof([{ vrfOutput: key }], { results: [lie], elements })).toThrow(
            'that of the key',
          );
        }
        const told = outcomeOf(() =>
          verifyPrefixProof(root, [{ vrfOutput: key }], { results: [lie], elements }),
        );
        expect(told).toMatch(/^ERR_P/);
      }
    }),
  );
});

// ------------------------------------------------------------------------------------- crashes

test('an update that is cut short anywhere leaves the old tree whole, and can be made again', async () => {
  await checkAsync(
    fc.asyncProperty(
      anyKeys(12),
      anyKeys(6),
      anyKeys(6),
      fc.nat(12),
      fc.integer({ min: 1, max: 5 }),
      async (first, lost, second, budget, levelsPerPage) => {
        const store = watchedStore();
        const tree = createPrefixTree({ store, levelsPerPage });
        const leaf = (vrfOutput: Uint8Array): PrefixLeaf => ({ vrfOutput, commitment: named('all') });
        const fresh = (keys: readonly Uint8Array[]): Uint8Array[] =>
          keys.filter((key) => !first.some((other) => equalBytes(other, key)));
        const old = await tree.update(undefined, { position: 0, added: first.map(leaf) });
        const asked = [...first, ...fresh(lost)];
        const proofBefore = await tree.prove(old, asked);

        store.budget = budget;
        await tree.update(old, { position: 1, added: fresh(lost).map(leaf) }).catch(() => undefined);
        store.budget = Number.POSITIVE_INFINITY;
        expect(await tree.prove(old, asked)).toEqual(proofBefore);

        // The position is used again, or left out; then everything but the newest tree is pruned.
        const position = budget % 2 === 0 ? 1 : 2;
        const added = fresh(second).map(leaf);
        const head = await tree.update(old, { position, added });
        const clean = watchedStore();
        const expected = await createPrefixTree({ store: clean, levelsPerPage }).update(undefined, {
          position: head.position,
          added: [...first.map(leaf), ...added],
        });
        expect(hexOf(head.root)).toBe(hexOf(expected.root));
        store.budget = budget;
        await tree.prune({ from: 0, keep: head }).catch(() => undefined);
        store.budget = Number.POSITIVE_INFINITY;
        await tree.prune({ from: 0, keep: head });
        // Nothing is left but the pages of the tree, those that it has where it is made at once, and no journal. An
        // update that was given up after the newest change is found later.
        const ofTree = [...store.entries.keys()].filter((key) => Number.parseInt(key, 16) <= head.position);
        const pages = [...clean.entries.keys()].filter((key) => !key.endsWith('!'));
        expect(ofTree.map((key) => key.slice(14)).sort()).toEqual(pages.map((key) => key.slice(14)).sort());
        const all = [...first, ...fresh(second)];
        const { proof, commitments } = await tree.prove(head, all);
        const searches = all.map((vrfOutput, i) => ({ vrfOutput, commitment: commitments[i] }));
        expect(hexOf(evaluatePrefixProof(searches, proof))).toBe(hexOf(head.root));
      },
    ),
  );
});
