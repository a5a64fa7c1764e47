/**
 * Signing notes, checkpoints and cosignatures (C2SP signed-note, tlog-checkpoint, tlog-cosignature). Keys may
 * live anywhere: a signer is a verifier key and a function, which may answer at once or later.
 */

import { assertInteger, assertObject } from '../bytes/arguments.js';
import { assertBytes } from '../bytes/compare.js';
import { parseUtf8 } from '../bytes/text.js';
import { SIGNATURE_LENGTH } from '../crypto/signature-scheme.js';
import { ArgumentRangeError, ArgumentTypeError, VerificationError } from '../errors.js';
import { encodeCheckpointText } from './checkpoint-text.js';
import type { Checkpoint } from './open-checkpoint.js';
import { verifySignature } from './open-note.js';
import {
  encodeNote,
  encodeNoteText,
  encodeSignatureLines,
  NOTE_MAX_BYTES,
  type NoteSignature,
  parseNote,
  parseSignatureLines,
} from './signed-note.js';
import { algorithmOf, assertVerifierKey, isSameSigner, type VerifierKey } from './verifier-key.js';

/** Signs notes with a key that may live anywhere. */
export interface NoteSigner {
  readonly key: VerifierKey;
  /** 64 bytes: RFC 8032 over the message (Ed25519), or r ‖ s over its SHA-256 (P-256). */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** A note signer that answers at once. */
export interface LocalNoteSigner extends NoteSigner {
  sign(message: Uint8Array): Uint8Array;
}

/** When a signature is made. */
export interface SigningTime {
  /** In milliseconds since 1970. Needed by `cosignature` keys, which sign whole seconds, and `tree-head` keys. */
  readonly nowMs?: number | undefined;
}

/** What a checkpoint is to say. */
export type CheckpointDraft = Parameters<typeof encodeCheckpointText>[0];

/** A signature that is needed: by whom, over what. */
interface PendingSignature {
  readonly signer: NoteSigner;
  readonly text: string;
  readonly message: Uint8Array;
  readonly timestampMs: number;
}

/**
 * Signs a note.
 *
 * @param text ends with a newline; no other control characters
 * @param signers 1 to 100, no two of one name and id
 * @param time needed where a signer's algorithm signs the time
 * @returns the note, fresh
 * @throws VerificationError `ERR_SIGNATURE` a signer made a signature that its key does not verify
 * @throws ArgumentTypeError, ArgumentRangeError
 * @example
 * const key = deriveVerifierKey({ name: 'example.com/foo', algorithm: 'ed25519', publicKey: privateKey.publicKey });
 * const note = signNote('This is an example message.\n', [{ key, sign: (message) => privateKey.sign(message) }]);
 */
export function signNote(
  text: string,
  signers: readonly LocalNoteSigner[],
  time: SigningTime = {},
): Uint8Array {
  return encodeNote({ text, signatures: signNow(pendingSignatures(text, signers, time)) });
}

/** As {@link signNote}, with signers that may answer later. */
export async function signNoteAsync(
  text: string,
  signers: readonly NoteSigner[],
  time: SigningTime = {},
): Promise<Uint8Array> {
  return encodeNote({ text, signatures: await signLater(pendingSignatures(text, signers, time)) });
}

/**
 * Signs a checkpoint as the log.
 *
 * **Before**: the head extends every head that was ever signed, and is stored; a log that signs two heads which
 * cannot belong to one tree is caught.
 *
 * @param draft what it says; `extensions` should be left out, nobody audits them
 * @param signers the log's keys; their name should be the origin
 * @returns the checkpoint, fresh
 * @throws as {@link signNote}
 */
export function signCheckpoint(
  draft: CheckpointDraft,
  signers: readonly LocalNoteSigner[],
  time: SigningTime = {},
): Uint8Array {
  return signNote(encodeCheckpointText(draft), signers, time);
}

/** As {@link signCheckpoint}, with signers that may answer later. */
export async function signCheckpointAsync(
  draft: CheckpointDraft,
  signers: readonly NoteSigner[],
  time: SigningTime = {},
): Promise<Uint8Array> {
  return signNoteAsync(encodeCheckpointText(draft), signers, time);
}

/**
 * Signs a checkpoint as a witness.
 *
 * **Before**: `verifyConsistency` from the last head of this log that this witness signed, which the new one
 * then replaces in its store, in one step. A witness that skips this is none.
 *
 * @param checkpoint of `openCheckpoint`
 * @param signer a `cosignature` key
 * @param time now, and not earlier than in the cosignature before
 * @returns one signature line, as `appendSignatures` takes it, fresh
 * @throws as {@link signNote}
 */
export function cosignCheckpoint(
  checkpoint: Checkpoint,
  signer: LocalNoteSigner,
  time: { readonly nowMs: number },
): Uint8Array {
  return encodeSignatureLines(signNow(pendingCosignature(checkpoint, signer, time)));
}

/** As {@link cosignCheckpoint}, with a signer that may answer later. */
export async function cosignCheckpointAsync(
  checkpoint: Checkpoint,
  signer: NoteSigner,
  time: { readonly nowMs: number },
): Promise<Uint8Array> {
  return encodeSignatureLines(await signLater(pendingCosignature(checkpoint, signer, time)));
}

/**
 * Adds signature lines to a note. A line replaces the earlier ones of the same name and id. **Verifies
 * nothing**: this is for those who pass notes on.
 *
 * @param noteBytes read in place
 * @param lines 1 to 100 signature lines, each with its newline
 * @returns the note, fresh
 * @throws DecodeError as `parseNote`
 * @throws ArgumentTypeError, ArgumentRangeError more than 100 signatures in all
 */
export function appendSignatures(noteBytes: Uint8Array, lines: Uint8Array): Uint8Array {
  const { text, signatures } = parseNote(noteBytes);
  assertBytes(lines, 'lines');
  if (lines.length > NOTE_MAX_BYTES)
    throw new ArgumentRangeError(`lines must have at most ${NOTE_MAX_BYTES} bytes`);
  const added = parseSignatureLines(parseUtf8(lines));
  const kept = signatures.filter((old) => !added.some((line) => isSameSigner(line, old)));
  return encodeNote({ text, signatures: [...kept, ...added] });
}

function pendingCosignature(
  checkpoint: Checkpoint,
  signer: NoteSigner,
  time: SigningTime,
): readonly PendingSignature[] {
  assertObject(checkpoint, 'checkpoint');
  assertObject(signer, 'a signer');
  const pending = pendingSignatures(checkpoint.text, [signer], time);
  if (signer.key.algorithm !== 'cosignature')
    throw new ArgumentRangeError('a witness needs a cosignature key');
  return pending;
}

/** The messages to sign, all of them before anything is signed. */
function pendingSignatures(
  text: string,
  signers: readonly NoteSigner[],
  { nowMs }: SigningTime,
): readonly PendingSignature[] {
  encodeNoteText(text);
  if (!Array.isArray(signers)) throw new ArgumentTypeError('signers must be an array');
  const before: VerifierKey[] = [];
  return (signers as readonly NoteSigner[]).map((signer) => {
    assertObject(signer, 'a signer');
    const { key } = signer;
    assertVerifierKey(key);
    if (before.some((other) => isSameSigner(other, key))) {
      throw new ArgumentRangeError('signers must not hold two keys of one name and id');
    }
    before.push(key);
    const algorithm = algorithmOf(key);
    if (algorithm.isTimestamped) assertInteger(nowMs, 'nowMs', 0, Number.MAX_SAFE_INTEGER);
    const timestampMs = nowMs ?? 0;
    const message = algorithm.encodeMessage(text, timestampMs, key.name);
    if (message === undefined) throw new ArgumentRangeError(`${algorithm.name} cannot sign such a text`);
    return { signer, text, message, timestampMs };
  });
}

function signNow(pending: readonly PendingSignature[]): NoteSignature[] {
  return pending.map((request) => {
    const signature = request.signer.sign(request.message);
    assertBytes(signature, 'a signature (an asynchronous signer needs the …Async function)');
    return finish(request, signature);
  });
}

async function signLater(pending: readonly PendingSignature[]): Promise<NoteSignature[]> {
  const signatures: NoteSignature[] = [];
  for (const request of pending) {
    const signature = await request.signer.sign(request.message);
    assertBytes(signature, 'a signature');
    signatures.push(finish(request, signature));
  }
  return signatures;
}

/** The signature line, checked: a signer may be broken or hold another key, and nothing false is passed on. */
function finish({ signer: { key }, text, timestampMs }: PendingSignature, raw: Uint8Array): NoteSignature {
  const algorithm = algorithmOf(key);
  if (raw.length !== SIGNATURE_LENGTH)
    throw new VerificationError('ERR_SIGNATURE', 'a signature of another length');
  const { name, id } = key;
  const line = Object.freeze({ name, id, signature: algorithm.encodeSignature(raw, timestampMs) });
  verifySignature(key, text, line);
  return line;
}
