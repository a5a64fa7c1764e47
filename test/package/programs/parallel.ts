/** A pool that finds no workers: the tree, the progress and the refusals are those of one thread. */

import { createWorkerPool } from 'contact-key-verification/parallel.js';
import { encodeHex } from 'contact-key-verification/bytes.js';
import { StateError } from 'contact-key-verification/errors.js';
import { hashLeaf, treeRoot, verifyInclusions } from 'contact-key-verification/log.js';

export async function work(): Promise<string> {
  const count = 10_000;
  const leafHashes = new Uint8Array(32 * count);
  for (let index = 0; index < count; index++)
    leafHashes.set(hashLeaf(Uint8Array.of(index % 256)), 32 * index);
  const spawn = (): never => {
    throw new Error('no workers here');
  };
  const pool = createWorkerPool({ spawn, workers: 2 });
  let done = 0;
  const root = await pool.treeRoot(leafHashes, { onProgress: (progress) => (done = progress.done) });
  const isSame = encodeHex(root) === encodeHex(treeRoot(leafHashes));

  const leafHash = leafHashes.subarray(0, 32);
  const claims = [
    { index: 0, leafHash, proof: [] },
    { index: 1, leafHash, proof: [] },
  ];
  const head = { treeSize: 1, root: leafHash };
  const { verified, failed } = await pool.verifyInclusions(head, claims);
  const isAlike = JSON.stringify(failed) === JSON.stringify(verifyInclusions(head, claims).failed);

  pool.close();
  const closed = await pool.treeRoot(leafHashes).catch((error: unknown) => error);
  return (
    `${pool.workers} workers, ${isSame ? 'the same root' : 'another root'} of ${done}, ` +
    `${verified.length} verified, ${isAlike ? failed[0]?.code : 'another failure'}, ` +
    `${closed instanceof StateError ? closed.code : 'not closed'}`
  );
}
