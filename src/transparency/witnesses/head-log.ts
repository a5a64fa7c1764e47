/**
 * The head log of a key transparency log: a small RFC 6962 log of its distinguished heads, whose checkpoints ordinary
 * witnesses can cosign. Witnesses check that a log only grows, by RFC 6962 consistency proofs; the log tree of KEYTRANS
 * hashes otherwise, so that they cannot do it for that tree itself.
 *
 *     operator.distinguishedHeads(after) ─▶ append ─▶ signCheckpoint ─▶ submit(witness) ─▶ take(answer)
 *                                                                            │ as many as the policy asks for
 *     GET checkpoint, tile/…, tile/entries/…  ◀── read(path)  ◀──────────────┘
 *
 * No I/O but the store's: `submit` yields the body to post, and takes what came back.
 */

import type { CipherSuite } from '../../crypto/cipher-suite.js';
import type { TreeHasher } from '../../hashing/tree-hasher.js';
import type { NoteSigner, SigningTime } from '../../log/sign-note.js';
import type { VerifierKey } from '../../log/verifier-key.js';
import type { WitnessPolicy } from '../../log/witness-policy.js';
import type { WitnessAnswer } from './add-checkpoint.js';
import type { HeadLogStore } from './head-log-store.js';
import type { WitnessedHead } from './witnessed-head.js';

/** What a head log is opened with. */
export interface HeadLogOptions {
  /** That of the key transparency log. */
  readonly suite: CipherSuite;
  /** The first line of its checkpoints: the address it is served under, without scheme and slash at the end. */
  readonly origin: string;
  /**
   * Who signs its checkpoints: 1 or more, named like the origin; an `ed25519` key among them, which is what witnesses
   * know. They must not be the keys of the key transparency log.
   */
  readonly signers: readonly NoteSigner[];
  /** Which witnesses must have cosigned before a checkpoint is shown. At least what users ask for; default: none. */
  readonly witnesses?: WitnessPolicy | undefined;
  readonly store: HeadLogStore;
  /** Default: the engine in TypeScript. */
  readonly hasher?: TreeHasher | undefined;
}

/** A request to one witness, and the only function that can take what it answers. Frozen. */
export interface WitnessSubmission {
  /** The body of `POST <submission prefix>/add-checkpoint`. Fresh. */
  readonly body: Uint8Array;
  /**
   * Takes the answer.
   * @throws DecodeError, VerificationError as `openWitnessAnswer`: nothing is taken then; what the store throws
   */
  take(answer: WitnessAnswer): Promise<WitnessOutcome>;
}

/** What became of a submission. Frozen. */
export type WitnessOutcome =
  /** `isPublished`: the checkpoint has as many witnesses as it needs, and is shown. */
  | { readonly outcome: 'cosigned'; readonly isPublished: boolean }
  /** It has a checkpoint of another size, up to the newest: submit again, now from that size. */
  | { readonly outcome: 'conflict'; readonly treeSize: number }
  /**
   * It has, so it says, a checkpoint of more entries than there are: the store lost some, which was restored from an old
   * copy; or the witness is wrong. **Sign nothing more** before that is clear.
   */
  | { readonly outcome: 'ahead'; readonly treeSize: number }
  | { readonly outcome: 'refused'; readonly status: number };

/** A head log that is operated. All methods may be called at any time; those that write take turns. */
export interface HeadLog {
  /** Entries, durably stored. */
  readonly treeSize: number;
  /** The last entry: where `operator.distinguishedHeads` goes on. */
  readonly newest: WitnessedHead | undefined;

  /**
   * Appends heads, as `operator.distinguishedHeads` of the position of {@link newest} yields them. When it resolves they
   * are stored durably; where it fails, some of them may be.
   * @throws VerificationError `ERR_SIGNATURE` the log did not sign one; `ERR_HEAD_LOG_ORDER`, `ERR_HEAD_MISMATCH`,
   *   `ERR_TIMESTAMP_ORDER` it is not later than the one before; nothing is appended then
   * @throws StateError `ERR_STORED_STATE` another writer has put an entry in this place, or the store is damaged; what the
   *   store throws; ArgumentTypeError, ArgumentRangeError
   */
  append(heads: readonly WitnessedHead[]): Promise<void>;

  /**
   * Signs a checkpoint of all entries, to be submitted from then on. It is shown once enough witnesses have cosigned it.
   * Of no size are there two that differ. Call it after `append`, and in between, so that cosignatures stay recent.
   * @param time needed where a signer's algorithm signs the time
   * @returns the checkpoint, without cosignatures: fresh
   * @throws StateError `ERR_NOT_READY` no entry yet; VerificationError `ERR_SIGNATURE` of a signer; what store and signer
   *   throw
   */
  signCheckpoint(time?: SigningTime): Promise<Uint8Array>;

  /**
   * What to send a witness: the checkpoint that was signed last.
   * @param witness its `cosignature` key, as text or parsed
   * @throws StateError `ERR_NOT_READY` none was signed since the log was opened; `ERR_STORED_STATE`
   * @throws DecodeError, UnsupportedError as `parseVerifierKey`; ArgumentTypeError, ArgumentRangeError
   */
  submit(witness: VerifierKey | string): Promise<WitnessSubmission>;

  /**
   * What stands under a path of the log (C2SP tlog-tiles): `checkpoint`, `tile/…` or `tile/entries/…`, for an HTTP server
   * to answer with.
   * @param path without slash before it
   * @returns fresh; `undefined` where there is nothing: 404
   * @throws StateError `ERR_STORED_STATE`; what the store throws; ArgumentTypeError
   */
  read(path: string): Promise<Uint8Array | undefined>;
}
