/** Both ends of a worker in one thread, with a line of promises between them. */

import { serveWorker } from 'contact-key-verification/worker.js';
import { encodeHex } from 'contact-key-verification/bytes.js';
import { hashLeaf, treeRoot } from 'contact-key-verification/log.js';
import { createWorkerPool, type WorkerPort } from 'contact-key-verification/parallel.js';

/** Starts a worker that is none. */
function spawn(): WorkerPort {
  let serve = (_event: unknown): void => {};
  return {
    listen(message) {
      serveWorker({
        postMessage: (data) => void Promise.resolve().then(() => message(data)),
        addEventListener: (_, listener) => {
          serve = listener;
        },
      });
    },
    postMessage: (data) => void Promise.resolve().then(() => serve({ data })),
    terminate: () => {},
  };
}

export async function work(): Promise<string> {
  const count = 70_000;
  const leafHashes = new Uint8Array(32 * count);
  const leafHash = hashLeaf(Uint8Array.of(7));
  for (let index = 0; index < count; index++) leafHashes.set(leafHash, 32 * index);
  const pool = createWorkerPool({ spawn, workers: 2 });
  const root = encodeHex(await pool.treeRoot(leafHashes));
  const { workers } = pool;
  pool.close();
  return `${workers} workers, ${root === encodeHex(treeRoot(leafHashes)) ? root : 'another root'}`;
}
