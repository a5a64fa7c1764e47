/**
 * Credentials of key transparency (draft-ietf-keytrans-protocol, "Credentials"; the editor's copy at commit 526cc8a, just
 * past draft -05): proofs that users send to one another, verified without asking the log.
 *
 * `createCredentialReader` reads a client's state and never changes it. What it verifies against are the recent
 * distinguished log entries that the client keeps once it has walked them (`distinguishedHeads` of `transparency.js`).
 * The log's side is `operator.js`; the structures are parsed and encoded by `transparency.js`.
 *
 * | bound | value |
 * | --- | --- |
 * | a credential | 2^21 bytes |
 * | an update | 2^20 bytes |
 * | recent distinguished entries | 10 |
 *
 * Left out: learning distinguished entries from an owner's monitoring, which may end before the newest of them.
 */

export { createCredentialReader } from './transparency/credentials/create-credential-reader.js';
export type {
  CredentialExpectations,
  CredentialReader,
  CredentialReaderOptions,
  NeededUpdate,
  SettledCredential,
  VerifiedCredential,
} from './transparency/credentials/credential-reader.js';
export type { Recent } from './transparency/walks/distinguished-heads.js';
