/**
 * The directory's side: what may go into the log. An honest directory does not log what no contact would take into
 * use, so it looks at a list as they will.
 */

import { assertObject } from '../bytes/arguments.js';
import { VerificationError } from '../errors.js';
import { type VerifiedDeviceList, verifyDeviceList } from '../keys/verify-device-list.js';
import type { StoredVersion } from '../transparency/operator/operator.js';
import type { UpdateRequest } from '../transparency/wire/update-messages.js';
import { assertSequence } from './logged-list.js';

/**
 * Verifies what a user wants published, in an operator's access rule: each value is the next device list of the
 * identifier, and verifies against the one before it as contacts verify it.
 *
 * It does not say that the caller may publish under this identifier: whose the identifier is, the server knows.
 *
 * @param request of the access question
 * @param newest of `operator.newest(request.label)`. Where its value was deleted, the list is verified as at first sight:
 *   the contacts who have the one before verify what follows on what
 * @returns the lists that the request brings. None where it brings none, or its user does not know the newest one: the
 *   log takes nothing then, and tells of what is new
 * @throws DecodeError, VerificationError, PolicyError, UnsupportedError as `verifyDeviceList`; VerificationError
 *   `ERR_LIST_SEQUENCE` the list has another sequence than the version that it would be filed as, `ERR_KNOWN_VERSION`
 * @throws StateError `ERR_STORED_STATE` the log holds something else than a device list
 * @example
 * const access: AccessRule<User> = async ({ operation, request }, user) => {
 *   if (operation !== 'update') return true;
 *   if (!mayPublish(user, request.label)) return false; // first: what follows tells what the label holds
 *   verifyPublication(request, await operator.newest(request.label));
 *   return true;
 * };
 */
export function verifyPublication(
  request: Pick<UpdateRequest, 'label' | 'greatestVersion' | 'values'>,
  newest: StoredVersion | undefined,
): readonly VerifiedDeviceList[] {
  assertObject(request, 'request');
  const { label, greatestVersion, values } = request;
  const [known, greatest] = [greatestVersion ?? -1, newest?.version ?? -1];
  // A version that is not there yet may be when the log takes the request: unverified.
  if (known > greatest) throw new VerificationError('ERR_KNOWN_VERSION', 'the identifier has no such list');
  if (known < greatest) return Object.freeze([]);
  if (label.length === 0 && values.length > 0) {
    throw new VerificationError('ERR_LIST_IDENTIFIER', 'an identifier has at least one byte');
  }
  const lists: VerifiedDeviceList[] = [];
  for (const { value } of values) {
    const list = verifyDeviceList(value, { identifier: label, stored: lists.at(-1) ?? newest?.value });
    assertSequence(list, known + 1 + lists.length);
    lists.push(list);
  }
  return Object.freeze(lists);
}
