/**
 * Type 0x05: the tree heads of Certificate Transparency as note signatures (C2SP static-ct-api, "Checkpoints";
 * RFC 6962 section 3.5), with ECDSA on P-256. RSA logs are left out.
 *
 *     struct { uint64 timestamp; TreeHeadSignature signature; } RFC6962NoteSignature;      milliseconds
 *
 * What is signed is version, type, time, size and root, but **not the log's name**. So the origin line must be the
 * name of the key, which is bound to the key by whoever configured both, and there must be no extension lines.
 */

import { Reader } from '../bytes/reader.js';
import { concatBytes } from '../bytes/compare.js';
import { encodeUtf8 } from '../bytes/text.js';
import { Writer } from '../bytes/writer.js';
import { encodeEcdsaDer, parseEcdsaDer } from '../crypto/ecdsa-der.js';
import { sha256 } from '../crypto/hash.js';
import { p256 } from '../crypto/p256.js';
import { encodeSpki, parseSpki } from '../crypto/spki.js';
import { checkpointOf } from './checkpoint-text.js';
import type { NoteAlgorithm } from './note-algorithm.js';

const TYPE = 0x05;
const TIMESTAMP_LENGTH = 8;
/** RFC 6962: Version v1, SignatureType tree_hash. */
const V1 = 0;
const TREE_HASH = 1;
/** RFC 5246 section 7.4.1.4.1: HashAlgorithm sha256, SignatureAlgorithm ecdsa; then the signature's length. */
const SHA256_ECDSA = [4, 3] as const;
const SIGNATURE_START = TIMESTAMP_LENGTH + 4;

export const noteTreeHead: NoteAlgorithm = {
  name: 'tree-head',
  type: TYPE,
  scheme: p256,
  isTimestamped: true,
  encodeKey: (key) => encodeSpki(p256, key),
  parseKey: (material) => parseSpki(p256, material),
  // The key's part of the id is the LogID of RFC 6962 section 3.2.
  encodeKeyIdInput: (name, key) =>
    concatBytes(encodeUtf8(`${name}\n`), Uint8Array.of(TYPE), sha256(encodeSpki(p256, key))),

  encodeMessage(text, timestampMs, name) {
    const checkpoint = checkpointOf(text);
    if (checkpoint === undefined || checkpoint.extensions.length > 0) return undefined;
    if (checkpoint.origin !== name) return undefined;
    const writer = new Writer();
    writer.uint(1, V1);
    writer.uint(1, TREE_HASH);
    writer.uint(TIMESTAMP_LENGTH, timestampMs);
    writer.uint(8, checkpoint.treeSize);
    writer.bytes(checkpoint.root);
    return writer.finish();
  },

  encodeSignature(signature, timestampMs) {
    const der = encodeEcdsaDer(signature);
    const writer = new Writer();
    writer.uint(TIMESTAMP_LENGTH, timestampMs);
    for (const byte of SHA256_ECDSA) writer.uint(1, byte);
    writer.uint(2, der.length);
    writer.bytes(der);
    return writer.finish();
  },

  parseSignature(bytes) {
    if (bytes.length < SIGNATURE_START) return undefined;
    const reader = new Reader(bytes, 'RFC6962NoteSignature');
    // In two halves, because `uint` throws above 2^53 - 1 and here a wrong time is a wrong signature.
    const timestampMs = reader.uint(4) * 2 ** 32 + reader.uint(4);
    if (!Number.isSafeInteger(timestampMs)) return undefined;
    for (const byte of SHA256_ECDSA) if (reader.uint(1) !== byte) return undefined;
    if (reader.uint(2) !== bytes.length - SIGNATURE_START) return undefined;
    const signature = parseEcdsaDer(bytes.subarray(SIGNATURE_START));
    return signature === undefined ? undefined : { signature, timestampMs };
  },
};
