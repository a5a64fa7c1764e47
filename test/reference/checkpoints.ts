/**
 * Checkpoints under a policy, by C2SP tlog-checkpoint, tlog-cosignature and tlog-policy: signed by the log, by enough
 * of the trusted witnesses, and in time.
 */
import { type CheckpointText, readCheckpointText } from './checkpoint-text.js';
import { demand, equal } from './encoding.js';
import type { NoteKey } from './note-keys.js';
import type { NoteSigner } from './note-signatures.js';
import { readNote, type SignedBy, signatureLine, signersOf, writeNote, writeSignatureLine } from './notes.js';
import { MTH } from './tree.js';

/** So many of these keys and groups. */
export type WitnessPolicy = {
  readonly threshold: number;
  readonly keys: readonly NoteKey[];
  readonly groups: readonly WitnessPolicy[];
};
export type Freshness = { readonly nowMs: number; readonly maxAgeMs: number; readonly maxAheadMs: number };
export type CheckpointPolicy = {
  readonly origin: string;
  readonly keys: readonly NoteKey[];
  readonly witnesses: WitnessPolicy | null;
  readonly freshness: Freshness | null;
};
export type Checkpoint = CheckpointText & {
  readonly text: string;
  readonly signedBy: readonly SignedBy[];
  readonly cosignedBy: readonly SignedBy[];
};

function witnessesIn({ keys, groups }: WitnessPolicy): readonly NoteKey[] {
  return [...keys, ...groups.flatMap(witnessesIn)];
}

/** A member is a witness that signed, or a group that reaches its own threshold. */
function isReached({ threshold, keys, groups }: WitnessPolicy, signed: readonly SignedBy[]): boolean {
  let members = 0;
  for (const key of keys) if (signed.some(({ name, id }) => name === key.name && id === key.id)) members++;
  for (const group of groups) if (isReached(group, signed)) members++;
  return members >= threshold;
}

/** Not older than allowed, nor further ahead. What has no time is never in time. */
function inTime({ timestampMs }: SignedBy, { nowMs, maxAgeMs, maxAheadMs }: Freshness): boolean {
  return timestampMs !== null && nowMs - timestampMs <= maxAgeMs && timestampMs - nowMs <= maxAheadMs;
}

export function openCheckpoint(bytes: Uint8Array, policy: CheckpointPolicy): Checkpoint {
  const { origin, keys, witnesses, freshness } = policy;
  const note = readNote(bytes);
  const witnessKeys = witnesses === null ? [] : witnessesIn(witnesses);
  // All of them in one walk: a false signature counts wherever it stands.
  const signed = signersOf(note, [...keys, ...witnessKeys]);
  const of = (some: readonly NoteKey[]): SignedBy[] =>
    signed.filter((by) => some.some(({ name, id }) => by.name === name && by.id === id));
  const [signedBy, cosignedBy] = [of(keys), of(witnessKeys)];
  demand(signedBy.length > 0, 'note-unsigned');

  const checkpoint = readCheckpointText(note.text);
  demand(checkpoint.origin === origin, 'other-origin');
  demand(checkpoint.treeSize > 0 || equal(checkpoint.root, MTH([])), 'empty-tree-root');

  demand(witnesses === null || isReached(witnesses, cosignedBy), 'too-few-witnesses');
  if (freshness !== null) {
    const fresh = (some: readonly SignedBy[]): SignedBy[] => some.filter((by) => inTime(by, freshness));
    const enough = witnesses === null ? fresh(signedBy).length > 0 : isReached(witnesses, fresh(cosignedBy));
    demand(enough, 'not-in-time');
  }
  return { ...checkpoint, text: note.text, signedBy, cosignedBy };
}

/** A witness's line under a checkpoint, and the note with it in place of an earlier one. */
export function cosign(
  bytes: Uint8Array,
  witness: NoteSigner,
  nowMs: number,
): { line: string; note: string } {
  const { text, signatures } = readNote(bytes);
  const added = signatureLine(witness, text, nowMs);
  const others = signatures.filter(({ name, id }) => name !== added.name || id !== added.id);
  return { line: writeSignatureLine(added), note: writeNote({ text, signatures: [...others, added] }) };
}
