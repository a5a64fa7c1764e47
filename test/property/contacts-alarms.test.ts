/** Laws over arbitrary events, sensible or not: alarms, trust, and that there is an answer to everything. */

import {
  type ContactState,
  type Finding,
  reduceContact,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Life } from '../support/contact-life.js';
import { type Noise, noise, noises, OWN_ACTS, RAISING } from '../support/contact-noise.js';
import { apply, live } from '../support/contact-noisy-life.js';
import { lifeOf } from '../support/contact-steps.js';
import { herReset } from '../support/contact-forgeries.js';
import { answerOf } from '../support/contact-answers.js';
import { publicKeyOf, tellAccount } from '../support/contact-story.js';
import { alarmsOf, bytesOf, isTold, LASTING, look, rank } from '../support/contact-trust.js';
import { START } from '../support/contact-world.js';
import { check } from '../support/property.js';

const owners = fc.constantFrom<'contact' | 'own'>('contact', 'own');
/** Alarms that say that another key may be listening. */
const STOPPING: ReadonlySet<string> = new Set([
  'verified-key-changed',
  'codes-differ',
  'public-code-mismatch',
  'own-list-foreign',
]);
const OF_A_CHANGE: ReadonlySet<string> = new Set(['verified-key-changed', 'account-key-reset']);

/** Whether a finding is told of this note. */
const isOf = (note: ContactState['notes'][number], alarm: Finding): boolean =>
  [note.code, note.why, note.before, note.after, note.deviceKey].join() ===
    [alarm.code, alarm.why, alarm.before, alarm.after, alarm.subject.device?.signingKey ?? ''].join() &&
  (alarm.sequence === undefined || alarm.sequence === note.sequence);

/** The state after a person has seen everything that is told. */
const seeAll = (state: ContactState, nowMs: number): ContactState =>
  look(state, nowMs).findings.reduce(
    (next, { id }) => reduceContact(next, { kind: 'finding-seen', id }, { nowMs }),
    state,
  );

describe('whatever happens in whatever order', () => {
  test('there is one answer, and nothing that was given is changed', () => {
    check(
      fc.property(noises, owners, (events, owner) => {
        const [once, again] = [live(events, owner), live(events, owner)];
        expect(isDeepStrictEqual(once.states, again.states)).toBe(true);
        for (const { event, before, nowMs } of once.happenings.slice(-3)) {
          const bytes = bytesOf(before);
          if (event.kind !== 'merge') apply(before, event, nowMs);
          if (!isDeepStrictEqual(look(before, nowMs), look(before, nowMs))) expect.fail('two answers');
          expect(bytesOf(before)).toBe(bytes);
          expect(Object.isFrozen(before)).toBe(true);
        }
      }),
    );
  });

  test('trust rises only by an event that carries proof or a person’s answer, and never falls silently', () => {
    const rises = new Set<Noise['kind']>();
    check(
      fc.property(noises, owners, (events, owner) => {
        for (const { event, before, after, nowMs } of live(events, owner).happenings) {
          const [was, is] = [look(before, nowMs), look(after, nowMs)];
          if (rank(is) > rank(was)) {
            expect(RAISING).toContain(event.kind);
            rises.add(event.kind);
          }
          // What the person gave up on one device is no news to her on another.
          if (event.kind === 'merge' && events.some(({ kind }) => OWN_ACTS.has(kind))) continue;
          if (rank(is) >= rank(was) || OWN_ACTS.has(event.kind) || is.trust === 'blocked') continue;
          const known = new Set(was.findings.map(({ id, lastMs }) => `${id} ${lastMs}`));
          const news = is.findings.filter(({ id, lastMs }) => !known.has(`${id} ${lastMs}`));
          if (news.length === 0)
            expect.fail(`${event.kind}: from ${was.trust} to ${is.trust} without a word`);
        }
      }),
    );
    // Each of these does raise it, now and then.
    for (const kind of [
      'proven-newest',
      'code-same',
      'qr-same',
      'public-code-saved',
      'finding-seen',
    ] as const) {
      expect(rises).toContain(kind);
    }
    expect(rises).toContain('merge');
    expect(rises).toContain('contact-unblocked');
  });

  test('no event hides an alarm: it is told until seen', () => {
    check(
      fc.property(noises, owners, (events, owner) => {
        const { happenings } = live(events, owner);
        for (const { event, before, after, nowMs } of happenings) {
          const is = look(after, nowMs);
          for (const alarm of alarmsOf(look(before, nowMs))) {
            // Seen, and told for as long as its cause lasts.
            if (alarm.dismissed) continue;
            const isOfChange = OF_A_CHANGE.has(alarm.code) || alarm.why === 'not-own-device';
            if (event.kind === 'change-accepted' && isOfChange) continue;
            // On the other device the person saw it, and ended its cause: what counts is when it was noted here.
            const noted = before.notes.find((note) => isOf(note, alarm));
            const lastMs = event.kind === 'merge' ? (noted?.lastMs ?? alarm.lastMs) : alarm.lastMs;
            const seen = after.notes.some((note) => isOf(note, alarm) && note.seenMs >= lastMs);
            if (seen && (event.kind === 'finding-seen' || event.kind === 'merge')) continue;
            if (!isTold(alarm, is)) expect.fail(`${event.kind} hides ${alarm.id}`);
          }
        }
      }),
    );
  });

  test('an alarm whose cause is gone stays until seen, and then goes', () => {
    check(
      fc.property(noises, owners, (events, owner) => {
        const { states, happenings } = live(events, owner);
        const nowMs = happenings.at(-1)?.nowMs ?? START;
        for (const state of states) {
          const alarms = alarmsOf(look(state, nowMs));
          const calm = look(seeAll(state, nowMs), nowMs);
          for (const { code, why } of alarmsOf(calm)) expect([why, LASTING.has(code)]).toEqual([why, true]);
          // What no longer holds was only in the notes, and was told all the same.
          for (const { id, code } of alarms) {
            if (!LASTING.has(code)) expect(calm.findings.map((finding) => finding.id)).not.toContain(id);
          }
        }
      }),
    );
  });

  test('a contact with an alarm is doubtful, or blocked, and nothing is sent to one that must not be', () => {
    check(
      fc.property(noises, owners, (events, owner) => {
        for (const { after, nowMs } of live(events, owner).happenings) {
          const review = look(after, nowMs);
          const alarms = alarmsOf(review);
          const low = ['doubtful', 'blocked'].includes(review.trust);
          expect(low).toBe(alarms.length > 0 || review.trust === 'blocked');
          const stops = alarms.some(({ code, why }) => STOPPING.has(code) || why === 'devices-accepted-two');
          const off = after.list?.verification !== true;
          if (stops || off || review.trust === 'blocked') expect(review.devices).toEqual([]);
          else expect(review.devices).toEqual(after.list?.devices);
        }
      }),
    );
  });
});

describe('in an honest life that noise breaks into', () => {
  test('no alarm is hidden by what comes after, until it is seen', () => {
    check(
      fc.property(lifeOf(10), noise, lifeOf(10), (before, event, after) => {
        const life = new Life().run(before);
        const { device } = event;
        const nowMs = life.clockOf(device);
        const states = [life.stateOf(0), life.stateOf(1), life.stateOf(2)];
        life.states[device] = apply(life.stateOf(device), event, nowMs, states);
        const raised = alarmsOf(look(life.stateOf(device), nowMs));
        life.run(after.filter(({ kind }) => kind !== 'see' && kind !== 'accept'));
        const told = life.review(device);
        for (const alarm of raised) expect(isTold(alarm, told)).toBe(true);
      }),
    );
  });
});

test('a flood of alarms cannot push one out unseen', () => {
  const heard = (state: ContactState, name: number): ContactState =>
    reduceContact(
      state,
      { kind: 'message-received', device: { signingKey: publicKeyOf(`stranger ${name}`) } },
      { nowMs: START },
    );
  const life = new Life();
  life.look(0);
  const met = life.stateOf(0);
  check(
    fc.property(fc.array(fc.nat(30), { minLength: 9, maxLength: 16 }), fc.nat(30), (names, last) => {
      const seen = seeAll(names.reduce(heard, met), START);
      expect(alarmsOf(look(seen, START))).toEqual([]);
      expect(alarmsOf(look(heard(seen, last), START))).not.toEqual([]);
    }),
  );
});

test('a reset that was verified against another list than the one in use is not used', () => {
  const life = new Life();
  life.look(0);
  const [root] = tellAccount();
  const far = root?.after[0]?.after[0];
  if (far === undefined) throw new Error('the account goes on');
  const directory = answerOf(herReset(far).encoded, far.list);
  expect(directory).toMatchObject({ kind: 'list', list: { continuity: { kind: 'reset' } } });
  const { state, findings } = reviewContact({ stored: life.stateOf(0), directory, nowMs: START });
  expect(findings.map(({ code, why }) => `${code} ${why}`)).toContain('list-gap not-from-stored-list');
  expect(state.list).toEqual(life.stateOf(0).list);
});
