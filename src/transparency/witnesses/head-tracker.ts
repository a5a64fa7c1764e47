/**
 * A user's side of a head log: reading it, and comparing it with what the key transparency log has proven to the user.
 *
 *     GET checkpoint ─▶ open ─▶ paths, to GET ─▶ verify(files) ─▶ store `after`
 *     client.distinguishedHeads() … verify ─▶ compare(heads) ─▶ store `after`, and act on the outcome
 *
 * First the head log, then the walk: so an entry of the head log is old enough for the walk to show it.
 */

import { assertArray, assertInteger, assertObject } from '../../bytes/arguments.js';
import { assertBytes } from '../../bytes/compare.js';
import type { CipherSuite } from '../../crypto/cipher-suite.js';
import { ArgumentRangeError, ArgumentTypeError, StateError } from '../../errors.js';
import type { TreeHasher } from '../../hashing/tree-hasher.js';
import type { VerifierKey } from '../../log/verifier-key.js';
import { resolveKeys } from '../../log/open-note.js';
import { resolveWitnesses, type WitnessPolicy, witnessKeysOf } from '../../log/witness-policy.js';
import { openLog } from '../verifier/trusted-log.js';
import { compareHeads, type ProvenHead, type WitnessedComparison } from './compare-heads.js';
import { openReading, type ReadingContext } from './head-reading.js';
import { decodeTrackerState, encodeTrackerState, type TrackerState } from './tracker-state.js';
import type { WitnessedHead } from './witnessed-head.js';

/** What a tracker is made with. */
export interface HeadTrackerOptions {
  /** That of the key transparency log. */
  readonly suite: CipherSuite;
  /** The head log's name, as its checkpoints begin. */
  readonly origin: string;
  /** The head log's keys, as text or parsed; one of them must have signed. */
  readonly keys: readonly (VerifierKey | string)[];
  /**
   * Which witnesses must have cosigned. Of n witnesses of which f may collude with the log ask for more than (n + f) / 2:
   * then any two checkpoints have an honest witness in common, and so are of one head log.
   */
  readonly witnesses: WitnessPolicy;
  /** How old cosignatures may be, in milliseconds: above the pause between two rounds of the head log. */
  readonly maxAgeMs: number;
  /** How far ahead of the clock they may be; default 0. */
  readonly maxAheadMs?: number | undefined;
  /**
   * How old the newest head that both logs have may be, in milliseconds: at least the log's reasonable monitoring window,
   * its `maxBehindMs`, and the pause between two rounds of the head log. Within it two faces can go unnoticed.
   */
  readonly maxLagMs: number;
  /** The `after` of the last step; absent at first. Copied. */
  readonly state?: Uint8Array | undefined;
  /** Default: the engine in TypeScript. */
  readonly hasher?: TreeHasher | undefined;
}

/** States around a step, for storing by compare-and-swap. */
export interface TrackerChange {
  /** What the tracker was made with; `undefined` for nothing. Fresh. */
  readonly before: Uint8Array | undefined;
  /** What to store. Fresh. */
  readonly after: Uint8Array;
}

/** What was read. Frozen. */
export interface ReadHeads {
  /** Entries of the head log. */
  readonly treeSize: number;
  /** Those that are new to the user; at first the last one alone. */
  readonly heads: readonly WitnessedHead[];
}

/** A checkpoint that was opened, and the only function that can verify what it stands for. Frozen. */
export interface HeadReading {
  /** What to get from the head log besides, each below its address. Where a partial one is gone, the full one will do. */
  readonly paths: readonly string[];
  /**
   * Verifies the new entries. The files need not be trusted.
   * @param files of `paths`, in that order
   * @throws DecodeError what is wrong with a tile, an entry bundle or an entry; VerificationError `ERR_TILE_ROOT`,
   *   `ERR_PROOF_ROOT` the files are not those of the checkpoint, or **it does not extend the last one**: get them again,
   *   then warn
   * @throws VerificationError, of entries that the log stands by: `ERR_HEAD_MISMATCH` two roots of one size, **the log
   *   shows two faces**; `ERR_HEAD_LOG_OTHER`, `ERR_HEAD_LOG_ORDER`, `ERR_TIMESTAMP_ORDER`, `ERR_SIGNATURE`
   * @throws PolicyError `ERR_STATE_LIMIT` 4,096 heads wait to be compared; UnsupportedError `ERR_VERSION`;
   *   ArgumentTypeError, ArgumentRangeError
   */
  verify(files: readonly Uint8Array[]): ReadHeads & TrackerChange;
}

/** A user's side of a head log, over one state. Frozen. */
export interface HeadTracker {
  /** The newest checkpoint that was verified: what to show beside one that contradicts it. Fresh. */
  readonly checkpoint: Uint8Array | undefined;

  /** The same tracker over another state. @throws StateError `ERR_STORED_STATE`, `ERR_STATE_LOG` */
  at(state: Uint8Array | undefined): HeadTracker;

  /**
   * Opens a checkpoint of the head log.
   *
   * A user who has no state begins at the last entry. **Not shown then**: that the entries before are in order, or whose
   * they are. What comes after is: every entry is read, none can be left out.
   * @param note as the head log serves it, or anyone who passes it on
   * @throws as `openCheckpoint`: `ERR_WITNESSES`, `ERR_CHECKPOINT_TIME`, `ERR_SIGNATURE` …
   * @throws VerificationError `ERR_HEAD_EMPTY` no entries; `ERR_HEAD_ORDER` fewer entries than before: an old copy, or a
   *   log that went back; `ERR_HEAD_MISMATCH` as many, and another root: **the head log shows two faces**
   * @throws PolicyError `ERR_HEAD_LOG_GAP` more than 4,096 new entries
   * @throws ArgumentTypeError, ArgumentRangeError
   */
  open(note: Uint8Array, time: { readonly nowMs: number }): HeadReading;

  /**
   * Compares the head log with the log's own distinguished heads.
   * @param proven `heads` of `DistinguishedHeads`, of a walk after the head log was read. With a `stop`, no further right
   *   than the last entry that was `matched`
   * @param time the user's clock, milliseconds since 1970
   * @throws StateError `ERR_NOT_READY` nothing of the head log was read yet; ArgumentTypeError, ArgumentRangeError
   */
  compare(
    proven: { readonly heads: readonly ProvenHead[] },
    time: { readonly nowMs: number },
  ): WitnessedComparison & TrackerChange;
}

/**
 * Creates a tracker.
 * @param configurationBytes that of the key transparency log
 * @throws DecodeError, UnsupportedError the configuration, or a key
 * @throws StateError `ERR_STORED_STATE`, `ERR_STATE_LOG`; ArgumentTypeError, ArgumentRangeError
 * @example
 * const reading = tracker.open(await get('checkpoint'), { nowMs });
 * const { after } = reading.verify(await Promise.all(reading.paths.map(get)));
 * const { outcome } = tracker.at(after).compare(heads, { nowMs });
 */
export function createHeadTracker(configurationBytes: Uint8Array, options: HeadTrackerOptions): HeadTracker {
  assertObject(options, 'options');
  const { suite, origin, keys: given, witnesses, maxAgeMs, maxAheadMs = 0, maxLagMs, hasher } = options;
  if (typeof origin !== 'string') throw new ArgumentTypeError('origin must be a string');
  if (origin === '') throw new ArgumentRangeError('origin must not be empty');
  for (const [name, value] of Object.entries({ maxAgeMs, maxAheadMs, maxLagMs }))
    assertInteger(value, name, 0, Number.MAX_SAFE_INTEGER);
  const keys = resolveKeys(given, 'keys');
  const context: ReadingContext = {
    log: openLog(configurationBytes, suite, hasher),
    origin,
    policy: { origin, keys, witnesses },
    freshness: { maxAgeMs, maxAheadMs },
    kept: [...keys, ...witnessKeysOf(resolveWitnesses(witnesses))],
  };
  return trackerOver(context, maxLagMs, options.state);
}

function trackerOver(context: ReadingContext, maxLagMs: number, stored: Uint8Array | undefined): HeadTracker {
  if (stored !== undefined) assertBytes(stored, 'state');
  const bytes = stored === undefined ? undefined : Uint8Array.from(stored);
  const state = bytes === undefined ? undefined : decodeTrackerState(context, bytes);
  const changeTo = (next: TrackerState): TrackerChange => ({
    before: bytes?.slice(),
    after: encodeTrackerState(context, next),
  });

  return Object.freeze<HeadTracker>({
    get checkpoint() {
      return state?.checkpoint.slice();
    },
    at: (next) => trackerOver(context, maxLagMs, next),
    open(note, time) {
      assertObject(time, 'time');
      const { paths, verify } = openReading(context, state, note, time.nowMs);
      return Object.freeze<HeadReading>({
        paths,
        verify(files) {
          assertArray(files, 'files');
          const { heads, state: next } = verify(files);
          return Object.freeze({ treeSize: next.tree.treeSize, heads, ...changeTo(next) });
        },
      });
    },
    compare(proven, time) {
      assertObject(proven, 'proven');
      assertObject(time, 'time');
      assertInteger(time.nowMs, 'nowMs', 0, Number.MAX_SAFE_INTEGER);
      const heads = copyHeads(proven.heads);
      if (state === undefined) throw new StateError('ERR_NOT_READY', 'nothing of the head log was read yet');
      const { result, state: next } = compareHeads(state, heads, time.nowMs - maxLagMs);
      return Object.freeze({ ...result, ...changeTo(next) });
    },
  });
}

/** @throws ArgumentTypeError, ArgumentRangeError what is no list of heads in ascending order */
function copyHeads(heads: readonly ProvenHead[]): readonly ProvenHead[] {
  assertArray(heads, 'heads');
  return (heads as readonly ProvenHead[]).map((head, i) => {
    assertObject(head, 'a head');
    const { position, timestampMs, root } = head;
    const before = heads[i - 1];
    assertInteger(
      position,
      'position',
      before === undefined ? 0 : before.position + 1,
      Number.MAX_SAFE_INTEGER,
    );
    assertInteger(timestampMs, 'timestampMs', 0, Number.MAX_SAFE_INTEGER);
    assertBytes(root, 'root');
    return Object.freeze({ position, timestampMs, root: Uint8Array.from(root) });
  });
}
