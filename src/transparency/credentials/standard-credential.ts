/**
 * Standard credentials (draft, "Standard"): one look into the prefix tree of a distinguished log entry that the user
 * knows. Label owners check such entries, so there is nothing left to do afterwards.
 */

import { VerificationError } from '../../errors.js';
import { equalBytes } from '../../bytes/compare.js';
import { evaluatePrefixProof } from '../../prefix/evaluate.js';
import type { KnownVersion } from '../verifier/received-proof.js';
import type { TreeHasher } from '../../hashing/tree-hasher.js';
import type { KnownEntry } from '../verifier/tree-view.js';
import { interpretLadder } from '../walks/ladder.js';
import type { PrefixProof } from '../wire/proofs.js';

/**
 * Verifies that a version is the greatest of its label in a log entry that is known.
 * @throws VerificationError `ERR_GREATEST_VERSION` it is not; `ERR_LADDER_LENGTH`; codes of `evaluatePrefixProof`;
 *   `ERR_ENTRY_ROOT` the proof is from another prefix tree
 */
export function verifyStandard(
  version: number,
  versions: ReadonlyMap<number, KnownVersion>,
  distinguished: PrefixProof,
  { prefixTree }: KnownEntry,
  hasher: TreeHasher,
): void {
  const root = searchedRoot(version, versions, distinguished, hasher);
  if (!equalBytes(root, prefixTree)) {
    throw new VerificationError('ERR_ENTRY_ROOT', 'the proof is from another prefix tree than the one known');
  }
}

/**
 * The root of the prefix tree in which a proof shows a version to be the greatest: a **candidate**, 32 bytes.
 * @throws VerificationError as {@link verifyStandard}
 */
export function searchedRoot(
  version: number,
  versions: ReadonlyMap<number, KnownVersion>,
  search: PrefixProof,
  hasher: TreeHasher,
): Uint8Array {
  const included = search.results.map(({ resultType }) => resultType === 'inclusion');
  // Nothing was shown before: no lookup may be left out.
  const { verdict, versions: looked } = interpretLadder(version, included);
  if (verdict !== 0) {
    throw new VerificationError('ERR_GREATEST_VERSION', 'the claimed version is not the greatest');
  }
  const searches = looked.map((each) => versions.get(each) as KnownVersion);
  return evaluatePrefixProof(searches, search, { hasher });
}
