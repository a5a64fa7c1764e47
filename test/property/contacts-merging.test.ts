/**
 * What merging may do. "Merging never raises trust" and "the latest human decision counts" contradict each other where
 * they are read as "never above the higher of the two": a device that holds an unseen alarm over a compared key and one
 * on which the person has seen that alarm, but never compared, are both low, and the person has decided everything.
 * The second sentence counts, and the first is held in its strongest form that leaves room for it:
 * - merging invents no decision and revives none, and bad news of either side outweighs good news of the other;
 * - facts of two devices never add up to trust: the merged state is trusted no more than the better of the two would
 *   be, if the person had decided on it what she decided on the other (so never above both where nothing was decided);
 * - any number of devices, merged in any order, is trusted no more than one that had lived through everything.
 */

import {
  type ContactState,
  mergeContacts,
  reduceContact,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Life } from '../support/contact-life.js';
import {
  answerIn,
  eventOf,
  live,
  type Noise,
  noise,
  noises,
  unknownContact,
} from '../support/contact-noise.js';
import { lifeOf, type LifeStep, lifeSteps, type UserDevice } from '../support/contact-steps.js';
import { alarmsOf, bytesOf, isTold, look, mergeAll, rank, wordsOn } from '../support/contact-trust.js';
import { DAY, digest, HOUR, START } from '../support/contact-world.js';
import { check } from '../support/property.js';

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
    { minLength: 20, maxLength: 60 },
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

function expectSemilattice(x: ContactState, y: ContactState, z: ContactState): void {
  expect(bytesOf(mergeContacts(x, y))).toBe(bytesOf(mergeContacts(y, x)));
  expect(bytesOf(mergeContacts(mergeContacts(x, y), z))).toBe(bytesOf(mergeContacts(x, mergeContacts(y, z))));
  expect(bytesOf(mergeContacts(x, x))).toBe(bytesOf(x));
}

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
        expectSemilattice(x, y, z);
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
          return (word?.set ?? 0) > (word?.dropped ?? 0) && since.every(({ how }) => how === 'authored');
        });
        expect(standing.length).toBeGreaterThan(0);
      }),
    );
    expect(verified).toBeGreaterThan(20);
  });

  test('never adds facts up to trust: above both only by what a person decided', () => {
    // What a person decided: which keys were compared, what was seen, who is blocked.
    const told = (x: ContactState, by: ContactState): ContactState => {
      const { pins, block, notes } = mergeContacts(x, by);
      const own = new Set(x.notes.map(factsText));
      return { ...x, pins, block, notes: notes.filter((note) => own.has(factsText(note))) };
    };
    check(
      fc.property(triples, ({ x, y, nowMs }) => {
        const merged = rank(look(mergeContacts(x, y), nowMs));
        const both = Math.max(rank(look(x, nowMs)), rank(look(y, nowMs)));
        expect(merged).toBeLessThanOrEqual(
          Math.max(rank(look(told(x, y), nowMs)), rank(look(told(y, x), nowMs))),
        );
        if (merged <= both) return;
        const [a, b] = [bytesOf({ ...x, ...decisions(x) }), bytesOf({ ...x, ...decisions(y) })];
        expect(a).not.toBe(b);
      }),
    );
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

const decisions = ({ pins, block, notes }: ContactState): Pick<ContactState, 'pins' | 'block' | 'notes'> => ({
  pins,
  block,
  notes: notes.filter(({ seenMs }) => seenMs > 0),
});

describe('what a person decided on one device counts on all', () => {
  const life = new Life();
  for (const device of [0, 1] as const) life.look(device);
  life.event(0, { kind: 'code-same', keyId: life.page.list.accountKeyId });
  const [compared, stranger] = [life.stateOf(0), life.stateOf(1)];
  const nowMs = life.clockOf(0);
  const after = (state: ContactState, event: ContactEvent, waitMs: number): ContactState =>
    reduceContact(state, event, { nowMs: nowMs + waitMs });
  const trustOf = (state: ContactState): string => look(state, nowMs + 10).trust;

  test('an alarm that was seen on the device that never compared', () => {
    const alarmed = after(compared, { kind: 'false-reveal' }, 1);
    const heard = after(stranger, { kind: 'false-reveal' }, 1);
    const [finding] = look(heard, nowMs).findings;
    const seen = after(heard, { kind: 'finding-seen', id: finding?.id ?? '' }, 2);
    expect([trustOf(alarmed), trustOf(seen)]).toEqual(['doubtful', 'consistent']);
    expect(trustOf(mergeContacts(alarmed, seen))).toBe('verified');
    // Not where it was observed again since.
    const again = after(alarmed, { kind: 'false-reveal' }, 3);
    expect(trustOf(mergeContacts(again, seen))).toBe('doubtful');
  });

  test('a contact unblocked, or blocked, later than on the other', () => {
    const blocked = after(compared, { kind: 'contact-blocked' }, 1);
    const unblocked = after(stranger, { kind: 'contact-unblocked' }, 2);
    expect(trustOf(mergeContacts(blocked, unblocked))).toBe('verified');
    const blockedAgain = after(stranger, { kind: 'contact-blocked' }, 3);
    expect(trustOf(mergeContacts(mergeContacts(blocked, unblocked), blockedAgain))).toBe('blocked');
    const atOnce = after(stranger, { kind: 'contact-unblocked' }, 1);
    expect(trustOf(mergeContacts(blocked, atOnce))).toBe('blocked');
  });

  test('a word withdrawn: at the same moment, it outweighs the word', () => {
    const same = { kind: 'code-same', keyId: life.page.list.accountKeyId } as const;
    const [said, withdrawn] = [after(stranger, same, 5), after(compared, { kind: 'code-different' }, 5)];
    const { pins } = mergeContacts(said, withdrawn);
    expect(pins.filter(({ atMs, droppedMs }) => atMs > droppedMs)).toEqual([]);
  });
});

test('a trouble with a list ends with it, so that no later lag of an honest directory is an alarm', () => {
  const life = new Life();
  life.look(0);
  life.publish(0, 0);
  // The log knows the next list, the directory's replica not yet; another device gets it a little later.
  life.look(0, { directoryLagMs: HOUR });
  expect(life.review(0).findings.map(({ code }) => code)).toContain('directory-outdated');
  life.nowMs += HOUR;
  life.look(1);
  life.states[0] = mergeContacts(life.stateOf(0), life.stateOf(1));
  expect(life.review(0).findings.map(({ code }) => code)).not.toContain('directory-outdated');
  life.nowMs += 3 * DAY;
  life.publish(0, 0);
  life.look(0, { directoryLagMs: HOUR });
  expect(alarmsOf(life.review(0))).toEqual([]);
});

describe('any number of devices, however they merge', () => {
  test('are trusted no more than one that had lived through everything', () => {
    check(
      fc.property(lifeSteps, (steps) => {
        const life = new Life({ witnessed: true }).run(steps.filter(isOfOneMeaning));
        const states = [life.stateOf(0), life.stateOf(1), life.stateOf(2)];
        const nowMs = life.clockOf(2);
        const merged = look(mergeAll(states), nowMs);
        expect(rank(merged)).toBeLessThanOrEqual(rank(look(life.witness(), nowMs)));
      }),
    );
  });

  test('nor where noise breaks into that life', () => {
    let judged = 0;
    check(
      fc.property(lifeOf(10), fc.array(noise, { maxLength: 4 }), lifeOf(10), (before, events, after) => {
        const life = new Life({ witnessed: true }).run(before.filter(isOfOneMeaning));
        for (const event of events) {
          // Lists are what the life shows; of all else, both are given the same.
          const nowMs = life.clockOf(event.device);
          const state = life.stateOf(event.device);
          const answer = answerIn(event, state, nowMs);
          if (ANOTHER_MEANING.has(event.kind) || answer?.directory?.kind === 'list') continue;
          if (answer?.log?.kind === 'newest' || answer?.log?.kind === 'included') continue;
          const happened = eventOf(event, state, nowMs);
          life.happen(event.device, (stored = state) =>
            answer === undefined
              ? reduceContact(stored, happened, { nowMs })
              : reviewContact({ stored, ...answer, nowMs }).state,
          );
        }
        // What is told of noise names the list in use, and so is seen on each device by itself.
        life.run(
          after.filter((step) => isOfOneMeaning(step) && step.kind !== 'see' && step.kind !== 'accept'),
        );
        const states = [life.stateOf(0), life.stateOf(1), life.stateOf(2)];
        const nowMs = life.clockOf(2);
        const merged = look(mergeAll(states), nowMs);
        const lived = look(life.witness(), nowMs);
        // How long something lasts is not added up between devices: SECURITY.md says so.
        if (alarmsOf(lived).every(({ code }) => LASTING_TROUBLES.has(code)) && lived.trust === 'doubtful')
          return;
        expect(rank(merged)).toBeLessThanOrEqual(rank(lived));
        judged++;
      }),
    );
    expect(judged).toBeGreaterThan(800);
  });

  test('without a person’s comparison are never verified, without proof never consistent', () => {
    const pins: ReadonlySet<Noise['kind']> = new Set([
      'code-same',
      'number-same',
      'qr-same',
      'public-code-saved',
    ]);
    check(
      fc.property(noises, (events) => {
        for (const { after, nowMs } of live(events.filter(({ kind }) => !pins.has(kind))).happenings) {
          if (look(after, nowMs).trust === 'verified') expect.fail('verified by nobody');
        }
        for (const { after, nowMs } of live(events.filter(({ kind }) => kind !== 'proven-newest'))
          .happenings) {
          if (look(after, nowMs).trust === 'consistent') expect.fail('consistent without proof');
        }
      }),
    );
  });
});

/** Whether a removed device may still be heard of depends on when its removal was learned. */
const isOfOneMeaning = ({ kind }: LifeStep): boolean => kind !== 'late-message';

/** What means something else to a device that knows another pin or has another finding in view. */
const ANOTHER_MEANING: ReadonlySet<Noise['kind']> = new Set(['merge', 'finding-seen', 'no-list', 'refused']);
const LASTING_TROUBLES: ReadonlySet<string> = new Set([
  'directory-outdated',
  'log-outdated',
  'log-proof-invalid',
]);

function factsText(note: ContactState['notes'][number]): string {
  const { code, level, why, deviceKey, deviceId, before, after, sequence } = note;
  return [code, level, why, deviceKey, deviceId, before, after, sequence].join('|');
}
