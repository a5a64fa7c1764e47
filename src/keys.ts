/**
 * Keys and device lists: private keys and their formats, the signed list of an account's devices, how it is
 * verified, and how the next one is made from the last.
 *
 * Structures and rules: CKV/1, "Keys" and "The signed device list" (docs/protocol.md).
 */

export { type Device, type DeviceList, type Succession } from './keys/device-list.js';
export { encodeDevice, parseDevice } from './keys/device-list-encoding.js';
export {
  type DeviceDescription,
  type DeviceId,
  deriveFirstPosition,
  deriveNextPosition,
  type ListPosition,
  signDeviceEntry,
  signDeviceEntryAsync,
} from './keys/device-entry.js';
export {
  encodePrivateKeyDer,
  encodePublicKeyDer,
  parsePrivateKeyDer,
  parsePublicKeyDer,
} from './keys/key-der.js';
export {
  encodePrivateKeyJwk,
  encodePublicKeyJwk,
  type Jwk,
  parsePrivateKeyJwk,
  parsePublicKeyJwk,
} from './keys/key-jwk.js';
export {
  encodePrivateKeyPem,
  encodePublicKeyPem,
  parsePrivateKeyPem,
  parsePublicKeyPem,
} from './keys/key-pem.js';
export type { Continuity } from './keys/list-continuity.js';
export type { Authorship, DeviceListDraft } from './keys/draft-rules.js';
export {
  deriveRemovedKeyIds,
  draftAccountKeyChange,
  draftDeviceAddition,
  draftDeviceRemoval,
  draftFirstList,
  draftMessagingKeyChange,
  draftReset,
  draftVerificationChange,
  type Handover,
} from './keys/list-drafts.js';
export {
  encodePrivateKeyRaw,
  encodePublicKeyRaw,
  generatePrivateKey,
  PrivateKey,
  parsePrivateKeyRaw,
  parsePublicKeyRaw,
} from './keys/private-key.js';
export {
  signDeviceList,
  signDeviceListAsync,
  signPreKeys,
  signPreKeysAsync,
  verifyPreKeys,
} from './keys/sign-device-list.js';
export type { LocalSigner, Signer } from './keys/signer.js';
export {
  type DeviceListExpectation,
  type Mark,
  type VerifiedDeviceList,
  verifyDeviceList,
} from './keys/verify-device-list.js';
