/** What a service operator gives, and gets from the manager. All of it is frozen. */

/** The manager's log, as far as it is verified. */
export interface ServiceHead {
  /** Log entries. */
  readonly treeSize: number;
  /** Of the newest log entry, milliseconds since 1970. */
  readonly timestampMs: number;
}

/** A request that was authorized. */
export interface AuthorizedUpdate {
  /** A ManagerUpdateRequest, to be forwarded. Fresh. */
  readonly request: Uint8Array;
  /**
   * The version that is signed for the first value, the others follow; `undefined` where the request goes without values,
   * its own or because the log would disregard them.
   */
  readonly signedVersion: number | undefined;
}

/** What the manager's log is known to hold of a label. */
export interface ReviewedLabel extends ServiceHead {
  /** The greatest version. */
  readonly version: number;
  /** Its value. Fresh. */
  readonly value: Uint8Array;
  /** Versions that are signed for and above it: the log can still take them, or will skip them. */
  readonly unsettled: number;
}

/** A request to the manager, and the only function that can verify its answer. */
export interface ManagerAnswer<Result> {
  /** To be sent to the manager. Fresh. */
  readonly request: Uint8Array;
  /**
   * Verifies the answer, and stores what follows from it. Where it throws, nothing is known that was not known before.
   * @param nowMs milliseconds since 1970: the service operator's clock
   * @throws StateError `ERR_SPENT` another answer was verified since the request was made: ask anew, one after the other
   * @throws DecodeError, VerificationError, PolicyError as a client's operations do; what the store throws. A manager
   *   whose answer does not extend the log that was verified before is one that forks it
   */
  verify(response: Uint8Array, time: { readonly nowMs: number }): Promise<Result>;
}
