/**
 * What a user keeps of a log between two operations: the newest verified head, the recent distinguished entries, and for
 * each label that is monitored or owned what the draft makes users retain ("User Operations", "Contact Algorithm",
 * "Owner Algorithm").
 *
 * Answers to monitoring carry no VRF proofs and no commitments. So the VRF output of every version that a ladder to
 * come will look up is kept, with the commitment where the version exists: losing one would end the monitoring.
 *
 * | what grows | bound | why it is enough |
 * | --- | --- | --- |
 * | recent distinguished entries | 10 | the draft's recommendation |
 * | labels | 65,535 | labels of contacts leave by themselves once an owner can have looked |
 * | monitored versions of a label | 255 | a request names no more; monitoring leaves one for each entry of the frontier |
 * | insertions since the owner's start | 255 | monitoring moves the start |
 * | versions of which something is kept | those of the ladders above, no other | 64 for each ladder |
 */

import { compareBytes, equalBytes } from '../../bytes/compare.js';
import { PolicyError, VerificationError } from '../../errors.js';
import { baseLadder, monitoringLadder } from '../walks/ladder.js';
import type { KnownDistinguished } from './known-distinguished.js';
import { MONITORED_MAX } from './monitor-map.js';
import type { MonitorMapEntry } from '../wire/monitor-messages.js';
import { LATER_MAX, type OwnedLabel } from './owned-label.js';
import type { KnownVersion } from '../verifier/received-proof.js';
import type { KnownHead } from '../verifier/verified-proof.js';

/** How many labels a state holds. */
export const LABELS_MAX = 65_535;

/** A user's state. Frozen; operations make a new one. */
export interface ClientState {
  /** `undefined` until the first answer is verified. */
  readonly head: KnownHead | undefined;
  /** Recent distinguished entries, from left to right. */
  readonly distinguished: readonly KnownDistinguished[];
  /** In ascending order of their bytes. */
  readonly labels: readonly LabelState[];
}

/** What is kept of a label. */
export interface LabelState {
  readonly label: Uint8Array;
  /** The user's clock when the label was last searched, monitored or updated with success. */
  readonly checkedMs: number;
  /** Whether an owner's monitoring ended before the rightmost distinguished entry. */
  readonly isPartial: boolean;
  /** In ascending order of position and of version. */
  readonly monitored: readonly MonitorMapEntry[];
  /** `undefined` where the user does not own the label. */
  readonly owned: OwnedLabel | undefined;
  /** What is known of the versions that ladders will look up, by version, ascending. */
  readonly versions: ReadonlyMap<number, KnownVersion>;
}

/** The state of a user who knows nothing. */
export const EMPTY_STATE: ClientState = /* @__PURE__ */ Object.freeze({
  head: undefined,
  distinguished: /* @__PURE__ */ Object.freeze([]),
  labels: /* @__PURE__ */ Object.freeze([]),
});

/** What is kept of a label, or `undefined`. */
export function labelOf({ labels }: ClientState, label: Uint8Array): LabelState | undefined {
  return labels.find((each) => equalBytes(each.label, label));
}

/**
 * The state after an operation on a label: with the new head, and with what is left to keep of the label.
 * @param known what is known of versions by now, kept or new
 * @throws VerificationError `ERR_LADDER_COMMITMENT` a version that is to be monitored came without its commitment
 * @throws PolicyError `ERR_STATE_LIMIT`
 */
export function withLabel(
  state: ClientState,
  head: KnownHead,
  kept: Omit<LabelState, 'versions'>,
  known: ReadonlyMap<number, KnownVersion>,
): ClientState {
  const others = state.labels.filter(({ label }) => !equalBytes(label, kept.label));
  if (kept.monitored.length === 0 && kept.owned === undefined) {
    return Object.freeze({ ...state, head, labels: Object.freeze(others) });
  }
  const later = kept.owned?.later ?? [];
  if (others.length >= LABELS_MAX || kept.monitored.length > MONITORED_MAX || later.length > LATER_MAX) {
    throw new PolicyError('ERR_STATE_LIMIT', 'more than a state holds: monitor first, or forget labels');
  }
  const versions = new Map(neededVersions(kept).map((version) => [version, knownOf(known, version)]));
  for (const { version } of kept.monitored) {
    const isBare = monitoringLadder(version).some((each) => versions.get(each)?.commitment === undefined);
    if (isBare) throw new VerificationError('ERR_LADDER_COMMITMENT', 'a monitored version has no commitment');
  }
  const all = [...others, Object.freeze({ ...kept, versions })];
  all.sort((a, b) => compareBytes(a.label, b.label));
  return Object.freeze({ ...state, head, labels: Object.freeze(all) });
}

/** The state after an operation that is about no label, or leaves nothing to keep of one. */
export function withHead(state: ClientState, head: KnownHead): ClientState {
  return Object.freeze({ ...state, head });
}

/** The state without a label. */
export function withoutLabel(state: ClientState, label: Uint8Array): ClientState {
  const labels = state.labels.filter((each) => !equalBytes(each.label, label));
  return Object.freeze({ ...state, labels: Object.freeze(labels) });
}

/** The versions that ladders to come will look up, ascending. */
export function neededVersions({
  monitored,
  owned,
}: Pick<LabelState, 'monitored' | 'owned'>): readonly number[] {
  // Of a label that does not exist the absence of version 0 is shown, and a log gives no other VRF proof.
  const atStart = owned?.greatestAtStart === undefined ? [0] : baseLadder(owned.greatestAtStart);
  const needed = new Set([
    ...monitored.map(versionOf).flatMap(monitoringLadder),
    ...(owned === undefined ? [] : [...atStart, ...owned.later.map(versionOf).flatMap(baseLadder)]),
  ]);
  return [...needed].sort((a, b) => a - b);
}

/**
 * What is known of versions once an answer is added to what was kept.
 * @throws VerificationError `ERR_RETAINED_VERSION` the log says otherwise than before
 */
export function mergeVersions(
  kept: ReadonlyMap<number, KnownVersion> | undefined,
  answered: ReadonlyMap<number, KnownVersion>,
): Map<number, KnownVersion> {
  const merged = new Map(kept);
  for (const [version, { vrfOutput, commitment }] of answered) {
    const before = merged.get(version);
    const isSame =
      before === undefined ||
      (equalBytes(before.vrfOutput, vrfOutput) &&
        (before.commitment === undefined ||
          commitment === undefined ||
          equalBytes(before.commitment, commitment)));
    if (!isSame) throw new VerificationError('ERR_RETAINED_VERSION', 'the log had another version before');
    merged.set(version, Object.freeze({ vrfOutput, commitment: commitment ?? before?.commitment }));
  }
  return merged;
}

const versionOf = ({ version }: MonitorMapEntry): number => version;

function knownOf(known: ReadonlyMap<number, KnownVersion>, version: number): KnownVersion {
  const found = known.get(version);
  if (found === undefined) throw new VerificationError('ERR_LADDER_STEPS', 'a version has no VRF proof');
  return found;
}
