/**
 * What merging may do. "Merging never raises trust" and "the latest human decision counts" contradict each other where
 * they are read as "never above the higher of the two": a device that holds an unseen alarm over a compared key and one
 * on which the person has seen that alarm, but never compared, are both low, and the person has decided everything.
 * The second sentence counts, and the first is held in its strongest form that leaves room for it:
 * - merging invents no decision and revives none, and bad news of either side outweighs good news of the other;
 * - trust that rests on facts, `consistent`, never adds up: a merged state is no more than the best of those merged would
 *   be, if the person had decided on it what she decided on the others;
 * - `verified` rests on a person's comparison, which counts on all devices, over all lists that they saw;
 * - any number of devices, merged in any order, is trusted no more than one that had lived through everything
 *   (`contacts-devices.test.ts`).
 */

import { type ContactState, mergeContacts, reduceContact } from 'contact-key-verification/contacts.js';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Life } from '../support/contact-life.js';
import { apartSteps, liveApart } from '../support/contact-apart.js';
import { noises } from '../support/contact-noise.js';
import { live, unknownContact } from '../support/contact-noisy-life.js';
import { lifeOf, type UserDevice } from '../support/contact-steps.js';
import { alarmsOf, LASTING, look, mergeAll, rank, wordsOn } from '../support/contact-trust.js';
import { digest, START } from '../support/contact-world.js';
import { check } from '../support/property.js';

type Past = readonly ContactState[];
type Three = [ContactState, ContactState, ContactState];
interface Triple {
  readonly x: ContactState;
  readonly y: ContactState;
  readonly z: ContactState;
  readonly nowMs: number;
}

function tripleFrom(all: readonly ContactState[], picks: readonly number[], nowMs: number): Triple {
  const [x, y, z] = picks.map((pick) => all[pick % all.length]) as Three;
  return { x, y, z, nowMs };
}

const picks = fc.tuple(fc.nat(), fc.nat(), fc.nat());

/** Three states out of arbitrary lives of three devices, and the time. */
const arbitraryTriples = fc
  .tuple(noises, picks, fc.constantFrom<'contact' | 'own'>('contact', 'own'))
  .map(([events, picked, owner]) => {
    const { states, happenings } = live(events, owner);
    return tripleFrom(
      [...states, ...happenings.map(({ after }) => after)],
      picked,
      happenings.at(-1)?.nowMs ?? START,
    );
  });

/** Of honest lives, into which some alarms break that cost no mark. */
const honestTriples = fc
  .tuple(
    lifeOf(16),
    fc.array(fc.tuple(fc.nat(16), fc.constantFrom<UserDevice>(0, 1, 2)), { maxLength: 2 }),
    picks,
  )
  .map(([steps, alarms, picked]) => {
    const life = new Life();
    for (const [i, step] of steps.entries()) {
      life.run([step]);
      for (const [at, device] of alarms) if (at === i) life.event(device, { kind: 'false-reveal' });
    }
    const states = [life.stateOf(0), life.stateOf(1), life.stateOf(2)];
    return tripleFrom([...life.pasts.flat(), ...states], picked, life.clockOf(1));
  });

const triples = fc.oneof(arbitraryTriples, honestTriples);

/** States that know more keys than a state keeps. */
const pinned = fc
  .array(
    fc.record({
      kind: fc.constantFrom(
        'public-code-saved' as const,
        'public-code-saved',
        'code-same',
        'public-code-forgotten',
      ),
      device: fc.nat(2),
      key: fc.nat(12),
      waitMs: fc.integer({ min: -2, max: 3 }),
    }),
    { minLength: 20, maxLength: 40 },
  )
  .map((events) => {
    const states = [unknownContact(), unknownContact(), unknownContact()];
    let nowMs = START;
    for (const { kind, device, key, waitMs } of events) {
      nowMs += waitMs;
      const event = { kind, keyId: digest('key', key) } as const;
      states[device] = reduceContact(states[device] as ContactState, event, { nowMs });
    }
    return states as Three;
  });

function expectSemilattice(
  x: ContactState,
  y: ContactState,
  z: ContactState,
  read: (state: ContactState) => unknown = (state) => state,
): void {
  const [xy, yz] = [mergeContacts(x, y), mergeContacts(y, z)];
  expect(isDeepStrictEqual(read(xy), read(mergeContacts(y, x)))).toBe(true);
  expect(isDeepStrictEqual(read(mergeContacts(xy, z)), read(mergeContacts(x, yz)))).toBe(true);
  expect(isDeepStrictEqual(mergeContacts(x, x), x)).toBe(true);
}

/** Of a key that was given up, what was said before that can be forgotten with it, and counts for nothing. */
const lastWords = ({ pins }: ContactState): unknown =>
  pins.map(({ keyId, by, sequence, atMs, droppedMs }) =>
    atMs > droppedMs
      ? { keyId, by, sequence, atMs, droppedMs: 0 }
      : { keyId, by: 'code', sequence: 0, atMs: 0, droppedMs },
  );

describe('merging', () => {
  test('is commutative, associative and idempotent', () => {
    let floods = 0;
    check(
      fc.property(triples, ({ x, y, z }) => {
        // In a flood of notes it can matter who comes first: SECURITY.md says so.
        if (mergeAll([x, y, z]).notes.some(({ why }) => why === 'more')) floods++;
        else expectSemilattice(x, y, z);
      }),
    );
    expect(floods).toBeLessThan(10);
  });

  test('and so it is where more keys were compared or saved than are kept', () => {
    let full = 0;
    check(
      fc.property(pinned, ([x, y, z]) => {
        expectSemilattice(x, y, z, lastWords);
        if (wordsOn([x, y, z]).size > mergeAll([x, y, z]).pins.length) full++;
      }),
    );
    expect(full).toBeGreaterThan(100);
  });

  test('adds no pin that no device had, and revives none that was given up', () => {
    const states = fc.oneof(
      pinned,
      triples.map(({ x, y, z }) => [x, y, z]),
    );
    check(
      fc.property(states, (all) => {
        const words = wordsOn(all);
        for (const { keyId, atMs, droppedMs } of mergeAll(all).pins) {
          const word = words.get(keyId.join());
          expect(word).toBeDefined();
          if (atMs > droppedMs) expect(word?.set).toBeGreaterThan(word?.dropped ?? 0);
        }
      }),
    );
  });

  test('lets bad news of one device outweigh good news of the other', () => {
    let verified = 0;
    check(
      fc.property(triples, ({ x, y, nowMs }) => {
        const { trust } = look(mergeContacts(x, y), nowMs);
        if (trust !== 'verified') return;
        verified++;
        // Every alarm of either was seen on one of them since it was last observed.
        const notes = [...x.notes, ...y.notes];
        const unseen = notes.filter(({ level, code, lastMs, before, after, deviceKey, why }) => {
          const same = notes.filter(
            (other) =>
              other.code === code &&
              other.why === why &&
              [other.before, other.after, other.deviceKey].join('|') === [before, after, deviceKey].join('|'),
          );
          return level === 'alarm' && same.every(({ seenMs }) => seenMs < lastMs);
        });
        expect(unseen).toEqual([]);
        // The newest list has verification on, and a compared key carries to it: no reset since, no word withdrawn.
        const lists = [x.list, y.list].flatMap((list) => list ?? []);
        const newest = Math.max(...lists.map(({ sequence }) => sequence));
        expect(lists.some((list) => list.sequence === newest && list.verification)).toBe(true);
        const words = wordsOn([x, y]);
        const handovers = [...x.handovers, ...y.handovers];
        const standing = [...x.pins, ...y.pins].filter(({ keyId, sequence }) => {
          const word = words.get(keyId.join());
          const since = handovers.filter((handover) => handover.sequence > sequence);
          // What expired for one device may lead away only from a key that the compared one never led to.
          const line = new Set([keyId.join()]);
          for (const { from, to } of since) if (line.has(from.join())) line.add(to.join());
          return (
            (word?.set ?? 0) > (word?.dropped ?? 0) &&
            since.every(({ how, from }) => how === 'authored' || !line.has(from.join()))
          );
        });
        expect(standing.length).toBeGreaterThan(0);
      }),
    );
    expect(verified).toBeGreaterThan(20);
  });

  test('never raises trust but by what a person decided', () => {
    check(
      fc.property(triples, ({ x, y, z, nowMs }) => {
        // As an app stores them: what a merge of long ago shows has been reviewed.
        const [a, b, c] = [x, y, z].map((state) => look(state, nowMs).state) as Three;
        raises([a, b], nowMs);
        raises([a, b, c], nowMs);
      }),
    );
  });

  test('nor where devices are told things apart that would be trust together', () => {
    let raised = 0;
    check(
      fc.property(
        apartSteps,
        fc.constantFrom<'contact' | 'own'>('contact', 'contact', 'own'),
        (steps, owner) => {
          const { pasts, nowMs } = liveApart(steps, owner);
          const [phone, laptop, tablet] = pasts.map((past) => past.slice(-3)) as [Past, Past, Past];
          for (const x of phone) for (const y of laptop) if (raises([x, y], nowMs)) raised++;
          for (const z of tablet.slice(-1)) raises([...phone.slice(-1), ...laptop.slice(-1), z], nowMs);
        },
      ),
    );
    // What was decided on one of them does raise it.
    expect(raised).toBeGreaterThan(5);
  });

  test('hides no alarm that nobody has seen', () => {
    check(
      fc.property(triples, ({ x, y, nowMs }) => {
        const merged = alarmsOf(look(mergeContacts(x, y), nowMs));
        for (const note of x.notes) {
          if (note.level !== 'alarm' || note.seenMs >= note.lastMs) continue;
          const there = y.notes.find((other) => factsText(other) === factsText(note));
          if (there !== undefined && there.seenMs >= note.lastMs) continue;
          const told = merged.some(
            ({ code, why }) => code === note.code && (why === note.why || why === 'more'),
          );
          if (!told) expect.fail(`hides ${note.code} ${note.why}`);
        }
      }),
    );
  });
});

/**
 * Whether these are trusted more together than each of them; then only by what was decided on one, and another did not
 * know. In whatever order they merge: merging is associative.
 */
function raises(given: readonly ContactState[], nowMs: number): boolean {
  const together = mergeAll(given);
  const merged = look(together, nowMs);
  if (rank(merged) <= Math.max(...given.map((state) => rank(look(state, nowMs))))) return false;
  // Each of them by itself, once it knows what was decided on the others.
  const told = given.map((state) => look(withDecisions(state, together), nowMs));
  // That a service is in order again, the later of two devices knows; no proof from before counts again with it.
  const lasts = told.some((review) => alarmsOf(review).some(({ code }) => LASTING.has(code)));
  if (merged.trust === 'consistent' || !lasts) {
    expect(rank(merged)).toBeLessThanOrEqual(Math.max(...told.map(rank)));
    expect(new Set(given.map(decisionsOf)).size).toBeGreaterThan(1);
  }
  return true;
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

function factsText(note: ContactState['notes'][number]): string {
  const { code, level, why, deviceKey, deviceId, before, after, sequence } = note;
  return [code, level, why, deviceKey, deviceId, before, after, sequence].join('|');
}
