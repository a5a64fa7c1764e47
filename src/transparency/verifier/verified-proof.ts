/**
 * From a response to what it proves: the proof is read, the root that comes out is held against the signatures, the
 * newest timestamp against the clock (draft, "Full Tree Head Verification" and "Auditor Tree Head Signature").
 *
 *     walk over the proof ─▶ candidate root ─▶ operator's or manager's signature ─▶ auditor's ─▶ clock ─▶ result
 *
 * Every operation's response goes through here, and only what has passed comes out: there is no other way to the
 * candidates.
 */

import { PolicyError, VerificationError } from '../../errors.js';
import { assertMilliseconds } from '../walks/order-bounds.js';
import type { CombinedTreeProof } from '../wire/proofs.js';
import { type EarlierTree, evaluateProof, type KnownVersion } from './received-proof.js';
import {
  type AuditorTreeHead,
  encodeAuditorTreeHeadTbs,
  encodeTreeHeadTbs,
  type FullTreeHead,
  type SignedTreeHead,
} from '../wire/tree-head.js';
import type { TreeView } from './tree-view.js';
import { type TrustedLog, verifySignature } from './trusted-log.js';
import type { Walk } from '../walks/walk.js';

/** What is kept of the newest head that was verified: all that the draft makes users retain of it. */
export interface KnownHead {
  readonly treeHead: SignedTreeHead;
  /** Exactly in a log with a third-party auditor. */
  readonly auditorTreeHead: AuditorTreeHead | undefined;
  readonly view: TreeView;
}

/** A response, as far as it is the same in every operation. */
export interface Answer {
  readonly fullTreeHead: FullTreeHead;
  readonly proof: CombinedTreeProof;
}

/** When the log of a verified head was current: its newest entry's time, in milliseconds since 1970. */
export function newestMs({ view }: Pick<KnownHead, 'view'>): number {
  return (view.frontier.at(-1) as TreeView['frontier'][number]).timestampMs;
}

/** What the answer is read with. */
export interface AnswerContext<Result> {
  readonly log: TrustedLog;
  /** The head that the request advertised. */
  readonly known: KnownHead | undefined;
  /** All versions that the walk may look up. */
  readonly versions: ReadonlyMap<number, KnownVersion>;
  /** The operation's algorithms, over a tree of that size. */
  readonly walk: (treeSize: number) => Walk<Result>;
  /** The user's clock, in milliseconds since 1970. */
  readonly nowMs: number;
  /** Earlier sizes at which the tree is wanted: as `evaluateProof` takes them. */
  readonly sizes?: (result: Result) => readonly number[];
}

/** What an answer proves. */
export interface VerifiedProof<Result> {
  readonly result: Result;
  readonly head: KnownHead;
  /** The log tree at the sizes that were asked for, in that order. */
  readonly earlier: readonly EarlierTree[];
}

/**
 * Verifies an answer.
 * @throws VerificationError
 *   `ERR_HEAD_SAME` the head is said to be the one advertised, and none was; `ERR_HEAD_ORDER` a head that is not of a
 *   larger tree; codes of `evaluateProof` and of the walk; `ERR_SIGNATURE` of the tree head; `ERR_AUDITOR_START`,
 *   `ERR_AUDITOR_TIME`, `ERR_AUDITOR_SIGNATURE` of the auditor's
 * @throws PolicyError `ERR_AUDITOR_LAG`, `ERR_HEAD_AHEAD`, `ERR_HEAD_BEHIND`
 */
export function verifyProof<Result>(
  answer: Answer,
  { log, known, versions, walk, nowMs, sizes }: AnswerContext<Result>,
): VerifiedProof<Result> {
  assertMilliseconds(nowMs, 'nowMs');
  const { fullTreeHead, proof } = answer;
  const { treeHead, auditorTreeHead } = headsOf(fullTreeHead, known);
  const { treeSize } = treeHead;
  const isNew = fullTreeHead.headType === 'updated';
  const evaluated = evaluateProof(
    {
      treeSize,
      view: known?.view,
      auditorSize: isNew ? auditorTreeHead?.treeSize : undefined,
      versions,
      proof,
    },
    walk(treeSize),
    { hasher: log.hasher, sizes },
  );
  const { result, root, auditorRoot, view, earlier } = evaluated;
  const rightmostMs = newestMs({ view });
  if (isNew) {
    const tbs = encodeTreeHeadTbs({ config: log.configuration, treeSize, root });
    verifySignature(log, log.headKey, tbs, treeHead.signature, 'ERR_SIGNATURE');
    if (auditorTreeHead !== undefined) {
      verifyAuditorHead(log, known, auditorTreeHead, auditorRoot as Uint8Array, rightmostMs);
    }
  }
  assertWithinClock(log, rightmostMs, nowMs);
  return Object.freeze({ result, head: Object.freeze({ treeHead, auditorTreeHead, view }), earlier });
}

/** The heads that the answer is about: those that are kept, or those that came. */
function headsOf(fullTreeHead: FullTreeHead, known: KnownHead | undefined): Omit<KnownHead, 'view'> {
  if (fullTreeHead.headType === 'same') {
    if (known === undefined) throw new VerificationError('ERR_HEAD_SAME', 'no head was advertised');
    return known;
  }
  if (known !== undefined && fullTreeHead.treeHead.treeSize <= known.treeHead.treeSize) {
    throw new VerificationError('ERR_HEAD_ORDER', 'the new head is not of a larger tree');
  }
  return fullTreeHead;
}

/** The steps of "Auditor Tree Head Signature". That the auditor's tree is no larger, reading the proof has shown. */
function verifyAuditorHead(
  log: TrustedLog,
  known: KnownHead | undefined,
  { timestampMs, treeSize, signature }: AuditorTreeHead,
  root: Uint8Array,
  rightmostMs: number,
): void {
  const { configuration: config, auditorKey } = log;
  if (config.mode !== 'thirdPartyAuditing' || auditorKey === undefined) {
    throw new VerificationError('ERR_AUDITOR_SIGNATURE', 'the log has no auditor');
  }
  const before = known?.auditorTreeHead;
  if (before !== undefined && before.treeSize < config.auditorStartPos) {
    throw new VerificationError('ERR_AUDITOR_START', 'log entries between two auditors were never audited');
  }
  if (timestampMs > rightmostMs) {
    throw new VerificationError('ERR_AUDITOR_TIME', 'the auditor’s head is newer than the newest log entry');
  }
  const tbs = encodeAuditorTreeHeadTbs({ config, timestampMs, treeSize, root });
  verifySignature(log, auditorKey, tbs, signature, 'ERR_AUDITOR_SIGNATURE');
  if (rightmostMs - timestampMs > config.maxAuditorLagMs) {
    throw new PolicyError('ERR_AUDITOR_LAG', 'the auditor lags too far behind');
  }
}

/**
 * Holds the newest entry's time against the user's clock. Bounds are inclusive: as far as a bound says is not too far.
 * @throws PolicyError `ERR_HEAD_AHEAD`, `ERR_HEAD_BEHIND`
 */
export function assertWithinClock({ configuration }: TrustedLog, rightmostMs: number, nowMs: number): void {
  if (rightmostMs - nowMs > configuration.maxAheadMs) {
    throw new PolicyError('ERR_HEAD_AHEAD', 'the newest log entry is too far ahead of the clock');
  }
  if (nowMs - rightmostMs > configuration.maxBehindMs) {
    throw new PolicyError('ERR_HEAD_BEHIND', 'the newest log entry is too far behind the clock');
  }
}
