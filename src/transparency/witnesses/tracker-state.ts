/**
 * What a user keeps of a head log, and its bytes. They are the program's to store and nobody's to interpret.
 *
 *     struct {
 *       uint16 version = 1;
 *       opaque log[32];                        the key transparency log: suite, mode and keys
 *       opaque origin<1..2^16-1>;              the head log
 *       opaque checkpoint<1..2^20>;            the newest that was verified, with the lines of trusted keys alone
 *       HashValue edge<1..2^8-1>;              the right edge of its tree
 *       optional<WitnessedHead> matched;       the newest entry that stood among the user's own distinguished heads
 *       WitnessedHead pending<0..2^16-1>;      entries after that one, ascending; the last of all is that of the tree
 *     } HeadTrackerState;
 *
 * | what grows | bound |
 * | --- | --- |
 * | pending entries | 4,096, some 600 KiB: with a head an hour, half a year without comparing |
 * | everything else | some 5 KiB, and 150 bytes for each witness |
 */

import { constant, decode, encode, opaque, struct, vector } from '../../bytes/codec.js';
import type { Codec } from '../../bytes/codec.js';
import { equalBytes } from '../../bytes/compare.js';
import { encodeUtf8 } from '../../bytes/text.js';
import { optional } from '../../bytes/variants.js';
import { PolicyError, StateError } from '../../errors.js';
import { createTreeBuilder, type TreeBuilderState } from '../../log/builder.js';
import { parseCheckpointText } from '../../log/checkpoint-text.js';
import { NOTE_MAX_BYTES, parseNote } from '../../log/signed-note.js';
import type { TrustedLog } from '../verifier/trusted-log.js';
import { hashCodec, vector8 } from '../wire/wire-context.js';
import { type WitnessedHead, witnessedHeadCodec } from './witnessed-head.js';

/** Entries that wait to be compared. */
export const PENDING_MAX = 4096;
const STATE_MAX_BYTES: number = 2 ** 23;

/** Which head log a state is of. */
export interface TrackedLog {
  readonly log: TrustedLog;
  readonly origin: string;
}

/** What a user keeps. Frozen. */
export interface TrackerState {
  readonly checkpoint: Uint8Array;
  readonly tree: TreeBuilderState;
  readonly root: Uint8Array;
  readonly matched: WitnessedHead | undefined;
  readonly pending: readonly WitnessedHead[];
}

type WireHead = ReturnType<(typeof witnessedHeadCodec)['read']>;

interface WireState {
  readonly version: 1;
  readonly log: Uint8Array;
  readonly origin: Uint8Array;
  readonly checkpoint: Uint8Array;
  readonly edge: readonly Uint8Array[];
  readonly matched: WireHead | undefined;
  readonly pending: readonly WireHead[];
}

const stateCodec: Codec<WireState> = /* @__PURE__ */ struct<WireState>({
  version: /* @__PURE__ */ constant(2, 1),
  log: hashCodec,
  origin: /* @__PURE__ */ opaque(1, 2 ** 16 - 1),
  checkpoint: /* @__PURE__ */ opaque(1, 2 ** 24 - 1, NOTE_MAX_BYTES),
  edge: /* @__PURE__ */ vector8(hashCodec),
  matched: /* @__PURE__ */ optional(witnessedHeadCodec),
  pending: /* @__PURE__ */ vector(witnessedHeadCodec, {
    min: 0,
    ceiling: 2 ** 16 - 1,
    limit: PENDING_MAX,
    upFront: true,
  }),
});

/**
 * A state as bytes, fresh.
 * @throws PolicyError `ERR_STATE_LIMIT` more entries than {@link PENDING_MAX} wait to be compared
 */
export function encodeTrackerState({ log: { id }, origin }: TrackedLog, state: TrackerState): Uint8Array {
  const { checkpoint, tree, matched, pending } = state;
  if (pending.length > PENDING_MAX)
    throw new PolicyError('ERR_STATE_LIMIT', 'too many heads wait to be compared');
  const wire = (head: WitnessedHead): WireHead => ({ ...head, version: 1, log: id });
  return encode(stateCodec, {
    version: 1,
    log: id,
    origin: encodeUtf8(origin),
    checkpoint,
    edge: tree.edge,
    matched: matched === undefined ? undefined : wire(matched),
    pending: pending.map(wire),
  });
}

/**
 * A state from bytes. What is no state that this library writes is refused, so that a damaged one is noticed here and
 * not as a log's misbehaviour.
 * @throws StateError `ERR_STORED_STATE`; `ERR_STATE_LOG` of another log, or of a head log of another origin
 */
export function decodeTrackerState({ log, origin }: TrackedLog, bytes: Uint8Array): TrackerState {
  const wire = decodeWire(bytes);
  if (!equalBytes(wire.log, log.id) || !equalBytes(wire.origin, encodeUtf8(origin)))
    throw new StateError('ERR_STATE_LOG', 'the state of another log');
  const heads = [...(wire.matched === undefined ? [] : [wire.matched]), ...wire.pending];
  const inOrder = heads.every((head, i) => i === 0 || isBefore(heads[i - 1] as WireHead, head));
  if (heads.length === 0 || !inOrder || heads.some((head) => !equalBytes(head.log, log.id))) throw damaged();
  return openTree({ log, origin }, wire);
}

/** The tree and its root, which the checkpoint must name. */
function openTree({ log: { hasher }, origin }: TrackedLog, wire: WireState): TrackerState {
  const { checkpoint, edge, matched, pending } = wire;
  try {
    const { origin: named, treeSize, root } = parseCheckpointText(parseNote(checkpoint).text);
    const tree: TreeBuilderState = Object.freeze({ treeSize, edge });
    if (named !== origin || !equalBytes(createTreeBuilder({ hasher, state: tree }).root(), root))
      throw damaged();
    return Object.freeze({
      checkpoint,
      tree,
      root,
      matched: matched === undefined ? undefined : headOf(matched),
      pending: Object.freeze(pending.map(headOf)),
    });
  } catch {
    throw damaged();
  }
}

function decodeWire(bytes: Uint8Array): WireState {
  try {
    return decode(stateCodec, bytes, 'HeadTrackerState', STATE_MAX_BYTES);
  } catch {
    throw damaged();
  }
}

/** The entry that was read last. */
export function lastOf({ matched, pending }: TrackerState): WitnessedHead {
  return pending.at(-1) ?? (matched as WitnessedHead);
}

function headOf({ position, timestampMs, root, signature }: WireHead): WitnessedHead {
  return Object.freeze({ position, timestampMs, root, signature });
}

function isBefore(a: WitnessedHead, b: WitnessedHead): boolean {
  return a.position < b.position && a.timestampMs <= b.timestampMs;
}

function damaged(): StateError {
  return new StateError('ERR_STORED_STATE', 'the state is not what this library writes');
}
