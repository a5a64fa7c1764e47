/**
 * Taking ownership of a label, and monitoring it from then on (draft, "Owner Initialization", "Owner Monitoring").
 */

import { PolicyError, StateError, VerificationError } from '../../errors.js';
import { labelOf, type LabelState, mergeVersions, withLabel } from './client-state.js';
import { baseLadder } from '../walks/ladder.js';
import { openLadder } from '../verifier/ladder-steps.js';
import { walkMonitoring } from '../walks/monitoring.js';
import type { Operation, OperationContext } from './operation.js';
import {
  encodeOwnerInitRequest,
  encodeOwnerMonitorRequest,
  type OwnerInitResponse,
  parseOwnerInitResponse,
  parseOwnerMonitorResponse,
} from '../wire/owner-messages.js';
import { advanceTo, expectedAt, greatestOf, type OwnedLabel } from './owned-label.js';
import { walkOwnerInitialization, walkOwnerMonitoring } from '../walks/owner-walks.js';
import { verifyProof } from '../verifier/verified-proof.js';

/** A label that is owned from now on. Frozen. */
export interface InitializedOwner {
  /** Size of the tree that was looked at. */
  readonly treeSize: number;
  /** The greatest version at the starting position; `undefined` where the label did not exist there. */
  readonly version: number | undefined;
}

/** How far an owner's monitoring came. Frozen. */
export interface MonitoredOwner {
  readonly treeSize: number;
  /** The rightmost distinguished log entry that is verified. */
  readonly position: number;
  /**
   * What is to be done next: `nothing` until monitoring is due again; `monitor` at once, for there is more; `update`,
   * without values, as no further entry was verified: the log seems to hold versions that the owner does not know. A
   * log that then tells of none is withholding them.
   */
  readonly next: 'nothing' | 'monitor' | 'update';
}

/** An owner's initialization that is ready to be sent. */
export function prepareOwnerInitialization(
  { log, state }: OperationContext,
  label: Uint8Array,
  start: number,
): Operation<InitializedOwner> {
  const { configuration } = log;
  const last = state.head?.treeHead.treeSize;
  return {
    request: encodeOwnerInitRequest({ last, label, start }),

    verify(bytes, nowMs) {
      const response = parseOwnerInitResponse(bytes, configuration);
      const { fullTreeHead, greatestVersions, binaryLadder, init } = response;
      assertDescending(greatestVersions);
      const [greatestAtStart] = greatestVersions;
      const ladder = openLadder(log, label, ladderOf(response), binaryLadder, (version) =>
        greatestAtStart === undefined ? false : version <= greatestAtStart,
      );
      for (const version of greatestVersions) {
        if (ladder.get(version)?.commitment === undefined) {
          throw new VerificationError('ERR_LADDER_COMMITMENT', 'a greatest version has no commitment');
        }
      }
      const kept = labelOf(state, label);
      const versions = mergeVersions(kept?.versions, ladder);
      const { result: owned, head } = verifyProof(
        { fullTreeHead, proof: init },
        {
          log,
          known: state.head,
          versions: ladder,
          nowMs,
          walk(treeSize) {
            if (start >= treeSize) throw new PolicyError('ERR_OWNER_START', 'the log has no such entry yet');
            return walkOwnerInitialization(treeSize, configuration, start, (_, i) => greatestVersions[i]);
          },
        },
      );
      if (greatestVersions.length > owned.length) {
        throw new VerificationError('ERR_OWNED_VERSIONS', 'versions for more log entries than there are');
      }
      const { treeSize } = head.treeHead;
      const after: OwnedLabel = Object.freeze({ start, greatestAtStart, later: Object.freeze([]) });
      return {
        result: Object.freeze({ treeSize, version: greatestAtStart }),
        state: withLabel(
          state,
          head,
          { label, checkedMs: nowMs, isPartial: false, monitored: kept?.monitored ?? [], owned: after },
          versions,
        ),
      };
    },
  };
}

/** "Verify that each version is less than or equal to the one prior" (draft, "Owner Algorithm"). */
function assertDescending(versions: readonly number[]): void {
  if (!versions.every((version, i) => i === 0 || version <= (versions[i - 1] as number))) {
    throw new VerificationError('ERR_OWNED_VERSIONS', 'greatest versions rise to the left');
  }
}

/** Version 0, and all of the ladders for the greatest versions, ascending. */
function ladderOf({ greatestVersions }: OwnerInitResponse): readonly number[] {
  return [...new Set([0, ...greatestVersions.flatMap(baseLadder)])].sort((a, b) => a - b);
}

/**
 * An owner's monitoring that is ready to be sent.
 * @throws StateError `ERR_NOT_READY` the label is not owned
 */
export function prepareOwnerMonitoring(
  { log, state }: OperationContext,
  label: Uint8Array,
): Operation<MonitoredOwner> {
  const { owned, monitored, versions } = ownedLabelOf(state, label);
  const { configuration } = log;
  const windowMs = configuration.reasonableMonitoringWindowMs;
  const { start } = owned;
  const last = state.head?.treeHead.treeSize;
  const greatestVersion = greatestOf(owned);
  return {
    request: encodeOwnerMonitorRequest({ last, label, entries: monitored, start, greatestVersion }),

    verify(bytes, nowMs) {
      const { fullTreeHead, monitor } = parseOwnerMonitorResponse(bytes, configuration);
      const { result, head } = verifyProof(
        { fullTreeHead, proof: monitor },
        {
          log,
          known: state.head,
          versions,
          nowMs,
          walk: function* (treeSize) {
            const left = yield* walkMonitoring({ treeSize, windowMs, ownerStart: start }, monitored);
            const expected = (position: number): number | undefined => expectedAt(owned, position);
            const { verified, isPartial } = yield* walkOwnerMonitoring(treeSize, windowMs, start, expected);
            return { left, verified, isPartial };
          },
        },
      );
      const { left, verified, isPartial } = result;
      const further = verified > start ? 'monitor' : 'update';
      return {
        result: Object.freeze({
          treeSize: head.treeHead.treeSize,
          position: verified,
          next: isPartial ? further : 'nothing',
        }),
        state: withLabel(
          state,
          head,
          { label, checkedMs: nowMs, isPartial, monitored: left, owned: advanceTo(owned, verified) },
          versions,
        ),
      };
    },
  };
}

/**
 * What is kept of a label that is owned.
 * @throws StateError `ERR_NOT_READY`
 */
export function ownedLabelOf(
  state: OperationContext['state'],
  label: Uint8Array,
): LabelState & { readonly owned: OwnedLabel } {
  const kept = labelOf(state, label);
  if (kept?.owned === undefined) throw new StateError('ERR_NOT_READY', 'this label is not owned');
  return { ...kept, owned: kept.owned };
}
