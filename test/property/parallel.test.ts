import { createTreeBuilder, type NodeRun, treeRoot } from 'contact-key-verification/log.js';
import { createWorkerPool } from 'contact-key-verification/parallel.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeWorker, fakeWorkers } from '../support/fake-worker.js';
import { schemes } from '../support/log-tree.js';
import { checkAsync } from '../support/property.js';

const hasher = createWasmHasher();
const LEAVES = 45_000;
const all = new Uint8Array(32 * LEAVES).map((_, i) => Math.floor(i / 32 / 256 ** (i % 3)) + (i % 32));

/** Where the batches of a stream end: around the size that is sent, and the size of a piece. */
const anyCut = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 30_000, max: LEAVES })), {
    minLength: 1,
    maxLength: 4,
  })
  .map((ends) => ends.sort((a, b) => a - b));

function* batchesOf(ends: readonly number[], from = 0): Generator<Uint8Array> {
  let at = from;
  for (const end of ends.filter((border) => border > from)) {
    yield all.subarray(32 * at, 32 * end);
    at = end;
  }
}

/** What a receiver of nodes has seen, level by level. */
function trace(): { onNodes: (run: NodeRun) => void; seen: () => string } {
  const levels: Uint8Array[][] = [];
  return {
    onNodes: ({ level, hashes }) => void (levels[level] ??= []).push(hashes),
    seen: () => levels.map((row) => Buffer.concat(row).toString('base64')).join(' '),
  };
}

describe('a pool', () => {
  it('builds the tree of one thread, however the stream is cut, with any number of workers', async () => {
    await checkAsync(
      fc.asyncProperty(
        anyCut,
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        fc.constantFrom(...schemes),
        async (ends, workers, sinking, scheme) => {
          const [one, many] = [trace(), trace()];
          const options = (sink: typeof one): { onNodes?: typeof one.onNodes } =>
            sinking ? { onNodes: sink.onNodes } : {};
          const single = createTreeBuilder({ hasher, scheme, ...options(one) });
          for (const batch of batchesOf(ends)) single.append(batch);

          const pool = createWorkerPool({ spawn: fakeWorkers({ hasher }).spawn, workers, hasher });
          const builder = pool.createTreeBuilder({ scheme, ...options(many) });
          await builder.appendAll(batchesOf(ends));
          pool.close();
          expect(builder.treeSize).toBe(ends.at(-1));
          const [expected, actual] = [single.exportState(), builder.exportState()];
          expect(Buffer.concat(actual.edge).equals(Buffer.concat(expected.edge))).toBe(true);
          expect(many.seen() === one.seen()).toBe(true);
        },
      ),
    );
  });

  it('whose workers crash now and then keeps whole batches, and gets to the same root', async () => {
    await checkAsync(
      fc.asyncProperty(anyCut, fc.array(fc.boolean(), { maxLength: 6 }), async (ends, crashes) => {
        fc.pre((ends.at(-1) as number) > 0);
        const fate = [...crashes];
        const spawn = (): FakeWorker =>
          new FakeWorker({ hasher, onJob: () => (fate.shift() === true ? 'crash' : 'do') });
        const pool = createWorkerPool({ spawn, workers: 2, hasher });
        const builder = pool.createTreeBuilder();
        for (let attempt = 0; builder.treeSize < (ends.at(-1) as number); attempt++) {
          // Each attempt that fails used up a crash.
          expect(attempt).toBeLessThanOrEqual(crashes.filter((crash) => crash).length);
          expect([0, ...ends]).toContain(builder.treeSize);
          await builder.appendAll(batchesOf(ends, builder.treeSize)).catch((error: unknown) => {
            expect(error).toMatchObject({ code: 'ERR_WORKER' });
          });
        }
        pool.close();
        const root = treeRoot(all.subarray(0, 32 * builder.treeSize), { hasher });
        expect(Buffer.from(builder.root()).equals(root)).toBe(true);
      }),
    );
  });
});
