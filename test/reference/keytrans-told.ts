/**
 * What an auditor of draft-ietf-keytrans-protocol (commit 526cc8a) was told of a log: all of it, and as much of it as must be
 * kept.
 *
 * Where the draft is silent: an auditor who begins in the middle knows of the log before what a new user would be shown,
 * and nothing of when its leaves were added.
 */
import { concat, demand } from './encoding.js';
import { type Combined, Entries } from './keytrans-entries.js';
import { fullSubtrees, type Range } from './keytrans-log.js';
import * as order from './keytrans-order.js';
import { readCombined } from './keytrans-queues.js';
import { contextOf, type LogConfiguration } from './keytrans-users.js';
import { readWire } from './keytrans-wire.js';
import { keytransParent, split } from './tree.js';

type Bytes = Uint8Array;

/** All that an auditor was told. */
export interface Told {
  /** Log entries, those before the start included. */
  readonly size: number;
  readonly start: number;
  /** By position: of all entries from the start on, and of the frontier before it. */
  readonly timestamps: ReadonlyMap<number, number>;
  /** Of the log tree: each entry from the start on, and the full subtrees before it. */
  readonly nodes: ReadonlyMap<string, Bytes>;
  /** Root of the newest entry's prefix tree. */
  readonly prefixTree: Bytes;
  /** By key: which entry added the leaf, of those that are there and were added from the start on. */
  readonly addedIn: ReadonlyMap<string, number>;
}

export const hex = (bytes: Bytes): string => Buffer.from(bytes).toString('hex');
export const nameOf = ([begin, end]: Range): string => `${begin} ${end}`;

// ------------------------------------------------------------------------------------- beginning

export const NOTHING: Told = {
  size: 0,
  start: 0,
  timestamps: new Map(),
  nodes: new Map(),
  prefixTree: Buffer.alloc(32),
  addedIn: new Map(),
};

/** What an auditor who begins at a position is told of the log before: a CombinedTreeProof, as for a new user. */
export function beginAt(config: LogConfiguration, start: number, proof: Bytes): Told {
  const combined = readWire('CombinedTreeProof', proof, contextOf(config)) as Combined;
  const task = {
    treeSize: start,
    auditorSize: null,
    retained: null,
    windowMs: config.reasonableMonitoringWindowMs,
    maximumLifetimeMs: config.maximumLifetimeMs ?? null,
  };
  const { retained } = readCombined(task, new Map(), combined, () => undefined).tree;
  const { frontier, fullSubtrees: heads } = retained;
  return {
    size: start,
    start,
    timestamps: new Map(frontier.map(({ position, timestampMs }) => [position, timestampMs])),
    nodes: new Map(fullSubtrees(start).map((range, i) => [nameOf(range), heads[i] as Bytes])),
    prefixTree: frontier.at(-1)?.prefixTree as Bytes,
    addedIn: new Map(),
  };
}

// ------------------------------------------------------------------------------------- the log tree

function valueOf(nodes: Told['nodes'], [begin, end]: Range): Bytes {
  const known = nodes.get(nameOf([begin, end]));
  if (known !== undefined) return known;
  const k = split(end - begin);
  const left = valueOf(nodes, [begin, begin + k]);
  return keytransParent(left, k === 1, valueOf(nodes, [begin + k, end]), end - begin - k === 1);
}

export const rootOf = ({ size, nodes }: Told): Bytes => valueOf(nodes, [0, size]);

export const newestMs = ({ size, timestamps }: Told): number => timestamps.get(size - 1) as number;

// ------------------------------------------------------------------------------------- distinguished entries

/** The entries that are known of and distinguished, where the last of so many is left out. */
export function distinguishedBefore(
  config: LogConfiguration,
  timestamps: Told['timestamps'],
  size: number,
): number[] {
  const never = (): never => {
    throw new Error('an auditor looks into no prefix tree');
  };
  const entries = new Entries(
    {
      treeSize: size,
      auditorSize: null,
      retained: null,
      windowMs: config.reasonableMonitoringWindowMs,
      maximumLifetimeMs: null,
    },
    {
      time(x) {
        const time = timestamps.get(x);
        if (time === undefined) throw new Error(`the time of ${x} is not known`);
        return time;
      },
      look: never,
      isOver: never,
      demand,
    },
  );
  return [...timestamps.keys()].filter((x) => x < size - 1 && entries.isDistinguished(x));
}

// ------------------------------------------------------------------------------------- what has to be kept

/** As much as later steps can ask about. */
export interface Kept {
  readonly treeSize: number;
  readonly fullSubtrees: readonly Bytes[];
  readonly frontier: readonly { readonly position: number; readonly timestampMs: number }[];
  readonly prefixTree: Bytes;
  /** By entry, ascending: the leaves that no distinguished entry before the last has shown. */
  readonly insertions: readonly { readonly position: number; readonly keys: Bytes }[];
}

/** Of an auditor who was told of an entry at least. */
export function keptOf(config: LogConfiguration, told: Told): Kept {
  const { size, nodes, timestamps, prefixTree, addedIn } = told;
  const shown = Math.max(-1, ...distinguishedBefore(config, timestamps, size));
  const positions = [...new Set(addedIn.values())].filter((position) => position > shown);
  return {
    treeSize: size,
    fullSubtrees: fullSubtrees(size).map((range) => valueOf(nodes, range)),
    frontier: order
      .frontier(size)
      .map((position) => ({ position, timestampMs: timestamps.get(position) as number })),
    prefixTree,
    insertions: positions
      .sort((a, b) => a - b)
      .map((position) => {
        const keys = [...addedIn].filter(([, at]) => at === position).map(([key]) => key);
        return { position, keys: concat(...keys.sort().map((key) => Buffer.from(key, 'hex'))) };
      }),
  };
}
