/**
 * Answering owners who take a label over, and who monitor it (draft, "Owner Initialization" and "Owner Monitoring").
 */

import { VerificationError } from '../../errors.js';
import type { LabelHistory } from './label-index.js';
import { baseLadder } from '../walks/ladder.js';
import type { AnswerParts, LogSnapshot } from './log-snapshot.js';
import { assertMonitorMap } from './monitor-answer.js';
import { walkMonitoring } from '../walks/monitoring.js';
import {
  encodeOwnerInitResponse,
  encodeOwnerMonitorResponse,
  type OwnerInitRequest,
  type OwnerMonitorRequest,
} from '../wire/owner-messages.js';
import { type OwnerMonitoring, walkOwnerInitialization, walkOwnerMonitoring } from '../walks/owner-walks.js';
import type { ProofRequest } from './recorded-proof.js';
import { ladderStep, type VersionFacts } from './version-book.js';
import type { Walk } from '../walks/walk.js';

/**
 * The response to an owner's initialization.
 * @throws VerificationError `ERR_INDEX_RANGE` the log has no entry at the starting position
 * @throws PolicyError `ERR_OWNER_START` it is expired or not distinguished; `ERR_RESPONSE_SIZE`
 */
export async function answerOwnerInit(
  { configuration }: AnswerParts,
  snapshot: LogSnapshot,
  { label: labelBytes, start }: OwnerInitRequest,
): Promise<Uint8Array> {
  const { treeSize, fullTreeHead } = snapshot;
  assertStart(start, treeSize);
  const label = await snapshot.label(labelBytes);
  const { greatestAt } = label.history;
  const walk = walkOwnerInitialization(treeSize, configuration, start, greatestAt);
  const { result, proof } = await snapshot.prove(walk, label);
  // From the right to the left a label can only be missing from some entry on.
  const greatestVersions = result.flatMap(({ greatest }) => (greatest === undefined ? [] : [greatest]));
  const versions = ascending([0, ...greatestVersions.flatMap(baseLadder)]);
  const facts = await label.facts(versions);
  const [greatest = -1] = greatestVersions;
  return encodeOwnerInitResponse(
    {
      fullTreeHead,
      greatestVersions,
      binaryLadder: versions.map((version) =>
        ladderStep(facts.get(version) as VersionFacts, version <= greatest),
      ),
      init: proof,
    },
    configuration,
  );
}

/**
 * The response to an owner's monitoring: as many distinguished entries as a page has, and none that holds a version
 * that the owner does not know of.
 * @param pageEntries distinguished entries in a response, 1 or more
 * @throws VerificationError `ERR_MONITOR_MAP`; `ERR_INDEX_RANGE` the log has no entry at `start`; `ERR_KNOWN_VERSION` the
 *   owner's greatest version is not there, or below that of `start`
 * @throws PolicyError `ERR_ENTRY_EXPIRED`, `ERR_RESPONSE_SIZE`
 */
export async function answerOwnerMonitor(
  { configuration }: AnswerParts,
  snapshot: LogSnapshot,
  request: OwnerMonitorRequest,
  pageEntries: number,
): Promise<Uint8Array> {
  const { treeSize, fullTreeHead } = snapshot;
  const { start, greatestVersion, entries } = request;
  const windowMs = configuration.reasonableMonitoringWindowMs;
  const label = await snapshot.label(request.label);
  const { history } = label;
  assertMonitorMap(entries, history, treeSize);
  assertStart(start, treeSize);
  assertKnown(greatestVersion, history, start);

  const expected = (position: number): number | undefined => {
    const held = history.greatestAt(position);
    return held === undefined || greatestVersion === undefined ? undefined : Math.min(held, greatestVersion);
  };
  const walk = function* (): Walk<OwnerMonitoring> {
    yield* walkMonitoring({ treeSize, windowMs, ownerStart: start }, entries);
    return yield* walkOwnerMonitoring(treeSize, windowMs, start, expected);
  };
  let looksBefore: number | undefined;
  const endsBefore: ProofRequest['endsBefore'] = (position, known, looks) => {
    looksBefore ??= looks;
    return looks - looksBefore >= pageEntries || history.greatestAt(position) !== known;
  };
  const { proof } = await snapshot.prove(walk(), label, endsBefore);
  return encodeOwnerMonitorResponse({ fullTreeHead, monitor: proof }, configuration);
}

function assertStart(start: number, treeSize: number): void {
  if (start >= treeSize) throw new VerificationError('ERR_INDEX_RANGE', 'the log has no entry at the start');
}

function assertKnown(known: number | undefined, history: LabelHistory, start: number): void {
  if ((known ?? -1) > (history.greatest ?? -1) || (known ?? -1) < (history.greatestAt(start) ?? -1)) {
    throw new VerificationError('ERR_KNOWN_VERSION', 'the owner’s greatest version does not fit the log');
  }
}

/** Each once, in ascending order. */
export function ascending(versions: Iterable<number>): number[] {
  return [...new Set(versions)].sort((a, b) => a - b);
}
