/**
 * Merging raises trust only by what a person decided. "Never above both" and "the latest human decision counts"
 * contradict each other: a device that holds an unseen alarm over a compared key, and one on which the person has seen
 * that alarm but never compared, are both low, and the person has decided everything (`contacts-apart.test.ts`). The
 * second sentence counts, and the first is held in its strongest form that leaves room for it:
 * - trust that rests on facts, `consistent`, never adds up: a merged state is no more than the best of those merged would
 *   be, if the person had decided on it what she decided on the others;
 * - `verified` rests on a person's comparison, which counts on all devices, over all lists that they saw;
 * - any number of devices, merged in any order, is trusted no more than one that had lived through everything
 *   (`contacts-devices.test.ts`).
 */

import { type ContactState, mergeContacts, type Review } from 'contact-key-verification/contacts.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apartSteps, liveApart } from '../support/contact-apart.js';
import { owners, type Three, triples } from '../support/contact-triples.js';
import { alarmsOf, factsText, LASTING, look, mergeAll, rank } from '../support/contact-trust.js';
import { check } from '../support/property.js';

describe('merging', () => {
  test('never raises trust but by what a person decided', () => {
    check(
      fc.property(triples, ({ x, y, z, nowMs }) => {
        // As an app stores them: what a merge of long ago shows has been reviewed.
        const [a, b, c] = [x, y, z].map((state) => look(state, nowMs).state) as Three;
        expectRaisedByDecisions([a, b], nowMs);
        expectRaisedByDecisions([a, b, c], nowMs);
      }),
    );
  });

  test('nor where devices are told things apart that would be trust together', () => {
    let apart = 0;
    check(
      fc.property(apartSteps, owners, (steps, owner) => {
        const { pasts, nowMs } = liveApart(steps, owner);
        const [phone = [], laptop = [], tablet = []] = pasts.map((past) => past.slice(-2));
        for (const x of phone) {
          for (const y of laptop.slice(-1)) {
            expectRaisedByDecisions([x, y], nowMs);
            if (expectToldOfLoss(x, y, nowMs).findings.some(({ why }) => why === 'proven-apart')) apart++;
          }
        }
        expectRaisedByDecisions([...phone, ...laptop, ...tablet], nowMs);
      }),
    );
    // Now and then one device uses the list that only another saw the log prove.
    expect(apart).toBeGreaterThan(0);
  });
});

/**
 * Where these are trusted more together than each of them, it is by what was decided on one, and another did not know.
 * In whatever order they merge: merging is associative.
 */
function expectRaisedByDecisions(given: readonly ContactState[], nowMs: number): void {
  const together = mergeAll(given);
  const merged = look(together, nowMs);
  if (rank(merged) <= Math.max(...given.map((state) => rank(look(state, nowMs))))) return;
  expect(new Set(given.map(decisionsOf)).size).toBeGreaterThan(1);
  // Each of them by itself, once it knows what was decided on the others.
  const told = given.map((state) => look(withDecisions(state, together), nowMs));
  // That a service is in order again, the later of two devices knows; no proof from before counts again with it.
  const lasts = told.some((review) => alarmsOf(review).some(({ code }) => LASTING.has(code)));
  if (merged.trust !== 'consistent' && lasts) return;
  expect(rank(merged)).toBeLessThanOrEqual(Math.max(...told.map(rank)));
}

/**
 * A state with what was decided on any device: what was compared, seen, said, accepted and blocked, and the history that these are
 * about. What directory and log say stays its own.
 */
function withDecisions(state: ContactState, together: ContactState): ContactState {
  const { pins, block, notes, written, handovers, followed } = together;
  return { ...state, pins, block, notes, written, handovers, followed };
}

/** What a person decided, as far as this state knows it. */
const decisionsOf = ({ pins, block, notes, written }: ContactState): string =>
  JSON.stringify([
    pins.map(({ keyId, atMs, droppedMs }) => [keyId.join(), atMs, droppedMs]),
    block,
    written.map(({ listId }) => listId.join()),
    notes
      .filter(({ seenMs, code }) => seenMs > 0 || code === 'codes-differ')
      .map((note) => [factsText(note), note.seenMs]),
  ]);

/** A device that goes by another's list, of which no proof counts yet, says so. */
function expectToldOfLoss(x: ContactState, y: ContactState, nowMs: number): Review {
  const [was, is] = [look(x, nowMs), look(mergeContacts(x, y), nowMs)];
  if (was.trust !== 'consistent' || is.trust !== 'unverified') return is;
  const known = new Set(was.findings.map(({ id, lastMs }) => `${id} ${lastMs}`));
  expect(is.findings.filter(({ id, lastMs }) => !known.has(`${id} ${lastMs}`))).not.toEqual([]);
  return is;
}
