const leafHashes = new Uint8Array(100_000 * 32);
// ---
import { treeRoot } from 'contact-key-verification';
import { tryCreateWasmHasher } from 'contact-key-verification/wasm.js';

// Without WebAssembly, or where the page's policy forbids it, the TypeScript engine computes the same.
const hasher = tryCreateWasmHasher();
console.log(treeRoot(leafHashes, { hasher }));
