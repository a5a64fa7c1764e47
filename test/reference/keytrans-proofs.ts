/** Proofs as they travel: "Tree Proofs". */

import {
  LARGE,
  must,
  Nh,
  readHash,
  readUint64,
  structure,
  writeHash,
  writeUint64,
} from './keytrans-context.js';

export const InclusionProof = structure(
  LARGE,
  (r) => ({ elements: r.vector(2, Nh, readHash(r)) }),
  (w, v) => w.vector(2, v.elements, writeHash(w)),
);

export const PrefixLeaf = structure(
  LARGE,
  (r) => ({ vrfOutput: r.fixed(Nh), commitment: r.fixed(Nh) }),
  (w, v) => {
    w.fixed(Nh, v.vrfOutput);
    w.fixed(Nh, v.commitment);
  },
);

const RESULTS = ['', 'inclusion', 'nonInclusionLeaf', 'nonInclusionParent'];

export const PrefixSearchResult = structure(
  LARGE,
  (r, c) => {
    const resultType = RESULTS[r.enumerator([1, 2, 3])] as string;
    if (resultType !== 'nonInclusionLeaf') return { resultType, depth: r.uint(1) };
    return { resultType, leaf: PrefixLeaf.read(r, c), depth: r.uint(1) };
  },
  (w, v, c) => {
    w.enumerator([1, 2, 3], RESULTS.indexOf(v.resultType));
    if (v.resultType === 'nonInclusionLeaf') PrefixLeaf.write(w, must(v.leaf), c);
    w.uint(1, v.depth);
  },
);

export const PrefixProof = structure(
  LARGE,
  (r, c) => ({
    // A type and a depth: two bytes.
    results: r.vector(1, 2, () => PrefixSearchResult.read(r, c)),
    elements: r.vector(2, Nh, readHash(r)),
  }),
  (w, v, c) => {
    w.vector(1, v.results, (result) => PrefixSearchResult.write(w, result, c));
    w.vector(2, v.elements, writeHash(w));
  },
);

export const CombinedTreeProof = structure(
  LARGE,
  (r, c) => ({
    timestampsMs: r.vector(1, 8, readUint64(r)),
    // Two counts: 1 + 2 bytes.
    prefixProofs: r.vector(1, 3, () => PrefixProof.read(r, c)),
    prefixRoots: r.vector(1, Nh, readHash(r)),
    inclusion: InclusionProof.read(r, c),
  }),
  (w, v, c) => {
    w.vector(1, v.timestampsMs, writeUint64(w));
    w.vector(1, v.prefixProofs, (proof) => PrefixProof.write(w, proof, c));
    w.vector(1, v.prefixRoots, writeHash(w));
    InclusionProof.write(w, v.inclusion, c);
  },
);
