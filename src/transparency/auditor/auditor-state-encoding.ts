/**
 * An auditor's state as bytes. They are the program's to store and nobody's to interpret; whoever can change them
 * decides what the auditor signs.
 *
 *     struct {
 *       uint16 version = 1;
 *       opaque log[32];                          suite, mode and keys that the state belongs to
 *       uint64 tree_size;
 *       HashValue full_subtrees<0..2^8-1>;       as many as the size has full subtrees
 *       uint64 timestamps<0..2^8-1>;             of the frontier: as many again
 *       opaque prefix_tree[32];
 *       uint64 remembered_from;
 *       Insertions insertions<0..2^32-1>;        ascending
 *       optional<AuditorTreeHead> head;          of a size up to this one
 *     } AuditorState;
 *
 *     struct { uint64 position; opaque vrf_outputs<32..2^16-1>; } Insertions;      of 32 bytes each, ascending
 */

import { constant, decode, encode, opaque, struct, uint64, vector } from '../../bytes/codec.js';
import type { Codec } from '../../bytes/codec.js';
import { equalBytes } from '../../bytes/compare.js';
import { optional } from '../../bytes/variants.js';
import { DecodeError, StateError } from '../../errors.js';
import { RESULTS_MAX } from '../../prefix/proof.js';
import type { AuditorState } from './auditor-state.js';
import { compareAt, type Insertions } from './insertion-memory.js';
import { frontier } from '../walks/search-tree.js';
import { type AuditorTreeHead, auditorTreeHeadCodec } from '../wire/tree-head.js';
import type { TrustedLog } from '../verifier/trusted-log.js';
import { HASH_BYTES, hashCodec, vector8 } from '../wire/wire-context.js';

/** Keys that a state holds at most. */
export const INSERTIONS_MAX: number = 2 ** 20;
/** Bytes of a state: {@link INSERTIONS_MAX} keys, each in a log entry of its own. */
const AUDITOR_STATE_MAX_BYTES = 2 ** 26;

interface WireState {
  readonly version: 1;
  readonly log: Uint8Array;
  readonly treeSize: number;
  readonly fullSubtrees: readonly Uint8Array[];
  readonly timestampsMs: readonly number[];
  readonly prefixTree: Uint8Array;
  readonly rememberedFrom: number;
  readonly insertions: readonly Insertions[];
  readonly head: AuditorTreeHead | undefined;
}

const insertionsCodec: Codec<Insertions> = /* @__PURE__ */ struct<Insertions>({
  position: uint64,
  keys: /* @__PURE__ */ opaque(HASH_BYTES, 2 ** 16 - 1, RESULTS_MAX * HASH_BYTES),
});

const stateCodec: Codec<WireState> = /* @__PURE__ */ struct<WireState>({
  version: /* @__PURE__ */ constant(2, 1),
  log: hashCodec,
  treeSize: uint64,
  fullSubtrees: /* @__PURE__ */ vector8(hashCodec),
  timestampsMs: /* @__PURE__ */ vector8(uint64),
  prefixTree: hashCodec,
  rememberedFrom: uint64,
  insertions: /* @__PURE__ */ vector(insertionsCodec, { min: 0, ceiling: 2 ** 32 - 1, upFront: true }),
  head: /* @__PURE__ */ optional(auditorTreeHeadCodec),
});

/** A state as bytes, fresh. */
export function encodeAuditorState({ id }: TrustedLog, state: AuditorState): Uint8Array {
  const { treeSize, fullSubtrees, prefixTree, memory, head } = state;
  return encode(stateCodec, {
    version: 1,
    log: id,
    treeSize,
    fullSubtrees,
    timestampsMs: state.frontier.map(({ timestampMs }) => timestampMs),
    prefixTree,
    rememberedFrom: memory.from,
    insertions: memory.insertions,
    head,
  });
}

/**
 * A state from bytes. What is no state that this library writes is refused, so that a damaged one is noticed here and not
 * as an operator's misbehaviour.
 * @throws StateError `ERR_STORED_STATE`; `ERR_STATE_LOG` it belongs to another log
 */
export function decodeAuditorState(log: TrustedLog, bytes: Uint8Array): AuditorState {
  const wire = decodeWire(bytes);
  if (!equalBytes(wire.log, log.id)) throw new StateError('ERR_STATE_LOG', 'the state of another log');
  const { treeSize, fullSubtrees, timestampsMs, prefixTree, rememberedFrom, insertions, head } = wire;
  assertStored(treeSize > 0 && rememberedFrom <= treeSize);
  const positions = frontier(treeSize);
  assertStored(fullSubtrees.length === positions.length && timestampsMs.length === positions.length);
  assertStored(timestampsMs.every((timestampMs, i) => timestampMs >= (timestampsMs[i - 1] ?? 0)));
  assertStored(insertions.every(({ keys }) => keys.length % HASH_BYTES === 0 && isAscending(keys)));
  let before = rememberedFrom - 1;
  for (const { position } of insertions) {
    assertStored(position > before && position < treeSize);
    before = position;
  }
  assertStored(head === undefined || (head.treeSize > 0 && head.treeSize <= treeSize));
  return Object.freeze({
    treeSize,
    fullSubtrees,
    frontier: Object.freeze(
      timestampsMs.map((timestampMs, i) => Object.freeze({ position: positions[i] as number, timestampMs })),
    ),
    prefixTree,
    memory: Object.freeze({ from: rememberedFrom, insertions }),
    head,
  });
}

function decodeWire(bytes: Uint8Array): WireState {
  try {
    return decode(stateCodec, bytes, 'AuditorState', AUDITOR_STATE_MAX_BYTES);
  } catch (error) {
    if (error instanceof DecodeError) throw new StateError('ERR_STORED_STATE', 'the state is damaged');
    throw error;
  }
}

function isAscending(keys: Uint8Array): boolean {
  for (let at = HASH_BYTES; at < keys.length; at += HASH_BYTES) {
    if (compareAt(keys, at - HASH_BYTES, keys.subarray(at, at + HASH_BYTES)) >= 0) return false;
  }
  return true;
}

function assertStored(condition: boolean): void {
  if (!condition) throw new StateError('ERR_STORED_STATE', 'the state is not what this library writes');
}
