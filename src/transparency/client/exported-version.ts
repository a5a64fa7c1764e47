/**
 * What an answer to a search proves to others: that the log gave out this value, as this version of the label.
 */

import { assertObject } from '../../bytes/arguments.js';
import { StateError, VerificationError } from '../../errors.js';
import { type EvaluatedAnswer, evaluateAnswer } from '../evidence/evaluated-answer.js';
import { inclusionIn } from '../evidence/cut-tree.js';
import type { VersionSide } from '../evidence/evidence.js';
import type { SuiteOptions } from '../evidence/signed-heads.js';
import { openProof, type VerifiedVersionProof } from '../evidence/version-proof.js';
import { commitmentTo, openLadder } from '../verifier/ladder-steps.js';
import type { KnownVersion, Look } from '../verifier/received-proof.js';
import { openLog, type TrustedLog } from '../verifier/trusted-log.js';
import { type FixedVersionResult, walkFixedVersion } from '../walks/fixed-version-search.js';
import { type SearchResult, walkGreatestVersion } from '../walks/greatest-version-search.js';
import { baseLadder } from '../walks/ladder.js';
import { parseSearchRequest, parseSearchResponse } from '../wire/search-messages.js';
import { type Exchange, knownHeadOf } from './exchange.js';

/**
 * The proof of the version that a search found, for `compareVersionProofs` and to keep. Call it with what `search` sent and
 * received, once its `verify` has accepted that: here no clock and no auditor's head are looked at.
 *
 * @param configurationBytes of the log
 * @param exchange the request, its response, and the client's state when the request was made
 * @param options `suite`
 * @returns frozen, fresh
 * @throws StateError `ERR_NOT_READY` the answer relies on log entries that the client had kept, which others have not:
 *   search once more with a client that has no state; `ERR_STORED_STATE`, `ERR_STATE_LOG`
 * @throws VerificationError codes of a search's answer; `ERR_EVIDENCE_KEYS`
 * @throws DecodeError codes of the wire and of VRF proofs; ArgumentTypeError, ArgumentRangeError a request that this state
 *   did not make
 */
export function openVersionProof(
  configurationBytes: Uint8Array,
  exchange: Exchange,
  options: SuiteOptions,
): VerifiedVersionProof {
  assertObject(exchange, 'exchange');
  assertObject(options, 'options');
  const log = openLog(configurationBytes, options.suite, options.hasher);
  const { configuration } = log;
  const request = parseSearchRequest(exchange.request);
  const { label, last, version: wanted } = request;
  const known = knownHeadOf(log, exchange, last);
  const response = parseSearchResponse(exchange.response, configuration, request);
  const { fullTreeHead, opening, value: update, binaryLadder, search } = response;
  const version = wanted ?? (response.version as number);
  const commitment = commitmentTo(log, { label, version, opening, update });
  const ladder = baseLadder(version);
  const versions = openLadder(log, label, ladder, binaryLadder, (each) => each !== version);
  const { vrfOutput } = versions.get(version) as KnownVersion;
  versions.set(version, { vrfOutput, commitment });
  const answered = evaluateAnswer<SearchResult | FixedVersionResult>(
    { fullTreeHead, proof: search },
    {
      log,
      known,
      versions,
      walk: (treeSize) =>
        wanted === undefined
          ? walkGreatestVersion(treeSize, configuration.reasonableMonitoringWindowMs, version)
          : walkFixedVersion(treeSize, configuration, version),
    },
  );
  const side = { ...sideOf(log, answered, versions, version), opened: { opening, update } };
  const vrfProof = (binaryLadder[ladder.indexOf(version)] as (typeof binaryLadder)[number]).proof;
  return openProof(log, { label, version, vrfProof, side });
}

/** The first look that shows the version in a log entry which the answer gave. */
function sideOf(
  log: TrustedLog,
  { treeHead, tree, evaluated }: EvaluatedAnswer<unknown>,
  versions: ReadonlyMap<number, KnownVersion>,
  version: number,
): Omit<VersionSide, 'opened'> {
  const shown = evaluated.looks.filter(
    ({ versions: looked, proof }) => proof.results[looked.indexOf(version)]?.resultType === 'inclusion',
  );
  if (shown.length === 0) {
    throw new VerificationError('ERR_VERSION_ABSENT', 'the answer does not show this version');
  }
  const found = shown.flatMap((look) => {
    const leaf = evaluated.leaves.find(({ index }) => index === look.position);
    return leaf === undefined ? [] : [[look, leaf] as const];
  });
  const [first] = found;
  if (first === undefined) {
    throw new StateError('ERR_NOT_READY', 'the answer relies on log entries that the client had kept');
  }
  const [look, leaf] = first;
  return {
    treeHead,
    position: leaf.index,
    timestampMs: leaf.entry.timestampMs,
    inclusion: inclusionIn(tree, [leaf.index], log.hasher),
    lookups: lookupsOf(look, versions),
    proof: look.proof,
  };
}

function lookupsOf(
  { versions: looked, proof }: Look,
  versions: ReadonlyMap<number, KnownVersion>,
): VersionSide['lookups'] {
  return looked.map((each, i) => {
    const { vrfOutput, commitment } = versions.get(each) as KnownVersion;
    const isIncluded = proof.results[i]?.resultType === 'inclusion';
    return { vrfOutput, commitment: isIncluded ? commitment : undefined };
  });
}
