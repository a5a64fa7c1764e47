/**
 * "User Operations" of draft-ietf-keytrans-protocol (commit 526cc8a) as a user carries them out: each takes the bytes
 * of a request and of what answered it, and ends in a new state or a `Refusal`. "Queries that fail full verification
 * MUST NOT modify the user's protocol state in any way."
 */
import { demand } from './encoding.js';
import { distinguishedWalk, type RecentRule } from './keytrans-distinguished.js';
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
import * as order from './keytrans-order.js';
import { fixedVersion, greatestVersion } from './keytrans-searches.js';
import {
  commitmentTo,
  contextOf,
  type FullHead,
  greatestKnown,
  labelAfter,
  type LabelState,
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

interface Advertised {
  readonly last: number | undefined;
}

/** "populate the `last` field of any subsequent query request with the `tree_size` of the last `TreeHead`" */
function readRequest<Request extends Advertised>(
  name: string,
  bytes: Bytes,
  { config, state }: User,
): Request {
  const request = readWire(name, bytes, contextOf(config)) as Request;
  if (request.last !== state?.treeHead.treeSize) throw new Error('the request of another user');
  return request;
}

const NOTHING: LabelState = { monitored: [], owned: null, versions: new Map() };
const labelOf = ({ state }: User): LabelState => state?.label ?? NOTHING;

function ownedBy(user: User): Owned {
  const { owned } = labelOf(user);
  if (owned === null) throw new Error('the label is not owned');
  return owned;
}

// ------------------------------------------------------------------------------------- "Search"

export interface SearchRequestFields extends Advertised {
  readonly label: Bytes;
  readonly version: number | undefined;
}

export interface SearchResponseFields {
  readonly fullTreeHead: FullHead;
  readonly version: number | undefined;
  readonly opening: Bytes;
  readonly value: UpdateField;
  readonly binaryLadder: readonly LadderStep[];
  readonly search: Combined;
}

export interface FoundValue {
  readonly version: number;
  readonly value: Bytes;
  readonly terminal: number;
  readonly isMonitored: boolean;
  readonly after: UserState;
}

export function search(user: User, requestBytes: Bytes, responseBytes: Bytes): FoundValue {
  const { config, state } = user;
  const { label, version: named } = readRequest<SearchRequestFields>('SearchRequest', requestBytes, user);
  const context = contextOf(config, named !== undefined);
  const response = readWire('SearchResponse', responseBytes, context) as SearchResponseFields;
  const { opening, value: update } = response;
  const version = (named ?? response.version) as number;
  // Steps 1 to 3. Versions above the greatest do not exist, and have no commitment.
  const target = commitmentTo(config, label, version, opening, update);
  const ladder = order.baseBinaryLadder(version);
  const versions = openLadder(config, label, ladder, response.binaryLadder, (each) =>
    named === undefined ? each < version : each !== version,
  );
  const { vrfOutput } = versions.get(version) as VersionKey;
  versions.set(version, { vrfOutput, commitment: target });
  const known = withVersions(labelOf(user).versions, versions);
  // Steps 4 to 6
  const { result, heads } = verifyAnswer(user, response.fullTreeHead, response.search, versions, (entries) =>
    named === undefined ? greatestVersion(entries, version) : fixedVersion(entries, version),
  );
  // "clients MUST consider any `SearchResponse` with a negative result as invalid"
  demand(result.outcome !== 'absent', 'version-absent');
  demand(result.outcome !== 'expired', 'version-expired');
  // Versions only rise.
  if (named === undefined) demand(version >= greatestKnown(state?.label ?? null), 'greatest-version');
  const { rightmostDistinguished } = result;
  const terminal = result.terminal as number;
  // "the terminal log entry of their search is to the right of the rightmost distinguished log entry"
  const isMonitored = config.mode === 'contactMonitoring' && terminal > (rightmostDistinguished ?? -1);
  if (!isMonitored) {
    return {
      version,
      value: update.value,
      terminal,
      isMonitored,
      after: { ...heads, label: state?.label ?? null },
    };
  }
  const { monitored, owned } = labelOf(user);
  const after = labelAfter(withPair(monitored, { position: terminal, version }), owned, known);
  return { version, value: update.value, terminal, isMonitored, after: { ...heads, label: after } };
}

// ------------------------------------------------------------------------------------- "Contact Monitor"

export interface MonitorResponseFields {
  readonly fullTreeHead: FullHead;
  readonly monitor: Combined;
}

export function contactMonitor(
  user: User,
  requestBytes: Bytes,
  responseBytes: Bytes,
): { readonly after: UserState } {
  const { config } = user;
  const request = readRequest<Advertised & { readonly entries: readonly MapEntry[] }>(
    'ContactMonitorRequest',
    requestBytes,
    user,
  );
  const response = readWire(
    'ContactMonitorResponse',
    responseBytes,
    contextOf(config),
  ) as MonitorResponseFields;
  const { owned, versions } = labelOf(user);
  const { result, heads } = verifyAnswer(user, response.fullTreeHead, response.monitor, versions, (entries) =>
    contactAlgorithm(entries, request.entries, null),
  );
  return { after: { ...heads, label: labelAfter(result, owned, versions) } };
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

// ------------------------------------------------------------------------------------- "Walking Distinguished Heads"

export interface DistinguishedHeadFields {
  readonly position: number;
  readonly timestampMs: number;
  readonly root: Bytes;
}

export function distinguished(
  user: User,
  recent: RecentRule,
  requestBytes: Bytes,
  responseBytes: Bytes,
): { readonly heads: readonly DistinguishedHeadFields[]; readonly after: UserState } {
  const { config, state } = user;
  const { stop } = readRequest<Advertised & { readonly stop: number | undefined }>(
    'DistinguishedRequest',
    requestBytes,
    user,
  );
  const response = readWire('DistinguishedResponse', responseBytes, contextOf(config)) as {
    readonly fullTreeHead: FullHead;
    readonly distinguished: Combined;
  };
  const answer = verifyAnswer(user, response.fullTreeHead, response.distinguished, new Map(), (entries) =>
    distinguishedWalk(entries, stop ?? null, recent)
      .reverse()
      .map((position) => ({ position, timestampMs: entries.time(position) })),
  );
  const { result, tree, heads } = answer;
  // "The user then computes the log tree root value at each point where one of the recent distinguished log entries is
  // the rightmost log entry."
  return {
    heads: result.map((head) => ({ ...head, root: tree.rootAt(head.position + 1) })),
    after: { ...heads, label: state?.label ?? null },
  };
}
