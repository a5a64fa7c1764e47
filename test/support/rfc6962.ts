/**
 * The reference's trees, as plain byte arrays: it hashes with Node and so gives Buffers, which a test that
 * compares whole values tells from the library's.
 */

import * as reference from '../reference/tree.js';

type Leaves = readonly Uint8Array[];

const plain = (hash: Uint8Array): Uint8Array => new Uint8Array(hash);

export const leafHash = (data: Uint8Array): Uint8Array => plain(reference.leafHash(data));
export const MTH = (leaves: Leaves): Uint8Array => plain(reference.MTH(leaves));
export const PATH = (index: number, leaves: Leaves): Uint8Array[] => reference.PATH(index, leaves).map(plain);
export const PROOF = (older: number, leaves: Leaves): Uint8Array[] =>
  reference.PROOF(older, leaves).map(plain);
export const keytransRoot = (leaves: Leaves): Uint8Array => plain(reference.keytransRoot(leaves));
