/**
 * Confronting a log with what it has signed before. An answer that contradicts what a client has kept is no proof: it is
 * not signed, for the client's own part in it is what does not fit, and anyone on the line may have made it. So the log is
 * asked once more, as if by somebody who knows nothing. What it answers then it must sign by itself, and what is kept it
 * has signed before:
 *
 *     kept       [0,8) [8,12) ┆12                 signed at 13
 *     answer     [0,8) ┆ [8,12) ┆ 12 … ┆ 40       signed at 41         where both are cut, the roots must be the same
 */

import { assertObject } from '../../bytes/arguments.js';
import { StateError } from '../../errors.js';
import { evaluateAnswer } from '../evidence/evaluated-answer.js';
import {
  compareSignedHeads,
  openHeads,
  type SignedHeadComparison,
  type SuiteOptions,
} from '../evidence/signed-heads.js';
import { openLog } from '../verifier/trusted-log.js';
import { type Recent, recentBy, walkDistinguishedHeads } from '../walks/distinguished-heads.js';
import { encodeDistinguishedRequest, parseDistinguishedResponse } from '../wire/distinguished-messages.js';
import { frontier } from '../walks/search-tree.js';
import { decodeState } from './state-encoding.js';

/** A question to a log that a client distrusts, and the only function that can judge its answer. Frozen. */
export interface Confrontation {
  /** An encoded DistinguishedRequest, of somebody who has seen nothing. Fresh. */
  readonly request: Uint8Array;
  /**
   * Holds the answer against what the client has kept. Nothing is kept of it.
   * @returns that both are of one log, as far as they reach, or have no size in common: then the trouble lies elsewhere,
   *   or the answer was made by someone else
   * @throws MisbehaviorError `ERR_LOG_FORK`
   * @throws VerificationError the answer does not stand by itself: it is no evidence. Codes of the proof, `ERR_SIGNATURE`
   * @throws DecodeError codes of the wire; ArgumentTypeError
   */
  verify(response: Uint8Array): SignedHeadComparison;
}

/**
 * Prepares a confrontation: for when an answer was refused with `ERR_SIGNATURE`, `ERR_RETAINED_SUBTREE`, `ERR_ENTRY_ROOT`,
 * `ERR_TIMESTAMP_ORDER` or `ERR_HEAD_ORDER`, again on a second try. The log cannot tell the request from a newcomer's, if
 * the way there does not say who asks.
 *
 * @param configurationBytes of the log
 * @param options `suite`; `state` of the client, which is not changed; `recent`: the log's definition, default the ten
 *   rightmost distinguished entries
 * @throws StateError `ERR_NOT_READY` a state that has seen no head; `ERR_STORED_STATE`, `ERR_STATE_LOG`
 * @throws VerificationError `ERR_SIGNATURE` what is kept was signed under another configuration (an auditor was followed
 *   by another): it cannot be held against this one; `ERR_EVIDENCE_KEYS`
 * @throws DecodeError codes of a configuration; UnsupportedError; ArgumentTypeError
 * @example
 * const { request, verify } = createConfrontation(configuration, { suite, state });
 * verify(await sendAnonymously(request));
 */
export function createConfrontation(
  configurationBytes: Uint8Array,
  options: SuiteOptions & { readonly state: Uint8Array; readonly recent?: Recent | undefined },
): Confrontation {
  assertObject(options, 'options');
  const { suite, hasher, state, recent = { count: 10 } } = options;
  const log = openLog(configurationBytes, suite, hasher);
  const { configuration } = log;
  const { head } = decodeState(log, state);
  if (head === undefined) throw new StateError('ERR_NOT_READY', 'no head was ever verified');
  const isRecent = recentBy(recent, configuration.maximumLifetimeMs);
  const { treeHead, view } = head;
  // Each entry of the frontier ends a full subtree, and the tree whose last entry it is.
  const kept = openHeads(
    log,
    { signer: 'log', ...treeHead },
    { cuts: frontier(treeHead.treeSize).map((position) => position + 1), nodes: view.fullSubtrees },
  );
  return Object.freeze({
    request: encodeDistinguishedRequest({ last: undefined, stop: undefined }),
    verify(response: Uint8Array) {
      const { fullTreeHead, distinguished } = parseDistinguishedResponse(response, configuration);
      const { treeHead: answered, tree } = evaluateAnswer(
        { fullTreeHead, proof: distinguished },
        {
          log,
          known: undefined,
          versions: new Map(),
          walk: (treeSize) =>
            walkDistinguishedHeads(treeSize, configuration.reasonableMonitoringWindowMs, undefined, isRecent),
        },
      );
      const shown = openHeads(log, { signer: 'log', ...answered }, tree);
      return compareSignedHeads(kept, shown, { hasher: log.hasher });
    },
  });
}
