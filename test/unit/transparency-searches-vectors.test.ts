/** The published searches, over every engine. */

import { createHash, type Hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createTypeScriptHasher } from '../../src/hashing/typescript-hasher.js';
import type { TreeHasher } from '../../src/hashing/tree-hasher.js';
import { createPrefixTree, type PrefixTreeHead } from '../../src/prefix/prefix-tree.js';
import { parseConfiguration } from '../../src/transparency/wire/configuration.js';
import { encodeCombinedTreeProof, parseCombinedTreeProof } from '../../src/transparency/wire/proofs.js';
import { type EvaluatedProof, evaluateProof } from '../../src/transparency/verifier/received-proof.js';
import { recordProof } from '../../src/transparency/operator/recorded-proof.js';
import { parseSearchRequest, parseSearchResponse } from '../../src/transparency/wire/search-messages.js';
import type { TreeView } from '../../src/transparency/verifier/tree-view.js';
import { createWasmHasher } from '../../src/wasm.js';
import type { World } from '../reference/keytrans-answers.js';
import type { SearchTask } from '../reference/keytrans-searches.js';
import { insert, type Tree } from '../reference/prefix-tree.js';
import { codeOf } from '../support/accounts.js';
import { byteList, bytes, type Fields, hex, number, PUBLISHED, text } from '../vectors/files.js';
import { type Answer, evaluateAnswer, targetOf, treeSizeOf, verifyHead } from './engine-answer.js';
import {
  foundOf,
  type History,
  type Scene,
  type SearchOutcome,
  storedLabel,
  storedLog,
  walkOf,
  worldOf,
} from './engine-world.js';

const published = PUBLISHED.find(({ file }) => file === 'keytrans-searches');
if (published === undefined) throw new Error('the searches are not published');

const ENGINES: readonly TreeHasher[] = [
  createTypeScriptHasher(),
  createWasmHasher(),
  createWasmHasher({ simd: 'off' }),
];

const orNull = (value: unknown): number | null => (value === null ? null : number(value));

function viewIn(input: Fields): TreeView | undefined {
  if (input['retained'] === null) return undefined;
  const { treeSize, fullSubtrees, frontier } = input['retained'] as Fields;
  return {
    treeSize: number(treeSize),
    fullSubtrees: byteList(fullSubtrees),
    frontier: (frontier as readonly Fields[]).map(({ position, timestampMs, prefixTree }) => ({
      position: number(position),
      timestampMs: number(timestampMs),
      prefixTree: bytes(prefixTree),
    })),
  };
}

function endOf({ result, root, view }: EvaluatedProof<SearchOutcome>): Fields {
  const { outcome: _, ...found } = foundOf(result);
  return {
    ...found,
    root: hex(root),
    fullSubtrees: view.fullSubtrees.map(hex),
    frontier: view.frontier.map(({ prefixTree, ...entry }) => ({ ...entry, prefixTree: hex(prefixTree) })),
  };
}

const JUDGES: Readonly<Record<string, (input: Fields, hasher: TreeHasher) => Fields>> = {
  SearchProof(input, hasher) {
    const task: SearchTask = {
      treeSize: number(input['treeSize']),
      auditorSize: orNull(input['auditorSize']),
      retained: null,
      windowMs: number(input['windowMs']),
      maximumLifetimeMs: orNull(input['maximumLifetimeMs']),
      kind: text(input['kind']) as SearchTask['kind'],
      target: number(input['target']),
    };
    const versions = (input['versions'] as readonly Fields[]).map(
      ({ version, vrfOutput, commitment }) =>
        [
          number(version),
          { vrfOutput: bytes(vrfOutput), commitment: commitment === null ? undefined : bytes(commitment) },
        ] as const,
    );
    const received = {
      treeSize: task.treeSize,
      view: viewIn(input),
      auditorSize: task.auditorSize ?? undefined,
      versions: new Map(versions),
      proof: parseCombinedTreeProof(bytes(input['proof'])),
    };
    // A walk is over a tree of one entry or more; of none, the engine speaks before it is begun.
    const walk = walkOf({ ...task, treeSize: Math.max(1, task.treeSize) });
    const evaluated = evaluateProof(received, walk, { hasher });
    const { auditorRoot } = evaluated;
    return {
      outcome: foundOf(evaluated.result).outcome,
      ...endOf(evaluated),
      auditorRoot: auditorRoot === undefined ? null : hex(auditorRoot),
    };
  },

  SearchAnswer(input, hasher) {
    const configuration = parseConfiguration(bytes(input['configuration']));
    const request = parseSearchRequest(bytes(input['request']));
    const response = parseSearchResponse(bytes(input['response']), configuration, request);
    const answer: Answer = { configuration, request, response, view: viewIn(input) };
    const evaluated = evaluateAnswer(answer, hasher);
    verifyHead(answer, evaluated.root);
    const value = hex(response.value.value);
    return { treeSize: treeSizeOf(answer), version: targetOf(answer), value, ...endOf(evaluated) };
  },
};

const judge = (structure: string, input: Fields, hasher: TreeHasher): Fields => {
  const found = JUDGES[structure];
  if (found === undefined) throw new Error(`nothing judges ${structure}`);
  return found(input, hasher);
};

/** A library's log whose entry i has the timestamp i^2, and brings a version every third. */
async function growing(size: number): Promise<{ readonly history: History; readonly world: World }> {
  const named = (name: string, version: number): Uint8Array => {
    const number64 = Buffer.alloc(8);
    number64.writeBigUInt64BE(BigInt(version));
    return Uint8Array.from(createHash('sha256').update(name).update(number64).digest());
  };
  const keyOf = (version: number) => ({
    vrfOutput: named('key', version),
    commitment: named('commitment', version),
  });
  const prefixTree = createPrefixTree();
  const entries: History['entries'][number][] = [];
  let [head, tree]: [PrefixTreeHead | undefined, Tree] = [undefined, undefined];
  for (let position = 0; position < size; position++) {
    const added = position % 3 === 0 ? [keyOf(position / 3)] : [];
    head = await prefixTree.update(head, { position, added });
    tree = added.reduce<Tree>((before, leaf) => insert(before, leaf), tree);
    entries.push({ head, tree, greatest: Math.floor(position / 3) });
  }
  const history = { entries, prefixTree, keyOf };
  return { history, world: worldOf(history, (position) => position * position) };
}

test('the proofs of searches in all logs are those of the digests', async () => {
  const [digests, ...others] = published.valid.filter(({ structure }) => structure === 'Searches');
  expect(others).toEqual([]);
  const size = number(digests?.input['trees']);
  const { history, world } = await growing(size);
  const made = {
    greatest: createHash('sha256'),
    returning: createHash('sha256'),
    fixed: createHash('sha256'),
  };
  for (let treeSize = 1; treeSize <= size; treeSize++) {
    const task: SearchTask = {
      treeSize,
      auditorSize: null,
      retained: null,
      windowMs: 5 * treeSize,
      maximumLifetimeMs: null,
      kind: 'greatest',
      target: Math.floor((treeSize - 1) / 3),
    };
    const scene: Scene = { history, world, task };
    const add = async (digest: Hash, one: SearchTask, advertisedSize?: number): Promise<void> => {
      const { proof } = await recordProof(
        { treeSize, advertisedSize },
        storedLog(scene),
        storedLabel(scene),
        walkOf(one),
      );
      digest.update(encodeCombinedTreeProof(proof));
    };
    await add(made.greatest, task);
    await add(made.returning, task, treeSize - Math.floor(treeSize / 3));
    await add(made.fixed, { ...task, kind: 'fixed', target: Math.floor(treeSize / 7) });
  }
  expect({
    greatest: made.greatest.digest('hex'),
    returning: made.returning.digest('hex'),
    fixed: made.fixed.digest('hex'),
  }).toEqual(digests?.output);
});

describe.each(ENGINES)('published searches, $name', (hasher) => {
  test.each(published.valid.filter(({ structure }) => structure !== 'Searches'))(
    'accepts: $name',
    ({ structure, input, output }) => {
      expect(judge(structure, input, hasher)).toEqual(output);
    },
  );

  test.each(published.invalid)('refuses: $name', ({ structure, input, code }) => {
    expect(codeOf(() => judge(structure, input, hasher))).toBe(code);
  });
});
