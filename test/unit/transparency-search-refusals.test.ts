/** Each way in which the proof of a search is refused, with its code. */
import { beforeAll, describe, expect, test } from 'vitest';
import { evaluateProof } from '../../src/transparency/verifier/received-proof.js';
import { recordProof } from '../../src/transparency/operator/recorded-proof.js';
import type { TreeView } from '../../src/transparency/verifier/tree-view.js';
import { askSearchLadder, type Walk } from '../../src/transparency/walks/walk.js';
import { answerSearch, logOf } from '../reference/keytrans-answers.js';
import { baseBinaryLadder } from '../reference/keytrans-order.js';
import type { Combined } from '../reference/keytrans-searches.js';
import { codeOf } from '../support/accounts.js';
import { found, hex, sceneIn, searchIn } from './engine-search.js';
import {
  type History,
  historyOf,
  receivedOf,
  requestOf,
  type Scene,
  storedLabel,
  storedLog,
  walkOf,
} from './engine-world.js';

describe('a proof is refused', () => {
  let history: History;
  beforeAll(async () => {
    history = await historyOf('refused', [0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 5, 5, 5]);
  });
  const times = [1, 2, 3, 4, 5, 6, 7, 8, 12, 14, 15, 18, 27];
  const greatest = (): Scene =>
    sceneIn(history, { times, windowMs: 19, target: 5, kind: 'greatest', lastSize: 4 });
  /** Its second look into entry 10 is for version 4 alone: no entry has it as its greatest. */
  const fixed = (): Scene => sceneIn(history, { times, windowMs: 19, target: 4 });

  const refusal = (scene: Scene, damage: (proof: Combined) => Combined): string => {
    const { proof } = answerSearch(scene.world, scene.task);
    return codeOf(() => evaluateProof(receivedOf(scene, damage(proof)), walkOf(scene.task)));
  };
  const HASH = new Uint8Array(32).fill(7);

  test.each<[string, string, (proof: Combined) => Combined]>([
    [
      'a timestamp is missing',
      'ERR_PROOF_TIMESTAMPS',
      (p) => ({ ...p, timestampsMs: p.timestampsMs.slice(0, -1) }),
    ],
    [
      'a timestamp is left over',
      'ERR_PROOF_TIMESTAMPS',
      (p) => ({ ...p, timestampsMs: [...p.timestampsMs, 27] }),
    ],
    [
      'a prefix proof is missing',
      'ERR_PROOF_SEARCHES',
      (p) => ({ ...p, prefixProofs: p.prefixProofs.slice(0, -1) }),
    ],
    [
      'a prefix proof is left over',
      'ERR_PROOF_SEARCHES',
      (p) => ({ ...p, prefixProofs: [...p.prefixProofs, { results: [], elements: [HASH] }] }),
    ],
    ['a prefix root is missing', 'ERR_PROOF_ROOTS', (p) => ({ ...p, prefixRoots: [] })],
    [
      'a prefix root is left over',
      'ERR_PROOF_ROOTS',
      (p) => ({ ...p, prefixRoots: [...p.prefixRoots, HASH] }),
    ],
    [
      'a head is missing',
      'ERR_PROOF_LENGTH',
      (p) => ({ ...p, inclusion: { elements: p.inclusion.elements.slice(1) } }),
    ],
    [
      'a head is left over',
      'ERR_PROOF_LENGTH',
      (p) => ({ ...p, inclusion: { elements: [...p.inclusion.elements, HASH] } }),
    ],
    [
      'a timestamp is below the one kept',
      'ERR_TIMESTAMP_ORDER',
      (p) => ({ ...p, timestampsMs: [3, 18, 27] }),
    ],
    [
      'a timestamp is below the one before',
      'ERR_TIMESTAMP_ORDER',
      (p) => ({ ...p, timestampsMs: [8, 18, 17] }),
    ],
    [
      'a ladder goes on after it is decided',
      'ERR_LADDER_LENGTH',
      (p) =>
        onSearch(p, 0, ({ results, elements }) => ({
          results: [...results, ...results.slice(0, 1)],
          elements,
        })),
    ],
    [
      'a ladder ends too early',
      'ERR_LADDER_LENGTH',
      (p) => onSearch(p, 0, ({ results, elements }) => ({ results: results.slice(0, -1), elements })),
    ],
  ])('%s', (_, code, damage) => {
    expect(refusal(greatest(), damage)).toBe(code);
  });

  test('timestamps may be equal', async () => {
    const same = sceneIn(history, { times: times.map(() => 7), target: 5, kind: 'greatest', lastSize: 4 });
    expect((await searchIn(same)).terminal).toBe(12);
  });

  test('a timestamp to the left of a known one is above it', () => {
    // Without a view, the fixed search asks for entries to the left of the frontier last.
    const scene = sceneIn(history, { times, windowMs: 19, target: 1 });
    const { proof } = answerSearch(scene.world, scene.task);
    expect(proof.timestampsMs.slice(0, 4)).toEqual([8, 18, 27, 4]);
    const late = { ...proof, timestampsMs: [8, 18, 27, 9, ...proof.timestampsMs.slice(4)] };
    expect(refusal(scene, () => late)).toBe('ERR_TIMESTAMP_ORDER');
  });

  test('two looks into one entry lead to two roots', () => {
    const scene = fixed();
    const { proof, found: end } = answerSearch(scene.world, scene.task);
    expect(end).toEqual(found(10, 11));
    const last = proof.prefixProofs.length - 1;
    const twice = onSearch(proof, last, ({ results, elements }) => ({
      results,
      elements: [HASH, ...elements.slice(1)],
    }));
    expect(refusal(scene, () => twice)).toBe('ERR_ENTRY_ROOT');
  });

  test('a look leads to another root than the one kept', () => {
    const scene = sceneIn(history, { times, windowMs: 19, target: 5, kind: 'greatest', lastSize: 13 });
    const other = (p: Combined): Combined =>
      onSearch(p, 0, ({ results, elements }) => ({ results, elements: [HASH, ...elements.slice(1)] }));
    expect(refusal(scene, other)).toBe('ERR_ENTRY_ROOT');
  });

  test('a retained subtree comes out differently', () => {
    const scene = greatest();
    const { retained } = scene.task;
    const view = { ...(retained as TreeView), fullSubtrees: [HASH] };
    const { proof } = answerSearch(scene.world, scene.task);
    // It goes into the root, which is then another one; where leaves under it are proven, it is compared.
    const read = evaluateProof({ ...receivedOf(scene, proof), view }, walkOf(scene.task));
    expect(hex(read.root)).not.toBe(hex(logOf(scene.world).root(13)));
    const below = sceneIn(history, { times, windowMs: 19, target: 0, lastSize: 4 });
    const deep = { ...(below.task.retained as TreeView), fullSubtrees: [HASH] };
    const answer = answerSearch(below.world, below.task);
    expect(
      codeOf(() => evaluateProof({ ...receivedOf(below, answer.proof), view: deep }, walkOf(below.task))),
    ).toBe('ERR_RETAINED_SUBTREE');
  });

  test.each([
    ['a greater one is there', 4],
    ['the last entry lacks it', 6],
  ])('the claimed version is not the greatest: %s', async (_, claimed) => {
    const scene = greatest();
    const task = { ...scene.task, target: claimed };
    // The ladders of the claimed version are as they should be, and say something else.
    function* look(): Walk<void> {
      for (const position of [11, 12]) yield* askSearchLadder(position, claimed, true);
    }
    const { proof } = await recordProof(requestOf(task), storedLog(scene), storedLabel(scene), look());
    const received = receivedOf({ ...scene, task }, proof as Combined);
    expect(codeOf(() => evaluateProof(received, walkOf(task)))).toBe('ERR_GREATEST_VERSION');
  });

  test('a version is there, and nothing says what it is', () => {
    const scene = greatest();
    const { proof } = answerSearch(scene.world, scene.task);
    const received = receivedOf(scene, proof);
    const versions = new Map(received.versions);
    versions.set(5, { vrfOutput: history.keyOf(5).vrfOutput });
    expect(codeOf(() => evaluateProof({ ...received, versions }, walkOf(scene.task)))).toBe(
      'ERR_PREFIX_COMMITMENT',
    );
    versions.delete(5);
    expect(codeOf(() => evaluateProof({ ...received, versions }, walkOf(scene.task)))).toBe(
      'ERR_ARGUMENT_RANGE',
    );
  });

  test('a version is hidden behind its own leaf', () => {
    const scene = greatest();
    const at = baseBinaryLadder(5).indexOf(5);
    const hidden = (p: Combined): Combined =>
      onSearch(p, 0, ({ results, elements }) => ({
        // The ladder ends with what it takes for absent.
        results: results
          .slice(0, at + 1)
          .map((result, i) =>
            i === at
              ? { resultType: 'nonInclusionLeaf' as const, leaf: history.keyOf(5), depth: result.depth }
              : result,
          ),
        elements,
      }));
    expect(refusal(scene, hidden)).toBe('ERR_PREFIX_LEAF_KEY');
  });
});

function onSearch(
  proof: Combined,
  at: number,
  change: (search: Combined['prefixProofs'][number]) => Combined['prefixProofs'][number],
): Combined {
  return { ...proof, prefixProofs: proof.prefixProofs.map((one, i) => (i === at ? change(one) : one)) };
}
