/**
 * What a user knows of a log's tree: what "Updating Views of the Tree" makes users retain.
 */

import { StateError } from '../../errors.js';
import { frontier } from '../walks/search-tree.js';

const HASH_BYTES = 32;

/** A log entry as users keep it. */
export interface KnownEntry {
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly timestampMs: number;
  /** Root of its prefix tree, 32 bytes. */
  readonly prefixTree: Uint8Array;
}

/** A user's view of a tree. */
export interface TreeView {
  /** Log entries, 1 or more. */
  readonly treeSize: number;
  /** Heads of the full subtrees, the largest first: 32 bytes each. */
  readonly fullSubtrees: readonly Uint8Array[];
  /** The log entries along the frontier, from the root of the search tree to the last. */
  readonly frontier: readonly KnownEntry[];
}

/**
 * Refuses a view that no verified proof can have left behind. Its full subtrees are checked where they are used.
 *
 * A frontier with a gap would be filled from the next proof, whose maker left these entries out.
 *
 * @throws StateError `ERR_STORED_STATE`
 */
export function assertTreeView({ treeSize, frontier: known }: TreeView): void {
  if (!Number.isSafeInteger(treeSize) || treeSize < 1) throw damaged();
  const positions = frontier(treeSize);
  if (known.length !== positions.length) throw damaged();
  let before = 0;
  for (const [i, { position, timestampMs, prefixTree }] of known.entries()) {
    const isOrdered = Number.isSafeInteger(timestampMs) && timestampMs >= before;
    if (position !== positions[i] || !isOrdered || prefixTree.length !== HASH_BYTES) throw damaged();
    before = timestampMs;
  }
}

function damaged(): StateError {
  return new StateError('ERR_STORED_STATE', 'the view of the tree is not what was kept of one');
}
