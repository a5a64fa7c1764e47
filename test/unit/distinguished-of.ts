/** Which log entries are distinguished, asked of one who has all timestamps: the walks, driven by a function. */

import type { ProofSource, Walk } from '../../src/transparency/walks/walk.js';
import { walkThrough } from '../../src/transparency/walks/walk.js';
import {
  walkIsDistinguished,
  walkRightmostDistinguished,
} from '../../src/transparency/walks/distinguished.js';

/** The timestamp of a log entry. May throw. */
export type TimestampOf = (position: number) => number;

export function isDistinguished(
  position: number,
  treeSize: number,
  windowMs: number,
  timestampOf: TimestampOf,
): boolean {
  return drive(walkIsDistinguished(position, treeSize, windowMs), timestampOf);
}

export function rightmostDistinguished(
  treeSize: number,
  windowMs: number,
  timestampOf: TimestampOf,
): number | undefined {
  return drive(walkRightmostDistinguished(treeSize, windowMs), timestampOf);
}

function drive<Result>(walk: Walk<Result>, timestamp: TimestampOf): Result {
  const unasked = (): never => {
    throw new Error('asked for more than timestamps');
  };
  const source: ProofSource = {
    timestamp,
    searchLadder: unasked,
    lookUps: unasked,
    assumedLadder: unasked,
    isOver: unasked,
  };
  return walkThrough(walk, source);
}
