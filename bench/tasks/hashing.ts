/**
 * Tasks: leaves, nodes and whole trees of RFC 6962, by every engine of this library, by Node's own SHA-256 one
 * message after another, and by whichever peers were loaded.
 */

import { randomBytes } from 'node:crypto';
import { hashLeaves, type PairTags, type TreeHasher, treeRoot } from 'contact-key-verification/log.js';
import { type Contender, digest, type Task } from '../harness.js';
import {
  byCreateHash,
  foldLevels,
  hashLeavesOneByOne,
  hashPairsOneByOne,
  type Sha256,
} from '../independent.js';
import type { Hashers } from '../hashers.js';

/** RFC 6962 nodes: one tag, before the left hash. */
const NODE: PairTags = { left: 1 };
/** The nodes of the KEYTRANS log tree are of 66 bytes: a second tag before the right hash. */
const TWICE_TAGGED: PairTags = { left: 1, right: 1 };
const CREATE_HASH = 'node:crypto createHash()';

/** Leaves of one length to their hashes. */
export function leavesTask(count: number, length: number, { engines, oneByOne }: Hashers): Task {
  const leaves = randomBytes(count * length);
  const byOne = (sha256: Sha256): Uint8Array => hashLeavesOneByOne(leaves, length, sha256);
  const expected = digest(byOne(byCreateHash));
  return {
    title: `Leaves of ${length} bytes, ${count} at a time`,
    unit: 'leaves',
    units: count,
    baseline: CREATE_HASH,
    contenders: [
      ...engines.map((hasher) => ({
        name: hasher.name,
        run: () => hashLeaves(leaves, length, { hasher }),
        expected,
      })),
      ...oneByOne.map(({ name, sha256 }) => ({ name, run: () => byOne(sha256), expected })),
    ],
  };
}

/** Pairs of hashes to nodes, in batches of a size that divides their number. */
export function nodesTask(count: number, batch: number, hashers: Hashers): Task {
  const hashes = randomBytes(64 * count);
  const batches = Array.from({ length: count / batch }, (_, i) =>
    hashes.subarray(64 * batch * i, 64 * batch * (i + 1)),
  );
  return {
    title: `Nodes, ${batch} at a time`,
    unit: 'nodes',
    units: count,
    baseline: CREATE_HASH,
    contenders: compare(hashers, {
      byEngine: (engine) => Buffer.concat(batches.map((pairs) => engine.hashPairs(pairs, NODE))),
      byPairs: (hashPairs) => Buffer.concat(batches.map(hashPairs)),
    }),
  };
}

/** Pairs with one tag, of 65 bytes, beside pairs with two, of 66: both are two compressions. */
export function pairFormsTask(count: number, { engines }: Hashers): Task {
  const hashes = randomBytes(64 * count);
  const forms = [
    { bytes: 65, tags: NODE },
    { bytes: 66, tags: TWICE_TAGGED },
  ].map(({ bytes, tags }) => ({
    bytes,
    tags,
    expected: digest(hashPairsOneByOne(hashes, byCreateHash, tags)),
  }));
  const byCreateHashToo = forms.map(({ bytes, tags, expected }) => ({
    name: bytes === 65 ? CREATE_HASH : `${CREATE_HASH}, ${bytes} bytes`,
    run: () => hashPairsOneByOne(hashes, byCreateHash, tags),
    expected,
  }));
  const byEngines = engines.flatMap((engine) =>
    forms.map(({ bytes, tags, expected }) => ({
      name: `${engine.name}, ${bytes} bytes`,
      run: () => engine.hashPairs(hashes, tags),
      expected,
    })),
  );
  return {
    title: `Pairs of 65 and of 66 bytes, ${count} at a time`,
    unit: 'pairs',
    units: count,
    baseline: CREATE_HASH,
    contenders: [...byEngines, ...byCreateHashToo],
  };
}

/** From 2^height leaf hashes to one root. */
export function treeTask(height: number, hashers: Hashers): Task {
  const leafHashes = randomBytes(32 * 2 ** height);
  return {
    title: `Whole tree of 2^${height} leaf hashes`,
    unit: 'nodes',
    units: 2 ** height - 1,
    baseline: CREATE_HASH,
    contenders: compare(hashers, {
      byEngine: (hasher) => treeRoot(leafHashes, { hasher }),
      byPairs: (hashPairs) => foldLevels(leafHashes, hashPairs),
    }),
  };
}

/** The same work by all hashers. Those that take bare pairs compute another tree, of as many compressions. */
function compare(
  { engines, oneByOne, barePairs }: Hashers,
  work: {
    readonly byEngine: (engine: TreeHasher) => Uint8Array;
    readonly byPairs: (hashPairs: (hashes: Uint8Array) => Uint8Array) => Uint8Array;
  },
): Contender[] {
  const byOne = (sha256: Sha256): Uint8Array => work.byPairs((hashes) => hashPairsOneByOne(hashes, sha256));
  const expected = digest(byOne(byCreateHash));
  const bare = barePairs.length === 0 ? '' : digest(work.byPairs(hashBarePairs));
  return [
    ...engines.map((engine) => ({ name: engine.name, run: () => work.byEngine(engine), expected })),
    ...oneByOne.map(({ name, sha256 }) => ({ name, run: () => byOne(sha256), expected })),
    ...barePairs.map(({ name, hashPairs }) => ({
      name,
      run: () => work.byPairs(hashPairs),
      expected: bare,
    })),
  ];
}

function hashBarePairs(hashes: Uint8Array): Uint8Array {
  const pairs = Array.from({ length: hashes.length / 64 }, (_, i) => hashes.subarray(64 * i, 64 * i + 64));
  return Buffer.concat(pairs.map(byCreateHash));
}
