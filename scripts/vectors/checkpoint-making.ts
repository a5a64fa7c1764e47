/** Making checkpoints, and what is asked of them. */
import { type CheckpointText, writeCheckpointText } from '../../test/reference/checkpoint-text.js';
import { cosign } from '../../test/reference/checkpoints.js';
import { uint } from '../../test/reference/encoding.js';
import type { NoteSigner } from '../../test/reference/note-signatures.js';
import { signNote } from '../../test/reference/notes.js';
import { leafHash, MTH } from '../../test/reference/tree.js';
import { logs, NOW_MS, ORIGIN, vkeys } from './note-signers.js';

/** The log whose entry i is the uint64 i. */
export const rootOf = (size: number): Uint8Array =>
  MTH(Array.from({ length: size }, (_, i) => leafHash(uint(8, i))));

/** The text of this log's checkpoint; or of one that is something else. */
export function textOf(treeSize: number, other: Partial<CheckpointText> = {}): string {
  const root = other.root ?? rootOf(treeSize);
  return writeCheckpointText({ origin: ORIGIN, treeSize, root, extensions: [], ...other });
}

/** A witness policy as a field. */
export type Policy = {
  readonly threshold: number;
  readonly keys: string[];
  readonly groups: readonly Policy[];
};
export const policy = (threshold: number, signers: readonly NoteSigner[], ...groups: Policy[]): Policy => ({
  threshold,
  keys: vkeys(...signers),
  groups,
});

/** A checkpoint as its log signs it, and then witnesses, each some time after another. */
export function cosigned(witnesses: readonly NoteSigner[], body = textOf(5), stepMs = 0): string {
  return witnesses.reduce(
    (note, witness, i) => cosign(Buffer.from(note), witness, NOW_MS + i * stepMs).note,
    signNote(body, [logs.ed25519], NOW_MS),
  );
}
