/**
 * Monitoring versions of a label that were looked up (draft, "Monitoring the Tree", "Contact Algorithm"): as the log
 * grows, new entries come to stand above the one that was found, and must have the version too, until one of them
 * is distinguished and so checked by the label's owner.
 *
 *                    7                      version 4 was found in entry 8, and the tree has grown to 14 entries:
 *              /           \                10* ... its ancestors to the right, 9 and 11, are asked for
 *           3                 11*           a monitoring ladder, up to the first that is distinguished
 *         /   \             /    \
 *       1       5         9*       13
 *      / \     / \       / \       /
 *     0   2   4   6    (8)  10    12
 */

import { VerificationError } from '../../errors.js';
import { walkIsDistinguished } from './distinguished.js';
import { monitoringLadder } from './ladder.js';
import type { MonitorMapEntry } from '../wire/monitor-messages.js';
import { rightAncestors } from './search-tree.js';
import { askLookUps, type Walk } from './walk.js';

/** What of an operation decides how a map is monitored. */
export interface MonitoringSettings {
  readonly treeSize: number;
  /** The log's Reasonable Monitoring Window. */
  readonly windowMs: number;
  /**
   * Where this is part of an owner's monitoring: the owner's rightmost verified distinguished entry. The owner's own
   * algorithm comes next and looks into the distinguished entries to the right of it.
   */
  readonly ownerStart?: number | undefined;
}

/**
 * The walk that monitors a label. The user's view of the tree has been updated before.
 *
 * @param entries the map: in ascending order of position, no position and no version twice
 * @returns the map afterwards, in the same order, without what needs no monitoring any more
 * @throws VerificationError `ERR_MONITORED_VERSION` a version is gone from an entry that must have it, or entries
 *   that stand above each other do not agree
 */
export function* walkMonitoring(
  settings: MonitoringSettings,
  entries: readonly MonitorMapEntry[],
): Walk<MonitorMapEntry[]> {
  const { treeSize, windowMs, ownerStart } = settings;
  /** The versions for which ladders were given in this response. */
  const targets = new Map<number, number>();
  const left: MonitorMapEntry[] = [];
  for (const { position, version } of [...entries].reverse()) {
    // At a distinguished entry, an owner has looked: nothing is left to do.
    if (yield* walkIsDistinguished(position, treeSize, windowMs)) continue;
    const { path, endsDistinguished } = yield* pathOf(position, settings);
    // Step 2.4 passes over the final distinguished entry, and does not say that the pair is dropped all the same. It
    // is: the owner's state has the position and version until that entry is verified, and what stays in the map are
    // entries of the frontier.
    const isOwners = ownerStart !== undefined && position >= ownerStart;
    const inspected = isOwners && endsDistinguished ? path.slice(0, -1) : path;
    const end = yield* climb(version, inspected, targets);
    if (end === 'merged' || endsDistinguished) continue;
    const moved = Object.freeze({ position: end ?? position, version });
    // A map has one version for a position. Where this one comes up to an entry that a version further to the right
    // has not moved from, no ladder was given for that, and the greater version is the one to keep.
    const above = left.at(-1);
    if (above?.position !== moved.position) left.push(moved);
    else if (above.version <= version) throw noGreaterVersion();
  }
  return left.reverse();
}

/** Ancestors to the right, up to and with the first that is distinguished. */
function* pathOf(
  position: number,
  { treeSize, windowMs }: MonitoringSettings,
): Walk<{ readonly path: readonly number[]; readonly endsDistinguished: boolean }> {
  const path: number[] = [];
  for (const ancestor of rightAncestors(position, treeSize)) {
    path.push(ancestor);
    if (yield* walkIsDistinguished(ancestor, treeSize, windowMs)) return { path, endsDistinguished: true };
  }
  return { path, endsDistinguished: false };
}

/**
 * Asks one entry after the other for a ladder.
 * @returns the last of them, `undefined` where there was none; `merged` where a greater version is monitored there
 */
function* climb(
  version: number,
  path: readonly number[],
  targets: Map<number, number>,
): Walk<number | 'merged' | undefined> {
  let end: number | undefined;
  for (const position of path) {
    const target = targets.get(position);
    if (target !== undefined) {
      // Of two versions the greater was found further to the right, so it came here first.
      if (target > version) return 'merged';
      throw noGreaterVersion();
    }
    const included = yield* askLookUps(position, monitoringLadder(version));
    if (!included.every((isIncluded) => isIncluded)) {
      throw new VerificationError('ERR_MONITORED_VERSION', 'a version is gone from a log entry');
    }
    targets.set(position, version);
    end = position;
  }
  return end;
}

function noGreaterVersion(): VerificationError {
  return new VerificationError('ERR_MONITORED_VERSION', 'a later log entry has no greater version');
}
