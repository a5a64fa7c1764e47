/** Accusations that are put together at random from what logs have signed: heads, nodes, entries, proofs and values. */

import type { Configuration } from '../../src/transparency/wire/configuration.js';
import {
  type Accusation,
  encodeEvidence,
  type SideHead,
  type SignedValue,
  type VersionSide,
} from '../../src/transparency/evidence/evidence.js';
import type { VerifiedVersionProof } from '../../src/transparency/evidence/version-proof.js';
import { batchProof } from '../reference/keytrans-log.js';
import { ALICE, grow, logOf } from './client-world.js';
import {
  auditorHeadOf,
  evidenceOf,
  headOf,
  nodesOf,
  sideOf,
  treeOf,
  versionShown,
} from './evidence-world.js';
import { CAROL, sceneOf } from './evidence-fabrications.js';
import type { HonestLog } from './honest-log.js';
import { PAPER_SUITE } from './paper-suite.js';

/** What logs have published. */
export interface Pool {
  readonly configurations: readonly Configuration[];
  readonly logs: readonly HonestLog[];
  readonly heads: readonly (SideHead & { readonly log: HonestLog })[];
  readonly versions: readonly VerifiedVersionProof[];
  readonly values: readonly (SignedValue & { readonly label: Uint8Array; readonly version: number })[];
  /** Evidence that holds; of honest logs, none. */
  readonly evidence: readonly Uint8Array[];
}

/** How an accusation is mixed. */
export interface Mixture {
  readonly kind: Accusation['kind'];
  /** Where each part comes from. */
  readonly picks: readonly number[];
  /** Which parts come from where `picks` says; the others fit each other. */
  readonly swaps: readonly number[];
}

export async function poolOf(mode: Configuration['mode'], isForked: boolean): Promise<Pool> {
  const { log, other, earlier, alice, aliceBefore, aliceElsewhere, carol, dave } = await sceneOf(
    PAPER_SUITE,
    mode,
  );
  const versions = [...alice, aliceBefore, aliceElsewhere, ...carol, dave];
  if (!isForked) {
    const logs = [log, other, earlier];
    return { ...publishedBy(logs), logs, versions, evidence: [] };
  }
  const left = await logOf(6, { suite: PAPER_SUITE, mode });
  const right = left.fork();
  await grow(left, 6);
  await grow(right, 6, (position) => (position === 7 || position === 10 ? 1 : 0));
  const shown = await Promise.all([
    versionShown(left, 2),
    versionShown(right, 2),
    versionShown(left),
    versionShown(right),
  ]);
  const logs = [left, right];
  const [first, second] = [sideOf(left, 11, 7), sideOf(right, 12, 7)];
  const { label, version, vrfProof, side } = (shown[0] as VerifiedVersionProof).proof;
  const changed = { first: side, second: (shown[1] as VerifiedVersionProof).proof.side };
  return {
    ...publishedBy(logs),
    logs,
    versions: shown,
    evidence: [
      evidenceOf(left, { kind: 'fork', size: 7, first, second }),
      evidenceOf(left, { kind: 'changedVersion', label, version, vrfProof, ...changed }),
    ],
  };
}

function publishedBy(logs: readonly HonestLog[]): Pick<Pool, 'configurations' | 'heads' | 'values'> {
  const sizes = (log: HonestLog): readonly number[] => Array.from({ length: log.size }, (_, i) => i + 1);
  return {
    configurations: logs.map(({ configuration }) => configuration),
    heads: logs.flatMap((log) =>
      sizes(log).flatMap((size) => {
        const head = { ...headOf(log, size), log };
        const isAudited = log.configuration.mode === 'thirdPartyAuditing';
        return isAudited ? [head, { ...auditorHeadOf(log, size), log }] : [head];
      }),
    ),
    values: logs.flatMap((log) =>
      [ALICE, CAROL].flatMap((label) =>
        log.versionsOf(label).map(({ value, suffix }, version) => ({
          label,
          version,
          value: value as Uint8Array,
          signature: suffix.signature ?? new Uint8Array(64),
        })),
      ),
    ),
  };
}

/** An accusation, as bytes. */
export function mixed(pool: Pool, mixture: Mixture): Uint8Array {
  const picked = <T>(from: readonly T[], at: number): T => {
    const pick = mixture.picks[at] as number;
    return from[pick % from.length] as T;
  };
  /** Another one where the mixture says so. */
  const swapped = <T>(at: number, own: T, from: readonly T[]): T =>
    mixture.swaps.includes(at) ? picked(from, at) : own;
  const configuration = swapped(0, pool.configurations[0] as Configuration, pool.configurations);
  const accusation = ((): Accusation => {
    switch (mixture.kind) {
      case 'fork':
        return mixedFork(pool, picked, swapped);
      case 'changedVersion':
        return mixedVersions(pool, picked, swapped);
      case 'reversedTime':
        return mixedTimes(pool, picked, swapped);
      case 'twoValues':
        return mixedValues(pool, picked, swapped);
    }
  })();
  return encodeEvidence({ configuration, accusation });
}

type Picked = <T>(from: readonly T[], at: number) => T;
type Swapped = <T>(at: number, own: T, from: readonly T[]) => T;

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

function mixedFork({ heads }: Pool, picked: Picked, swapped: Swapped): Accusation {
  const least = Math.min(picked(heads, 3).treeSize, picked(heads, 10).treeSize);
  const size = picked([least, Math.max(least - 1, 1), ...numbers(14)], 1);
  const side = (at: number) => {
    const { log, ...head } = picked(heads, at);
    const nodesFrom = swapped<{ readonly log: HonestLog; readonly treeSize: number }>(
      at + 1,
      { log, treeSize: head.treeSize },
      heads,
    );
    const treeSize = swapped(at + 2, head.treeSize, numbers(16));
    const cut = Math.min(swapped(at + 3, size, numbers(16)), nodesFrom.treeSize);
    const nodes = nodesOf(nodesFrom.log, nodesFrom.treeSize, Math.max(cut, 1));
    const signer = swapped(at + 4, head, heads);
    return {
      head: { ...head, treeSize, signature: signer.signature } as SideHead,
      nodes: swapped(at + 5, nodes, [[log.rootAt(head.treeSize)], [...nodes].reverse(), nodes.slice(1, 2)]),
    };
  };
  return {
    kind: 'fork',
    size: swapped(2, size, numbers(40)),
    first: atLeastOne(side(3)),
    second: atLeastOne(side(10)),
  };
}

const atLeastOne = <T extends { readonly nodes: readonly Uint8Array[] }>(side: T): T =>
  side.nodes.length > 0 ? side : { ...side, nodes: [new Uint8Array(32)] };

function mixedVersions({ versions }: Pool, picked: Picked, swapped: Swapped): Accusation {
  const named = picked(versions, 1).proof;
  // Of one label and version, mostly: then it is about what the entries hold.
  const alike = versions.filter(
    ({ version, label }) => version === named.version && Buffer.from(label).equals(named.label),
  );
  const side = (at: number): VersionSide => {
    const own = picked(alike, at).proof.side;
    const from = versions.map(({ proof }) => proof.side);
    const field = <Name extends keyof VersionSide>(name: Name, offset: number): VersionSide[Name] =>
      swapped(at + offset, own, from)[name];
    return {
      treeHead: field('treeHead', 1),
      position: field('position', 2),
      timestampMs: field('timestampMs', 3),
      inclusion: field('inclusion', 4),
      lookups: field('lookups', 5),
      proof: field('proof', 6),
      opened: swapped<VersionSide['opened']>(at + 7, own.opened, [
        undefined,
        ...from.map(({ opened }) => opened),
      ]),
    };
  };
  const { label, version, vrfProof } = swapped(
    2,
    named,
    versions.map(({ proof }) => proof),
  );
  return { kind: 'changedVersion', label, version, vrfProof, first: side(3), second: side(13) };
}

function mixedTimes({ logs, heads }: Pool, picked: Picked, swapped: Swapped): Accusation {
  const { log, treeSize, signature } = picked(heads, 1);
  const positions = [picked(numbers(treeSize), 2), picked(numbers(treeSize), 3)];
  const leaves = [...new Set(positions)].sort((a, b) => a - b);
  const entry = (at: number, position: number) => {
    const from = swapped(at, log, logs);
    const { timestampMs, prefixTree } = from.entries[
      Math.min(swapped(at + 1, position, numbers(20)), from.size - 1)
    ] as HonestLog['entries'][number];
    const timed = swapped(at + 2, timestampMs, [0, timestampMs + 1, 2_000_000]);
    return { position, entry: { timestampMs: timed, prefixTree: prefixTree.root } };
  };
  const tree = treeOf(log);
  return {
    kind: 'reversedTime',
    treeHead: { treeSize: swapped(4, treeSize, numbers(30)), signature },
    first: entry(5, leaves[0] as number),
    second: entry(9, leaves.at(-1) as number),
    inclusion: batchProof({ n: treeSize, leaves, m: 0, nP: 0 }).map((range) => tree.value(range)),
  };
}

function mixedValues({ values }: Pool, picked: Picked, swapped: Swapped): Accusation {
  const named = picked(values, 1);
  const alike = values.filter(
    ({ version, label }) => version === named.version && Buffer.from(label).equals(named.label),
  );
  const signed = (at: number): SignedValue => {
    const own = picked(alike, at);
    return {
      value: swapped(at + 1, own, values).value,
      signature: swapped(at + 2, own, values).signature,
    };
  };
  const { label, version } = swapped(2, named, values);
  return { kind: 'twoValues', label, version, first: signed(3), second: signed(7) };
}
