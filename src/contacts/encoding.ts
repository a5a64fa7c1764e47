/**
 * A contact's state as bytes, for storage and for one's other devices.
 *
 *     uint16 version = 3, then the parts of ContactState in order; sets in the order that joining gives them
 *
 * | version | differs |
 * | --- | --- |
 * | 1 | has no `written`; its notes have no `evidenceOmitted` and no `folded` |
 * | 2 | does not say what the log proved of the list in use: what it says of that list counts |
 * | 3 | this one |
 *
 * An older version is migrated when read. A newer one is `UnsupportedError`: keep the bytes, and do not write over
 * them, for a newer app can read them.
 */

import { type Codec, decode, encode, opaque, struct, uint64 } from '../bytes/codec.js';
import { assertBytes, equalBytes } from '../bytes/compare.js';
import { Reader } from '../bytes/reader.js';
import { DecodeError, UnsupportedError } from '../errors.js';
import { mergeContacts } from './merge.js';
import { isUnseen } from './note.js';
import {
  flag,
  handover,
  list,
  name,
  note,
  noteOne,
  oneOf,
  optional,
  OWNERS,
  pin,
  proven,
  provenTwo,
  removed,
  set,
  span,
  trouble,
  TROUBLES,
} from './records.js';
import {
  ACCEPTED_MAX,
  assertState,
  type ContactState,
  FOLLOWED_MAX,
  HANDOVERS_MAX,
  PINS_MAX,
  REMOVED_MAX,
  WRITTEN_MAX,
} from './state.js';

const VERSION = 3;
const OLDEST_VERSION = 1;
/** Room for a list of 65,536 bytes, notes with evidence, and the sets at their bounds. */
const STATE_MAX_BYTES: number = 2 ** 22;
/** More than joining ever leaves: a few dozen kinds of notes, each with its bound. */
const NOTES_MAX: number = 2 ** 15;

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
  proven: /* @__PURE__ */ optional(provenTwo),
  troubles: /* @__PURE__ */ set(trouble, TROUBLES.length),
  notes: /* @__PURE__ */ set(noteOne, NOTES_MAX),
});

const stateOne: Codec<StateOne> = /* @__PURE__ */ struct<StateOne>(partsOne);

const partsTwo: { readonly [K in keyof ContactState]: Codec<ContactState[K]> } =
  /* @__PURE__ */ Object.freeze({
    ...partsOne,
    notes: /* @__PURE__ */ set(note, NOTES_MAX),
    written: /* @__PURE__ */ set(name, WRITTEN_MAX),
  });

const stateTwo: Codec<ContactState> = /* @__PURE__ */ struct<ContactState>(partsTwo);
const stateThree: Codec<ContactState> = /* @__PURE__ */ struct<ContactState>({
  ...partsTwo,
  proven: /* @__PURE__ */ optional(proven),
});

/**
 * Version 1 raised an alarm for every own list that it could not account for. Where the user has seen it, or there was
 * none, the list in use is the user's; otherwise the alarm is raised again.
 */
function fromOne(state: StateOne): ContactState {
  const { owner, list: current, notes } = state;
  const isDoubted = notes.some((given) => given.code === 'own-list-foreign' && isUnseen(given));
  const isOwn = owner === 'own' && current !== undefined && !isDoubted;
  const written = isOwn ? [Object.freeze({ sequence: current.sequence, listId: current.listId })] : [];
  return Object.freeze({ ...state, written: Object.freeze(written) });
}

/** Version 2 took every proof of the list in use for one that a device saw while it went by that list. */
function fromTwo(state: ContactState): ContactState {
  const { list: current, proven: known } = state;
  if (current === undefined || known === undefined || !equalBytes(known.listId, current.listId)) return state;
  const { includedMs, newestMs } = known;
  const inUse = Object.freeze({ includedMs, newestMs });
  return Object.freeze({ ...state, proven: Object.freeze({ ...known, inUse }) });
}

/** Reads any version that is known, and brings it to the newest. */
const versioned: Codec<ContactState> = {
  read(reader) {
    const version = reader.uint(2);
    if (version === VERSION) return stateThree.read(reader);
    return fromTwo(version === 2 ? stateTwo.read(reader) : fromOne(stateOne.read(reader)));
  },
  write(writer, state) {
    writer.uint(2, VERSION);
    stateThree.write(writer, state);
  },
};

/**
 * A contact's state as bytes, in the newest version.
 * @returns fresh; the same for states that hold the same facts
 * @throws argument errors where `state` is none
 */
export function encodeContact(state: ContactState): Uint8Array {
  assertState(state);
  return encode(versioned, state);
}

/**
 * A contact's state from bytes, of this version or an earlier one. Bytes from another device count as much as the
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
