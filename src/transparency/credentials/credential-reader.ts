/**
 * Credentials (draft, "Credentials"): what users prove to one another, so that nobody has to ask the log about their
 * contacts.
 *
 *     client ── distinguishedHeads ──▶ state ──▶ reader ── verify(credential) ──▶ standard: done
 *                                                   │                            provisional: use it, keep `pending`
 *                          after the next walk      └── settle(pending, …) ──▶ verified, waiting or expired
 *
 * A reader only reads the client's state: it has no way to change what the user knows of the log, makes no request, and
 * holds nothing between two calls, so that one credential cannot influence another.
 */

import type { CipherSuite } from '../../crypto/cipher-suite.js';
import type { TreeHasher } from '../../hashing/tree-hasher.js';
import type { Recent } from '../walks/distinguished-heads.js';
import type { Configuration } from '../wire/configuration.js';

/** What a reader is made with. */
export interface CredentialReaderOptions {
  /** The log's suite. */
  readonly suite: CipherSuite;
  /** The client's state, at its newest; absent where there is none yet, and nothing can be verified. Copied. */
  readonly state?: Uint8Array | undefined;
  /** Which distinguished entries are recent: the definition that all users of the log share. Default: the ten rightmost. */
  readonly recent?: Recent | undefined;
  /** Default: the engine in TypeScript. */
  readonly hasher?: TreeHasher | undefined;
}

/** What a credential shows. */
interface ShownVersion {
  /** Fresh. */
  readonly label: Uint8Array;
  readonly version: number;
  /** Fresh. */
  readonly value: Uint8Array;
}

/** A credential that is verified, as far as it can be. Frozen. */
export type VerifiedCredential =
  | (ShownVersion & {
      readonly kind: 'standard';
      /** The distinguished log entry in which the version is the label's greatest. */
      readonly position: number;
      /** When it was the greatest: the time of that entry, in milliseconds since 1970. */
      readonly timestampMs: number;
    })
  | (ShownVersion & {
      readonly kind: 'provisional';
      /** The distinguished log entry that the credential rests on: it has no such version yet. */
      readonly position: number;
      /** When it was the greatest: the time of the newest entry of the credential's tree, in milliseconds since 1970. */
      readonly timestampMs: number;
      /** To be kept until {@link CredentialReader.settle} has verified it. Fresh. */
      readonly pending: Uint8Array;
    });

/** Which CredentialUpdate would finally verify a provisional credential. Frozen. */
export interface NeededUpdate {
  readonly label: Uint8Array;
  readonly version: number;
  /** Of the credential's tree. */
  readonly treeSize: number;
  /** The log entry that first shows the version. */
  readonly terminal: number;
  /** The first distinguished entry that the user knows behind it; `undefined` while there is none. */
  readonly distinguished: number | undefined;
}

/** How far a provisional credential has come. Frozen. */
export type SettledCredential =
  /** Finally verified: it is as good as a standard one. `pending` may be deleted. */
  | (ShownVersion & { readonly outcome: 'verified' })
  /**
   * Not yet: ask again after the next walk of distinguished heads, or with an update from the sender. Keep `pending` in
   * place of what was given.
   */
  | {
      readonly outcome: 'waiting';
      readonly pending: Uint8Array;
      readonly needed: NeededUpdate;
      /** Whether an update that had come early was wrong, and is dropped. */
      readonly isUpdateRefused: boolean;
    }
  /**
   * The entry that it rests on is not recent any more, and it is not verified. The program must now try to get the needed
   * update from the log, over a channel that does not tell who asks; where that fails, it should warn the user, for whom
   * the credential is evidence that the log may have lied (draft, "Provisional").
   */
  | {
      readonly outcome: 'expired';
      readonly pending: Uint8Array;
      readonly needed: NeededUpdate;
      readonly isUpdateRefused: boolean;
    };

/** What a credential is held against. */
export interface CredentialExpectations {
  /** Whose it must be. A credential is true for the label that it names, whoever sends it. */
  readonly label: Uint8Array;
  /**
   * The user's clock, in milliseconds since 1970, to refuse a provisional credential whose tree is older or newer than the
   * log's bounds allow. Absent, and as the draft has it: its age is bounded by the entry that it rests on.
   */
  readonly clockMs?: number | undefined;
}

/** Reads credentials. Frozen. */
export interface CredentialReader {
  readonly configuration: Configuration;

  /**
   * The same reader over another state.
   * @throws StateError `ERR_STORED_STATE`, `ERR_STATE_LOG`
   */
  at(state: Uint8Array | undefined): CredentialReader;

  /**
   * Verifies a credential.
   *
   * **Shown**, standard: the version was the label's greatest in a distinguished log entry that the user's own log has.
   * Provisional: the log has signed that it was, in a tree that extends the user's own; the value may be used, and the log
   * could still take it back unseen until {@link CredentialReader.settle} has succeeded.
   * **Not shown**: that there is no newer version by now; that the label's owner knows of the version; that the sender is
   * the owner: anybody may pass credentials on.
   *
   * **A failure must not make the program ask the log** (draft, "Credentials"): it would tell the log who wrote to whom.
   *
   * @param credential at most 2^21 bytes; not changed
   * @throws PolicyError `ERR_CREDENTIAL_EARLY` it rests on a newer log entry than the user knows: keep it, and try again
   *   after the next walk of distinguished heads, which comes when it comes; `ERR_CREDENTIAL_POSITION` it rests on an
   *   entry that is not recent, or not distinguished: only its sender can help; `ERR_HEAD_AHEAD`, `ERR_HEAD_BEHIND` of
   *   `clockMs`
   * @throws VerificationError `ERR_CREDENTIAL_LABEL` another label; what the draft makes users check, each check with a
   *   code of its own; DecodeError codes of the wire and of VRF proofs; ArgumentTypeError, ArgumentRangeError
   */
  verify(credential: Uint8Array, expected: CredentialExpectations): VerifiedCredential;

  /**
   * Finally verifies a provisional credential, where what the user knows of the log by now suffices: the log entry that
   * first showed the version has become distinguished, or an update leads from it to one that is.
   *
   * @param pending of `verify`, or of this
   * @param options `update`: a CredentialUpdate, at most 2^20 bytes. Where it comes before the user knows the entry that
   *   it leads to, it is kept in `pending`; a later one takes its place
   * @throws VerificationError `ERR_ENTRY_ROOT`, `ERR_RETAINED_SUBTREE` without an update: **the log showed the sender
   *   another history than this user**. With one: codes of the proof, `ERR_MONITORED_VERSION`, `ERR_PROOF_ROOT`; the
   *   update is wrong, which by itself shows nothing of the log
   * @throws StateError `ERR_STORED_STATE`, `ERR_STATE_LOG`; DecodeError; ArgumentTypeError
   */
  settle(pending: Uint8Array, options?: { readonly update?: Uint8Array | undefined }): SettledCredential;

  /**
   * Makes a standard credential for a label, to be sent to whoever may have the label's value: from the log's answer to
   * one's own search for the greatest version.
   *
   * It is verified as its receiver will, so the answer need not have been verified before.
   *
   * @param response a SearchResponse
   * @returns a Credential, fresh
   * @throws PolicyError `ERR_CREDENTIAL_POSITION` none of the recent distinguished entries that the user knows has this
   *   version as its greatest: walk the distinguished heads first, or ask the log's operator for a provisional one
   * @throws VerificationError, DecodeError of the answer; ArgumentTypeError, ArgumentRangeError
   */
  fromSearch(label: Uint8Array, response: Uint8Array): Uint8Array;
}
