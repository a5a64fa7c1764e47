/**
 * Reversed time: a signed log in which a log entry is older than one to its left. Users rely on timestamps to decide what
 * they need not look at any more, so timestamps must not decrease (draft, "Updating Views of the Tree").
 */

import { VerificationError } from '../../errors.js';
import { evaluateBatchProof } from '../../log/batch-proof.js';
import type { TrustedLog } from '../verifier/trusted-log.js';
import { encodeLogEntry } from '../wire/proofs.js';
import type { EvidenceKinds } from './evidence.js';
import { verifySignedRoot } from './signed-head.js';

/** A log entry, and when it was made. */
export interface TimedPosition {
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly timestampMs: number;
}

/** What evidence of reversed time proves. */
export interface ReversedTimeFacts {
  readonly kind: 'reversedTime';
  /** Of the signed head. */
  readonly treeSize: number;
  /** From left to right: the second is older than the first. */
  readonly entries: readonly [TimedPosition, TimedPosition];
}

/**
 * Checks evidence of reversed time.
 * @throws VerificationError `ERR_EVIDENCE_AGREES` the entries are not in that order, or their times are; codes of batch
 *   proofs; `ERR_SIGNATURE`
 */
export function verifyReversedTime(
  log: TrustedLog,
  { treeHead, first, second, inclusion }: EvidenceKinds['reversedTime'],
): ReversedTimeFacts {
  const entries = [first, second] as const;
  if (first.position >= second.position || first.entry.timestampMs <= second.entry.timestampMs) {
    throw new VerificationError('ERR_EVIDENCE_AGREES', 'the right log entry is not older than the left one');
  }
  const { treeSize } = treeHead;
  const { root } = evaluateBatchProof(
    {
      treeSize,
      leaves: entries.map(({ position, entry }) => ({
        index: position,
        leafHash: log.suite.hash(encodeLogEntry(entry)),
      })),
      proof: inclusion,
    },
    { hasher: log.hasher },
  );
  verifySignedRoot(log, { signer: 'log', ...treeHead }, root);
  const timed = ({ position, entry: { timestampMs } }: typeof first): TimedPosition =>
    Object.freeze({ position, timestampMs });
  return Object.freeze({
    kind: 'reversedTime',
    treeSize,
    entries: Object.freeze([timed(first), timed(second)] as const),
  });
}
