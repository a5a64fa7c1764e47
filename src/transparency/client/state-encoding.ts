/**
 * A client's state as bytes. They are the program's to store and nobody's to interpret; whoever can change them
 * decides what the client believes of the past.
 *
 *     struct {
 *       uint16 version = 2;
 *       opaque log[32];                          suite, mode and keys that the state belongs to
 *       optional<Head> head;
 *       Known known;                             not in version 1
 *       Label labels<0..2^16-1>;                 ascending
 *     } ClientState;
 *
 *     struct {
 *       TreeHead tree_head;
 *       optional<AuditorTreeHead> auditor_tree_head;
 *       HashValue full_subtrees<1..2^8-1>;       as many as the size has full subtrees
 *       LogEntry frontier<1..2^8-1>;             as many again
 *     } Head;
 *
 *     struct {
 *       Node nodes<0..2^16-1>;                   of the frontiers on which the entries are the last; ascending
 *       Distinguished entries<0..2^8-1>;         recent distinguished entries, at most 10; ascending
 *     } Known;
 *
 *     struct { uint64 position; LogEntry entry; opaque subtree[32]; } Node;
 *     struct { uint64 position; } Distinguished;
 *
 *     struct {
 *       opaque label<0..2^8-1>;
 *       uint64 checked;
 *       uint8 is_partial;
 *       MonitorMapEntry monitored<0..2^8-1>;     ascending in both
 *       optional<Owned> owned;
 *       Version versions<1..2^16-1>;             of exactly the ladders to come, ascending
 *     } Label;
 *
 *     struct { uint64 start; optional<uint32> greatest_at_start; MonitorMapEntry later<0..2^8-1>; } Owned;
 *     struct { uint32 version; opaque vrf_output[32]; optional<HashValue> commitment; } Version;
 *
 * Version 1 is read as one that knows no distinguished entries, and written as version 2.
 */

import { compareBytes, equalBytes } from '../../bytes/compare.js';
import { decode, encode, fixedBytes, struct, uint32, uint64, uint8, vector } from '../../bytes/codec.js';
import type { Codec } from '../../bytes/codec.js';
import type { Reader } from '../../bytes/reader.js';
import { optional } from '../../bytes/variants.js';
import type { Writer } from '../../bytes/writer.js';
import { DecodeError, PolicyError, StateError } from '../../errors.js';
import {
  type ClientState,
  EMPTY_STATE,
  type LabelState,
  LABELS_MAX,
  neededVersions,
} from './client-state.js';
import { monitoringLadder } from '../walks/ladder.js';
import { monitorMapCodec, type MonitorMapEntry } from '../wire/monitor-messages.js';
import {
  closeDistinguished,
  knownDistinguishedCodec,
  openDistinguished,
  type WireDistinguished,
} from './known-distinguished.js';
import type { OwnedLabel } from './owned-label.js';
import { type LogEntry, logEntryCodec } from '../wire/proofs.js';
import { frontier } from '../walks/search-tree.js';
import {
  type AuditorTreeHead,
  auditorTreeHeadCodec,
  type SignedTreeHead,
  treeHeadCodec,
} from '../wire/tree-head.js';
import type { TrustedLog } from '../verifier/trusted-log.js';
import type { KnownHead } from '../verifier/verified-proof.js';
import { hashCodec, labelCodec, vector8 } from '../wire/wire-context.js';

/** Bytes of a state: room for 40,000 contacts. */
export const STATE_MAX_BYTES: number = 2 ** 24;

interface WireHead {
  readonly treeHead: SignedTreeHead;
  readonly auditorTreeHead: AuditorTreeHead | undefined;
  readonly fullSubtrees: readonly Uint8Array[];
  readonly frontier: readonly LogEntry[];
}

interface WireVersion {
  readonly version: number;
  readonly vrfOutput: Uint8Array;
  readonly commitment: Uint8Array | undefined;
}

interface WireLabel extends Omit<LabelState, 'isPartial' | 'versions'> {
  readonly isPartial: number;
  readonly versions: readonly WireVersion[];
}

interface WireState {
  readonly log: Uint8Array;
  readonly head: WireHead | undefined;
  readonly known: WireDistinguished;
  readonly labels: readonly WireLabel[];
}

const headCodec: Codec<WireHead> = /* @__PURE__ */ struct<WireHead>({
  treeHead: treeHeadCodec,
  auditorTreeHead: /* @__PURE__ */ optional(auditorTreeHeadCodec),
  fullSubtrees: /* @__PURE__ */ vector8(hashCodec),
  frontier: /* @__PURE__ */ vector8(logEntryCodec),
});

const ownedCodec: Codec<OwnedLabel> = /* @__PURE__ */ struct<OwnedLabel>({
  start: uint64,
  greatestAtStart: /* @__PURE__ */ optional(uint32),
  later: monitorMapCodec,
});

const versionCodec: Codec<WireVersion> = /* @__PURE__ */ struct<WireVersion>({
  version: uint32,
  vrfOutput: hashCodec,
  commitment: /* @__PURE__ */ optional(hashCodec),
});

const labelStateCodec: Codec<WireLabel> = /* @__PURE__ */ struct<WireLabel>({
  label: labelCodec,
  checkedMs: uint64,
  isPartial: uint8,
  monitored: monitorMapCodec,
  owned: /* @__PURE__ */ optional(ownedCodec),
  versions: /* @__PURE__ */ vector(versionCodec, { min: 1, ceiling: 2 ** 16 - 1, upFront: true }),
});

const parts = /* @__PURE__ */ Object.freeze({
  log: /* @__PURE__ */ fixedBytes(32),
  head: /* @__PURE__ */ optional(headCodec),
  known: knownDistinguishedCodec,
  labels: /* @__PURE__ */ vector(labelStateCodec, { min: 0, ceiling: LABELS_MAX, upFront: true }),
});
const stateOne: Codec<Omit<WireState, 'known'>> = /* @__PURE__ */ struct<Omit<WireState, 'known'>>({
  log: parts.log,
  head: parts.head,
  labels: parts.labels,
});
const stateTwo: Codec<WireState> = /* @__PURE__ */ struct<WireState>(parts);
const VERSION = 2;

/** Reads both versions, and writes the newer. */
const stateCodec: Codec<WireState> = /* @__PURE__ */ Object.freeze({
  read(reader: Reader): WireState {
    const version = reader.uint(2);
    if (version === 1) return { ...stateOne.read(reader), known: closeDistinguished([]) };
    if (version !== VERSION) throw reader.error('ERR_ENUM', 'a state of an unknown version');
    return stateTwo.read(reader);
  },
  write(writer: Writer, state: WireState): void {
    writer.uint(2, VERSION);
    stateTwo.write(writer, state);
  },
});

/**
 * A state as bytes, fresh.
 * @throws PolicyError `ERR_STATE_LIMIT` over {@link STATE_MAX_BYTES}
 */
export function encodeState({ id }: TrustedLog, { head, distinguished, labels }: ClientState): Uint8Array {
  const wire: WireState = {
    log: id,
    head:
      head === undefined
        ? undefined
        : {
            treeHead: head.treeHead,
            auditorTreeHead: head.auditorTreeHead,
            fullSubtrees: head.view.fullSubtrees,
            frontier: head.view.frontier,
          },
    known: closeDistinguished(distinguished),
    labels: labels.map((kept) => ({
      ...kept,
      isPartial: kept.isPartial ? 1 : 0,
      versions: Array.from(kept.versions, ([version, { vrfOutput, commitment }]) => ({
        version,
        vrfOutput,
        commitment,
      })),
    })),
  };
  const bytes = encode(stateCodec, wire);
  if (bytes.length > STATE_MAX_BYTES) throw new PolicyError('ERR_STATE_LIMIT', 'the state is too large');
  return bytes;
}

/**
 * A state from bytes; the empty one from none. What is no state that this library writes is refused, so that a
 * damaged one is noticed here and not as a log's misbehaviour.
 * @throws StateError `ERR_STORED_STATE`; `ERR_STATE_LOG` it belongs to another log
 */
export function decodeState(log: TrustedLog, bytes: Uint8Array | undefined): ClientState {
  if (bytes === undefined) return EMPTY_STATE;
  const wire = decodeWire(bytes);
  if (!equalBytes(wire.log, log.id)) throw new StateError('ERR_STATE_LOG', 'the state of another log');
  const head = wire.head === undefined ? undefined : openHead(wire.head);
  assertStored((head?.auditorTreeHead !== undefined) === (head !== undefined && isAudited(log)));
  assertStored(isAscending(wire.labels, (a, b) => compareBytes(a.label, b.label)));
  const labels = wire.labels.map((label) => openLabel(label, head?.treeHead.treeSize ?? 0));
  const distinguished = openDistinguished(wire.known, head?.treeHead.treeSize ?? 0);
  if (distinguished === undefined) throw damaged();
  return Object.freeze({ head, distinguished, labels: Object.freeze(labels) });
}

function decodeWire(bytes: Uint8Array): WireState {
  try {
    return decode(stateCodec, bytes, 'ClientState', STATE_MAX_BYTES);
  } catch (error) {
    if (error instanceof DecodeError) throw new StateError('ERR_STORED_STATE', 'the state is damaged');
    throw error;
  }
}

const isAudited = ({ configuration }: TrustedLog): boolean => configuration.mode === 'thirdPartyAuditing';

function openHead({ treeHead, auditorTreeHead, fullSubtrees, frontier: entries }: WireHead): KnownHead {
  const { treeSize } = treeHead;
  assertStored(treeSize > 0 && (auditorTreeHead?.treeSize ?? 1) > 0);
  const positions = frontier(treeSize);
  assertStored(fullSubtrees.length === positions.length && entries.length === positions.length);
  assertStored(entries.every(({ timestampMs }, i) => timestampMs >= (entries[i - 1]?.timestampMs ?? 0)));
  const known = entries.map((entry, i) => Object.freeze({ position: positions[i] as number, ...entry }));
  const view = Object.freeze({ treeSize, fullSubtrees, frontier: Object.freeze(known) });
  return Object.freeze({ treeHead, auditorTreeHead, view });
}

function openLabel({ versions, isPartial, ...kept }: WireLabel, treeSize: number): LabelState {
  const { monitored, owned } = kept;
  assertStored(isPartial <= 1 && (isPartial === 0 || owned !== undefined));
  assertStored(monitored.length > 0 || owned !== undefined);
  assertMap(monitored, { position: -1, version: -1 }, treeSize);
  if (owned !== undefined) {
    assertStored(owned.start < treeSize);
    assertMap(owned.later, { position: owned.start, version: owned.greatestAtStart ?? -1 }, treeSize);
  }
  const known = new Map(
    versions.map(({ version, vrfOutput, commitment }) => [version, Object.freeze({ vrfOutput, commitment })]),
  );
  const needed = neededVersions(kept);
  assertStored(needed.length === versions.length && needed.every((each, i) => each === versions[i]?.version));
  const watched = monitored.flatMap(({ version }) => monitoringLadder(version));
  assertStored(watched.every((version) => known.get(version)?.commitment !== undefined));
  return Object.freeze({ ...kept, isPartial: isPartial === 1, versions: known });
}

/** Positions and versions rise from `above` on, within the tree. */
function assertMap(entries: readonly MonitorMapEntry[], above: MonitorMapEntry, treeSize: number): void {
  let before = above;
  for (const entry of entries) {
    assertStored(
      entry.position > before.position && entry.version > before.version && entry.position < treeSize,
    );
    before = entry;
  }
}

function isAscending<T>(values: readonly T[], compare: (a: T, b: T) => number): boolean {
  return values.every((value, i) => i === 0 || compare(values[i - 1] as T, value) < 0);
}

function assertStored(condition: boolean): void {
  if (!condition) throw damaged();
}

function damaged(): StateError {
  return new StateError('ERR_STORED_STATE', 'the state is not what this library writes');
}
