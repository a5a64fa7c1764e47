/** What an app makes of the lists that it is served: verified as an app verifies them, and remembered. */

import type { DirectoryAnswer } from 'contact-key-verification/contacts.js';
import { type VerifiedDeviceList, verifyDeviceList } from 'contact-key-verification/keys.js';
import { NUMBER } from './contact-story.js';

const answers = new WeakMap<Uint8Array, Map<string, DirectoryAnswer>>();

/** What an app makes of the bytes that a directory hands out, given the list that it stored. */
export function answerOf(
  bytes: Uint8Array,
  stored?: VerifiedDeviceList,
  options: { readonly identifier?: string; readonly gapExpired?: boolean } = {},
): DirectoryAnswer {
  const { identifier = NUMBER, gapExpired = false } = options;
  const given = answers.get(bytes) ?? new Map<string, DirectoryAnswer>();
  answers.set(bytes, given);
  const key = `${stored?.listId.join()} ${identifier} ${gapExpired}`;
  const answer = given.get(key) ?? verifiedAnswer(bytes, stored, identifier, gapExpired);
  given.set(key, answer);
  return answer;
}

function verifiedAnswer(
  bytes: Uint8Array,
  stored: VerifiedDeviceList | undefined,
  identifier: string,
  gapExpired: boolean,
): DirectoryAnswer {
  try {
    return { kind: 'list', list: verifyDeviceList(bytes, { identifier, stored, gapExpired }) };
  } catch (error) {
    return { kind: 'refused', code: (error as { code: string }).code, bytes };
  }
}
