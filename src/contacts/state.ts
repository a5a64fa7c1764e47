/**
 * What a device remembers of a contact: facts only, each of a kind that two devices can join without asking which
 * one is right (`merge.ts`). Trust and conditions are computed from them (`assess.ts`), never stored.
 *
 *     ContactState
 *     ├─ list       the newest accepted list: its names, keys and devices
 *     ├─ accepted   names of accepted lists, by which a fork shows
 *     ├─ followed   spans of sequences over which every list was seen
 *     ├─ handovers  how the account key changed: the history of past identities
 *     ├─ pins       the keys a person compared or saved, each with when it was set and dropped
 *     ├─ proven     what the log proved last
 *     ├─ troubles   what does not work at present, and since when
 *     ├─ notes      what a person has to be told, and whether it was seen
 *     └─ written    (own account) names of lists that one's own devices made, or the user accepted
 */

import { ArgumentTypeError } from '../errors.js';
import type { Device } from '../keys/device-list.js';
import type { FindingCode, Level } from './finding.js';
import type { Reason } from './reason.js';

/** Bounds of a state. Beyond them the oldest is dropped, in a way that lowers trust and hides no alarm. */
export const ACCEPTED_MAX = 16;
export const FOLLOWED_MAX = 64;
export const HANDOVERS_MAX = 64;
export const REMOVED_MAX = 64;
export const PINS_MAX = 8;
export const WRITTEN_MAX = 32;
/** Notes of one code, level and reason; what nobody has seen of the rest becomes one note with the reason `more`. */
export const NOTES_PER_KIND = 8;
/** As far as the rest is counted. */
export const FOLDED_MAX = 65_535;
/** Evidence up to this size is kept in the state; larger evidence stays with the app. */
export const EVIDENCE_MAX = 65_536;
/** Sequence of a pin that was set before any list came. */
export const NO_SEQUENCE: number = 2 ** 32 - 1;

/** A device to encrypt to and accept from. */
export type ContactDevice = Readonly<Pick<Device, 'id' | 'signingKey' | 'messagingKeys'>>;

/** A list by its names. */
export interface ListName {
  readonly sequence: number;
  /** 32 bytes. */
  readonly listId: Uint8Array;
}

/** The list in use. */
export interface ListInUse extends ListName {
  readonly accountKeyId: Uint8Array;
  /** keyIds of its chain, oldest first. */
  readonly earlierKeyIds: readonly Uint8Array[];
  readonly verification: boolean;
  readonly devices: readonly ContactDevice[];
  readonly acceptedMs: number;
}

/** From one sequence to another, both included, every list was seen and follows the one before. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** How an account key gave way to another (or to itself, where the account began again under it). */
export interface Handover {
  /** Of the first list under the new key. */
  readonly sequence: number;
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  /** Signed by the key before and made by a known device; signed by the key before alone; or nothing links them. */
  readonly how: 'authored' | 'succeeded' | 'reset';
  readonly atMs: number;
}

/** A device that left the list. */
export interface RemovedDevice {
  readonly sequence: number;
  readonly signingKey: Device['signingKey'];
  readonly atMs: number;
}

/** How a person came to know a key. */
export type PinnedBy = 'code' | 'safety-number' | 'qr' | 'public-code';

/** A key that a person compared or saved. It counts while `atMs` is later than `droppedMs`. */
export interface Pin {
  readonly keyId: Uint8Array;
  readonly by: PinnedBy;
  /** Of the list in use then; {@link NO_SEQUENCE}: none. */
  readonly sequence: number;
  /** When it was last set, and last given up (0: never). */
  readonly atMs: number;
  readonly droppedMs: number;
}

/** The user's word on being in touch at all. */
export interface Block {
  readonly blocked: boolean;
  readonly atMs: number;
}

/** When the log last proved a list to be there, and to be the newest. The log's own times; 0: never. */
export interface ProofTimes {
  readonly includedMs: number;
  readonly newestMs: number;
}

/** What the log last proved of the newest list that it proved anything of. */
export interface Proven extends ListName, ProofTimes {
  /**
   * The same, as far as one device saw it all: the proof, this list in use, and no alarm that follows from what it
   * knows. Only these make a contact `consistent`; what devices saw apart adds up to nothing (`merge.ts`).
   */
  readonly inUse: ProofTimes;
}

/** No proof at all. */
export const NEVER: ProofTimes = /* @__PURE__ */ Object.freeze({ includedMs: 0, newestMs: 0 });

/** What can be out of order for a while. */
export type TroubleCode =
  | 'list-gap'
  | 'update-needed'
  | 'directory-outdated'
  | 'log-outdated'
  | 'log-unavailable'
  | 'log-stale'
  | 'log-proof-invalid'
  | 'code-interrupted';

/** One thing out of order, or in order again. */
export interface Trouble {
  readonly code: TroubleCode;
  readonly why: Reason;
  readonly ongoing: boolean;
  readonly sinceMs: number;
  readonly lastMs: number;
  readonly count: number;
}

/** The facts that make a note what it is; other facts are another note. */
export interface NoteFacts {
  readonly code: FindingCode;
  readonly level: Level;
  readonly why: Reason;
  readonly deviceId: Uint8Array;
  /** Scheme and key; empty: no device. */
  readonly deviceKey: Uint8Array;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** {@link NO_SEQUENCE}: of no list. */
  readonly sequence: number;
}

/** What is the case, and since when. Never stored. */
export interface Condition {
  readonly facts: NoteFacts;
  readonly sinceMs: number;
}

/** Something observed, and whether a person has seen it. */
export interface Note extends NoteFacts {
  readonly sinceMs: number;
  readonly lastMs: number;
  /** 0: not yet. */
  readonly seenMs: number;
  readonly evidence: Uint8Array;
  /** Evidence over {@link EVIDENCE_MAX} came, and is not here. */
  readonly evidenceOmitted: boolean;
  /** Of the reason `more`: how many observations it stands for, at least. */
  readonly folded: number;
}

/** What a device remembers of a contact, or of one identifier of its own account. Frozen. */
export interface ContactState {
  readonly owner: 'contact' | 'own';
  /** Empty until a list has come, where none was given. */
  readonly identifier: Uint8Array;
  readonly list: ListInUse | undefined;
  readonly accepted: readonly ListName[];
  readonly followed: readonly Span[];
  readonly handovers: readonly Handover[];
  readonly removed: readonly RemovedDevice[];
  readonly pins: readonly Pin[];
  readonly block: Block;
  readonly proven: Proven | undefined;
  readonly troubles: readonly Trouble[];
  readonly notes: readonly Note[];
  readonly written: readonly ListName[];
}

/** Refuses what is no state: `null` from a database, or bytes that were not parsed. */
export function assertState(state: ContactState): void {
  const isState = typeof state === 'object' && state !== null && Array.isArray(state.notes);
  if (!isState) throw new ArgumentTypeError('a contact state comes from a review, an event or parseContact');
}

const NONE: readonly never[] = /* @__PURE__ */ Object.freeze([]);

/** The state of a contact of whom nothing is known. */
export function emptyState(owner: 'contact' | 'own', identifier: Uint8Array): ContactState {
  return Object.freeze({
    owner,
    identifier,
    list: undefined,
    accepted: NONE,
    followed: NONE,
    handovers: NONE,
    removed: NONE,
    pins: NONE,
    block: Object.freeze({ blocked: false, atMs: 0 }),
    proven: undefined,
    troubles: NONE,
    notes: NONE,
    written: NONE,
  });
}
