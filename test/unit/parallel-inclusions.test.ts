import {
  assembleInclusion,
  createTreeBuilder,
  type InclusionClaim,
  planInclusion,
  type TreeHead,
  verifyInclusions,
} from 'contact-key-verification/log.js';
import { createWorkerPool, type Progress, type WorkerPool } from 'contact-key-verification/parallel.js';
import { createWasmHasher } from 'contact-key-verification/wasm.js';
import { afterEach, describe, expect, it } from 'vitest';
import { type Behaviour, type FakeWorker, fakeWorkers, settled } from '../support/fake-worker.js';
import { flat, leafAt, leafList, NodeStore, replaced } from '../support/log-tree.js';

const hasher = createWasmHasher();
const SIZE = 1500;
const leaves = leafList(SIZE);
const store = new NodeStore();
const tree = createTreeBuilder({ hasher, onNodes: store.put });
tree.append(flat(leaves));
const head: TreeHead = { treeSize: SIZE, root: tree.root() };

/** True claims, in a row that begins anew at the end of the tree. */
const claims = Array.from({ length: 5000 }, (_, i): InclusionClaim => {
  const index = (i * 7) % SIZE;
  const plan = planInclusion({ treeSize: SIZE, index });
  const proof = assembleInclusion(plan, store.fetch(plan.nodes), { hasher });
  return { index, leafHash: leaves[index] as Uint8Array, proof };
});
const claim = claims[0] as InclusionClaim;

/** One of each damage that makes a claim false, at positions that fall into several pieces. */
const damages: readonly (readonly [at: number, claim: InclusionClaim, code: string])[] = [
  [0, { ...claim, leafHash: leafAt(SIZE) }, 'ERR_PROOF_ROOT'],
  [4095, { ...claim, index: SIZE }, 'ERR_INDEX_RANGE'],
  [4096, { ...claim, proof: [...Array.from(claim.proof), leafAt(0)] }, 'ERR_PROOF_LENGTH'],
  [4500, { ...claim, leafHash: new Uint8Array(31) }, 'ERR_LENGTH'],
  [4999, { ...claim, proof: replaced(claim.proof, 0, leafAt(9)) }, 'ERR_PROOF_ROOT'],
];

const open: WorkerPool[] = [];
afterEach(() => {
  for (const pool of open.splice(0)) pool.close();
});

function poolOf(behaviour: Behaviour = {}): { pool: WorkerPool; workers: FakeWorker[] } {
  const fakes = fakeWorkers({ hasher, ...behaviour });
  const pool = createWorkerPool({ spawn: fakes.spawn, workers: 2, hasher });
  open.push(pool);
  return { pool, workers: fakes.workers };
}

const damaged = damages.reduce((list, [at, bad]) => replaced(list, at, bad), claims);

describe('verifyInclusions of a pool', () => {
  it('verifies what one thread verifies, and names what fails', async () => {
    const { pool, workers } = poolOf();
    const results = await pool.verifyInclusions(head, damaged);
    expect(results).toEqual(verifyInclusions(head, damaged, { hasher }));
    expect(results.failed).toEqual(damages.map(([position, , code]) => ({ position, code })));
    expect(results.verified).toHaveLength(5000 - damages.length);
    expect([results, results.verified, results.failed].every((value) => Object.isFrozen(value))).toBe(true);
    // 4,096 claims and the rest.
    expect(workers.reduce((sum, { jobs }) => sum + jobs, 0)).toBe(2);
  });

  it('takes none, few and only false ones', async () => {
    const { pool } = poolOf();
    for (const some of [[], claims.slice(0, 3), damages.map(([, bad]) => bad)]) {
      expect(await pool.verifyInclusions(head, some)).toEqual(verifyInclusions(head, some, { hasher }));
    }
  });

  it('reads claims once: what is verified is what was hashed, whatever the caller does meanwhile', async () => {
    const { pool } = poolOf();
    const moving = claims.map((kept) => ({ ...kept, leafHash: kept.leafHash.slice() }));
    const call = pool.verifyInclusions(head, moving);
    for (const { leafHash } of moving) leafHash.fill(0);
    const { verified, failed } = await call;
    expect(
      verified.every(({ index, leafHash }) => Buffer.compare(leafHash, leaves[index] as Uint8Array) === 0),
    ).toBe(true);
    expect(verified.length + failed.length).toBe(5000);
    expect(verified.length).toBeGreaterThan(0);
  });

  it('believes no worker that gives no roots', async () => {
    const { pool } = poolOf({
      onReply: (reply) =>
        'id' in (reply as object)
          ? {
              ...(reply as object),
              result: { hashes: new Uint8Array(32), runs: [], spent: new Uint8Array(0) },
            }
          : reply,
    });
    expect(await settled(pool.verifyInclusions(head, claims))).toBe('ERR_WORKER');
  });

  it('verifies nothing where a worker crashes, and all when called again', async () => {
    let crashes = 1;
    const { pool } = poolOf({ onJob: () => (crashes-- > 0 ? 'crash' : 'do') });
    expect(await settled(pool.verifyInclusions(head, claims))).toBe('ERR_WORKER');
    expect((await pool.verifyInclusions(head, claims)).failed).toEqual([]);
  });

  it('is cancelled, and tells how far it is', async () => {
    const { pool } = poolOf();
    const seen: Progress[] = [];
    await pool.verifyInclusions(head, claims, { onProgress: (progress) => seen.push(progress) });
    expect(seen).toEqual([4096, 5000].map((done) => ({ done, total: 5000 })));
    const cancelling = new AbortController();
    const call = pool.verifyInclusions(head, claims, {
      signal: cancelling.signal,
      onProgress: () => cancelling.abort(new Error('enough')),
    });
    expect(await settled(call)).toBe('Error: enough');
  });

  it.each([
    ['a malformed head', { treeSize: 0, root: head.root }, claims, 'ERR_ARGUMENT_RANGE'],
    ['no list', head, 'claims', 'ERR_ARGUMENT_TYPE'],
    ['a claim that is no object', head, [...claims, null], 'ERR_ARGUMENT_TYPE'],
    ['an index that is no integer', head, [{ ...claim, index: 0.5 }], 'ERR_ARGUMENT_RANGE'],
  ])('refuses %s', async (_, against, list, code) => {
    const { pool } = poolOf();
    expect(await settled(pool.verifyInclusions(against, list as never))).toBe(code);
  });
});
