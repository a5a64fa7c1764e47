/**
 * The hashing of the log tree of IETF Key Transparency (draft-ietf-keytrans-protocol, "Cryptographic Computations",
 * "Log Tree"; editor's copy of 2026-08-18, commit 526cc8a).
 *
 *     leaf = H(LogEntry)                                LogEntry: uint64 timestamp ‖ prefix tree root, 40 bytes
 *     node = H(tag(L) ‖ L ‖ tag(R) ‖ R)                 tag: 00 for a leaf, 01 for a parent
 *
 * The tag belongs to each child, not to the node. Leaves have no tag of their own: what keeps a node from being
 * read as a leaf is that a LogEntry has 40 bytes and a node 66. The root of one leaf is that leaf's hash.
 */

import type { TreeScheme } from './scheme.js';

/** Before a child that is a leaf. */
const LEAF = 0x00;

/** Before a child that is a parent. */
const PARENT = 0x01;

/**
 * `leaf = H(LogEntry)`, `node = H(tag(L) ‖ L ‖ tag(R) ‖ R)`; a tree without leaves has no root. Frozen. For both
 * cipher suites of the draft, whose hash is SHA-256.
 *
 * Sound only over leaves of 40 bytes: one of 66 bytes could be taken for a node.
 */
export const keytransLog: TreeScheme = /* @__PURE__ */ Object.freeze({
  name: 'KEYTRANS log tree',
  twoLeaves: /* @__PURE__ */ Object.freeze({ left: LEAF, right: LEAF }),
  parentAndLeaf: /* @__PURE__ */ Object.freeze({ left: PARENT, right: LEAF }),
  twoParents: /* @__PURE__ */ Object.freeze({ left: PARENT, right: PARENT }),
  emptyRoot: 'none',
});
