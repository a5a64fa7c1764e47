/**
 * Left-balanced trees as RFC 6962 section 2.1 defines them, by its own recursions, and the two verifications of
 * RFC 9162 section 2.1 step by step; beside them the root of a KEYTRANS log tree.
 * Sizes and indices are plain numbers. Hashing is injected, so that each form can be compared by eye.
 */
import { createHash } from 'node:crypto';
import { concat, equal } from './encoding.js';

type Bytes = Uint8Array;

function sha256(bytes: Bytes): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** The RFCs speak of hashes only: what is not 32 bytes long is none, so an empty one proves nothing. */
function isHash(bytes: Bytes): boolean {
  return bytes.length === 32;
}

// ------------------------------------------------------------------------- RFC 6962, section 2.1: Merkle Tree Hash

/** MTH({d0}) = SHA-256(0x00 || d0) */
export function leafHash(data: Bytes): Buffer {
  return sha256(concat(Buffer.from([0x00]), data));
}

/** SHA-256(0x01 || left || right) */
export function nodeHash(left: Bytes, right: Bytes): Buffer {
  return sha256(concat(Buffer.from([0x01]), left, right));
}

/** k: the largest power of two smaller than n (so k < n <= 2k). */
export function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** MTH over leaf hashes: the empty tree is the hash of nothing; one leaf is its own hash; else both halves. */
export function MTH(leaves: readonly Bytes[], node: (left: Bytes, right: Bytes) => Bytes = nodeHash): Bytes {
  const n = leaves.length;
  if (n === 0) return sha256(Buffer.alloc(0));
  if (n === 1) return leaves[0] as Bytes;
  const k = split(n);
  return node(MTH(leaves.slice(0, k), node), MTH(leaves.slice(k), node));
}

// ------------------------------------------------------------------------- RFC 6962, section 2.1.1: audit paths

/** PATH(m, D[n]), 0 <= m < n, over leaf hashes. */
export function PATH(m: number, leaves: readonly Bytes[]): Bytes[] {
  const n = leaves.length;
  if (m < 0 || m >= n) throw new RangeError('PATH needs 0 <= m < n');
  if (n === 1) return []; // PATH(0, {d(0)}) = {}
  const k = split(n);
  return m < k
    ? [...PATH(m, leaves.slice(0, k)), MTH(leaves.slice(k))] // PATH(m, D[0:k]) : MTH(D[k:n])
    : [...PATH(m - k, leaves.slice(k)), MTH(leaves.slice(0, k))]; // PATH(m - k, D[k:n]) : MTH(D[0:k])
}

// ------------------------------------------------------------------------- RFC 6962, section 2.1.2: consistency

/** PROOF(m, D[n]) = SUBPROOF(m, D[n], true), 0 < m <= n; empty for m = n. */
export function PROOF(m: number, leaves: readonly Bytes[]): Bytes[] {
  if (m <= 0 || m > leaves.length) throw new RangeError('PROOF needs 0 < m <= n');
  return SUBPROOF(m, leaves, true);
}

function SUBPROOF(m: number, leaves: readonly Bytes[], b: boolean): Bytes[] {
  const n = leaves.length;
  if (m === n) return b ? [] : [MTH(leaves)]; // b: the verifier has this subtree's root already
  const k = split(n);
  return m <= k
    ? [...SUBPROOF(m, leaves.slice(0, k), b), MTH(leaves.slice(k))]
    : [...SUBPROOF(m - k, leaves.slice(k), false), MTH(leaves.slice(0, k))];
}

// ------------------------------------------------------------------------- how long such proofs are

/** The number of hashes in PATH(m, D[n]). */
export function pathLength(m: number, n: number): number {
  if (n === 1) return 0;
  const k = split(n);
  return 1 + (m < k ? pathLength(m, k) : pathLength(m - k, n - k));
}

/** The number of hashes in PROOF(m, D[n]). */
export function proofLength(m: number, n: number, b = true): number {
  if (m === n) return b ? 0 : 1;
  const k = split(n);
  return 1 + (m <= k ? proofLength(m, k, b) : proofLength(m - k, n - k, false));
}

// ------------------------------------------------------------------------- RFC 9162, section 2.1.3.2

/** Does `path` lead from the leaf hash at `leafIndex` to the root of a tree of `treeSize`? BigInt: the RFC shifts. */
export function inclusionHolds(
  leafIndex: number,
  treeSize: number,
  hash: Bytes,
  path: readonly Bytes[],
  rootHash: Bytes,
): boolean {
  if (![hash, ...path, rootHash].every(isHash)) return false;
  if (leafIndex >= treeSize) return false; // step 1
  let fn = BigInt(leafIndex); // step 2
  let sn = BigInt(treeSize) - 1n;
  let r = hash; // step 3
  for (const p of path) {
    // step 4
    if (sn === 0n) return false; // 4a
    if (isOdd(fn) || fn === sn) {
      r = nodeHash(p, r); // 4b
      while (!isOdd(fn) && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      r = nodeHash(r, p);
    }
    fn >>= 1n; // 4c
    sn >>= 1n;
  }
  return sn === 0n && equal(r, rootHash); // step 5
}

function isOdd(n: bigint): boolean {
  return n % 2n === 1n;
}

// ------------------------------------------------------------------------- RFC 9162, section 2.1.4.2

/**
 * Is the tree of size `first` a beginning of the one of size `second`? The RFC asks for 0 < first < second.
 * For equal sizes RFC 6962's SUBPROOF is empty, so exactly equal roots and no path count.
 */
export function consistencyHolds(
  first: number,
  second: number,
  firstHash: Bytes,
  secondHash: Bytes,
  path: readonly Bytes[],
): boolean {
  if (![firstHash, secondHash, ...path].every(isHash)) return false;
  if (first <= 0 || first > second) return false;
  if (first === second) return path.length === 0 && equal(firstHash, secondHash);
  if (path.length === 0) return false; // step 1
  const [start, ...rest] = isPowerOfTwo(first) ? [firstHash, ...path] : path; // step 2
  let fn = BigInt(first) - 1n; // step 3
  let sn = BigInt(second) - 1n;
  while (isOdd(fn)) {
    fn >>= 1n; // step 4
    sn >>= 1n;
  }
  let fr = start as Bytes; // step 5
  let sr = start as Bytes;
  for (const c of rest) {
    // step 6
    if (sn === 0n) return false; // 6a
    if (isOdd(fn) || fn === sn) {
      fr = nodeHash(c, fr); // 6b
      sr = nodeHash(c, sr);
      while (!isOdd(fn) && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      sr = nodeHash(sr, c);
    }
    fn >>= 1n; // 6c
    sn >>= 1n;
  }
  return equal(fr, firstHash) && equal(sr, secondHash) && sn === 0n; // step 7
}

function isPowerOfTwo(n: number): boolean {
  let power = 1;
  while (power < n) power *= 2;
  return power === n;
}

// ------------------------------------------------------------------------- the KEYTRANS log tree

/** H(tag(L) || L || tag(R) || R), tag 0x00 for a leaf child and 0x01 for a parent child. */
export function keytransParent(left: Bytes, leftIsLeaf: boolean, right: Bytes, rightIsLeaf: boolean): Buffer {
  const tag = (isLeaf: boolean): Buffer => Buffer.from([isLeaf ? 0x00 : 0x01]);
  return sha256(concat(tag(leftIsLeaf), left, tag(rightIsLeaf), right));
}

/** The root of a KEYTRANS log tree over leaf hashes: the same shape, each child tagged by what it is. */
export function keytransRoot(
  leaves: readonly Bytes[],
  parent: typeof keytransParent = keytransParent,
): Bytes {
  const n = leaves.length;
  if (n === 0) throw new RangeError('a KEYTRANS log tree without leaves has no root');
  if (n === 1) return leaves[0] as Bytes;
  const k = split(n);
  const left = keytransRoot(leaves.slice(0, k), parent);
  const right = keytransRoot(leaves.slice(k), parent);
  return parent(left, k === 1, right, n - k === 1);
}
