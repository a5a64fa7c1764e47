/**
 * The client of a key transparency log (draft, "User Operations"): for messengers and whatever else looks labels up or
 * owns them.
 *
 *     client ── search(label) ──▶ { request, verify }        send the request by whatever means
 *                                      │
 *     response ── verify(response, { nowMs }) ──▶ { …, before, after }      store `after` where `before` is stored
 *                                      │
 *     client.at(after)  ◀──────────────┘                     the client for the next operation
 *
 * A client has no clock, no store and no connection. It is bound to one state and never changes: a response that is
 * refused leaves no trace, and a response to a request is verified against the state that the request was made from.
 * Whoever has several operations under way stores `after` only where `before` is still what is stored, and repeats the
 * operation that comes too late.
 */

import type { CipherSuite } from '../../crypto/cipher-suite.js';
import type { TreeHasher } from '../../hashing/tree-hasher.js';
import type { Configuration } from '../wire/configuration.js';
import type { Recent } from '../walks/distinguished-heads.js';
import type { DistinguishedHeads } from './distinguished-operation.js';
import type { DueMonitoring, MonitoredLabel } from './monitor-operation.js';
import type { InitializedOwner, MonitoredOwner } from './owner-operations.js';
import type { FoundVersion } from './search-operation.js';
import type { UpdatedLabel } from './update-operation.js';

/** What a client is made with. */
export interface ClientOptions {
  /** The log's suite. What a program does not import it does not accept. */
  readonly suite: CipherSuite;
  /** The `after` of the last operation; absent at first. Copied. */
  readonly state?: Uint8Array | undefined;
  /** Default: the engine in TypeScript. */
  readonly hasher?: TreeHasher | undefined;
  /**
   * Whether versions that were found are monitored even where the log's mode leaves that to a third party (draft,
   * "Monitoring the Tree"): it detects that the log and the third party collude. Default: false.
   */
  readonly monitorsAlways?: boolean | undefined;
}

/** A user's clock. */
export interface VerifyOptions {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** States around an operation, for storing by compare-and-swap. */
export interface StateChange {
  /** What the client was made with; `undefined` for nothing. Fresh. */
  readonly before: Uint8Array | undefined;
  /** What to store. Fresh. */
  readonly after: Uint8Array;
}

/** A request, and the only function that can verify what answers it. Frozen. */
export interface ClientRequest<Result, Response = Uint8Array> {
  /** An encoded request of the draft. Fresh. */
  readonly request: Uint8Array;
  /**
   * Verifies the response. May be called again, with another one or at another time: nothing is changed.
   * @throws DecodeError codes of the wire and of keys and VRF proofs; VerificationError what the draft makes users
   *   check, each check with a code of its own; PolicyError `ERR_HEAD_AHEAD`, `ERR_HEAD_BEHIND`, `ERR_AUDITOR_LAG`,
   *   `ERR_VERSION_EXPIRED`, `ERR_OWNER_START`, `ERR_STATE_LIMIT`; ArgumentTypeError, ArgumentRangeError
   */
  verify(response: Response, options: VerifyOptions): Result & StateChange;
}

/** A client over one state. Frozen. */
export interface Client {
  readonly configuration: Configuration;

  /**
   * The same client over another state; its keys are not parsed again.
   * @throws StateError `ERR_STORED_STATE`, `ERR_STATE_LOG`
   */
  at(state: Uint8Array | undefined): Client;

  /**
   * A search for a label's greatest version, or for one version (draft, "Search").
   *
   * **Shown**, once verified: the log holds this value as this version of the label; for a greatest version, the
   * newest log entry has none above it. **Not shown**: that the label's owner knows of it. Where `isMonitored` comes
   * back, the client has to go on with {@link Client.monitor} until the owner can have.
   *
   * A negative answer is an error: `ERR_VERSION_ABSENT`, `ERR_VERSION_EXPIRED`. There is no proof that a label has no
   * version.
   *
   * @param label 0 to 255 bytes
   * @param version 0 to 2^32 - 1; absent for the greatest
   */
  search(label: Uint8Array, version?: number): ClientRequest<FoundVersion>;

  /**
   * Monitors what was found of a label (draft, "Contact Monitor"): that it is still there, until a distinguished log
   * entry shows it, which the label's owner checks.
   * @throws StateError `ERR_NOT_READY` nothing of the label is monitored
   */
  monitor(label: Uint8Array): ClientRequest<MonitoredLabel>;

  /**
   * Which labels are to be monitored by now. Ask after each operation, and at times: about once in a reasonable
   * monitoring window.
   */
  dueMonitors(nowMs: number): readonly DueMonitoring[];

  /**
   * Takes ownership of a label (draft, "Owner Initialization"): what its past looks like from a log entry on.
   *
   * Ask {@link Client.update} without values afterwards, for versions that were created to the right of `start`. Again
   * for an owned label, this begins anew, from a `start` that the program chooses.
   *
   * @param start position of a distinguished log entry that has not expired, as {@link Client.distinguishedHeads} finds
   *   them. What happened to the label before is not checked
   */
  initializeOwner(label: Uint8Array, start: number): ClientRequest<InitializedOwner>;

  /**
   * Monitors an owned label (draft, "Owner Monitoring"): that distinguished log entries hold no version that the owner
   * does not know. Owners must do this about once in a reasonable monitoring window: contacts rely on it.
   *
   * `ERR_GREATEST_VERSION`, `ERR_MONITORED_VERSION` and `ERR_PREFIX_COMMITMENT` mean that the log's history of the label
   * is not the owner's: the last, that it shows a version which the owner does not know, and so has no commitment of.
   * Another value in the place of an owner's is no more than a root that nobody has signed, `ERR_SIGNATURE`. The user
   * is to be warned of any of these.
   * @throws StateError `ERR_NOT_READY` the label is not owned
   */
  monitorOwned(label: Uint8Array): ClientRequest<MonitoredOwner>;

  /**
   * Creates new versions of an owned label, or asks for those that others created (draft, "Updating a Label").
   *
   * The log may answer with several responses: verify them together, in the order in which they came. The versions
   * that come back are in the log where it says, and no other version was between those that the owner knew and them.
   * Versions that are not `isOwn` somebody else had inserted: the program has to decide whether they are the owner's.
   *
   * @param values one for each new version, at most 255 of at most 2^20 bytes; none to be told of versions that exist
   * @throws StateError `ERR_NOT_READY` the label is not owned
   */
  update(
    label: Uint8Array,
    values: readonly Uint8Array[],
  ): ClientRequest<UpdatedLabel, readonly Uint8Array[]>;

  /**
   * The roots of the log at its recent distinguished entries (draft, "Walking Distinguished Heads"), for
   * `compareDistinguishedHeads`.
   *
   * @param recent which of them: the log must use the same definition; default: the ten rightmost
   * @param stop position at which to end: no entry there or to the left of it is listed
   */
  distinguishedHeads(options?: {
    readonly recent?: Recent | undefined;
    readonly stop?: number | undefined;
  }): ClientRequest<DistinguishedHeads>;

  /** Forgets a label: it is neither monitored nor owned any more. */
  forget(label: Uint8Array): StateChange;
}
