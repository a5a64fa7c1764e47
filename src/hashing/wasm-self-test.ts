/**
 * Known answers for a new engine: a compiler or a processor that gets a vector instruction wrong must not
 * decide what a log's root is. The two samples are those of FIPS 180-4; the other answers were computed with
 * Python's hashlib, which shares no code with any engine here. It hashes some 350 messages, well under a
 * millisecond's work.
 */

import { concatBytes } from '../bytes/compare.js';
import { encodeHex, encodeUtf8 } from '../bytes/text.js';
import { HASH_BYTES, PAIR_BYTES } from './batch.js';
import type { TreeHasher } from './tree-hasher.js';

/** Samples of FIPS 180-4 for SHA-256, of one block and of two. */
const SAMPLES: readonly (readonly [message: string, digest: string])[] = [
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
];

/** Batch sizes from a lone message over every remainder beside groups of four. */
const BATCH_SIZES: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** Leaf lengths around every edge of the padding, for one block and two. */
const LEAF_LENGTHS: readonly number[] = [1, 32, 40, 54, 55, 56, 63, 64, 65, 118, 119, 120, 200];

/** SHA-256 over all digests of a case, one after the other, as Python computes it. */
const ANSWERS = {
  /** RFC 6962 nodes: every batch size. */
  pairs65: '7a63325c8cc1a7c8f973045193bcd45aee876a12bf4a5cece4e3cd230bc587a7',
  /** KEYTRANS parents of a leaf and a parent: every batch size. */
  pairs66: '05fd3caa9c9c76e9ad46349a4a94fa589043cafd83e33b36c6020c3b5a2c63f1',
  /** Three RFC 6962 subtrees of 32 leaves. */
  fold65: '4093ea069fa8bdf44c1e148109182551e846e412f26d3203237ae53f1a8e30c3',
  /** Three KEYTRANS subtrees of 32 leaves. */
  fold66: 'fe443635863d7dbee89feabea67ec170fb8718b89ba5c77f9024d3c0b87af7b8',
  /** Five leaves of every length, prefixed 0. */
  leavesPrefixed: 'a00e7db558134bae3e1417463acdb942d6ba782c9b59ba864573bbcf0cedf308',
  /** Five leaves of every length, without a prefix. */
  leavesPlain: '18b7d344a744fa7deee37f3071ef9fc2ce3a11b17eb2d6feb5273052d8a47a0e',
} as const;

/** Whether an engine gives every known answer. One that throws does not. */
export function passesSelfTest(engine: TreeHasher): boolean {
  try {
    return SAMPLES.every(([message, digest]) => hashesSample(engine, message, digest)) && answersAll(engine);
  } catch {
    return false;
  }
}

/** Five copies of a message, so that it passes through every lane and through the scalar kernel. */
function hashesSample(engine: TreeHasher, message: string, digest: string): boolean {
  const leaf = encodeUtf8(message);
  const digests = engine.hashLeaves(concatBytes(leaf, leaf, leaf, leaf, leaf), leaf.length);
  return encodeHex(digests) === digest.repeat(5);
}

function answersAll(engine: TreeHasher): boolean {
  const digestOf = (digests: readonly Uint8Array[]): string => {
    const all = concatBytes(...digests);
    return encodeHex(engine.hashLeaves(all, all.length));
  };
  const pairs = (left: number, right?: number): string => {
    const tags = right === undefined ? { left } : { left, right };
    return digestOf(BATCH_SIZES.map((size) => engine.hashPairs(pattern(size * PAIR_BYTES), tags)));
  };
  const leaves = (prefix?: number): string =>
    digestOf(LEAF_LENGTHS.map((length) => engine.hashLeaves(pattern(5 * length), length, prefix)));
  const subtrees = pattern(3 * 2 ** 5 * HASH_BYTES);

  return (
    pairs(1) === ANSWERS.pairs65 &&
    pairs(0, 1) === ANSWERS.pairs66 &&
    digestOf([engine.foldSubtrees(subtrees, 5, { left: 1 }, { left: 1 })]) === ANSWERS.fold65 &&
    digestOf([engine.foldSubtrees(subtrees, 5, { left: 0, right: 0 }, { left: 1, right: 1 })]) ===
      ANSWERS.fold66 &&
    leaves(0) === ANSWERS.leavesPrefixed &&
    leaves() === ANSWERS.leavesPlain
  );
}

/** Bytes 0, 1, … 250, 0, 1, …: 251 is prime, so neighbouring messages differ. */
function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i % 251);
}
