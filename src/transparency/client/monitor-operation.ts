/**
 * Monitoring versions of a label that were found (draft, "Contact Monitor"). Answers carry no VRF proofs: what ladders
 * look up was kept from the search.
 */

import { StateError } from '../../errors.js';
import { type ClientState, labelOf, type LabelState, withLabel } from './client-state.js';
import {
  encodeContactMonitorRequest,
  type MonitorMapEntry,
  parseContactMonitorResponse,
} from '../wire/monitor-messages.js';
import { walkMonitoring } from '../walks/monitoring.js';
import type { Operation, OperationContext } from './operation.js';
import { verifyProof } from '../verifier/verified-proof.js';

/** How monitoring ended. Frozen. */
export interface MonitoredLabel {
  /** Size of the tree that was looked at. */
  readonly treeSize: number;
  /** Versions that are still to be monitored: none once the label's owner can have checked them all. */
  readonly versions: readonly number[];
}

/**
 * Monitoring of a label that is ready to be sent.
 * @throws StateError `ERR_NOT_READY` nothing of the label is monitored
 */
export function prepareMonitoring(
  { log, state }: OperationContext,
  label: Uint8Array,
): Operation<MonitoredLabel> {
  const kept = labelOf(state, label);
  if (kept === undefined || kept.monitored.length === 0) {
    throw new StateError('ERR_NOT_READY', 'nothing of this label is monitored');
  }
  const { monitored, versions } = kept;
  const { configuration } = log;
  const last = state.head?.treeHead.treeSize;
  return {
    request: encodeContactMonitorRequest({ last, label, entries: monitored }),

    verify(bytes, nowMs) {
      const { fullTreeHead, monitor } = parseContactMonitorResponse(bytes, configuration);
      const { result: left, head } = verifyProof(
        { fullTreeHead, proof: monitor },
        {
          log,
          known: state.head,
          versions,
          nowMs,
          walk: (treeSize) =>
            walkMonitoring({ treeSize, windowMs: configuration.reasonableMonitoringWindowMs }, monitored),
        },
      );
      return {
        result: monitoredLabel(head.treeHead.treeSize, left),
        state: withLabel(state, head, after(kept, left, nowMs), versions),
      };
    },
  };
}

function after(
  kept: LabelState,
  monitored: readonly MonitorMapEntry[],
  nowMs: number,
): Omit<LabelState, 'versions'> {
  const { label, owned, isPartial, checkedMs } = kept;
  // An owner's own monitoring is still due when it was.
  return { label, owned, isPartial, monitored, checkedMs: owned === undefined ? nowMs : checkedMs };
}

export function monitoredLabel(treeSize: number, left: readonly MonitorMapEntry[]): MonitoredLabel {
  return Object.freeze({ treeSize, versions: Object.freeze(left.map(({ version }) => version)) });
}

/** Monitoring that is due. Frozen. */
export interface DueMonitoring {
  /** What to call for it: `owner` for `monitorOwned`, `contact` for `monitor`. */
  readonly operation: 'contact' | 'owner';
  /** A copy. */
  readonly label: Uint8Array;
  /** Since when, in milliseconds since 1970. */
  readonly dueMs: number;
}

/**
 * Which labels are to be monitored now, the longest overdue first: those whose last check is a reasonable monitoring
 * window ago, those whose check lies in the future (the clock went back), and owned ones whose monitoring ended early.
 */
export function dueMonitoring(
  { labels }: ClientState,
  windowMs: number,
  nowMs: number,
): readonly DueMonitoring[] {
  const due = labels.flatMap(({ label, checkedMs, isPartial, owned }): DueMonitoring[] => {
    const dueMs = isPartial || checkedMs > nowMs ? Math.min(checkedMs, nowMs) : checkedMs + windowMs;
    if (dueMs > nowMs) return [];
    return [
      Object.freeze({ operation: owned === undefined ? 'contact' : 'owner', label: label.slice(), dueMs }),
    ];
  });
  return Object.freeze(due.sort((a, b) => a.dueMs - b.dueMs));
}
