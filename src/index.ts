/**
 * Contact key verification: proof that the keys a messenger's directory hands out for a contact are the contact's.
 *
 * The names of the main flows. Every door has more: `keys.js`, `codes.js`, `contacts.js`, `log.js`, `suites.js`,
 * `errors.js`, `bytes.js`; the WebAssembly engine is reachable through `wasm.js` only.
 */

export {
  comparePublicCode,
  createSasSession,
  derivePublicCode,
  deriveSafetyNumber,
  restoreSasSession,
} from './codes.js';
export {
  type ContactPolicy,
  type ContactState,
  createContact,
  describeFinding,
  type DirectoryAnswer,
  type Finding,
  type LogEvidence,
  mergeContacts,
  reduceContact,
  reviewContact,
} from './contacts.js';
export {
  ArgumentRangeError,
  ArgumentTypeError,
  DecodeError,
  type ErrorCode,
  PolicyError,
  StateError,
  UnsupportedError,
  VerificationError,
} from './errors.js';
export {
  deriveFirstPosition,
  deriveNextPosition,
  deriveRemovedKeyIds,
  draftAccountKeyChange,
  draftDeviceAddition,
  draftDeviceRemoval,
  draftFirstList,
  draftMessagingKeyChange,
  draftReset,
  draftVerificationChange,
  generatePrivateKey,
  type LocalSigner,
  type PrivateKey,
  type Signer,
  signDeviceEntry,
  signDeviceList,
  type VerifiedDeviceList,
  verifyDeviceList,
} from './keys.js';
export {
  type Checkpoint,
  hashLeaf,
  openCheckpoint,
  type TreeHead,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from './log.js';
export { ed25519, p256, type PublicKey } from './suites.js';
