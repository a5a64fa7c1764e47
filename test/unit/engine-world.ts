/**
 * Logs to search in: histories of one label among others, whose prefix trees both the library and the reference
 * hold; and times, windows and sizes over them, as fast-check draws them.
 */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { createPrefixTree, type PrefixTree, type PrefixTreeHead } from '../../src/prefix/prefix-tree.js';
import type { PrefixLeaf } from '../../src/prefix/proof.js';
import { walkFixedVersion } from '../../src/transparency/walks/fixed-version-search.js';
import { walkGreatestVersion } from '../../src/transparency/walks/greatest-version-search.js';
import type { ReceivedProof } from '../../src/transparency/verifier/received-proof.js';
import type { ProofRequest, StoredLabel, StoredLog } from '../../src/transparency/operator/recorded-proof.js';
import type { Walk } from '../../src/transparency/walks/walk.js';
import { type World, logOf, retainedAt } from '../reference/keytrans-answers.js';
import { baseBinaryLadder } from '../reference/keytrans-order.js';
import type { Combined, Found, SearchTask, VersionKey } from '../reference/keytrans-searches.js';
import { insert, type Tree } from '../reference/prefix-tree.js';

/** The life of a label in a log, without times. */
export interface History {
  readonly entries: readonly {
    readonly tree: Tree;
    readonly head: PrefixTreeHead;
    readonly greatest: number;
  }[];
  readonly prefixTree: PrefixTree;
  keyOf(version: number): PrefixLeaf;
}

const named = (name: string): Uint8Array => new Uint8Array(createHash('sha256').update(name).digest());

/**
 * @param greatest the greatest version of the label at each log entry, ascending; -1 for none
 * @param versions which versions up to the greatest there are: all, or those that ladders pass by
 */
export async function historyOf(
  name: string,
  greatest: readonly number[],
  versions: (upTo: number) => readonly number[] = (upTo) => Array.from({ length: upTo + 1 }, (_, i) => i),
): Promise<History> {
  const prefixTree = createPrefixTree();
  const keyOf = (version: number): PrefixLeaf => ({
    vrfOutput: named(`${name} key ${version}`),
    commitment: named(`${name} commitment ${version}`),
  });
  const entries: History['entries'][number][] = [];
  const there = new Set<number>();
  let tree: Tree;
  let head: PrefixTreeHead | undefined;
  for (const [position, upTo] of greatest.entries()) {
    const added = (upTo < 0 ? [] : versions(upTo)).filter((version) => !there.has(version));
    for (const version of added) there.add(version);
    // Another label in two of three entries, so that some change nothing at all.
    const others = position % 3 === 0 ? [] : [keyOf(-1 - position)];
    const leaves = [...added.map(keyOf), ...others];
    tree = leaves.reduce<Tree>((before, leaf) => insert(before, leaf), tree);
    head = await prefixTree.update(head, { position, added: leaves });
    entries.push({ tree, head, greatest: upTo });
  }
  return { entries, prefixTree, keyOf };
}

/** Histories of many kinds: late labels, several versions for an entry, long pauses. The same on every run. */
export function histories(): Promise<History[]> {
  const shapes: readonly (readonly [name: string, size: number, step: (i: number) => number])[] = [
    ['one entry', 1, () => 1],
    ['no version', 9, () => 0],
    ['one version, first', 33, (i) => (i === 0 ? 1 : 0)],
    ['one version, last', 20, (i) => (i === 19 ? 1 : 0)],
    ['one for each entry', 40, () => 1],
    ['three for each entry', 21, () => 3],
    ['all at once', 17, (i) => (i === 5 ? 40 : 0)],
    ['late', 64, (i) => (i > 48 ? 1 : 0)],
    ['seldom', 70, (i) => (i % 9 === 4 ? 1 : 0)],
    ['by leaps', 50, (i) => (i % 7 === 2 ? i % 5 : 0)],
    ['early', 63, (i) => (i < 6 ? 2 : 0)],
    ['now and then', 31, (i) => ((i * i) % 5 === 1 ? 1 : 0)],
  ];
  return Promise.all(
    shapes.map(([name, size, step]) => {
      let greatest = -1;
      return historyOf(
        name,
        Array.from({ length: size }, (_, i) => (greatest += step(i))),
      );
    }),
  );
}

/** A search in a log with times. */
export interface Scene {
  readonly history: History;
  readonly world: World;
  readonly task: SearchTask;
}

export function worldOf({ entries, keyOf }: History, timeOf: (position: number) => number): World {
  return {
    entries: entries.map(({ tree, greatest }, i) => ({ tree, greatest, timestampMs: timeOf(i) })),
    keyOf,
  };
}

/** What a scene is made of: numbers alone, so that a failure prints little. */
export interface ScenePlan {
  readonly history: number;
  readonly size: number;
  readonly last: number | null;
  readonly isSame: boolean;
  readonly auditor: number | null;
  readonly start: number;
  readonly steps: readonly number[];
  readonly window: readonly [number, number, number];
  readonly lifetime: readonly [number, number] | null;
  readonly kind: SearchTask['kind'];
  readonly target: number;
}

const any = fc.nat(1000);
const step = fc.oneof(fc.constant(0), fc.constant(1), fc.nat(9));
const slightly = fc.integer({ min: -1, max: 1 });

export const plans: fc.Arbitrary<ScenePlan> = fc.record({
  history: any,
  size: any,
  last: fc.option(any),
  isSame: fc.boolean(),
  auditor: fc.option(any),
  start: fc.nat(30),
  steps: fc.array(step, { minLength: 1, maxLength: 12 }),
  window: fc.tuple(any, any, slightly),
  lifetime: fc.option(fc.tuple(any, slightly)),
  kind: fc.constantFrom<SearchTask['kind']>('greatest', 'fixed', 'fixed'),
  target: any,
});

/** The scene of a plan: windows and lifetimes are often exactly the distance of two timestamps. */
export function sceneOf(pool: readonly History[], plan: ScenePlan): Scene {
  const { last, auditor, window, lifetime } = plan;
  const history = pool[plan.history % pool.length] as History;
  const treeSize = 1 + (plan.size % history.entries.length);
  let now = plan.start;
  const times = history.entries.map((_, i) => (now += plan.steps[i % plan.steps.length] as number));
  const time = (i: number): number => times[i % treeSize] as number;
  const windowMs = Math.max(0, Math.abs(time(window[0]) - time(window[1])) + window[2]);
  const age = lifetime === null ? 0 : time(treeSize - 1) - time(lifetime[0]) + lifetime[1];
  const world = worldOf(history, (i) => times[i] as number);
  const { greatest } = history.entries[treeSize - 1] as History['entries'][number];
  const lastSize = last === null ? null : plan.isSame ? treeSize : 1 + (last % treeSize);
  const search =
    plan.kind === 'greatest' && greatest >= 0
      ? { kind: 'greatest' as const, target: greatest }
      : { kind: 'fixed' as const, target: plan.target % (greatest + 3) };
  return {
    history,
    world,
    task: {
      treeSize,
      auditorSize: auditor === null ? null : 1 + (auditor % treeSize),
      retained: lastSize === null ? null : retainedAt(world, lastSize),
      windowMs,
      maximumLifetimeMs: lifetime === null ? null : Math.max(windowMs + 1, age),
      ...search,
    },
  };
}

// ------------------------------------------------------------------------------------- as the library takes it

/** What the walks of a search return, as the reference puts it. */
export type SearchOutcome = {
  readonly outcome?: string;
  readonly terminal?: number;
  readonly rightmostDistinguished?: number | undefined;
};

export function walkOf({
  kind,
  treeSize,
  windowMs,
  maximumLifetimeMs,
  target,
}: SearchTask): Walk<SearchOutcome> {
  return kind === 'greatest'
    ? walkGreatestVersion(treeSize, windowMs, target)
    : walkFixedVersion(
        treeSize,
        { reasonableMonitoringWindowMs: windowMs, maximumLifetimeMs: maximumLifetimeMs ?? undefined },
        target,
      );
}

export const foundOf = ({ outcome, terminal, rightmostDistinguished }: SearchOutcome): Found => ({
  outcome: (outcome ?? 'found') as Found['outcome'],
  terminal: terminal ?? null,
  rightmostDistinguished: rightmostDistinguished ?? null,
});

export const requestOf = ({ treeSize, retained, auditorSize }: SearchTask): ProofRequest => ({
  treeSize,
  advertisedSize: retained?.treeSize,
  auditorSize: auditorSize ?? undefined,
});

/** All that a user knows of a ladder's versions before the proof is looked at. */
export function versionsOf({ world, task }: Scene): ReadonlyMap<number, VersionKey> {
  return new Map(baseBinaryLadder(task.target).map((version) => [version, world.keyOf(version)]));
}

export const receivedOf = (scene: Scene, proof: Combined): ReceivedProof => ({
  treeSize: scene.task.treeSize,
  view: scene.task.retained ?? undefined,
  auditorSize: scene.task.auditorSize ?? undefined,
  versions: versionsOf(scene),
  proof,
});

/** The log's own data. */
export function storedLog({ history, world }: Scene): StoredLog {
  const log = logOf(world);
  return {
    entry: async (position) => ({
      timestampMs: (world.entries[position] as World['entries'][number]).timestampMs,
      prefixTree: (history.entries[position] as History['entries'][number]).head,
    }),
    nodes: async (ids) =>
      ids.map(({ level, index }) => log.value([index * 2 ** level, (index + 1) * 2 ** level])),
    prefixTree: history.prefixTree,
  };
}

export const storedLabel = ({ history, world }: Scene): StoredLabel => ({
  holds: (position, version) => version <= (history.entries[position] as History['entries'][number]).greatest,
  vrfOutput: (version) => world.keyOf(version).vrfOutput,
});
