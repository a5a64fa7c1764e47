/**
 * What a KEYTRANS cipher suite offers (draft-ietf-keytrans-protocol, *Cipher Suites*, *KT Cipher Suites*). There are
 * two, one constant per file: `kt-128-sha256-p256.ts`, `kt-128-sha256-ed25519.ts`. A log has one suite for life; a
 * program accepts, and bundles, the suites that it imports.
 */

import type { SuiteSignatures } from './suite-signatures.js';
import type { Vrf } from './vrf.js';

/** Numbers of the two suites in the IANA registry that the draft asks for. */
export type CipherSuiteId = 0x0001 | 0x0002;

/** One cipher suite. Frozen, and without state. */
export interface CipherSuite {
  readonly id: CipherSuiteId;
  readonly name: 'KT_128_SHA256_P256' | 'KT_128_SHA256_Ed25519';
  /** The draft's `Hash.Nh`, in bytes; trees are hashed with SHA-256 in both suites. */
  readonly hashLength: 32;
  /** The draft's `Nc`: bytes of a commitment's opening. */
  readonly openingLength: 16;
  readonly signatures: SuiteSignatures;
  readonly vrf: Vrf;
  /**
   * SHA-256: 32 bytes, fresh.
   */
  hash(bytes: Uint8Array): Uint8Array;
  /**
   * A fresh opening: 16 bytes from the platform's CSPRNG. Each commitment has one of its own, stored so that it can
   * be deleted by itself.
   * @throws UnsupportedError `ERR_NO_RANDOMNESS`
   */
  generateOpening(): Uint8Array;
  /**
   * The commitment to a value (*Commitment*): 32 bytes, fresh.
   * @param commitmentValue an encoded CommitmentValue, which begins with the opening
   */
  commit(commitmentValue: Uint8Array): Uint8Array;
  /**
   * Checks that a value opens a commitment. Proves nothing about where the commitment came from: the tree does.
   * @throws VerificationError `ERR_COMMITMENT`
   */
  verifyCommitment(commitment: Uint8Array, commitmentValue: Uint8Array): void;
}
