/**
 * The host's side of the WebAssembly kernel: it copies a batch into the window piece by piece, calls, and
 * copies the digests out. The module has no imports, so all it can reach is its own memory, and that is fixed
 * in size. `assembly/layout.ts` draws the map.
 *
 * What enters that memory stays there until it is overwritten, and every user of the engine shares it. Only
 * what a log publishes goes in: hashes and leaves. **Key material must not**, and no room of this library that
 * handles secrets is given a TreeHasher.
 */

import { UnsupportedError } from '../errors.js';
import type { WebAssemblyApi } from '../platform.js';
import {
  checkLeaves,
  checkPairs,
  type CheckedProofs,
  checkProofs,
  checkSubtrees,
  checkTags,
  HASH_BYTES,
  PAIR_BYTES,
} from './batch.js';
import type { TreeHasher } from './tree-hasher.js';
import { createTypeScriptHasher } from './typescript-hasher.js';
import { passesSelfTest } from './wasm-self-test.js';

/** The regions of memory that the host reads and writes. */
type Region = 'INPUT' | 'OUTPUT' | 'LENGTHS' | 'STEPS' | 'TAGS';

type Globals = Readonly<Record<Region | `${Region}_BYTES`, { readonly value: number }>>;

/** What `assembly/index.ts` exports. */
interface Kernel extends Globals {
  readonly memory: { readonly buffer: ArrayBuffer };
  foldSubtrees(
    count: number,
    height: number,
    bottomLeft: number,
    bottomRight: number,
    innerLeft: number,
    innerRight: number,
  ): void;
  hashLeaves(count: number, leafLength: number, prefix: number): void;
  foldProofs(count: number, wide: boolean): void;
}

/** How the kernel is told that a tag or prefix is not there. */
const ABSENT = -1;

/**
 * Makes an engine of a module's bytes, and lets it out only once it has passed its self-test.
 * @throws UnsupportedError `ERR_NO_WEBASSEMBLY` where the platform refuses to compile (a content security
 *   policy without `wasm-unsafe-eval`, for one), `ERR_SELF_TEST` where the engine computes anything wrong
 */
export function createWasmEngine(
  api: WebAssemblyApi,
  moduleBytes: Uint8Array,
  name: 'wasm-simd' | 'wasm-scalar',
): TreeHasher {
  const engine = bindKernel(instantiate(api, moduleBytes), name);
  if (!passesSelfTest(engine)) {
    throw new UnsupportedError('ERR_SELF_TEST', `${name} computes wrong digests on this platform`);
  }
  return engine;
}

function instantiate(api: WebAssemblyApi, moduleBytes: Uint8Array): Kernel {
  try {
    return new api.Instance(new api.Module(moduleBytes)).exports as unknown as Kernel;
  } catch {
    throw new UnsupportedError('ERR_NO_WEBASSEMBLY', 'this platform refuses to compile WebAssembly');
  }
}

function bindKernel(kernel: Kernel, name: 'wasm-simd' | 'wasm-scalar'): TreeHasher {
  const view = (region: Region): Uint8Array =>
    new Uint8Array(kernel.memory.buffer, kernel[region].value, kernel[`${region}_BYTES`].value);
  const input = view('INPUT');
  const output = view('OUTPUT');
  const foldInLanes = bindProofs(kernel, view);
  /** Height of the highest subtree whose leaves fit the window. */
  const windowHeight = Math.floor(Math.log2(input.length / HASH_BYTES));
  const fallback = createTypeScriptHasher();

  /** Passes items of `itemBytes` through the window, as many at a time as fit; each leaves one digest. */
  function stream(items: Uint8Array, itemBytes: number, hash: (count: number) => void): Uint8Array {
    const total = items.length / itemBytes;
    const step = Math.min(Math.floor(input.length / itemBytes), output.length / HASH_BYTES);
    if (total <= step) {
      input.set(items);
      hash(total);
      return output.slice(0, total * HASH_BYTES);
    }
    const digests = new Uint8Array(total * HASH_BYTES);
    for (let first = 0; first < total; first += step) {
      const count = Math.min(step, total - first);
      input.set(items.subarray(first * itemBytes, (first + count) * itemBytes));
      hash(count);
      digests.set(output.subarray(0, count * HASH_BYTES), first * HASH_BYTES);
    }
    return digests;
  }

  return Object.freeze({
    name,

    hashPairs(hashes, tags) {
      checkPairs(hashes);
      const { left, right = ABSENT } = checkTags(tags, 'tags');
      return stream(hashes, PAIR_BYTES, (count) =>
        kernel.foldSubtrees(2 * count, 1, left, right, left, right),
      );
    },

    foldSubtrees(hashes, height, bottom, inner) {
      checkSubtrees(hashes, height);
      let tags = checkTags(bottom, 'bottom');
      const innerTags = checkTags(inner, 'inner');
      if (height === 0) return new Uint8Array(hashes);

      // A subtree higher than the window is folded in storeys: the roots of one are the leaves of the next.
      let level = hashes;
      for (let done = 0; done < height; done += windowHeight) {
        const storey = Math.min(windowHeight, height - done);
        const { left, right = ABSENT } = tags;
        const { left: innerLeft, right: innerRight = ABSENT } = innerTags;
        const leaves = 2 ** storey;
        level = stream(level, HASH_BYTES * leaves, (count) =>
          kernel.foldSubtrees(count * leaves, storey, left, right, innerLeft, innerRight),
        );
        tags = innerTags;
      }
      return level;
    },

    hashLeaves(leaves, leafLength, prefix) {
      checkLeaves(leaves, leafLength, prefix);
      if (leafLength > input.length) return fallback.hashLeaves(leaves, leafLength, prefix);
      return stream(leaves, leafLength, (count) => kernel.hashLeaves(count, leafLength, prefix ?? ABSENT));
    },

    foldProofs(proofs) {
      const checked = checkProofs(proofs);
      const wide = checked.tags.filter(({ right }) => right !== undefined).length;
      // The lanes hash pairs of one form at a time. No scheme that we know mixes forms.
      if (wide > 0 && wide < checked.tags.length) return fallback.foldProofs(proofs);
      return foldInLanes(checked, wide > 0);
    },
  } satisfies TreeHasher);
}

/** Passes proofs through the window, as many at a time as fit. One of 1,024 siblings always does. */
function bindProofs(
  kernel: Kernel,
  view: (region: Region) => Uint8Array,
): (proofs: CheckedProofs, wide: boolean) => Uint8Array {
  const input = view('INPUT');
  const output = view('OUTPUT');
  const lengthsRegion = view('LENGTHS');
  const stepsRegion = view('STEPS');
  const tagsRegion = view('TAGS');
  const proofsMax = output.length / HASH_BYTES;

  return ({ hashes, lengths, steps, tags }, wide) => {
    tags.forEach(({ left, right = 0 }, i) => {
      tagsRegion[2 * i] = left;
      tagsRegion[2 * i + 1] = right;
    });
    const roots = new Uint8Array(lengths.length * HASH_BYTES);
    let firstHash = 0;
    let firstStep = 0;
    for (let first = 0; first < lengths.length; ) {
      let count = 0;
      let siblings = 0;
      for (; count < proofsMax && first + count < lengths.length; count++) {
        const length = lengths[first + count] as number;
        if ((siblings + length + count + 1) * HASH_BYTES > input.length) break;
        lengthsRegion[2 * count] = length % 256;
        lengthsRegion[2 * count + 1] = Math.floor(length / 256);
        siblings += length;
      }
      input.set(hashes.subarray(firstHash * HASH_BYTES, (firstHash + siblings + count) * HASH_BYTES));
      stepsRegion.set(steps.subarray(firstStep, firstStep + siblings));
      kernel.foldProofs(count, wide);
      roots.set(output.subarray(0, count * HASH_BYTES), first * HASH_BYTES);
      firstHash += siblings + count;
      firstStep += siblings;
      first += count;
    }
    return roots;
  };
}
