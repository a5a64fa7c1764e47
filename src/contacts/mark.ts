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

/** How a pin stands towards the list in use. */
export function standingOf(pin: Pin, state: ContactState, list: ListInUse): Standing {
  const later = handoversSince(pin, state);
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

/**
 * The handovers that a pin has to come through. A key that was compared before this device had heard of it counts from
 * the handover that brought it; how it came to be does not matter, for a person has compared it.
 */
function handoversSince(pin: Pin, { handovers }: ContactState): readonly Handover[] {
  const later = handovers.filter(({ sequence }) => sequence > pin.sequence);
  const [first] = later;
  if (first === undefined || equalBytes(first.from, pin.keyId)) return later;
  return later.slice(later.findIndex(({ to }) => equalBytes(to, pin.keyId)) + 1);
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
  const chain = [...list.earlierKeyIds, list.accountKeyId];
  return chain.some((keyId) => equalBytes(keyId, pin.keyId)) ? 'fallen' : 'broken';
}
