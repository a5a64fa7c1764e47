/**
 * Binary ladders: which versions of a label are looked up in a log entry's prefix tree, and in which order
 * (draft-ietf-keytrans-protocol, the three sections "Binary Ladder" and the appendix of that name).
 *
 *     base ladder of 6     0 1 3 7 5 6        up by powers of two less one, past 6, then halving between 3 and 7
 *     search ladder        the base ladder of the target, up to the first lookup that decides:
 *                          a version above the target that is there, or one up to it that is not
 *     monitoring ladder    the base ladder of the target without what is above it: 0 1 3 5 6
 *
 * A search ladder is built from the target, which both sides know, not from the greatest version, which only the
 * prover does and which an absent label lacks. (The appendix builds it from the greatest version. Up to the lookup
 * that decides, the two are the same.)
 *
 * No version is above 2^32 - 1: what would be looked up there counts as absent and is left out. Halving is by
 * `Math.floor`, since sums of two bounds leave 32 bits.
 */

import { VerificationError } from '../../errors.js';
import { assertVersion, VERSION_MAX } from './order-bounds.js';

/** Whether the greatest version that a log entry holds is below the target (-1), the target (0), or above it (1). */
export type LadderVerdict = -1 | 0 | 1;

/**
 * What other log entries have shown in the same response, so that it need not be shown again: a version that is
 * there stays. Whether a ladder omits these is up to the algorithm that asks for it.
 *
 * Of a version they say something about that version only. An auditor lets a log remove old ones, so that a lower
 * version is absent where a higher one is there is no contradiction.
 */
export interface ShownVersions {
  /** Versions shown to be there in a log entry to the left: they are taken to be here, too. */
  readonly leftIncluded: ReadonlySet<number>;
  /** Versions shown to be absent in a log entry to the right: they are taken to be absent here, too. */
  readonly rightAbsent: ReadonlySet<number>;
}

/** Nothing was shown before, or nothing may be omitted. */
const NOTHING_SHOWN: ShownVersions = /* @__PURE__ */ Object.freeze({
  leftIncluded: /* @__PURE__ */ new Set<number>(),
  rightAbsent: /* @__PURE__ */ new Set<number>(),
});

/**
 * The lookups that establish that a version is the greatest. They hold the version itself and, up to 2^32 - 1, the
 * next one. At most 64.
 * @param version 0 to 2^32 - 1
 * @throws ArgumentRangeError
 */
export function baseLadder(version: number): number[] {
  assertVersion(version, 'version');
  const ladder: number[] = [];
  let absent = 0;
  let included = 0;
  while (absent <= version) {
    ladder.push(absent);
    included = absent;
    absent = absent * 2 + 1;
  }
  ladder.push(absent);
  while (included + 1 < absent) {
    const middle = Math.floor((included + absent) / 2);
    ladder.push(middle);
    if (middle <= version) included = middle;
    else absent = middle;
  }
  return ladder.filter((lookup) => lookup <= VERSION_MAX);
}

/**
 * The lookups that show that a label still has a version: each must be an inclusion. Never omits any.
 * @param target 0 to 2^32 - 1
 * @throws ArgumentRangeError
 */
export function monitoringLadder(target: number): number[] {
  return baseLadder(target).filter((version) => version <= target);
}

/**
 * Climbs a search ladder: asks for one version after another until the result is decided. Prover and verifier climb
 * alike; the one answers from its prefix tree, the other from a proof.
 *
 * @param target 0 to 2^32 - 1
 * @param isIncluded the lookup. Is not called for what was shown before; may throw, which passes through
 * @param shown versions to omit; absent for none
 * @throws VerificationError `ERR_LADDER_CONFLICT` a version of the ladder was shown on both sides
 * @throws ArgumentRangeError a target out of bounds
 */
export function climbSearchLadder(
  target: number,
  isIncluded: (version: number) => boolean,
  shown: ShownVersions = NOTHING_SHOWN,
): LadderVerdict {
  assertVersion(target, 'target');
  for (const version of baseLadder(target)) {
    const included = wasShown(version, shown) ?? isIncluded(version);
    if (included && version > target) return 1;
    if (!included && version <= target) return -1;
  }
  return 0;
}

/**
 * The lookups of a search ladder in a log entry, in order: those that {@link climbSearchLadder} makes where every
 * version up to the greatest is there.
 *
 * @param target 0 to 2^32 - 1
 * @param greatest the greatest version that the entry holds; `undefined` where it holds none
 * @param shown versions to omit; absent for none
 * @throws VerificationError `ERR_LADDER_CONFLICT`; ArgumentRangeError
 */
export function searchLadder(target: number, greatest: number | undefined, shown?: ShownVersions): number[] {
  if (greatest !== undefined) assertVersion(greatest, 'greatest');
  const lookups: number[] = [];
  const lookUp = (version: number): boolean => {
    lookups.push(version);
    return greatest !== undefined && version <= greatest;
  };
  climbSearchLadder(target, lookUp, shown);
  return lookups;
}

/**
 * What the results of a search ladder say, and which versions they are of.
 *
 * @param target 0 to 2^32 - 1
 * @param results whether each lookup was an inclusion, in order; from outside
 * @param shown versions that were omitted; absent for none
 * @returns the verdict, and the version of each result
 * @throws VerificationError `ERR_LADDER_LENGTH` fewer results than it takes to decide, or more;
 *   `ERR_LADDER_CONFLICT`
 * @throws ArgumentRangeError
 */
export function interpretLadder(
  target: number,
  results: readonly boolean[],
  shown?: ShownVersions,
): { readonly verdict: LadderVerdict; readonly versions: readonly number[] } {
  const versions: number[] = [];
  const takeResult = (version: number): boolean => {
    const result = results[versions.length];
    if (result === undefined) throw new VerificationError('ERR_LADDER_LENGTH', 'the ladder ends too early');
    versions.push(version);
    return result;
  };
  const verdict = climbSearchLadder(target, takeResult, shown);
  if (versions.length !== results.length) {
    throw new VerificationError('ERR_LADDER_LENGTH', 'the ladder goes on after it is decided');
  }
  return { verdict, versions };
}

/** Whether a version is known to be there (`true`) or absent (`false`) from elsewhere, or not known. */
function wasShown(version: number, { leftIncluded, rightAbsent }: ShownVersions): boolean | undefined {
  const included = leftIncluded.has(version);
  const absent = rightAbsent.has(version);
  if (included && absent) {
    throw new VerificationError('ERR_LADDER_CONFLICT', 'a version is in a log entry and not in a later one');
  }
  return included || absent ? included : undefined;
}
