/**
 * Tasks: RFC 6962 leaves and trees, hashed by every engine of this library and by Node's own SHA-256, one
 * message after another.
 */

import { createHash, hash, randomBytes } from 'node:crypto';
import {
  createTypeScriptHasher,
  hashLeaves,
  type TreeHasher,
  treeRoot,
} from 'contact-key-verification/log.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import type { Task } from './harness.js';

/** SHA-256 of one message. */
type Sha256 = (message: Uint8Array) => Uint8Array;

const byCreateHash: Sha256 = (message) => createHash('sha256').update(message).digest();
const byHash: Sha256 = (message) => hash('sha256', message, 'buffer');

/** RFC 9162, section 2.1.1: what sets leaves apart from nodes. */
const LEAF_PREFIX = 0;
const NODE_PREFIX = 1;

/** From 2^height leaf hashes to one root. */
export function rootTask(height: number): Task {
  const leafHashes = randomBytes(32 * 2 ** height);
  return compare({
    title: `Root of 2^${height} leaf hashes`,
    unit: 'nodes of 65 bytes',
    units: 2 ** height - 1,
    batched: (engine) => treeRoot(leafHashes, { hasher: engine }),
    oneByOne: (sha256) => foldOneByOne(leafHashes, sha256),
  });
}

/** Leaves of one length to their hashes. */
export function leavesTask(count: number, length: number): Task {
  const leaves = randomBytes(count * length);
  return compare({
    title: `${count} leaves of ${length} bytes`,
    unit: 'leaves',
    units: count,
    batched: (engine) => hashLeaves(leaves, length, { hasher: engine }),
    oneByOne: (sha256) => hashOneByOne(leaves, length, sha256),
  });
}

/** The same work by all engines and by Node's two ways to SHA-256, whose first gives the checksum. */
function compare(work: {
  readonly title: string;
  readonly unit: string;
  readonly units: number;
  readonly batched: (engine: TreeHasher) => Uint8Array;
  readonly oneByOne: (sha256: Sha256) => Uint8Array;
}): Task {
  const { title, unit, units, batched, oneByOne } = work;
  const checksum = (digests: Uint8Array): string => createHash('sha256').update(digests).digest('hex');
  const engines = [createWasmHasher(), createWasmHasher({ simd: 'off' }), createTypeScriptHasher()];
  return {
    title,
    unit,
    units,
    checksum: checksum(oneByOne(byCreateHash)),
    contenders: [
      ...engines.map((engine) => ({ name: engine.name, run: () => checksum(batched(engine)) })),
      { name: 'node:crypto createHash()', run: () => checksum(oneByOne(byCreateHash)) },
      { name: 'node:crypto hash()', run: () => checksum(oneByOne(byHash)) },
    ],
  };
}

/** Folds level after level into the front of one buffer, until the root is left. */
function foldOneByOne(leafHashes: Uint8Array, sha256: Sha256): Uint8Array {
  const level = new Uint8Array(leafHashes);
  const message = new Uint8Array(65);
  message[0] = NODE_PREFIX;
  for (let count = level.length / 64; count >= 1; count /= 2) {
    for (let i = 0; i < count; i++) {
      message.set(level.subarray(64 * i, 64 * i + 64), 1);
      level.set(sha256(message), 32 * i);
    }
  }
  return level.subarray(0, 32);
}

function hashOneByOne(leaves: Uint8Array, length: number, sha256: Sha256): Uint8Array {
  const digests = new Uint8Array((leaves.length / length) * 32);
  const message = new Uint8Array(1 + length);
  message[0] = LEAF_PREFIX;
  for (let i = 0; i * length < leaves.length; i++) {
    message.set(leaves.subarray(i * length, (i + 1) * length), 1);
    digests.set(sha256(message), 32 * i);
  }
  return digests;
}
