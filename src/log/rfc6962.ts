/**
 * The hashing of Certificate Transparency: RFC 6962 section 2.1, unchanged in RFC 9162 section 2.1.1, and what
 * tlog-tiles, Sigstore and the Go checksum database use.
 */

import type { TreeScheme } from './scheme.js';

/** Before the left child of every node (RFC 6962 section 2.1). */
const NODE = /* @__PURE__ */ Object.freeze({ left: 0x01 });

/** `leaf = H(00 ‖ data)`, `node = H(01 ‖ L ‖ R)`, `H("")` for the tree without leaves. Frozen. */
export const rfc6962: TreeScheme = /* @__PURE__ */ Object.freeze({
  name: 'RFC 6962',
  leafPrefix: 0x00,
  twoLeaves: NODE,
  parentAndLeaf: NODE,
  twoParents: NODE,
  emptyRoot: 'hash-of-nothing',
});
