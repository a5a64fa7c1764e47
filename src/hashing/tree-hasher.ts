/**
 * The contract between the tree rooms and the engines that hash for them.
 *
 * Tree *shape* is the business of `log/`; tree *hashing* comes in here as batches, so that one kernel serves
 * every tree: RFC 6962 nodes, and later the KEYTRANS log and prefix trees. All of them are *tagged pairs*,
 *
 *     SHA-256( t0 ‖ A[32] ‖ B[32] )            65 bytes
 *     SHA-256( t0 ‖ A[32] ‖ t1 ‖ B[32] )       66 bytes
 *
 * and both are two SHA-256 blocks. Every engine computes the same bytes; they differ in speed only.
 */

/** The tag bytes of a pair: one before the left hash, and optionally one before the right hash. */
export interface PairTags {
  /** 0 to 255. */
  readonly left: number;
  /** 0 to 255; absent in the 65-byte form. */
  readonly right?: number | undefined;
}

/**
 * Proofs to be folded together, as flat arrays, so that an engine takes many in one piece. A proof leads from one
 * hash to a root, by a sibling on every level:
 *
 *     start ─┬─ ● ─┬─ ● ─┬─ ● root        hashes    start s0 s1 s2 │ start s0 … of the next proof
 *        s0 ─┘     │     │                lengths   3              │ …
 *              s1 ─┘ s2 ─┘                steps     one byte for each of s0 s1 s2 │ …
 */
export interface ProofBatch {
  /** For each proof the hash that it starts from, then its siblings, the lowest first: 32 bytes each. */
  readonly hashes: Uint8Array;
  /** For each proof the number of its siblings, 0 to {@link PROOF_SIBLINGS_MAX}. */
  readonly lengths: readonly number[];
  /** For each sibling of all proofs: twice an index into `tags`, and 1 more where it stands on the left. */
  readonly steps: Uint8Array;
  /** The tags of the pairs, 1 to 128 entries. */
  readonly tags: readonly PairTags[];
}

/** The most siblings in one proof that every engine folds. */
export const PROOF_SIBLINGS_MAX = 1024;

/** A batch hasher. Stateless between calls as far as a caller can see. Inputs are never changed. */
export interface TreeHasher {
  /** Which engine this is. */
  readonly name: 'typescript' | 'wasm-scalar' | 'wasm-simd';

  /**
   * Hashes n pairs.
   * @param hashes n × 64 bytes, contiguous: A and B of each pair
   * @returns n × 32 bytes, fresh
   * @throws ArgumentTypeError, ArgumentRangeError where the length is no multiple of 64 or a tag is no byte
   */
  hashPairs(hashes: Uint8Array, tags: PairTags): Uint8Array;

  /**
   * Folds n balanced subtrees of 2^height leaves each into their n roots.
   * @param hashes n × 2^height × 32 bytes, contiguous
   * @param height 0 to 32; 0 copies
   * @param bottom tags of the lowest level, whose children are leaves
   * @param inner tags of every level above
   * @returns n × 32 bytes, fresh
   */
  foldSubtrees(hashes: Uint8Array, height: number, bottom: PairTags, inner: PairTags): Uint8Array;

  /**
   * Hashes n leaves of one size.
   * @param leaves n × leafLength bytes, contiguous
   * @param leafLength bytes of a leaf, 1 or more
   * @param prefix a byte hashed before each leaf; absent for none
   * @returns n × 32 bytes, fresh
   */
  hashLeaves(leaves: Uint8Array, leafLength: number, prefix?: number): Uint8Array;

  /**
   * Folds n proofs into the n roots that they lead to; it is the caller who knows which root is right.
   * @returns n × 32 bytes, fresh
   * @throws ArgumentTypeError, ArgumentRangeError where the arrays do not fit each other
   */
  foldProofs(proofs: ProofBatch): Uint8Array;
}
