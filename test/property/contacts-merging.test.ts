/**
 * What merging is, in whatever order: it invents no decision and revives none, bad news of either side outweighs good
 * news of the other, and no alarm is lost. What it does to trust: `contacts-merged-trust.test.ts`.
 */

import { type ContactState, mergeContacts, reduceContact } from 'contact-key-verification/contacts.js';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unknownContact } from '../support/contact-noisy-life.js';
import { apartTriples, type Three, triples } from '../support/contact-triples.js';
import { alarmsOf, factsText, look, mergeAll, wordsOn } from '../support/contact-trust.js';
import { digest, START } from '../support/contact-world.js';
import { check } from '../support/property.js';

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
      fc.property(fc.oneof(triples, apartTriples), ({ x, y, z }) => {
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
