/**
 * Changed versions: one version of a label that two log entries hold with two commitments. Where both are opened, two
 * people can have been given two values, such as two device lists of one sequence.
 *
 *     label, version ─VRF proof─▶ key ─prefix proof─▶ prefix root, timestamp ─▶ log entry ─inclusion─▶ root ─▶ signature
 *                                  └ with a commitment, which opens to the value
 *
 * Why this is misbehaviour: a leaf of the prefix tree stays what it is for as long as the log says anything of it. Owners
 * and contacts keep commitments and go on to ask for them; searches for a version take whichever entry they come to. A
 * log may delete leaves (the architecture's "Right to Erasure"), and begin with version 0 again for the label's next owner
 * once no unexpired entry tells of the one before: earlier, neither an owner's initialization nor a search could be
 * answered. So the two entries must be less than a maximum lifetime apart; where there is none, nothing expires. That a
 * version is *gone* from a later entry proves nothing against a log, and there is no evidence of that kind.
 *
 * The two heads need not be consistent: if they are not, that is a fork, which no honest log has either.
 */

import { equalBytes } from '../../bytes/compare.js';
import { VerificationError } from '../../errors.js';
import { evaluateBatchProof } from '../../log/batch-proof.js';
import { evaluatePrefixProof } from '../../prefix/evaluate.js';
import type { TrustedLog } from '../verifier/trusted-log.js';
import type { Configuration } from '../wire/configuration.js';
import { encodeLogEntry } from '../wire/proofs.js';
import { encodeCommitmentValue, encodeVrfInput } from '../wire/update.js';
import type { EvidenceKinds, VersionSide } from './evidence.js';
import { verifySignedRoot } from './signed-head.js';

/** A version of a label as a signed log holds it. Frozen. */
export interface ProvenVersion {
  /** Of the signed head. */
  readonly treeSize: number;
  /** Of a log entry that holds the version. */
  readonly position: number;
  /** When that entry was made: milliseconds since 1970. */
  readonly timestampMs: number;
  /** 32 bytes. */
  readonly commitment: Uint8Array;
  /** What the commitment opens to; `undefined` where that is not shown. */
  readonly value: Uint8Array | undefined;
}

/** What evidence of a changed version proves. */
export interface ChangedVersionFacts {
  readonly kind: 'changedVersion';
  readonly label: Uint8Array;
  readonly version: number;
  readonly versions: readonly [ProvenVersion, ProvenVersion];
}

/**
 * Checks evidence of a changed version.
 * @throws VerificationError codes of {@link openVersionSide}; `ERR_VRF_PROOF`; `ERR_EVIDENCE_AGREES` one commitment;
 *   `ERR_EVIDENCE_EXPIRED`
 * @throws DecodeError `ERR_VRF_POINT`, `ERR_VRF_SCALAR`
 */
export function verifyChangedVersion(
  log: TrustedLog,
  { label, version, vrfProof, first, second }: EvidenceKinds['changedVersion'],
): ChangedVersionFacts {
  const key = log.suite.vrf.verify(log.vrfKey, encodeVrfInput({ label, version }), vrfProof);
  const named = { label, version, key };
  const versions = [openVersionSide(log, named, first), openVersionSide(log, named, second)] as const;
  const found = contradiction(log.configuration, ...versions);
  if (found === 'none') {
    throw new VerificationError('ERR_EVIDENCE_AGREES', 'both log entries hold one commitment');
  }
  if (found === 'expired') {
    throw new VerificationError('ERR_EVIDENCE_EXPIRED', 'one log entry had expired when the other was made');
  }
  return Object.freeze({ kind: 'changedVersion', label, version, versions: Object.freeze(versions) });
}

/**
 * How two proofs of one version contradict each other: not at all, provably, or in a way that is open to a log that has
 * forgotten the older one.
 */
export function contradiction(
  { maximumLifetimeMs = Infinity }: Configuration,
  a: ProvenVersion,
  b: ProvenVersion,
): 'none' | 'expired' | 'proven' {
  if (equalBytes(a.commitment, b.commitment)) return 'none';
  // As "Maximum Lifetime" has it: expired is what is as old as that.
  return Math.abs(a.timestampMs - b.timestampMs) >= maximumLifetimeMs ? 'expired' : 'proven';
}

/** A version of a label, and its key in prefix trees. */
export interface NamedVersion {
  readonly label: Uint8Array;
  readonly version: number;
  /** The VRF output, of a verified proof. */
  readonly key: Uint8Array;
}

/**
 * What a signed log shows of a version.
 * @throws VerificationError `ERR_PREFIX_ABSENT` the prefix proof does not show the version; `ERR_COMMITMENT` what is said
 *   to open its commitment does not; codes of prefix proofs and batch proofs; `ERR_SIGNATURE`
 */
export function openVersionSide(
  log: TrustedLog,
  { label, version, key }: NamedVersion,
  { treeHead, position, timestampMs, inclusion, lookups, proof, opened }: VersionSide,
): ProvenVersion {
  const { configuration, hasher, suite } = log;
  const at = lookups.findIndex(({ vrfOutput }) => equalBytes(vrfOutput, key));
  const commitment = lookups[at]?.commitment;
  if (commitment === undefined || proof.results[at]?.resultType !== 'inclusion') {
    throw new VerificationError('ERR_PREFIX_ABSENT', 'the version is not shown to be in the prefix tree');
  }
  if (opened !== undefined) {
    suite.verifyCommitment(commitment, encodeCommitmentValue({ label, version, ...opened }, configuration));
  }
  const prefixTree = evaluatePrefixProof(lookups, proof, { hasher });
  const leafHash = suite.hash(encodeLogEntry({ timestampMs, prefixTree }));
  const { treeSize } = treeHead;
  const { root } = evaluateBatchProof(
    { treeSize, leaves: [{ index: position, leafHash }], proof: inclusion },
    { hasher },
  );
  verifySignedRoot(log, { signer: 'log', ...treeHead }, root);
  return Object.freeze({ treeSize, position, timestampMs, commitment, value: opened?.update.value });
}
