/**
 * Checking evidence: without connection, state or clock, by anyone who has the bytes and knows which log they mean.
 */

import { assertArray, assertObject } from '../../bytes/arguments.js';
import { assertBytes, equalBytes } from '../../bytes/compare.js';
import type { CipherSuite } from '../../crypto/cipher-suite.js';
import { KT_128_SHA256_Ed25519 } from '../../crypto/kt-128-sha256-ed25519.js';
import { KT_128_SHA256_P256 } from '../../crypto/kt-128-sha256-p256.js';
import { UnsupportedError, VerificationError } from '../../errors.js';
import type { TreeHasher } from '../../hashing/tree-hasher.js';
import { openLog, type TrustedLog } from '../verifier/trusted-log.js';
import { type Configuration, encodeConfiguration } from '../wire/configuration.js';
import { type ChangedVersionFacts, verifyChangedVersion } from './changed-version.js';
import { type Accusation, parseEvidence } from './evidence.js';
import { type ForkFacts, verifyFork } from './fork.js';
import { assertOwnKeys } from './own-keys.js';
import { type ReversedTimeFacts, verifyReversedTime } from './reversed-time.js';
import { type TwoValuesFacts, verifyTwoValues } from './two-values.js';

/**
 * Whose key made a signature: that of the log's tree heads (its service operator, or its third-party manager where there
 * is one), the third-party auditor, or the service operator beside a manager.
 */
export type AccusedParty = 'log' | 'auditor' | 'serviceOperator';

/** What evidence proves, by its kind. Frozen, its bytes fresh. */
export type EvidenceFacts = ForkFacts | ChangedVersionFacts | ReversedTimeFacts | TwoValuesFacts;

/** Evidence whose signatures have been checked. Frozen. */
export type VerifiedEvidence = EvidenceFacts & {
  /** Of the log that is accused. **Compare it with the log that you mean**: anyone can accuse a log of their own. */
  readonly configuration: Configuration;
  /** Who signed. Where there are two, at least one of them has lied: which one, the evidence does not say. */
  readonly accused: readonly AccusedParty[];
};

/** How evidence is checked. */
export interface EvidenceOptions {
  /** The encoded configuration of the log that the caller means: evidence against any other is refused. */
  readonly configuration?: Uint8Array | undefined;
  /** Default: both. */
  readonly suites?: readonly CipherSuite[] | undefined;
  /** Default: the engine in TypeScript. */
  readonly hasher?: TreeHasher | undefined;
}

/**
 * Checks evidence of misbehaviour, as a {@link MisbehaviorError} carries it (CKV/1, "Evidence").
 *
 * **Shown**: the holder of a key in `configuration` has signed two things that cannot both be true of one log that
 * follows the protocol. **Not shown**: who holds the key (it may have been stolen), which of the two is true, and whether
 * anybody was harmed. Two logs that are run under one configuration look like a fork of one: a key pair is for one log.
 *
 * @param bytes at most 2^22, from anywhere; not changed
 * @returns what is proven; frozen, fresh
 * @throws VerificationError `ERR_EVIDENCE_LOG` it accuses another log than `options.configuration`;
 *   `ERR_EVIDENCE_KEYS` two parties have one key; `ERR_EVIDENCE_AGREES` there is no contradiction;
 *   `ERR_EVIDENCE_EXPIRED` a version that the log may have forgotten between; `ERR_SIGNATURE`,
 *   `ERR_AUDITOR_SIGNATURE`, `ERR_VALUE_SIGNATURE`, `ERR_VRF_PROOF`, `ERR_COMMITMENT`, `ERR_HEAD_EMPTY`,
 *   `ERR_HEAD_ORDER`, `ERR_INDEX_RANGE`, `ERR_PROOF_LENGTH`, `ERR_PREFIX_ABSENT` and the other codes of prefix proofs
 * @throws UnsupportedError `ERR_VERSION`, `ERR_CIPHER_SUITE`
 * @throws DecodeError codes of the wire, of a configuration, of keys and of VRF proofs; ArgumentTypeError
 * @example
 * const { kind, accused } = verifyEvidence(error.evidence, { configuration });
 */
export function verifyEvidence(bytes: Uint8Array, options: EvidenceOptions = {}): VerifiedEvidence {
  assertObject(options, 'options');
  const { configuration: meant, suites = [KT_128_SHA256_Ed25519, KT_128_SHA256_P256], hasher } = options;
  if (meant !== undefined) assertBytes(meant, 'configuration');
  assertArray(suites, 'suites');
  const { configuration, accusation } = parseEvidence(bytes);
  const accusedLog = encodeConfiguration(configuration);
  if (meant !== undefined && !equalBytes(meant, accusedLog)) {
    throw new VerificationError('ERR_EVIDENCE_LOG', 'the evidence accuses another log');
  }
  const suite = (suites as readonly CipherSuite[]).find(({ id }) => id === configuration.ciphersuite);
  if (suite === undefined) {
    throw new UnsupportedError('ERR_CIPHER_SUITE', 'the program has not the suite of this log');
  }
  assertOwnKeys(configuration);
  const facts = verifyAccusation(openLog(accusedLog, suite, hasher), accusation);
  return Object.freeze({ ...facts, configuration, accused: accusedOf(facts) });
}

/** Checks an accusation. @throws what {@link verifyEvidence} throws */
export function verifyAccusation(log: TrustedLog, accusation: Accusation): EvidenceFacts {
  switch (accusation.kind) {
    case 'fork':
      return verifyFork(log, accusation);
    case 'changedVersion':
      return verifyChangedVersion(log, accusation);
    case 'reversedTime':
      return verifyReversedTime(log, accusation);
    case 'twoValues':
      return verifyTwoValues(log, accusation);
  }
}

function accusedOf(facts: EvidenceFacts): readonly AccusedParty[] {
  if (facts.kind === 'twoValues') return Object.freeze(['serviceOperator']);
  if (facts.kind !== 'fork') return Object.freeze(['log']);
  return Object.freeze([...new Set(facts.heads.map(({ signer }) => signer))]);
}
