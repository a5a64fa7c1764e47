/**
 * Codes that people compare: the 8-digit code session, the public code for a profile, the safety number, the QR
 * payload. Structures and rules: CKV/1, "The 8-digit code" and "Codes that need no session".
 *
 * There is no function from keys alone to a short code, on purpose: such a code can be forged in seconds.
 */

export {
  createSasSession,
  type PinnedBy,
  restoreSasSession,
  type SasSetup,
} from './codes/create-sas-session.js';
export { comparePublicCode, derivePublicCode, parsePublicCode } from './codes/public-code.js';
export { encodeQrPayload, type QrKeys, type QrOutcome, reviewQrPayload } from './codes/qr-payload.js';
export {
  deriveAccountSafetyNumber,
  deriveSafetyNumber,
  formatSafetyNumber,
  type SafetyNumber,
  type SafetyNumberParty,
} from './codes/safety-number.js';
export { reviewSasAttempts, SAS_ATTEMPTS_MAX, type SasAttempts } from './codes/sas-attempts.js';
export type { SasPurpose, SasRole } from './codes/sas-message.js';
export type { SasEvent, SasPhase } from './codes/sas-progress.js';
export {
  SAS_LIFETIME_MS,
  type SasCode,
  type SasNow,
  type SasOutcome,
  type SasReceipt,
  type SasSession,
} from './codes/sas-session.js';
export type { SasSubject } from './codes/sas-subject.js';
export {
  compareScannedSafetyNumber,
  type ScannableVersion,
  type ScannedSafetyNumber,
} from './codes/scannable-safety-number.js';
