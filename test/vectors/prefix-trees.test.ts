/** The published vectors of prefix trees that need a node store, over every engine and every size of page. */
import { createHash } from 'node:crypto';
import { createTypeScriptHasher, type TreeHasher } from 'contact-key-verification/log.js';
import {
  createPrefixTree,
  evaluatePrefixUpdate,
  type PrefixTreeHead,
  verifyPrefixProof,
} from 'contact-key-verification/prefix.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import { describe, expect, test } from 'vitest';
import { encodeProof } from '../reference/prefix-tree.js';
import { PUBLISHED } from './files.js';
import { STORED_PREFIX_JUDGES } from './library-prefix.js';

const published = PUBLISHED.find(({ file }) => file === 'prefix-trees');
const rolling = published?.rollingPrefix;
if (published === undefined || rolling === undefined) throw new Error('no vectors of prefix trees');

const ENGINES: readonly TreeHasher[] = [
  createTypeScriptHasher(),
  createWasmHasher(),
  createWasmHasher({ simd: 'off' }),
];
const WAYS = ENGINES.flatMap((hasher) => [1, 2, 4, 5].map((levelsPerPage) => ({ hasher, levelsPerPage })));

describe.each(WAYS)('over $hasher.name, $levelsPerPage levels in a page', (options) => {
  const cases = <Case extends { structure: string }>(all: readonly Case[]): Case[] =>
    all.filter(({ structure }) => STORED_PREFIX_JUDGES[structure] !== undefined);
  const judge = (structure: string) =>
    STORED_PREFIX_JUDGES[structure] as (typeof STORED_PREFIX_JUDGES)[string];

  test.each(cases(published.valid))('$structure: $name', async ({ structure, input, output }) => {
    expect(await judge(structure)(input, options)).toEqual(output);
  });

  test.each(cases(published.invalid))('$structure refuses: $name', async ({ structure, input, code }) => {
    await expect(judge(structure)(input, options)).rejects.toMatchObject({ code });
  });
});

function entry(name: string, i: number): Uint8Array {
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(i));
  return new Uint8Array(createHash('sha256').update(name).update(number).digest());
}

const { trees } = rolling;
const leaves = Array.from({ length: trees + 1 }, (_, i) => ({
  vrfOutput: entry('key', i),
  commitment: entry('commitment', i),
}));
const keys = leaves.map(({ vrfOutput }) => vrfOutput);

describe.each(ENGINES)('the rolling digests over $name', (hasher) => {
  test('roots, proofs of every key, batches, and what an auditor computes', async () => {
    const tree = createPrefixTree({ hasher });
    const roots = createHash('sha256').update(new Uint8Array(32));
    const [proofs, batches, removals] = ['proofs', 'batches', 'removals'].map(() => createHash('sha256'));
    let head: PrefixTreeHead | undefined;
    for (let size = 0; size <= trees; size++) {
      // A tree of the engine that is not asked about would take its time for nothing new.
      for (const key of keys.slice(0, size + 1)) {
        proofs?.update(encodeProof((await tree.prove(head, [key])).proof));
      }
      const batch = keys.slice(Math.max(0, size - 39), size + 1).reverse();
      const { proof, commitments } = await tree.prove(head, batch);
      batches?.update(encodeProof(proof));
      const searches = batch.map((vrfOutput, i) => ({ vrfOutput, commitment: commitments[i] }));
      const found = verifyPrefixProof(head?.root ?? new Uint8Array(32), searches, proof, { hasher });
      expect(found.map(({ commitment }) => commitment)).toEqual(commitments);
      if (size === trees) break;
      const added = [leaves[size] as (typeof leaves)[number]];
      const next = await tree.update(head, { position: size, added });
      const { proof: updateProof } = await tree.prove(head, [keys[size] as Uint8Array]);
      const audited = evaluatePrefixUpdate({ added, removed: [], proof: updateProof }, { hasher });
      expect(audited).toEqual({ before: head?.root ?? new Uint8Array(32), after: next.root });
      head = next;
      roots.update(head.root);
    }
    for (const [i, key] of keys.slice(0, trees).entries()) {
      head = await tree.update(head, { position: trees + i, removed: [key] });
      removals?.update(head.root);
    }
    const digests = [roots, proofs, batches, removals].map((digest) => digest?.digest('hex'));
    expect(digests).toEqual([rolling.roots, rolling.proofs, rolling.batches, rolling.removals]);
  });
});
