/** Trees through `log.js`, over a given engine. */
import {
  hashLeaf,
  hashLeaves,
  type TreeHasher,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from 'contact-key-verification/log.js';
import { expect } from 'vitest';
import { byteList, bytes, type Fields, hex, number } from './files.js';

/** By structure: what the library makes of an input. */
export const TREE_JUDGES: Readonly<Record<string, (input: Fields, hasher: TreeHasher) => Fields>> = {
  LeafHash: (input, hasher) => {
    const data = bytes(input['data']);
    const hash = hashLeaf(data);
    // The batch takes leaves of one byte or more.
    if (data.length > 0) expect(hashLeaves(data, data.length, { hasher })).toEqual(hash);
    return { hash: hex(hash) };
  },
  NodeHash: (input, hasher) => {
    const children = Uint8Array.from([...bytes(input['left']), ...bytes(input['right'])]);
    return { hash: hex(treeRoot(children, { hasher })) };
  },
  TreeRoot: (input, hasher) => {
    const leaves = Uint8Array.from(byteList(input['leafHashes']).flatMap((leaf) => [...leaf]));
    return { root: hex(treeRoot(leaves, { hasher })) };
  },
  Inclusion: (input, hasher) => {
    const head = { treeSize: number(input['treeSize']), root: bytes(input['root']) };
    const claim = {
      index: number(input['index']),
      leafHash: bytes(input['leafHash']),
      proof: byteList(input['proof']),
    };
    const verified = verifyInclusion(head, claim, { hasher });
    expect(verified).toEqual({ ...head, index: claim.index, leafHash: claim.leafHash });
    return {};
  },
  Consistency: (input, hasher) => {
    const older = { treeSize: number(input['olderSize']), root: bytes(input['olderRoot']) };
    const newer = { treeSize: number(input['newerSize']), root: bytes(input['newerRoot']) };
    expect(verifyConsistency(older, newer, byteList(input['proof']), { hasher })).toEqual(newer);
    return {};
  },
};
