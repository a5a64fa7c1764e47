/**
 * Witnesses for a key transparency log: a further defence against a log that shows two faces.
 *
 * Witnesses cosign logs whose growth they can check, and the log tree of KEYTRANS hashes otherwise than theirs. So its
 * operator keeps a **head log** beside it: a small RFC 6962 log with one entry for each distinguished log entry, whose
 * checkpoints existing witnesses cosign (C2SP tlog-checkpoint, tlog-cosignature, tlog-witness, tlog-tiles). Users read
 * it, and compare.
 *
 * - Operator: `openHeadLog` over the heads that `distinguishedHeads` of `operator.js` yields.
 * - User: `createHeadTracker`, with a policy of k of n witnesses.
 * - Witness: `createWitness`, for those who run one. `encodeAddCheckpoint`, `parseAddCheckpoint` and `openWitnessAnswer`
 *   are its protocol alone, for logs of any kind.
 *
 * **Shown**: up to the newest head that both have, the log that a user sees is the one that all users see who follow this
 * head log. **Not shown**: anything within `maxLagMs`; and nothing at all, if as many witnesses collude with the log as
 * two checkpoints of the policy have in common.
 *
 * | bound | value |
 * | --- | --- |
 * | entries that a user reads in one step, and that wait to be compared | 4,096 |
 * | consistency proof of a request | 63 hashes |
 * | a witness's answer | 2^16 bytes |
 *
 * Left out: mirrors, `sign-subtree`, ML-DSA-44; reading policy files (tlog-policy): a policy is data.
 */

export {
  type AddCheckpoint,
  encodeAddCheckpoint,
  type OpenedAnswer,
  openWitnessAnswer,
  parseAddCheckpoint,
  type WitnessAnswer,
} from './transparency/witnesses/add-checkpoint.js';
export type { ProvenHead, WitnessedComparison } from './transparency/witnesses/compare-heads.js';
export type {
  HeadLog,
  HeadLogOptions,
  WitnessOutcome,
  WitnessSubmission,
} from './transparency/witnesses/head-log.js';
export type { HeadLogStore } from './transparency/witnesses/head-log-store.js';
export {
  createHeadTracker,
  type HeadReading,
  type HeadTracker,
  type HeadTrackerOptions,
  type ReadHeads,
  type TrackerChange,
} from './transparency/witnesses/head-tracker.js';
export { openHeadLog } from './transparency/witnesses/open-head-log.js';
export {
  createWitness,
  type KnownLog,
  type Witness,
  type WitnessOptions,
  type WitnessStore,
} from './transparency/witnesses/witness.js';
export type { WitnessedHead } from './transparency/witnesses/witnessed-head.js';
