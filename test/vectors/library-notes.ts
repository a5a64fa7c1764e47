/** Signed notes and checkpoints through `log.js`; what is made is made again, byte for byte. */
import { parsePrivateKeyRaw } from 'contact-key-verification/keys.js';
import {
  appendSignatures,
  type CheckpointText,
  cosignCheckpoint,
  deriveVerifierKey,
  encodeCheckpointText,
  encodeNote,
  encodeVerifierKey,
  type LocalNoteSigner,
  type NoteAlgorithmName,
  openCheckpoint,
  openNote,
  parseCheckpointText,
  parseNote,
  parseVerifierKey,
  signNote,
  type VerifiedSignature,
  type WitnessPolicy,
} from 'contact-key-verification/log.js';
import { ed25519, encodePublicKey, p256, parsePublicKey } from 'contact-key-verification/suites.js';
import { expect } from 'vitest';
import { bytes, type Fields, hex, number, text, textList } from './files.js';

const utf8 = (value: unknown): Uint8Array => Uint8Array.from(Buffer.from(text(value)));
const fromUtf8 = (value: Uint8Array): string => Buffer.from(value).toString();

function algorithmOf(value: unknown): NoteAlgorithmName {
  if (value === 'ed25519' || value === 'ecdsa' || value === 'cosignature' || value === 'tree-head')
    return value;
  throw new Error(`no algorithm: ${String(value)}`);
}

function signerOf(value: unknown): LocalNoteSigner {
  const fields = value as Fields;
  const algorithm = algorithmOf(fields['algorithm']);
  const scheme = algorithm === 'ecdsa' || algorithm === 'tree-head' ? p256 : ed25519;
  const privateKey = parsePrivateKeyRaw(scheme, bytes(fields['secret']));
  const key = deriveVerifierKey({ name: text(fields['name']), algorithm, publicKey: privateKey.publicKey });
  return { key, sign: (message) => privateKey.sign(message) };
}

function witnessesOf(value: unknown): WitnessPolicy {
  const { threshold, keys, groups } = value as Fields;
  return {
    threshold: number(threshold),
    keys: textList(keys),
    groups: (groups as readonly unknown[]).map(witnessesOf),
  };
}

const signedBy = (signatures: readonly VerifiedSignature[]): Fields[] =>
  signatures.map((by) => ({ ...by, timestampMs: by.timestampMs ?? null }));

const head = ({ origin, treeSize, root, extensions }: CheckpointText): Fields => ({
  origin,
  treeSize,
  root: hex(root),
  extensions,
});

function checkpoint(input: Fields): Fields {
  const { witnesses, freshness } = input;
  const opened = openCheckpoint(utf8(input['note']), {
    origin: text(input['origin']),
    keys: textList(input['keys']),
    witnesses: witnesses === null ? undefined : witnessesOf(witnesses),
    freshness:
      freshness === null ? undefined : (freshness as { nowMs: number; maxAgeMs: number; maxAheadMs: number }),
  });
  return { ...head(opened), signedBy: signedBy(opened.signedBy), cosignedBy: signedBy(opened.cosignedBy) };
}

function cosignature(input: Fields): Fields {
  const note = utf8(input['note']);
  const opened = openCheckpoint(note, { origin: text(input['origin']), keys: textList(input['keys']) });
  const line = cosignCheckpoint(opened, signerOf(input['witness']), { nowMs: number(input['nowMs']) });
  return { line: fromUtf8(line), note: fromUtf8(appendSignatures(note, line)) };
}

/** By structure: what the library makes of an input. */
export const NOTE_JUDGES: Readonly<Record<string, (input: Fields) => Fields>> = {
  VerifierKey: (input) => {
    const key = parseVerifierKey(text(input['text']));
    expect(encodeVerifierKey(key)).toBe(input['text']);
    const { name, id, algorithm, publicKey } = key;
    return { name, id, algorithm, publicKey: hex(encodePublicKey(publicKey)) };
  },
  VerifierKeyOf: (input) => {
    const publicKey = parsePublicKey(bytes(input['publicKey']));
    const algorithm = algorithmOf(input['algorithm']);
    return {
      text: encodeVerifierKey(deriveVerifierKey({ name: text(input['name']), algorithm, publicKey })),
    };
  },
  SignedNote: (input) => {
    const note = parseNote(bytes(input['bytes']));
    expect(hex(encodeNote(note))).toBe(input['bytes']);
    const signatures = note.signatures.map((line) => ({ ...line, signature: hex(line.signature) }));
    return { text: note.text, signatures };
  },
  OpenedNote: (input) => {
    const opened = openNote(utf8(input['note']), textList(input['keys']));
    return { text: opened.text, signedBy: signedBy(opened.signedBy) };
  },
  NoteOf: (input) => {
    const signers = (input['signers'] as readonly unknown[]).map(signerOf);
    return { note: fromUtf8(signNote(text(input['text']), signers, { nowMs: number(input['nowMs']) })) };
  },
  CheckpointText: (input) => {
    const parsed = parseCheckpointText(text(input['text']));
    expect(encodeCheckpointText(parsed)).toBe(input['text']);
    return head(parsed);
  },
  Checkpoint: checkpoint,
  Cosignature: cosignature,
};
