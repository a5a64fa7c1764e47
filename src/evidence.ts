/**
 * Evidence that a key transparency log, its auditor or its service operator has contradicted itself: bytes that anyone can
 * check without connection, state or clock, and that nobody can make up against a log that follows the protocol.
 *
 * A `MisbehaviorError` carries such bytes; `verifyEvidence` checks them. Structures: docs/protocol.md, "Evidence".
 *
 * | kind | two signed things that contradict each other |
 * | --- | --- |
 * | `fork` | heads of a log that has two roots at one size |
 * | `changedVersion` | log entries that hold one version of a label with two commitments |
 * | `reversedTime` | a log entry, and an older one to its right |
 * | `twoValues` | values of one version of a label, in a log with a third-party manager |
 *
 * Left out, since a log that follows the protocol can look like it: that a version is gone from a later log entry (a log
 * may erase), that it does not answer, or that an answer is false (anyone on the line can falsify one).
 */

export {
  type Confrontation,
  createConfrontation,
  openKeptHeads,
  type StateOptions,
} from './transparency/client/confrontation.js';
export type { Exchange } from './transparency/client/exchange.js';
export type { Recent } from './transparency/walks/distinguished-heads.js';
export { openSignedHeads } from './transparency/client/exported-heads.js';
export { openVersionProof } from './transparency/client/exported-version.js';
export type { ChangedVersionFacts, ProvenVersion } from './transparency/evidence/changed-version.js';
export type { ForkedHead, ForkFacts } from './transparency/evidence/fork.js';
export type { ReversedTimeFacts, TimedPosition } from './transparency/evidence/reversed-time.js';
export type { SideHead, SignedValue } from './transparency/evidence/evidence.js';
export type { SignedRoot } from './transparency/evidence/signed-head.js';
export {
  compareSignedHeads,
  encodeSignedHeads,
  type RootAtSize,
  type SignedHeadComparison,
  type SignedHeads,
  type SuiteOptions,
  type VerifiedSignedHeads,
  verifySignedHeads,
} from './transparency/evidence/signed-heads.js';
export {
  compareSignedValues,
  type ComparedValues,
  type TwoValuesFacts,
} from './transparency/evidence/two-values.js';
export {
  compareVersionProofs,
  encodeVersionProof,
  type VersionComparison,
  type VersionProof,
  type VerifiedVersionProof,
  verifyVersionProof,
} from './transparency/evidence/version-proof.js';
export {
  type AccusedParty,
  type EvidenceFacts,
  type EvidenceOptions,
  verifyEvidence,
  type VerifiedEvidence,
} from './transparency/evidence/verify-evidence.js';
