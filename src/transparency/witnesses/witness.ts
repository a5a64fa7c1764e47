/**
 * A witness (C2SP tlog-witness, "add-checkpoint"): it cosigns checkpoints of the logs that it knows, each of which
 * extends the one before. It looks at no entries. For those who run one, and for tests.
 *
 *     body ─▶ whose is it? 404 ─▶ signed? 403 ─▶ from the size that I have? 400, 409 ─▶ does it extend that? 422
 *                                                                                        │
 *                                     200, the cosignature  ◀── stored, if nobody was faster
 *
 * Left out: subtrees (`sign-subtree`), ML-DSA-44, limits on how often it may be asked.
 */

import { assertInteger, assertObject } from '../../bytes/arguments.js';
import { equalBytes } from '../../bytes/compare.js';
import { encodeUtf8, parseUtf8 } from '../../bytes/text.js';
import { ArgumentRangeError, DecodeError, StateError, VerificationError } from '../../errors.js';
import { verifyConsistency } from '../../log/consistency.js';
import { parseCheckpointText } from '../../log/checkpoint-text.js';
import type { TreeHead } from '../../log/head.js';
import { type Checkpoint, openCheckpoint } from '../../log/open-checkpoint.js';
import { openNote, resolveKeys } from '../../log/open-note.js';
import { appendSignatures, cosignCheckpointAsync, type NoteSigner } from '../../log/sign-note.js';
import { NOTE_MAX_BYTES } from '../../log/signed-note.js';
import { assertVerifierKey, type VerifierKey } from '../../log/verifier-key.js';
import { type AddCheckpoint, parseAddCheckpoint, type WitnessAnswer } from './add-checkpoint.js';
import { withLinesOf } from './trusted-lines.js';

/** A log that a witness knows. */
export interface KnownLog {
  /** The first line of its checkpoints. */
  readonly origin: string;
  /** As text or parsed, 1 or more. */
  readonly keys: readonly (VerifierKey | string)[];
}

/** Where a witness keeps the newest checkpoint of each log. What it says it has stored must be stored durably. */
export interface WitnessStore {
  /** What was stored last for an origin; `undefined` for nothing. */
  get(origin: string): Promise<Uint8Array | undefined>;
  /**
   * Replaces what is stored, if that is still `before`, as one step that no other call comes between.
   * @returns whether it did
   */
  replace(origin: string, before: Uint8Array | undefined, after: Uint8Array): Promise<boolean>;
}

/** What a witness is made of. */
export interface WitnessOptions {
  readonly logs: readonly KnownLog[];
  /** A `cosignature` key, which serves under one name only. */
  readonly signer: NoteSigner;
  readonly store: WitnessStore;
}

/** A witness. Frozen. */
export interface Witness {
  /**
   * Answers a request.
   * @param body what was posted
   * @param time now
   * @returns status and body of the answer; 409 goes with `Content-Type: text/x.tlog.size`. Fresh
   * @throws StateError `ERR_STORED_STATE` the store is damaged; what store and signer throw; ArgumentTypeError
   */
  addCheckpoint(body: Uint8Array, time: { readonly nowMs: number }): Promise<WitnessAnswer>;
  /** The newest checkpoint of a log that was cosigned, with the cosignature: for monitors. Fresh. */
  checkpoint(origin: string): Promise<Uint8Array | undefined>;
}

/** What a witness cosigned last of a log. */
interface Latest extends TreeHead {
  readonly timestampMs: number;
}

interface ResolvedLog {
  readonly origin: string;
  readonly keys: readonly VerifierKey[];
}

/**
 * Creates a witness.
 * @throws ArgumentTypeError, ArgumentRangeError two logs of one origin, or a signer that is no witness's
 * @throws DecodeError, UnsupportedError as `parseVerifierKey`
 * @example
 * const witness = createWitness({ logs: [{ origin, keys }], signer, store });
 * const { status, body } = await witness.addCheckpoint(posted, { nowMs: Date.now() });
 */
export function createWitness(options: WitnessOptions): Witness {
  assertObject(options, 'options');
  const { logs, signer, store } = options;
  assertVerifierKey(signer.key);
  if (signer.key.algorithm !== 'cosignature')
    throw new ArgumentRangeError('signer must have a cosignature key');
  const known = new Map<string, ResolvedLog>(
    logs.map(({ origin, keys }) => [origin, { origin, keys: resolveKeys(keys, 'keys') }]),
  );
  if (known.size !== logs.length) throw new ArgumentRangeError('logs must not have an origin twice');

  return Object.freeze<Witness>({
    checkpoint: (origin) => store.get(origin),
    async addCheckpoint(body, { nowMs }) {
      assertInteger(nowMs, 'nowMs', 0, Number.MAX_SAFE_INTEGER);
      const request = tryParse(body);
      if (request === undefined) return answer(400);
      const [origin = ''] = request.text.split('\n', 1);
      const log = known.get(origin);
      if (log === undefined) return answer(404);
      const opened = tryOpen(request.checkpoint, log);
      if (typeof opened === 'number') return answer(opened);

      const before = await store.get(origin);
      const latest = before === undefined ? undefined : openStored(before, signer.key);
      if (request.oldSize > opened.treeSize) return answer(400);
      if (request.oldSize !== (latest?.treeSize ?? 0)) return conflict(latest);
      if (!extendsLatest(opened, latest, request.proof)) return answer(422);

      // A clock that went back must not make a later statement look like an earlier one.
      const signedMs = Math.max(nowMs, latest?.timestampMs ?? 0);
      const lines = await cosignCheckpointAsync(opened, signer, { nowMs: signedMs });
      const cosigned = appendSignatures(withLinesOf(request.checkpoint, log.keys), lines);
      // Stored before it is told, and only if nobody was faster: two requests at once would roll the log back.
      if (await store.replace(origin, before, cosigned)) return answer(200, lines);
      const faster = await store.get(origin);
      return conflict(faster === undefined ? undefined : openStored(faster, signer.key));
    },
  });
}

function answer(status: number, body: Uint8Array = new Uint8Array(0)): WitnessAnswer {
  return Object.freeze({ status, body });
}

function conflict(latest: Latest | undefined): WitnessAnswer {
  return answer(409, encodeUtf8(`${latest?.treeSize ?? 0}\n`));
}

/** The request, and its checkpoint as text; `undefined` where it is malformed. */
function tryParse(body: Uint8Array): (AddCheckpoint & { readonly text: string }) | undefined {
  try {
    const request = parseAddCheckpoint(body);
    return { ...request, text: parseUtf8(request.checkpoint.subarray(0, NOTE_MAX_BYTES)) };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** The checkpoint if the log signed it, or the status to answer with. */
function tryOpen(checkpoint: Uint8Array, log: ResolvedLog): Checkpoint | number {
  try {
    return openCheckpoint(checkpoint, log);
  } catch (error) {
    if (error instanceof DecodeError) return 400;
    if (error instanceof VerificationError) return error.code === 'ERR_CHECKPOINT_EMPTY' ? 422 : 403;
    throw error;
  }
}

/** What this witness cosigned last. @throws StateError `ERR_STORED_STATE` */
function openStored(note: Uint8Array, own: VerifierKey): Latest {
  try {
    const { text, signedBy } = openNote(note, [own]);
    return { ...parseCheckpointText(text), timestampMs: signedBy[0]?.timestampMs ?? 0 };
  } catch {
    throw new StateError('ERR_STORED_STATE', 'the store has something else than was cosigned');
  }
}

/** The empty tree is extended by every tree; no proof is needed, and none may be there. */
function extendsLatest(next: Checkpoint, latest: Latest | undefined, proof: readonly Uint8Array[]): boolean {
  if (latest === undefined || latest.treeSize === 0) return proof.length === 0;
  try {
    return equalBytes(verifyConsistency(latest, next, proof).root, next.root);
  } catch (error) {
    if (error instanceof VerificationError) return false;
    throw error;
  }
}
