/**
 * Laws of evidence. Whatever somebody puts together from what honest logs have signed, nobody is accused by it; the same
 * mixing finds evidence where one of the logs has two faces. And whatever is thrown as misbehaviour, over random
 * histories, carries evidence that a third person accepts.
 */

import { DecodeError, MisbehaviorError, VerificationError } from 'contact-key-verification/errors.js';
import {
  compareSignedHeads,
  compareVersionProofs,
  createConfrontation,
  openKeptHeads,
  type VerifiedEvidence,
  verifyEvidence,
} from 'contact-key-verification/evidence.js';
import { createClient } from 'contact-key-verification/transparency.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Mixture, mixed, type Pool, poolOf } from '../unit/evidence-mixtures.js';
import { headsShown, recentOf, versionShown } from '../unit/evidence-world.js';
import { HonestLog } from '../unit/honest-log.js';
import { PAPER_SUITE } from '../unit/paper-suite.js';
import { check, checkAsync } from '../support/property.js';

const MODES = ['contactMonitoring', 'thirdPartyManagement', 'thirdPartyAuditing'] as const;
const suites = [PAPER_SUITE];

/** The facts, or `undefined` where it is refused as outside bytes are. */
function judged(bytes: Uint8Array): VerifiedEvidence | undefined {
  try {
    return verifyEvidence(bytes, { suites });
  } catch (error) {
    if (error instanceof VerificationError || error instanceof DecodeError) return undefined;
    throw error;
  }
}

const number = fc.nat({ max: 2 ** 16 });
const mixtures: fc.Arbitrary<Mixture> = fc.record({
  kind: fc.constantFrom('fork', 'changedVersion', 'reversedTime', 'twoValues'),
  picks: fc.array(number, { minLength: 24, maxLength: 24 }),
  /** Few fields come from elsewhere: what is wrong everywhere is refused for the first reason. */
  swaps: fc.oneof(fc.constant([]), fc.array(fc.integer({ min: 0, max: 23 }), { maxLength: 4 })),
});

describe.each(MODES)('%s', (mode) => {
  let honest: Pool;
  let forked: Pool;
  beforeAll(async () => {
    honest = await poolOf(mode, false);
    forked = await poolOf(mode, true);
  });

  test('nothing that is mixed from honest logs is evidence', () => {
    check(
      fc.property(mixtures, (mixture) => {
        expect(judged(mixed(honest, mixture))).toBe(undefined);
      }),
    );
  });

  test('the same mixing finds evidence against a log with two faces', () => {
    // A control, which must not depend on luck: the same mixtures each time.
    const found = new Set<string>();
    for (const mixture of fc.sample(mixtures, { numRuns: 3000, seed: 1 })) {
      const facts = judged(mixed(forked, mixture));
      if (facts !== undefined) found.add(facts.kind);
    }
    expect([...found].sort()).toEqual(
      mode === 'thirdPartyManagement' ? ['changedVersion', 'fork', 'twoValues'] : ['changedVersion', 'fork'],
    );
  });

  test('changed bytes of evidence are refused, or say the same', () => {
    const change = fc.oneof(
      fc.record({ do: fc.constant('flip' as const), at: number, bit: fc.nat({ max: 7 }) }),
      fc.record({ do: fc.constant('cut' as const), at: number, length: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ do: fc.constant('copy' as const), at: number, from: number, length: fc.nat({ max: 40 }) }),
    );
    check(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), number, (changes, which) => {
        const original = forked.evidence[which % forked.evidence.length] as Uint8Array;
        let bytes = Uint8Array.from(original);
        for (const each of changes) {
          const at = each.at % bytes.length;
          if (each.do === 'flip') bytes[at] = (bytes[at] as number) ^ (1 << each.bit);
          else if (each.do === 'cut')
            bytes = Uint8Array.of(...bytes.slice(0, at), ...bytes.slice(at + each.length));
          else bytes.copyWithin(at, each.from % bytes.length, (each.from % bytes.length) + each.length);
          if (bytes.length === 0) return;
        }
        let facts: VerifiedEvidence | undefined;
        try {
          facts = judged(bytes);
        } catch (error) {
          // Another version, or another suite.
          expect((error as Error).name).toBe('UnsupportedError');
        }
        const unchanged = judged(original);
        if (unchanged === undefined) throw new Error('no evidence');
        if (facts !== undefined) expect(facts).toEqual(unchanged);
      }),
    );
  });
});

interface History {
  readonly mode: (typeof MODES)[number];
  readonly windowMs: number;
  readonly lifetimeMs: number | undefined;
  readonly shared: readonly number[];
  readonly own: readonly number[];
  readonly other: readonly number[];
  readonly count: number;
  readonly seen: number;
}

/** Steps of the clock; 0 is none, and the last goes back. */
const steps = (max: number): fc.Arbitrary<number[]> =>
  fc.array(fc.oneof({ weight: 20, arbitrary: fc.nat({ max: 40 }) }, fc.constant(-15)), {
    minLength: 1,
    maxLength: max,
  });

const histories: fc.Arbitrary<History> = fc.record({
  mode: fc.constantFrom(...MODES),
  windowMs: fc.constantFrom(0, 30, 100),
  lifetimeMs: fc.constantFrom(undefined, 150, 400),
  shared: steps(12),
  own: steps(12),
  other: steps(12),
  count: fc.integer({ min: 1, max: 4 }),
  seen: number,
});

async function extend(log: HonestLog, byMs: readonly number[], value: string): Promise<void> {
  for (const [i, by] of byMs.entries()) {
    const values = i % 3 === 0 ? [`${value} ${i}`] : [];
    const insertions = values.length === 0 ? [] : [{ label: 'alice', values }];
    await log.append((log.size === 0 ? 1000 : log.nowMs) + by, insertions);
  }
}

test('all misbehaviour that is thrown is evident to a third person; an honest log is never accused', async () => {
  const codes = new Map<string, number>();
  await checkAsync(
    fc.asyncProperty(histories, async ({ mode, windowMs, lifetimeMs, shared, own, other, count, seen }) => {
      const log = new HonestLog({
        suite: PAPER_SUITE,
        mode,
        windowMs,
        lifetimeMs,
        maxBehindMs: 1_000_000,
      });
      await extend(log, shared, 'shared');
      const isHonestUpTo = (...clocks: readonly (readonly number[])[]): boolean =>
        clocks.every((each, i) => each.every((by, j) => by >= 0 || (i === 0 && j === 0)));
      const fork = log.fork();
      const client = createClient(log.configurationBytes, { suite: PAPER_SUITE });
      const { request, verify } = client.distinguishedHeads({ recent: { count } });
      const { isRecent, recent } = recentOf(log, count);
      let state: Uint8Array | undefined;
      try {
        state = verify(await log.distinguished(request, isRecent), { nowMs: log.nowMs }).after;
      } catch (error) {
        if (!(error instanceof VerificationError)) throw error;
      }
      await extend(log, own, 'own');
      await extend(fork, other, 'other');

      /** The code of what is thrown, whose evidence must hold. */
      async function tried(run: () => unknown): Promise<string> {
        try {
          await run();
          return 'nothing';
        } catch (error) {
          if (!(error instanceof MisbehaviorError))
            return (error as { readonly code?: string }).code ?? String(error);
          const facts = verifyEvidence(error.evidence, { suites, configuration: log.configurationBytes });
          expect(facts.accused).toEqual(['log']);
          expect(facts.kind).toBe(
            {
              ERR_LOG_FORK: 'fork',
              ERR_VERSION_CHANGED: 'changedVersion',
              ERR_TIME_REVERSED: 'reversedTime',
            }[error.code as 'ERR_LOG_FORK'],
          );
          codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
          return error.code;
        }
      }

      const heads = (each: HonestLog) => headsShown(each, count);
      const version = (each: HonestLog) => versionShown(each, seen % 3 === 0 ? undefined : 0);
      const compared = await tried(async () => compareSignedHeads(await heads(log), await heads(log)));
      const versions = await tried(async () => compareVersionProofs(await version(log), await version(log)));
      if (isHonestUpTo(shared, own)) {
        expect(compared).toBe('nothing');
        expect(['nothing', 'ERR_VERSION_ABSENT', 'ERR_NO_VERSION']).toContain(
          versions.startsWith('Error') ? 'nothing' : versions,
        );
      }
      await tried(async () => compareSignedHeads(await heads(log), await heads(fork)));
      await tried(async () => compareVersionProofs(await version(log), await version(fork)));
      if (state === undefined) return;
      const kept = openKeptHeads(log.configurationBytes, { suite: PAPER_SUITE, state });
      await tried(async () => compareSignedHeads(kept, await heads(fork)));
      const options = { suite: PAPER_SUITE, state, recent };
      const confrontation = createConfrontation(log.configurationBytes, options);
      const answer = async (each: HonestLog) =>
        confrontation.verify(await each.distinguished(confrontation.request, isRecent));
      const confronted = await tried(() => answer(log));
      if (isHonestUpTo(shared, own)) expect(confronted).toBe('nothing');
      await tried(() => answer(fork));
    }),
  );
  for (const code of ['ERR_LOG_FORK', 'ERR_VERSION_CHANGED', 'ERR_TIME_REVERSED']) {
    expect(codes.get(code) ?? 0, code).toBeGreaterThan(50);
  }
});
