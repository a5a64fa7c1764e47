/**
 * The draft's worked example ("CombinedTreeProof Implementation", "Worked Example"), put together by hand: every
 * element of the proof stands where its text says, and the engine records and reads exactly that.
 */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { evaluatePrefixProof } from '../../src/prefix/evaluate.js';
import { evaluateProof } from '../../src/transparency/verifier/received-proof.js';
import { recordProof } from '../../src/transparency/operator/recorded-proof.js';
import { walkGreatestVersion } from '../../src/transparency/walks/greatest-version-search.js';
import { type History, historyOf, storedLabel, storedLog, worldOf } from './engine-world.js';

const sha256 = (...parts: readonly (Uint8Array | number)[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(typeof part === 'number' ? Uint8Array.of(part) : part);
  return new Uint8Array(hash.digest());
};
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

/** T_0 to T_12: T_12 - T_7 reaches the window, T_12 - T_11 does not. */
const TIMES = [100, 101, 102, 103, 104, 105, 106, 107, 112, 114, 115, 118, 127];
const WINDOW = 20;
/** Versions 0, 1 and 2 come with entries 2, 5 and 9. */
const GREATEST = [-1, -1, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2];

/** The log tree over 13 entries, node by node. */
function logTree(leaves: readonly Uint8Array[]) {
  const leaf = (i: number): Uint8Array => leaves[i] as Uint8Array;
  const pair = (i: number): Uint8Array => sha256(0x00, leaf(i), 0x00, leaf(i + 1));
  const four = (i: number): Uint8Array => sha256(0x01, pair(i), 0x01, pair(i + 2));
  const eight = sha256(0x01, four(0), 0x01, four(4));
  const root = sha256(0x01, eight, 0x01, sha256(0x01, four(8), 0x00, leaf(12)));
  return { leaf, pair, four, eight, root };
}

function exampleOf(history: History) {
  const world = worldOf(history, (position) => TIMES[position] as number);
  const prefixRoots = history.entries.map(({ head }) => head.root);
  const leaves = prefixRoots.map((root, i) => {
    const timestamp = new Uint8Array(8);
    timestamp[7] = TIMES[i] as number;
    return sha256(timestamp, root);
  });
  const retained = {
    treeSize: 4,
    fullSubtrees: [logTree(leaves).four(0)],
    frontier: [{ position: 3, timestampMs: 103, prefixTree: prefixRoots[3] as Uint8Array }],
  };
  const task = {
    treeSize: 13,
    auditorSize: null,
    retained,
    windowMs: WINDOW,
    maximumLifetimeMs: null,
    kind: 'greatest' as const,
    target: 2,
  };
  return { scene: { history, world, task }, prefixRoots, tree: logTree(leaves), retained };
}

test('thirteen entries, four of them seen before, version 2', async () => {
  const history = await historyOf('worked example', GREATEST);
  const { scene, prefixRoots, tree, retained } = exampleOf(history);
  const walk = () => walkGreatestVersion(13, WINDOW, 2);
  const { proof, result } = await recordProof(
    { treeSize: 13, advertisedSize: 4 },
    storedLog(scene),
    storedLabel(scene),
    walk(),
  );

  // "timestamps = [T_7, T_11, T_12]"
  expect(proof.timestampsMs).toEqual([107, 118, 127]);
  // "inclusion of version 0, inclusion of version 1, non-inclusion of version 3, and inclusion of version 2"
  const [first, second, ...more] = proof.prefixProofs;
  const kinds = (results: NonNullable<typeof first>['results']): boolean[] =>
    results.map(({ resultType }) => resultType === 'inclusion');
  expect(kinds(first?.results ?? [])).toEqual([true, true, false, true]);
  expect(hex(evaluatePrefixProof([0, 1, 3, 2].map(history.keyOf), first as NonNullable<typeof first>))).toBe(
    hex(prefixRoots[11]),
  );
  // "a single result: non-inclusion of version 3"
  expect(kinds(second?.results ?? [])).toEqual([false]);
  expect(hex(evaluatePrefixProof([history.keyOf(3)], second as NonNullable<typeof second>))).toBe(
    hex(prefixRoots[12]),
  );
  expect(more).toEqual([]);
  // "exactly one element: the prefix tree root hash of entry 7"
  expect(proof.prefixRoots.map(hex)).toEqual([hex(prefixRoots[7])]);
  // "the head value of the subtree with leaves 4 and 5, the value of leaf 6, the head value of the subtree with leaves
  // 8 and 9, and the value of leaf 10"
  expect(proof.inclusion.elements.map(hex)).toEqual(
    [tree.pair(4), tree.leaf(6), tree.pair(8), tree.leaf(10)].map(hex),
  );
  expect(result).toEqual({ terminal: 11, rightmostDistinguished: 11 });

  const versions = new Map([0, 1, 3, 2].map((version) => [version, history.keyOf(version)]));
  const read = evaluateProof({ treeSize: 13, view: retained, versions, proof }, walk());
  expect(read.result).toEqual(result);
  expect(hex(read.root)).toBe(hex(tree.root));
  expect(read.auditorRoot).toBeUndefined();
  // "the head values of the full subtrees of the new tree (leaves 0 through 7, leaves 8 through 11, and leaf 12) …
  // along with the log entries on the new frontier"
  expect(read.view.treeSize).toBe(13);
  expect(read.view.fullSubtrees.map(hex)).toEqual([tree.eight, tree.four(8), tree.leaf(12)].map(hex));
  expect(read.view.frontier.map(({ prefixTree, ...entry }) => [entry, hex(prefixTree)])).toEqual([
    [{ position: 7, timestampMs: 107 }, hex(prefixRoots[7])],
    [{ position: 11, timestampMs: 118 }, hex(prefixRoots[11])],
    [{ position: 12, timestampMs: 127 }, hex(prefixRoots[12])],
  ]);
});
