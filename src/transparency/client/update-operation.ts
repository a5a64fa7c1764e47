/**
 * New versions of an owned label: creating them, and being told of those that others created (draft, "Updating a
 * Label").
 *
 *     request   greatest_version 4, values A B
 *     response  position 21, values C       version 5 was there already: A and B are disregarded
 *     response  position 30, values -       versions 6 and 7 are A and B
 */

import { VerificationError } from '../../errors.js';
import { type LabelState, mergeVersions, withLabel } from './client-state.js';
import { walkLabelUpdate } from '../walks/label-update.js';
import { baseLadder } from '../walks/ladder.js';
import { commitmentTo, openLadder } from '../verifier/ladder-steps.js';
import { addToMap } from './monitor-map.js';
import { greatestOf, lastPositionOf, expectedAt, type OwnedLabel, withInsertion } from './owned-label.js';
import type { Operation, OperationContext } from './operation.js';
import { VERSION_MAX } from '../walks/order-bounds.js';
import { ownedLabelOf } from './owner-operations.js';
import type { KnownVersion } from '../verifier/received-proof.js';
import {
  encodeUpdateRequest,
  type LabelValue,
  parseUpdateResponse,
  type UpdateInfo,
  type UpdateResponse,
} from '../wire/update-messages.js';
import { newestMs, verifyProof } from '../verifier/verified-proof.js';

/** A version that was verified to be where it was inserted. Frozen. */
export interface InsertedVersion {
  readonly version: number;
  /** The log entry that it was inserted in. */
  readonly position: number;
  /**
   * `undefined` for a version that was skipped: operator and manager of the log did not agree about it, and it has no
   * value.
   */
  readonly value: Uint8Array | undefined;
  /** Whether it is one of those that the request brought. All others somebody else made: show them to the user. */
  readonly isOwn: boolean;
}

/** What came of an update. Frozen. */
export interface UpdatedLabel {
  readonly treeSize: number;
  /** When that tree was current: the time of its newest log entry, in milliseconds since 1970. */
  readonly timestampMs: number;
  /** All versions that are new to the owner, ascending. */
  readonly versions: readonly InsertedVersion[];
  /** Whether the request's values were taken. Where not, and there were any: review the versions, and ask again. */
  readonly isCreated: boolean;
}

/** Steps of a ladder, at most: what a response can tell of versions. */
const STEPS_MAX = 255;
/** Versions of a ladder, at most: so many the owner may know already. */
const LADDER_MAX = 64;

/** Where the responses to one request have led to. */
interface Progress {
  readonly state: OperationContext['state'];
  readonly kept: LabelState & { readonly owned: OwnedLabel };
  /** What the request counts as bringing. */
  readonly values: readonly LabelValue[];
  readonly versions: readonly InsertedVersion[];
}

/**
 * An update that is ready to be sent.
 * @param values none to be told of versions that exist
 * @throws StateError `ERR_NOT_READY` the label is not owned
 */
export function prepareUpdate(
  context: OperationContext,
  label: Uint8Array,
  values: readonly Uint8Array[],
): Operation<UpdatedLabel, readonly Uint8Array[]> {
  const { state } = context;
  const kept = ownedLabelOf(state, label);
  const sent = values.map((value) => Object.freeze({ value: Uint8Array.from(value) }));
  const last = state.head?.treeHead.treeSize;
  return {
    request: encodeUpdateRequest({ last, label, greatestVersion: greatestOf(kept.owned), values: sent }),

    verify(responses, nowMs) {
      let progress: Progress = { state, kept, values: sent, versions: [] };
      for (const bytes of responses) progress = takeResponse(context, progress, bytes, nowMs);
      const { versions } = progress;
      const { head } = progress.state;
      if (versions.length === 0 || head === undefined) {
        throw new VerificationError('ERR_UPDATE_VERSIONS', 'no version is told of');
      }
      return {
        result: Object.freeze({
          treeSize: head.treeHead.treeSize,
          timestampMs: newestMs(head),
          versions,
          isCreated: versions.some(({ isOwn }) => isOwn),
        }),
        state: progress.state,
      };
    },
  };
}

/** One response, as if its request had been sent after the one before. */
function takeResponse(
  { log }: OperationContext,
  { state, kept, values: sent, versions: before }: Progress,
  bytes: Uint8Array,
  nowMs: number,
): Progress {
  const { configuration } = log;
  const { label, owned } = kept;
  const previousGreatest = greatestOf(owned);
  const response = parseUpdateResponse(bytes, configuration);
  const { fullTreeHead, position, binaryLadder, update } = response;
  if (position <= lastPositionOf(owned)) {
    throw new VerificationError('ERR_UPDATE_POSITION', 'new versions where the owner had looked');
  }
  const inserted = insertedBy(response, sent, (previousGreatest ?? -1) + 1);
  const greatest = (inserted.at(-1) as Inserted).version;
  const created = inserted.map(({ version }) => version);
  // Of a greater version's ladder, what is up to the previous greatest is in the ladder of that: no step is of a version
  // that was there before, and so none has a commitment.
  const steps = newSteps(previousGreatest, greatest, created);
  const ladder = openLadder(log, label, steps, binaryLadder, () => false);
  const told = mergeVersions(kept.versions, ladder);
  const known = mergeVersions(told, commitmentsOf(log, label, inserted, told));

  const { result, head } = verifyProof(
    { fullTreeHead, proof: update },
    {
      log,
      known: state.head,
      versions: known,
      nowMs,
      walk(treeSize) {
        if (position >= treeSize) {
          throw new VerificationError('ERR_UPDATE_POSITION', 'the log has no such entry');
        }
        return walkLabelUpdate(treeSize, configuration.reasonableMonitoringWindowMs, {
          position,
          previousGreatest,
          previousPosition: lastPositionOf(owned),
          versions: created,
          greatestAt: (at) => expectedAt(owned, at),
        });
      },
    },
  );
  const insertion = { position, version: greatest };
  const after = {
    ...kept,
    owned: withInsertion(owned, insertion),
    monitored: result.isDistinguished ? kept.monitored : addToMap(kept.monitored, insertion),
  };
  const next = withLabel(state, head, after, known);
  return {
    state: next,
    kept: ownedLabelOf(next, label),
    values: response.values.length === 0 ? [] : sent,
    versions: Object.freeze([
      ...before,
      ...inserted.map(({ version, value }) =>
        Object.freeze({
          version,
          position,
          value,
          isOwn: response.values.length === 0 && value !== undefined,
        }),
      ),
    ]),
  };
}

/** A new version, before its place in the tree is verified. */
interface Inserted {
  readonly version: number;
  readonly value: Uint8Array | undefined;
  readonly info: UpdateInfo | undefined;
}

/**
 * The new versions: skipped ones first, then those that the response has information of.
 * @throws VerificationError `ERR_UPDATE_VERSIONS`; `ERR_LADDER_STEPS` more than a response can have VRF proofs of
 */
function insertedBy(
  response: UpdateResponse,
  sent: readonly LabelValue[],
  first: number,
): readonly Inserted[] {
  const { skippedVersions: skipped = 0, info } = response;
  const values = response.values.length > 0 ? response.values : sent;
  if (info.length === 0 || info.length !== values.length) {
    throw new VerificationError('ERR_UPDATE_VERSIONS', 'the openings are not those of the values');
  }
  const count = skipped + info.length;
  if (count > STEPS_MAX + LADDER_MAX) {
    throw new VerificationError('ERR_LADDER_STEPS', 'more versions than there can be VRF proofs');
  }
  if (first + count - 1 > VERSION_MAX) {
    throw new VerificationError('ERR_UPDATE_VERSIONS', 'versions above the greatest that there can be');
  }
  return Array.from(
    { length: count },
    (_, i): Inserted => ({
      version: first + i,
      value: i < skipped ? undefined : (values[i - skipped] as LabelValue).value,
      info: i < skipped ? undefined : info[i - skipped],
    }),
  );
}

/** The versions that a response has VRF proofs of: those of the new ladder, and the new ones, without the old ladder. */
function newSteps(
  previousGreatest: number | undefined,
  greatest: number,
  created: readonly number[],
): readonly number[] {
  const old = new Set(previousGreatest === undefined ? [0] : baseLadder(previousGreatest));
  const all = new Set([...baseLadder(greatest), ...created]);
  return [...all].filter((version) => !old.has(version)).sort((a, b) => a - b);
}

/** What the new versions are committed with: all zeros where one was skipped. */
function commitmentsOf(
  log: OperationContext['log'],
  label: Uint8Array,
  inserted: readonly Inserted[],
  told: ReadonlyMap<number, KnownVersion>,
): ReadonlyMap<number, KnownVersion> {
  return new Map(
    inserted.map(({ version, value, info }) => {
      const { vrfOutput } = told.get(version) as KnownVersion;
      const commitment =
        value === undefined || info === undefined
          ? new Uint8Array(SKIPPED_BYTES)
          : commitmentTo(log, {
              label,
              version,
              opening: info.opening,
              update: { value, suffix: info.suffix },
            });
      return [version, { vrfOutput, commitment }];
    }),
  );
}

/** Bytes of a commitment. */
const SKIPPED_BYTES = 32;
