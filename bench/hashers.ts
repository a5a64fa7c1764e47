/**
 * Who hashes: the engines of this library, Node's own SHA-256, and peers from `bench/thirdparty` where they are
 * wanted and installed.
 */

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { createTypeScriptHasher, type TreeHasher } from 'contact-key-verification/log.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import { byCreateHash, byHash, type Sha256 } from './independent.js';

/** All that take part. */
export interface Hashers {
  readonly engines: readonly TreeHasher[];
  /** They hash one message at a time. */
  readonly oneByOne: readonly { readonly name: string; readonly sha256: Sha256 }[];
  /** They hash many pairs of hashes, of 64 bytes and without a prefix, at a time. */
  readonly barePairs: readonly {
    readonly name: string;
    readonly hashPairs: (hashes: Uint8Array) => Uint8Array;
  }[];
}

/** Everything that is here without installing anything. */
export function ownHashers(): Hashers {
  return {
    engines: [createWasmHasher(), createWasmHasher({ simd: 'off' }), createTypeScriptHasher()],
    oneByOne: [
      { name: 'node:crypto createHash()', sha256: byCreateHash },
      { name: 'node:crypto hash()', sha256: byHash },
    ],
    barePairs: [],
  };
}

/** The names of each peer that are used here. */
interface Noble {
  readonly sha256: Sha256;
}
interface HashWasm {
  createSHA256(): Promise<{
    init(): void;
    update(data: Uint8Array): void;
    digest(form: 'binary'): Uint8Array;
  }>;
}
interface AsSha256 {
  readonly digest: Sha256;
  readonly simdEnabled: boolean;
  hashInto(input: Uint8Array, output: Uint8Array): void;
}
interface Hashtree {
  hashInto(input: Uint8Array, output: Uint8Array): void;
}

/**
 * Everything, peers included.
 * @throws Error where a peer is not installed: see `npm run bench:peers`
 */
export async function allHashers(): Promise<Hashers> {
  const own = ownHashers();
  const noble = await load<Noble>('@noble/hashes/sha2.js');
  const hashWasm = await (await load<HashWasm>('hash-wasm')).createSHA256();
  const asSha256 = await load<AsSha256>('@chainsafe/as-sha256');
  const hashtree = await loadNative<Hashtree>('@chainsafe/hashtree');
  return {
    engines: own.engines,
    oneByOne: [
      ...own.oneByOne,
      { name: '@noble/hashes', sha256: noble.sha256 },
      {
        name: 'hash-wasm, reused',
        sha256: (message) => {
          hashWasm.init();
          hashWasm.update(message);
          return hashWasm.digest('binary');
        },
      },
      { name: '@chainsafe/as-sha256 digest()', sha256: asSha256.digest },
    ],
    barePairs: [
      {
        name: `@chainsafe/as-sha256 hashInto(), ${asSha256.simdEnabled ? 'SIMD' : 'scalar'}, 64 bytes`,
        ...into(asSha256),
      },
      ...(hashtree === undefined
        ? []
        : [{ name: '@chainsafe/hashtree, native, 64 bytes', ...into(hashtree) }]),
    ],
  };
}

function into({ hashInto }: Hashtree): { hashPairs: (hashes: Uint8Array) => Uint8Array } {
  return {
    hashPairs: (hashes) => {
      const output = new Uint8Array(hashes.length / 2);
      hashInto(hashes, output);
      return output;
    },
  };
}

/** The same, of a package that takes part only where its maker offers a binary for this platform. */
async function loadNative<Package>(name: string): Promise<Package | undefined> {
  try {
    return await load<Package>(name);
  } catch {
    return undefined;
  }
}

/** A package of `bench/thirdparty`, which is installed there and nowhere else. */
async function load<Package>(name: string): Promise<Package> {
  const manifest = new URL(
    'bench/thirdparty/package.json',
    import.meta.resolve('contact-key-verification/package.json'),
  );
  return (await import(pathToFileURL(createRequire(manifest).resolve(name)).href)) as Package;
}
