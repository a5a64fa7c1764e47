/**
 * The TreeHasher on WebAssembly: nine SHA-256 at a time where the platform has SIMD, one at a time otherwise,
 * whole levels of a tree in one call.
 *
 * | limit | value |
 * | --- | --- |
 * | memory of an engine | 512 KiB, fixed; larger batches pass through it in pieces |
 * | input of one call into the module | 256 KiB: 8,192 hashes, a subtree of height 13 |
 * | proofs of one call into the module | 4,096, of 256 KiB together |
 * | leaf hashed in WebAssembly | up to 256 KiB; longer ones by the TypeScript engine, same digests |
 */

import { parseBase64 } from '../bytes/text.js';
import { ArgumentRangeError, ArgumentTypeError, UnsupportedError } from '../errors.js';
import { type WebAssemblyApi, webAssembly } from '../platform.js';
import type { TreeHasher } from './tree-hasher.js';
import { createWasmEngine } from './wasm-engine.js';
import { SCALAR_MODULE, SIMD_MODULE } from './wasm-modules.generated.js';

/** How {@link createWasmHasher} chooses its module. */
export interface WasmHasherOptions {
  /** `auto`, the default: SIMD where the platform accepts it. `off`: always the scalar module. */
  readonly simd?: 'auto' | 'off' | undefined;
}

/**
 * Makes the WebAssembly engine: compiles a module embedded in this package, synchronously and without any
 * request, and checks it against known answers before handing it out. It computes SHA-256 (FIPS 180-4) over
 * the messages that {@link TreeHasher} describes, the same bytes as every other engine, only sooner.
 *
 * Make one and pass it where a `hasher` is taken. Give it public data only: what it has hashed stays in
 * WebAssembly memory until it is overwritten. It takes some 10,000 hashes until the platform's optimising
 * compiler has caught up.
 *
 * @returns a frozen engine, named `wasm-simd` or `wasm-scalar`; its results are fresh, never views
 * @throws UnsupportedError `ERR_NO_WEBASSEMBLY` where there is no WebAssembly, or a policy forbids it (a
 *   Content-Security-Policy needs `'wasm-unsafe-eval'`); `ERR_SELF_TEST` where it computes wrong digests
 * @throws ArgumentTypeError, ArgumentRangeError
 * @example
 * const hasher = createWasmHasher();
 * const roots = hasher.foldSubtrees(leafHashes, 20, { left: 1 }, { left: 1 }); // RFC 6962, 2^20 leaves a root
 */
export function createWasmHasher(options: WasmHasherOptions = {}): TreeHasher {
  const simd = checkSimd(options);
  const api = webAssembly();
  if (api === undefined) {
    throw new UnsupportedError('ERR_NO_WEBASSEMBLY', 'this platform has no WebAssembly');
  }
  if (simd === 'auto') {
    const moduleBytes = parseBase64(SIMD_MODULE);
    if (accepts(api, moduleBytes)) return createWasmEngine(api, moduleBytes, 'wasm-simd');
  }
  return createWasmEngine(api, parseBase64(SCALAR_MODULE), 'wasm-scalar');
}

/**
 * {@link createWasmHasher}, with `undefined` where that throws `UnsupportedError`: the caller goes on with the
 * default engine, slower and no less right. Any other error is thrown all the same.
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function tryCreateWasmHasher(options: WasmHasherOptions = {}): TreeHasher | undefined {
  try {
    return createWasmHasher(options);
  } catch (error) {
    if (error instanceof UnsupportedError) return undefined;
    throw error;
  }
}

/** Whether the platform knows every instruction of a module. One that cannot even say so does not. */
function accepts(api: WebAssemblyApi, moduleBytes: Uint8Array): boolean {
  try {
    return api.validate(moduleBytes);
  } catch {
    return false;
  }
}

function checkSimd(options: WasmHasherOptions): 'auto' | 'off' {
  if (typeof options !== 'object' || options === null) {
    throw new ArgumentTypeError('options must be an object');
  }
  const { simd = 'auto' } = options;
  if (simd !== 'auto' && simd !== 'off') throw new ArgumentRangeError("options.simd must be 'auto' or 'off'");
  return simd;
}
