/**
 * A contact's state as bytes, for storage and for one's other devices.
 *
 *     uint16 version = 2, then the parts of ContactState in order; sets in the order that joining gives them
 *
 * | version | differs |
 * | --- | --- |
 * | 1 | has no `written`: lists of one's own devices were not remembered |
 * | 2 | this one |
 *
 * An older version is migrated when read. A newer one is `UnsupportedError`: keep the bytes, and do not write over
 * them, for a newer app can read them.
 */

import { assertBytes, equalBytes } from '../bytes/compare.js';
import {
  type Codec,
  decode,
  encode,
  fixedBytes,
  mapped,
  opaque,
  struct,
  uint16,
  uint32,
  uint64,
  uint8,
  vector,
} from '../bytes/codec.js';
import { Reader } from '../bytes/reader.js';
import { DecodeError, UnsupportedError } from '../errors.js';
import { type FindingCode, FINDINGS, type Level, REASONS } from './finding.js';
import { mergeContacts } from './merge.js';
import {
  ACCEPTED_MAX,
  type ContactDevice,
  type ContactState,
  EVIDENCE_MAX,
  FOLLOWED_MAX,
  type Handover,
  HANDOVERS_MAX,
  type ListInUse,
  type ListName,
  type Note,
  NOTES_PER_CODE,
  type Pin,
  type PinnedBy,
  PINS_MAX,
  type Proven,
  type RemovedDevice,
  REMOVED_MAX,
  type Span,
  type Trouble,
  type TroubleCode,
  WRITTEN_MAX,
} from './state.js';

const VERSION = 2;
const OLDEST_VERSION = 1;
/** Room for a list of 65,536 bytes, notes with evidence, and the sets at their bounds. */
const STATE_MAX_BYTES: number = 2 ** 22;

/** Numbered from 0, in stored states: the order of these never changes. */
const CODES = /* @__PURE__ */ Object.keys(FINDINGS) as readonly FindingCode[];
const LEVELS: readonly Level[] = ['notice', 'warning', 'alarm'];
const PINNED_BY: readonly PinnedBy[] = ['code', 'safety-number', 'qr', 'public-code'];
const HOWS: readonly Handover['how'][] = ['authored', 'succeeded', 'reset'];
const OWNERS: readonly ContactState['owner'][] = ['contact', 'own'];
const TROUBLES: readonly TroubleCode[] = [
  'list-gap',
  'update-needed',
  'directory-outdated',
  'log-outdated',
  'log-unavailable',
  'log-stale',
  'log-proof-invalid',
  'code-interrupted',
];
/** Codes × levels × (notes of one kind and the one that stands for more): the ceiling of a state's notes. */
const NOTES_MAX: number = CODES.length * LEVELS.length * (NOTES_PER_CODE + 1);

function oneOf<T>(values: readonly T[]): Codec<T> {
  return mapped(
    uint8,
    (number, reader, start) => {
      const value = values[number];
      if (value === undefined) throw reader.error('ERR_ENUM', 'an unknown value', start);
      return value;
    },
    (value) => values.indexOf(value),
  );
}

function set<T>(element: Codec<T>, limit: number): Codec<readonly T[]> {
  return vector(element, { min: 0, ceiling: 2 ** 16 - 1, limit });
}

/** A value that may be missing. */
function optional<T>(element: Codec<T>): Codec<T | undefined> {
  return mapped(
    vector(element, { min: 0, ceiling: 1 }),
    ([value]) => value,
    (value) => (value === undefined ? [] : [value]),
  );
}

const flag: Codec<boolean> = /* @__PURE__ */ oneOf([false, true]);
const hash: Codec<Uint8Array> = /* @__PURE__ */ fixedBytes(32);
const anyHash: Codec<Uint8Array> = /* @__PURE__ */ opaque(0, 32);

const signingKey: Codec<ContactDevice['signingKey']> = /* @__PURE__ */ mapped(
  /* @__PURE__ */ struct({ scheme: uint16, key: /* @__PURE__ */ opaque(0, 255) }),
  ({ scheme, key }) => {
    if (scheme !== 0x0403 && scheme !== 0x0807) throw new UnsupportedError('ERR_SCHEME', 'unknown scheme');
    return Object.freeze({ scheme, key });
  },
  (publicKey) => publicKey,
);

const device: Codec<ContactDevice> = /* @__PURE__ */ struct<ContactDevice>({
  id: /* @__PURE__ */ opaque(1, 32),
  signingKey,
  messagingKeys: /* @__PURE__ */ opaque(0, 2 ** 16 - 1),
});

const list: Codec<ListInUse> = /* @__PURE__ */ struct<ListInUse>({
  sequence: uint32,
  listId: hash,
  accountKeyId: hash,
  earlierKeyIds: /* @__PURE__ */ vector(hash, { min: 0, ceiling: 255, limit: 64 }),
  verification: flag,
  devices: /* @__PURE__ */ vector(device, { min: 0, ceiling: 255, limit: 64 }),
  acceptedMs: uint64,
});

const name: Codec<ListName> = /* @__PURE__ */ struct<ListName>({ sequence: uint32, listId: hash });
const span: Codec<Span> = /* @__PURE__ */ struct<Span>({ from: uint32, to: uint32 });

const handover: Codec<Handover> = /* @__PURE__ */ struct<Handover>({
  sequence: uint32,
  from: hash,
  to: hash,
  how: /* @__PURE__ */ oneOf(HOWS),
  atMs: uint64,
});

const removed: Codec<RemovedDevice> = /* @__PURE__ */ struct<RemovedDevice>({
  sequence: uint32,
  signingKey,
  atMs: uint64,
});

const pin: Codec<Pin> = /* @__PURE__ */ struct<Pin>({
  keyId: hash,
  by: /* @__PURE__ */ oneOf(PINNED_BY),
  sequence: uint32,
  atMs: uint64,
  droppedMs: uint64,
});

const proven: Codec<Proven> = /* @__PURE__ */ struct<Proven>({
  sequence: uint32,
  listId: hash,
  includedMs: uint64,
  newestMs: uint64,
});

const trouble: Codec<Trouble> = /* @__PURE__ */ struct<Trouble>({
  code: /* @__PURE__ */ oneOf(TROUBLES),
  why: /* @__PURE__ */ oneOf(REASONS),
  ongoing: flag,
  sinceMs: uint64,
  lastMs: uint64,
  count: uint8,
});

const note: Codec<Note> = /* @__PURE__ */ struct<Note>({
  code: /* @__PURE__ */ oneOf(CODES),
  level: /* @__PURE__ */ oneOf(LEVELS),
  why: /* @__PURE__ */ oneOf(REASONS),
  deviceId: anyHash,
  deviceKey: /* @__PURE__ */ opaque(0, 255),
  before: anyHash,
  after: anyHash,
  sequence: uint32,
  sinceMs: uint64,
  lastMs: uint64,
  seenMs: uint64,
  evidence: /* @__PURE__ */ opaque(0, EVIDENCE_MAX),
});

type StateOne = Omit<ContactState, 'written'>;

const partsOne: { readonly [K in keyof StateOne]: Codec<StateOne[K]> } = /* @__PURE__ */ Object.freeze({
  owner: /* @__PURE__ */ oneOf(OWNERS),
  identifier: /* @__PURE__ */ opaque(0, 255),
  list: /* @__PURE__ */ optional(list),
  accepted: /* @__PURE__ */ set(name, ACCEPTED_MAX),
  followed: /* @__PURE__ */ set(span, FOLLOWED_MAX),
  handovers: /* @__PURE__ */ set(handover, HANDOVERS_MAX),
  removed: /* @__PURE__ */ set(removed, REMOVED_MAX),
  pins: /* @__PURE__ */ set(pin, PINS_MAX),
  block: /* @__PURE__ */ struct({ blocked: flag, atMs: uint64 }),
  proven: /* @__PURE__ */ optional(proven),
  troubles: /* @__PURE__ */ set(trouble, TROUBLES.length),
  notes: /* @__PURE__ */ set(note, NOTES_MAX),
});

const stateOne: Codec<StateOne> = /* @__PURE__ */ struct<StateOne>(partsOne);
const stateTwo: Codec<ContactState> = /* @__PURE__ */ struct<ContactState>({
  ...partsOne,
  written: /* @__PURE__ */ set(name, WRITTEN_MAX),
});

/** Reads any version that is known, and brings it to the newest. */
const versioned: Codec<ContactState> = {
  read(reader) {
    const version = reader.uint(2);
    if (version === VERSION) return stateTwo.read(reader);
    return Object.freeze({ ...stateOne.read(reader), written: Object.freeze([]) });
  },
  write(writer, state) {
    writer.uint(2, VERSION);
    stateTwo.write(writer, state);
  },
};

/**
 * A contact's state as bytes, in the newest version.
 * @returns fresh; the same for states that hold the same facts
 * @throws argument errors where `state` is none
 */
export function encodeContact(state: ContactState): Uint8Array {
  return encode(versioned, state);
}

/**
 * A contact's state from bytes, of this version or the one before. Bytes from another device count as much as the
 * channel they came by: the state is believed.
 * @param bytes at most 4 MiB; not changed
 * @returns frozen; `encodeContact` gives these bytes again, if they were of the newest version
 * @throws UnsupportedError `ERR_VERSION`, `ERR_SCHEME`: a newer app wrote it; keep the bytes. DecodeError: not what
 *   this library wrote. ArgumentTypeError
 */
export function parseContact(bytes: Uint8Array): ContactState {
  assertBytes(bytes, 'a contact');
  if (bytes.length > STATE_MAX_BYTES) throw new DecodeError('ERR_TOO_LARGE', 'ContactState', 0, 'too large');
  const version = new Reader(bytes, 'ContactState').uint(2);
  if (version < OLDEST_VERSION || version > VERSION) {
    throw new UnsupportedError('ERR_VERSION', 'a contact state of an unknown version');
  }
  const state = decode(versioned, bytes, 'ContactState', STATE_MAX_BYTES);
  // Sets have one order, and joining a state with itself changes nothing.
  if (!equalBytes(encodeContact(mergeContacts(state, state)), encodeContact(state))) {
    throw new DecodeError('ERR_ORDER', 'ContactState', 0, 'a set is out of order');
  }
  return state;
}
