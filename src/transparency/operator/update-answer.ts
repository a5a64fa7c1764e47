/**
 * Answering owners about new versions of their label (draft, "Updating a Label"): one response for each log entry that
 * inserted some.
 */

import type { Insertion } from './label-index.js';
import { baseLadder } from '../walks/ladder.js';
import { walkLabelUpdate } from '../walks/label-update.js';
import type { AnswerParts, LogSnapshot, SnapshotLabel } from './log-snapshot.js';
import { ascending } from './owner-answers.js';
import { encodeUpdateResponse } from '../wire/update-messages.js';
import { ladderStep, type VersionFacts } from './version-book.js';

/**
 * The response about one insertion.
 * @param isRequested whether the values are those of the request, which knows them
 * @throws PolicyError `ERR_OPENING_DELETED`, `ERR_ENTRY_EXPIRED`, `ERR_RESPONSE_SIZE`
 */
export async function answerInsertion(
  { configuration }: AnswerParts,
  snapshot: LogSnapshot,
  label: SnapshotLabel,
  insertion: Insertion,
  isRequested: boolean,
): Promise<Uint8Array> {
  const { treeSize, fullTreeHead } = snapshot;
  const { history } = label;
  const { position, firstVersion, lastVersion, skipped } = insertion;
  const versions = Array.from({ length: lastVersion - firstVersion + 1 }, (_, i) => firstVersion + i);
  const previousGreatest = firstVersion === 0 ? undefined : firstVersion - 1;
  // Those that were skipped have none: the owner knows that their commitments are zeros.
  const openings = await Promise.all(versions.slice(skipped ?? 0).map((version) => label.opening(version)));
  const walk = walkLabelUpdate(treeSize, configuration.reasonableMonitoringWindowMs, {
    position,
    previousGreatest,
    previousPosition:
      previousGreatest === undefined ? 0 : (history.insertionOf(previousGreatest)?.position ?? 0),
    versions,
    greatestAt: history.greatestAt,
  });
  const { proof } = await snapshot.prove(walk, label);
  const steps = newSteps(versions, previousGreatest);
  const facts = await label.facts(steps);
  return encodeUpdateResponse(
    {
      fullTreeHead,
      position,
      skippedVersions: skipped,
      values: isRequested ? [] : openings.map(({ update: { value } }) => ({ value })),
      info: openings.map(({ opening, update: { suffix } }) => ({ opening, suffix })),
      // What is above the owner's greatest version is new to the owner, who computes the commitment from its opening.
      binaryLadder: steps.map((version) =>
        ladderStep(facts.get(version) as VersionFacts, version < (previousGreatest ?? 0)),
      ),
      update: proof,
    },
    configuration,
  );
}

/**
 * The versions whose VRF proofs an owner does not have yet: of the ladder of the new greatest version and, where there
 * are several new ones, of each; without those of the ladder of the previous one, or version 0.
 */
export function newSteps(versions: readonly number[], previousGreatest: number | undefined): number[] {
  const ladder = baseLadder(versions.at(-1) as number);
  const known = new Set(previousGreatest === undefined ? [0] : baseLadder(previousGreatest));
  const steps = versions.length > 1 ? [...ladder, ...versions] : ladder;
  return ascending(steps).filter((version) => !known.has(version));
}
