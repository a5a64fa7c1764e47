/** The classes are those that the other doors throw, and the codes make a union. */

import {
  ArgumentRangeError,
  ArgumentTypeError,
  DecodeError,
  type ErrorCode,
  StateError,
  VerificationError,
} from 'contact-key-verification/errors.js';
import { parseHex } from 'contact-key-verification/bytes.js';
import { hashLeaf, treeRoot, verifyInclusion } from 'contact-key-verification/log.js';
import { SecretBytes } from 'contact-key-verification/suites.js';

/** The code of what is thrown, if it is of the class that says so. */
function codeOf(
  act: () => unknown,
  kind: abstract new (...args: never[]) => { readonly code: ErrorCode },
): string {
  try {
    act();
  } catch (error) {
    if (error instanceof kind) return error.code;
  }
  return 'no such error';
}

export function work(): string {
  const leafHash = hashLeaf(Uint8Array.of(1));
  const head = { treeSize: 1, root: treeRoot(leafHash) };
  const secret = new SecretBytes(Uint8Array.of(1));
  secret.destroy();
  return [
    codeOf(() => parseHex('0g'), DecodeError),
    codeOf(() => verifyInclusion(head, { index: 0, leafHash, proof: [leafHash] }), VerificationError),
    codeOf(() => secret.reveal(), StateError),
    codeOf(() => hashLeaf('text' as unknown as Uint8Array), ArgumentTypeError),
    codeOf(() => treeRoot(new Uint8Array(31)), ArgumentRangeError),
  ].join(', ');
}
