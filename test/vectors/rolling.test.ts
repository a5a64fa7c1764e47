/** The rolling digests over all trees up to 300 leaves, computed by the library: its own roots and proofs, verified. */
import { createHash } from 'node:crypto';
import {
  assembleConsistency,
  assembleInclusion,
  createTypeScriptHasher,
  hashLeaf,
  planConsistency,
  planInclusion,
  type TreeHasher,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from 'contact-key-verification/log.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import { describe, expect, test } from 'vitest';
import { flat, grow } from '../support/log-tree.js';
import { PUBLISHED } from './files.js';

const published = PUBLISHED.find(({ rolling }) => rolling !== undefined)?.rolling;
if (published === undefined) throw new Error('no rolling digests');

function uint64(value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

const { trees } = published;
const leaves = Array.from({ length: trees }, (_, i) => hashLeaf(Uint8Array.from(uint64(i))));
const ENGINES: readonly TreeHasher[] = [
  createTypeScriptHasher(),
  createWasmHasher(),
  createWasmHasher({ simd: 'off' }),
];

describe.each(ENGINES)('over $name', (hasher) => {
  const { store, head } = grow(leaves, { hasher });
  const sizes = Array.from({ length: trees }, (_, i) => i + 1);

  test('all roots', () => {
    const digest = createHash('sha256');
    for (const size of [0, ...sizes]) digest.update(treeRoot(flat(leaves.slice(0, size)), { hasher }));
    expect(digest.digest('hex')).toBe(published.roots);
  });

  test('all inclusion proofs, each verified', () => {
    const digest = createHash('sha256');
    for (const treeSize of sizes) {
      for (let index = 0; index < treeSize; index++) {
        const plan = planInclusion({ treeSize, index });
        const proof = assembleInclusion(plan, store.fetch(plan.nodes), { hasher });
        verifyInclusion(head(treeSize), { index, leafHash: leaves[index] as Uint8Array, proof }, { hasher });
        digest.update(uint64(treeSize)).update(uint64(index)).update(uint64(proof.length));
        for (const hash of proof) digest.update(hash);
      }
    }
    expect(digest.digest('hex')).toBe(published.inclusion);
  });

  test('all consistency proofs, each verified', () => {
    const digest = createHash('sha256');
    for (const newerSize of sizes) {
      for (let olderSize = 1; olderSize <= newerSize; olderSize++) {
        const plan = planConsistency({ olderSize, newerSize });
        const proof = assembleConsistency(plan, store.fetch(plan.nodes), { hasher });
        verifyConsistency(head(olderSize), head(newerSize), proof, { hasher });
        digest.update(uint64(olderSize)).update(uint64(newerSize)).update(uint64(proof.length));
        for (const hash of proof) digest.update(hash);
      }
    }
    expect(digest.digest('hex')).toBe(published.consistency);
  });
});
