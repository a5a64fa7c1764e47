/**
 * The second block of a pair: its *tail*. It holds the last one or two bytes of B, then padding, so it is almost
 * constant:
 *
 *     65-byte pair   W0 = B31 80 00 00    W1 to W14 = 0    W15 = 520
 *     66-byte pair   W0 = B30 B31 80 00   W1 to W14 = 0    W15 = 528
 *
 * **65 bytes**: there are only 256 such blocks. TABLE holds the finished sums W + K of each, which saves the whole
 * message schedule of every other block: 14 % of a pair's time. It is made in half a millisecond, once.
 *
 * **66 bytes**: two bytes make 65,536 blocks, too many for a table. Of the words 16 to 29, though, none has a σ0
 * that is not zero (it would be σ0 of W1 to W14), which saves some 2 %.
 */

import { K } from './constants';
import { TABLE, TABLE_ROW_BYTES } from './layout';
import { smallSigma0, smallSigma1 } from './words';

/** The padding bit behind the last byte of a 65-byte pair, or the last two of a 66-byte pair. */
export const NARROW_END: u32 = 0x00800000;
export const WIDE_END: u32 = 0x00008000;

/** Bits of a pair. */
const NARROW_BITS: u32 = 8 * 65;
export const WIDE_BITS: u32 = 8 * 66;

/** Words of a tail that need no σ0: 16 to 29. */
export const WORDS_WITHOUT_SIGMA0: usize = 14;

/** The row of TABLE for a pair's last byte. */
export function tableRow(lastByte: usize): usize {
  return TABLE + TABLE_ROW_BYTES * lastByte;
}

/** Makes TABLE. */
export function writeTable(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    const row = tableRow(byte);
    store<u32>(row, (byte << 24) | NARROW_END);
    store<u32>(row, NARROW_BITS, 4 * 15);
    for (let t = row; t < row + 4 * 48; t += 4) {
      const word =
        load<u32>(t) +
        smallSigma0(load<u32>(t, 4 * 1)) +
        load<u32>(t, 4 * 9) +
        smallSigma1(load<u32>(t, 4 * 14));
      store<u32>(t, word, 4 * 16);
    }
    for (let t: usize = 0; t < 256; t += 4) store<u32>(row + t, load<u32>(row + t) + load<u32>(K + t));
  }
}
