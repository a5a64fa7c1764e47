/**
 * The operator of a key transparency log: what a server answers with, over any transport and any store.
 *
 *     requests ──▶ operator ──▶ responses          bytes in, bytes out: HTTP, a queue, whatever the server has
 *                     │
 *                     ▼
 *               OperatorStore                      the database that the server has anyway
 *
 * Requests are checked as the draft demands and refused with typed errors. `DecodeError`, `VerificationError`,
 * `PolicyError` and, of an access rule, `UnsupportedError` are about the request; everything else is about the server.
 * A refusal can tell whether a label exists: whom that does not concern the access rule refuses first.
 */

import type { IssuedHead } from './issued-heads.js';
import type { UpdateQuestion } from './credential-answer.js';
import type { LabelUpdate } from './update-batch.js';
import type { Refusal } from './update-requests.js';

/** The newest head of a log. */
export interface OperatorHead {
  /** Log entries. */
  readonly treeSize: number;
  /** Root of the log tree, 32 bytes; not to be changed. */
  readonly root: Uint8Array;
  /** Of the newest log entry, milliseconds since 1970. */
  readonly timestampMs: number;
}

/** A version of a label, as the log has it. */
export interface StoredVersion {
  readonly version: number;
  /** `undefined` where it was deleted with its opening. */
  readonly value: Uint8Array | undefined;
}

/** When something is written. */
export interface WritingTime {
  /**
   * Milliseconds since 1970, 0 to 2^53 - 1. A log's timestamps never decrease: where the clock is behind the newest
   * log entry, the new one has the time of that. A clock far ahead cannot be undone, and users refuse such a log.
   */
  readonly nowMs: number;
}

/** An update request, and who makes it. */
export interface UpdateCall<Caller> {
  /** An UpdateRequest; in a log with a third-party manager a ManagerUpdateRequest, from the service operator. */
  readonly request: Uint8Array;
  readonly caller?: Caller | undefined;
}

/** What became of an update request. */
export type UpdateOutcome =
  /** UpdateResponses, to be sent in this order. */
  | { readonly responses: readonly Uint8Array[]; readonly refusal?: undefined }
  | { readonly responses?: undefined; readonly refusal: Refusal };

/**
 * A log that is operated. All methods may be called at any time; writing takes its turns. Every response is fresh
 * bytes, of the tree that was newest when the request came.
 *
 * Besides what a method names, all throw `DecodeError` for bytes that are no such request; StateError `ERR_NOT_READY`
 * before the first log entry, `ERR_STORED_STATE` where the store is damaged; what store, signer and access rule throw;
 * and those who answer also
 *
 * | code | what |
 * | --- | --- |
 * | PolicyError `ERR_ACCESS` | the rule forbids it |
 * | VerificationError `ERR_HEAD_EMPTY`, `ERR_HEAD_ORDER` | the log never had a tree of the size that the user names |
 * | PolicyError `ERR_ENTRY_EXPIRED` | the answer needs what is pruned |
 * | PolicyError `ERR_AUDITOR_HEAD` | the auditor's newest head is missing, or lags further than users accept |
 * | PolicyError `ERR_RESPONSE_SIZE` | the answer would exceed the counts of its structure |
 */
export interface Operator<Caller = unknown> {
  /** The newest published head; `undefined` before the first log entry. */
  readonly head: OperatorHead | undefined;

  /**
   * Adds a log entry with new versions of labels, and publishes the head. What is returned was stored durably.
   *
   * This asks no access rule: it is for the server's own purposes, such as filling a log, or adding an empty entry in
   * time, so that the newest timestamp stays within what users accept (`maxBehindMs`). Where it fails, the entry may
   * have been added all the same; the next write finds out.
   *
   * A manager has no values of its own: in a log with one, `updates` must be empty.
   *
   * @param updates each label once; may be empty
   * @returns the new head
   * @throws PolicyError `ERR_ENTRY_FULL` more than 191 versions of a label, or more than 255 in a log with an auditor
   * @throws ArgumentTypeError, ArgumentRangeError
   */
  insert(updates: readonly LabelUpdate[], time: WritingTime): Promise<OperatorHead>;

  /**
   * Answers update requests (draft, "Updating a Label"), of which those whose owners know the newest version of their
   * label go into one log entry, together. Others are told of the versions that they do not know: theirs is to ask
   * again. A server collects what arrives within a second or so and calls this once.
   *
   * One refused request does not hold up the others. A request whose values were taken can end in a refusal where
   * the answer cannot be made; asked again, the log tells of the new versions.
   *
   * In a log with a third-party manager (draft, "Management") nothing is taken before the service operator's signature
   * over each value is verified, for the version that it names. Where that is ahead of the label, the versions between
   * are skipped: they are in the log, without values, in the same log entry.
   *
   * @returns the outcomes, in the order of the calls. Refusals: those of answers, and `ERR_KNOWN_VERSION` a version
   *   that the label does not have, or got together with greater ones; `ERR_UPDATE_EMPTY` no values and no news; `ERR_ENTRY_FULL`; `ERR_OPENING_DELETED`.
   *   With a third-party manager also `ERR_VALUE_SIGNATURE`; `ERR_SIGNED_VERSION` values that are signed for versions
   *   which the label has, a serious fault of the service operator; `ERR_SIGNED_NOTHING`
   * @throws ArgumentTypeError, ArgumentRangeError
   */
  update(calls: readonly UpdateCall<Caller>[], time: WritingTime): Promise<readonly UpdateOutcome[]>;

  /**
   * What the log holds as a label's greatest version, for the server's own purposes: nothing is proven, and no access
   * rule is asked.
   * @returns fresh; `undefined` for a label without versions
   */
  newest(label: Uint8Array): Promise<StoredVersion | undefined>;

  /**
   * Answers a search for a label's greatest version, or for one version (draft, "Search").
   * @throws PolicyError `ERR_NO_VERSION`; `ERR_VERSION_SKIPPED`; `ERR_OPENING_DELETED`; `ERR_ENTRY_EXPIRED` also where
   *   the version is older than the log's maximum lifetime
   */
  search(request: Uint8Array, caller?: Caller): Promise<Uint8Array>;

  /**
   * Answers a user who monitors a label that was looked up (draft, "Contact Monitor").
   * @throws VerificationError `ERR_MONITOR_MAP` the map is out of order, or has a version where it is not monitored
   */
  contactMonitor(request: Uint8Array, caller?: Caller): Promise<Uint8Array>;

  /**
   * Answers a user who takes over a label (draft, "Owner Initialization").
   * @throws VerificationError `ERR_INDEX_RANGE` no entry at the starting position
   * @throws PolicyError `ERR_OWNER_START` it is expired or not distinguished
   */
  ownerInit(request: Uint8Array, caller?: Caller): Promise<Uint8Array>;

  /**
   * Answers an owner who monitors a label (draft, "Owner Monitoring"), up to the end of the page, or to an entry with
   * a version that the owner does not know.
   * @throws VerificationError `ERR_MONITOR_MAP`, `ERR_INDEX_RANGE`; `ERR_KNOWN_VERSION` the owner's greatest version
   *   is none of the label, or lower than what the label had at the owner's start
   */
  ownerMonitor(request: Uint8Array, caller?: Caller): Promise<Uint8Array>;

  /**
   * Issues a credential for a label's greatest version (draft, "Credentials"): its receivers verify it without asking this
   * log. Standard where the distinguished log entry has the version, else provisional.
   *
   * No access rule is asked. Whoever has a credential has the label's value: hand it out to the label's owner, and to
   * whom else the program decides.
   * @param options `position`: of the distinguished log entry that it rests on; default: the rightmost. An older one
   *   reaches users who have not walked the newest yet
   * @returns a Credential, fresh
   * @throws PolicyError `ERR_CREDENTIAL_POSITION` no distinguished entry there, or an expired one; `ERR_NO_VERSION`,
   *   `ERR_OPENING_DELETED`; ArgumentTypeError, ArgumentRangeError
   */
  credential(label: Uint8Array, options?: { readonly position?: number | undefined }): Promise<Uint8Array>;

  /**
   * What finally verifies a provisional credential whose terminal log entry has not become distinguished (draft,
   * "Provisional"). It shows nothing of the value; no access rule is asked.
   * @param question as the label's owner knows it from the credential, and its receiver from `settle` of `credentials.js`
   * @returns a CredentialUpdate, fresh
   * @throws PolicyError `ERR_CREDENTIAL_POSITION` no distinguished entry behind the terminal one yet, or none at that
   *   position; VerificationError `ERR_INDEX_RANGE`, `ERR_KNOWN_VERSION`; ArgumentTypeError, ArgumentRangeError
   */
  credentialUpdate(label: Uint8Array, question: UpdateQuestion): Promise<Uint8Array>;

  /** Answers a user who walks the recent distinguished log entries (draft, "Walking Distinguished Heads"). */
  distinguished(request: Uint8Array, caller?: Caller): Promise<Uint8Array>;

  /**
   * The log's heads at its distinguished entries, from left to right, for a head log that witnesses cosign
   * (`openHeadLog` of `witnesses.js`). Each was signed when its entry was the newest, and is signed again for this.
   *
   * For the server's own purposes: no access rule is asked, and heads at expired entries are among them.
   * @param after position of the last one that is known; absent for all
   * @returns at most 256: call again until there are none. Fresh
   * @throws VerificationError `ERR_SIGNATURE` the signer has another key; ArgumentTypeError, ArgumentRangeError
   */
  distinguishedHeads(after?: number): Promise<readonly IssuedHead[]>;

  /**
   * Deletes a version's value and its commitment's opening (draft, "Commitment"). The version stays in the log, and
   * nobody can show any more what it was. That nothing is left in the store's own files and backups is the store's
   * matter. A version without an opening is no error.
   * @throws ArgumentTypeError, ArgumentRangeError
   */
  deleteOpening(label: Uint8Array, version: number): Promise<void>;

  /**
   * What the log's auditor has to know of a log entry (draft, "Auditing"): an AuditorUpdate. The first to be asked for is
   * that of `auditorStartPos`, the next that of each entry after; `createAuditor` of `auditor.js` takes them.
   *
   * It names VRF outputs and commitments, no labels and no values; no access rule is asked.
   * @param position 0 to the size of the log less 1
   * @throws VerificationError `ERR_INDEX_RANGE` the log has no such entry yet
   * @throws PolicyError `ERR_ENTRY_EXPIRED` the prefix tree of the entry before is pruned
   * @throws UnsupportedError `ERR_DEPLOYMENT_MODE` a log without an auditor; ArgumentRangeError
   */
  auditorUpdate(position: number): Promise<Uint8Array>;

  /**
   * What an auditor has to know of the log before it starts, where `auditorStartPos` is not 0: a CombinedTreeProof, as a
   * user would get it who had never seen the log, of the tree of that size.
   * @throws StateError `ERR_NOT_READY` there is nothing before the start, or not all of it yet
   * @throws UnsupportedError `ERR_DEPLOYMENT_MODE` a log without an auditor
   */
  auditorStart(): Promise<Uint8Array>;

  /**
   * Takes a head that the log's auditor has signed, to be sent with tree heads from then on.
   * @param auditorTreeHead an AuditorTreeHead
   * @throws VerificationError `ERR_SIGNATURE`, `ERR_HEAD_EMPTY`, `ERR_HEAD_ORDER`
   * @throws PolicyError `ERR_AUDITOR_HEAD` a log without an auditor, an older head than the last, or another time than
   *   that of its newest log entry
   */
  takeAuditorHead(auditorTreeHead: Uint8Array): Promise<void>;

  /**
   * Deletes the prefix trees of log entries that have reached the log's maximum lifetime; without one, nothing. In a log
   * with an auditor what it still needs stays, as far as the heads that it handed over tell; with a tree goes the list
   * of what the entry after it changed. It waits for answers that are under way. Where it fails half-way, call it again.
   */
  prune(): Promise<void>;
}
