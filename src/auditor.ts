/**
 * The third-party auditor of a key transparency log: draft-ietf-keytrans-protocol, the editor's copy at commit 526cc8a,
 * just past draft -05: "Auditing", and "Auditor Tree Head Signature" as far as it is about signing.
 *
 * `createAuditor` verifies the changes of each log entry, which the operator tells of in AuditorUpdates
 * (`auditorUpdate` of `operator.js`), and signs heads for its users. `parseAuditorUpdate` is in `transparency.js`.
 *
 * | bound | value |
 * | --- | --- |
 * | changes of a log entry | 255, since `PrefixProof.results` counts them |
 * | log entries | 2^53 - 1 |
 * | state | at most some 4 KiB, 32 bytes for each leaf that no distinguished log entry shows yet, 10 for its log entry |
 *
 * Beyond the draft: log entries ahead of the auditor's clock are refused where it has one; and an auditor who has lost its
 * newest state signs nothing until it has come to its newest head again (`newestHead`).
 *
 * Where the draft leaves a choice: what an auditor who begins in the middle is to know of the log before is the proof
 * that a new user would get (`start`); a leaf of which the auditor cannot know since when it was there counts as shown by
 * distinguished log entries only from the auditor's start on. That removed leaves have expired the draft does not ask an
 * auditor to check, and an AuditorUpdate gives no means to: published once is enough.
 */

export type {
  ApplyOptions,
  AuditedLog,
  Auditor,
  AuditorOptions,
  AuditorSigner,
} from './transparency/auditor/auditor.js';
export { createAuditor } from './transparency/auditor/create-auditor.js';
