/**
 * RFC 6962 section 2.1 by its own recursions over lists of leaf hashes, and the KEYTRANS log tree's root: the
 * slow truth that the log's tests compare with. Hashed by Node, so no engine of the library takes part.
 */

import { createHash } from 'node:crypto';

type Bytes = Uint8Array;

function sha256(...parts: readonly Bytes[]): Bytes {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

const byte = (value: number): Bytes => Uint8Array.of(value);

export function leafHash(data: Bytes): Bytes {
  return sha256(byte(0x00), data);
}

export function nodeHash(left: Bytes, right: Bytes): Bytes {
  return sha256(byte(0x01), left, right);
}

function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

export function MTH(leaves: readonly Bytes[]): Bytes {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0] as Bytes;
  const k = split(leaves.length);
  return nodeHash(MTH(leaves.slice(0, k)), MTH(leaves.slice(k)));
}

export function PATH(m: number, leaves: readonly Bytes[]): Bytes[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return m < k
    ? [...PATH(m, leaves.slice(0, k)), MTH(leaves.slice(k))]
    : [...PATH(m - k, leaves.slice(k)), MTH(leaves.slice(0, k))];
}

export function PROOF(m: number, leaves: readonly Bytes[]): Bytes[] {
  return SUBPROOF(m, leaves, true);
}

function SUBPROOF(m: number, leaves: readonly Bytes[], b: boolean): Bytes[] {
  if (m === leaves.length) return b ? [] : [MTH(leaves)];
  const k = split(leaves.length);
  return m <= k
    ? [...SUBPROOF(m, leaves.slice(0, k), b), MTH(leaves.slice(k))]
    : [...SUBPROOF(m - k, leaves.slice(k), false), MTH(leaves.slice(0, k))];
}

export function keytransParent(left: Bytes, leftIsLeaf: boolean, right: Bytes, rightIsLeaf: boolean): Bytes {
  return sha256(byte(leftIsLeaf ? 0 : 1), left, byte(rightIsLeaf ? 0 : 1), right);
}

export function keytransRoot(leaves: readonly Bytes[]): Bytes {
  if (leaves.length === 1) return leaves[0] as Bytes;
  const k = split(leaves.length);
  return keytransParent(
    keytransRoot(leaves.slice(0, k)),
    k === 1,
    keytransRoot(leaves.slice(k)),
    leaves.length - k === 1,
  );
}
