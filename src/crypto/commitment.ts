/**
 * Commitments to values of labels (draft-ietf-keytrans-protocol, *Commitment*): HMAC-SHA256 under a fixed key, over a
 * CommitmentValue, which begins with 16 random bytes, the opening. Both cipher suites share all of it.
 *
 * A commitment hides its value only while the opening is secret, and once the opening is deleted for good.
 */

import { assertBytes, equalBytes } from '../bytes/compare.js';
import { VerificationError } from '../errors.js';
import { randomBytes } from '../platform.js';
import { hmacSha256 } from './hash.js';

/** The draft's `Nc`: bytes of an opening. */
export const OPENING_LENGTH = 16;

/** The draft's `Kc` (*KT Cipher Suites*). Public: it separates commitments from other uses of HMAC. */
const COMMITMENT_KEY: Uint8Array = /* @__PURE__ */ Uint8Array.of(
  0xd8,
  0x21,
  0xf8,
  0x79,
  0x0d,
  0x97,
  0x70,
  0x97,
  0x96,
  0xb4,
  0xd7,
  0x90,
  0x33,
  0x57,
  0xc3,
  0xf5,
);

/**
 * A fresh opening: 16 bytes from the platform's CSPRNG.
 * @throws UnsupportedError `ERR_NO_RANDOMNESS`
 */
export function generateOpening(): Uint8Array {
  return randomBytes(OPENING_LENGTH);
}

/**
 * The commitment to a value: 32 bytes, fresh.
 * @param commitmentValue an encoded CommitmentValue, opening first
 */
export function commit(commitmentValue: Uint8Array): Uint8Array {
  assertBytes(commitmentValue, 'a commitment value');
  return hmacSha256(COMMITMENT_KEY, commitmentValue);
}

/**
 * Checks that a value opens a commitment. Every byte is compared, whatever differs.
 * @param commitment as the prefix tree holds it; of another length than 32 bytes it is nobody's
 * @throws VerificationError `ERR_COMMITMENT`
 */
export function verifyCommitment(commitment: Uint8Array, commitmentValue: Uint8Array): void {
  assertBytes(commitment, 'a commitment');
  if (!equalBytes(commitment, commit(commitmentValue)))
    throw new VerificationError('ERR_COMMITMENT', 'the value does not open the commitment');
}
