/**
 * Evaluating a proof into the root that it leads to (draft, "Prefix Tree" under "Tree Proofs").
 *
 * What the draft says about verification is "hash and compare". That alone would let a log hide a key: a proof may
 * name the key's own leaf as the leaf of another key, and every hash is right. So the shape of a proof is checked
 * here before anything is hashed, and each refusal has its code.
 */

import { assertArray, assertObject } from '../bytes/arguments.js';
import { assertBytes, equalBytes } from '../bytes/compare.js';
import { VerificationError } from '../errors.js';
import { compareKeys } from './key.js';
import { hashNodes } from './hash-nodes.js';
import { hashAtOf } from './node.js';
import type { PrefixProof, PrefixSearch } from './proof.js';
import { buildSkeleton, type SearchedKey } from './skeleton.js';
import {
  createWorkspace,
  hashFrom,
  NOWHERE,
  type PrefixOptions,
  putHash,
  type Workspace,
} from './workspace.js';

/** A key that a tree was shown to hold, or not to hold. */
export interface VerifiedPrefixSearch {
  readonly vrfOutput: Uint8Array;
  /** What the tree holds for the key; `undefined` where it does not hold the key. */
  readonly commitment: Uint8Array | undefined;
}

/**
 * The root that a proof leads to.
 *
 * It says what the results say only if it is the root of a tree that the log has committed to: compare it, or use
 * {@link verifyPrefixProof}. A proof of no searches is one element, and that is the root.
 *
 * @param searches the keys, in the order in which they were asked for; none twice, at most 255
 * @param proof as received
 * @param options engine
 * @returns 32 bytes, fresh; zeros for the tree without leaves
 * @throws VerificationError
 *   `ERR_PREFIX_COUNT` other than one result for each key, or more than 255;
 *   `ERR_PREFIX_DUPLICATE` a key twice;
 *   `ERR_PREFIX_DEPTH` a depth above 255;
 *   `ERR_PREFIX_COMMITMENT` no commitment for an included key;
 *   `ERR_PREFIX_LEAF_KEY` the leaf of another key is that of the key itself;
 *   `ERR_PREFIX_LEAF_PATH` such a leaf does not lie on the key's path;
 *   `ERR_PREFIX_CONFLICT` two results contradict each other;
 *   `ERR_PROOF_LENGTH` missing or surplus elements: nothing was hashed
 * @throws DecodeError `ERR_LENGTH`; ArgumentTypeError, ArgumentRangeError
 * @example
 * const root = evaluatePrefixProof([{ vrfOutput, commitment }], proof);
 */
export function evaluatePrefixProof(
  searches: readonly PrefixSearch[],
  proof: PrefixProof,
  options: PrefixOptions = {},
): Uint8Array {
  const { work, rootAt } = evaluate(searches, proof, options);
  return hashFrom(work, rootAt);
}

/**
 * Verifies a proof against a root that the log has committed to.
 *
 * @param root 32 bytes; verified, such as that of a log entry
 * @param searches as {@link evaluatePrefixProof} takes them
 * @param proof as received
 * @param options engine
 * @returns what the tree holds for each key, in their order; fresh and frozen
 * @throws VerificationError `ERR_PROOF_ROOT` the proof leads to another root
 * @throws what {@link evaluatePrefixProof} throws
 * @example
 * const [found] = verifyPrefixProof(logEntry.prefixTree, [{ vrfOutput, commitment }], proof);
 */
export function verifyPrefixProof(
  root: Uint8Array,
  searches: readonly PrefixSearch[],
  proof: PrefixProof,
  options: PrefixOptions = {},
): readonly VerifiedPrefixSearch[] {
  assertBytes(root, 'root');
  const { work, rootAt, searched, included } = evaluate(searches, proof, options);
  if (!equalBytes(hashFrom(work, rootAt), root)) {
    throw new VerificationError('ERR_PROOF_ROOT', 'the proof leads to another root');
  }
  return Object.freeze(
    searched.map(({ keyAt, commitmentAt }, i) =>
      Object.freeze({
        vrfOutput: hashFrom(work, keyAt),
        commitment: included[i] === true ? hashFrom(work, commitmentAt) : undefined,
      }),
    ),
  );
}

/** Everything is read once, into the workspace: what was evaluated there is what is returned. */
function evaluate(searches: readonly PrefixSearch[], proof: PrefixProof, options: PrefixOptions) {
  assertArray(searches, 'searches');
  assertObject(options, 'options');
  const work = createWorkspace(options);
  const searched = searches.map((search) => putSearch(work, search));
  assertDistinct(work, searched);
  const { top, included } = buildSkeleton(work, searched, proof);
  hashNodes(work, [top]);
  return { work, rootAt: hashAtOf(work, top), searched, included };
}

function putSearch(work: Workspace, search: PrefixSearch): SearchedKey {
  assertObject(search, 'searches');
  const { vrfOutput, commitment } = search;
  const keyAt = putHash(work, vrfOutput, 'PrefixSearch.vrfOutput');
  const commitmentAt =
    commitment === undefined ? NOWHERE : putHash(work, commitment, 'PrefixSearch.commitment');
  return { keyAt, commitmentAt };
}

function assertDistinct(work: Workspace, searched: readonly SearchedKey[]): void {
  const keys = searched.map(({ keyAt }) => keyAt).sort((a, b) => compareKeys(work.bytes, a, b));
  for (const [i, key] of keys.entries()) {
    if (i > 0 && compareKeys(work.bytes, keys[i - 1] as number, key) === 0) {
      throw new VerificationError('ERR_PREFIX_DUPLICATE', 'a key is searched for twice');
    }
  }
}
