/**
 * The text of a checkpoint (C2SP tlog-checkpoint v1.0.0): a log's size and root under its name, one a line.
 *
 *     example.com/log                                    origin, not empty
 *     15                                                 leaves, decimal, no leading zero
 *     rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=       root, base64 of 32 bytes
 *     …                                                  extension lines, opaque, none of them empty
 */

import { assertInteger, assertObject } from '../bytes/arguments.js';
import { assertBytes } from '../bytes/compare.js';
import { encodeBase64, parseBase64 } from '../bytes/text.js';
import { ArgumentRangeError, ArgumentTypeError, DecodeError } from '../errors.js';
import type { TreeHead } from './head.js';
import { encodeNoteText } from './signed-note.js';
import { HASH_LENGTH } from './subtree.js';

const STRUCTURE = 'Checkpoint';

/** What a checkpoint's text says. Whoever has not verified its signature must not use it. */
export interface CheckpointText extends TreeHead {
  /** The log's name; not empty, without newline. */
  readonly origin: string;
  /** Leaves, 0 to 2^53 - 1. */
  readonly treeSize: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** Lines after the third, none of them empty. No auditor looks at them. */
  readonly extensions: readonly string[];
}

/**
 * Reads a checkpoint's text. **Verifies nothing**: use `openCheckpoint`.
 *
 * @param text of a note, with its last newline
 * @returns frozen, its arrays fresh
 * @throws DecodeError `ERR_CHECKPOINT_FORMAT` fewer than three lines, an empty one, or a size that is no plain
 *   decimal; `ERR_INTEGER` a size above 2^53 - 1; `ERR_TEXT_ENCODING` the root's base64; `ERR_LENGTH` a root
 *   that is not 32 bytes
 * @throws ArgumentTypeError
 */
export function parseCheckpointText(text: string): CheckpointText {
  if (typeof text !== 'string') throw new ArgumentTypeError('a checkpoint text must be a string');
  if (!text.endsWith('\n')) throw failure('ERR_CHECKPOINT_FORMAT', 'the last line has no newline');
  const [origin, size, root, ...extensions] = text.slice(0, -1).split('\n');
  if (origin === undefined || size === undefined || root === undefined) {
    throw failure('ERR_CHECKPOINT_FORMAT', 'fewer than three lines');
  }
  if (origin === '' || extensions.includes('')) throw failure('ERR_CHECKPOINT_FORMAT', 'an empty line');
  if (!/^(?:0|[1-9][0-9]*)$/.test(size))
    throw failure('ERR_CHECKPOINT_FORMAT', 'the size is no plain decimal');
  const treeSize = Number(size);
  if (treeSize > Number.MAX_SAFE_INTEGER) throw failure('ERR_INTEGER', 'a size above 2^53 - 1');
  const rootHash = parseBase64(root);
  if (rootHash.length !== HASH_LENGTH) throw failure('ERR_LENGTH', `a root has ${HASH_LENGTH} bytes`);
  return Object.freeze({ origin, treeSize, root: rootHash, extensions: Object.freeze(extensions) });
}

/** A checkpoint's text read, or `undefined` where the text is no checkpoint's. */
export function checkpointOf(text: string): CheckpointText | undefined {
  try {
    return parseCheckpointText(text);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/**
 * Writes a checkpoint's text: what {@link parseCheckpointText} reads.
 * @param checkpoint `extensions` may be left out
 * @returns ends with a newline
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function encodeCheckpointText(
  checkpoint: Omit<CheckpointText, 'extensions'> & { readonly extensions?: readonly string[] | undefined },
): string {
  assertObject(checkpoint, 'checkpoint');
  const { origin, treeSize, root, extensions = [] } = checkpoint;
  assertInteger(treeSize, 'treeSize', 0, Number.MAX_SAFE_INTEGER);
  assertBytes(root, 'root');
  if (root.length !== HASH_LENGTH) throw new ArgumentRangeError(`root must have ${HASH_LENGTH} bytes`);
  if (!Array.isArray(extensions)) throw new ArgumentTypeError('extensions must be an array');
  for (const line of [origin, ...(extensions as readonly string[])]) assertLine(line);
  const text = `${[origin, treeSize, encodeBase64(root), ...extensions].join('\n')}\n`;
  encodeNoteText(text);
  return text;
}

function assertLine(line: unknown): void {
  if (typeof line !== 'string') throw new ArgumentTypeError('origin and extensions must be strings');
  if (line === '' || line.includes('\n')) {
    throw new ArgumentRangeError('origin and extensions must be lines, and not empty');
  }
}

function failure(code: ConstructorParameters<typeof DecodeError>[0], problem: string): DecodeError {
  return new DecodeError(code, STRUCTURE, 0, problem);
}
