/**
 * Answering contact monitoring (draft, "Contact Monitor").
 */

import { VerificationError } from '../../errors.js';
import type { LabelHistory } from './label-index.js';
import type { AnswerParts, LogSnapshot } from './log-snapshot.js';
import {
  type ContactMonitorRequest,
  encodeContactMonitorResponse,
  type MonitorMapEntry,
} from '../wire/monitor-messages.js';
import { walkMonitoring } from '../walks/monitoring.js';
import { rightAncestors } from '../walks/search-tree.js';

/**
 * The response to contact monitoring.
 * @throws VerificationError `ERR_MONITOR_MAP`
 * @throws PolicyError `ERR_ENTRY_EXPIRED`, `ERR_RESPONSE_SIZE`
 */
export async function answerContactMonitor(
  { configuration }: AnswerParts,
  snapshot: LogSnapshot,
  request: ContactMonitorRequest,
): Promise<Uint8Array> {
  const { treeSize, fullTreeHead } = snapshot;
  const label = await snapshot.label(request.label);
  assertMonitorMap(request.entries, label.history, treeSize);
  const settings = { treeSize, windowMs: configuration.reasonableMonitoringWindowMs };
  const { proof } = await snapshot.prove(walkMonitoring(settings, request.entries), label);
  return encodeContactMonitorResponse({ fullTreeHead, monitor: proof }, configuration);
}

/**
 * Refuses a map that no honest search and monitoring comes to: positions and versions strictly ascend, and a version
 * is watched where it was inserted or at an ancestor to the right of that.
 * @throws VerificationError `ERR_MONITOR_MAP`
 */
export function assertMonitorMap(
  entries: readonly MonitorMapEntry[],
  history: LabelHistory,
  treeSize: number,
): void {
  let before: MonitorMapEntry | undefined;
  for (const entry of entries) {
    const isAbove =
      before === undefined || (entry.position > before.position && entry.version > before.version);
    const inserted = history.insertionOf(entry.version)?.position;
    const isOnPath =
      inserted !== undefined &&
      (entry.position === inserted || rightAncestors(inserted, treeSize).includes(entry.position));
    if (!isAbove || !isOnPath) {
      throw new VerificationError(
        'ERR_MONITOR_MAP',
        'the map is out of order, or watches a version elsewhere',
      );
    }
    before = entry;
  }
}
