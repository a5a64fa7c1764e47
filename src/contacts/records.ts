/**
 * The records of a stored contact as bytes. Numbers of codes, levels, reasons and ways are their places in the lists
 * they are declared in. Those only ever grow at the end, and one that grows makes another version of the state: an app
 * that does not know a number has to say that it is too old, not that the state is damaged.
 */

import {
  type Codec,
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
import { UnsupportedError } from '../errors.js';
import type { FindingCode, Level } from './finding.js';
import { FINDINGS } from './finding-rules.js';
import { REASONS } from './reason.js';
import {
  type ContactDevice,
  type ContactState,
  EVIDENCE_MAX,
  type Handover,
  type ListInUse,
  type ListName,
  NEVER,
  type Note,
  type Pin,
  type PinnedBy,
  type ProofTimes,
  type Proven,
  type RemovedDevice,
  type Span,
  type Trouble,
  type TroubleCode,
} from './state.js';

/** Numbered from 0, in stored states: the order of these never changes. */
const CODES = /* @__PURE__ */ Object.keys(FINDINGS) as readonly FindingCode[];
const LEVELS: readonly Level[] = ['notice', 'warning', 'alarm'];
const PINNED_BY: readonly PinnedBy[] = ['code', 'safety-number', 'qr', 'public-code'];
const HOWS: readonly Handover['how'][] = ['authored', 'succeeded', 'reset'];
export const OWNERS: readonly ContactState['owner'][] = ['contact', 'own'];
export const TROUBLES: readonly TroubleCode[] = [
  'list-gap',
  'update-needed',
  'directory-outdated',
  'log-outdated',
  'log-unavailable',
  'log-stale',
  'log-proof-invalid',
  'code-interrupted',
];

/** One of these, by its number. */
export function oneOf<T>(values: readonly T[]): Codec<T> {
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

/** A set of records. */
export function set<T>(element: Codec<T>, limit: number): Codec<readonly T[]> {
  return vector(element, { min: 0, ceiling: 2 ** 16 - 1, limit });
}

/** A value that may be missing. */
export function optional<T>(element: Codec<T>): Codec<T | undefined> {
  return mapped(
    vector(element, { min: 0, ceiling: 1 }),
    ([value]) => value,
    (value) => (value === undefined ? [] : [value]),
  );
}

export const flag: Codec<boolean> = /* @__PURE__ */ oneOf([false, true]);
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

export const list: Codec<ListInUse> = /* @__PURE__ */ struct<ListInUse>({
  sequence: uint32,
  listId: hash,
  accountKeyId: hash,
  earlierKeyIds: /* @__PURE__ */ vector(hash, { min: 0, ceiling: 255, limit: 64 }),
  verification: flag,
  devices: /* @__PURE__ */ vector(device, { min: 0, ceiling: 255, limit: 64 }),
  acceptedMs: uint64,
});

export const name: Codec<ListName> = /* @__PURE__ */ struct<ListName>({ sequence: uint32, listId: hash });
export const span: Codec<Span> = /* @__PURE__ */ struct<Span>({ from: uint32, to: uint32 });

export const handover: Codec<Handover> = /* @__PURE__ */ struct<Handover>({
  sequence: uint32,
  from: hash,
  to: hash,
  how: /* @__PURE__ */ oneOf(HOWS),
  atMs: uint64,
});

export const removed: Codec<RemovedDevice> = /* @__PURE__ */ struct<RemovedDevice>({
  sequence: uint32,
  signingKey,
  atMs: uint64,
});

export const pin: Codec<Pin> = /* @__PURE__ */ struct<Pin>({
  keyId: hash,
  by: /* @__PURE__ */ oneOf(PINNED_BY),
  sequence: uint32,
  atMs: uint64,
  droppedMs: uint64,
});

const proofTimes: { readonly [K in keyof ProofTimes]: Codec<ProofTimes[K]> } = /* @__PURE__ */ Object.freeze({
  includedMs: uint64,
  newestMs: uint64,
});

type ProvenTwo = Omit<Proven, 'inUse'>;

/** What was proven, in versions 1 and 2: which list was in use then is not said. */
export const provenTwo: Codec<Proven> = /* @__PURE__ */ mapped(
  /* @__PURE__ */ struct<ProvenTwo>({ sequence: uint32, listId: hash, ...proofTimes }),
  (proven) => Object.freeze({ ...proven, inUse: NEVER }),
  (proven) => proven,
);

export const proven: Codec<Proven> = /* @__PURE__ */ struct<Proven>({
  sequence: uint32,
  listId: hash,
  ...proofTimes,
  inUse: /* @__PURE__ */ struct<ProofTimes>(proofTimes),
});

export const trouble: Codec<Trouble> = /* @__PURE__ */ struct<Trouble>({
  code: /* @__PURE__ */ oneOf(TROUBLES),
  why: /* @__PURE__ */ oneOf(REASONS),
  ongoing: flag,
  sinceMs: uint64,
  lastMs: uint64,
  count: uint8,
});

type NoteOne = Omit<Note, 'evidenceOmitted' | 'folded'>;

const notePartsOne: { readonly [K in keyof NoteOne]: Codec<NoteOne[K]> } = /* @__PURE__ */ Object.freeze({
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

/** A note of version 1, which did not count what it folded. */
export const noteOne: Codec<Note> = /* @__PURE__ */ mapped(
  /* @__PURE__ */ struct<NoteOne>(notePartsOne),
  (note) => Object.freeze({ ...note, evidenceOmitted: false, folded: note.why === 'more' ? 1 : 0 }),
  (note) => note,
);

export const note: Codec<Note> = /* @__PURE__ */ struct<Note>({
  ...notePartsOne,
  evidenceOmitted: flag,
  folded: uint16,
});
