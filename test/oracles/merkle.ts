/**
 * Trees against an independent transcription of RFC 9162: roots of every size up to 300 by every engine, and
 * inclusion proofs of every leaf of the small ones, exchanged both ways.
 */

import { randomBytes } from 'node:crypto';
import {
  assembleInclusion,
  createTreeBuilder,
  createTypeScriptHasher,
  hashLeaf,
  planInclusion,
  type TreeHasher,
  treeRoot,
  verifyInclusion,
} from 'contact-key-verification/log.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import type { Ledger, Oracle } from './ledger.js';
import { load, versionOf } from './third-party.js';

interface Rfc9162 {
  readonly RFC9162: {
    MTH(entries: readonly Uint8Array[]): Promise<Uint8Array>;
    PATH(index: number, entries: readonly Uint8Array[]): Promise<readonly Uint8Array[]>;
    verifyInclusionProof(
      root: Uint8Array,
      leafHash: Uint8Array,
      proof: { tree_size: number; leaf_index: number; inclusion_path: readonly Uint8Array[]; log_id: string },
    ): Promise<boolean>;
  };
}

const NAME = '@transmute/rfc9162';
const SIZE_MAX = 300;
const PROOF_SIZE_MAX = 40;
const ENGINES = 3;
const CASES_PER_ROOT = ENGINES + 1;
const CASES_PER_PROOF = 4;

export const merkleTrees: Oracle = {
  name: 'trees of RFC 6962',
  expected: (SIZE_MAX + 1) * CASES_PER_ROOT + ((PROOF_SIZE_MAX * (PROOF_SIZE_MAX + 1)) / 2) * CASES_PER_PROOF,
  async run(ledger) {
    const { RFC9162 } = unwrap(await load<Rfc9162 | { default: Rfc9162 }>(NAME));
    const engines = [createTypeScriptHasher(), createWasmHasher(), createWasmHasher({ simd: 'off' })];
    // Entries of all lengths, none and more than a block of SHA-256 included.
    const entries = Array.from({ length: SIZE_MAX }, (_, i) => new Uint8Array(randomBytes(i % 150)));
    for (let size = 0; size <= SIZE_MAX; size++) {
      const root = await RFC9162.MTH(entries.slice(0, size));
      compareRoots(ledger, engines, entries.slice(0, size), root);
      if (size >= 1 && size <= PROOF_SIZE_MAX) {
        await compareProofs(ledger, RFC9162, entries.slice(0, size), root);
      }
    }
    return versionOf(NAME);
  },
};

/** A CommonJS package arrives under `default`, under one runtime or another. */
function unwrap(loaded: Rfc9162 | { default: Rfc9162 }): Rfc9162 {
  return 'RFC9162' in loaded ? loaded : loaded.default;
}

function compareRoots(
  ledger: Ledger,
  engines: readonly TreeHasher[],
  entries: readonly Uint8Array[],
  root: Uint8Array,
): void {
  const leafHashes = new Uint8Array(Buffer.concat(entries.map((entry) => hashLeaf(entry))));
  for (const hasher of engines) {
    ledger.same(`root of ${entries.length}, ${hasher.name}`, treeRoot(leafHashes, { hasher }), root);
  }
  const builder = createTreeBuilder();
  for (let i = 0; i < leafHashes.length; i += 32) builder.append(leafHashes.subarray(i, i + 32));
  ledger.same(`root of ${entries.length}, leaf by leaf`, builder.root(), root);
}

async function compareProofs(
  ledger: Ledger,
  theirs: Rfc9162['RFC9162'],
  entries: readonly Uint8Array[],
  root: Uint8Array,
): Promise<void> {
  const treeSize = entries.length;
  const subtreeRoot = ({ level, index }: { level: number; index: number }): Uint8Array => {
    const leaves = entries.slice(index * 2 ** level, (index + 1) * 2 ** level);
    return treeRoot(new Uint8Array(Buffer.concat(leaves.map((entry) => hashLeaf(entry)))));
  };
  for (const [index, entry] of entries.entries()) {
    const what = `leaf ${index} of ${treeSize}`;
    const leafHash = hashLeaf(entry);
    const plan = planInclusion({ treeSize, index });
    const proof = assembleInclusion(plan, plan.nodes.map(subtreeRoot));
    const path = await theirs.PATH(index, entries);
    ledger.same(`proof, ${what}`, Buffer.concat(proof), Buffer.concat(path));
    ledger.holds(`we verify, ${what}`, verifies({ treeSize, root }, { index, leafHash, proof: path }));
    const claim = { tree_size: treeSize, leaf_index: index, log_id: '', inclusion_path: proof };
    ledger.holds(`they verify, ${what}`, await theirs.verifyInclusionProof(root, leafHash, claim));
    const other = hashLeaf(Uint8Array.of(...entry, 0));
    const refused = !verifies({ treeSize, root }, { index, leafHash: other, proof: path });
    ledger.holds(
      `another leaf, ${what}`,
      refused && !(await theirs.verifyInclusionProof(root, other, claim)),
    );
  }
}

function verifies(...[head, claim]: Parameters<typeof verifyInclusion>): boolean {
  try {
    verifyInclusion(head, claim);
    return true;
  } catch {
    return false;
  }
}
