/**
 * What is common to the structures of draft-ietf-keytrans-protocol (editor's copy at 526cc8a) as they are transcribed
 * here: field by field, in the order of the document. Field names are the draft's in camel case; times end in `Ms`. The
 * least sizes of elements are worked out by hand.
 */

import type { WireReader, WireWriter } from './keytrans-bytes.js';

/** What the bytes do not say by themselves. */
export interface Context {
  readonly ciphersuite: number;
  readonly mode: string;
  /** Whether the SearchRequest that is answered named a version. */
  readonly namesVersion: boolean;
}

/** How a structure is read and written. */
export interface Structure<T> {
  /** Bytes that are read at most. */
  readonly limit: number;
  read(r: WireReader, c: Context): T;
  write(w: WireWriter, value: T, c: Context): void;
}

/** Limits of the library, not of the draft. */
export const [SMALL, LARGE, LARGEST_VALUE] = [4096, 16_777_216, 1_048_576];

export function structure<T>(
  limit: number,
  read: (r: WireReader, c: Context) => T,
  write: (w: WireWriter, value: T, c: Context) => void,
): Structure<T> {
  return { limit, read, write };
}

export const isManaged = (c: Context): boolean => c.mode === 'thirdPartyManagement';
export const isAudited = (c: Context): boolean => c.mode === 'thirdPartyAuditing';
/** `VRF.Np` */
export const Np = (c: Context): number => (c.ciphersuite === 1 ? 81 : 80);
/** `Hash.Nh`, `VRF.Nh`, `Nc` */
export const [Nh, Nc] = [32, 16];

export function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a field that the context demands is missing');
  return value;
}

export const readHash = (r: WireReader) => (): Uint8Array => r.fixed(Nh);
export const writeHash = (w: WireWriter) => (hash: Uint8Array) => w.fixed(Nh, hash);
export const readUint64 = (r: WireReader) => (): number => r.uint(8);
export const writeUint64 = (w: WireWriter) => (value: number) => w.uint64(value);
export const readVersion = (r: WireReader) => (): number => r.uint(4);
export const writeVersion = (w: WireWriter) => (value: number) => w.uint(4, value);
