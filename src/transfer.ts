/**
 * The account key on a new device, and its backup: linking by QR code, by 8 digits over a relay that nobody has to
 * trust, or, for a device that is still listed, after the account key was succeeded; and a backup that a recovery key
 * opens. Structures and rules: CKV/1, "The account key on a new device, and its backup" (docs/protocol.md).
 *
 * Linking seals by HPKE (RFC 9180). This door alone needs the packages `hpke` and `@noble/ciphers`, which are optional
 * peers: install them beside this one. Linking is asynchronous because `hpke` is; backups are not.
 */

export { openBackup, sealBackup } from './transfer/backup.js';
export { createLinkOffer } from './transfer/create-link-offer.js';
export { LINK_LIFETIME_MS } from './transfer/link-lifetime.js';
export type { LinkOffer } from './transfer/link-offer.js';
export { generateRecoveryKey, parseRecoveryKey, type RecoveryKey } from './transfer/recovery-key.js';
export {
  sealAccountKeyForListed,
  sealAccountKeyForQr,
  sealAccountKeyForSession,
} from './transfer/seal-account-key.js';
