/**
 * `npm run bench:memory`: a stream of any length passes through a fixed window. Each length runs in a process of
 * its own, which makes its leaves batch by batch in one buffer and reports the most memory it ever held (the peak
 * of the resident set, as the system counts it).
 *
 *     --leaves N,N,…   lengths, default 1000000,10000000,100000000
 *     --engine NAME    wasm (default) or typescript
 *     --workers N      0 (default) hashes on one thread; otherwise a pool of so many
 *     --tiles          makes tiles on the way, and drops them
 *     --json           prints the measurements as JSON
 */

import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import {
  createTileSink,
  createTreeBuilder,
  createTypeScriptHasher,
  type NodeRun,
} from 'contact-key-verification/log.js';
import { createNodePort, createWorkerPool } from 'contact-key-verification/parallel.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import { spoken } from './week.js';

/** What a process reports of itself. */
interface Measurement {
  readonly leaves: number;
  readonly root: string;
  readonly peakBytes: number;
  readonly seconds: number;
}

const BATCH = 2 ** 16;
const HASH_LENGTH = 32;

const { values } = parseArgs({
  options: {
    leaves: { type: 'string', default: '1000000,10000000,100000000' },
    engine: { type: 'string', default: 'wasm' },
    workers: { type: 'string', default: '0' },
    tiles: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    child: { type: 'boolean', default: false },
  },
});

if (values.child) console.log(JSON.stringify(await measure(Number(values.leaves))));
else report(values.leaves.split(',').map((leaves) => measureApart(leaves)));

function measureApart(leaves: string): Measurement {
  const self = fileURLToPath(import.meta.url);
  const options = ['--leaves', leaves, '--engine', values.engine, '--workers', values.workers];
  const args = [self, '--child', ...options, ...(values.tiles ? ['--tiles'] : [])];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Measurement;
}

function report(measurements: readonly Measurement[]): void {
  if (values.json) {
    console.log(JSON.stringify(measurements));
    return;
  }
  const [first] = measurements;
  for (const { leaves, peakBytes, seconds, root } of measurements) {
    const growth = (peakBytes - (first?.peakBytes ?? 0)) / 1e6;
    console.log(
      `${String(leaves).padStart(12)} leaves  peak ${(peakBytes / 1e6).toFixed(1)} MB  ` +
        `growth ${growth.toFixed(1).padStart(5)} MB  ${spoken(seconds)}  root ${root.slice(0, 16)}…`,
    );
  }
}

async function measure(leaves: number): Promise<Measurement> {
  const startedAt = performance.now();
  const hasher = values.engine === 'wasm' ? createWasmHasher() : createTypeScriptHasher();
  const sink = createTileSink();
  const tiles = values.tiles ? { onNodes: (run: NodeRun): void => sink.onNodes(run) } : {};
  const workers = Number(values.workers);
  let root: Uint8Array;
  if (workers === 0) {
    const builder = createTreeBuilder({ hasher, ...tiles });
    for (const batch of batches(leaves)) {
      builder.append(batch);
      if (values.tiles) sink.takeTiles(builder.treeSize);
    }
    root = builder.root();
  } else {
    const spawn = () => createNodePort(new Worker(new URL('../examples/hash-worker.js', import.meta.url)));
    const pool = createWorkerPool({ spawn, workers: Math.min(workers, availableParallelism()), hasher });
    const builder = pool.createTreeBuilder(tiles);
    await builder.appendAll(batches(leaves), {
      onProgress: () => values.tiles && builder.treeSize > 0 && sink.takeTiles(builder.treeSize),
    });
    root = builder.root();
    pool.close();
  }
  return {
    leaves,
    root: Buffer.from(root).toString('hex'),
    // Kilobytes, on every system.
    peakBytes: process.resourceUsage().maxRSS * 1024,
    seconds: (performance.now() - startedAt) / 1000,
  };
}

/** Distinct leaf hashes in one buffer, which the next batch writes over. */
function* batches(leaves: number): Generator<Uint8Array> {
  const buffer = new Uint8Array(BATCH * HASH_LENGTH);
  const view = new DataView(buffer.buffer);
  for (let done = 0; done < leaves; ) {
    const count = Math.min(BATCH, leaves - done);
    for (let i = 0; i < count; i++) view.setFloat64(i * HASH_LENGTH, done + i);
    yield buffer.subarray(0, count * HASH_LENGTH);
    done += count;
  }
}
