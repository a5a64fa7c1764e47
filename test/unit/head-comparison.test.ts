/** Comparing head logs over random lists of heads: as the naive reading does, and what must hold whatever they are. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareHeads, type ProvenHead } from '../../src/transparency/witnesses/compare-heads.js';
import type { TrackerState } from '../../src/transparency/witnesses/tracker-state.js';
import type { WitnessedHead } from '../../src/transparency/witnesses/witnessed-head.js';
import * as naive from '../reference/witnessed-heads.js';
import { check } from '../support/property.js';

/** The log's heads: position, time and root rise together, ten apart; a face says whose. */
const headAt = (position: number, face = 0): WitnessedHead => ({
  position,
  timestampMs: 10 * position,
  root: new Uint8Array(32).fill(position).fill(face, 0, 1),
  signature: new Uint8Array(0),
});

const positions = fc.uniqueArray(fc.nat(25), { maxLength: 12 }).map((list) => list.sort((a, b) => a - b));
const heads = fc
  .tuple(positions, fc.array(fc.constantFrom(0, 0, 0, 0, 0, 1), { minLength: 12, maxLength: 12 }))
  .map(([list, faces]) => list.map((position, i) => headAt(position, faces[i])));
/** At least one entry was read; the first of them may have been compared. */
const kept = fc.tuple(
  heads.filter((list) => list.length > 0),
  fc.boolean(),
);

function stateOf(known: readonly WitnessedHead[], hasMatched: boolean): TrackerState {
  const [first, ...rest] = known;
  const state = hasMatched ? { matched: first, pending: rest } : { matched: undefined, pending: known };
  return state as unknown as TrackerState;
}

const plain = (head: ProvenHead | undefined | null): object | null =>
  head === undefined || head === null
    ? null
    : {
        position: head.position,
        timestampMs: head.timestampMs,
        root: Buffer.from(head.root).toString('hex'),
      };

describe('comparing', () => {
  test('finds what the naive reading finds', () => {
    check(
      fc.property(kept, heads, fc.nat(260), ([known, hasMatched], listed, oldestMs) => {
        const state = stateOf(known, hasMatched);
        const { result } = compareHeads(state, listed, oldestMs);
        const found = { witnessed: null, proven: null, matched: null, pending: 0, skipped: 0, ...result };
        const expected = naive.compareHeads(
          { matched: state.matched ?? null, pending: state.pending },
          listed,
          oldestMs,
        );
        for (const name of ['outcome', 'pending', 'skipped'] as const)
          expect([name, found[name]]).toEqual([name, expected[name]]);
        for (const name of ['witnessed', 'proven', 'matched'] as const)
          expect([name, plain(found[name])]).toEqual([name, plain(expected[name])]);
      }),
    );
  });

  test('finds nothing wrong with an honest head log, however late it and the user are', () => {
    check(
      fc.property(positions, fc.nat(12), fc.nat(12), fc.nat(12), fc.nat(12), (all, from, to, begin, end) => {
        const known = all.slice(from, Math.max(from + 1, to)).map((position) => headAt(position));
        fc.pre(known.length > 0);
        const listed = all.slice(begin, end).map((position) => headAt(position));
        const { result } = compareHeads(stateOf(known, false), listed, 0);
        expect(['same', 'gap', 'log-late', 'head-log-late']).toContain(result.outcome);
      }),
    );
  });

  test('of two faces in one head log finds each the other’s, once both lists cover it', () => {
    check(
      fc.property(heads, positions, positions, (common, ofAlice, ofBob) => {
        const begin = (common.at(-1)?.position ?? 0) + 1;
        const alice = [...new Set(ofAlice)].map((position) => headAt(begin + 2 * position, 2));
        const bob = [...new Set(ofBob)].map((position) => headAt(begin + 2 * position + 1, 3));
        fc.pre(alice.length > 0 && bob.length > 0);
        const inTurns = [...alice, ...bob].sort((a, b) => a.position - b.position);
        const state = stateOf([...common, ...inTurns], false);
        fc.pre(state.pending.length > 0);
        for (const own of [alice, bob]) {
          const foreign = inTurns.filter((head) => !own.includes(head));
          const last = Math.max(...own.map(({ position }) => position));
          const first = own[0]?.position ?? 0;
          const covered = foreign.some(({ position }) => position > first && position < last);
          const { outcome } = compareHeads(state, own, 0).result;
          expect(outcome === 'foreign').toBe(covered);
        }
      }),
    );
  });
});
