/** What a log has signed, as the parts of evidence; logs that go two ways. */
import type {
  Accusation,
  ForkSide,
  Head,
  VersionProof,
  VersionSide,
} from '../../test/reference/keytrans-evidence.js';
import { cutRanges } from '../../test/reference/keytrans-evidence.js';
import { batchProof } from '../../test/reference/keytrans-log.js';
import type { Operator, StoredVersion } from '../../test/reference/keytrans-operator.js';
import type { LogConfiguration } from '../../test/reference/keytrans-users.js';
import { prove, value as rootOf } from '../../test/reference/prefix-tree.js';
import { grow, logNamed, MINUTE, minute } from './keytrans-stories.js';

type Two<T> = readonly [T, T];

const made = new Map<string, Two<Operator>>();

/** Two logs under one configuration that go apart at an entry: each inserts a version of the label of its own there. */
export function twoFaces(
  ciphersuite: 1 | 2,
  mode: LogConfiguration['mode'],
  maximumLifetimeMs?: number,
): Two<Operator> {
  const name = `${ciphersuite} ${mode} ${maximumLifetimeMs}`;
  const [log, other] = made.get(name) ?? facesOf(ciphersuite, mode, maximumLifetimeMs);
  made.set(name, [log, other]);
  // What a fork computes of the VRF its origin knows, too; what it appends is its own.
  return [log.fork(), other.fork()];
}

function facesOf(
  ciphersuite: 1 | 2,
  mode: LogConfiguration['mode'],
  maximumLifetimeMs: number | undefined,
): Two<Operator> {
  const log = logNamed(`two faces, ${mode}, ${ciphersuite}`, {
    ciphersuite,
    mode,
    windowMs: 4 * MINUTE,
    ...(maximumLifetimeMs === undefined ? {} : { maximumLifetimeMs }),
  });
  grow(log, 9, (position) => (position === 2 ? 1 : 0));
  const other = log.fork();
  log.append(minute(9), [Buffer.from('the owner’s keys')]);
  other.append(minute(9), [Buffer.from('other keys')]);
  grow(log, 13);
  grow(other, 21);
  return [log, other];
}

/** A log whose entry 5 is younger than those after it. */
export function reversedLog(ciphersuite: 1 | 2): Operator {
  const late = logNamed(`reversed, ${ciphersuite}`, {
    ciphersuite,
    mode: 'contactMonitoring',
    windowMs: 4 * MINUTE,
  });
  grow(late, 5);
  late.append(minute(8));
  grow(late, 9);
  return late;
}

export function headOf(log: Operator, treeSize: number): Head {
  return { signer: 'log', treeSize, signature: log.signHead(treeSize, log.log().root(treeSize)) };
}

export function auditorHeadOf(log: Operator, treeSize: number): Head {
  return { signer: 'auditor', ...log.auditorHead(treeSize) };
}

/** The nodes of a tree that is cut at some sizes. */
export function nodesOf(log: Operator, treeSize: number, sizes: readonly number[]): Buffer[] {
  const tree = log.log();
  const ranges = sizes.length === 0 ? [[0, treeSize] as const] : cutRanges(treeSize, sizes);
  return ranges.map((range) => Buffer.from(tree.value(range)));
}

export function sideOf(
  log: Operator,
  treeSize: number,
  size: number,
  head = headOf(log, treeSize),
): ForkSide {
  return { head, nodes: nodesOf(log, treeSize, size === treeSize ? [] : [size]) };
}

export const forkOf = (size: number, ...sides: Two<ForkSide>): Accusation => ({ kind: 'fork', size, sides });

/** Log entries in the tree of a size. */
export function inclusionOf(log: Operator, treeSize: number, leaves: readonly number[]): Uint8Array[] {
  const tree = log.log();
  return batchProof({ n: treeSize, leaves, m: 0, nP: 0 }).map((range) => tree.value(range));
}

/** A version as an entry holds it, looked up with others of the label. */
export function versionIn(
  log: Operator,
  version: number,
  position: number,
  treeSize: number,
  isOpened = true,
): VersionSide {
  const { timestampMs, tree } = log.entry(position);
  const greatest = log.greatestAt(position);
  const versions = [version, greatest + 1];
  const { opening, value, signature } = log.history[version] as StoredVersion;
  return {
    treeHead: headOf(log, treeSize),
    position,
    timestampMs,
    inclusion: inclusionOf(log, treeSize, [position]),
    lookups: versions.map((each) => ({
      vrfOutput: log.keyOf(each).vrfOutput,
      commitment: each <= greatest ? log.keyOf(each).commitment : undefined,
    })),
    proof: prove(
      tree,
      versions.map((each) => log.keyOf(each).vrfOutput),
    ),
    opened: isOpened ? { opening, update: { value: value as Uint8Array, suffix: { signature } } } : undefined,
  };
}

export function versionProofOf(log: Operator, version: number, side: VersionSide): VersionProof {
  return { label: log.options.label, version, vrfProof: log.vrf(version).pi, side };
}

export function changedOf(log: Operator, version: number, ...sides: Two<VersionSide>): Accusation {
  const { label } = log.options;
  return { kind: 'changedVersion', label, version, vrfProof: log.vrf(version).pi, sides };
}

export const placedIn = (log: Operator, position: number) => {
  const { timestampMs, tree } = log.entry(position);
  return { position, entry: { timestampMs, prefixTree: rootOf(tree) } };
};

export function reversedOf(log: Operator, treeSize: number, ...[left, right]: Two<number>): Accusation {
  const { signature } = headOf(log, treeSize);
  return {
    kind: 'reversedTime',
    treeHead: { treeSize, signature },
    entries: [placedIn(log, left), placedIn(log, right)],
    inclusion: inclusionOf(log, treeSize, [left, right]),
  };
}

export const signedValueOf = (log: Operator, version: number) => {
  const { value, signature } = log.history[version] as StoredVersion;
  return { value: value as Uint8Array, signature: signature as Uint8Array };
};

export function twoValuesOf(log: Operator, other: Operator, version: number): Accusation {
  const values = [signedValueOf(log, version), signedValueOf(other, version)];
  return { kind: 'twoValues', label: log.options.label, version, values };
}
