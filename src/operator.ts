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
 * | new versions of one label in a log entry, those that are skipped too | 191 |
 * | new versions in a log entry of a log with an auditor | 255 |
 * | value | 2^20 bytes |
 *
 * All deployment modes. Third-party auditing: the program carries updates to the auditor (`auditor.js`), and heads back.
 * Third-party management: `createOperator` is the manager's, and `createServiceOperator` that of the service whose
 * users' labels they are: it signs values, no two for one version, and sees to it that all users see one log.
 * Left out so far: removing versions from the prefix tree.
 */

export { createOperator } from './transparency/operator/create-operator.js';
export type { DistinguishedEntry, IsRecent } from './transparency/walks/distinguished-heads.js';
export type { IssuedHead } from './transparency/operator/issued-heads.js';
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
export {
  createServiceOperator,
  type ServiceOperatorOptions,
  type ValueSigner,
} from './transparency/management/create-service-operator.js';
export type { ServiceOperator } from './transparency/management/service-operator.js';
export type {
  AuthorizedUpdate,
  ManagerAnswer,
  ReviewedLabel,
  ServiceHead,
} from './transparency/management/service-answers.js';
