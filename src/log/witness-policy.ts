/**
 * Which witnesses must have signed a checkpoint (C2SP tlog-policy, as data): so many of these, where a member
 * is a witness or again a group.
 *
 *     { threshold: 2, groups: [ { threshold: 2, keys: [x1, x2, x3] },       two of the X's
 *                               { threshold: 1, keys: [y1, y2, y3] } ] }    and one of the Y's
 *
 * A witness counts in one place only, and two keys with one public key are one witness: otherwise one party
 * could fill a quorum alone.
 */

import { assertInteger, assertObject } from '../bytes/arguments.js';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.js';
import { resolveKeys, type VerifiedSignature } from './open-note.js';
import { NOTE_MAX_SIGNATURES } from './signed-note.js';
import { isSamePublicKey, isSameSigner, type VerifierKey } from './verifier-key.js';

/** Groups within groups; the specification recommends that 32 groups be supported, so that deep at most. */
const DEPTH_MAX = 32;

/** At least `threshold` of the members must have signed. */
export interface WitnessPolicy {
  /** 1 to the number of keys and groups. */
  readonly threshold: number;
  /** Cosignature keys, as text or parsed. */
  readonly keys?: readonly (VerifierKey | string)[] | undefined;
  /** Groups, each of which counts as one member once its own threshold is reached. */
  readonly groups?: readonly WitnessPolicy[] | undefined;
}

/** A policy with its keys parsed. */
export interface WitnessGroup {
  readonly threshold: number;
  readonly keys: readonly VerifierKey[];
  readonly groups: readonly WitnessGroup[];
}

/**
 * A policy, checked.
 * @throws ArgumentTypeError, ArgumentRangeError a threshold that is out of bounds; a key that is no cosignature
 *   key; a public key, or a name with its id, that comes twice; more than 100 keys, since no note has more signatures; groups nested
 *   more than 32 deep
 * @throws DecodeError, UnsupportedError as `parseVerifierKey`
 */
export function resolveWitnesses(policy: WitnessPolicy): WitnessGroup {
  const group = resolveGroup(policy, 1);
  const keys = witnessKeysOf(group);
  if (keys.length > NOTE_MAX_SIGNATURES) {
    throw new ArgumentRangeError(`witnesses must have at most ${NOTE_MAX_SIGNATURES} keys`);
  }
  for (const [i, key] of keys.entries()) {
    if (keys.slice(0, i).some((other) => isConfusable(other, key))) {
      throw new ArgumentRangeError('a public key, or a name with its id, must stand in witnesses once only');
    }
  }
  return group;
}

/** All keys of a policy, those of its groups included. */
export function witnessKeysOf({ keys, groups }: WitnessGroup): readonly VerifierKey[] {
  return [...keys, ...groups.flatMap(witnessKeysOf)];
}

/** Whether one signature, or one party, could count for both keys. */
export function isConfusable(a: VerifierKey, b: VerifierKey): boolean {
  return isSamePublicKey(a, b) || isSameSigner(a, b);
}

/** Whether these signatures reach the threshold. */
export function isWitnessed(
  { threshold, keys, groups }: WitnessGroup,
  signedBy: readonly VerifiedSignature[],
): boolean {
  const signed = keys.filter((key) => signedBy.some((signature) => isSameSigner(signature, key)));
  const reached = groups.filter((group) => isWitnessed(group, signedBy));
  return signed.length + reached.length >= threshold;
}

function resolveGroup(policy: WitnessPolicy, depth: number): WitnessGroup {
  if (depth > DEPTH_MAX) throw new ArgumentRangeError(`groups must be nested at most ${DEPTH_MAX} deep`);
  assertObject(policy, 'witnesses');
  const { threshold, keys: given = [], groups: members = [] } = policy;
  if (!Array.isArray(given) || !Array.isArray(members)) {
    throw new ArgumentTypeError('keys and groups of witnesses must be arrays');
  }
  const keys =
    given.length === 0 ? [] : resolveKeys(given as readonly (VerifierKey | string)[], 'witnesses.keys');
  if (keys.some(({ algorithm }) => algorithm !== 'cosignature')) {
    throw new ArgumentRangeError('witnesses.keys must be cosignature keys');
  }
  const groups = (members as readonly WitnessPolicy[]).map((member) => resolveGroup(member, depth + 1));
  assertInteger(threshold, 'witnesses.threshold', 1, keys.length + groups.length);
  return { threshold, keys, groups };
}
