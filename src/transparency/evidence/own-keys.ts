/**
 * Signatures that do not tell what they are of. What KEYTRANS signs carries no label of its own: an UpdateTBS whose value
 * somebody chose can have the bytes of a TreeHeadTBS (an empty label and 31 bytes of value), so where the service operator
 * signs values with the key of tree heads, a user can make it sign a head. An AuditorTreeHeadTBS is 8 bytes longer than a
 * TreeHeadTBS of the same log, so these two never coincide.
 */

import { equalBytes } from '../../bytes/compare.js';
import { VerificationError } from '../../errors.js';
import type { Configuration } from '../wire/configuration.js';

/**
 * Refuses a log whose service operator and manager have one key.
 * @throws VerificationError `ERR_EVIDENCE_KEYS`
 */
export function assertOwnKeys(configuration: Configuration): void {
  if (configuration.mode !== 'thirdPartyManagement') return;
  if (equalBytes(configuration.signaturePublicKey, configuration.leafPublicKey)) {
    throw new VerificationError('ERR_EVIDENCE_KEYS', 'manager and service operator have one key');
  }
}
