/**
 * Searching for a label's greatest version, or for one version of it (draft, "Search").
 */

import { PolicyError, VerificationError } from '../../errors.js';
import { type ClientState, labelOf, mergeVersions, withHead, withLabel } from './client-state.js';
import { type FixedVersionResult, walkFixedVersion } from '../walks/fixed-version-search.js';
import { type SearchResult, walkGreatestVersion } from '../walks/greatest-version-search.js';
import { baseLadder } from '../walks/ladder.js';
import { commitmentTo, openLadder } from '../verifier/ladder-steps.js';
import { addToMap } from './monitor-map.js';
import { greatestOf } from './owned-label.js';
import type { Operation, OperationContext } from './operation.js';
import type { KnownVersion } from '../verifier/received-proof.js';
import { encodeSearchRequest, parseSearchResponse } from '../wire/search-messages.js';
import { newestMs, verifyProof } from '../verifier/verified-proof.js';

/** What was found. Frozen. */
export interface FoundVersion {
  readonly version: number;
  /** Fresh. */
  readonly value: Uint8Array;
  /** The terminal log entry: it holds the version. */
  readonly position: number;
  /** Size of the tree that was searched. */
  readonly treeSize: number;
  /** When that tree was current: the time of its newest log entry, in milliseconds since 1970. */
  readonly timestampMs: number;
  /**
   * Whether the version is to be monitored: no label owner can have checked it yet. Until then the value may be used,
   * but the log could still take it back unseen.
   */
  readonly isMonitored: boolean;
}

/** A search that is ready to be sent. */
export function prepareSearch(
  { log, state, monitorsAlways }: OperationContext,
  label: Uint8Array,
  wanted: number | undefined,
): Operation<FoundVersion> {
  const { configuration } = log;
  const last = state.head?.treeHead.treeSize;
  return {
    request: encodeSearchRequest({ last, label, version: wanted }),

    verify(bytes, nowMs) {
      const response = parseSearchResponse(bytes, configuration, { version: wanted });
      const { fullTreeHead, opening, value: update, binaryLadder, search } = response;
      const version = wanted ?? (response.version as number);
      const commitment = commitmentTo(log, { label, version, opening, update });
      // Above the greatest version there is nothing to commit to.
      const mayHaveCommitment = (each: number): boolean =>
        wanted === undefined ? each < version : each !== version;
      const ladder = openLadder(log, label, baseLadder(version), binaryLadder, mayHaveCommitment);
      // A version's ladder holds the version itself.
      const { vrfOutput } = ladder.get(version) as KnownVersion;
      ladder.set(version, { vrfOutput, commitment });
      const kept = labelOf(state, label);
      const versions = mergeVersions(kept?.versions, ladder);
      const { result, head } = verifyProof<SearchResult | FixedVersionResult>(
        { fullTreeHead, proof: search },
        {
          log,
          known: state.head,
          versions: ladder,
          nowMs,
          walk: (treeSize) =>
            wanted === undefined
              ? walkGreatestVersion(treeSize, configuration.reasonableMonitoringWindowMs, version)
              : walkFixedVersion(treeSize, configuration, version),
        },
      );
      const { terminal, rightmostDistinguished } = assertFound(result);
      if (wanted === undefined) assertNoLess(version, state, label);
      const isMonitored =
        (monitorsAlways || configuration.mode === 'contactMonitoring') &&
        (rightmostDistinguished === undefined || terminal > rightmostDistinguished);
      return {
        result: Object.freeze({
          version,
          value: update.value,
          position: terminal,
          treeSize: head.treeHead.treeSize,
          timestampMs: newestMs(head),
          isMonitored,
        }),
        state: isMonitored
          ? withLabel(
              state,
              head,
              {
                label,
                // What is monitored already does not become less urgent.
                checkedMs: kept?.checkedMs ?? nowMs,
                isPartial: kept?.isPartial ?? false,
                monitored: addToMap(kept?.monitored ?? [], { position: terminal, version }),
                owned: kept?.owned,
              },
              versions,
            )
          : withHead(state, head),
      };
    },
  };
}

/** "Clients MUST consider any SearchResponse with a negative result as invalid" (draft, "Search"). */
function assertFound(result: SearchResult | FixedVersionResult): SearchResult {
  if (!('outcome' in result) || result.outcome === 'found') return result;
  if (result.outcome === 'expired') {
    throw new PolicyError('ERR_VERSION_EXPIRED', 'no owner may have checked this version before it expired');
  }
  throw new VerificationError('ERR_VERSION_ABSENT', 'the log does not hold this version');
}

/** Versions only rise: the greatest cannot be below one that the user has seen in this log. */
function assertNoLess(version: number, state: ClientState, label: Uint8Array): void {
  const kept = labelOf(state, label);
  const owned = kept?.owned === undefined ? undefined : greatestOf(kept.owned);
  const known = Math.max(kept?.monitored.at(-1)?.version ?? 0, owned ?? 0);
  if (version < known) {
    throw new VerificationError('ERR_GREATEST_VERSION', 'the label has had a greater version before');
  }
}
