/**
 * The TreeHasher contract transcribed slowly, on Node's own SHA-256: the oracle for every engine. It shares no
 * code with them.
 */

import { createHash } from 'node:crypto';
import type { PairTags, ProofBatch, TreeHasher } from 'contact-key-verification/wasm.js';

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const split = (bytes: Uint8Array, unit: number): Uint8Array[] =>
  Array.from({ length: bytes.length / unit }, (_, i) => bytes.subarray(i * unit, (i + 1) * unit));

const join = (digests: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(digests));

const byte = (value: number | undefined): Uint8Array =>
  value === undefined ? new Uint8Array(0) : Uint8Array.of(value);

function hashPairs(hashes: Uint8Array, tags: PairTags): Uint8Array {
  return join(
    split(hashes, 64).map((pair) =>
      sha256(byte(tags.left), pair.subarray(0, 32), byte(tags.right), pair.subarray(32)),
    ),
  );
}

function foldProofs({ hashes, lengths, steps, tags }: ProofBatch): Uint8Array {
  const ahead = split(hashes, 32);
  const stepsAhead = Array.from(steps);
  return join(
    lengths.map((length) => {
      const [start, ...siblings] = ahead.splice(0, length + 1) as [Uint8Array, ...Uint8Array[]];
      return siblings.reduce((hash, sibling) => {
        const step = stepsAhead.shift() as number;
        const pair = step % 2 === 0 ? [hash, sibling] : [sibling, hash];
        return hashPairs(join(pair), tags[(step - (step % 2)) / 2] as PairTags);
      }, start);
    }),
  );
}

/** The oracle. It checks no arguments. */
export const naiveHasher: TreeHasher = {
  name: 'typescript',
  hashPairs,
  foldSubtrees(hashes, height, bottom, inner) {
    let level = new Uint8Array(hashes);
    for (let done = 0; done < height; done++) {
      level = new Uint8Array(hashPairs(level, done === 0 ? bottom : inner));
    }
    return level;
  },
  hashLeaves: (leaves, leafLength, prefix) =>
    join(split(leaves, leafLength).map((leaf) => sha256(byte(prefix), leaf))),
  foldProofs,
};

/** Reproducible bytes without a visible pattern (Marsaglia's xorshift32). */
export function noise(length: number, seed = 1): Uint8Array {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return Uint8Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  });
}

/** A copy of bytes that begins `offset` bytes into its buffer, with other bytes around it. */
export function misaligned(bytes: Uint8Array, offset: number): Uint8Array {
  const around = new Uint8Array(offset + bytes.length + 7).fill(0xa5);
  around.set(bytes, offset);
  return around.subarray(offset, offset + bytes.length);
}
