/**
 * The keys of signed notes, by C2SP signed-note, tlog-cosignature and static-ct-api: a name, and a public key of one
 * of four signature types. Written `name+id+key`, the id in hex, the key in base64 after one byte for its type.
 */
import { createHash } from 'node:crypto';
import { concat, demand } from './encoding.js';
import { publicKeyFrom, readSpki, writeSpki } from './key-formats.js';
import { ECDSA_P256_SHA256, ED25519, type PublicKey } from './keys.js';
import { fromText } from './text.js';

export type NoteAlgorithm = 'ed25519' | 'ecdsa' | 'cosignature' | 'tree-head';
export type NoteKey = {
  readonly name: string;
  /** Eight hex digits. */
  readonly id: string;
  readonly algorithm: NoteAlgorithm;
  readonly publicKey: PublicKey;
};

/** The "signature type identifier byte" of each. */
export const TYPES: Readonly<Record<NoteAlgorithm, number>> = {
  ed25519: 0x01,
  ecdsa: 0x02,
  cosignature: 0x04,
  'tree-head': 0x05,
};

const usesP256 = (algorithm: NoteAlgorithm): boolean => algorithm === 'ecdsa' || algorithm === 'tree-head';

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** The characters with the property White_Space, Unicode 15. */
const SPACES: ReadonlySet<number> = new Set([
  ...[0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x85, 0xa0, 0x1680],
  ...[0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a],
  ...[0x2028, 0x2029, 0x202f, 0x205f, 0x3000],
]);

/** "Key names MUST be non-empty and MUST NOT contain any Unicode spaces or plus". */
export function isKeyName(name: string): boolean {
  const isSpace = (character: string): boolean => SPACES.has(character.codePointAt(0) as number);
  return name !== '' && !name.includes('+') && !Array.from(name).some(isSpace);
}

/** The public key as bytes: 32 of Ed25519, or the SPKI of a P-256 key. */
function material(algorithm: NoteAlgorithm, publicKey: PublicKey): Uint8Array {
  return usesP256(algorithm) ? writeSpki(publicKey) : publicKey.key;
}

/** The first four bytes of SHA-256 over what each type says. */
export function keyIdOf(name: string, algorithm: NoteAlgorithm, publicKey: PublicKey): string {
  const key = material(algorithm, publicKey);
  const named = (last: Uint8Array): Buffer =>
    concat(Buffer.from(`${name}\n`), Buffer.of(TYPES[algorithm]), last);
  const input = {
    ed25519: () => named(key),
    ecdsa: () => key, // "the truncated SHA-256 hash of the DER encoded public key in SPKI format"
    cosignature: () => named(key),
    'tree-head': () => named(sha256(key)), // the LogID of RFC 6962, section 3.2
  }[algorithm]();
  return sha256(input).toString('hex', 0, 4);
}

export function noteKey(name: string, algorithm: NoteAlgorithm, publicKey: PublicKey): NoteKey {
  const scheme = usesP256(algorithm) ? ECDSA_P256_SHA256 : ED25519;
  if (publicKey.scheme !== scheme) throw new Error('a key of another scheme');
  return { name, id: keyIdOf(name, algorithm, publicKey), algorithm, publicKey };
}

export function writeNoteKey({ name, id, algorithm, publicKey }: NoteKey): string {
  const typed = concat(Buffer.of(TYPES[algorithm]), material(algorithm, publicKey));
  return `${name}+${id}+${typed.toString('base64')}`;
}

/** "+" is no character of a name, and one of base64: the first two of them part the text. */
export function readNoteKey(text: string): NoteKey {
  const [name = '', id = '', ...rest] = text.split('+');
  demand(/^[0-9a-f]{8}$/.test(id) && rest.join('+') !== '', 'format-invalid');
  demand(isKeyName(name), 'key-name');
  const typed = fromText('base64', rest.join('+'));
  const algorithm = (Object.keys(TYPES) as NoteAlgorithm[]).find((one) => TYPES[one] === typed[0]);
  if (algorithm === undefined) return demand(false, 'unknown-scheme') as never;
  const bytes = typed.subarray(1);
  const publicKey = usesP256(algorithm) ? readSpki(bytes) : publicKeyFrom(ED25519, bytes);
  demand(!usesP256(algorithm) || publicKey.scheme === ECDSA_P256_SHA256, 'format-invalid');
  const key = noteKey(name, algorithm, publicKey);
  demand(key.id === id, 'key-id');
  return key;
}
