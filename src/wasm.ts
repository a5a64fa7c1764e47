/**
 * Tree hashing in WebAssembly, for those who hash whole logs. This is the only door that carries the modules;
 * a program that does not import it does not bundle them.
 */

export type { PairTags, ProofBatch, TreeHasher } from './hashing/tree-hasher.js';
export { createWasmHasher, tryCreateWasmHasher, type WasmHasherOptions } from './hashing/wasm-hasher.js';
