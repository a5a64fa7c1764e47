/**
 * What a user knows of a log's tree: what "Updating Views of the Tree" makes users retain.
 */

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
