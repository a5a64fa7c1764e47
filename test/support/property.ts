/**
 * How this project runs fast-check: at least 1,000 cases of every law. A failure prints the seed and path;
 * `CKV_SEED=… CKV_PATH=… npx vitest run <file>` replays exactly that case. `CKV_RUNS` raises the count.
 */

import fc from 'fast-check';

const RUNS_MIN = 1000;

function parameters(): fc.Parameters<unknown> {
  const { CKV_SEED: seed, CKV_PATH: path, CKV_RUNS: runs } = process.env;
  return {
    numRuns: Math.max(RUNS_MIN, Number(runs ?? 0)),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(path === undefined ? {} : { path }),
  };
}

/** Checks a law with at least 1,000 runs. */
export function check(law: fc.IProperty<unknown> | fc.IProperty<never>): void {
  fc.assert(law as fc.IProperty<unknown>, parameters());
}

/** Checks an asynchronous law with at least 1,000 runs. */
export async function checkAsync(law: fc.IAsyncProperty<unknown> | fc.IAsyncProperty<never>): Promise<void> {
  await fc.assert(law as fc.IAsyncProperty<unknown>, parameters());
}
