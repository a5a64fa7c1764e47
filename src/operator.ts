/**
 * The operator of a key transparency log: draft-ietf-keytrans-protocol, the editor's copy at commit 526cc8a, just past
 * draft -05: "User Operations" and everything that answers rest on.
 *
 * `createOperator` opens a log over a store, in memory by default, and answers requests, bytes for bytes. It sequences
 * log entries with batches of updates, signs and publishes tree heads, and never signs two of one size that differ,
 * whatever crashes.
 *
 * | bound | value |
 * | --- | --- |
 * | versions of a label | 2^32 - 1 |
 * | new versions of one label in a log entry | 191 |
 * | new versions in a log entry of a log with an auditor | 255 |
 * | value | 2^20 bytes |
 *
 * Deployment modes: contact monitoring, and third-party auditing: the program carries updates to the auditor
 * (`auditor.js`), and heads back.
 * Left out so far: third-party management, removing versions from the prefix tree.
 */

export { createOperator } from './transparency/operator/create-operator.js';
export type { DistinguishedEntry, IsRecent } from './transparency/walks/distinguished-heads.js';
export type {
  Operator,
  OperatorHead,
  StoredVersion,
  UpdateCall,
  UpdateOutcome,
  WritingTime,
} from './transparency/operator/operator.js';
export type {
  AccessQuestion,
  AccessRule,
  OperatorOptions,
} from './transparency/operator/operator-options.js';
export type { OperatorStore } from './transparency/operator/operator-store.js';
export type { TreeHeadSigner } from './transparency/operator/publication.js';
export type { UpdateQuestion } from './transparency/operator/credential-answer.js';
export type { LabelUpdate } from './transparency/operator/update-batch.js';
export type { Refusal } from './transparency/operator/update-requests.js';
