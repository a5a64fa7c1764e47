/** transparency-dev/merkle: inclusion and consistency proofs, most of which must be refused. */

import { hashLeaf, treeRoot, verifyConsistency, verifyInclusion } from 'contact-key-verification/log.js';
import { expect, test } from 'vitest';
import { checkCorpus, fromBase64, fromHex } from '../support/foreign.js';
import { flat, outcome } from '../support/log-tree.js';

/**
 * Where this library deviates, by file, and why.
 *
 * Its heads have 32-byte roots, and heads of no leaves prove nothing and are refused; the corpus has a few cases
 * in which a verifier that takes any bytes accepts.
 */
const DEVIATIONS: Readonly<Record<string, string>> = {
  'testdata/consistency/additional/sizes-are-equal-one-and-proof-is-empty.json':
    'the roots have 12 bytes: refused, since every root here has 32',
};

interface InclusionCase {
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string;
  readonly leafHash: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

interface ConsistencyCase {
  readonly size1: number;
  readonly size2: number;
  readonly root1: string;
  readonly root2: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

const hashes = (proof: readonly string[] | null): Uint8Array[] => (proof ?? []).map(fromBase64);

function expectOutcome(file: string, wantErr: boolean, run: () => unknown): void {
  const accepted = outcome(run) === 'accepted';
  if (file in DEVIATIONS) {
    expect(wantErr).toBe(false);
    expect(accepted).toBe(false);
  } else {
    expect(accepted).toBe(!wantErr);
  }
}

test('transparency-dev/merkle inclusion', () =>
  checkCorpus('transparency-dev-merkle', 98, async (files, runCase) => {
    for (const file of files.files('testdata/inclusion')) {
      await runCase(file, () => {
        const { leafIdx, treeSize, root, leafHash, proof, wantErr } = files.json<InclusionCase>(file);
        const claim = { index: leafIdx, leafHash: fromBase64(leafHash), proof: hashes(proof) };
        expectOutcome(file, wantErr, () => verifyInclusion({ treeSize, root: fromBase64(root) }, claim));
      });
    }
  }));

test('transparency-dev/merkle consistency', () =>
  checkCorpus('transparency-dev-merkle', 98, async (files, runCase) => {
    let deviations = 0;
    for (const file of files.files('testdata/consistency')) {
      await runCase(file, () => {
        const { size1, size2, root1, root2, proof, wantErr } = files.json<ConsistencyCase>(file);
        const older = { treeSize: size1, root: fromBase64(root1) };
        const newer = { treeSize: size2, root: fromBase64(root2) };
        expectOutcome(file, wantErr, () => verifyConsistency(older, newer, hashes(proof)));
      });
      if (file in DEVIATIONS) deviations++;
    }
    expect(deviations).toBe(Object.keys(DEVIATIONS).length);
  }));

test('transparency-dev/merkle reference tree', () =>
  checkCorpus('transparency-dev-merkle', 9, async (files, runCase) => {
    const tree = files.json<{ leaf_inputs_hex: readonly string[]; root_hash_by_size: readonly string[] }>(
      'rfc6962-reference-tree.extracted.json',
    );
    const leaves = tree.leaf_inputs_hex.map((leaf) => hashLeaf(fromHex(leaf)));
    for (const [size, root] of tree.root_hash_by_size.entries()) {
      await runCase(`size ${size}`, () =>
        expect(treeRoot(flat(leaves.slice(0, size)))).toEqual(fromHex(root)),
      );
    }
  }));
