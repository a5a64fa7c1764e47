/**
 * Tasks: inclusion proofs, checked one after the other.
 */

import { randomBytes, randomInt } from 'node:crypto';
import { type InclusionClaim, type TreeHead, verifyInclusion } from 'contact-key-verification/log.js';
import { assertRefused } from '../control.js';
import { digest, type Task } from '../harness.js';
import type { Hashers } from '../hashers.js';
import { byCreateHash, foldProof, type Sha256 } from '../independent.js';

/** A claim with its siblings apart, as everyone else takes them. */
export type Proven = InclusionClaim & { readonly proof: readonly Uint8Array[] };

interface Sample {
  readonly head: TreeHead;
  readonly claim: Proven;
}

/** Single inclusion proofs in a tree of 2^height leaves. */
export function proofsTask(count: number, height: number, { engines, oneByOne }: Hashers): Task {
  const samples = Array.from({ length: count }, () => sampleProof(height));
  const expected = digest(Buffer.concat(samples.map(({ head }) => head.root)));
  const byEngine = engines.map((hasher) => ({
    name: hasher.name,
    verify: ({ head, claim }: Sample) => verifyInclusion(head, claim, { hasher }).root,
  }));
  const byMessage = oneByOne.map(({ name, sha256 }) => ({
    name,
    verify: (sample: Sample) => foldAndCompare(sample, sha256),
  }));
  const contenders = [...byEngine, ...byMessage];
  for (const { name, verify } of contenders) {
    for (const sample of samples) assertRefused(name, () => verify(damage(sample)));
  }
  return {
    title: `Inclusion proofs in a tree of 2^${height} leaves, one at a time`,
    unit: 'proofs',
    units: count,
    baseline: 'node:crypto createHash()',
    contenders: contenders.map(({ name, verify }) => ({
      name,
      run: () => Buffer.concat(samples.map(verify)),
      expected,
    })),
  };
}

/** Any leaf and any siblings are a true proof in the tree whose root they lead to. */
function sampleProof(height: number): Sample {
  const index = randomInt(2 ** height);
  const claim = {
    index,
    leafHash: randomBytes(32),
    proof: Array.from({ length: height }, () => randomBytes(32)),
  };
  return { head: { treeSize: 2 ** height, root: foldProof(claim, byCreateHash) }, claim };
}

function damage({ head, claim }: Sample): Sample {
  return { head, claim: { ...claim, leafHash: randomBytes(32) } };
}

/** A verifier with nothing around it: no checks of lengths, no copies. */
export function foldAndCompare({ head, claim }: Sample, sha256: Sha256): Uint8Array {
  const root = foldProof(claim, sha256);
  if (Buffer.compare(root, head.root) !== 0) throw new Error('another root');
  return root;
}
