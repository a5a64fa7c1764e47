/**
 * Answering searches (draft, "Search"). The draft has no encoding for negative results: they are refusals.
 */

import { PolicyError } from '../../errors.js';
import { walkFixedVersion } from '../walks/fixed-version-search.js';
import { walkGreatestVersion } from '../walks/greatest-version-search.js';
import { baseLadder } from '../walks/ladder.js';
import type { AnswerParts, LogSnapshot, SnapshotLabel } from './log-snapshot.js';
import type { CombinedTreeProof } from '../wire/proofs.js';
import { encodeSearchResponse, type SearchRequest, type SearchResponse } from '../wire/search-messages.js';
import { ladderStep, type VersionFacts } from './version-book.js';

/**
 * The response to a search.
 * @throws PolicyError `ERR_NO_VERSION`, `ERR_VERSION_SKIPPED`, `ERR_ENTRY_EXPIRED`, `ERR_OPENING_DELETED`
 */
export async function answerSearch(
  { configuration }: AnswerParts,
  snapshot: LogSnapshot,
  request: SearchRequest,
): Promise<Uint8Array> {
  const label = await snapshot.label(request.label);
  const { greatest } = label.history;
  const target = request.version ?? greatest;
  if (target === undefined || greatest === undefined || target > greatest) throw absent();
  const opened = await openedVersion(label, target);
  const search =
    request.version === undefined
      ? await searchGreatest(configuration.reasonableMonitoringWindowMs, snapshot, label, target)
      : await searchFixed(configuration, snapshot, label, target);
  return encodeSearchResponse(
    {
      fullTreeHead: snapshot.fullTreeHead,
      version: request.version === undefined ? target : undefined,
      ...opened,
      search,
    },
    configuration,
    request,
  );
}

/**
 * A version that is shown: what opens it, its value, and the steps of its ladder.
 * @throws PolicyError `ERR_VERSION_SKIPPED`, `ERR_OPENING_DELETED`
 */
export async function openedVersion(
  label: SnapshotLabel,
  target: number,
): Promise<Pick<SearchResponse, 'opening' | 'value' | 'binaryLadder'>> {
  const { opening, update } = await label.opening(target);
  const ladder = baseLadder(target);
  const facts = await label.facts(ladder);
  return {
    opening,
    value: update,
    // The commitment of the target follows from its opening.
    binaryLadder: ladder.map((version) => ladderStep(facts.get(version) as VersionFacts, version !== target)),
  };
}

async function searchGreatest(
  windowMs: number,
  snapshot: LogSnapshot,
  label: SnapshotLabel,
  target: number,
): Promise<CombinedTreeProof> {
  const { proof } = await snapshot.prove(walkGreatestVersion(snapshot.treeSize, windowMs, target), label);
  return proof;
}

async function searchFixed(
  configuration: AnswerParts['configuration'],
  snapshot: LogSnapshot,
  label: SnapshotLabel,
  target: number,
): Promise<CombinedTreeProof> {
  const walk = walkFixedVersion(snapshot.treeSize, configuration, target);
  const { result, proof } = await snapshot.prove(walk, label);
  if (result.outcome === 'absent') throw absent();
  if (result.outcome === 'expired')
    throw new PolicyError('ERR_ENTRY_EXPIRED', 'the version is too old to be shown');
  return proof;
}

function absent(): PolicyError {
  return new PolicyError('ERR_NO_VERSION', 'the log has no such version of the label');
}
