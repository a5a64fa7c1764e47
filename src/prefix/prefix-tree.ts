/**
 * The operator's prefix tree: every tree that a log entry names, in one node store, sharing what they share.
 *
 *     base ── update ──▶ head          the head goes into the log entry; only then is it published
 *               │
 *               ├─ getMany  once for each level of pages that a change reaches; more often in large batches
 *               ├─ putMany  the journal, then the pages
 *               ▼
 *           node store                 what no published head refers to is never read: a crash costs nothing
 *
 * | limit | value |
 * | --- | --- |
 * | position | 0 to 2^53 - 1 |
 * | depth of a leaf | 255 |
 * | searches in a proof | 255 |
 * | levels of a page | 1 to 5 |
 * | reads for a search or an update | depth of the deepest leaf it passes / levels of a page, rounded up |
 * | pages in one read | 1,024 in an update: a larger one reads more often |
 *
 * The draft says "versions of the prefix tree", which are not the versions of a label; here a tree is named by its
 * head, and its pages by the position of the log entry that wrote them.
 */

import { assertArray, assertInteger, assertObject } from '../bytes/arguments.js';
import { pruneStore } from './prune.js';
import { createMemoryNodeStore } from './memory-store.js';
import { HASH_BYTES } from './key.js';
import type { NodeStore } from './node-store.js';
import type { Opening } from './open-pages.js';
import { PAGE_LEVELS, PAGE_LEVELS_MAX } from './page.js';
import { type PrefixLeaf, RESULTS_MAX } from './proof.js';
import { proveSearches, type ProvenSearches } from './prove.js';
import { updatePages } from './update.js';
import { createWorkspace, type PrefixOptions, putHash, ZERO_AT } from './workspace.js';

/** How {@link createPrefixTree} keeps its trees. */
export interface PrefixTreeOptions extends PrefixOptions {
  /** Where the pages are; default: in memory. */
  readonly store?: NodeStore | undefined;
  /** Levels of a page, 1 to 5; default 4. The same for as long as a store is used. */
  readonly levelsPerPage?: number | undefined;
}

/** A tree: what an operator keeps of it, beside its log entry. Plain data. */
export interface PrefixTreeHead {
  /** The position under which its topmost page is stored: that of the last log entry that changed something. */
  readonly position: number;
  /** 32 bytes, for the log entry; zeros for the tree without leaves. */
  readonly root: Uint8Array;
}

/** The changes of a log entry. */
export interface PrefixChanges {
  /** Of the log entry that the tree is made for: above that of the tree it is made from. */
  readonly position: number;
  /** New leaves, in any order. */
  readonly added?: readonly PrefixLeaf[] | undefined;
  /** Keys of leaves that go, in any order, 32 bytes each. One may also be added: then it is replaced. */
  readonly removed?: readonly Uint8Array[] | undefined;
}

/** The prefix trees of a log. */
export interface PrefixTree {
  /**
   * Makes the tree of a log entry from that of the entry before, and stores what is new of it.
   *
   * Removals come before additions, and no leaf is moved by a removal. Give all changes of a log entry at
   * once: a batch reads and hashes what its keys share only once. Two updates must not run under one position at a
   * time, and a position whose head was published must not be used again. Where an update fails or the program ends
   * before its head is published, the old tree is whole, and the position can be used again.
   *
   * @param base the tree of the log entry before; `undefined` for the tree without leaves
   * @returns the new tree; `base` itself where nothing changes
   * @throws VerificationError `ERR_PREFIX_PRESENT`, `ERR_PREFIX_ABSENT`; `ERR_PREFIX_DEPTH` two keys share 255 bits
   * @throws StateError `ERR_STORED_STATE` the store does not hold the tree; what the store throws
   * @throws DecodeError `ERR_LENGTH`; ArgumentTypeError, ArgumentRangeError
   */
  update(base: PrefixTreeHead | undefined, changes: PrefixChanges): Promise<PrefixTreeHead>;

  /**
   * Searches a tree for keys, and proves what was found.
   *
   * @param head of the tree; `undefined` for the tree without leaves
   * @param vrfOutputs the keys, at most 255; in the order in which the verifier asks. For an auditor: those added,
   *   then those removed, in ascending order, and here one may come twice
   * @returns the proof, and what the tree holds; fresh and frozen
   * @throws StateError `ERR_STORED_STATE` the store does not hold the tree; what the store throws
   * @throws DecodeError `ERR_LENGTH`; ArgumentTypeError, ArgumentRangeError
   */
  prove(head: PrefixTreeHead | undefined, vrfOutputs: readonly Uint8Array[]): Promise<ProvenSearches>;

  /**
   * Deletes what only older trees need, and what was stored for updates that were given up. The older trees cannot
   * be read afterwards. Where it fails half-way, call it again.
   *
   * @param range `from`: the first position that was not pruned before. `keep`: the oldest tree that is still needed;
   *   every younger one must have been made from it, one after the other
   * @throws StateError `ERR_STORED_STATE` the journals do not lead back from `keep`; what the store throws
   * @throws DecodeError `ERR_LENGTH`; ArgumentTypeError, ArgumentRangeError
   */
  prune(range: { readonly from: number; readonly keep: PrefixTreeHead }): Promise<void>;
}

/**
 * Creates the prefix trees of a log, over a node store. It keeps nothing between two calls.
 *
 * @throws ArgumentTypeError, ArgumentRangeError
 * @example
 * const tree = createPrefixTree({ store, hasher });
 * const head = await tree.update(undefined, { position: 0, added: [{ vrfOutput, commitment }] });
 * const { proof } = await tree.prove(head, [vrfOutput]);
 */
export function createPrefixTree(options: PrefixTreeOptions = {}): PrefixTree {
  assertObject(options, 'options');
  const { store = createMemoryNodeStore(), levelsPerPage: levels = PAGE_LEVELS, hasher } = options;
  assertObject(store, 'options.store');
  assertInteger(levels, 'options.levelsPerPage', 1, PAGE_LEVELS_MAX);
  const open = (): Opening => ({ store, levels, work: createWorkspace({ hasher }) });

  return Object.freeze({
    async update(base, changes) {
      const opening = open();
      const { work } = opening;
      assertObject(changes, 'changes');
      const { position, added = [], removed = [] } = changes;
      const { rootAt, position: basePosition } = putHead(opening, base);
      assertInteger(position, 'changes.position', basePosition + 1, Number.MAX_SAFE_INTEGER);
      assertArray(added, 'changes.added');
      assertArray(removed, 'changes.removed');
      const addedAt = added.map((leaf) => {
        assertObject(leaf, 'changes.added');
        const at = putHash(work, leaf.vrfOutput, 'PrefixLeaf.vrfOutput');
        putHash(work, leaf.commitment, 'PrefixLeaf.commitment');
        return at;
      });
      const removedAt = removed.map((key) => putHash(work, key, 'PrefixLeaf.vrfOutput'));
      if (addedAt.length + removedAt.length === 0) {
        return base ?? Object.freeze({ position, root: new Uint8Array(HASH_BYTES) });
      }
      const root = await updatePages(
        opening,
        { rootAt, position: basePosition },
        { position, added: addedAt, removed: removedAt },
      );
      return Object.freeze({ position, root });
    },

    async prove(head, vrfOutputs) {
      const opening = open();
      const { rootAt, position } = putHead(opening, head);
      assertArray(vrfOutputs, 'vrfOutputs');
      assertInteger(vrfOutputs.length, 'vrfOutputs.length', 0, RESULTS_MAX);
      const keys = vrfOutputs.map((key) => putHash(opening.work, key, 'PrefixSearch.vrfOutput'));
      return proveSearches(opening, rootAt, position, keys);
    },

    async prune(range) {
      assertObject(range, 'range');
      const { from, keep } = range;
      assertObject(keep, 'range.keep');
      const { position } = putHead(open(), keep);
      assertInteger(from, 'range.from', 0, Number.MAX_SAFE_INTEGER);
      await pruneStore(store, from, position);
    },
  } satisfies PrefixTree);
}

/** Where a tree's root lies in the workspace, and its position: below every other where it is the first. */
function putHead(
  { work }: Opening,
  head: PrefixTreeHead | undefined,
): { readonly rootAt: number; readonly position: number } {
  if (head === undefined) return { rootAt: ZERO_AT, position: -1 };
  assertObject(head, 'head');
  const { root, position } = head;
  assertInteger(position, 'head.position', 0, Number.MAX_SAFE_INTEGER);
  return { rootAt: putHash(work, root, 'PrefixTreeHead.root'), position };
}
