/**
 * The map of a label: which versions are monitored, and the log entry in which each was last seen (draft, "Contact
 * Algorithm").
 *
 *     entry     8    10    11        positions and versions rise together: what was found further to the right
 *     version   4     5     6        is greater, or need not be monitored any more
 *
 * The draft makes the map's keys positions, and rejects requests in which one comes twice, or a version. It does not
 * say what becomes of a version that is found again, or of an older one whose entry stands above that of a newer one.
 * Here the one that shows more stays:
 *
 * - Of two entries of one version the left one: the path up from there leads through the other. Both are the entry
 *   that first held the version, or ancestors of it to the right, so the one is an ancestor of the other.
 * - Of two versions, where the greater one's entry is not to the right, the greater: every ladder for it, from an
 *   entry above both, shows more than one for the lesser.
 */

import type { MonitorMapEntry } from '../wire/monitor-messages.js';

/** How many versions of a label can be monitored at a time: as many as a request can name. */
export const MONITORED_MAX = 255;

/** A map with one more version, in ascending order. */
export function addToMap(
  map: readonly MonitorMapEntry[],
  added: MonitorMapEntry,
): readonly MonitorMapEntry[] {
  const isCovered = map.some(
    ({ position, version }) => version >= added.version && position <= added.position,
  );
  if (isCovered) return map;
  const kept = map.filter(({ position, version }) => version > added.version || position < added.position);
  return Object.freeze([...kept, Object.freeze({ ...added })].sort((a, b) => a.position - b.position));
}
