/**
 * Type 0x02: ECDSA on P-256 with SHA-256 over the note's text, DER on both sides, as Sigstore's Rekor signs
 * (C2SP signed-note, "Signature types"). The specification also knows P-384 and P-521, which nobody is seen to
 * use; they are left out.
 *
 * An oddity of this type: the key id hashes the SPKI alone, not the name, so one key has one id under all its
 * names. Name and id together still tell keys apart.
 */

import { encodeUtf8 } from '../bytes/text.js';
import { encodeEcdsaDer, parseEcdsaDer } from '../crypto/ecdsa-der.js';
import { p256 } from '../crypto/p256.js';
import { encodeSpki, parseSpki } from '../crypto/spki.js';
import type { NoteAlgorithm } from './note-algorithm.js';

export const noteEcdsa: NoteAlgorithm = {
  name: 'ecdsa',
  type: 0x02,
  scheme: p256,
  isTimestamped: false,
  encodeKey: (key) => encodeSpki(p256, key),
  parseKey: (material) => parseSpki(p256, material),
  encodeKeyIdInput: (_, key) => encodeSpki(p256, key),
  encodeMessage: (text) => encodeUtf8(text),
  encodeSignature: encodeEcdsaDer,
  parseSignature(bytes) {
    const signature = parseEcdsaDer(bytes);
    return signature === undefined ? undefined : { signature };
  },
};
