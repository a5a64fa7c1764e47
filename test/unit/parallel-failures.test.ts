/** What becomes of calls when workers fail, never come, or are told to stop. */

import { StateError } from 'contact-key-verification/errors.js';
import { treeRoot } from 'contact-key-verification/log.js';
import { createWorkerPool, type Progress, type WorkerPool } from 'contact-key-verification/parallel.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import { afterEach, describe, expect, it } from 'vitest';
import { type Behaviour, FakeWorker, fakeWorkers, settled } from '../support/fake-worker.js';
import { outcome } from '../support/log-tree.js';

const hasher = createWasmHasher();
const all = new Uint8Array(32 * 300_000).map((_, i) => Math.floor(i / 32 / 256 ** (i % 3)) + (i % 32));
const upTo = (count: number): Uint8Array => all.subarray(0, 32 * count);
const rootOf = (count: number): Uint8Array => treeRoot(upTo(count), { hasher });

const open: WorkerPool[] = [];
afterEach(() => {
  for (const pool of open.splice(0)) pool.close();
});

function poolOf(behaviour: Behaviour = {}, workers = 2): { pool: WorkerPool; workers: FakeWorker[] } {
  const fakes = fakeWorkers({ hasher, ...behaviour });
  const pool = createWorkerPool({ spawn: fakes.spawn, workers, hasher });
  open.push(pool);
  return { pool, workers: fakes.workers };
}

function poolBy(spawn: (() => FakeWorker | undefined) | undefined, workers = 2): WorkerPool {
  const pool = createWorkerPool({ spawn, workers, hasher });
  open.push(pool);
  return pool;
}

describe('a worker that fails', () => {
  it.each([
    ['crashes', { onJob: (count) => (count === 2 ? 'crash' : 'do') }],
    ['answers what is no result', { onReply: (reply) => ('id' in (reply as object) ? 'nonsense' : reply) }],
    ['answers null', { onReply: (reply) => ('id' in (reply as object) ? null : reply) }],
    [
      'answers a job that it was not given',
      { onReply: (reply) => ('id' in (reply as object) ? { ...(reply as object), id: 999 } : reply) },
    ],
    [
      'answers with too few hashes',
      {
        onReply: (reply) =>
          'id' in (reply as object)
            ? { ...(reply as object), result: { hashes: new Uint8Array(0), runs: [], spent: upTo(0) } }
            : reply,
      },
    ],
    [
      'has an engine that throws',
      {
        hasher: {
          ...hasher,
          foldSubtrees: () => {
            throw new Error('broken engine');
          },
        },
      },
    ],
  ] satisfies [string, Behaviour][])(
    'because it %s is heard of, and nothing is lost',
    async (_, behaviour) => {
      let failing = true;
      const workers: FakeWorker[] = [];
      const pool = poolBy(() => {
        const worker = new FakeWorker(failing ? { hasher, ...behaviour } : { hasher });
        workers.push(worker);
        return worker;
      });
      const builder = pool.createTreeBuilder();
      await builder.append(upTo(100));
      const state = builder.exportState();
      const batch = all.slice(32 * 100);
      expect(await settled(builder.append(batch))).toBe('ERR_WORKER');
      expect(builder.exportState()).toEqual(state);

      failing = false;
      expect(workers.some(({ terminated }) => terminated)).toBe(true);
      // The other of the first two may fail as well; those that are started from now on do not.
      let code = 'ERR_WORKER';
      for (let attempt = 0; attempt < 3 && code === 'ERR_WORKER'; attempt++) {
        code = await settled(builder.append(batch));
      }
      expect(code).toBe('accepted');
      expect(Buffer.compare(builder.root(), rootOf(300_000))).toBe(0);
    },
  );

  it('is replaced by the next call, and the others go on', async () => {
    const { pool, workers } = poolOf();
    await pool.treeRoot(upTo(100_000));
    workers[0]?.fail('gone');
    expect(pool.workers).toBe(1);
    expect(workers[0]?.terminated).toBe(true);
    expect(workers[1]?.terminated).toBe(false);
    workers[0]?.fail('gone, again');
    expect(Buffer.compare(await pool.treeRoot(upTo(200_000)), rootOf(200_000))).toBe(0);
    expect(pool.workers).toBe(2);
    expect(workers).toHaveLength(3);
  });

  it('tells what it failed of, as the cause', async () => {
    const { pool } = poolOf({ onJob: () => 'crash' });
    const error: unknown = await pool.treeRoot(upTo(10_000)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StateError);
    expect(error).toMatchObject({ code: 'ERR_WORKER', cause: new Error('crashed') });
  });

  it('leaves a stream with whole batches, from where it can go on', async () => {
    let crashes = 1;
    const { pool } = poolOf({ onJob: (count) => (count === 3 && crashes-- > 0 ? 'crash' : 'do') });
    const builder = pool.createTreeBuilder();
    let returned = false;
    function* batches(): Generator<Uint8Array> {
      try {
        for (let at = builder.treeSize; at < 300_000; at += 50_000)
          yield all.subarray(32 * at, 32 * (at + 50_000));
      } finally {
        returned = true;
      }
    }
    expect(await settled(builder.appendAll(batches()))).toBe('ERR_WORKER');
    expect(returned).toBe(true);
    expect(builder.treeSize % 50_000).toBe(0);
    expect(builder.treeSize).toBeLessThan(300_000);
    await builder.appendAll(batches());
    expect(Buffer.compare(builder.root(), rootOf(300_000))).toBe(0);
  });

  it('by its port, which throws, is let go of', async () => {
    let throwing = true;
    const pool = poolBy(() => {
      const worker = new FakeWorker({ hasher });
      const { postMessage } = worker;
      worker.postMessage = (message, transfer) => {
        if (throwing) throw new Error('closed port');
        postMessage.call(worker, message, transfer);
      };
      worker.terminate = () => {
        throw new Error('closed port');
      };
      return worker;
    });
    expect(await settled(pool.treeRoot(upTo(10_000)))).toBe('ERR_WORKER');
    throwing = false;
    expect(Buffer.compare(await pool.treeRoot(upTo(10_000)), rootOf(10_000))).toBe(0);
  });
});

describe('where there are no workers', () => {
  const greetsAs = (greeting: unknown): Behaviour => ({
    onReply: (reply) => ('ready' in (reply as object) ? greeting : reply),
  });
  it.each([
    ['no way to start one', undefined],
    ['a way that says so', (): undefined => undefined],
    [
      'a way that throws',
      (): never => {
        throw new Error('workers are forbidden');
      },
    ],
    [
      'one that fails before it has announced itself',
      (): FakeWorker => {
        const worker = new FakeWorker(greetsAs(undefined));
        setImmediate(() => worker.fail('not found'));
        return worker;
      },
    ],
    [
      'one that fails at once',
      (): FakeWorker => {
        const worker = new FakeWorker();
        worker.listen = (_, failed) => failed('forbidden');
        return worker;
      },
    ],
    [
      'one whose port cannot be listened to',
      (): FakeWorker => {
        const worker = new FakeWorker();
        worker.listen = () => {
          throw new Error('closed port');
        };
        return worker;
      },
    ],
    ['one of another kind', (): FakeWorker => new FakeWorker(greetsAs('hello'))],
    ['one that greets with null', (): FakeWorker => new FakeWorker(greetsAs(null))],
    [
      'one of another version',
      (): FakeWorker => new FakeWorker(greetsAs({ ready: 'contact-key-verification/worker.js', form: 2 })),
    ],
  ])('but %s, this thread does it all', async (_, spawn) => {
    let spawned = 0;
    const counted = (): FakeWorker | undefined => {
      spawned++;
      return spawn?.();
    };
    const pool = poolBy(spawn === undefined ? undefined : counted);
    for (let call = 0; call < 3; call++) {
      expect(Buffer.compare(await pool.treeRoot(upTo(100_000)), rootOf(100_000))).toBe(0);
    }
    const builder = pool.createTreeBuilder();
    await builder.appendAll([upTo(100_000)]);
    expect(Buffer.compare(builder.root(), rootOf(100_000))).toBe(0);
    expect(pool.workers).toBe(0);
    // Each place was tried once.
    expect(spawned).toBe(spawn === undefined ? 0 : 2);
  });

  it('some of them do for all', async () => {
    let first = true;
    const pool = poolBy(() => {
      const worker = new FakeWorker({ hasher });
      if (first) setImmediate(() => worker.fail('not found'));
      if (first) worker.terminated = true;
      first = false;
      return worker;
    });
    expect(Buffer.compare(await pool.treeRoot(upTo(100_000)), rootOf(100_000))).toBe(0);
    expect(pool.workers).toBe(1);
  });

  it('what this thread’s engine throws comes out as it is', async () => {
    const foldSubtrees = (): never => {
      throw new Error('broken engine');
    };
    const pool = createWorkerPool({ workers: 1, hasher: { ...hasher, foldSubtrees } });
    expect(await settled(pool.treeRoot(upTo(10_000)))).toBe('Error: broken engine');
  });
});

describe('cancelling', () => {
  it('before the call begins nothing', async () => {
    const { pool, workers } = poolOf();
    const reason = new Error('never mind');
    const call = pool.treeRoot(upTo(100_000), { signal: AbortSignal.abort(reason) });
    await expect(call).rejects.toBe(reason);
    expect(workers).toEqual([]);
  });

  it('in the middle rejects at once; the tree is as it was; the pool goes on', async () => {
    const { pool, workers } = poolOf();
    const builder = pool.createTreeBuilder();
    const cancelling = new AbortController();
    const seen: Progress[] = [];
    const call = builder.append(upTo(300_000), {
      signal: cancelling.signal,
      onProgress: (progress) => {
        seen.push(progress);
        if (seen.length === 2) cancelling.abort();
      },
    });
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen).toHaveLength(2);
    expect(builder.treeSize).toBe(0);
    const given = workers.reduce((sum, { jobs }) => sum + jobs, 0);
    // What was under way comes back and is thrown away; nothing more is begun.
    while (workers.some(({ inFlight }) => inFlight > 0)) await new Promise(setImmediate);
    expect(workers.reduce((sum, { jobs }) => sum + jobs, 0)).toBe(given);
    // Three each, and one for each that came back; in all there would be nine.
    expect(given).toBeLessThanOrEqual(8);
    expect(seen).toHaveLength(2);
    await builder.append(upTo(300_000));
    expect(Buffer.compare(builder.root(), rootOf(300_000))).toBe(0);
  });

  it('ends a call whose workers never answer, and one whose workers never come', async () => {
    const silent = poolOf({ onJob: () => 'ignore' });
    const never = poolBy(() => {
      const worker = new FakeWorker();
      worker.listen = () => {};
      return worker;
    });
    for (const pool of [silent.pool, never]) {
      const cancelling = new AbortController();
      const call = settled(pool.treeRoot(upTo(100_000), { signal: cancelling.signal }));
      await new Promise(setImmediate);
      cancelling.abort(new Error('too long'));
      expect(await call).toBe('Error: too long');
    }
  });

  it('ends a stream whose producer hangs, and lets go of it', async () => {
    const { pool } = poolOf();
    let returned = 0;
    const hanging = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<never>(() => {}),
        return: () => {
          returned++;
          return Promise.reject(new Error('nobody hears this'));
        },
      }),
    };
    const builder = pool.createTreeBuilder();
    const cancelling = new AbortController();
    const call = settled(builder.appendAll(hanging, { signal: cancelling.signal }));
    await new Promise(setImmediate);
    cancelling.abort(new Error('too long'));
    expect(await call).toBe('Error: too long');
    expect(returned).toBe(1);
    await builder.append(upTo(10));
    expect(builder.treeSize).toBe(10);
  });

  it('drops jobs that no worker was given', async () => {
    const { pool, workers } = poolOf({}, 1);
    const cancelling = new AbortController();
    // Six pieces to send, and a rest that stays here. The calls take turns: what is waiting when the first piece
    // comes back is one of the first call's and two of the other's.
    const onProgress = (): void => cancelling.abort(new Error('never mind'));
    const first = pool.treeRoot(upTo(200_000), { onProgress });
    const second = settled(pool.treeRoot(upTo(100_000), { signal: cancelling.signal }));
    expect(await second).toBe('Error: never mind');
    expect(Buffer.compare(await first, rootOf(200_000))).toBe(0);
    // Of the other call's, one was given at first, one in the place of that piece, and one never.
    expect(workers[0]?.jobs).toBe(8);
  });

  it('listens to the signal no longer than the call lasts', async () => {
    const { pool } = poolOf();
    let listeners = 0;
    const signal = {
      aborted: false,
      addEventListener: () => void listeners++,
      removeEventListener: () => void listeners--,
    };
    await pool.treeRoot(upTo(50_000), { signal });
    expect(await settled(pool.treeRoot(new Uint8Array(1), { signal }))).toBe('ERR_ARGUMENT_RANGE');
    expect(listeners).toBe(0);
    expect(await settled(pool.treeRoot(upTo(1), { signal: { ...signal, aborted: true } }))).toBe('ERR_SPENT');
  });
});

describe('the line of jobs', () => {
  it('holds three jobs a worker, and the producer waits', async () => {
    let [most, ahead] = [0, 0];
    const fakes: FakeWorker[] = [];
    const pool = poolBy(() => {
      const worker = new FakeWorker({
        hasher,
        onJob: () => {
          most = Math.max(
            most,
            fakes.reduce((sum, { inFlight }) => sum + inFlight, 0),
          );
          return 'do';
        },
      });
      fakes.push(worker);
      return worker;
    }, 3);
    let done = 0;
    function* batches(): Generator<Uint8Array> {
      for (let i = 0; i < 60; i++) {
        // What was asked for and is not in the tree yet, in pieces.
        ahead = Math.max(ahead, i - done);
        yield upTo(2 ** 15);
      }
    }
    const builder = pool.createTreeBuilder();
    await builder.appendAll(batches(), { onProgress: () => done++ });
    expect(builder.treeSize).toBe(60 * 2 ** 15);
    expect(most).toBe(9);
    expect(ahead).toBeLessThanOrEqual(9);
  });

  it('is shared by calls without growing', async () => {
    let most = 0;
    const { pool, workers } = poolOf({
      onJob: () => {
        most = Math.max(most, ...workers.map(({ inFlight }) => inFlight));
        return 'do';
      },
    });
    await Promise.all(Array.from({ length: 5 }, () => pool.treeRoot(upTo(300_000))));
    expect(most).toBe(3);
  });
});

describe('progress', () => {
  it('rises to the total', async () => {
    const { pool } = poolOf();
    const seen: Progress[] = [];
    await pool.treeRoot(upTo(300_000), { onProgress: (progress) => seen.push(progress) });
    expect(seen.length).toBeGreaterThan(9);
    expect(seen.every(({ done }, i) => done > (seen[i - 1]?.done ?? 0))).toBe(true);
    expect(seen.every((progress) => progress.total === 300_000 && Object.isFrozen(progress))).toBe(true);
    expect(seen.at(-1)).toEqual({ done: 300_000, total: 300_000 });
  });

  it('of a stream has no total, and is that of the call', async () => {
    const { pool } = poolOf();
    const builder = pool.createTreeBuilder();
    await builder.append(upTo(1000));
    const seen: Progress[] = [];
    const onProgress = (progress: Progress): void => void seen.push(progress);
    await builder.appendAll([upTo(40_000), upTo(0), upTo(40_000)], { onProgress });
    expect(seen.at(-1)).toEqual({ done: 80_000 });
    expect(seen.every((progress) => !('total' in progress))).toBe(true);
  });

  it('whose receiver throws ends the call, and the tree is as it was', async () => {
    const { pool } = poolOf();
    const builder = pool.createTreeBuilder();
    for (const last of [false, true]) {
      const onProgress = ({ done }: Progress): void => {
        if (!last || done === 100_000) throw new Error('no');
      };
      expect(await settled(builder.append(upTo(100_000), { onProgress }))).toBe('Error: no');
      expect(builder.treeSize).toBe(0);
    }
  });
});

describe('closing', () => {
  it('ends the workers, the calls under way and those that come later', async () => {
    const { pool, workers } = poolOf();
    const builder = pool.createTreeBuilder();
    const calls = [builder.append(upTo(300_000)), pool.treeRoot(upTo(100_000))].map(settled);
    await new Promise(setImmediate);
    pool.close();
    expect(await Promise.all(calls)).toEqual(['ERR_SPENT', 'ERR_SPENT']);
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, true]);
    expect(builder.treeSize).toBe(0);
    expect(await settled(builder.append(upTo(1)))).toBe('ERR_SPENT');
    expect(await settled(pool.treeRoot(upTo(100_000)))).toBe('ERR_SPENT');
    pool.close();
    expect(workers).toHaveLength(2);
    expect(pool.workers).toBe(0);
  });
});

describe('a pool', () => {
  it.each([
    [null, 'ERR_ARGUMENT_TYPE'],
    [{}, 'ERR_ARGUMENT_TYPE'],
    [{ workers: '2' }, 'ERR_ARGUMENT_TYPE'],
    [{ workers: 2, spawn: 'worker.js' }, 'ERR_ARGUMENT_TYPE'],
    [{ workers: 0 }, 'ERR_ARGUMENT_RANGE'],
    [{ workers: 1.5 }, 'ERR_ARGUMENT_RANGE'],
    [{ workers: 257 }, 'ERR_ARGUMENT_RANGE'],
    [{ workers: Number.NaN }, 'ERR_ARGUMENT_RANGE'],
    [{ workers: 256 }, 'accepted'],
  ])('of %j is %s', (options, code) => {
    expect(outcome(() => createWorkerPool(options as never))).toBe(code);
  });

  it('starts no worker before there is work for one', async () => {
    const { pool, workers } = poolOf();
    await pool.treeRoot(upTo(4095));
    expect(workers).toEqual([]);
    await pool.treeRoot(upTo(4096));
    expect(workers).toHaveLength(2);
  });
});
