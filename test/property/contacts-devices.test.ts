/**
 * Several devices of one user: what the person decided on one counts on all, and together they are trusted no more
 * than one that had lived through everything.
 */

import {
  type ContactEvent,
  type ContactState,
  type DirectoryAnswer,
  mergeContacts,
  reduceContact,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerOf } from '../support/contact-answers.js';
import { Life } from '../support/contact-life.js';
import { tellAccount } from '../support/contact-story.js';
import { type Noise, noise, noises } from '../support/contact-noise.js';
import { answerIn, eventOf, live, unknownContact } from '../support/contact-noisy-life.js';
import { lifeOf, type LifeStep, lifeSteps } from '../support/contact-steps.js';
import { alarmsOf, bytesOf, look, mergeAll, rank } from '../support/contact-trust.js';
import { DAY, digest, HOUR, START } from '../support/contact-world.js';
import { check } from '../support/property.js';

/**
 * Whether a removed device may still be heard of depends on when its removal was learned; and a code saved again
 * changes nothing where it is saved already.
 */
const isOfOneMeaning = ({ kind }: LifeStep): boolean => kind !== 'late-message' && kind !== 'save-code';

/** What means the same to every device, whatever list it goes by. */
const ONE_MEANING: ReadonlySet<Noise['kind']> = new Set<Noise['kind']>([
  ...(['code-different', 'number-different', 'qr-different', 'false-reveal', 'code-interrupted'] as const),
  ...(['contact-blocked', 'contact-unblocked', 'fork', 'unavailable', 'stale', 'proof-invalid'] as const),
]);
const LASTING_TROUBLES: ReadonlySet<string> = new Set([
  'directory-outdated',
  'log-outdated',
  'log-proof-invalid',
]);

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

  test('“different”, which takes every mark set before it, and none after', () => {
    const differed = after(stranger, { kind: 'code-different' }, 1);
    const [finding] = look(differed, nowMs + 1).findings;
    const seen = after(differed, { kind: 'finding-seen', id: finding?.id ?? '' }, 2);
    expect(trustOf(compared)).toBe('verified');
    expect(trustOf(mergeContacts(compared, seen))).toBe('consistent');
    const { accountKeyId } = life.page.list;
    // Compared again since, also by a clock that went back.
    for (const waitMs of [3, -5]) {
      const again = after(mergeContacts(compared, seen), { kind: 'code-same', keyId: accountKeyId }, waitMs);
      expect(trustOf(again)).toBe('verified');
      expect(bytesOf(mergeContacts(again, again))).toBe(bytesOf(again));
      expect(trustOf(mergeContacts(again, compared))).toBe('verified');
    }
    // Whoever is on the line can reveal falsely: that takes no mark.
    const revealed = after(stranger, { kind: 'false-reveal' }, 1);
    const ids = look(revealed, nowMs + 1).findings.map(({ id }) => id);
    const calm = ids.reduce((state, id) => after(state, { kind: 'finding-seen', id }, 2), revealed);
    expect(trustOf(mergeContacts(compared, calm))).toBe('verified');
  });

  test('a word withdrawn: at the same moment, it outweighs the word', () => {
    const same = { kind: 'code-same', keyId: life.page.list.accountKeyId } as const;
    const [said, withdrawn] = [after(stranger, same, 5), after(compared, { kind: 'code-different' }, 5)];
    const merged = mergeContacts(said, withdrawn);
    const seen = look(merged, nowMs + 5).findings.reduce(
      (state, { id }) => after(state, { kind: 'finding-seen', id }, 6),
      merged,
    );
    expect([trustOf(said), trustOf(seen)]).toEqual(['verified', 'consistent']);
  });
});

test('a code saved before any list was seen does not verify a list that another device saw', () => {
  const life = new Life();
  life.look(1);
  const event = { kind: 'public-code-saved', keyId: life.page.list.accountKeyId } as const;
  const nowMs = life.clockOf(0);
  const merged = mergeContacts(reduceContact(unknownContact(), event, { nowMs }), life.stateOf(1));
  const { trust, findings } = look(merged, nowMs);
  expect(trust).not.toBe('verified');
  expect(findings.map(({ code }) => code)).toContain('account-key-succeeded');
  // It does on the device that sees its first list.
  life.states[0] = reduceContact(unknownContact(), event, { nowMs });
  life.look(0);
  expect(life.review(0).trust).toBe('verified');
});

test('a mark is not carried over a step that neither device saw, though each saw one side of it', () => {
  // The same account key before and after: nothing but the step itself is missing.
  const page = tellAccount().find(({ change }) => change === 'rekey');
  const before = page?.before;
  if (page === undefined || before === undefined) throw new Error('somebody rekeys');
  const nowMs = START;
  const seen = (directory: DirectoryAnswer, stored: ContactState = unknownContact()): ContactState =>
    reviewContact({ stored, directory, nowMs }).state;
  const event = { kind: 'code-same', keyId: before.list.accountKeyId } as const;
  const compared = reduceContact(seen(answerOf(before.list.encoded)), event, { nowMs });
  const merged = mergeContacts(compared, seen(answerOf(page.list.encoded)));
  expect(look(merged, nowMs).trust).not.toBe('verified');
  // Whoever sees the step can tell.
  const step = answerOf(page.list.encoded, before.list);
  expect(look(seen(step, compared), nowMs).trust).toBe('verified');
});

test('a saved code is reason enough to miss a list; a comparison stands for all that were made before', () => {
  const life = new Life();
  const nowMs = life.clockOf(0);
  const keyId = digest('a key of long ago');
  const saved = reduceContact(unknownContact(), { kind: 'public-code-saved', keyId }, { nowMs });
  const missed = reviewContact({ stored: saved, directory: { kind: 'no-list' }, nowMs });
  expect(missed.findings.map(({ code }) => code)).toContain('verification-missing');
  life.event(0, { kind: 'code-same', keyId });
  expect(life.review(0).trust).toBe('doubtful');
  life.event(0, { kind: 'code-same', keyId: life.page.list.accountKeyId });
  for (const { id } of life.review(0).findings) life.event(0, { kind: 'finding-seen', id });
  expect(life.review(0).trust).toBe('verified');
});

test('of more lists than are kept by name, the newest are', () => {
  const names = (from: number, count: number): ContactState => ({
    ...unknownContact('own'),
    written: Array.from({ length: count }, (_, i) => ({ sequence: from + i, listId: digest(from + i) })),
  });
  const { written } = mergeContacts(names(0, 32), names(20, 32));
  expect(written.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 32 }, (_, i) => 20 + i));
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
          const nowMs = life.clockOf(event.device);
          const state = life.stateOf(event.device);
          const answer = answerIn(event, state, nowMs);
          if (!ONE_MEANING.has(event.kind)) continue;
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
