/**
 * Opening checkpoints: from outside bytes, trusted keys and a policy to a head of a log that can be built upon
 * (C2SP tlog-checkpoint, tlog-cosignature, tlog-policy).
 */

import { assertInteger, assertObject } from '../bytes/arguments.js';
import { equalBytes } from '../bytes/compare.js';
import { ArgumentRangeError, ArgumentTypeError, PolicyError, VerificationError } from '../errors.js';
import { type CheckpointText, parseCheckpointText } from './checkpoint-text.js';
import { assertSigned, resolveKeys, type VerifiedSignature, verifySignatures } from './open-note.js';
import { rfc6962 } from './rfc6962.js';
import { emptyRootOf } from './scheme.js';
import { parseNote } from './signed-note.js';
import { isSameSigner, type VerifierKey } from './verifier-key.js';
import {
  isConfusable,
  isWitnessed,
  resolveWitnesses,
  type WitnessPolicy,
  witnessKeysOf,
} from './witness-policy.js';

declare const verified: unique symbol;

/** What a checkpoint must be in order to count. */
export interface CheckpointPolicy {
  /** The log's name, as its checkpoints begin. It need not be the name of a key. */
  readonly origin: string;
  /** The log's keys, as text or parsed; one of them must have signed. */
  readonly keys: readonly (VerifierKey | string)[];
  /** Which witnesses must have signed besides; default: none. */
  readonly witnesses?: WitnessPolicy | undefined;
  /** How old it may be; default: any age. */
  readonly freshness?: Freshness | undefined;
}

/**
 * The time within which enough signatures must have been made: the witnesses' that the policy asks for, or,
 * where it asks for none, one of the log's. So a log cannot hold somebody on an old head that was once true.
 */
export interface Freshness {
  /** Now, in milliseconds since 1970. */
  readonly nowMs: number;
  /** Age at most, in milliseconds, 0 or more. Cosignatures have whole seconds, rounded down. */
  readonly maxAgeMs: number;
  /** Lead over `nowMs` at most, for clocks that differ, in milliseconds; default 0. */
  readonly maxAheadMs?: number | undefined;
}

/**
 * A log's head that a trusted key signed, and with it whatever the policy asks for. Only {@link openCheckpoint}
 * makes one. Frozen. It is a head for `verifyInclusion` and `verifyConsistency`, unless the tree is empty.
 */
export interface Checkpoint extends CheckpointText {
  /** The text that was signed. */
  readonly text: string;
  /** The log's keys that signed; 1 or more. */
  readonly signedBy: readonly VerifiedSignature[];
  /** The witnesses of the policy that signed, all of them and not only as many as it needs. */
  readonly cosignedBy: readonly VerifiedSignature[];
  readonly [verified]: 'checkpoint';
}

/**
 * Opens a checkpoint: yields what a trusted key of the log signed, under the policy that is given.
 *
 * Every signature of a trusted key, log's or witness's, must be true; those of other keys are ignored.
 *
 * **Not proven**: that the log shows others the same head (this is what witnesses are for), that it extends the
 * head before (`verifyConsistency`), or that it is the newest. Extension lines are the log's word alone.
 *
 * @param noteBytes at most 2^20 bytes, read in place
 * @param policy origin and keys, and how many witnesses, how fresh
 * @returns frozen and fresh; `treeSize` 0 to 2^53 - 1
 * @throws DecodeError as `parseNote` and `parseCheckpointText`, and as `parseVerifierKey` for keys as text
 * @throws VerificationError `ERR_SIGNATURE` a false signature of a trusted key; `ERR_NOTE_UNSIGNED` none of the
 *   log's keys signed; `ERR_CHECKPOINT_ORIGIN` another log; `ERR_CHECKPOINT_EMPTY` no leaves, and a root
 * @throws PolicyError `ERR_WITNESSES` too few witnesses; `ERR_CHECKPOINT_TIME` enough, but too few in time
 * @throws ArgumentTypeError, ArgumentRangeError also where a log's public key is a witness's, or stands twice
 *   under one name and id
 * @example
 * const head = openCheckpoint(bytes, { origin: 'example.com/log', keys, witnesses: { threshold: 2, keys: three } });
 * verifyInclusion(head, { index, leafHash: hashLeaf(entry), proof });
 */
export function openCheckpoint(noteBytes: Uint8Array, policy: CheckpointPolicy): Checkpoint {
  assertObject(policy, 'policy');
  const { origin, keys: given, witnesses, freshness } = policy;
  if (typeof origin !== 'string') throw new ArgumentTypeError('origin must be a string');
  const keys = resolveKeys(given, 'keys');
  const group = witnesses === undefined ? undefined : resolveWitnesses(witnesses);
  const witnessKeys = group === undefined ? [] : witnessKeysOf(group);
  assertApart(keys, witnessKeys);
  const isFresh = freshness === undefined ? undefined : freshnessTest(freshness);

  const note = parseNote(noteBytes);
  const signatures = verifySignatures(note, [...keys, ...witnessKeys]);
  const signedBy = signaturesOf(keys, signatures);
  const cosignedBy = signaturesOf(witnessKeys, signatures);
  assertSigned(signedBy);

  const text = parseCheckpointText(note.text);
  if (text.origin !== origin)
    throw new VerificationError('ERR_CHECKPOINT_ORIGIN', 'a checkpoint of another log');
  if (text.treeSize === 0 && !equalBytes(text.root, emptyRootOf(rfc6962))) {
    throw new VerificationError('ERR_CHECKPOINT_EMPTY', 'a root over no leaves that is not the empty tree');
  }

  if (group !== undefined && !isWitnessed(group, cosignedBy)) {
    throw new PolicyError('ERR_WITNESSES', 'too few of the trusted witnesses signed the checkpoint');
  }
  if (isFresh !== undefined) {
    const inTime =
      group === undefined ? signedBy.some(isFresh) : isWitnessed(group, cosignedBy.filter(isFresh));
    if (!inTime) throw new PolicyError('ERR_CHECKPOINT_TIME', 'too few signatures within the time allowed');
  }
  return Object.freeze({ ...text, text: note.text, signedBy, cosignedBy }) as Checkpoint;
}

/** A log that is its own witness proves nothing by it. */
function assertApart(keys: readonly VerifierKey[], witnessKeys: readonly VerifierKey[]): void {
  if (keys.some((key) => witnessKeys.some((witness) => isConfusable(key, witness)))) {
    throw new ArgumentRangeError("a public key must not be the log's and a witness's");
  }
}

function signaturesOf(
  keys: readonly VerifierKey[],
  signatures: readonly VerifiedSignature[],
): readonly VerifiedSignature[] {
  return Object.freeze(signatures.filter((signature) => keys.some((key) => isSameSigner(key, signature))));
}

function freshnessTest(freshness: Freshness): (signature: VerifiedSignature) => boolean {
  assertObject(freshness, 'freshness');
  const { nowMs, maxAgeMs, maxAheadMs = 0 } = freshness;
  assertInteger(nowMs, 'nowMs', 0, Number.MAX_SAFE_INTEGER);
  assertInteger(maxAgeMs, 'maxAgeMs', 0, Number.MAX_SAFE_INTEGER);
  assertInteger(maxAheadMs, 'maxAheadMs', 0, Number.MAX_SAFE_INTEGER);
  return ({ timestampMs }) =>
    timestampMs !== undefined && timestampMs >= nowMs - maxAgeMs && timestampMs <= nowMs + maxAheadMs;
}
