/**
 * Type 0x04: timestamped Ed25519 cosignatures of checkpoints (C2SP tlog-cosignature, "cosignature/v1"). A
 * witness states: at this time, this was the largest head of this log that I saw, and it extends all before.
 *
 *     struct { uint64 timestamp; opaque signature[64]; } timestamped_signature;     timestamp in seconds
 *
 *     cosignature/v1
 *     time 1679315147
 *     example.com/log              … the checkpoint's text
 *
 * The cosigner's name is not signed, so one key must not serve under two names.
 */

import { concatBytes } from '../bytes/compare.js';
import { Reader } from '../bytes/reader.js';
import { encodeUtf8 } from '../bytes/text.js';
import { Writer } from '../bytes/writer.js';
import { ed25519 } from '../crypto/ed25519.js';
import { SIGNATURE_LENGTH } from '../crypto/signature-scheme.js';
import { checkpointOf } from './checkpoint-text.js';
import type { NoteAlgorithm } from './note-algorithm.js';

const TYPE = 0x04;
const TIMESTAMP_LENGTH = 8;
const MS_PER_SECOND = 1000;

const secondsOf = (timestampMs: number): number => Math.floor(timestampMs / MS_PER_SECOND);

export const noteCosignature: NoteAlgorithm = {
  name: 'cosignature',
  type: TYPE,
  scheme: ed25519,
  isTimestamped: true,
  encodeKey: (key) => Uint8Array.from(key),
  parseKey: (material) => material,
  encodeKeyIdInput: (name, key) => concatBytes(encodeUtf8(`${name}\n`), Uint8Array.of(TYPE), key),
  encodeMessage(text, timestampMs) {
    if (checkpointOf(text) === undefined) return undefined;
    return encodeUtf8(`cosignature/v1\ntime ${secondsOf(timestampMs)}\n${text}`);
  },
  encodeSignature(signature, timestampMs) {
    const writer = new Writer();
    writer.uint(TIMESTAMP_LENGTH, secondsOf(timestampMs));
    writer.bytes(signature);
    return writer.finish();
  },
  parseSignature(bytes) {
    if (bytes.length !== TIMESTAMP_LENGTH + SIGNATURE_LENGTH) return undefined;
    const reader = new Reader(bytes, 'timestamped_signature');
    // In two halves, because `uint` throws above 2^53 - 1 and here a wrong time is a wrong signature.
    const seconds = reader.uint(4) * 2 ** 32 + reader.uint(4);
    const timestampMs = seconds * MS_PER_SECOND;
    if (!Number.isSafeInteger(timestampMs)) return undefined;
    return { signature: reader.bytes(SIGNATURE_LENGTH), timestampMs };
  },
};
