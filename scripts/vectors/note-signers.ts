/** Who signs the notes of the vectors, and how keys and signers are written in them. */
import { ECDSA_P256_SHA256, ED25519, type KeyPair, secretOf } from '../../test/reference/keys.js';
import { privateKeyFrom } from '../../test/reference/key-formats.js';
import {
  type NoteAlgorithm,
  type NoteKey,
  noteKey,
  readNoteKey,
  writeNoteKey,
} from '../../test/reference/note-keys.js';
import type { NoteSigner } from '../../test/reference/note-signatures.js';
import type { SignedBy } from '../../test/reference/notes.js';
import { ed25519, p256 } from './people.js';
import { bytes, type Fields, hex, type Json, list, text } from './vector-file.js';

export const ORIGIN = 'example.com/log';
export const NOW_MS = 1_800_000_000_789;
export const ALGORITHMS: readonly NoteAlgorithm[] = ['ed25519', 'ecdsa', 'cosignature', 'tree-head'];

const isP256 = (algorithm: NoteAlgorithm): boolean => algorithm === 'ecdsa' || algorithm === 'tree-head';

export function signerFrom(name: string, algorithm: NoteAlgorithm, pair: KeyPair): NoteSigner {
  return { key: noteKey(name, algorithm, pair.publicKey), pair };
}

/** The signer of this name and algorithm; `which` tells several of them apart. */
export function signer(name: string, algorithm: NoteAlgorithm, which = ''): NoteSigner {
  const secret = `note signer ${name} ${algorithm} ${which}`;
  return signerFrom(name, algorithm, isP256(algorithm) ? p256(secret) : ed25519(secret));
}

/** The log's keys, one of each algorithm. */
export const logs: Readonly<Record<NoteAlgorithm, NoteSigner>> = {
  ed25519: signer(ORIGIN, 'ed25519'),
  ecdsa: signer(ORIGIN, 'ecdsa'),
  cosignature: signer(ORIGIN, 'cosignature'),
  'tree-head': signer(ORIGIN, 'tree-head'),
};

const witness = (name: string): NoteSigner => signer(`witness.example/${name}`, 'cosignature');
export const [w1, w2, w3, w4] = ['one', 'two', 'three', 'four'].map(witness) as [
  NoteSigner,
  NoteSigner,
  NoteSigner,
  NoteSigner,
];

// ------------------------------------------------------------------------------------- as fields

export const vkey = ({ key }: NoteSigner): string => writeNoteKey(key);
export const vkeys = (...signers: readonly NoteSigner[]): string[] => signers.map(vkey);

export const keysOf = (value: Json | undefined): NoteKey[] =>
  list(value).map((key) => readNoteKey(text(key)));

export function algorithmOf(value: Json | undefined): NoteAlgorithm {
  const algorithm = ALGORITHMS.find((known) => known === value);
  if (algorithm === undefined) throw new Error(`no algorithm: ${JSON.stringify(value)}`);
  return algorithm;
}

/** A signer with its secret, for those who want to make the notes again. */
export const signerFields = ({ key, pair }: NoteSigner): Fields => ({
  name: key.name,
  algorithm: key.algorithm,
  secret: hex(secretOf(pair)),
});

export function signerOf(value: Json | undefined): NoteSigner {
  const fields = value as Fields;
  const algorithm = algorithmOf(fields['algorithm']);
  const scheme = isP256(algorithm) ? ECDSA_P256_SHA256 : ED25519;
  return signerFrom(text(fields['name']), algorithm, privateKeyFrom(scheme, bytes(fields['secret'])));
}

export const signedByFields = (signedBy: readonly SignedBy[]): Fields[] => signedBy.map((by) => ({ ...by }));
