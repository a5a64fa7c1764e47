/**
 * Whose account key it is that is sealed or opened.
 */

import { assertObject } from '../bytes/arguments.js';
import { assertBytes } from '../bytes/compare.js';
import { equalPublicKeys, type PublicKey } from '../crypto/public-key.js';
import { VerificationError } from '../errors.js';
import { type VerifiedDeviceList, verifyDeviceList } from '../keys/verify-device-list.js';
import type { LinkMessage } from './link-encoding.js';

/**
 * Refuses a message that is said to bring another account key.
 * @throws VerificationError `ERR_SEALED_ACCOUNT`
 */
export function demandAccount({ accountKey }: Pick<LinkMessage, 'accountKey'>, expected: PublicKey): void {
  if (!equalPublicKeys(accountKey, expected)) throw otherAccount();
}

/** The error for a key of another account. */
export function otherAccount(): VerificationError {
  return new VerificationError('ERR_SEALED_ACCOUNT', "this is another account's key");
}

/**
 * The list, verified once more from its bytes: what is decided by it hands out the account key, and a value of this
 * type can be asserted or cloned.
 * @throws what `verifyDeviceList` throws; argument errors
 */
export function verifiedAgain(list: VerifiedDeviceList): VerifiedDeviceList {
  assertObject(list, 'list');
  assertBytes(list.encoded, 'list.encoded');
  return verifyDeviceList(list.encoded, { identifier: list.identifier });
}
