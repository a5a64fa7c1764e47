/**
 * What a user keeps of the recently issued distinguished log entries (draft, "Credentials"): of each, the log as it was
 * when the entry was its newest. They are the points that users of a log have in common: what others prove from one of
 * them can be checked without asking the log.
 *
 *     entries 3 5 known      3: [0,4)                  of each entry on these frontiers its timestamp, the root of its
 *                            5: [0,4) [4,6)            prefix tree, and the full subtree that ends with it: kept once
 *
 * Frontiers of such trees are ancestors of their last entry, so they have most members in common, and a full subtree
 * that ends with an entry is the same in all of them. Ten entries of a log that grows evenly take about 1.3 kB, whether it
 * has ten thousand entries or a thousand million.
 *
 * They are learnt where distinguished heads are walked, and only there: that walk is complete from the newest entry
 * down to the oldest recent one, as the first known entry behind a version has to be the first there is. An owner's
 * monitoring may end anywhere.
 */

import { type Codec, struct, uint64, vector } from '../../bytes/codec.js';
import type { KnownEntry, TreeView } from '../verifier/tree-view.js';
import type { IsRecent } from '../walks/distinguished-heads.js';
import { frontier } from '../walks/search-tree.js';
import { type LogEntry, logEntryCodec } from '../wire/proofs.js';
import { hashCodec, vector8 } from '../wire/wire-context.js';

/** "SHOULD NOT include more than ten distinguished log entries" (draft, "Walking Distinguished Heads", "Algorithm"). */
export const KNOWN_DISTINGUISHED_MAX = 10;

/** A distinguished log entry that is known. Frozen. */
export interface KnownDistinguished {
  /** The log when the entry was its newest: the frontier ends with the entry. */
  readonly view: TreeView;
}

/** The entry itself. */
export function entryOf({ view }: KnownDistinguished): KnownEntry {
  return view.frontier.at(-1) as KnownEntry;
}

/**
 * What to keep after a walk: what it met, and what was kept before to the left of that, as far as it is recent still.
 * @param kept from before, from left to right
 * @param met by the walk, from right to left, as it met them
 * @param rightmostMs timestamp of the log's newest entry
 * @returns from left to right, at most {@link KNOWN_DISTINGUISHED_MAX}
 */
export function keepRecent(
  kept: readonly KnownDistinguished[],
  met: readonly KnownDistinguished[],
  isRecent: IsRecent,
  rightmostMs: number,
): readonly KnownDistinguished[] {
  const leftmost = met.at(-1)?.view.treeSize ?? Number.POSITIVE_INFINITY;
  const known = [...met, ...kept.filter(({ view }) => view.treeSize < leftmost).reverse()];
  const end = known.findIndex((each, i) => !isRecent(entryOf(each), i, rightmostMs));
  const recent = known.slice(0, end === -1 ? undefined : end).slice(0, KNOWN_DISTINGUISHED_MAX);
  return Object.freeze(recent.reverse());
}

/** A log entry on one of the frontiers. */
interface WireNode {
  readonly position: number;
  readonly entry: LogEntry;
  /** The full subtree that ends with it, in the trees in which it is on the frontier. */
  readonly subtree: Uint8Array;
}

/** Known distinguished entries as they are stored. */
export interface WireDistinguished {
  /** Exactly those of the frontiers, ascending. */
  readonly nodes: readonly WireNode[];
  /** Ascending. */
  readonly entries: readonly { readonly position: number }[];
}

const NODES_CEILING: number = 2 ** 16 - 1;

export const knownDistinguishedCodec: Codec<WireDistinguished> = /* @__PURE__ */ struct<WireDistinguished>({
  nodes: /* @__PURE__ */ vector(
    /* @__PURE__ */ struct<WireNode>({ position: uint64, entry: logEntryCodec, subtree: hashCodec }),
    { min: 0, ceiling: NODES_CEILING, upFront: true },
  ),
  entries: /* @__PURE__ */ vector8(
    /* @__PURE__ */ struct<{ readonly position: number }>({ position: uint64 }),
  ),
});

/** Known entries as they are stored. */
export function closeDistinguished(known: readonly KnownDistinguished[]): WireDistinguished {
  const nodes = new Map<number, WireNode>();
  for (const { view } of known) {
    for (const [i, { position, timestampMs, prefixTree }] of view.frontier.entries()) {
      const subtree = view.fullSubtrees[i] as Uint8Array;
      nodes.set(position, { position, entry: { timestampMs, prefixTree }, subtree });
    }
  }
  return {
    nodes: [...nodes.values()].sort((a, b) => a.position - b.position),
    entries: known.map((each) => ({ position: entryOf(each).position })),
  };
}

/**
 * Known entries from what was stored.
 * @param treeSize of the newest head; 0 for none
 * @returns frozen; `undefined` where {@link closeDistinguished} wrote no such thing
 */
export function openDistinguished(
  { nodes, entries }: WireDistinguished,
  treeSize: number,
): readonly KnownDistinguished[] | undefined {
  const byPosition = new Map(nodes.map((node) => [node.position, node]));
  const positions = entries.map(({ position }) => position);
  const isOpenable =
    entries.length <= KNOWN_DISTINGUISHED_MAX &&
    isAscending(positions) &&
    (positions.at(-1) ?? -1) < treeSize &&
    isAscending(nodes.map(({ position }) => position)) &&
    nodes.every(({ entry }, i) => entry.timestampMs >= (nodes[i - 1]?.entry.timestampMs ?? 0));
  if (!isOpenable) return undefined;
  const used = new Set<number>();
  const known: KnownDistinguished[] = [];
  for (const last of positions) {
    const path = frontier(last + 1).flatMap((position) => byPosition.get(position) ?? []);
    if (path.length !== frontier(last + 1).length) return undefined;
    for (const { position } of path) used.add(position);
    known.push(Object.freeze({ view: viewOf(path, last + 1) }));
  }
  return used.size === nodes.length ? Object.freeze(known) : undefined;
}

function viewOf(path: readonly WireNode[], treeSize: number): TreeView {
  return Object.freeze({
    treeSize,
    fullSubtrees: Object.freeze(path.map(({ subtree }) => subtree)),
    frontier: Object.freeze(path.map(({ position, entry }) => Object.freeze({ position, ...entry }))),
  });
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, i) => number > (numbers[i - 1] ?? -1));
}
