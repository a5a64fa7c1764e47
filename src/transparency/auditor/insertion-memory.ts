/**
 * What an auditor remembers of insertions: for each leaf of the prefix tree that no distinguished log entry has shown
 * yet, when it was inserted (draft, "Auditing", step 5).
 *
 *     0 ──── distinguished ──── from ─────── today       a leaf that is not remembered was inserted before `from`; where
 *               │                │                       a distinguished entry stands there or to the right, that entry
 *               └ all shown      └ all remembered        shows it. Here `from` is further right: nobody knows
 *
 * It does not grow with the log: what a distinguished entry shows is forgotten, and of what is left only so many keys
 * are kept. An operator who inserts much in order to make an auditor forget makes it refuse removals, not allow them.
 */

import { PolicyError, VerificationError } from '../../errors.js';
import { HASH_BYTES } from '../wire/wire-context.js';

/** The leaves that one log entry inserted. */
export interface Insertions {
  readonly position: number;
  /** VRF outputs, strictly ascending: n × 32 bytes, 1 or more. */
  readonly keys: Uint8Array;
}

/** Insertions that are remembered. Frozen. */
export interface InsertionMemory {
  /** All insertions from this position on that no distinguished entry shows are remembered. */
  readonly from: number;
  /** Ascending. */
  readonly insertions: readonly Insertions[];
}

/** The memory of an auditor who begins at a log entry. */
export function emptyMemory(from: number): InsertionMemory {
  return Object.freeze({ from, insertions: Object.freeze([]) });
}

/** A memory at work, over one run of log entries. It changes; what it was opened from does not. */
export interface OpenMemory {
  /** Forgets what the distinguished log entry at this position shows. */
  forgetShown(shown: number | undefined): void;
  /**
   * Refuses the removal of a leaf that no distinguished log entry is known to have shown.
   * @param shown the rightmost distinguished entry before the one that removes, after {@link OpenMemory.forgetShown}
   * @throws VerificationError `ERR_REMOVED_EARLY`; PolicyError `ERR_REMOVED_UNKNOWN`
   */
  assertShown(key: Uint8Array, shown: number | undefined): void;
  /** Remembers the insertions of a log entry, and forgets the oldest where there are more keys than are kept. */
  remember(insertions: Insertions): void;
  /** What it has come to. */
  close(): InsertionMemory;
}

/**
 * Opens a memory.
 * @param kept keys that are kept, 0 or more
 */
export function openMemory(memory: InsertionMemory, kept: number): OpenMemory {
  const all = [...memory.insertions];
  let { from } = memory;
  /** Those before are forgotten. */
  let first = 0;
  let bytes = all.reduce((sum, { keys }) => sum + keys.length, 0);

  function forgetFirst({ keys }: Insertions): void {
    bytes -= keys.length;
    first++;
  }

  return {
    forgetShown(shown = -1) {
      for (let oldest = all[first]; oldest !== undefined && oldest.position <= shown; oldest = all[first]) {
        forgetFirst(oldest);
      }
    },
    assertShown(key, shown = -1) {
      for (let i = first; i < all.length; i++) {
        if (!holds((all[i] as Insertions).keys, key)) continue;
        throw new VerificationError(
          'ERR_REMOVED_EARLY',
          'no distinguished log entry has shown a removed leaf',
        );
      }
      if (shown < from - 1) {
        throw new PolicyError('ERR_REMOVED_UNKNOWN', 'whether a removed leaf was shown is not known');
      }
    },
    remember(insertions) {
      all.push(insertions);
      bytes += insertions.keys.length;
      while (bytes > kept * HASH_BYTES) {
        const oldest = all[first] as Insertions;
        forgetFirst(oldest);
        from = oldest.position + 1;
      }
    },
    close: () => Object.freeze({ from, insertions: Object.freeze(all.slice(first)) }),
  };
}

/** Whether a key is one of those: by halves, as they ascend. */
function holds(keys: Uint8Array, key: Uint8Array): boolean {
  let low = 0;
  let high = keys.length / HASH_BYTES;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const order = compareAt(keys, middle * HASH_BYTES, key);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}

/** The order of the key at an offset and another one: negative where it comes first. */
export function compareAt(keys: Uint8Array, at: number, key: Uint8Array): number {
  for (let i = 0; i < HASH_BYTES; i++) {
    const difference = (keys[at + i] as number) - (key[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
