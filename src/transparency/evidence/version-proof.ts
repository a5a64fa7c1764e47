/**
 * Proof that a log holds a version of a label, which anyone can check later: what a user keeps of a search, to show that
 * this value was given out, and to be held against what others were given.
 *
 *     struct {
 *       uint16 version = 1;
 *       opaque label<0..2^8-1>;
 *       uint32 label_version;
 *       opaque vrf_proof[VRF.Np];
 *       VersionSide side;
 *     } VersionProof;
 */

import { assertObject } from '../../bytes/arguments.js';
import { equalBytes } from '../../bytes/compare.js';
import {
  type Codec,
  decode,
  encode,
  fixedBytes,
  struct,
  uint32,
  version as versionCodec,
} from '../../bytes/codec.js';
import { ArgumentRangeError, MisbehaviorError, PolicyError } from '../../errors.js';
import { openLog, type TrustedLog } from '../verifier/trusted-log.js';
import { type Configuration, encodeConfiguration } from '../wire/configuration.js';
import { encodeVrfInput } from '../wire/update.js';
import { labelCodec, sizesOf, type WireContext } from '../wire/wire-context.js';
import { contradiction, openVersionSide, type ProvenVersion } from './changed-version.js';
import { encodeEvidence, EVIDENCE_MAX_BYTES, type VersionSide, versionSideCodec } from './evidence.js';
import { assertOwnKeys } from './own-keys.js';
import type { SuiteOptions } from './signed-heads.js';

declare const verified: unique symbol;

/** A version of a label, and all that proves it to be in a log. */
export interface VersionProof {
  readonly label: Uint8Array;
  readonly version: number;
  readonly vrfProof: Uint8Array;
  readonly side: VersionSide;
}

/** A version proof that has been checked. Made by `verifyVersionProof` and `openVersionProof` only. Frozen. */
export interface VerifiedVersionProof extends ProvenVersion {
  readonly [verified]: true;
  readonly configuration: Configuration;
  readonly label: Uint8Array;
  readonly version: number;
  /** For `encodeVersionProof`. */
  readonly proof: VersionProof;
}

/** What two proofs of versions say together. Frozen. */
export type VersionComparison =
  /** One version with one commitment, so with one value. */
  | { readonly outcome: 'same' }
  /** Of two labels, or of two versions of one: nothing is known. */
  | { readonly outcome: 'apart' };

type WireProof = VersionProof & { readonly format: 1 };

function wireCodec(context: WireContext): Codec<WireProof> {
  return struct<WireProof>({
    format: versionCodec(2, 1),
    label: labelCodec,
    version: uint32,
    vrfProof: fixedBytes(sizesOf(context).vrfProof),
    side: versionSideCodec(context),
  });
}

/**
 * A version proof as bytes, to keep or to show. They hold the label, and the value.
 * @returns fresh
 */
export function encodeVersionProof({ configuration, proof }: VerifiedVersionProof): Uint8Array {
  return encode(wireCodec(configuration), { format: 1, ...proof }, EVIDENCE_MAX_BYTES);
}

/**
 * A version proof from bytes, checked. **Shown**: the log holds this version of the label, with this commitment, in a log
 * entry that it has signed; where `value` is there, the commitment is to it. Not shown: that it is the greatest version,
 * that its owner knows of it, or that the log shows the same to others.
 *
 * @param configurationBytes of the log, from a source that the program trusts
 * @param bytes at most 2^22, from anywhere; not changed
 * @returns frozen, fresh
 * @throws VerificationError `ERR_VRF_PROOF`, `ERR_PREFIX_ABSENT`, `ERR_COMMITMENT`, `ERR_SIGNATURE`, `ERR_HEAD_EMPTY`,
 *   `ERR_INDEX_RANGE`, `ERR_PROOF_LENGTH`, `ERR_EVIDENCE_KEYS`, codes of prefix proofs
 * @throws DecodeError codes of the wire, of a configuration and of VRF proofs; UnsupportedError `ERR_VERSION`,
 *   `ERR_CIPHER_SUITE`; ArgumentTypeError
 */
export function verifyVersionProof(
  configurationBytes: Uint8Array,
  bytes: Uint8Array,
  options: SuiteOptions,
): VerifiedVersionProof {
  assertObject(options, 'options');
  const log = openLog(configurationBytes, options.suite, options.hasher);
  const { label, version, vrfProof, side } = decode(
    wireCodec(log.configuration),
    bytes,
    'VersionProof',
    EVIDENCE_MAX_BYTES,
  );
  return openProof(log, { label, version, vrfProof, side });
}

/** Checks a version proof. @throws as {@link verifyVersionProof} */
export function openProof(log: TrustedLog, proof: VersionProof): VerifiedVersionProof {
  assertOwnKeys(log.configuration);
  const { label, version, vrfProof, side } = proof;
  const key = log.suite.vrf.verify(log.vrfKey, encodeVrfInput({ label, version }), vrfProof);
  const proven = openVersionSide(log, { label, version, key }, side);
  return Object.freeze({
    ...proven,
    configuration: log.configuration,
    label,
    version,
    proof: Object.freeze({ ...proof, side: Object.freeze({ ...side }) }),
  }) as VerifiedVersionProof;
}

/**
 * Compares what a log has proven to two users, or to one at two times.
 *
 * @param own a checked proof
 * @param peer another one
 * @returns that they agree, or are not of the same version
 * @throws MisbehaviorError `ERR_VERSION_CHANGED` one version of a label with two commitments
 * @throws PolicyError `ERR_ENTRY_EXPIRED` so it is, and one log entry had expired when the other was made: the log may
 *   have erased the label, and begun anew
 * @throws ArgumentRangeError proofs of two configurations; ArgumentTypeError
 */
export function compareVersionProofs(
  own: VerifiedVersionProof,
  peer: VerifiedVersionProof,
): VersionComparison {
  assertObject(own, 'own');
  assertObject(peer, 'peer');
  const { configuration, label, version } = own;
  if (!equalBytes(encodeConfiguration(configuration), encodeConfiguration(peer.configuration))) {
    throw new ArgumentRangeError('proofs of two logs cannot be compared');
  }
  if (version !== peer.version || !equalBytes(label, peer.label)) return APART;
  const found = contradiction(configuration, own, peer);
  if (found === 'none') return SAME;
  if (found === 'expired') {
    throw new PolicyError('ERR_ENTRY_EXPIRED', 'one log entry had expired when the other was made');
  }
  const { vrfProof, side: first } = own.proof;
  const second = peer.proof.side;
  const accusation = { kind: 'changedVersion', label, version, vrfProof, first, second } as const;
  throw new MisbehaviorError(
    'ERR_VERSION_CHANGED',
    'the log holds two commitments for one version',
    encodeEvidence({ configuration, accusation }),
  );
}

const SAME: VersionComparison = /* @__PURE__ */ Object.freeze({ outcome: 'same' });
const APART: VersionComparison = /* @__PURE__ */ Object.freeze({ outcome: 'apart' });
