/**
 * A thread that hashes by itself, on leaves of its own, and exchanges nothing: what as many of these as there are
 * workers do in a time is what the machine had to give just then.
 */

import { parentPort } from 'node:worker_threads';
import { createTreeBuilder } from 'contact-key-verification/log.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';

const BATCH_BYTES = 2 ** 20;
const hasher = createWasmHasher();
const leafHashes = new Uint8Array(BATCH_BYTES);

parentPort?.on('message', (leaves: number) => {
  const builder = createTreeBuilder({ hasher });
  while (builder.treeSize < leaves) {
    const bytes = Math.min(BATCH_BYTES, (leaves - builder.treeSize) * 32);
    builder.append(leafHashes.subarray(0, bytes));
  }
  parentPort?.postMessage(builder.treeSize, []);
});
