/**
 * Asking a witness for its cosignature (C2SP tlog-witness, "add-checkpoint"): what is sent, and what comes back.
 *
 *     old 20852014                                        leaves of the checkpoint that the witness has, 0 for none
 *     PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=        consistency proof, at most 63 lines; none from size 0
 *                                                         an empty line
 *     example.com/heads                                   the checkpoint
 *     …
 *
 * Reading is stricter than the specification asks: base64 in its one spelling.
 */

import { assertInteger, assertObject } from '../../bytes/arguments.js';
import { assertBytes, concatBytes } from '../../bytes/compare.js';
import { encodeBase64, encodeUtf8, parseBase64, parseUtf8 } from '../../bytes/text.js';
import { ArgumentRangeError, ArgumentTypeError, DecodeError, VerificationError } from '../../errors.js';
import { assertSigned, resolveKeys, type VerifiedSignature, verifySignatures } from '../../log/open-note.js';
import {
  encodeSignatureLines,
  NOTE_MAX_BYTES,
  parseNote,
  parseSignatureLines,
} from '../../log/signed-note.js';
import { isSameSigner, type VerifierKey } from '../../log/verifier-key.js';

/** Lines of a consistency proof (tlog-witness: "The client MUST NOT send more than 63"). */
const PROOF_MAX = 63;
/** Bytes before the checkpoint: `old`, a size, 63 lines of 45 bytes and the empty line have 2,857. */
const OPENING_MAX_BYTES = 4096;
/** Bytes of a witness's answer; one cosignature line has some 150. */
const ANSWER_MAX_BYTES: number = 2 ** 16;
const HASH_BYTES = 32;
const STRUCTURE = 'AddCheckpoint';

/** A request for a cosignature. Nothing of it is verified. Frozen. */
export interface AddCheckpoint {
  /** Leaves of the checkpoint that the witness is taken to have; 0 for none. */
  readonly oldSize: number;
  /** That the checkpoint extends that one: hashes of 32 bytes, the lowest first, at most 63. */
  readonly proof: readonly Uint8Array[];
  /** A signed note. */
  readonly checkpoint: Uint8Array;
}

/** What a witness's server answered. */
export interface WitnessAnswer {
  /** Of HTTP. */
  readonly status: number;
  readonly body: Uint8Array;
}

/** What an answer means. Frozen. */
export type OpenedAnswer =
  /** `lines`, as `appendSignatures` takes them, are those of the keys that were given, and true. */
  | {
      readonly outcome: 'cosigned';
      readonly lines: Uint8Array;
      readonly cosignedBy: readonly VerifiedSignature[];
    }
  /** The witness has a checkpoint of another size than was said. Its word alone: nobody signed that. */
  | { readonly outcome: 'conflict'; readonly treeSize: number }
  /** Anything else: 404 it does not know the log, 403 or 422 it does not believe it, 429 or 500 ask later. */
  | { readonly outcome: 'refused'; readonly status: number };

/**
 * A request as bytes: the body of `POST <submission prefix>/add-checkpoint`.
 * @returns fresh
 * @throws ArgumentTypeError, ArgumentRangeError more than 63 hashes, one that is not 32 bytes, or a note over 2^20 bytes
 */
export function encodeAddCheckpoint(request: AddCheckpoint): Uint8Array {
  assertObject(request, 'request');
  const { oldSize, proof, checkpoint } = request;
  assertInteger(oldSize, 'oldSize', 0, Number.MAX_SAFE_INTEGER);
  if (!Array.isArray(proof)) throw new ArgumentTypeError('proof must be an array');
  if (proof.length > PROOF_MAX) throw new ArgumentRangeError(`proof must have at most ${PROOF_MAX} hashes`);
  const lines = (proof as readonly Uint8Array[]).map((hash) => {
    assertBytes(hash, 'a hash');
    if (hash.length !== HASH_BYTES) throw new ArgumentRangeError(`a hash must have ${HASH_BYTES} bytes`);
    return `${encodeBase64(hash)}\n`;
  });
  assertBytes(checkpoint, 'checkpoint');
  if (checkpoint.length > NOTE_MAX_BYTES)
    throw new ArgumentRangeError(`checkpoint must have at most ${NOTE_MAX_BYTES} bytes`);
  return concatBytes(encodeUtf8(`old ${oldSize}\n${lines.join('')}\n`), checkpoint);
}

/**
 * A request from bytes. **Verifies nothing**; the checkpoint is not looked at.
 * @param body at most 2^20 + 4,096 bytes
 * @returns frozen, its bytes fresh
 * @throws DecodeError `ERR_TOO_LARGE`; `ERR_NOTE_FORMAT` no size line, or no empty line where there must be one;
 *   `ERR_INTEGER` a size above 2^53 - 1; `ERR_LENGTH` more than 63 hashes, or one that is not 32 bytes; `ERR_UTF8`,
 *   `ERR_TEXT_ENCODING`; ArgumentTypeError
 */
export function parseAddCheckpoint(body: Uint8Array): AddCheckpoint {
  assertBytes(body, 'body');
  if (body.length > OPENING_MAX_BYTES + NOTE_MAX_BYTES) throw failure('ERR_TOO_LARGE', 'too many bytes');
  const end = emptyLineOf(body);
  const [first, ...lines] = parseUtf8(body.subarray(0, end)).split('\n');
  const [, size] = /^old (0|[1-9][0-9]{0,15})$/.exec(first as string) ?? [];
  if (size === undefined) throw failure('ERR_NOTE_FORMAT', 'no line with the old size');
  if (lines.length > PROOF_MAX) throw failure('ERR_LENGTH', `over ${PROOF_MAX} hashes`);
  const proof = lines.map((line) => {
    const hash = parseBase64(line);
    if (hash.length !== HASH_BYTES) throw failure('ERR_LENGTH', `a hash has ${HASH_BYTES} bytes`);
    return hash;
  });
  return Object.freeze({
    oldSize: safeInteger(size),
    proof: Object.freeze(proof),
    checkpoint: Uint8Array.from(body.subarray(end + 2)),
  });
}

/**
 * Opens a witness's answer: its cosignatures, if they are true, of the checkpoint that was sent.
 *
 * **Before**: nothing. Whoever answers can be anybody; only lines that a key of `keys` signed come back.
 *
 * @param checkpoint the note that was sent
 * @param keys the witness's cosignature keys, 1 or more, as text or parsed. Lines of other keys are ignored
 * @returns frozen and fresh
 * @throws DecodeError `ERR_TOO_LARGE` over 2^16 bytes; with status 200 what is wrong with the lines: `ERR_UTF8`,
 *   `ERR_NOTE_FORMAT`, `ERR_LENGTH`, `ERR_KEY_NAME`, `ERR_TEXT_ENCODING`; with 409 `ERR_CHECKPOINT_FORMAT`,
 *   `ERR_INTEGER` of the size. (Status 409 without a body, which some witnesses answer to a checkpoint that
 *   contradicts theirs, is `refused`.)
 * @throws VerificationError `ERR_SIGNATURE` a line of the witness that is false, or has no time; `ERR_NOTE_UNSIGNED` none
 *   of the witness
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function openWitnessAnswer(
  answer: WitnessAnswer,
  checkpoint: Uint8Array,
  keys: readonly (VerifierKey | string)[],
): OpenedAnswer {
  assertObject(answer, 'answer');
  const { status, body } = answer;
  assertInteger(status, 'status', 100, 999);
  assertBytes(body, 'body');
  const trusted = resolveKeys(keys, 'keys');
  const { text } = parseNote(checkpoint);
  if (body.length > ANSWER_MAX_BYTES) throw failure('ERR_TOO_LARGE', `over ${ANSWER_MAX_BYTES} bytes`);
  if (status === 409 && body.length > 0) {
    const [, size] = /^(0|[1-9][0-9]{0,15})\n$/.exec(parseUtf8(body)) ?? [];
    if (size === undefined) throw failure('ERR_CHECKPOINT_FORMAT', 'no size');
    return Object.freeze({ outcome: 'conflict', treeSize: safeInteger(size) });
  }
  if (status !== 200) return Object.freeze({ outcome: 'refused', status });
  const own = parseSignatureLines(parseUtf8(body)).filter((line) =>
    trusted.some((key) => isSameSigner(key, line)),
  );
  const cosignedBy = verifySignatures({ text, signatures: own }, trusted);
  assertSigned(cosignedBy);
  if (cosignedBy.some(({ timestampMs = 0 }) => timestampMs === 0)) {
    throw new VerificationError('ERR_SIGNATURE', 'a cosignature without its time');
  }
  return Object.freeze({ outcome: 'cosigned', lines: encodeSignatureLines(own), cosignedBy });
}

/** Where the first empty line begins: the offset of the newline before it. */
function emptyLineOf(body: Uint8Array): number {
  const limit = Math.min(body.length, OPENING_MAX_BYTES) - 1;
  for (let i = 0; i < limit; i++) if (body[i] === 0x0a && body[i + 1] === 0x0a) return i;
  throw failure('ERR_NOTE_FORMAT', 'no empty line before the checkpoint');
}

function safeInteger(digits: string): number {
  const value = Number(digits);
  if (!Number.isSafeInteger(value)) throw failure('ERR_INTEGER', 'a size above 2^53 - 1');
  return value;
}

function failure(code: ConstructorParameters<typeof DecodeError>[0], problem: string): DecodeError {
  return new DecodeError(code, STRUCTURE, 0, problem);
}
