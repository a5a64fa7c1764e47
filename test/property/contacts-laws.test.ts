/** The laws of reviewing contacts, over lives of two devices of one user. */

import {
  type ContactState,
  encodeContact,
  mergeContacts,
  parseContact,
  reduceContact,
  type Review,
  reviewContact,
  type Trust,
} from 'contact-key-verification/contacts.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Life, type LifeStep, lifeSteps } from '../support/contact-life.js';
import { DAY, signingKeyOf, START } from '../support/contact-world.js';
import { check } from '../support/property.js';

const RANKS: readonly Trust[] = ['blocked', 'doubtful', 'unverified', 'consistent', 'verified'];
const rank = ({ trust }: Review): number => RANKS.indexOf(trust);
const alarmsOf = ({ findings }: Review): string[] =>
  findings.filter(({ level }) => level === 'alarm').map(({ id }) => id);
const later = START + 366 * DAY;
const look = (stored: ContactState, nowMs = later): Review => reviewContact({ stored, nowMs });

/** Steps that carry a proof, or a person's answer. */
const RAISING: ReadonlySet<LifeStep['kind']> = new Set([
  'look',
  'lagging-look',
  'compare',
  'read-public-code',
  'message',
  'see',
  'accept',
  'block-and-unblock',
  'sync',
  'switch-off-and-on',
]);

/** Noise that makes alarms, for laws that need some. */
const hostile = fc.record({ at: fc.nat(40), kind: fc.nat(4), device: fc.constantFrom<0 | 1>(0, 1) });

function disturb(life: Life, { kind, device }: { kind: number; device: 0 | 1 }): void {
  const nowMs = life.clockOf(device);
  if (kind === 0) life.event(device, { kind: 'code-different' });
  else if (kind === 1) life.event(device, { kind: 'false-reveal' });
  else if (kind === 2)
    life.event(device, { kind: 'message-received', device: { signingKey: signingKeyOf('stranger') } });
  else {
    const directory =
      kind === 3
        ? ({ kind: 'refused', code: 'ERR_LIST_SIGNATURE' } as const)
        : ({ kind: 'no-list' } as const);
    life.states[device] = reviewContact({ stored: life.stateOf(device), directory, nowMs }).state;
  }
}

/** A life with some disturbances in it, and every state that was seen. */
const disturbed = fc.tuple(lifeSteps, fc.array(hostile, { maxLength: 3 })).map(([steps, attacks]) => {
  const life = new Life();
  for (const [i, step] of steps.entries()) {
    life.run([step]);
    for (const attack of attacks) if (attack.at === i) disturb(life, attack);
  }
  life.stateOf(0);
  life.stateOf(1);
  return life;
});

const statesOf = (life: Life): readonly ContactState[] => [
  ...life.snapshots,
  life.stateOf(0),
  life.stateOf(1),
];

/** Three states of one contact, from anywhere in one life. */
const triples = fc
  .tuple(disturbed, fc.nat(), fc.nat(), fc.nat())
  .map(([life, ...picks]) =>
    picks.map((pick) => statesOf(life)[pick % statesOf(life).length] as ContactState),
  );

const bytesOf = (state: ContactState): string => encodeContact(state).join();

describe('an honest year', () => {
  test('raises no alarm', () => {
    check(
      fc.property(lifeSteps, (steps) => {
        const life = new Life().run(steps);
        for (const { after } of life.moments) expect(alarmsOf(after)).toEqual([]);
      }),
    );
  });

  test('trust rises only where something was proven or answered, and never falls without a word', () => {
    check(
      fc.property(lifeSteps, (steps) => {
        for (const { step, before, after } of new Life().run(steps).moments) {
          if (rank(after) > rank(before)) expect(RAISING.has(step.kind)).toBe(true);
          const byUser = after.trust === 'blocked' || before.trust === 'blocked';
          const given = step.kind === 'sync' || step.kind === 'accept';
          if (rank(after) < rank(before) && !byUser && !given) expect(after.findings).not.toEqual([]);
        }
      }),
    );
  });

  test('nothing but a person’s comparison, and what carries it, makes a contact verified', () => {
    check(
      fc.property(lifeSteps, (steps) => {
        const kinds = new Set<string>(['compare', 'read-public-code']);
        const life = new Life().run(steps.filter(({ kind }) => !kinds.has(kind)));
        for (const { after } of life.moments) expect(after.trust).not.toBe('verified');
      }),
    );
  });
});

describe('alarms', () => {
  test('no order of events hides one: it stays until seen', () => {
    check(
      fc.property(lifeSteps, hostile, lifeSteps, (before, attack, after) => {
        const life = new Life().run(before);
        disturb(life, attack);
        const { device } = attack;
        const raised = alarmsOf(look(life.stateOf(device), life.clockOf(device)));
        for (const step of after.filter(({ kind }) => kind !== 'see')) {
          life.run([step]);
          expect(alarmsOf(life.review(device))).toEqual(expect.arrayContaining(raised));
        }
        for (const id of raised) life.event(device, { kind: 'finding-seen', id });
        expect(alarmsOf(life.review(device))).toEqual(
          expect.not.arrayContaining(raised.length > 0 ? raised : ['none']),
        );
      }),
    );
  });

  test('a contact with an alarm is doubtful, or blocked', () => {
    check(
      fc.property(disturbed, (life) => {
        for (const state of statesOf(life)) {
          const review = look(state);
          const low = ['doubtful', 'blocked'].includes(review.trust);
          expect(low || alarmsOf(review).length === 0).toBe(true);
        }
      }),
    );
  });

  test('a flood of them cannot push one out unseen', () => {
    const messages = fc.array(fc.nat(60), { minLength: 20, maxLength: 60 });
    check(
      fc.property(messages, fc.nat(60), (names, last) => {
        const heard = (state: ContactState, name: number, nowMs: number): ContactState =>
          reduceContact(
            state,
            { kind: 'message-received', device: { signingKey: signingKeyOf(`s${name}`) } },
            { nowMs },
          );
        const life = new Life();
        const flooded = names.reduce((state, name) => heard(state, name, START), life.stateOf(0));
        const seen = look(flooded, START).findings.reduce(
          (state, { id }) => reduceContact(state, { kind: 'finding-seen', id }, { nowMs: START }),
          flooded,
        );
        expect(alarmsOf(look(seen, START))).toEqual([]);
        expect(alarmsOf(look(heard(seen, last, START), START))).not.toEqual([]);
      }),
    );
  });
});

describe('merging', () => {
  test('is commutative, associative and idempotent', () => {
    check(
      fc.property(triples, ([a, b, c]) => {
        const [x, y, z] = [a as ContactState, b as ContactState, c as ContactState];
        expect(bytesOf(mergeContacts(x, y))).toBe(bytesOf(mergeContacts(y, x)));
        expect(bytesOf(mergeContacts(mergeContacts(x, y), z))).toBe(
          bytesOf(mergeContacts(x, mergeContacts(y, z))),
        );
        expect(bytesOf(mergeContacts(x, x))).toBe(bytesOf(x));
      }),
    );
  });

  test('never raises trust above both, once each knows what the person decided on the other', () => {
    // What a person decided: which keys were compared, what was seen, who is blocked.
    const told = (x: ContactState, by: ContactState): ContactState => {
      const { pins, block, notes } = mergeContacts(x, by);
      const own = new Set(x.notes.map(factsText));
      return { ...x, pins, block, notes: notes.filter((note) => own.has(factsText(note))) };
    };
    check(
      fc.property(triples, ([a, b]) => {
        const [x, y] = [a as ContactState, b as ContactState];
        const merged = rank(look(mergeContacts(x, y)));
        expect(merged).toBeLessThanOrEqual(Math.max(rank(look(told(x, y))), rank(look(told(y, x)))));
      }),
    );
  });

  test('hides no alarm that nobody has seen', () => {
    check(
      fc.property(triples, ([a, b]) => {
        const [x, y] = [a as ContactState, b as ContactState];
        const merged = alarmsOf(look(mergeContacts(x, y)));
        for (const note of x.notes) {
          const seenThere = y.notes.some(
            (other) => factsText(other) === factsText(note) && other.seenMs >= note.lastMs,
          );
          if (note.level !== 'alarm' || note.seenMs >= note.lastMs || seenThere) continue;
          expect(merged.some((id) => id.startsWith(`${note.code}:alarm`))).toBe(true);
        }
      }),
    );
  });

  test('adds no pin that no device had, and revives none that was given up', () => {
    check(
      fc.property(triples, ([a, b]) => {
        const [x, y] = [a as ContactState, b as ContactState];
        const active = (state: ContactState): string[] =>
          state.pins.filter(({ atMs, droppedMs }) => atMs > droppedMs).map(({ keyId }) => keyId.join());
        const both = new Set([...active(x), ...active(y)]);
        expect(active(mergeContacts(x, y)).every((key) => both.has(key))).toBe(true);
      }),
    );
  });
});

describe('states', () => {
  test('encoding and decoding is the identity', () => {
    check(
      fc.property(disturbed, (life) => {
        for (const state of [life.stateOf(0), life.stateOf(1)]) {
          expect(parseContact(encodeContact(state))).toEqual(state);
        }
      }),
    );
  });

  test('a review is total and deterministic, and changes nothing it was given', () => {
    check(
      fc.property(disturbed, fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (life, nowMs) => {
        const state = life.stateOf(0);
        const before = bytesOf(state);
        expect(look(state, nowMs)).toEqual(look(state, nowMs));
        expect(bytesOf(state)).toBe(before);
      }),
    );
  });

  test('damaged bytes are refused by their kind of error, never believed as another state', () => {
    check(
      fc.property(disturbed, fc.nat(), fc.integer({ min: 1, max: 255 }), (life, at, flip) => {
        const bytes = encodeContact(life.stateOf(0));
        const index = at % bytes.length;
        const damaged = bytes.map((byte, i) => (i === index ? byte ^ flip : byte));
        let read: ContactState;
        try {
          read = parseContact(damaged);
        } catch (error) {
          expect(['DecodeError', 'UnsupportedError']).toContain((error as Error).name);
          return;
        }
        // Version 1 is read and written anew as version 2; every other state has one encoding.
        if (damaged[1] === 2) expect(encodeContact(read)).toEqual(damaged);
      }),
    );
  });
});

function factsText(note: ContactState['notes'][number]): string {
  const { code, level, why, deviceKey, deviceId, before, after, sequence } = note;
  return [code, level, why, deviceKey, deviceId, before, after, sequence].join('|');
}
