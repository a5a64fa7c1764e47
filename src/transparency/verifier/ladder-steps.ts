/**
 * What a response says of single versions of a label: the steps of its binary ladder, each with a VRF proof, and the
 * value of a version (draft, "Search", "Update Format", "Commitment", "Verifiable Random Function").
 */

import { VerificationError } from '../../errors.js';
import type { KnownVersion } from './received-proof.js';
import type { BinaryLadderStep } from '../wire/search-messages.js';
import { type TrustedLog, verifySignature } from './trusted-log.js';
import { encodeCommitmentValue, encodeUpdateTbs, encodeVrfInput, type UpdateValue } from '../wire/update.js';

/**
 * Verifies the VRF proofs of a ladder.
 * @param versions which version each step must be of
 * @param mayHaveCommitment versions of which a commitment may be given
 * @returns what is known of each version now
 * @throws VerificationError `ERR_LADDER_STEPS` fewer or more steps; `ERR_LADDER_COMMITMENT` a commitment where none
 *   may be; `ERR_VRF_PROOF`
 * @throws DecodeError `ERR_VRF_POINT`, `ERR_VRF_SCALAR`
 */
export function openLadder(
  { suite, vrfKey }: TrustedLog,
  label: Uint8Array,
  versions: readonly number[],
  steps: readonly BinaryLadderStep[],
  mayHaveCommitment: (version: number) => boolean,
): Map<number, KnownVersion> {
  if (steps.length !== versions.length) {
    throw new VerificationError('ERR_LADDER_STEPS', `a ladder of ${versions.length} steps expected`);
  }
  const known = new Map<number, KnownVersion>();
  for (const [i, version] of versions.entries()) {
    const { proof, commitment } = steps[i] as BinaryLadderStep;
    if (commitment !== undefined && !mayHaveCommitment(version)) {
      throw new VerificationError('ERR_LADDER_COMMITMENT', 'a commitment where none may be');
    }
    const vrfOutput = suite.vrf.verify(vrfKey, encodeVrfInput({ label, version }), proof);
    known.set(version, Object.freeze({ vrfOutput, commitment }));
  }
  return known;
}

/** A version's value, and what its commitment was made with. */
export interface OpenedValue {
  readonly label: Uint8Array;
  readonly version: number;
  /** 16 bytes. */
  readonly opening: Uint8Array;
  readonly update: UpdateValue;
}

/**
 * Verifies that the service operator has set a value, in a log with a third-party manager: nobody else may. In other
 * logs there is nothing to verify.
 * @throws VerificationError `ERR_VALUE_SIGNATURE`
 */
export function verifyValue(log: TrustedLog, opened: Omit<OpenedValue, 'opening'>): void {
  const { configuration: config, valueKey } = log;
  if (valueKey === undefined) return;
  const { label, version, update } = opened;
  const tbs = encodeUpdateTbs({ config, label, version, value: update.value });
  // The decoder has seen to it that there is a signature in this mode.
  const signature = update.suffix.signature as Uint8Array;
  verifySignature(log, valueKey, tbs, signature, 'ERR_VALUE_SIGNATURE');
}

/**
 * The commitment to a value, 32 bytes; where values are signed, the signature is verified first.
 * @throws VerificationError `ERR_VALUE_SIGNATURE`
 */
export function commitmentTo(log: TrustedLog, opened: OpenedValue): Uint8Array {
  verifyValue(log, opened);
  return log.suite.commit(encodeCommitmentValue(opened, log.configuration));
}
