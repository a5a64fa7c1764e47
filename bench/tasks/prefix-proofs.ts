/**
 * Tasks: a proof from a prefix tree, evaluated into the root that it leads to.
 */

import { randomBytes } from 'node:crypto';
import { type PrefixProof, type PrefixSearch, verifyPrefixProof } from 'contact-key-verification/prefix.js';
import { assertRefused } from '../control.js';
import { digest, type Task } from '../harness.js';
import type { Hashers } from '../hashers.js';
import { byCreateHash, hashPairsOneByOne, type Sha256 } from '../independent.js';

const LEAF = { left: 2 };
const PARENT = { left: 3 };

interface Sample {
  readonly searches: readonly Required<PrefixSearch>[];
  readonly proof: PrefixProof;
  readonly root: Uint8Array;
}

/** Proofs of so many included keys, each at this depth: a tree of about 2^depth leaves. */
export function prefixProofTask(keys: number, depth: number, { engines, oneByOne }: Hashers): Task {
  const sample = sampleProof(keys, depth);
  const byEngine = engines.map((hasher) => ({
    name: hasher.name,
    verify: ({ root, searches, proof }: Sample) => {
      verifyPrefixProof(root, searches, proof, { hasher });
      return root;
    },
  }));
  const byMessage = oneByOne.map(({ name, sha256 }) => ({
    name: `${name}, hashing only`,
    verify: ({ root, searches, proof }: Sample) => {
      const elements = proof.elements.values();
      const found = foldKeys(searches, depth, sha256, () => elements.next().value ?? new Uint8Array(0));
      if (Buffer.compare(found, root) !== 0) throw new Error('another root');
      return found;
    },
  }));
  const contenders = [...byEngine, ...byMessage];
  for (const { name, verify } of contenders) {
    assertRefused(name, () => verify({ ...sample, root: randomBytes(32) }));
  }
  return {
    title: `Prefix proofs of ${keys} keys at depth ${depth}`,
    unit: 'keys',
    units: keys,
    baseline: 'node:crypto createHash(), hashing only',
    contenders: contenders.map(({ name, verify }) => ({
      name,
      run: () => verify(sample),
      expected: digest(sample.root),
    })),
  };
}

/** Any leaves and any elements are a true proof in the tree whose root they lead to. */
function sampleProof(keys: number, depth: number): Sample {
  const searches = Array.from({ length: keys }, () => ({
    vrfOutput: new Uint8Array(randomBytes(32)),
    commitment: new Uint8Array(randomBytes(32)),
  })).sort((a, b) => Buffer.compare(a.vrfOutput, b.vrfOutput));
  const elements: Uint8Array[] = [];
  const root = foldKeys(searches, depth, byCreateHash, () => {
    elements.push(new Uint8Array(randomBytes(32)));
    return elements.at(-1) as Uint8Array;
  });
  const results = searches.map(() => ({ resultType: 'inclusion', depth }) as const);
  return { searches, proof: { results, elements }, root: new Uint8Array(root) };
}

/** Sorted keys and the elements between them to a root, one hash after another; no shape is checked. */
function foldKeys(
  searches: readonly Required<PrefixSearch>[],
  depth: number,
  sha256: Sha256,
  nextElement: () => Uint8Array,
): Uint8Array {
  const fold = (run: readonly Required<PrefixSearch>[], level: number): Uint8Array => {
    const [first] = run;
    if (first === undefined) return nextElement();
    if (level === depth) {
      const leaf = Buffer.concat([first.vrfOutput, first.commitment ?? new Uint8Array(0)]);
      return hashPairsOneByOne(leaf, sha256, LEAF);
    }
    const isRight = ({ vrfOutput }: PrefixSearch): boolean =>
      ((vrfOutput[Math.floor(level / 8)] ?? 0) & (128 >> (level % 8))) !== 0;
    const left = fold(
      run.filter((search) => !isRight(search)),
      level + 1,
    );
    const right = fold(run.filter(isRight), level + 1);
    return hashPairsOneByOne(Buffer.concat([left, right]), sha256, PARENT);
  };
  return fold(searches, 0);
}
