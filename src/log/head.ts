/**
 * Tree heads: a size and a root that belong together.
 *
 * They are one value because a proof does not tell them apart. The inclusion proof of leaf 0 among 8 also
 * fits sizes 5, 6 and 7 with the same root:
 *
 *              root                 root
 *             /    \               /    \
 *            ●      p2            ●      p2       The verifier sees p0, p1, p2. How many leaves
 *           / \                  / \              are under p2, 1 or 4, no hash tells.
 *          ●   p1               ●   p1
 *         / \                  / \
 *        0   p0               0   p0
 *
 * So the size must be authenticated together with the root, by the log's signature over both.
 */

import { assertInteger, assertObject } from '../bytes/arguments.js';
import { ArgumentRangeError } from '../errors.js';
import { assertBytes } from '../bytes/compare.js';
import { HASH_LENGTH } from './subtree.js';

/**
 * A log's size and root. Whoever passes one to `verifyInclusion` or `verifyConsistency` vouches for it: both
 * fields come from one signed statement whose signature was checked, or from one's own stored state.
 */
export interface TreeHead {
  /** Leaves, 1 to 2^53 - 1 where something is to be proven. */
  readonly treeSize: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/**
 * A frozen copy of a head that can prove something, each field read once. The head of an empty tree cannot:
 * it has no entries, and every tree extends it.
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function copyHead(head: TreeHead, name: string): TreeHead {
  assertObject(head, name);
  const { treeSize, root } = head;
  assertInteger(treeSize, `${name}.treeSize`, 1, Number.MAX_SAFE_INTEGER);
  assertBytes(root, `${name}.root`);
  if (root.length !== HASH_LENGTH)
    throw new ArgumentRangeError(`${name}.root must have ${HASH_LENGTH} bytes`);
  return Object.freeze({ treeSize, root: new Uint8Array(root) });
}
