/**
 * What comes into this room, checked: numbers by their kind and bounds, hashes by their length.
 *
 * Numbers of the wrong kind are the program's fault (a decoder yields integers up to 2^53 - 1 or refuses), so
 * they are argument errors; hashes of the wrong length came from outside and are decode errors.
 */

import { assertObject } from '../bytes/arguments.js';
import { assertBytes } from '../bytes/compare.js';
import { ArgumentRangeError, DecodeError, VerificationError } from '../errors.js';
import { HASH_LENGTH } from './subtree.js';

/**
 * A hash from outside, copied: 32 bytes, fresh.
 * @throws ArgumentTypeError no bytes; DecodeError `ERR_LENGTH`
 */
export function copyHash(value: unknown, structure: string, offset = 0): Uint8Array {
  const copy = new Uint8Array(HASH_LENGTH);
  copyHashInto(copy, 0, value, structure, offset);
  return copy;
}

/**
 * {@link copyHash} to a place in a longer array.
 * @param at bytes from its start
 */
export function copyHashInto(
  to: Uint8Array,
  at: number,
  value: unknown,
  structure: string,
  offset = 0,
): void {
  assertBytes(value, structure);
  if (value.length !== HASH_LENGTH) {
    throw new DecodeError('ERR_LENGTH', structure, offset, `a hash has ${HASH_LENGTH} bytes`);
  }
  to.set(value, at);
}

/**
 * A proof from outside, copied. Its length is read once and checked before anything else, so a proof of a
 * million hashes costs one comparison; each hash is read once, so nothing changes after it was checked.
 * @param count hashes that the sizes demand
 * @throws VerificationError `ERR_PROOF_LENGTH`; ArgumentTypeError; DecodeError `ERR_LENGTH`
 */
export function copyProof(proof: ArrayLike<Uint8Array>, structure: string, count: number): Uint8Array[] {
  assertProofLength(proof, structure, count);
  return copyHashes(proof, structure, count);
}

/** {@link copyProof} to a place in a longer array, the hashes one after the other. */
export function copyProofInto(
  to: Uint8Array,
  at: number,
  proof: ArrayLike<Uint8Array>,
  structure: string,
  count: number,
): void {
  assertProofLength(proof, structure, count);
  for (let i = 0; i < count; i++) {
    copyHashInto(to, at + i * HASH_LENGTH, proof[i], structure, i * HASH_LENGTH);
  }
}

function assertProofLength(proof: ArrayLike<Uint8Array>, structure: string, count: number): void {
  assertObject(proof, structure);
  if (proof.length !== count) {
    throw new VerificationError('ERR_PROOF_LENGTH', `${structure}: ${count} hashes expected`);
  }
}

/** The first `count` hashes of a list, each read once: fresh. */
export function copyHashes(list: ArrayLike<Uint8Array>, structure: string, count: number): Uint8Array[] {
  const copies: Uint8Array[] = [];
  for (let i = 0; i < count; i++) copies.push(copyHash(list[i], structure, i * HASH_LENGTH));
  return copies;
}

/**
 * The number of hashes in a contiguous run of them.
 * @throws ArgumentTypeError no bytes; ArgumentRangeError no multiple of 32
 */
export function countHashes(hashes: unknown, name: string): number {
  assertBytes(hashes, name);
  if (hashes.length % HASH_LENGTH !== 0) {
    throw new ArgumentRangeError(`${name} must be a multiple of ${HASH_LENGTH} bytes`);
  }
  return hashes.length / HASH_LENGTH;
}
