/**
 * What a log answers to a search (draft-ietf-keytrans-protocol, commit 526cc8a), from its whole history: which
 * entries are looked into is decided by what really happened, and written down afterwards.
 */
import { batchProof, KeytransLog, leafValue, logEntry } from './keytrans-log.js';
import * as order from './keytrans-order.js';
import type { Combined, Found, Retained, SearchTask, VersionKey } from './keytrans-searches.js';
import { prove, type Tree, value } from './prefix-tree.js';

/** A log entry, with the greatest version of the label at hand: -1 where it has none. */
export interface WorldEntry {
  readonly timestampMs: number;
  readonly tree: Tree;
  readonly greatest: number;
}

export interface World {
  readonly entries: readonly WorldEntry[];
  /** Of versions that do not exist, too. */
  keyOf(version: number): VersionKey;
}

const at = ({ entries }: World, x: number): WorldEntry => {
  const entry = entries[x];
  if (entry === undefined) throw new Error(`no entry ${x}`);
  return entry;
};

/** The log tree. */
export const logOf = (world: World): KeytransLog =>
  new KeytransLog((x) => {
    const { timestampMs, tree } = at(world, x);
    return leafValue(logEntry(timestampMs, value(tree)));
  });

/** What a user keeps who saw the tree at a size. */
export function retainedAt(world: World, treeSize: number): Retained {
  return {
    treeSize,
    fullSubtrees: logOf(world).fullSubtrees(treeSize),
    frontier: order.frontier(treeSize).map((position) => {
      const { timestampMs, tree } = at(world, position);
      return { position, timestampMs, prefixTree: value(tree) };
    }),
  };
}

/** Entries whose timestamps are asked for, and looks into prefix trees, both in order. */
interface Course extends Found {
  readonly timed: readonly number[];
  /** "ladder" for a search ladder, or one version. */
  readonly looks: readonly (readonly [x: number, what: 'ladder' | number])[];
}

function course(world: World, task: SearchTask): Course {
  const { treeSize: n, windowMs, maximumLifetimeMs, kind, target } = task;
  const times = world.entries.slice(0, n).map(({ timestampMs }) => timestampMs);
  const distinguished = order.distinguished(times, windowMs);
  const rightmost = distinguished.at(-1) ?? null;
  const greatest = (x: number): number => at(world, x).greatest;
  if (kind === 'greatest') {
    const inspected = order.frontier(n).filter((x) => x >= (rightmost ?? order.root(n)));
    const terminal = inspected.find((x) => greatest(x) === target);
    if (terminal === undefined) throw new Error('it is not the greatest');
    return {
      outcome: 'found',
      terminal,
      rightmostDistinguished: rightmost,
      timed: [],
      looks: inspected.map((x) => [x, 'ladder'] as const),
    };
  }
  const isOld = (x: number): boolean =>
    maximumLifetimeMs !== null && (times.at(-1) as number) - (times[x] as number) >= maximumLifetimeMs;
  // Where the search comes by: all that is old counts as being before the version, and the first hit ends it.
  const line: number[] = [];
  let node = order.inductiveTree(n);
  while (node !== null) {
    const x = node.index;
    line.push(x);
    if (!isOld(x) && greatest(x) === target) break;
    node = isOld(x) || greatest(x) < target ? node.right : node.left;
  }
  const young = line.filter((x) => !isOld(x));
  const looks: (readonly [number, 'ladder' | number])[] = young.map((x) => [x, 'ladder']);
  const hit = young.find((x) => greatest(x) === target);
  const above = young.filter((x) => greatest(x) > target).sort((a, b) => a - b)[0];
  const wanted = hit ?? above;
  const nothing = (outcome: 'absent' | 'expired'): Course => ({
    outcome,
    terminal: null,
    rightmostDistinguished: null,
    timed: line,
    looks,
  });
  if (wanted === undefined) return nothing('absent');
  const limit = hit === undefined ? wanted - 1 : wanted;
  const checked = young.some((x) => x <= limit && distinguished.includes(x));
  if (young.length < line.length && !checked) return nothing('expired');
  if (hit === undefined) looks.push([wanted, target]);
  return { outcome: 'found', terminal: wanted, rightmostDistinguished: rightmost, timed: line, looks };
}

/** The proof, and what it shows. */
export function answerSearch(
  world: World,
  task: SearchTask,
): { readonly proof: Combined; readonly found: Found } {
  const { treeSize: n, retained, auditorSize, target } = task;
  const { timed, looks, outcome, terminal, rightmostDistinguished } = course(world, task);
  const kept = retained === null ? [] : order.frontier(retained.treeSize);
  const asked = [...order.updateView(n, retained?.treeSize ?? null), ...timed];
  const given = asked.filter((x, i) => asked.indexOf(x) === i && !kept.includes(x));
  const shown: { readonly x: number; readonly version: number; readonly there: boolean }[] = [];
  const prefixProofs = looks.map(([x, what]) => {
    const { greatest, tree } = at(world, x);
    const left = shown.filter((one) => one.there && one.x < x).map(({ version }) => version);
    const right = shown.filter((one) => !one.there && one.x > x).map(({ version }) => version);
    const versions = what === 'ladder' ? order.searchBinaryLadder(target, greatest, left, right) : [what];
    for (const version of versions) shown.push({ x, version, there: version <= greatest });
    return prove(
      tree,
      versions.map((version) => world.keyOf(version).vrfOutput),
    );
  });
  const looked = new Set(looks.map(([x]) => x));
  const leaves = [...given].sort((a, b) => a - b);
  const log = logOf(world);
  return {
    proof: {
      timestampsMs: given.map((x) => at(world, x).timestampMs),
      prefixProofs,
      prefixRoots: leaves.filter((x) => !looked.has(x)).map((x) => value(at(world, x).tree)),
      inclusion: {
        elements: batchProof({ n, leaves, m: retained?.treeSize ?? 0, nP: auditorSize ?? 0 }).map((range) =>
          log.value(range),
        ),
      },
    },
    found: { outcome, terminal, rightmostDistinguished },
  };
}
