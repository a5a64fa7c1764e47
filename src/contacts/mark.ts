/**
 * Whether what a person compared still speaks for the key in use. A mark belongs to a key; it moves to the next one
 * only where the key before handed over, in a list made by a known device, and where no list in between was missed.
 */

import { equalBytes } from '../bytes/compare.js';
import {
  type ContactState,
  type Handover,
  HANDOVERS_MAX,
  type ListInUse,
  NO_SEQUENCE,
  type Note,
  type Pin,
} from './state.js';

/**
 * What a pin says about the list in use:
 * - `stands`: its key is in use, or carried by full handovers to the one in use;
 * - `fallen`: a chain leads to the key in use, but not one that carries a mark (no known device, or lists missed);
 * - `broken`: the account began again since, or no chain leads from the pinned key.
 */
export type Standing = 'stands' | 'fallen' | 'broken';

/**
 * Pins that a person set and has not given up. "Different" takes every mark that was set before it, also one that comes
 * later from a device that had not heard of it.
 */
export function activePins({ pins, notes }: ContactState): readonly Pin[] {
  const differed = differedMs(notes);
  return pins.filter(({ atMs, droppedMs }) => atMs > droppedMs && atMs > differed);
}

/** When a person last said "different" of this contact; 0: never. */
export function differedMs(notes: readonly Note[]): number {
  const words = notes.filter(({ code, why }) => code === 'codes-differ' && why !== 'false-reveal');
  return words.reduce((latest, { lastMs }) => Math.max(latest, lastMs), 0);
}

/**
 * Breaks that were observed by a device on which nothing was compared, and that no list of the state shows: two chains
 * of one contact, or a list that was refused because no chain leads to it.
 */
export function unlistedBreaks({ notes }: ContactState): readonly Note[] {
  return notes.filter(({ code, sequence }) => code === 'account-key-reset' && sequence === NO_SEQUENCE);
}

/** How a pin stands towards the list in use. */
export function standingOf(pin: Pin, state: ContactState, list: ListInUse): Standing {
  const later = handoversSince(pin, state, list);
  if (later.some(({ how }) => how === 'reset')) return 'broken';

  let key = pin.keyId;
  let full = true;
  for (const { how, from, to } of later) {
    if (how !== 'authored' || !equalBytes(from, key)) full = false;
    key = to;
  }
  const carried = full && equalBytes(key, list.accountKeyId) && isFollowed(pin, state, list);
  return carried ? 'stands' : chainFrom(pin, list);
}

/** Resets since a key was compared. */
export function resetsSince(pin: Pin, state: ContactState, list: ListInUse): readonly Handover[] {
  return handoversSince(pin, state, list).filter(({ how }) => how === 'reset');
}

/**
 * The handovers that a pin has to come through. A key that was compared before this device had heard of it counts from
 * the handover that brought it; how it came to be does not matter, for a person has compared it.
 */
function handoversSince(pin: Pin, { handovers }: ContactState, list: ListInUse): readonly Handover[] {
  const later = handovers.filter(({ sequence }) => sequence > pin.sequence);
  const [first] = later;
  const known = first === undefined || equalBytes(first.from, pin.keyId);
  const since = known ? later : later.slice(later.findIndex(({ to }) => equalBytes(to, pin.keyId)) + 1);
  return withoutEarlier(since, pin, list);
}

/**
 * Lists expired for one device, which dates what happened in them to the newest; another device was there, and a person
 * compared a key in between. So what leads from a key that the compared one never led to, to one that the compared one
 * handed over to by its signature, in the list in use, happened before. Only what was seen step by step is
 * never dated so; and what leads to any other key is a break.
 */
function withoutEarlier(handovers: readonly Handover[], pin: Pin, list: ListInUse): readonly Handover[] {
  const chain = [...list.earlierKeyIds, list.accountKeyId];
  const at = chain.findIndex((keyId) => equalBytes(keyId, pin.keyId));
  const successors = at < 0 ? [] : chain.slice(at);
  const line = [pin.keyId];
  for (const { from, to } of handovers) if (includes(line, from)) line.push(to);
  return handovers.filter(
    ({ how, from, to }) => how === 'authored' || includes(line, from) || !includes(successors, to),
  );
}

function includes(keyIds: readonly Uint8Array[], keyId: Uint8Array): boolean {
  return keyIds.some((other) => equalBytes(other, keyId));
}

/** The list of a pin, as far as this device knows its key. */
export function sequenceOfKey(state: ContactState, keyId: Uint8Array): number {
  const { list, handovers } = state;
  if (list === undefined || equalBytes(keyId, list.accountKeyId)) return list?.sequence ?? NO_SEQUENCE;
  // The last list under a key that was left since; an unknown key is compared with the list in use.
  const left = [...handovers].reverse().find(({ from }) => equalBytes(from, keyId));
  return left === undefined ? list.sequence : left.sequence - 1;
}

/** Every list from the pin's to the one in use was seen, and no handover of that time was forgotten. */
function isFollowed(pin: Pin, { followed, handovers }: ContactState, list: ListInUse): boolean {
  // Set before any list: which list it would have been about is not known.
  if (pin.sequence === NO_SEQUENCE) return false;
  const first = handovers[0];
  if (handovers.length === HANDOVERS_MAX && first !== undefined && first.sequence > pin.sequence)
    return false;
  return followed.some(({ from, to }) => from <= pin.sequence && to >= list.sequence);
}

function chainFrom(pin: Pin, list: ListInUse): Standing {
  return includes([...list.earlierKeyIds, list.accountKeyId], pin.keyId) ? 'fallen' : 'broken';
}
