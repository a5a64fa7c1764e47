/**
 * What a signature type of signed notes consists of (C2SP signed-note, "Signature types"). There are four here,
 * one constant per file: `note-ed25519.ts`, `note-ecdsa.ts`, `note-cosignature.ts`, `note-tree-head.ts`.
 * A program accepts only the types of the keys that it trusts.
 */

import type { SignatureScheme } from '../crypto/signature-scheme.js';

/** The names of the four. */
export type NoteAlgorithmName = 'ed25519' | 'ecdsa' | 'cosignature' | 'tree-head';

/** A signature as its line carries it, taken apart. */
export interface OpenedSignature {
  /** 64 bytes, as the scheme verifies them. */
  readonly signature: Uint8Array;
  /** Milliseconds since 1970, where the type carries a time. */
  readonly timestampMs?: number;
}

/** One signature type. */
export interface NoteAlgorithm {
  readonly name: NoteAlgorithmName;
  /** The byte that names the type in verifier keys. */
  readonly type: number;
  /** What signs underneath. */
  readonly scheme: SignatureScheme;
  /** Whether a signature says when it was made. */
  readonly isTimestamped: boolean;
  /** The public key as a verifier key carries it, fresh. */
  encodeKey(key: Uint8Array): Uint8Array;
  /** The scheme's public key out of a verifier key, unchecked; or `undefined` where the bytes hold none. */
  parseKey(material: Uint8Array): Uint8Array | undefined;
  /** What is hashed for the key id. */
  encodeKeyIdInput(name: string, key: Uint8Array): Uint8Array;
  /**
   * What the scheme signs; or `undefined` where this type cannot sign such a text.
   * @param timestampMs ignored where the type is not timestamped
   * @param name the key's
   */
  encodeMessage(text: string, timestampMs: number, name: string): Uint8Array | undefined;
  /** A signature as its line carries it, fresh. */
  encodeSignature(signature: Uint8Array, timestampMs: number): Uint8Array;
  /** The reverse; or `undefined` where the bytes are no signature of this type. */
  parseSignature(bytes: Uint8Array): OpenedSignature | undefined;
}
