/**
 * What an answer to a walk of distinguished heads proves to others: the log's roots there, tied to its signed head.
 */

import { assertObject } from '../../bytes/arguments.js';
import { type CutTree, cutAt } from '../evidence/cut-tree.js';
import type { SideHead } from '../evidence/evidence.js';
import { evaluateAnswer } from '../evidence/evaluated-answer.js';
import { openHeads, type SuiteOptions, type VerifiedSignedHeads } from '../evidence/signed-heads.js';
import { openLog, type TrustedLog } from '../verifier/trusted-log.js';
import { type Recent, recentBy, walkDistinguishedHeads } from '../walks/distinguished-heads.js';
import { parseDistinguishedRequest, parseDistinguishedResponse } from '../wire/distinguished-messages.js';
import { type Exchange, knownHeadOf } from './exchange.js';

/**
 * The roots of a log that an answer proves, for `compareSignedHeads`: at its distinguished entries, at the size that the
 * client had seen before, and at its own. Call it with what `distinguishedHeads` sent and received, once its `verify` has
 * accepted that: here no clock and no auditor's head are looked at.
 *
 * @param configurationBytes of the log
 * @param exchange the request, its response, and the client's state when the request was made
 * @param options `suite`; `recent`: as it was given to `distinguishedHeads`, default the ten rightmost
 * @returns frozen, fresh
 * @throws MisbehaviorError `ERR_TIME_REVERSED`
 * @throws VerificationError codes of the proof; `ERR_SIGNATURE`, `ERR_HEAD_SAME`, `ERR_EVIDENCE_KEYS`
 * @throws DecodeError codes of the wire; StateError `ERR_STORED_STATE`, `ERR_STATE_LOG`; ArgumentTypeError,
 *   ArgumentRangeError a request that this state did not make
 */
export function openSignedHeads(
  configurationBytes: Uint8Array,
  exchange: Exchange,
  options: SuiteOptions & { readonly recent?: Recent | undefined },
): VerifiedSignedHeads {
  assertObject(exchange, 'exchange');
  assertObject(options, 'options');
  const { suite, hasher, recent } = options;
  const log = openLog(configurationBytes, suite, hasher);
  return comparableHeads(log, evaluateHeads(log, { ...exchange, recent }));
}

/** What an answer to a walk of distinguished heads comes to: candidates, until the head's signature is checked. */
export interface EvaluatedHeads {
  readonly head: SideHead;
  /** Cut wherever the answer allows it. */
  readonly tree: CutTree;
  /** Where users of the log compare it: some of its cuts. */
  readonly sizes: readonly number[];
}

/** Heads that are small enough to be sent. @throws VerificationError as {@link openSignedHeads} */
export function comparableHeads(log: TrustedLog, { head, tree, sizes }: EvaluatedHeads): VerifiedSignedHeads {
  return openHeads(log, head, cutAt(tree, sizes, log.hasher));
}

/** Reads an answer. @throws as {@link openSignedHeads} */
export function evaluateHeads(
  log: TrustedLog,
  { recent = { count: 10 }, ...exchange }: Exchange & { readonly recent?: Recent | undefined },
): EvaluatedHeads {
  const { configuration } = log;
  const { last, stop } = parseDistinguishedRequest(exchange.request);
  const known = knownHeadOf(log, exchange, last);
  const { fullTreeHead, distinguished } = parseDistinguishedResponse(exchange.response, configuration);
  const isRecent = recentBy(recent, configuration.maximumLifetimeMs);
  const { treeHead, tree, evaluated } = evaluateAnswer(
    { fullTreeHead, proof: distinguished },
    {
      log,
      known,
      versions: new Map(),
      walk: (treeSize) =>
        walkDistinguishedHeads(treeSize, configuration.reasonableMonitoringWindowMs, stop, isRecent),
    },
  );
  const sizes = new Set(evaluated.result.map(({ position }) => position + 1));
  if (known !== undefined) sizes.add(known.treeHead.treeSize);
  sizes.delete(treeHead.treeSize);
  return {
    head: { signer: 'log', ...treeHead },
    tree,
    sizes: [...sizes].sort((a, b) => a - b),
  };
}
