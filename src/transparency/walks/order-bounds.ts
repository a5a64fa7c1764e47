/**
 * The numbers of the search order and their bounds.
 *
 * | number | bounds |
 * | --- | --- |
 * | tree size | 1 to 2^53 - 1 (the draft's uint64, as far as a JavaScript number counts exactly) |
 * | position of a log entry | 0 to tree size - 1 |
 * | version of a label | 0 to 2^32 - 1 |
 * | timestamp, window, lifetime | 0 to 2^53 - 1 ms |
 *
 * A decoder yields nothing else, so a number out of bounds is the program's mistake: an argument error.
 */

import { assertInteger } from '../../bytes/arguments.js';

/** "The greatest possible version is 2^32-1" (draft, "Binary Ladder"). */
export const VERSION_MAX = 4_294_967_295;

/** @throws ArgumentTypeError, ArgumentRangeError */
export function assertTreeSize(treeSize: number): void {
  assertInteger(treeSize, 'treeSize', 1, Number.MAX_SAFE_INTEGER);
}

/** @throws ArgumentTypeError, ArgumentRangeError */
export function assertPosition(position: number, treeSize: number): void {
  assertTreeSize(treeSize);
  assertInteger(position, 'position', 0, treeSize - 1);
}

/** @throws ArgumentTypeError, ArgumentRangeError */
export function assertVersion(version: number, name: string): void {
  assertInteger(version, name, 0, VERSION_MAX);
}

/** @throws ArgumentTypeError, ArgumentRangeError */
export function assertMilliseconds(duration: number, name: string): void {
  assertInteger(duration, name, 0, Number.MAX_SAFE_INTEGER);
}
