/**
 * What a credential says of its versions, before it is known where in the log they stand (draft, "Credentials", steps 2
 * to 4): the value's signature, the VRF proofs of the ladder, the commitment to the value.
 */

import { commitmentTo, openLadder } from '../verifier/ladder-steps.js';
import type { KnownVersion } from '../verifier/received-proof.js';
import type { TrustedLog } from '../verifier/trusted-log.js';
import { baseLadder } from '../walks/ladder.js';
import type { Credential } from '../wire/credential.js';

/** The fields in which all credentials and the answer to a search are alike. */
export type ShownValue = Pick<Credential, 'label' | 'version' | 'opening' | 'value' | 'binaryLadder'>;

/**
 * The VRF outputs of all versions that the credential's search can look up, and the commitments of those that exist.
 * @throws VerificationError `ERR_VALUE_SIGNATURE`, `ERR_LADDER_STEPS`, `ERR_LADDER_COMMITMENT`, `ERR_VRF_PROOF`
 * @throws DecodeError `ERR_VRF_POINT`, `ERR_VRF_SCALAR`
 */
export function openVersions(
  log: TrustedLog,
  { label, version, opening, value: update, binaryLadder }: ShownValue,
): ReadonlyMap<number, KnownVersion> {
  const commitment = commitmentTo(log, { label, version, opening, update });
  // As in the answer to a search for the greatest version: above it there is nothing to commit to.
  const versions = openLadder(log, label, baseLadder(version), binaryLadder, (each) => each < version);
  // A version's ladder holds the version itself.
  const { vrfOutput } = versions.get(version) as KnownVersion;
  versions.set(version, Object.freeze({ vrfOutput, commitment }));
  return versions;
}
