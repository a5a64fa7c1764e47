/** Searches at the ends of what versions, positions and sizes can be; and views of a tree that nobody can have kept. */
import { beforeAll, describe, expect, test } from 'vitest';
import { evaluateProof, type ReceivedProof } from '../../src/transparency/verifier/received-proof.js';
import { recordProof, type StoredLog } from '../../src/transparency/operator/recorded-proof.js';
import type { TreeView } from '../../src/transparency/verifier/tree-view.js';
import { answerSearch, retainedAt } from '../reference/keytrans-answers.js';
import { KeytransLog, leafValue, logEntry } from '../reference/keytrans-log.js';
import { monitoringBinaryLadder } from '../reference/keytrans-order.js';
import type { Combined, SearchTask } from '../reference/keytrans-searches.js';
import { codeOf } from '../support/accounts.js';
import { found, hex, sceneIn, searchIn } from './engine-search.js';
import {
  foundOf,
  type History,
  historyOf,
  receivedOf,
  requestOf,
  type Scene,
  walkOf,
} from './engine-world.js';

const LAST = 2 ** 32 - 1;

describe('versions up to 2^32 - 1', () => {
  test.each([2 ** 31 - 1, 2 ** 31, LAST - 1, LAST])('%d is the greatest', async (greatest) => {
    const history = await historyOf(
      `greatest ${greatest}`,
      [-1, greatest, greatest, greatest, greatest],
      monitoringBinaryLadder,
    );
    const times = [1, 2, 3, 4, 5];
    for (const kind of ['greatest', 'fixed'] as const) {
      const scene = sceneIn(history, { times, windowMs: 3, kind, target: greatest });
      expect(await searchIn(scene)).toEqual(found(3, 3));
    }
  });

  test('the last version is above the one before', async () => {
    const both = [...new Set([LAST, LAST - 1].flatMap(monitoringBinaryLadder))];
    const history = await historyOf('last', [-1, LAST - 1, LAST, LAST], (upTo) =>
      both.filter((version) => version <= upTo),
    );
    const times = [1, 2, 3, 4];
    expect(await searchIn(sceneIn(history, { times, target: LAST - 1 }))).toEqual(found(1, 3));
    expect(await searchIn(sceneIn(history, { times, target: LAST }))).toEqual(found(3, 3));
  });

  test('a version above is the program’s mistake', async () => {
    const history = await historyOf('none', [-1]);
    for (const kind of ['greatest', 'fixed'] as const) {
      const scene = sceneIn(history, { times: [1], target: 0, kind });
      const asked = walkOf({ ...scene.task, target: LAST + 1 });
      const proof = { timestampsMs: [1], prefixProofs: [], prefixRoots: [], inclusion: { elements: [] } };
      const one = { ...proof, prefixProofs: [{ results: [], elements: [new Uint8Array(32)] }] };
      expect(codeOf(() => evaluateProof(receivedOf(scene, one), asked))).toBe('ERR_ARGUMENT_RANGE');
    }
  });
});

// ------------------------------------------------------------------------------------- sizes

describe('sizes', () => {
  let history: History;
  beforeAll(async () => {
    history = await historyOf('sizes', [0, 0, 1, 1, 1, 2, 2]);
  });
  const times = [1, 2, 3, 4, 5, 6, 7];

  test('positions up to 2^53 - 2', async () => {
    const { head, tree } = history.entries[6] as History['entries'][number];
    const [treeSize, timestampMs] = [2 ** 53 - 1, 9];
    const log = new KeytransLog(() => leafValue(logEntry(timestampMs, head.root)), true);
    const world = { entries: [], keyOf: history.keyOf };
    const stored: StoredLog = {
      entry: async () => ({ timestampMs, prefixTree: head }),
      nodes: async (ids) => ids.map(({ level }) => log.root(2 ** level)),
      prefixTree: history.prefixTree,
    };
    for (const advertisedSize of [undefined, 2 ** 52 - 1, 2 ** 32 + 5, treeSize]) {
      const task: SearchTask = {
        treeSize,
        auditorSize: 2 ** 40 + 3,
        retained: null,
        windowMs: 10,
        maximumLifetimeMs: null,
        kind: 'greatest',
        target: 2,
      };
      const label = {
        holds: (_: number, version: number) => version <= 2,
        vrfOutput: (version: number) => history.keyOf(version).vrfOutput,
      };
      const { proof, result } = await recordProof(
        { ...requestOf(task), advertisedSize },
        stored,
        label,
        walkOf(task),
      );
      const view: TreeView | undefined =
        advertisedSize === undefined
          ? undefined
          : {
              treeSize: advertisedSize,
              fullSubtrees: log.fullSubtrees(advertisedSize),
              frontier: retainedPositions(advertisedSize).map((position) => ({
                position,
                timestampMs,
                prefixTree: head.root,
              })),
            };
      const received = { ...receivedOf({ history, world, task }, proof as Combined), view };
      const read = evaluateProof(received, walkOf(task));
      expect(read.result).toEqual(result);
      expect(foundOf(read.result)).toEqual(found(2 ** 52 - 1, null));
      expect(hex(read.root)).toBe(hex(log.root(treeSize)));
      expect(hex(read.auditorRoot as Uint8Array)).toBe(hex(log.root(2 ** 40 + 3)));
    }
    expect(tree).toBeDefined();
  });

  test('a tree of one entry, and the same tree again', async () => {
    const one = sceneIn(history, { times: [1], target: 0, kind: 'greatest', windowMs: 2 });
    expect(await searchIn(one)).toEqual(found(0, null));
    const again = sceneIn(history, { times: [1], target: 0, kind: 'greatest', lastSize: 1 });
    expect(await searchIn(again)).toEqual(found(0, 0));
    const { proof } = answerSearch(again.world, again.task);
    expect(proof.timestampsMs).toEqual([]);
    expect(proof.prefixRoots).toEqual([]);
    expect(proof.inclusion.elements).toEqual([]);
  });

  const scene = (): Scene => sceneIn(history, { times, target: 2, kind: 'greatest', lastSize: 5 });
  const received = (change: Partial<ReceivedProof>): string => {
    const one = scene();
    const { proof } = answerSearch(one.world, one.task);
    return codeOf(() => evaluateProof({ ...receivedOf(one, proof), ...change }, walkOf(one.task)));
  };

  test('a log of no entries proves nothing', () => {
    expect(received({ treeSize: 0, view: undefined })).toBe('ERR_HEAD_EMPTY');
  });
  test('a tree does not shrink', () => {
    const { world } = scene();
    expect(received({ treeSize: 4 })).toBe('ERR_HEAD_ORDER');
    expect(received({ treeSize: 6, view: retainedAt(world, 7) })).toBe('ERR_HEAD_ORDER');
  });
  test('an auditor has seen no more than the log, and something', () => {
    expect(received({ auditorSize: 8 })).toBe('ERR_HEAD_ORDER');
    expect(received({ auditorSize: 0 })).toBe('ERR_HEAD_EMPTY');
  });
  test('a proof for another size is none for this one', () => {
    expect(received({ treeSize: 6 })).toBe('ERR_INDEX_RANGE');
    expect(received({ view: undefined })).toBe('ERR_PROOF_TIMESTAMPS');
  });

  test.each<[string, (view: TreeView) => unknown]>([
    ['no size', (view) => ({ ...view, treeSize: 0 })],
    ['a size that is no integer', (view) => ({ ...view, treeSize: 4.5 })],
    ['another size', (view) => ({ ...view, treeSize: 6 })],
    ['a missing log entry', (view) => ({ ...view, frontier: view.frontier.slice(1) })],
    ['the last log entry is missing', (view) => ({ ...view, frontier: view.frontier.slice(0, -1) })],
    ['a log entry more', (view) => ({ ...view, frontier: [...view.frontier, view.frontier[1]] })],
    ['a log entry that is not on the frontier', (view) => changed(view, 0, { position: 2 })],
    ['timestamps that decrease', (view) => changed(view, 1, { timestampMs: 3 })],
    ['a timestamp below 0', (view) => changed(view, 0, { timestampMs: -1 })],
    ['a timestamp that is no integer', (view) => changed(view, 0, { timestampMs: 3.5 })],
    ['a prefix root of 31 bytes', (view) => changed(view, 0, { prefixTree: new Uint8Array(31) })],
    ['no full subtrees', (view) => ({ ...view, fullSubtrees: [] })],
  ])('a damaged view: %s', (_, damage) => {
    const view = retainedAt(scene().world, 5);
    expect(received({ view: damage(view) as TreeView })).toBe('ERR_STORED_STATE');
  });
});

const retainedPositions = (size: number): number[] => {
  const positions: number[] = [];
  let sum = 0;
  for (let power = 2 ** 52; power >= 1; power /= 2) {
    if (Math.floor(size / power) % 2 === 1) positions.push((sum += power) - 1);
  }
  return positions;
};

const changed = (view: TreeView, at: number, change: object): TreeView => ({
  ...view,
  frontier: view.frontier.map((entry, i) => (i === at ? { ...entry, ...change } : entry)),
});
