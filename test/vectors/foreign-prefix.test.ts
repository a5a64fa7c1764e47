/**
 * Prefix trees as others make them: the vectors of OR13/kt, made with katie, and katie's recorded logs. Where katie
 * and the draft, or our reading of it, differ, the case stands here by name.
 */
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
import { expect, test } from 'vitest';
import { encodeProof } from '../reference/prefix-tree.js';
import { checkCorpus, fromHex } from '../support/foreign.js';
import { readAnswer, type RecordedLog, recordedLeaf } from '../support/keytrans-recording.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

interface ForeignLeaf {
  readonly vrf_output: string;
  readonly commitment: string;
}
interface ForeignResult {
  readonly result_type: number;
  readonly depth: number;
  readonly leaf?: ForeignLeaf;
}
interface ForeignProof {
  readonly results: readonly ForeignResult[];
  readonly elements: readonly string[];
  readonly proof: string;
}

const leafOf = ({ vrf_output, commitment }: ForeignLeaf): PrefixLeaf => ({
  vrfOutput: fromHex(vrf_output),
  commitment: fromHex(commitment),
});

function resultOf({ result_type, depth, leaf }: ForeignResult): PrefixSearchResult {
  if (leaf !== undefined) return { resultType: 'nonInclusionLeaf', leaf: leafOf(leaf), depth };
  return { resultType: result_type === 1 ? 'inclusion' : 'nonInclusionParent', depth };
}

const proofOf = ({ results, elements }: ForeignProof): PrefixProof => ({
  results: results.map(resultOf),
  elements: elements.map(fromHex),
});

interface TreeCases {
  readonly cases: readonly {
    readonly name: string;
    readonly input: { readonly entries: readonly ForeignLeaf[]; readonly searches: readonly string[] };
    readonly expect: ForeignProof & {
      readonly root: string;
      readonly commitments: readonly (string | null)[];
    };
  }[];
}

test('OR13/kt, prefix-tree.json', () =>
  checkCorpus('keytrans/or13-kt', 11, async (files, runCase) => {
    for (const { name, input, expect: wanted } of files.json<TreeCases>('prefix-tree.json').cases) {
      await runCase(name, async () => {
        const tree = createPrefixTree();
        const head = await tree.update(undefined, { position: 0, added: input.entries.map(leafOf) });
        const keys = input.searches.map(fromHex);
        const { proof, commitments } = await tree.prove(head, keys);
        expect(hex(head.root)).toBe(wanted.root);
        expect(hex(encodeProof(proof))).toBe(wanted.proof);
        expect(commitments.map((one) => (one === undefined ? '' : hex(one)))).toEqual(
          wanted.commitments.map((one) => one ?? ''),
        );
        const searches = keys.map((vrfOutput, i) => ({ vrfOutput, commitment: commitments[i] }));
        expect(hex(evaluatePrefixProof(searches, proofOf(wanted)))).toBe(wanted.root);
      });
    }
  }));

interface MutationCases {
  readonly cases: readonly {
    readonly name: string;
    readonly input: Readonly<Record<'entries' | 'add' | 'remove', readonly ForeignLeaf[]>>;
    readonly expect: ForeignProof & {
      readonly before: string;
      readonly after: string;
      readonly peer_after?: string;
      readonly peer_error?: string;
    };
  }[];
}

/**
 * Where the root after a removal is not that of katie's tree, which moves a leaf up when its sibling goes. The draft
 * describes no such move ("Prefix Tree" under "Tree Construction" knows additions only), and an auditor could not
 * follow it: "With `proof` and the `PrefixLeaf` structures in `added` and `removed`, compute the new root value of the
 * prefix tree" ("Auditing", step 7), but an element of the proof does not say whether it is a leaf. What katie's own
 * auditor computes is what we compute.
 */
const MOVED_BY_KATIE = new Set(['remove-beside-a-leaf']);

/**
 * Where katie's auditor leaves a root without children, and katie's tree and we have none: "A *node* is either a *leaf*
 * if it has no children, or a *parent* if it has either a *left child* or a *right child*" ("Terminology").
 */
const LEFT_BY_ITS_AUDITOR = new Set(['remove-every-leaf']);

/**
 * What katie's auditor refuses and the draft allows: "a VRF output in `added` is also allowed to be in `removed`"
 * ("Auditing", step 2).
 */
const REFUSED_BY_KATIE = new Set(['replace-in-place']);

test('OR13/kt, prefix-mutation.json', () =>
  checkCorpus('keytrans/or13-kt', 8, async (files, runCase) => {
    const deviations: string[] = [];
    for (const { name, input, expect: wanted } of files.json<MutationCases>('prefix-mutation.json').cases) {
      await runCase(name, async () => {
        const [added, removed] = [input.add.map(leafOf), input.remove.map(leafOf)];
        const { before, after } = evaluatePrefixUpdate({ added, removed, proof: proofOf(wanted) });
        expect(hex(before)).toBe(wanted.before);
        expect(hex(after)).toBe(MOVED_BY_KATIE.has(name) ? wanted.peer_after : wanted.after);
        if (hex(after) !== wanted.after) deviations.push(name);
        expect(wanted.peer_error !== undefined).toBe(REFUSED_BY_KATIE.has(name));
        const isOurs = wanted.peer_after === hex(after);
        expect(isOurs).toBe(!LEFT_BY_ITS_AUDITOR.has(name) && !REFUSED_BY_KATIE.has(name));

        // The operator's tree agrees with the auditor's, and proves with the same bytes.
        const tree = createPrefixTree();
        const old = await tree.update(undefined, { position: 0, added: input.entries.map(leafOf) });
        const keys = [...added, ...removed].map(({ vrfOutput }) => vrfOutput);
        expect(hex(encodeProof((await tree.prove(old, keys)).proof))).toBe(wanted.proof);
        const removedKeys = removed.map(({ vrfOutput }) => vrfOutput);
        const changed = await tree.update(old, { position: 1, added, removed: removedKeys });
        expect([old, changed].map(({ root }) => hex(root))).toEqual([wanted.before, hex(after)]);
      });
    }
    console.info(
      `OR13/kt, prefix-mutation.json: the draft's root instead of katie's in ${deviations.join(', ')}`,
    );
    expect(deviations.sort()).toEqual([...MOVED_BY_KATIE].sort());
  }));

test('katie’s recorded logs: prefix roots, before and after each entry', () =>
  checkCorpus('keytrans', 42, async (files, runCase) => {
    for (const log of files.json<{ worlds: RecordedLog[] }>('katie-00da525.json').worlds) {
      const tree = createPrefixTree();
      let head: PrefixTreeHead | undefined;
      for (const [position, entry] of log.entries.entries()) {
        await runCase(`${log.name} ${position}`, async () => {
          const added = entry.added
            .map(recordedLeaf)
            .sort((a, b) => Buffer.compare(a.vrfOutput, b.vrfOutput));
          const { proof } = await tree.prove(
            head,
            added.map(({ vrfOutput }) => vrfOutput),
          );
          const before = hex(head?.root ?? new Uint8Array(32));
          head = await tree.update(head, { position, added });
          expect(hex(head.root)).toBe(entry.prefix_root);
          const roots = evaluatePrefixUpdate({ added, removed: [], proof });
          expect([roots.before, roots.after].map(hex)).toEqual([before, entry.prefix_root]);
        });
      }
    }
  }));

/** Every choice of so many of a list, in its order. */
function* choices<T>(all: readonly T[], count: number): Generator<T[]> {
  if (count === 0) yield [];
  for (const [i, first] of all.entries()) {
    if (count === 0 || all.length - i < count) return;
    for (const rest of choices(all.slice(i + 1), count - 1)) yield [first, ...rest];
  }
}

// Which versions a proof looks up, and in which entry, only the walk over the log says; here it is found by trying,
// as only the right ones lead to a recorded root.
test('katie’s recorded logs: every prefix proof in an answer to a search', () =>
  checkCorpus('keytrans', 382, async (files, runCase) => {
    for (const log of files.json<{ worlds: RecordedLog[] }>('katie-00da525.json').worlds) {
      const commitments = new Map<string, Uint8Array>();
      const positions = new Map<string, number>();
      const heads: PrefixTreeHead[] = [];
      const tree = createPrefixTree();
      for (const [position, { added, prefix_root }] of log.entries.entries()) {
        const leaves = added.map(recordedLeaf);
        heads.push(await tree.update(heads.at(-1), { position, added: leaves }));
        for (const leaf of leaves) commitments.set(hex(leaf.vrfOutput), leaf.commitment);
        positions.set(prefix_root, position);
      }
      for (const [i, { op, request, response, counts }] of log.operations.entries()) {
        if (op !== 'search') continue;
        const { ladder, proofs } = readAnswer(log, request, response);
        expect(proofs.length).toBe(counts.prefix_proofs);
        for (const [j, { proof, encoded }] of proofs.entries()) {
          await runCase(`${log.name} operation ${i} proof ${j}`, async () => {
            const found = [...choices(ladder, proof.results.length)].flatMap((keys) => {
              const searches = keys.map((vrfOutput) => ({
                vrfOutput,
                commitment: commitments.get(hex(vrfOutput)),
              }));
              const position = positionOf(() => hex(evaluatePrefixProof(searches, proof)), positions);
              return position === undefined
                ? []
                : [{ keys, searches, head: heads[position] as PrefixTreeHead }];
            });
            expect(found.length).toBe(1);
            const [{ keys, searches, head }] = found as [(typeof found)[number]];
            verifyPrefixProof(head.root, searches, proof);
            expect(hex(encodeProof((await tree.prove(head, keys)).proof))).toBe(encoded);
          });
        }
      }
    }
  }));

function positionOf(evaluate: () => string, positions: ReadonlyMap<string, number>): number | undefined {
  try {
    return positions.get(evaluate());
  } catch {
    return undefined;
  }
}
