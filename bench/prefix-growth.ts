/**
 * What it costs to grow a prefix tree: the same batches into the same tree by every engine, in turn, at several sizes.
 *
 * The harness knows no promises, and a node store is nothing but; so this has a clock of its own. All engines must
 * arrive at one root, and every proof is verified, so a fast wrong answer fails here too. The store is the one in
 * memory: what a database takes for its reads and writes comes on top, and how many these are is counted.
 */

import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { TreeHasher } from 'contact-key-verification/log.js';
import {
  createMemoryNodeStore,
  createPrefixTree,
  type MemoryNodeStore,
  type NodeStore,
  type PrefixLeaf,
  type PrefixProof,
  type PrefixTreeHead,
  verifyPrefixProof,
} from 'contact-key-verification/prefix.js';
import { medianOf } from './harness.js';

/** How much to measure. */
export interface GrowthPlan {
  /** Leaves in the tree, ascending. */
  readonly sizes: readonly number[];
  /** Entries in a batch, and how many batches are timed. */
  readonly batches: readonly { readonly entries: number; readonly samples: number }[];
  /** Keys in a proof, and how many proofs are timed. */
  readonly proofs: readonly { readonly keys: number; readonly samples: number }[];
}

/** The cost of one size of batch at one size of tree. */
export interface GrowthCost {
  readonly leaves: number;
  readonly entries: number;
  readonly engine: string;
  /** Median over the batches. */
  readonly microsecondsPerEntry: number;
  /** Of one batch, on average: calls of `getMany`, pages read, pages written. */
  readonly roundTrips: number;
  readonly pagesRead: number;
  readonly pagesWritten: number;
  /** Leaves and parents, those of the pages that are read included. */
  readonly nodesHashed: number;
  /** Of the microseconds for an entry, those that the node store took: on average. */
  readonly storeMicroseconds: number;
}

/** The cost of proofs: half of the keys are there, half are not. */
export interface ProofCost {
  readonly leaves: number;
  readonly keys: number;
  readonly engine: string;
  /** Of the encoding, on average. */
  readonly bytes: number;
  /** Of one proof: medians. */
  readonly proveMicroseconds: number;
  readonly verifyMicroseconds: number;
}

/** What a tree takes in the store in memory when everything older is pruned. */
export interface GrowthMemory {
  readonly leaves: number;
  readonly pages: number;
  /** Held by the store: for pages, their keys and the table of these. */
  readonly storeBytesPerLeaf: number;
  /** What the process holds, after its garbage was collected where that is allowed. */
  readonly processBytesPerLeaf: number;
}

/** All that was measured. */
export interface Growth {
  readonly costs: readonly GrowthCost[];
  readonly proofs: readonly ProofCost[];
  readonly memory: readonly GrowthMemory[];
}

/** A tree is grown by a tenth at a time, within these bounds: of what is not measured, large batches take least. */
const BUILD_BATCH_MIN = 10_000;
const BUILD_BATCH_MAX = 100_000;

/** Leaves as a VRF and a commitment make them: hashes. The same on every run. */
function makeLeaves(first: number, count: number): PrefixLeaf[] {
  return Array.from({ length: count }, (_, i) => {
    const both = createHash('sha512')
      .update(`leaf ${first + i}`)
      .digest();
    return { vrfOutput: new Uint8Array(both.subarray(0, 32)), commitment: new Uint8Array(both.subarray(32)) };
  });
}
/** Where leaves begin that only timed batches add, and keys that no tree holds. */
const OTHERS = 1e12;

interface Counts {
  reads: number;
  pagesRead: number;
  pagesWritten: number;
  nodesHashed: number;
  storeMs: number;
}

/** A store that counts what passes through it. */
function countedStore(store: NodeStore, counts: Counts): NodeStore {
  const timed = async <T>(run: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    // The store in memory does its work before it returns.
    const result = run();
    counts.storeMs += performance.now() - start;
    return result;
  };
  return {
    getMany(keys) {
      // Journals are read beside the first page, and written before the others.
      const pages = keys.filter((key) => !key.endsWith('!')).length;
      if (pages > 0) counts.reads++;
      counts.pagesRead += pages;
      return timed(() => store.getMany(keys));
    },
    putMany(entries) {
      counts.pagesWritten += entries.filter(({ key }) => !key.endsWith('!')).length;
      return timed(() => store.putMany(entries));
    },
    deleteMany: (keys) => store.deleteMany(keys),
  };
}

/** An engine that counts what it hashes. */
function countedHasher(hasher: TreeHasher, counts: Counts): TreeHasher {
  return {
    ...hasher,
    hashPairs(pairs, tags) {
      counts.nodesHashed += pairs.length / 64;
      return hasher.hashPairs(pairs, tags);
    },
  };
}

/** A tree that grows, everything older pruned. */
interface GrownTree {
  readonly store: MemoryNodeStore;
  readonly head: PrefixTreeHead;
  readonly leaves: number;
  /** The last position that was used. */
  position: number;
}

/**
 * Measures one plan.
 * @throws Error where two engines disagree, or a proof is false
 */
export async function measureGrowth(plan: GrowthPlan, engines: readonly TreeHasher[]): Promise<Growth> {
  const [builder] = engines as [TreeHasher];
  const heldAtFirst = await heldBytes();
  const store = createMemoryNodeStore();
  let grown: GrownTree | undefined;
  const memory: GrowthMemory[] = [];
  const costs: GrowthCost[] = [];
  const proofs: ProofCost[] = [];
  for (const size of plan.sizes) {
    grown = await growTo(store, grown, size, builder);
    memory.push({
      leaves: size,
      pages: store.size,
      storeBytesPerLeaf: store.allocatedBytes / size,
      processBytesPerLeaf: ((await heldBytes()) - heldAtFirst) / size,
    });
    for (const { keys, samples } of plan.proofs)
      proofs.push(...(await measureProofs(grown, keys, samples, engines)));
    for (const { entries, samples } of plan.batches) {
      costs.push(...(await measureBatches(grown, entries, samples, engines)));
    }
  }
  return { costs, proofs, memory };
}

/** Of the heap and of arrays outside of it. These are freed by another thread, some time after a collection. */
async function heldBytes(): Promise<number> {
  globalThis.gc?.();
  await setTimeout(100);
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function growTo(
  store: MemoryNodeStore,
  grown: GrownTree | undefined,
  size: number,
  hasher: TreeHasher,
): Promise<GrownTree> {
  const tree = createPrefixTree({ store, hasher });
  let head = grown?.head;
  let leaves = grown?.leaves ?? 0;
  let position = grown?.position ?? 0;
  while (leaves < size) {
    const batch = Math.min(BUILD_BATCH_MAX, Math.max(BUILD_BATCH_MIN, Math.floor(leaves / 10)));
    const added = makeLeaves(leaves, Math.min(batch, size - leaves));
    const from = head?.position ?? 0;
    position++;
    head = await tree.update(head, { position, added });
    leaves += added.length;
    await tree.prune({ from, keep: head });
  }
  return { store, head: head as PrefixTreeHead, leaves, position };
}

/** The same batches by every engine, in turn, always into the tree as it is. */
async function measureBatches(
  grown: GrownTree,
  entries: number,
  samples: number,
  engines: readonly TreeHasher[],
): Promise<GrowthCost[]> {
  const times = engines.map(() => [] as number[]);
  const counts = engines.map(() => ({
    reads: 0,
    pagesRead: 0,
    pagesWritten: 0,
    nodesHashed: 0,
    storeMs: 0,
  }));
  for (let sample = 0; sample <= samples; sample++) {
    const added = makeLeaves(OTHERS + sample * entries, entries);
    const roots = new Set<string>();
    for (const [turn] of engines.entries()) {
      const i = (sample + turn) % engines.length;
      const counted = counts[i] as Counts;
      const tree = createPrefixTree({
        store: countedStore(grown.store, counted),
        hasher: countedHasher(engines[i] as TreeHasher, counted),
      });
      // A position of its own for each: the next one that is kept prunes what was stored for these.
      grown.position++;
      const start = performance.now();
      const { root } = await tree.update(grown.head, { position: grown.position, added });
      // The first ones are for the just-in-time compilers.
      if (sample > 0) times[i]?.push(((performance.now() - start) * 1000) / entries);
      roots.add(Buffer.from(root).toString('hex'));
    }
    if (roots.size !== 1) throw new Error('the engines computed several roots');
  }
  const updates = samples + 1;
  return engines.map(({ name }, i) => {
    const { reads, pagesRead, pagesWritten, nodesHashed, storeMs } = counts[i] as Counts;
    return {
      leaves: grown.leaves,
      entries,
      engine: name,
      microsecondsPerEntry: medianOf(times[i] as number[]),
      roundTrips: reads / updates,
      pagesRead: pagesRead / updates,
      pagesWritten: pagesWritten / updates,
      nodesHashed: nodesHashed / updates,
      storeMicroseconds: (storeMs * 1000) / updates / entries,
    };
  });
}

async function measureProofs(
  grown: GrownTree,
  count: number,
  samples: number,
  engines: readonly TreeHasher[],
): Promise<ProofCost[]> {
  const proving = engines.map(() => [] as number[]);
  const verifying = engines.map(() => [] as number[]);
  let bytes = 0;
  for (let sample = 0; sample <= samples; sample++) {
    const keys = Array.from({ length: count }, (_, i) => {
      const at = (sample * count + i) * 7919;
      const isThere = (sample + i) % 2 === 0;
      return makeLeaves(isThere ? at % grown.leaves : OTHERS + at, 1)[0] as PrefixLeaf;
    });
    for (const [turn] of engines.entries()) {
      const i = (sample + turn) % engines.length;
      const hasher = engines[i];
      const tree = createPrefixTree({ store: grown.store, hasher });
      const start = performance.now();
      const { proof } = await tree.prove(
        grown.head,
        keys.map(({ vrfOutput }) => vrfOutput),
      );
      const proven = performance.now();
      const found = verifyPrefixProof(grown.head.root, keys, proof, { hasher });
      const verified = performance.now();
      if (found.some(({ commitment }, j) => (commitment !== undefined) !== ((sample + j) % 2 === 0))) {
        throw new Error('a proof says what is false');
      }
      if (sample === 0) continue;
      proving[i]?.push((proven - start) * 1000);
      verifying[i]?.push((verified - proven) * 1000);
      if (turn === 0) bytes += encodedBytes(proof) / samples;
    }
  }
  return engines.map(({ name }, i) => ({
    leaves: grown.leaves,
    keys: count,
    engine: name,
    bytes,
    proveMicroseconds: medianOf(proving[i] as number[]),
    verifyMicroseconds: medianOf(verifying[i] as number[]),
  }));
}

/** Of a PrefixProof as the draft encodes it. */
function encodedBytes({ results, elements }: PrefixProof): number {
  const leaves = results.filter(({ resultType }) => resultType === 'nonInclusionLeaf').length;
  return 3 + 2 * results.length + 64 * leaves + 32 * elements.length;
}
