/**
 * "User Operations" of draft-ietf-keytrans-protocol (commit 526cc8a) that a label's owner carries out: "Owner
 * Initialization", "Owner Monitoring" and "Updating a Label".
 */
import { demand } from './encoding.js';
import type { Combined, VersionKey } from './keytrans-entries.js';
import { labelUpdate, newlyProven } from './keytrans-label-updates.js';
import {
  contactAlgorithm,
  expectedAt,
  greatestOf,
  type MapEntry,
  type Owned,
  ownerInitialization,
  ownerMonitoring,
} from './keytrans-monitoring.js';
import { type Advertised, labelOf, type MonitorResponseFields, readRequest } from './keytrans-operations.js';
import * as order from './keytrans-order.js';
import {
  commitmentTo,
  contextOf,
  type FullHead,
  labelAfter,
  type LadderStep,
  openLadder,
  type UpdateField,
  type User,
  type UserState,
  verifyAnswer,
  withPair,
  withVersions,
} from './keytrans-users.js';
import { readWire } from './keytrans-wire.js';

type Bytes = Uint8Array;

function ownedBy(user: User): Owned {
  const { owned } = labelOf(user);
  if (owned === null) throw new Error('the label is not owned');
  return owned;
}

// ------------------------------------------------------------------------------------- "Owner Initialization"

export interface OwnerInitResponseFields {
  readonly fullTreeHead: FullHead;
  readonly greatestVersions: readonly number[];
  readonly binaryLadder: readonly LadderStep[];
  readonly init: Combined;
}

export interface OwnerInitRequestFields extends Advertised {
  readonly label: Bytes;
  readonly start: number;
}

/** The versions of which the response has VRF proofs. */
export const ownedLadder = (greatestVersions: readonly number[]): number[] =>
  [...new Set([0, ...greatestVersions.flatMap(order.baseBinaryLadder)])].sort((a, b) => a - b);

export function ownerInit(
  user: User,
  requestBytes: Bytes,
  responseBytes: Bytes,
): { readonly greatestVersion: number | null; readonly after: UserState } {
  const { config } = user;
  const { label, start } = readRequest<OwnerInitRequestFields>('OwnerInitRequest', requestBytes, user);
  const response = readWire('OwnerInitResponse', responseBytes, contextOf(config)) as OwnerInitResponseFields;
  const { greatestVersions, fullTreeHead, init } = response;
  // Step 1: "in descending order", or as the algorithm has it, each "less than or equal to the one prior".
  const isDescending = greatestVersions.every(
    (one, i) => i === 0 || one <= (greatestVersions[i - 1] as number),
  );
  demand(isDescending, 'owned-versions');
  // Step 2
  const greatestVersion = greatestVersions[0] ?? null;
  const steps = ownedLadder(greatestVersions);
  const ladder = openLadder(
    config,
    label,
    steps,
    response.binaryLadder,
    (version) => greatestVersion !== null && version <= greatestVersion,
  );
  for (const version of greatestVersions) {
    demand(ladder.get(version)?.commitment !== undefined, 'ladder-commitment');
  }
  const { monitored, versions } = labelOf(user);
  const known = withVersions(versions, ladder);
  // Steps 3 to 5
  const { result: inspected, heads } = verifyAnswer(user, fullTreeHead, init, ladder, (entries) =>
    ownerInitialization(entries, start, greatestVersions),
  );
  demand(greatestVersions.length <= inspected, 'owned-versions');
  const owned: Owned = { start, greatestAtStart: greatestVersion, later: [] };
  return { greatestVersion, after: { ...heads, label: labelAfter(monitored, owned, known) } };
}

// ------------------------------------------------------------------------------------- "Owner Monitoring"

export interface OwnerMonitorRequestFields extends Advertised {
  readonly label: Bytes;
  readonly entries: readonly MapEntry[];
  readonly start: number;
  readonly greatestVersion: number | undefined;
}

export function ownerMonitor(
  user: User,
  requestBytes: Bytes,
  responseBytes: Bytes,
): { readonly verified: number; readonly isComplete: boolean; readonly after: UserState } {
  const { config } = user;
  const request = readRequest<OwnerMonitorRequestFields>('OwnerMonitorRequest', requestBytes, user);
  const response = readWire(
    'OwnerMonitorResponse',
    responseBytes,
    contextOf(config),
  ) as MonitorResponseFields;
  const owned = ownedBy(user);
  const { versions } = labelOf(user);
  const { result, heads } = verifyAnswer(
    user,
    response.fullTreeHead,
    response.monitor,
    versions,
    (entries) => {
      const monitored = contactAlgorithm(entries, request.entries, request.start);
      return { monitored, ...ownerMonitoring(entries, owned) };
    },
  );
  const { monitored, verified, isComplete } = result;
  const further: Owned = {
    start: verified,
    greatestAtStart: expectedAt(owned, verified),
    later: owned.later.filter(({ position }) => position > verified),
  };
  return { verified, isComplete, after: { ...heads, label: labelAfter(monitored, further, versions) } };
}

// ------------------------------------------------------------------------------------- "Updating a Label"

export interface UpdateRequestFields extends Advertised {
  readonly label: Bytes;
  readonly greatestVersion: number | undefined;
  readonly values: readonly { readonly value: Bytes }[];
}

export interface UpdateResponseFields {
  readonly fullTreeHead: FullHead;
  readonly position: number;
  readonly skippedVersions: number | undefined;
  readonly values: readonly { readonly value: Bytes }[];
  readonly info: readonly { readonly opening: Bytes; readonly suffix: UpdateField['suffix'] }[];
  readonly binaryLadder: readonly LadderStep[];
  readonly update: Combined;
}

export interface NewVersion {
  readonly version: number;
  readonly position: number;
  /** Null for a version that was skipped. */
  readonly value: Bytes | null;
  /** Whether it is one of those that the request asked for. */
  readonly isOwn: boolean;
}

export function update(
  user: User,
  requestBytes: Bytes,
  responses: readonly Bytes[],
): { readonly versions: readonly NewVersion[]; readonly after: UserState } {
  const request = readRequest<UpdateRequestFields>('UpdateRequest', requestBytes, user);
  let { state } = user;
  let values = request.values;
  const versions: NewVersion[] = [];
  // "processed by clients serially as if an `UpdateRequest` with the following parameters had been sent"
  for (const bytes of responses) {
    const one = takeUpdate({ ...user, state }, request.label, values, bytes);
    versions.push(...one.versions);
    state = one.after;
    if (one.isCreated) values = [];
  }
  demand(versions.length > 0, 'update-versions');
  return { versions, after: state as UserState };
}

function takeUpdate(
  user: User,
  label: Bytes,
  asked: readonly { readonly value: Bytes }[],
  bytes: Bytes,
): { readonly versions: readonly NewVersion[]; readonly isCreated: boolean; readonly after: UserState } {
  const { config } = user;
  const owned = ownedBy(user);
  const kept = labelOf(user);
  const previous = greatestOf(owned);
  const response = readWire('UpdateResponse', bytes, contextOf(config)) as UpdateResponseFields;
  const { position, info, skippedVersions: skipped = 0, fullTreeHead, update: proof } = response;
  // Step 1
  demand(position > (owned.later.at(-1)?.position ?? owned.start), 'update-position');
  // Step 2
  const isCreated = response.values.length === 0;
  const values = isCreated ? asked : response.values;
  demand(info.length > 0 && info.length === values.length, 'update-versions');
  // Of more than 319 versions a response cannot have the VRF proofs: 255, and 64 that are known.
  demand(skipped + info.length <= 255 + 64, 'ladder-steps');
  const first = (previous ?? -1) + 1;
  demand(first + skipped + info.length - 1 < 2 ** 32, 'update-versions');
  const created = Array.from({ length: skipped + info.length }, (_, i) => first + i);
  // Step 4
  const steps = newlyProven(previous, created);
  const ladder = openLadder(config, label, steps, response.binaryLadder, (version) => version < first);
  const told = withVersions(kept.versions, ladder);
  // Step 3. "Skipped versions are inserted into the prefix tree with an all-zero commitment value".
  const commitments = created.map((version, i): [number, VersionKey] => {
    const { vrfOutput } = told.get(version) as VersionKey;
    if (i < skipped) return [version, { vrfOutput, commitment: Buffer.alloc(32) }];
    const { opening, suffix } = info[i - skipped] as UpdateResponseFields['info'][number];
    const { value } = values[i - skipped] as { readonly value: Bytes };
    return [
      version,
      { vrfOutput, commitment: commitmentTo(config, label, version, opening, { value, suffix }) },
    ];
  });
  const known = withVersions(told, new Map(commitments));
  // Steps 5 to 7
  const { result: isDistinguished, heads } = verifyAnswer(user, fullTreeHead, proof, known, (entries) => {
    demand(position < entries.task.treeSize, 'update-position');
    return labelUpdate(entries, position, created, owned);
  });
  const pair = { position, version: created.at(-1) as number };
  const monitored = isDistinguished ? kept.monitored : withPair(kept.monitored, pair);
  const after = labelAfter(monitored, { ...owned, later: [...owned.later, pair] }, known);
  const versions = created.map((version, i): NewVersion => {
    const value = values[i - skipped]?.value ?? null;
    return { version, position, value, isOwn: isCreated && value !== null };
  });
  return { versions, isCreated, after: { ...heads, label: after } };
}
