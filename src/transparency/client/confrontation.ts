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
import {
  compareSignedHeads,
  openHeads,
  type SignedHeadComparison,
  type SuiteOptions,
  type VerifiedSignedHeads,
} from '../evidence/signed-heads.js';
import { openLog, type TrustedLog } from '../verifier/trusted-log.js';
import type { Recent } from '../walks/distinguished-heads.js';
import { frontier } from '../walks/search-tree.js';
import { encodeDistinguishedRequest } from '../wire/distinguished-messages.js';
import { comparableHeads, evaluateHeads } from './exported-heads.js';
import { decodeState } from './state-encoding.js';

/** A question to a log that a client distrusts, and the only function that can judge its answer. Frozen. */
export interface Confrontation {
  /** An encoded DistinguishedRequest, of somebody who has seen nothing. Fresh. */
  readonly request: Uint8Array;
  /**
   * Holds the answer against what the client has kept. Nothing is kept of it.
   * @returns that both are of one log, as far as they reach, or have no size in common: then the trouble lies elsewhere,
   *   or the answer was made by someone else. And `heads`, of the answer, to be compared with those of others
   * @throws MisbehaviorError `ERR_LOG_FORK`, `ERR_TIME_REVERSED`
   * @throws VerificationError the answer does not stand by itself: it is no evidence. Codes of the proof, `ERR_SIGNATURE`
   * @throws DecodeError codes of the wire; ArgumentTypeError
   */
  verify(response: Uint8Array): SignedHeadComparison & { readonly heads: VerifiedSignedHeads };
}

/** What a client's state is opened with. */
export interface StateOptions extends SuiteOptions {
  /** The state of a client that has verified an answer. */
  readonly state: Uint8Array;
}

/**
 * What a client's state proves to others of the log: its roots along the frontier of the newest head, among them that at
 * the newest distinguished entry, which all users have in common. Nothing is asked of the log.
 *
 * @param configurationBytes of the log
 * @returns frozen, fresh
 * @throws StateError `ERR_NOT_READY` a state that has seen no head; `ERR_STORED_STATE`, `ERR_STATE_LOG`
 * @throws VerificationError `ERR_SIGNATURE` what is kept was signed under another configuration (an auditor was followed
 *   by another); `ERR_EVIDENCE_KEYS`
 * @throws DecodeError codes of a configuration; UnsupportedError `ERR_CIPHER_SUITE`; ArgumentTypeError
 */
export function openKeptHeads(configurationBytes: Uint8Array, options: StateOptions): VerifiedSignedHeads {
  assertObject(options, 'options');
  return keptHeads(openLog(configurationBytes, options.suite, options.hasher), options.state);
}

function keptHeads(log: TrustedLog, state: Uint8Array): VerifiedSignedHeads {
  const { head } = decodeState(log, state);
  if (head === undefined) throw new StateError('ERR_NOT_READY', 'no head was ever verified');
  const { treeHead, view } = head;
  // Each entry of the frontier ends a full subtree, and the tree whose last entry it is.
  const cuts = frontier(treeHead.treeSize).map((position) => position + 1);
  return openHeads(log, { signer: 'log', ...treeHead }, { cuts, nodes: view.fullSubtrees });
}

/**
 * Prepares a confrontation: for when an answer was refused with `ERR_SIGNATURE`, `ERR_RETAINED_SUBTREE`, `ERR_ENTRY_ROOT`,
 * `ERR_TIMESTAMP_ORDER` or `ERR_HEAD_ORDER`, and again on a second try. The log cannot tell the request from a newcomer's,
 * if the way there does not say who asks.
 *
 * @param configurationBytes of the log
 * @param options `suite`; `state`, which is not changed; `recent`: the log's definition, default the ten rightmost
 *   distinguished entries
 * @throws as {@link openKeptHeads}
 * @example
 * const { request, verify } = createConfrontation(configuration, { suite, state });
 * verify(await sendAnonymously(request));
 */
export function createConfrontation(
  configurationBytes: Uint8Array,
  options: StateOptions & { readonly recent?: Recent | undefined },
): Confrontation {
  assertObject(options, 'options');
  const { suite, hasher, state, recent } = options;
  const log = openLog(configurationBytes, suite, hasher);
  const kept = keptHeads(log, state);
  const request = encodeDistinguishedRequest({ last: undefined, stop: undefined });
  return Object.freeze({
    request,
    verify(response: Uint8Array) {
      const answered = evaluateHeads(log, { request, response, recent });
      const shown = openHeads(log, answered.head, answered.tree);
      const comparison = compareSignedHeads(kept, shown, { hasher: log.hasher });
      return Object.freeze({ ...comparison, heads: comparableHeads(log, answered) });
    },
  });
}
