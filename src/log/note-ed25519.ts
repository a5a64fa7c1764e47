/**
 * Type 0x01: plain Ed25519 over the note's text (C2SP signed-note, "Ed25519 signatures").
 */

import { concatBytes } from '../bytes/compare.js';
import { encodeUtf8 } from '../bytes/text.js';
import { ed25519 } from '../crypto/ed25519.js';
import type { NoteAlgorithm } from './note-algorithm.js';

const TYPE = 0x01;

export const noteEd25519: NoteAlgorithm = {
  name: 'ed25519',
  type: TYPE,
  scheme: ed25519,
  isTimestamped: false,
  encodeKey: (key) => Uint8Array.from(key),
  parseKey: (material) => material,
  encodeKeyIdInput: (name, key) => concatBytes(encodeUtf8(`${name}\n`), Uint8Array.of(TYPE), key),
  encodeMessage: (text) => encodeUtf8(text),
  encodeSignature: (signature) => Uint8Array.from(signature),
  parseSignature: (bytes) => ({ signature: bytes }),
};
