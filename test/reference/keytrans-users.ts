/**
 * A user of a transparency log (draft-ietf-keytrans-protocol, commit 526cc8a): what "MUST be retained" between two
 * operations, and how heads, VRF proofs and values are verified.
 */
import { demand, equal } from './encoding.js';
import { ECDSA_P256_SHA256, ED25519, verifyMessage } from './keys.js';
import type { Context } from './keytrans-context.js';
import type { Combined, Entries, Retained, VersionKey } from './keytrans-entries.js';
import { greatestOf, type MapEntry, type Owned } from './keytrans-monitoring.js';
import * as order from './keytrans-order.js';
import { readCombined, type VerifiedTree } from './keytrans-queues.js';
import { writeWire } from './keytrans-wire.js';
import { commitment, vrfOutput, vrfVerify } from './vrf.js';

type Bytes = Uint8Array;

export interface LogConfiguration {
  readonly ciphersuite: 1 | 2;
  readonly mode: 'contactMonitoring' | 'thirdPartyManagement' | 'thirdPartyAuditing';
  readonly signaturePublicKey: Bytes;
  readonly vrfPublicKey: Bytes;
  readonly leafPublicKey?: Bytes;
  readonly maxAuditorLagMs?: number;
  readonly auditorStartPos?: number;
  readonly auditorPublicKey?: Bytes;
  readonly maxAheadMs: number;
  readonly maxBehindMs: number;
  readonly reasonableMonitoringWindowMs: number;
  readonly maximumLifetimeMs: number | undefined;
}

export interface SignedHead {
  readonly treeSize: number;
  readonly signature: Bytes;
}

export interface AuditorHead extends SignedHead {
  readonly timestampMs: number;
}

export type FullHead =
  | { readonly headType: 'same' }
  | {
      readonly headType: 'updated';
      readonly treeHead: SignedHead;
      readonly auditorTreeHead: AuditorHead | undefined;
    };

export interface LadderStep {
  readonly proof: Bytes;
  readonly commitment: Bytes | undefined;
}

export interface UpdateField {
  readonly value: Bytes;
  readonly suffix: { readonly signature: Bytes | undefined };
}

/** What is kept of the one label that these users look at. */
export interface LabelState {
  readonly monitored: readonly MapEntry[];
  readonly owned: Owned | null;
  /** Of every version that a ladder to come will look up: monitoring responses bring neither. */
  readonly versions: ReadonlyMap<number, VersionKey>;
}

export interface UserState {
  readonly treeHead: SignedHead;
  readonly auditorTreeHead: AuditorHead | null;
  readonly retained: Retained;
  readonly label: LabelState | null;
}

/** A user with a clock, before an operation. */
export interface User {
  readonly config: LogConfiguration;
  /** Null for a newcomer. */
  readonly state: UserState | null;
  readonly nowMs: number;
}

export const SUITES: Readonly<Record<1 | 2, { readonly vrf: string; readonly scheme: number }>> = {
  1: { vrf: 'ECVRF-P256-SHA256-TAI', scheme: ECDSA_P256_SHA256 },
  2: { vrf: 'ECVRF-EDWARDS25519-SHA512-TAI', scheme: ED25519 },
};

export const contextOf = (
  { ciphersuite, mode }: Pick<LogConfiguration, 'ciphersuite' | 'mode'>,
  namesVersion = false,
): Context => ({ ciphersuite, mode, namesVersion });

// ------------------------------------------------------------------------------------- heads

export function isSignedBy(
  config: LogConfiguration,
  key: Bytes | undefined,
  tbs: Bytes,
  signature: Bytes,
): boolean {
  const { scheme } = SUITES[config.ciphersuite];
  return verifyMessage({ scheme, key: key as Bytes }, tbs, signature);
}

/** What a proof shows, and the heads that are retained after it. */
export interface VerifiedAnswer<Result> {
  readonly result: Result;
  readonly tree: VerifiedTree;
  readonly heads: Omit<UserState, 'label'>;
}

/** The combined proof, and "Full Tree Head Verification" with the candidate roots that come out of it. */
export function verifyAnswer<Result>(
  { config, state, nowMs }: User,
  fullTreeHead: FullHead,
  proof: Combined,
  versions: ReadonlyMap<number, VersionKey>,
  algorithms: (entries: Entries) => Result,
): VerifiedAnswer<Result> {
  const { treeHead, auditorTreeHead } = headsOf(fullTreeHead, state);
  const isUpdated = fullTreeHead.headType === 'updated';
  const { treeSize, signature } = treeHead;
  const task = {
    treeSize,
    auditorSize: isUpdated && auditorTreeHead !== null ? auditorTreeHead.treeSize : null,
    retained: state?.retained ?? null,
    windowMs: config.reasonableMonitoringWindowMs,
    maximumLifetimeMs: config.maximumLifetimeMs ?? null,
  };
  const { result, tree } = readCombined(task, versions, proof, algorithms);
  const rightmostMs = tree.retained.frontier.at(-1)?.timestampMs as number;
  if (isUpdated) {
    const tbs = writeWire('TreeHeadTbs', { config, treeSize, root: tree.root }, contextOf(config)).bytes;
    demand(isSignedBy(config, config.signaturePublicKey, tbs, signature), 'signature');
    if (auditorTreeHead !== null) verifyAuditor(config, state, auditorTreeHead, tree, rightmostMs);
  }
  // "within the bounds set by `max_ahead` and `max_behind`"
  demand(rightmostMs - nowMs <= config.maxAheadMs, 'head-ahead');
  demand(nowMs - rightmostMs <= config.maxBehindMs, 'head-behind');
  return { result, tree, heads: { treeHead, auditorTreeHead, retained: tree.retained } };
}

function headsOf(
  head: FullHead,
  state: UserState | null,
): { readonly treeHead: SignedHead; readonly auditorTreeHead: AuditorHead | null } {
  if (head.headType === 'same') {
    demand(state !== null, 'head-same');
    return state as UserState;
  }
  const { treeHead, auditorTreeHead = null } = head;
  demand(state === null || treeHead.treeSize > state.treeHead.treeSize, 'heads-reversed');
  return { treeHead, auditorTreeHead };
}

/** The four steps of "Auditor Tree Head Signature". */
function verifyAuditor(
  config: LogConfiguration,
  state: UserState | null,
  { timestampMs, treeSize, signature }: AuditorHead,
  { auditorRoot, retained }: VerifiedTree,
  rightmostMs: number,
): void {
  const before = state?.auditorTreeHead ?? null;
  demand(before === null || before.treeSize >= (config.auditorStartPos as number), 'auditor-start');
  demand(rightmostMs >= timestampMs, 'auditor-time');
  demand(rightmostMs - timestampMs <= (config.maxAuditorLagMs as number), 'auditor-lag');
  demand(treeSize <= retained.treeSize, 'heads-reversed');
  const fields = { config, timestampMs, treeSize, root: auditorRoot };
  const tbs = writeWire('AuditorTreeHeadTbs', fields, contextOf(config)).bytes;
  demand(isSignedBy(config, config.auditorPublicKey, tbs, signature), 'auditor-signature');
}

// ------------------------------------------------------------------------------------- versions

/** "Compute the VRF output for each version of the label from the proofs". */
export function openLadder(
  config: LogConfiguration,
  label: Bytes,
  versions: readonly number[],
  steps: readonly LadderStep[],
  mayHaveCommitment: (version: number) => boolean,
): Map<number, VersionKey> {
  demand(steps.length === versions.length, 'ladder-steps');
  return new Map(
    versions.map((version, i) => {
      const { proof, commitment: given } = steps[i] as LadderStep;
      demand(given === undefined || mayHaveCommitment(version), 'ladder-commitment');
      const alpha = writeWire('VrfInput', { label, version }, contextOf(config)).bytes;
      const beta = vrfVerify(SUITES[config.ciphersuite].vrf, config.vrfPublicKey, alpha, proof);
      return [version, { vrfOutput: vrfOutput(beta), commitment: given }];
    }),
  );
}

/** "Users MUST successfully verify this signature before consuming `UpdateValue.value`." */
export function commitmentTo(
  config: LogConfiguration,
  label: Bytes,
  version: number,
  opening: Bytes,
  update: UpdateField,
): Bytes {
  const context = contextOf(config);
  if (config.mode === 'thirdPartyManagement') {
    const tbs = writeWire('UpdateTbs', { config, label, version, value: update.value }, context).bytes;
    const { signature } = update.suffix;
    demand(isSignedBy(config, config.leafPublicKey, tbs, signature as Bytes), 'value-signature');
  }
  return commitment(writeWire('CommitmentValue', { opening, label, version, update }, context).bytes);
}

/** What is known of versions with what a response brings: the log must not say otherwise than before. */
export function withVersions(
  kept: ReadonlyMap<number, VersionKey>,
  brought: ReadonlyMap<number, VersionKey>,
): Map<number, VersionKey> {
  const all = new Map(kept);
  for (const [version, { vrfOutput: output, commitment: given }] of brought) {
    const before = all.get(version);
    demand(before === undefined || equal(before.vrfOutput, output), 'retained-version');
    const old = before?.commitment;
    demand(old === undefined || given === undefined || equal(old, given), 'retained-version');
    all.set(version, { vrfOutput: output, commitment: given ?? old });
  }
  return all;
}

// ------------------------------------------------------------------------------------- the label

/** "no `position` or `version` is duplicate", and both ascend: of two pairs the one that shows more is kept. */
export function withPair(map: readonly MapEntry[], pair: MapEntry): readonly MapEntry[] {
  const covers = (a: MapEntry, b: MapEntry): boolean => a.version >= b.version && a.position <= b.position;
  if (map.some((other) => covers(other, pair))) return map;
  return [...map.filter((other) => !covers(pair, other)), pair].sort((a, b) => a.position - b.position);
}

/** What is retained of the label: no more than ladders to come will look up. */
export function labelAfter(
  monitored: readonly MapEntry[],
  owned: Owned | null,
  known: ReadonlyMap<number, VersionKey>,
): LabelState | null {
  if (monitored.length === 0 && owned === null) return null;
  const monitoring = monitored.flatMap(({ version }) => order.monitoringBinaryLadder(version));
  const owning = owned === null ? [] : [owned.greatestAtStart, ...owned.later.map(({ version }) => version)];
  const ladders = owning.flatMap((version) => (version === null ? [0] : order.baseBinaryLadder(version)));
  const needed = [...new Set([...monitoring, ...ladders])].sort((a, b) => a - b);
  demand(
    needed.every((version) => known.has(version)),
    'ladder-steps',
  );
  demand(
    monitoring.every((version) => known.get(version)?.commitment !== undefined),
    'ladder-commitment',
  );
  return {
    monitored,
    owned,
    versions: new Map(needed.map((version) => [version, known.get(version) as VersionKey])),
  };
}

/** The greatest version that the user has been shown, as far as that is retained; -1 for none. */
export function greatestKnown(label: LabelState | null): number {
  const owned = label?.owned ?? null;
  const monitored = label?.monitored.map(({ version }) => version) ?? [];
  return Math.max(-1, ...monitored, (owned && greatestOf(owned)) ?? -1);
}
