/**
 * Merging what two of a user's own devices remember of one contact. Every part is joined by a rule that does not
 * ask who comes first (highest sequence, union of facts, latest human decision), so merging is commutative,
 * associative and idempotent, and whatever order states arrive in, devices end up with the same one.
 *
 * It decides nothing: a merged contact is verified only by a pin that a person set on one of the devices, judged
 * against the newest list and all handovers known to either.
 *
 * Merging never raises trust, but for what a person decided. "Never above both sides" and "the latest human decision
 * counts" cannot both hold to the letter. One device has compared the key and holds an alarm that nobody saw (doubtful);
 * on the other the person has seen that alarm, but never compared (unverified). If the alarm is seen and the comparison
 * counts, the result is verified, above both. If it is not, one of two decisions stayed on the device where it was made,
 * and one alarm has to be waved away on each, which teaches people to wave alarms away. So the decisions count, and
 * nothing else:
 * - no decision is invented or revived; an alarm, a reset, a list turned off or a word withdrawn on one side outweighs
 *   all trust of the other;
 * - `consistent` rests on facts, and facts of two devices never add up: of what the log proved, only that counts which one
 *   device saw while it used that very list and had no reason to doubt it (`Proven.inUse`). A list from one device and
 *   its proof from another wait for the next answer of the log;
 * - `verified` rests on a comparison. How far that one carries, all lists count that the devices saw (one the first of
 *   them, another the rest), and whether a directory or log is in order again, the later of their answers says.
 */

import { compareBytes } from '../bytes/compare.js';
import { ArgumentRangeError } from '../errors.js';
import { joinSets, keyText, later, newest, signingKeyBytes } from './join.js';
import { joinNotes } from './note.js';
import {
  ACCEPTED_MAX,
  type Block,
  type ContactState,
  FOLLOWED_MAX,
  type Handover,
  HANDOVERS_MAX,
  type ListInUse,
  type ListName,
  type Pin,
  type PinnedBy,
  PINS_MAX,
  type ProofTimes,
  type Proven,
  type RemovedDevice,
  REMOVED_MAX,
  type Span,
  type Trouble,
  type TroubleCode,
  WRITTEN_MAX,
} from './state.js';
import { joinTroubles } from './trouble.js';

const PINNED_BY: readonly PinnedBy[] = ['public-code', 'safety-number', 'qr', 'code'];

/**
 * The state of a contact from the states of two own devices (CKV/1, "Reviewing a contact").
 *
 * Alarms of either stay until seen on one; two compared keys that contradict each other, and two lists of one
 * sequence, are found by the next review. The devices of the merged state are those of the newest list of either;
 * send that list's bytes along, for they are what the next list is verified against.
 *
 * @param a from this device, or decoded from another own device over a channel that authenticates it
 * @returns frozen; shares parts with both
 * @throws ArgumentRangeError where they are of two contacts
 */
export function mergeContacts(a: ContactState, b: ContactState): ContactState {
  const named = a.identifier.length > 0 ? a.identifier : b.identifier;
  const foreign = b.identifier.length > 0 && compareBytes(named, b.identifier) !== 0;
  if (a.owner !== b.owner || foreign) {
    throw new ArgumentRangeError('states of two contacts cannot be merged');
  }
  const list = joinLists(a.list, b.list);
  return Object.freeze({
    owner: a.owner,
    identifier: named,
    list,
    accepted: joinNames(a.accepted, b.accepted, ACCEPTED_MAX),
    followed: joinSpans(a.followed, b.followed),
    handovers: joinHandovers(a.handovers, b.handovers),
    removed: joinRemoved(a.removed, b.removed),
    pins: joinPins(a.pins, b.pins),
    block: joinBlocks(a.block, b.block),
    proven: joinProven(a.proven, b.proven),
    troubles: joinTroubles(troublesWith(list, a), troublesWith(list, b)),
    notes: joinNotes(a.notes, b.notes),
    written: joinNames(a.written, b.written, WRITTEN_MAX),
  });
}

/** Highest sequence; of two lists of one sequence, which is an alarm, the larger list id: any fixed choice. */
function joinLists(a: ListInUse | undefined, b: ListInUse | undefined): ListInUse | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const order = a.sequence - b.sequence || compareBytes(a.listId, b.listId);
  if (order !== 0) return order > 0 ? a : b;
  return a.acceptedMs <= b.acceptedMs ? a : b;
}

/** Troubles that a newer list ends, whichever device it came to. */
const OF_A_LIST: ReadonlySet<TroubleCode> = /* @__PURE__ */ new Set<TroubleCode>([
  'list-gap',
  'update-needed',
  'directory-outdated',
]);

/**
 * A device's troubles, without those of a list that the merged state does not go by: kept, one would seem to last
 * from then on, and the next honest lag would be an alarm. What was an alarm already is a note, and stays.
 */
function troublesWith(list: ListInUse | undefined, state: ContactState): readonly Trouble[] {
  if (list === undefined) return state.troubles;
  const goesBy = state.list !== undefined && compareBytes(state.list.listId, list.listId) === 0;
  return goesBy ? state.troubles : state.troubles.filter(({ code }) => !OF_A_LIST.has(code));
}

const nameKey = ({ sequence, listId }: ListName): string => keyText(sequence, listId);

/** Names of lists as a set, the newest `max` of them. */
export function joinNames(a: readonly ListName[], b: readonly ListName[], max: number): readonly ListName[] {
  return newest(
    joinSets(a, b, nameKey, (x) => x),
    max,
  );
}

/** Spans that share a list become one. */
export function joinSpans(a: readonly Span[], b: readonly Span[]): readonly Span[] {
  const joined: Span[] = [];
  for (const span of [...a, ...b].sort((x, y) => x.from - y.from)) {
    const last = joined.at(-1);
    if (last === undefined || span.from > last.to) joined.push(span);
    else joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
  }
  return Object.freeze(newest(joined, FOLLOWED_MAX).map((span) => Object.freeze(span)));
}

export function joinHandovers(a: readonly Handover[], b: readonly Handover[]): readonly Handover[] {
  const keyOf = ({ sequence, from, to, how }: Handover): string => keyText(sequence, from, to, how);
  const earliest = (x: Handover, y: Handover): Handover => (x.atMs <= y.atMs ? x : y);
  return newest(joinSets(a, b, keyOf, earliest), HANDOVERS_MAX);
}

export function joinRemoved(
  a: readonly RemovedDevice[],
  b: readonly RemovedDevice[],
): readonly RemovedDevice[] {
  const keyOf = (device: RemovedDevice): string =>
    keyText(device.sequence, signingKeyBytes(device.signingKey));
  const earliest = (x: RemovedDevice, y: RemovedDevice): RemovedDevice => (x.atMs <= y.atMs ? x : y);
  return newest(joinSets(a, b, keyOf, earliest), REMOVED_MAX);
}

/** Latest human decision, key by key. */
export function joinPins(a: readonly Pin[], b: readonly Pin[]): readonly Pin[] {
  const joined = joinSets(
    a,
    b,
    ({ keyId }) => keyText(keyId),
    (x, y) => ({
      ...later(x, y, ({ atMs, sequence, by }) => [atMs, -sequence, PINNED_BY.indexOf(by)]),
      droppedMs: Math.max(x.droppedMs, y.droppedMs),
    }),
  );
  if (joined.length <= PINS_MAX) return joined;
  // The oldest word is forgotten, set or given up alike. If only the time of setting counted, the word that gave a key
  // up could be forgotten here, and the key come back from another device as one that is set.
  const wordMs = ({ atMs, droppedMs }: Pin): number => Math.max(atMs, droppedMs);
  const kept = new Set([...joined].sort((x, y) => wordMs(y) - wordMs(x)).slice(0, PINS_MAX));
  return Object.freeze(joined.filter((pin) => kept.has(pin)));
}

/** Latest human decision; of two at one time, blocked. */
function joinBlocks(a: Block, b: Block): Block {
  return later(a, b, ({ atMs, blocked }) => [atMs, blocked ? 1 : 0]);
}

/** What was proven of the newer list counts: only with it can a later proof be an older list's. */
export function joinProven(a: Proven | undefined, b: Proven | undefined): Proven | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const order = a.sequence - b.sequence || compareBytes(a.listId, b.listId);
  if (order !== 0) return order > 0 ? a : b;
  return Object.freeze({ ...a, ...laterTimes(a, b), inUse: laterTimes(a.inUse, b.inUse) });
}

function laterTimes(a: ProofTimes, b: ProofTimes): ProofTimes {
  return Object.freeze({
    includedMs: Math.max(a.includedMs, b.includedMs),
    newestMs: Math.max(a.newestMs, b.newestMs),
  });
}
