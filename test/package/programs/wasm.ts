/** The engine where the platform has one and its policy allows it; the same root without. */

import { createWasmHasher, tryCreateWasmHasher } from 'contact-key-verification/wasm.js';
import { encodeHex } from 'contact-key-verification/bytes.js';
import { UnsupportedError } from 'contact-key-verification/errors.js';
import { hashLeaf, treeRoot } from 'contact-key-verification/log.js';

/** The code with which the engine is refused, or that it is there. */
function demandEngine(): string {
  try {
    return createWasmHasher().name.replace(/-.*/, '');
  } catch (error) {
    if (error instanceof UnsupportedError) return error.code;
    throw error;
  }
}

export function work(): string {
  const count = 1000;
  const leaves = new Uint8Array(32 * count);
  for (let index = 0; index < count; index++) leaves.set(hashLeaf(Uint8Array.of(index % 256)), 32 * index);
  const hasher = tryCreateWasmHasher();
  const root = encodeHex(treeRoot(leaves, { hasher }));
  const isSame = root === encodeHex(treeRoot(leaves));
  return `${hasher === undefined ? 'no engine' : 'an engine'}, ${demandEngine()}, ${isSame ? root : 'another root'}`;
}
