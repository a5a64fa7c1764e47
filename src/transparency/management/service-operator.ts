/**
 * The service operator of a log that a third party manages (draft, "Management"): it says who may ask, signs values, and
 * keeps the manager from showing different logs to different people. All else is the manager's.
 *
 *     user ── UpdateRequest ──▶ access rule ──▶ authorize ── ManagerUpdateRequest ──▶ manager
 *                                                                                        │
 *     user ◀────────────────────── checkResponse ◀──────────── UpdateResponse ───────────┘
 *
 *     service operator ── review(label), follow() ──▶ manager        now and then, for itself
 *
 * Requests other than for updates are forwarded as they are. Whoever asks has passed the program's access rule already:
 * a service operator authorizes whatever it is handed.
 *
 * **One value for each version.** Which values a version can have is stored durably before the first signature is made.
 * Where a program ends between the two, or a request never arrives, the version is lost: the next authorization names a
 * later one, and the manager skips what lies between. The store must never be lost, or go back to an older copy: it would
 * forget what was signed. So a store is begun together with the log.
 *
 * | bound | value |
 * | --- | --- |
 * | new values in a request | 191 |
 * | versions of a label that are signed for, and not known to be in the log | 191: as many as a manager can skip |
 * | authorizations of a label | 2^32 - 1 versions |
 * | a request with its signatures | 2^24 bytes |
 * | verified heads that are remembered | 4,096, and after a restart the newest |
 */

import type { AuthorizedUpdate, ManagerAnswer, ReviewedLabel, ServiceHead } from './service-answers.js';

/** A service operator. All methods may be called at any time. */
export interface ServiceOperator {
  /** The newest head of the manager's log that was verified here; `undefined` before the first. */
  readonly head: ServiceHead | undefined;

  /**
   * Turns an owner's request into the one that the manager takes: with the service operator's signature over each
   * value.
   *
   * Values that the log would disregard, since it is known to have a greater version than the request says, are not
   * signed: the request goes on without them, and its owner is told of those versions. The same values, asked for again
   * while they can still get into the log, are signed for the same versions again.
   *
   * **Not checked**: whether the caller may change the label; whether the version is one that the log really has.
   *
   * @param updateRequest an UpdateRequest
   * @throws DecodeError a code of the wire
   * @throws VerificationError `ERR_KNOWN_VERSION` the request names a version that nothing was signed for;
   *   `ERR_VALUE_SIGNATURE` the signer has another key than the configuration
   * @throws PolicyError `ERR_ENTRY_FULL` more than 191 values, or than one request can hold with their signatures;
   *   `ERR_UNSETTLED` too many versions of the label are signed for, and not known to be in the log: `review` the label,
   *   and where that settles nothing, hand the manager what `openUpdate` gives
   * @throws StateError `ERR_STORED_STATE`; what store and signer throw. Then the versions may be fixed already: the same
   *   request, made again, gets them
   */
  authorize(updateRequest: Uint8Array): Promise<AuthorizedUpdate>;

  /**
   * The newest authorization of a label that the log can still take, as a request to the manager: for a service operator
   * that cannot wait for the owner to ask again. It creates what the owner once asked for.
   * @returns a ManagerUpdateRequest, fresh; `undefined` where there is none
   * @throws StateError `ERR_STORED_STATE`; what store and signer throw; ArgumentTypeError, ArgumentRangeError
   */
  openUpdate(label: Uint8Array): Promise<Uint8Array | undefined>;

  /**
   * Asks the manager, as any user would, for the greatest version of a label, and settles which authorizations are
   * done with. After each update, or when `authorize` says `ERR_UNSETTLED`.
   *
   * `verify` refuses, besides what a client's search refuses, `ERR_GREATEST_VERSION` a greater version was there before;
   * StateError `ERR_STORED_STATE` the log has a version, or a value, that was never signed for here: this store is an
   * older copy, or somebody else has the key. Nothing must be signed then.
   * @throws ArgumentTypeError, ArgumentRangeError
   */
  review(label: Uint8Array): ManagerAnswer<ReviewedLabel>;

  /**
   * Asks the manager for its newest head, and verifies that it extends the one before: about as often as the manager
   * publishes heads, so that `checkResponse` knows them.
   */
  follow(): ManagerAnswer<ServiceHead>;

  /**
   * Refuses a response to a user that is of a tree which this service operator has not verified itself. So all users
   * that it serves see one log, or none.
   *
   * It looks at the head alone: whether the rest of the response proves anything, the user finds out.
   *
   * @param response any response of the manager, as it is forwarded to the user
   * @throws DecodeError a code of the wire
   * @throws PolicyError `ERR_HEAD_UNVERIFIED`: `follow` the log, and ask the manager again if need be
   */
  checkResponse(response: Uint8Array): void;
}
