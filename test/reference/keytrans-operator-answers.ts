/**
 * What a log answers to each request of "User Operations" (draft-ietf-keytrans-protocol, commit 526cc8a), as fields. The
 * history that it goes by is its operator's.
 */
import { type CredentialFields, type CredentialUpdateFields, monitoring } from './keytrans-credentials.js';
import { distinguishedWalk, type RecentRule } from './keytrans-distinguished.js';
import type { Entries } from './keytrans-entries.js';
import { labelUpdate, newlyProven } from './keytrans-label-updates.js';
import {
  contactAlgorithm,
  type MapEntry,
  ownerInitialization,
  ownerMonitoring,
} from './keytrans-monitoring.js';
import type {
  MonitorResponseFields,
  SearchRequestFields,
  SearchResponseFields,
} from './keytrans-operations.js';
import {
  ownedLadder,
  type OwnerInitRequestFields,
  type OwnerInitResponseFields,
  type OwnerMonitorRequestFields,
  type UpdateRequestFields,
  type UpdateResponseFields,
} from './keytrans-owner-operations.js';
import type { Answering, Operator, StoredVersion } from './keytrans-operator.js';
import * as order from './keytrans-order.js';
import { fixedVersion, greatestVersion } from './keytrans-searches.js';
import type { LadderStep } from './keytrans-users.js';
import type { Proof as PrefixProof } from './prefix-tree.js';

function stepOf(log: Operator, version: number, hasCommitment: boolean): LadderStep {
  return {
    proof: log.vrf(version).pi,
    commitment: hasCommitment ? log.keyOf(version).commitment : undefined,
  };
}

export function answerSearch(
  log: Operator,
  { last, version }: SearchRequestFields,
  how: Answering = {},
): SearchResponseFields {
  const greatest = log.greatestAt((how.treeSize ?? log.size) - 1);
  const target = version ?? greatest;
  const { value, opening, signature } = log.history[target] as StoredVersion;
  const { fullTreeHead, proof } = log.answer(
    last,
    (entries) => (version === undefined ? greatestVersion(entries, target) : fixedVersion(entries, target)),
    how,
  );
  return {
    fullTreeHead,
    version: version === undefined ? target : undefined,
    opening,
    value: { value: value as Uint8Array, suffix: { signature } },
    binaryLadder: order
      .baseBinaryLadder(target)
      .map((each) => stepOf(log, each, each !== target && each <= greatest)),
    search: proof,
  };
}

export function answerContactMonitor(
  log: Operator,
  { last, entries: map }: { readonly last: number | undefined; readonly entries: readonly MapEntry[] },
  how: Answering = {},
): MonitorResponseFields {
  const { fullTreeHead, proof } = log.answer(last, (entries) => contactAlgorithm(entries, map, null), how);
  return { fullTreeHead, monitor: proof };
}

export function answerOwnerInit(
  log: Operator,
  { last, start }: OwnerInitRequestFields,
  how: Answering = {},
): OwnerInitResponseFields {
  const treeSize = how.treeSize ?? log.size;
  const line = [start, ...order.directPath(start, treeSize).filter((x) => x < start)];
  const held = line.map((x) => log.greatestAt(x)).filter((greatest) => greatest >= 0);
  const { fullTreeHead, proof, result } = log.answer(
    last,
    (entries) => ownerInitialization(entries, start, held),
    how,
  );
  const greatestVersions = held.slice(0, result);
  return {
    fullTreeHead,
    greatestVersions,
    binaryLadder: ownedLadder(greatestVersions).map((version) =>
      stepOf(log, version, version <= (greatestVersions[0] ?? -1)),
    ),
    init: proof,
  };
}

/** @param page how many entries are shown at most */
export function answerOwnerMonitor(
  log: Operator,
  { last, entries: map, start, greatestVersion: known = -1 }: OwnerMonitorRequestFields,
  page: number,
  how: Answering = {},
): MonitorResponseFields {
  // "The Transparency Log may stop … if the greatest version … is greater than the version advertised by the user, or
  // if a maximum output size has been reached."
  const ends = (x: number, expected: number | null, looks: number): boolean =>
    looks >= page || log.greatestAt(x) > (expected ?? -1);
  const { fullTreeHead, proof } = log.answer(
    last,
    (entries) => {
      contactAlgorithm(entries, map, start);
      return ownerMonitoring(entries, log.ownedUpTo(known, start));
    },
    { ends, ...how },
  );
  return { fullTreeHead, monitor: proof };
}

/** The response about the insertion that follows a version. */
export function answerUpdate(
  log: Operator,
  { last, greatestVersion: known = -1 }: Pick<UpdateRequestFields, 'last' | 'greatestVersion'>,
  isCreated: boolean,
  how: Answering = {},
): UpdateResponseFields {
  const { position } = log.history[known + 1] as StoredVersion;
  const created = log.history.flatMap((stored, version) => (stored.position === position ? [version] : []));
  const stored = created.map((version) => log.history[version] as StoredVersion);
  const unskipped = stored.filter(({ value }) => value !== null);
  const previous = known < 0 ? null : known;
  const owned = log.ownedUpTo(known, -1);
  const { fullTreeHead, proof } = log.answer(
    last,
    (entries) => labelUpdate(entries, position, created, owned),
    how,
  );
  return {
    fullTreeHead,
    position,
    skippedVersions:
      log.config.mode === 'thirdPartyManagement' ? stored.length - unskipped.length : undefined,
    values: isCreated ? [] : unskipped.map(({ value }) => ({ value: value as Uint8Array })),
    info: unskipped.map(({ opening, signature }) => ({ opening, suffix: { signature } })),
    // "If a version … exists and is less than the user's advertised `greatest_version`".
    binaryLadder: newlyProven(previous, created).map((version) => stepOf(log, version, version < known)),
    update: proof,
  };
}

export function answerDistinguished(
  log: Operator,
  { last, stop }: { readonly last: number | undefined; readonly stop: number | undefined },
  recent: RecentRule,
  how: Answering = {},
) {
  const { fullTreeHead, proof } = log.answer(
    last,
    (entries) => distinguishedWalk(entries, stop ?? null, recent),
    how,
  );
  return { fullTreeHead, distinguished: proof };
}

// ------------------------------------------------------------------------------------- "Credentials"

/** @param type which to issue; default: standard where the entry has the version */
export function credentialOf(
  log: Operator,
  position: number,
  { treeSize = log.size, type }: Answering & { readonly type?: CredentialFields['credentialType'] } = {},
): CredentialFields {
  const version = log.greatestAt(treeSize - 1);
  const { value, opening, signature } = log.history[version] as StoredVersion;
  const shown = {
    label: log.options.label,
    version,
    opening,
    value: { value: value as Uint8Array, suffix: { signature } },
    binaryLadder: order.baseBinaryLadder(version).map((each) => stepOf(log, each, each < version)),
    position,
  };
  const isStandard = log.greatestAt(position) === version;
  if ((type ?? (isStandard ? 'standard' : 'provisional')) === 'standard') {
    const versions = order.searchBinaryLadder(version, version);
    const look = (entries: Entries): unknown => entries.lookUp(position, versions);
    const { proof } = log.answer(position + 1, look, { treeSize: position + 1 });
    return { ...shown, credentialType: 'standard', distinguished: proof.prefixProofs[0] as PrefixProof };
  }
  const { proof: search } = log.answer(position + 1, (entries) => greatestVersion(entries, version), {
    treeSize,
    auditorSize: null,
  });
  const { treeHead } = log.headOf(treeSize, null);
  return { ...shown, credentialType: 'provisional', treeHead, search };
}

export function credentialUpdateOf(
  log: Operator,
  version: number,
  treeSize: number,
  terminal: number,
  distinguished: number,
): CredentialUpdateFields {
  const walk = (entries: Entries): void => monitoring(entries, log.config, { version }, terminal);
  const how = { treeSize: distinguished + 1, auditorSize: null };
  return { monitor: log.answer(treeSize, walk, how).proof };
}
