/** A pool whose two workers live on this thread, behind ports that carry messages as the platform's do. */

import { encodeHex } from 'contact-key-verification/bytes.js';
import { treeRoot } from 'contact-key-verification/log.js';
import { createWorkerPool, type WorkerPort } from 'contact-key-verification/parallel.js';
import { serve } from './worker.js';

function startWorker(): WorkerPort {
  let toPool: (data: unknown) => void = () => {};
  const toWorker = serve((data) => void Promise.resolve().then(() => toPool(data)));
  return {
    postMessage: (message) => void Promise.resolve().then(() => toWorker(message)),
    listen: (message) => {
      toPool = message;
    },
    terminate: () => {},
  };
}

export async function work(): Promise<string> {
  // Enough that pieces are worth sending.
  const leaves = Uint8Array.from({ length: 32 * 70_000 }, (_, i) => i % 251);
  const pool = createWorkerPool({ spawn: startWorker, workers: 2 });
  const root = encodeHex(await pool.treeRoot(leaves));
  const { workers } = pool;
  pool.close();
  return `${workers} workers, ${root === encodeHex(treeRoot(leaves)) ? 'the same' : 'another'} root`;
}
