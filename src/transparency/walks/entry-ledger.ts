/**
 * What has been learnt of log entries in the course of one proof. Maker and checker of a proof keep the same ledger,
 * and so agree on what is asked for again, what may be left out, and what is still to be given at the end.
 */

import { equalBytes } from '../../bytes/compare.js';
import { VerificationError } from '../../errors.js';
import { searchLadder, type ShownVersions } from './ladder.js';

/** A log entry whose timestamp was given by the proof. */
export interface GivenEntry {
  readonly position: number;
  readonly timestampMs: number;
  /** The root that its prefix proofs lead to; `undefined` where there were none. */
  readonly prefixTree: Uint8Array | undefined;
}

/** The ledger of one proof. */
export interface EntryLedger {
  /** `undefined` where it has not been learnt. */
  timestampOf(position: number): number | undefined;
  /**
   * Enters a timestamp.
   * @param isRetained whether the user has it from before: then the proof says nothing of the entry
   * @throws VerificationError `ERR_TIMESTAMP_ORDER` below one to the left, or above one to the right
   */
  enterTimestamp(position: number, timestampMs: number, isRetained: boolean): void;
  /**
   * Enters the root of an entry's prefix tree.
   * @throws VerificationError `ERR_ENTRY_ROOT` another one is entered for it
   */
  enterRoot(position: number, root: Uint8Array): void;
  /** Enters that a version was shown to be in an entry's prefix tree, or not to be. */
  enterLookUp(position: number, version: number, isIncluded: boolean): void;
  /** Enters what a search ladder would show in an entry that is taken to hold versions up to `greatest`. */
  enterAssumed(position: number, target: number, greatest: number | undefined): void;
  /** What the others have shown: a ladder in this entry may leave it out. */
  shownBeside(position: number): ShownVersions;
  /** Entries whose timestamps are not retained, from left to right. */
  given(): readonly GivenEntry[];
  /** `undefined` where it has not been learnt. */
  rootOf(position: number): Uint8Array | undefined;
}

/**
 * An empty ledger.
 * @param takesAnyTime whether timestamps may decrease: for whoever proves that they do
 */
export function createEntryLedger(takesAnyTime = false): EntryLedger {
  const timestamps = new Map<number, { readonly timestampMs: number; readonly isRetained: boolean }>();
  const roots = new Map<number, Uint8Array>();
  const lookUps: { readonly position: number; readonly version: number; readonly isIncluded: boolean }[] = [];

  const ledger: EntryLedger = {
    timestampOf: (position) => timestamps.get(position)?.timestampMs,

    enterTimestamp(position, timestampMs, isRetained) {
      for (const [other, known] of timestamps) {
        const isInOrder =
          other < position ? known.timestampMs <= timestampMs : timestampMs <= known.timestampMs;
        if (!isInOrder && !takesAnyTime) {
          throw new VerificationError('ERR_TIMESTAMP_ORDER', 'timestamps decrease from left to right');
        }
      }
      timestamps.set(position, { timestampMs, isRetained });
    },

    enterRoot(position, root) {
      const known = roots.get(position);
      if (known === undefined) roots.set(position, root);
      else if (!equalBytes(known, root)) {
        throw new VerificationError('ERR_ENTRY_ROOT', 'two prefix trees for one log entry');
      }
    },

    enterLookUp(position, version, isIncluded) {
      lookUps.push({ position, version, isIncluded });
    },

    enterAssumed(position, target, greatest) {
      for (const version of searchLadder(target, greatest, ledger.shownBeside(position))) {
        ledger.enterLookUp(position, version, greatest !== undefined && version <= greatest);
      }
    },

    shownBeside(position) {
      const included = lookUps.filter((lookUp) => lookUp.isIncluded && lookUp.position < position);
      const absent = lookUps.filter((lookUp) => !lookUp.isIncluded && lookUp.position > position);
      return {
        leftIncluded: new Set(included.map(({ version }) => version)),
        rightAbsent: new Set(absent.map(({ version }) => version)),
      };
    },

    given: () =>
      [...timestamps]
        .filter(([, { isRetained }]) => !isRetained)
        .sort(([a], [b]) => a - b)
        .map(([position, { timestampMs }]) => ({ position, timestampMs, prefixTree: roots.get(position) })),

    rootOf: (position) => roots.get(position),
  };
  return ledger;
}
