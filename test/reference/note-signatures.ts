/**
 * What the four signature types of notes sign, and how a signature line carries it: C2SP signed-note (`ed25519`,
 * `ecdsa`), tlog-cosignature (`cosignature`), static-ct-api and RFC 6962, section 3.5 (`tree-head`).
 */
import { type CheckpointText, readCheckpointText } from './checkpoint-text.js';
import { readDer, writeDer } from './ecdsa-der.js';
import { concat, demand, opaque, Reader, Refusal, uint } from './encoding.js';
import { type KeyPair, signMessage, verifyMessage } from './keys.js';
import type { NoteKey } from './note-keys.js';

export type NoteSigner = { readonly key: NoteKey; readonly pair: KeyPair };

/** Milliseconds since 1970, or null where the type signs no time. */
export type Time = number | null;

/** Of another text than a checkpoint's, these two types make no statement. */
function checkpointIn(text: string): CheckpointText {
  try {
    return readCheckpointText(text);
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal('signature');
    throw error;
  }
}

/** The bytes under the signature. */
function messageOf({ algorithm, name }: NoteKey, text: string, time: number): Buffer {
  if (algorithm === 'ed25519' || algorithm === 'ecdsa') return Buffer.from(text);
  const { origin, treeSize, root, extensions } = checkpointIn(text);
  if (algorithm === 'cosignature') {
    // "two newline terminated lines … followed by the whole note body"
    return Buffer.from(`cosignature/v1\ntime ${Math.floor(time / 1000)}\n${text}`);
  }
  // TreeHeadSignature: v1, tree_hash, timestamp, tree_size, root. It signs neither origin nor extensions, so the
  // origin must be what the key is configured for, and extensions must not be.
  demand(origin === name && extensions.length === 0, 'signature');
  return concat(uint(1, 0), uint(1, 1), uint(8, time), uint(8, treeSize), root);
}

/** What stands after the key id in a signature line. `nowMs` counts where the type signs a time. */
export function noteSignature({ key, pair }: NoteSigner, text: string, nowMs: number): Buffer {
  const signature = signMessage(pair, messageOf(key, text, nowMs));
  switch (key.algorithm) {
    case 'ed25519':
      return signature;
    case 'ecdsa':
      return writeDer(signature);
    case 'cosignature':
      return concat(uint(8, Math.floor(nowMs / 1000)), signature); // timestamped_signature, in seconds
    case 'tree-head':
      // RFC6962NoteSignature: timestamp, then digitally-signed: sha256(4), ecdsa(3), opaque signature<0..2^16-1>
      return concat(uint(8, nowMs), uint(1, 4), uint(1, 3), opaque(0, 2 ** 16 - 1, writeDer(signature)));
  }
}

/** The parts of a signature: 64 bytes and the time. */
function readSignature(
  { algorithm }: NoteKey,
  bytes: Uint8Array,
): readonly [signature: Uint8Array, time: Time] {
  const reader = new Reader(bytes);
  switch (algorithm) {
    case 'ed25519':
      return [bytes, null];
    case 'ecdsa':
      return [readDer(bytes), null];
    case 'cosignature': {
      const time = reader.uint(8) * 1000;
      const signature = reader.fixed(64);
      reader.end();
      return [signature, time];
    }
    case 'tree-head': {
      const time = reader.uint(8);
      demand(reader.uint(1) === 4 && reader.uint(1) === 3, 'signature');
      const signature = readDer(reader.opaque(0, 2 ** 16 - 1));
      reader.end();
      return [signature, time];
    }
  }
}

/** When the signature was made, if it is the key's over the text. Whatever is wrong with it, it is false. */
export function verifyNoteSignature(key: NoteKey, text: string, bytes: Uint8Array): Time {
  try {
    const [signature, time] = readSignature(key, bytes);
    demand(time === null || Number.isSafeInteger(time), 'signature');
    demand(verifyMessage(key.publicKey, messageOf(key, text, time ?? 0), signature), 'signature');
    return time;
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal('signature');
    throw error;
  }
}
