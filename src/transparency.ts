/**
 * Key transparency (draft-ietf-keytrans-protocol): the client of a log, and the draft's structures as bytes. Every
 * structure is declared once, and read and written from that declaration: what parses is written again as the same
 * bytes.
 *
 * Revision: the editor's copy at commit 526cc8a, just past draft -05. Fields have the draft's names in camel case, and
 * `Ms` at the end where they are times. Enumerators have the draft's names.
 *
 * `createClient` verifies what a log answers: searches, monitoring, ownership and updates, distinguished heads. All
 * `parse…` functions are about forms alone: nothing that they return is proven, no signature verified, no key parsed.
 * The log's own side is `operator.js`, with the side of a service operator that has a third-party manager; its auditor's is
 * `auditor.js`; credentials that users send one another are verified by `credentials.js`.
 *
 * Reading is strict. Codes of the wire, of `DecodeError`:
 *
 * | code | what |
 * | --- | --- |
 * | `ERR_TRUNCATED` | the bytes end early, or a count promises more elements than there are bytes for |
 * | `ERR_TRAILING_BYTES` | bytes are left over |
 * | `ERR_LENGTH` | a value above its bound |
 * | `ERR_ENUM` | an enumerator that the draft does not define, or a presence octet other than 0 and 1 |
 * | `ERR_INTEGER` | a uint64 above 2^53 - 1 |
 * | `ERR_TOO_LARGE` | more bytes than the structure's bound |
 *
 * Bounds, where they are lower than the draft's:
 *
 * | what | bound |
 * | --- | --- |
 * | a uint64: tree size, position, time | 2^53 - 1 |
 * | a value | 2^20 bytes |
 * | a configuration | 2^18 bytes |
 * | a request without values | 4,096 bytes (no valid one has more) |
 * | everything else | 2^24 bytes |
 */

export {
  type AuditorUpdate,
  encodeAuditorUpdate,
  parseAuditorUpdate,
} from './transparency/wire/auditor-update.js';
export type {
  Client,
  ClientOptions,
  ClientRequest,
  StateChange,
  VerifyOptions,
} from './transparency/client/client.js';
export { createClient } from './transparency/client/create-client.js';
export type { FoundVersion } from './transparency/client/search-operation.js';
export type { DueMonitoring, MonitoredLabel } from './transparency/client/monitor-operation.js';
export type { InitializedOwner, MonitoredOwner } from './transparency/client/owner-operations.js';
export type { InsertedVersion, UpdatedLabel } from './transparency/client/update-operation.js';
export type { Recent } from './transparency/walks/distinguished-heads.js';
export type { DistinguishedHeads, DistinguishedRoot } from './transparency/client/distinguished-operation.js';
export { compareDistinguishedHeads, type HeadComparison } from './transparency/client/head-comparison.js';
export {
  type Configuration,
  encodeConfiguration,
  parseConfiguration,
} from './transparency/wire/configuration.js';
export {
  type Credential,
  type CredentialUpdate,
  encodeCredential,
  encodeCredentialUpdate,
  parseCredential,
  parseCredentialUpdate,
} from './transparency/wire/credential.js';
export {
  type DistinguishedHead,
  type DistinguishedRequest,
  type DistinguishedResponse,
  encodeDistinguishedHead,
  encodeDistinguishedRequest,
  encodeDistinguishedResponse,
  parseDistinguishedHead,
  parseDistinguishedRequest,
  parseDistinguishedResponse,
} from './transparency/wire/distinguished-messages.js';
export {
  type ContactMonitorRequest,
  type ContactMonitorResponse,
  encodeContactMonitorRequest,
  encodeContactMonitorResponse,
  type MonitorMapEntry,
  parseContactMonitorRequest,
  parseContactMonitorResponse,
} from './transparency/wire/monitor-messages.js';
export {
  encodeOwnerInitRequest,
  encodeOwnerInitResponse,
  encodeOwnerMonitorRequest,
  encodeOwnerMonitorResponse,
  type OwnerInitRequest,
  type OwnerInitResponse,
  type OwnerMonitorRequest,
  type OwnerMonitorResponse,
  parseOwnerInitRequest,
  parseOwnerInitResponse,
  parseOwnerMonitorRequest,
  parseOwnerMonitorResponse,
} from './transparency/wire/owner-messages.js';
export {
  type CombinedTreeProof,
  encodeCombinedTreeProof,
  encodeInclusionProof,
  encodeLogEntry,
  encodePrefixProof,
  type InclusionProof,
  type LogEntry,
  parseCombinedTreeProof,
  parseInclusionProof,
  parseLogEntry,
  parsePrefixProof,
  type PrefixLeaf,
  type PrefixProof,
  type PrefixSearchResult,
} from './transparency/wire/proofs.js';
export {
  type BinaryLadderStep,
  encodeSearchRequest,
  encodeSearchResponse,
  parseSearchRequest,
  parseSearchResponse,
  type SearchRequest,
  type SearchResponse,
} from './transparency/wire/search-messages.js';
export {
  type AuditorTreeHead,
  type AuditorTreeHeadTbs,
  encodeAuditorTreeHead,
  encodeAuditorTreeHeadTbs,
  encodeFullTreeHead,
  encodeTreeHeadTbs,
  type FullTreeHead,
  parseAuditorTreeHead,
  parseAuditorTreeHeadTbs,
  parseFullTreeHead,
  parseTreeHeadTbs,
  type SignedTreeHead,
  type TreeHeadTbs,
} from './transparency/wire/tree-head.js';
export {
  encodeManagerUpdateRequest,
  encodeUpdateRequest,
  encodeUpdateResponse,
  type LabelValue,
  type ManagerUpdateRequest,
  parseManagerUpdateRequest,
  parseUpdateRequest,
  parseUpdateResponse,
  type UpdateInfo,
  type UpdateRequest,
  type UpdateResponse,
} from './transparency/wire/update-messages.js';
export {
  type CommitmentValue,
  encodeCommitmentValue,
  encodeUpdateTbs,
  encodeVrfInput,
  parseCommitmentValue,
  parseUpdateTbs,
  parseVrfInput,
  type UpdateSuffix,
  type UpdateTbs,
  type UpdateValue,
  type VrfInput,
} from './transparency/wire/update.js';
export {
  type CipherSuiteId,
  type DeploymentMode,
  KEYTRANS_REVISION,
  type WireContext,
} from './transparency/wire/wire-context.js';
