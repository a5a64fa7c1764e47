/**
 * The third-party auditor of a key transparency log (draft, "Auditing"): whoever has promised a log's users to look at
 * every change that its operator makes.
 *
 *     operator ── AuditorUpdate of each log entry ──▶ auditor.apply ──▶ { head, before, after }
 *                                                                         │      │
 *            1. store `after` where `before` is stored  ◀─────────────────┼──────┘
 *     operator ◀── 2. send the head, an AuditorTreeHead  ◀────────────────┘
 *
 * An auditor has no clock, no store and no connection. It is bound to one state and never changes: updates that are
 * refused leave no trace. Its memory does not grow with the log.
 *
 * **Shown** by an auditor's head: each log entry made its prefix tree from the one before, by the changes that the
 * operator told of and no others; no value was overwritten, no leaf removed that label owners had no distinguished log
 * entry to find it in; timestamps never went back. **Not shown**: whose labels and values the leaves are, since an auditor
 * sees VRF outputs and commitments only; that versions follow on each other, and that owners know of them, which is what
 * users check; that leaves were removed for a good reason, or replaced by something true, once they were published.
 *
 * Two heads of one size are what an auditor is there to rule out, its own included. It keeps that promise as long as its
 * state does not go back: so `after` is stored, where `before` still is, before a head leaves the program, and a program
 * that has lost its newest state gives the newest head that it ever signed (`AuditorOptions.newestHead`).
 */

import type { CipherSuite } from '../../crypto/cipher-suite.js';
import type { TreeHasher } from '../../hashing/tree-hasher.js';
import type { Configuration } from '../wire/configuration.js';

/**
 * Signs an encoded `AuditorTreeHeadTBS` with the auditor's key of the log's configuration: `suite.signatures.sign` with
 * a secret, or whatever keeps the key. One that answers later needs {@link Auditor.applyAsync}.
 */
export type AuditorSigner = (auditorTreeHeadTbs: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** What an auditor is made with. */
export interface AuditorOptions {
  /** The log's suite. What a program does not import it does not accept. */
  readonly suite: CipherSuite;
  readonly signer: AuditorSigner;
  /** The `after` of the last call; absent at first. Copied. */
  readonly state?: Uint8Array | undefined;
  /**
   * For an auditor who begins in the middle of a log and has no state yet: what the operator's `auditorStart` gives, a
   * CombinedTreeProof. Needed exactly where the configuration's start is not 0. It is believed: compare
   * {@link Auditor.root} with what users have seen. A leaf of that tree may be removed once a distinguished log entry
   * that is audited, or the last before, shows it.
   */
  readonly start?: Uint8Array | undefined;
  /**
   * The newest AuditorTreeHead that this auditor ever signed, as far as the program can find out: from a record of its
   * own, or from what the log shows its users. Where the state is older, because it was restored from a copy or lost,
   * updates are verified and **not signed** until the log has that size again; there the signature must be that of the
   * same root, so that an operator cannot tell another history this time.
   *
   * Without it, a state that is too old goes unnoticed: nothing in an AuditorUpdate says which log entry it is of. A head
   * of a size below the state's says nothing, and is not checked.
   */
  readonly newestHead?: Uint8Array | undefined;
  /** Default: the engine in TypeScript. */
  readonly hasher?: TreeHasher | undefined;
  /**
   * How many leaves that no distinguished log entry shows yet are remembered, 32 bytes of state each: 0 to 2^20; default
   * 65,536. In a log that removes leaves it should be as many as are inserted in two reasonable monitoring windows:
   * where some had to be forgotten, removals are refused with `ERR_REMOVED_UNKNOWN` until a distinguished entry has
   * shown them. A log that never removes any needs none.
   */
  readonly insertionsKept?: number | undefined;
}

/** How updates are taken. */
export interface ApplyOptions {
  /**
   * The auditor's clock, milliseconds since 1970. With it, log entries further ahead than the configuration's
   * `maxAheadMs` are refused, which users would refuse too. The draft leaves it to users.
   */
  readonly nowMs?: number | undefined;
}

/** What audited updates come to. Frozen. */
export interface AuditedLog {
  /** Log entries. */
  readonly treeSize: number;
  /** Of the newest one, milliseconds since 1970. */
  readonly timestampMs: number;
  /** Root of the log tree, 32 bytes, fresh. */
  readonly root: Uint8Array;
  /**
   * The AuditorTreeHead for the operator, fresh: to be sent **after** `after` is stored. `undefined` while the log has
   * not reached the size of `newestHead` again.
   */
  readonly head: Uint8Array | undefined;
  /** What the auditor was made with; `undefined` for nothing. Fresh. */
  readonly before: Uint8Array | undefined;
  /** What to store where `before` is stored, by compare-and-swap. Fresh. */
  readonly after: Uint8Array;
}

/** An auditor over one state. Frozen. */
export interface Auditor {
  readonly configuration: Configuration;
  /** Log entries that are audited, or lie before the start: position of the entry whose update comes next. */
  readonly treeSize: number;
  /** Root of the log tree of that size, 32 bytes, fresh; `undefined` for a log without entries. */
  readonly root: Uint8Array | undefined;
  /**
   * The newest AuditorTreeHead that was signed from this state or one before it, fresh: to be sent again where it may
   * have got lost. `undefined` for none.
   */
  readonly head: Uint8Array | undefined;

  /**
   * The same auditor over another state; its keys are not parsed again.
   * @throws StateError `ERR_STORED_STATE`, `ERR_STATE_LOG`; VerificationError `ERR_AUDITOR_SIGNATURE`
   */
  at(state: Uint8Array | undefined): Auditor;

  /**
   * Verifies AuditorUpdates (draft, "Auditing", all steps) and signs the head of the last.
   *
   * Of several, all are taken or none, and what is thrown is what the first false one is refused with; their encodings
   * are read before. Many at a time are faster, and need one signature.
   *
   * Whatever is thrown, the auditor and its state are as they were. A refused update is to be shown to people: with
   * VerificationError, the operator has broken its promise, or sent what belongs to another log or another position.
   *
   * An update that changes nothing can be repeated: it cannot be told from a further such log entry. The heads from
   * then on are not those of the operator's log, which it refuses to take.
   *
   * @param updates an AuditorUpdate, or several in the order of their log entries; at most 2^24 bytes each
   * @throws VerificationError
   *
   * | code | what |
   * | --- | --- |
   * | `ERR_TIMESTAMP_ORDER` | a log entry older than the one before |
   * | `ERR_PREFIX_ORDER`, `ERR_PREFIX_DUPLICATE` | `added` or `removed` does not strictly ascend |
   * | `ERR_PREFIX_PRESENT` | a key is added that is there and not removed: a value overwritten in place |
   * | `ERR_PREFIX_ABSENT` | a key is removed that is not there |
   * | `ERR_REMOVED_EARLY` | a leaf is removed that no distinguished log entry has shown |
   * | `ERR_ENTRY_ROOT` | not an update of the newest prefix tree: replayed, reordered, left out, of another log, or false |
   * | `ERR_PREFIX_COUNT`, `…_DEPTH`, `…_LEAF_KEY`, `…_LEAF_PATH`, `…_CONFLICT`, `ERR_PROOF_LENGTH` | the proof is none |
   * | `ERR_AUDITOR_SIGNATURE` | `newestHead` is a head of other log entries than these, or not this auditor's |
   * | `ERR_SIGNATURE` | the signer has another key than the configuration |
   *
   * @throws PolicyError `ERR_HEAD_AHEAD`; `ERR_REMOVED_UNKNOWN` whether a removed leaf was shown is not known
   * @throws DecodeError codes of the wire; ArgumentTypeError also for a signer that answers later; ArgumentRangeError;
   *   what the signer throws
   */
  apply(updates: Uint8Array | readonly Uint8Array[], options?: ApplyOptions): AuditedLog;

  /** {@link Auditor.apply} with a signer that may answer later. */
  applyAsync(updates: Uint8Array | readonly Uint8Array[], options?: ApplyOptions): Promise<AuditedLog>;
}
