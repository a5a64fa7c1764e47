/**
 * "User Operations" of draft-ietf-keytrans-protocol (commit 526cc8a) as a user carries them out: each takes the bytes
 * of a request and of what answered it, and ends in a new state or a `Refusal`. "Queries that fail full verification
 * MUST NOT modify the user's protocol state in any way."
 */
import { demand } from './encoding.js';
import { distinguishedWalk, type RecentRule } from './keytrans-distinguished.js';
import type { Combined, VersionKey } from './keytrans-entries.js';
import { contactAlgorithm, type MapEntry } from './keytrans-monitoring.js';
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

export interface Advertised {
  readonly last: number | undefined;
}

/** "populate the `last` field of any subsequent query request with the `tree_size` of the last `TreeHead`" */
export function readRequest<Request extends Advertised>(
  name: string,
  bytes: Bytes,
  { config, state }: User,
): Request {
  const request = readWire(name, bytes, contextOf(config)) as Request;
  if (request.last !== state?.treeHead.treeSize) throw new Error('the request of another user');
  return request;
}

const NOTHING: LabelState = { monitored: [], owned: null, versions: new Map() };
export const labelOf = ({ state }: User): LabelState => state?.label ?? NOTHING;

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
