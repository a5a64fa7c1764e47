/** The scalar lane: how one message comes in and its digest goes out. The rounds are in one.ts and nine.ts. */

import { H0, K } from './constants';
import { INITIAL, LANE_STATE, LANE_SUMS, LANE_WORDS, STATE, V } from './layout';
import { smallSigma1 } from './words';
import { WIDE_BITS, WIDE_END, WORDS_WITHOUT_SIGMA0, tableRow } from './tail';
import { FILL, JOIN, MASK } from './template';
import { bigEndian } from './vectors';

/** Writes H(0) to INITIAL. */
export function prepare(): void {
  memory.copy(INITIAL + LANE_STATE, H0, 32);
}

/** Loads a block into W0 to W15: four words at a time where there are vectors. */
export function loadBlock(block: usize, template: usize): void {
  const join = load<u32>(template, JOIN);
  const early: usize = join == 0 ? 0 : 1;
  for (let i: usize = 0; i < 64; i += ASC_FEATURE_SIMD ? V : 4) {
    const from = block + i - (i < 32 ? 0 : early);
    if (ASC_FEATURE_SIMD) {
      const words = v128.and(bigEndian(v128.load(from)), v128.load(template + i, MASK));
      v128.store(LANE_WORDS + i, v128.or(words, v128.load(template + i, FILL)));
    } else {
      const word = bswap<u32>(load<u32>(from)) & load<u32>(template + i, MASK);
      store<u32>(LANE_WORDS + i, word | load<u32>(template + i, FILL));
    }
  }
  const word8 = bswap<u32>(load<u32>(block + 32 - early));
  store<u32>(LANE_WORDS, load<u32>(LANE_WORDS, 32) | ((word8 << 8) & join), 32);
}

/** The finished sums of a 65-byte pair's tail. */
export function narrowTail(lastBytes: usize): usize {
  return tableRow(load<u8>(lastBytes, 3));
}

/**
 * Loads a 66-byte pair's tail into W0 to W15.
 * @param lastBytes address of the last four bytes of the message
 */
export function loadWideTail(lastBytes: usize): void {
  store<u32>(LANE_WORDS, (bswap<u32>(load<u32>(lastBytes)) << 16) | WIDE_END);
  for (let i: usize = 4; i < 60; i += 4) store<u32>(LANE_WORDS + i, 0);
  store<u32>(LANE_WORDS, WIDE_BITS, 60);
}

/** Computes W16 to W29 of such a tail, and the sums W + K of the words before. */
export function expandWideTail(): void {
  for (let i: usize = 0; i < 4 * WORDS_WITHOUT_SIGMA0; i += 4) {
    const at = LANE_WORDS + i;
    const word = load<u32>(at);
    store<u32>(LANE_SUMS + i, word + load<u32>(K + i));
    store<u32>(at, word + load<u32>(at, 4 * 9) + smallSigma1(load<u32>(at, 4 * 14)), 4 * 16);
  }
}

/** Writes the chaining value as a digest of 32 bytes. */
export function finish(digest: usize): void {
  const words = STATE + LANE_STATE;
  for (let i: usize = 0; i < 32; i += ASC_FEATURE_SIMD ? V : 4) {
    if (ASC_FEATURE_SIMD) v128.store(digest + i, bigEndian(v128.load(words + i)));
    else store<u32>(digest + i, bswap<u32>(load<u32>(words + i)));
  }
}
