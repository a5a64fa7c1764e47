/**
 * Every error this library throws, split by whose fault it is and what the caller does about it.
 *
 * | class | means | the caller |
 * | --- | --- | --- |
 * | `ArgumentTypeError` `ArgumentRangeError` | the program passed the wrong thing | fixes the code |
 * | `DecodeError` | outside bytes are no valid encoding | drops the message |
 * | `VerificationError` | well-formed, and false | drops, counts, warns |
 * | `PolicyError` | true, and not acceptable | retries later, updates |
 * | `MisbehaviorError` | a log, its auditor or its service operator contradicts itself, provably | stops, keeps the evidence, reports |
 * | `StateError` | stored state corrupt, object spent or destroyed | resets |
 * | `UnsupportedError` | a version, scheme or platform feature is missing | falls back, updates |
 *
 * Codes are API and stay stable; messages are for people, may change, and never contain labels, keys or
 * plaintext. The two argument errors are also `TypeError` and `RangeError`.
 */

/** Codes of {@link DecodeError}. */
export type DecodeErrorCode =
  /** The bytes end before the structure does. */
  | 'ERR_TRUNCATED'
  /** Bytes are left over after the structure. */
  | 'ERR_TRAILING_BYTES'
  /** A whole encoding is over its size limit; nothing of it was read. */
  | 'ERR_TOO_LARGE'
  /** A length or count lies outside its bounds, or a fixed-size value has another size. */
  | 'ERR_LENGTH'
  /** An enum value or constant that the structure does not know. */
  | 'ERR_ENUM'
  /** An integer above 2^53 - 1, or above the lower bound of its field. */
  | 'ERR_INTEGER'
  /** Entries are not in the order the structure demands. */
  | 'ERR_ORDER'
  /** An entry appears twice. */
  | 'ERR_DUPLICATE'
  /** Text that is no valid UTF-8, or holds a lone surrogate. */
  | 'ERR_UTF8'
  /** Text that is no valid hex, base64, base64url, PEM or Bech32m in the one accepted form. */
  | 'ERR_TEXT_ENCODING'
  /** A key of the wrong length for its scheme. */
  | 'ERR_KEY_LENGTH'
  /** A public key that is no point of its curve, or is encoded in a non-canonical way. */
  | 'ERR_KEY_POINT'
  /** A public key outside the prime-order group (small order, or mixed). */
  | 'ERR_KEY_ORDER'
  /** A private key that is zero or not below the group order. */
  | 'ERR_KEY_SCALAR'
  /** A JWK, SPKI, PKCS#8 or verifier key structure that is malformed or contradicts itself. */
  | 'ERR_KEY_FORMAT'
  /** A key name of a signed note that is empty, or holds a space or a plus. */
  | 'ERR_KEY_NAME'
  /** A verifier key whose key id is not the one of its name and key. */
  | 'ERR_KEY_ID'
  /** Text or bytes of a published code whose human part, data or checksum is wrong. */
  | 'ERR_CODE_FORMAT'
  /** Text that is no recovery key: other characters, another length, or check characters that do not fit. */
  | 'ERR_RECOVERY_KEY'
  /** A signed note without its blank line, without a signature, or with a line that is none where one must be. */
  | 'ERR_NOTE_FORMAT'
  /** A signed note with a control character other than newline. */
  | 'ERR_NOTE_CHARACTER'
  /** A checkpoint of fewer than three lines, with an empty line, or whose size is no plain decimal. */
  | 'ERR_CHECKPOINT_FORMAT'
  /** A path that is no tile's or entry bundle's in its one spelling. */
  | 'ERR_TILE_PATH'
  /** A key transparency log's configuration in which a maximum lifetime is not above the monitoring window. */
  | 'ERR_CONFIGURATION'
  /** A VRF proof whose first part is no point of the curve, or is encoded in a non-canonical way. */
  | 'ERR_VRF_POINT'
  /** A VRF proof whose last part is not below the group order. */
  | 'ERR_VRF_SCALAR';

/** Codes of {@link VerificationError}. */
export type VerificationErrorCode =
  /** A signature does not verify. */
  | 'ERR_SIGNATURE'
  /** A proof has another number of hashes than the sizes demand; nothing was hashed. */
  | 'ERR_PROOF_LENGTH'
  /** A proof computes another root than the verified head's. */
  | 'ERR_PROOF_ROOT'
  /** A proof computes another value for a subtree than the one kept from an earlier head: the log changed its past. */
  | 'ERR_RETAINED_SUBTREE'
  /** A head of no leaves, where something is to be computed from it. */
  | 'ERR_HEAD_EMPTY'
  /** A binary ladder with fewer results than it takes to decide, or more. */
  | 'ERR_LADDER_LENGTH'
  /** A version was shown to be in a log entry, and to be absent from a later one. */
  | 'ERR_LADDER_CONFLICT'
  /** A combined proof has more or fewer timestamps than the log entries that its reader asks about. */
  | 'ERR_PROOF_TIMESTAMPS'
  /** … more or fewer prefix proofs than its reader looks into prefix trees. */
  | 'ERR_PROOF_SEARCHES'
  /** … more or fewer prefix roots than it has log entries without a prefix proof. */
  | 'ERR_PROOF_ROOTS'
  /** Timestamps of log entries decrease from left to right. */
  | 'ERR_TIMESTAMP_ORDER'
  /** A log entry with two prefix trees: two proofs lead to different roots, or one to another than was kept. */
  | 'ERR_ENTRY_ROOT'
  /** A version that is claimed to be a label's greatest is not: there is a greater one, or the last entry lacks it. */
  | 'ERR_GREATEST_VERSION'
  /** A version that is monitored is gone from a log entry, or log entries above each other do not agree about it. */
  | 'ERR_MONITORED_VERSION'
  /** A log entry lacks a version that was inserted in it. */
  | 'ERR_UPDATED_VERSION'
  /** The log says that a user’s head is still the newest, and the user has none. */
  | 'ERR_HEAD_SAME'
  /** An auditor's signature over its head does not verify. */
  | 'ERR_AUDITOR_SIGNATURE'
  /** An auditor began after the last log entry that the one before is known to have processed. */
  | 'ERR_AUDITOR_START'
  /** An auditor's head with a later timestamp than the newest log entry. */
  | 'ERR_AUDITOR_TIME'
  /** A service operator's signature over a value does not verify. */
  | 'ERR_VALUE_SIGNATURE'
  /** A response with more or fewer VRF proofs than there are versions to be looked up. */
  | 'ERR_LADDER_STEPS'
  /** A response with a commitment where none may be, or without one where there must be one. */
  | 'ERR_LADDER_COMMITMENT'
  /** A version of a label has another VRF output, or another commitment, than was kept of it. */
  | 'ERR_RETAINED_VERSION'
  /** A version that was searched for is nowhere in the log. */
  | 'ERR_VERSION_ABSENT'
  /** A label's greatest versions, as an owner is told them, rise to the left, or are of more entries than there are. */
  | 'ERR_OWNED_VERSIONS'
  /** New versions in a log entry that is not to the right of what the owner knows, or is beyond the tree. */
  | 'ERR_UPDATE_POSITION'
  /** An answer to an update that tells of no version, of another number than were sent, or of versions above 2^32 - 1. */
  | 'ERR_UPDATE_VERSIONS'
  /** A request's monitoring map is out of order, or has an entry where its version is not monitored. */
  | 'ERR_MONITOR_MAP'
  /** A request names a greatest version that the label does not have, or an owner should be beyond. */
  | 'ERR_KNOWN_VERSION'
  /** A service operator signed values for versions that the label has already. */
  | 'ERR_SIGNED_VERSION'
  /** A service operator's request without values that names a version signed for. */
  | 'ERR_SIGNED_NOTHING'
  /** Two heads of one size with different roots. */
  | 'ERR_HEAD_MISMATCH'
  /** The head given as the newer one is of a smaller tree, or of none larger where it must be: it extends nothing. */
  | 'ERR_HEAD_ORDER'
  /** An index at or beyond the verified head's size: that tree has no such leaf. */
  | 'ERR_INDEX_RANGE'
  /** A signed note that no trusted key signed: nothing of it may be used. */
  | 'ERR_NOTE_UNSIGNED'
  /** A checkpoint of another log than the one asked about. */
  | 'ERR_CHECKPOINT_ORIGIN'
  /** A checkpoint of no leaves whose root is not that of the empty tree. */
  | 'ERR_CHECKPOINT_EMPTY'
  /** A prefix tree's proof with other than one result for each key, or more than 255. */
  | 'ERR_PREFIX_COUNT'
  /** A key comes twice, among the keys searched for, or those added, or those removed. */
  | 'ERR_PREFIX_DUPLICATE'
  /** The leaves added to a prefix tree, or those removed, are not in ascending order. */
  | 'ERR_PREFIX_ORDER'
  /** A depth above 255, or two leaves that would have to stand below it. */
  | 'ERR_PREFIX_DEPTH'
  /** A proof shows a key included for which there is no commitment. */
  | 'ERR_PREFIX_COMMITMENT'
  /** A proof of non-inclusion by the leaf of another key names the leaf of the key itself: it would hide that. */
  | 'ERR_PREFIX_LEAF_KEY'
  /** A proof of non-inclusion by the leaf of another key names one that the search does not lead to. */
  | 'ERR_PREFIX_LEAF_PATH'
  /** Two results of one proof contradict each other: two things in one place, or a leaf above another. */
  | 'ERR_PREFIX_CONFLICT'
  /** A key is added to a prefix tree that holds it already. */
  | 'ERR_PREFIX_PRESENT'
  /** A key is removed from a prefix tree that does not hold it. */
  | 'ERR_PREFIX_ABSENT'
  /** A leaf is removed from a prefix tree before a distinguished log entry has shown it. */
  | 'ERR_REMOVED_EARLY'
  /** Tiles that do not lead to the verified head's root. */
  | 'ERR_TILE_ROOT'
  /** An entry of a bundle is not the one its leaf hash stands for. */
  | 'ERR_ENTRY_HASH'
  /** An entry of a head log that is the head of another key transparency log. */
  | 'ERR_HEAD_LOG_OTHER'
  /** An entry of a head log that is not of a later log entry than the one before it. */
  | 'ERR_HEAD_LOG_ORDER'
  /** A VRF proof that does not hold for its key and input. */
  | 'ERR_VRF_PROOF'
  /** A commitment to something else than what was said to open it. */
  | 'ERR_COMMITMENT'
  /** Evidence against another log than the one asked about. */
  | 'ERR_EVIDENCE_LOG'
  /** Evidence whose two sides do not contradict each other. */
  | 'ERR_EVIDENCE_AGREES'
  /** Evidence of two log entries of which one had expired when the other was made: a log may have forgotten it. */
  | 'ERR_EVIDENCE_EXPIRED'
  /** Evidence against a log that gave one key to two parties: its signatures do not tell what they are of. */
  | 'ERR_EVIDENCE_KEYS'
  /** A device list that stands in the log as another version than its sequence. */
  | 'ERR_LIST_SEQUENCE'
  /** A credential of another label than the one that it was held against. */
  | 'ERR_CREDENTIAL_LABEL'
  /** A provisional credential whose search ends where a standard one could have been issued. */
  | 'ERR_CREDENTIAL_TERMINAL'
  /** The list speaks for another identifier than the one looked up. */
  | 'ERR_LIST_IDENTIFIER'
  /** The account key's signature over the list is false. */
  | 'ERR_LIST_SIGNATURE'
  /** The author is not in the list before, or its signature is false. */
  | 'ERR_LIST_AUTHOR'
  /** `previous` names another list than the one before. */
  | 'ERR_LIST_PREVIOUS'
  /** A device's proof of possession is false. */
  | 'ERR_DEVICE_POSSESSION'
  /** A device entry is neither the entry before nor fresh, or its `joined` and `since` do not fit the chain. */
  | 'ERR_DEVICE_ENTRY'
  /** A key stands in two roles, or twice in the chain of account keys. */
  | 'ERR_KEY_REUSED'
  /** The chain of account keys is not the one before with at most one succession added. */
  | 'ERR_SUCCESSION_CHAIN'
  /** A succession's signature is false. */
  | 'ERR_SUCCESSION_SIGNATURE'
  /** A reset with successions or an author, or a first list with a `previous`. */
  | 'ERR_LIST_START'
  /** The peer revealed a nonce that does not open its commitment. */
  | 'ERR_SAS_COMMITMENT'
  /** A message that is out of order or differs from the one already received. */
  | 'ERR_SAS_UNEXPECTED'
  /** The peer sent our own commitment back. */
  | 'ERR_SAS_REFLECTED'
  /** The peer began a session for another purpose. */
  | 'ERR_SAS_PURPOSE'
  /** A sealed account key does not open: sealed under another key or for another offer, or changed. Which is not said. */
  | 'ERR_SEALED'
  /** A sealed account key is another account's than the compared one, the list's, or the one asked for. */
  | 'ERR_SEALED_ACCOUNT'
  /** The private key that was sealed is not that of the public key beside it. */
  | 'ERR_SEALED_KEY'
  /** A link offer, or the answer to it, where the device is not in the account's list. */
  | 'ERR_LINK_DEVICE';

/** Codes of {@link PolicyError}. */
export type PolicyErrorCode =
  /** An older list than the stored one. */
  | 'ERR_LIST_ROLLBACK'
  /** Another list of the stored one's sequence. */
  | 'ERR_LIST_FORK'
  /** The list verifies only from the list before it, and lists between are missing. */
  | 'ERR_LIST_GAP'
  /** True by itself, and no chain links it to the account key the caller pinned: a reset, or somebody else's. */
  | 'ERR_ACCOUNT_KEY'
  /** A checkpoint that too few of the trusted witnesses signed. */
  | 'ERR_WITNESSES'
  /** A checkpoint that enough keys signed, but not enough of them within the time allowed. */
  | 'ERR_CHECKPOINT_TIME'
  /** A head log with more new entries than one step reads: whoever is that far behind begins anew. */
  | 'ERR_HEAD_LOG_GAP'
  /** The key given for the other side of a code session is the own one. */
  | 'ERR_SAS_OWN_KEY'
  /** A code session with this contact is still live. */
  | 'ERR_SAS_LIVE'
  /** Too many code sessions with this contact in the window. */
  | 'ERR_SAS_ATTEMPTS'
  /** The code session is older than its lifetime, or the clock went back before its start. */
  | 'ERR_SAS_EXPIRED'
  /** A credential that rests on a newer log entry than the user knows: to be kept for later, never to be asked about. */
  | 'ERR_CREDENTIAL_EARLY'
  /** A credential that rests, or would rest, on a log entry that is not a recent distinguished one. */
  | 'ERR_CREDENTIAL_POSITION'
  /** A link offer, or what the user said of one, is over ten minutes old, or the clock went back before it. */
  | 'ERR_LINK_EXPIRED'
  /** An owner's starting position that is expired or not distinguished. */
  | 'ERR_OWNER_START'
  /** A log whose newest entry is too far ahead of the clock. */
  | 'ERR_HEAD_AHEAD'
  /** A log whose newest entry is too far behind the clock. */
  | 'ERR_HEAD_BEHIND'
  /** An auditor whose head is too far behind the newest log entry. */
  | 'ERR_AUDITOR_LAG'
  /** A version that is there, and that no owner may have checked before what held it expired. */
  | 'ERR_VERSION_EXPIRED'
  /** More labels, versions or bytes than a client's state holds. */
  | 'ERR_STATE_LIMIT'
  /** The application's rule does not let this caller ask this. */
  | 'ERR_ACCESS'
  /** The log that is asked has no such version of the label. */
  | 'ERR_NO_VERSION'
  /** A response to a user with a tree head that the service operator has not verified itself. */
  | 'ERR_HEAD_UNVERIFIED'
  /** The version that is asked for was skipped: it is in the log, and has no value. */
  | 'ERR_VERSION_SKIPPED'
  /** Log entries that an answer needs have reached the log's maximum lifetime. */
  | 'ERR_ENTRY_EXPIRED'
  /** The version's value and its commitment's opening were deleted. */
  | 'ERR_OPENING_DELETED'
  /** An update request that brings no values, and there are no versions to be told of. */
  | 'ERR_UPDATE_EMPTY'
  /** More changes than one log entry can hold provably. */
  | 'ERR_ENTRY_FULL'
  /** More versions of a label are signed for, and not known to be in the log, than a manager could skip. */
  | 'ERR_UNSETTLED'
  /** An answer that would exceed the counts of its structure. */
  | 'ERR_RESPONSE_SIZE'
  /** An auditor's head that is missing, lags too far behind, or is older than the one there is. */
  | 'ERR_AUDITOR_HEAD'
  /** A leaf is removed from a prefix tree, and the auditor began too late, or keeps too little, to know since when it was there. */
  | 'ERR_REMOVED_UNKNOWN';

/** Codes of {@link MisbehaviorError}. */
export type MisbehaviorErrorCode =
  /** Two signed heads that cannot be of one log: at a size that both reach, the log has two roots. */
  | 'ERR_LOG_FORK'
  /** One version of a label, with two commitments in a log, or in two logs under one signature key. */
  | 'ERR_VERSION_CHANGED'
  /** A signed log in which a log entry is older than one to its left. */
  | 'ERR_TIME_REVERSED'
  /** Two values that a service operator signed as one version of a label. */
  | 'ERR_VALUE_SIGNED_TWICE';

/** Codes of {@link StateError}. */
export type StateErrorCode =
  /** A secret was used after it was destroyed. */
  | 'ERR_DESTROYED'
  /** An object that serves once has ended (finished, cancelled, aborted). */
  | 'ERR_SPENT'
  /** The object is not yet ready for this call. */
  | 'ERR_NOT_READY'
  /** Stored bytes are not what this library wrote. */
  | 'ERR_STORED_STATE'
  /** A stored state belongs to another log. */
  | 'ERR_STATE_LOG'
  /** A store does not do what its contract says. */
  | 'ERR_STORE_CONTRACT'
  /** A worker failed or ended before it had answered. Nothing changed, so the call can be made again. */
  | 'ERR_WORKER';

/** Codes of {@link UnsupportedError}. */
export type UnsupportedErrorCode =
  /** A structure's version is unknown. */
  | 'ERR_VERSION'
  /** A signature scheme is unknown. */
  | 'ERR_SCHEME'
  /** A key transparency log's cipher suite is unknown. */
  | 'ERR_CIPHER_SUITE'
  /** A deployment mode that this part of the library does not serve. */
  | 'ERR_DEPLOYMENT_MODE'
  /** The platform has no CSPRNG. */
  | 'ERR_NO_RANDOMNESS'
  /** The platform has no TextEncoder or no strict TextDecoder. */
  | 'ERR_NO_TEXT_CODER'
  /** The platform has no WebAssembly, or its policy forbids it. */
  | 'ERR_NO_WEBASSEMBLY'
  /** The WebAssembly engine computed a wrong digest in its self-test. */
  | 'ERR_SELF_TEST';

/** Codes of {@link ArgumentTypeError} and {@link ArgumentRangeError}. */
export type ArgumentErrorCode = 'ERR_ARGUMENT_TYPE' | 'ERR_ARGUMENT_RANGE';

/** Every code, for exhaustive switches. */
export type ErrorCode =
  | DecodeErrorCode
  | VerificationErrorCode
  | PolicyErrorCode
  | MisbehaviorErrorCode
  | StateErrorCode
  | UnsupportedErrorCode
  | ArgumentErrorCode;

/** Outside bytes are no valid encoding. Drop the message. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly code: DecodeErrorCode;
  /** The structure being read, as a path: `SignedDeviceList.list.devices`. */
  readonly structure: string;
  /** Byte offset at which reading failed; 0 for text. */
  readonly offset: number;

  constructor(code: DecodeErrorCode, structure: string, offset: number, problem: string) {
    super(`${structure}: ${problem} (at byte ${offset})`);
    this.code = code;
    this.structure = structure;
    this.offset = offset;
  }
}

/** Well-formed, and false. Drop, count, warn. */
export class VerificationError extends Error {
  override readonly name = 'VerificationError';
  readonly code: VerificationErrorCode;

  constructor(code: VerificationErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** True, and not acceptable now. Retry later, or update. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly code: PolicyErrorCode;

  constructor(code: PolicyErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Somebody who has signed contradicts himself, and `evidence` proves it to anyone. Stop using what came from there, keep
 * the evidence, and report it: `verifyEvidence` of `evidence.js` checks it without connection, state or clock.
 */
export class MisbehaviorError extends Error {
  override readonly name = 'MisbehaviorError';
  readonly code: MisbehaviorErrorCode;
  /** Fresh. What `verifyEvidence` accepts. It may hold a label and values: whom it is shown to, the user decides. */
  readonly evidence: Uint8Array;

  constructor(code: MisbehaviorErrorCode, message: string, evidence: Uint8Array) {
    super(message);
    this.code = code;
    this.evidence = evidence;
  }
}

/** Stored state is corrupt, or an object is spent or destroyed. Reset. */
export class StateError extends Error {
  override readonly name = 'StateError';
  readonly code: StateErrorCode;

  /** @param options `cause`: what a worker failed of, as the platform reported it */
  constructor(code: StateErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** A version, scheme or platform feature is missing. Fall back, or update. */
export class UnsupportedError extends Error {
  override readonly name = 'UnsupportedError';
  readonly code: UnsupportedErrorCode;

  constructor(code: UnsupportedErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The program passed a value of the wrong kind. A `TypeError` with a code. */
export class ArgumentTypeError extends TypeError {
  readonly code = 'ERR_ARGUMENT_TYPE';
}

/** The program passed a value outside its bounds. A `RangeError` with a code. */
export class ArgumentRangeError extends RangeError {
  readonly code = 'ERR_ARGUMENT_RANGE';
}
