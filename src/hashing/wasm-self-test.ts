/**
 * Known answers for a new engine: a compiler or a processor that gets a vector instruction wrong must not
 * decide what a log's root is. The two samples are those of FIPS 180-4; the other answers were computed with
 * Python's hashlib, which shares no code with any engine here. It hashes some 900 messages, well under a
 * millisecond's work.
 */

import { concatBytes } from '../bytes/compare.js';
import { encodeHex, encodeUtf8 } from '../bytes/text.js';
import { HASH_BYTES, PAIR_BYTES } from './batch.js';
import type { ProofBatch, TreeHasher } from './tree-hasher.js';

/** Samples of FIPS 180-4 for SHA-256, of one block and of two. */
const SAMPLES: readonly (readonly [message: string, digest: string])[] = [
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
];

/** Batch sizes: every kernel, with each of its lanes at work or to spare. */
const BATCH_SIZES: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** Batch sizes that leave no lane to spare. */
const FULL_SIZES: readonly number[] = [1, 4, 9];

/** Leaf lengths around every edge of the padding, for one block and two. */
const LEAF_LENGTHS: readonly number[] = [1, 32, 40, 54, 55, 56, 63, 64, 65, 118, 119, 120, 200];

/** Siblings of proofs: more proofs than lanes, and lanes that fall free one after the other. */
const PROOF_LENGTHS: readonly number[] = [3, 0, 5, 1, 4, 2, 6, 3, 5, 1, 0, 7];

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
  /** Leaves of every length, prefixed 0. */
  leavesPrefixed: '7436202fe96896f581cd79304e3e5e1968cafb30cf2b76ce73e929ebc1bd096b',
  /** Leaves of every length, without a prefix. */
  leavesPlain: 'ea51d584055348f55000f588b528a6c0e1dcdb90b01300221a7947f4e7462884',
  /** Proofs of every length, their siblings on the right and on the left by turns, RFC 6962. */
  proofs65: '826342f567044cb0285a7a9ecb3b7b866117ed63a4e3f236780cb1dacf93f687',
  /** The same, KEYTRANS: three kinds of tags by turns. */
  proofs66: '43fc0dfcdf1d7a20c37ab558cc5af06a59298ec1caeabb9d7bbeb06aad5bea4f',
} as const;

/** Whether an engine gives every known answer. One that throws does not. */
export function passesSelfTest(engine: TreeHasher): boolean {
  try {
    return SAMPLES.every(([message, digest]) => hashesSample(engine, message, digest)) && answersAll(engine);
  } catch {
    return false;
  }
}

/** Copies of a message, so that it passes through every lane of every kernel. */
function hashesSample(engine: TreeHasher, message: string, digest: string): boolean {
  const leaf = encodeUtf8(message);
  return FULL_SIZES.every((size) => {
    const copies = concatBytes(...Array.from({ length: size }, () => leaf));
    return encodeHex(engine.hashLeaves(copies, leaf.length)) === digest.repeat(size);
  });
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
    digestOf(
      LEAF_LENGTHS.flatMap((length) =>
        FULL_SIZES.map((size) => engine.hashLeaves(pattern(size * length), length, prefix)),
      ),
    );
  const proofs = (tags: ProofBatch['tags']): string => digestOf([engine.foldProofs(proofBatch(tags))]);
  const subtrees = pattern(3 * 2 ** 5 * HASH_BYTES);

  return (
    pairs(1) === ANSWERS.pairs65 &&
    pairs(0, 1) === ANSWERS.pairs66 &&
    digestOf([engine.foldSubtrees(subtrees, 5, { left: 1 }, { left: 1 })]) === ANSWERS.fold65 &&
    digestOf([engine.foldSubtrees(subtrees, 5, { left: 0, right: 0 }, { left: 1, right: 1 })]) ===
      ANSWERS.fold66 &&
    leaves(0) === ANSWERS.leavesPrefixed &&
    leaves() === ANSWERS.leavesPlain &&
    proofs([{ left: 1 }]) === ANSWERS.proofs65 &&
    proofs([
      { left: 0, right: 0 },
      { left: 1, right: 0 },
      { left: 1, right: 1 },
    ]) === ANSWERS.proofs66
  );
}

/** Proofs of every length, whose steps take sides and tags by turns. */
function proofBatch(tags: ProofBatch['tags']): ProofBatch {
  const siblings = PROOF_LENGTHS.reduce((total, length) => total + length, 0);
  return {
    hashes: pattern((siblings + PROOF_LENGTHS.length) * HASH_BYTES),
    lengths: PROOF_LENGTHS,
    steps: Uint8Array.from({ length: siblings }, (_, i) => i % (2 * tags.length)),
    tags,
  };
}

/** Bytes 0, 1, … 250, 0, 1, …: 251 is prime, so neighbouring messages differ. */
function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i % 251);
}
