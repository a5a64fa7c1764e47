/**
 * Forks: two signed heads that cannot be of one log, since at a size that both reach the log has two roots.
 *
 *     sizes            what it is
 *     n = n' = size    two heads of one size
 *     n = size < n'    a head that contradicts an earlier one
 *     size < n, n'     two logs that went apart before both heads
 *
 * A log that only grows has one root at every size, however often and by however many signatures it says so. So two
 * signatures over one root prove nothing: ECDSA makes another one each time, and whoever has one can make its twin.
 */

import { equalBytes } from '../../bytes/compare.js';
import { VerificationError } from '../../errors.js';
import type { TrustedLog } from '../verifier/trusted-log.js';
import { rootsAtCuts } from './cut-tree.js';
import type { EvidenceKinds, ForkSide } from './evidence.js';
import { type SignedRoot, verifySignedRoot } from './signed-head.js';

/** A signed head of one of two logs. Frozen. */
export interface ForkedHead extends SignedRoot {
  /** Of its log at the size where both are compared, 32 bytes: another one than the other's. */
  readonly rootAtSize: Uint8Array;
}

/** What evidence of a fork proves. */
export interface ForkFacts {
  readonly kind: 'fork';
  /** Where the two logs are compared: among so many first log entries they differ. */
  readonly size: number;
  readonly heads: readonly [ForkedHead, ForkedHead];
}

/**
 * Checks evidence of a fork.
 * @throws VerificationError `ERR_HEAD_EMPTY` a size of no leaves; `ERR_HEAD_ORDER` a head of a smaller tree than that;
 *   `ERR_PROOF_LENGTH`; `ERR_SIGNATURE`, `ERR_AUDITOR_SIGNATURE`; `ERR_EVIDENCE_AGREES`
 */
export function verifyFork(log: TrustedLog, { size, first, second }: EvidenceKinds['fork']): ForkFacts {
  const heads = [openSide(log, size, first), openSide(log, size, second)] as const;
  if (equalBytes(heads[0].rootAtSize, heads[1].rootAtSize)) {
    throw new VerificationError('ERR_EVIDENCE_AGREES', 'both heads have one root at this size');
  }
  return Object.freeze({ kind: 'fork', size, heads: Object.freeze(heads) });
}

function openSide(log: TrustedLog, size: number, { head, nodes }: ForkSide): ForkedHead {
  const { treeSize } = head;
  const cuts = size === treeSize ? [size] : [size, treeSize];
  const roots = rootsAtCuts({ cuts, nodes }, log.hasher);
  const signed = verifySignedRoot(log, head, roots.at(-1) as Uint8Array);
  return Object.freeze({ ...signed, rootAtSize: roots[0] });
}
