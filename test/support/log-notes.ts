/** What the tests of notes share: keys of every algorithm, made from seeds, and notes in pieces. */

import { parsePrivateKeyRaw, type PrivateKey } from 'contact-key-verification/keys.js';
import {
  deriveVerifierKey,
  type LocalNoteSigner,
  type NoteAlgorithmName,
  type VerifierKey,
} from 'contact-key-verification/log.js';
import { ed25519, p256 } from 'contact-key-verification/suites.js';

export const ORIGIN = 'example.com/log';
export const NOW_MS = 1_700_000_000_500;

/** A signer with its private key. */
export interface TestSigner extends LocalNoteSigner {
  readonly key: VerifierKey;
  readonly privateKey: PrivateKey;
}

/** The signer of this seed, always the same. */
export function signerOf(name: string, algorithm: NoteAlgorithmName, seed: number): TestSigner {
  const scheme = algorithm === 'ecdsa' || algorithm === 'tree-head' ? p256 : ed25519;
  const privateKey = parsePrivateKeyRaw(scheme, new Uint8Array(32).fill(seed));
  const key = deriveVerifierKey({ name, algorithm, publicKey: privateKey.publicKey });
  return { key, privateKey, sign: (message) => privateKey.sign(message) };
}

/** One signer of each algorithm, all under the log's name. */
export const everyAlgorithm: readonly TestSigner[] = [
  signerOf(ORIGIN, 'ed25519', 1),
  signerOf(ORIGIN, 'ecdsa', 2),
  signerOf(ORIGIN, 'cosignature', 3),
  signerOf(ORIGIN, 'tree-head', 4),
];

export const witnesses: readonly TestSigner[] = [1, 2, 3, 4].map((i) =>
  signerOf(`witness.example/${i}`, 'cosignature', 10 + i),
);

export const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** Bytes with one bit the other way round. */
export function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = Uint8Array.from(bytes);
  const at = Math.floor(bit / 8);
  flipped[at] = (flipped[at] as number) ^ (1 << (bit % 8));
  return flipped;
}
