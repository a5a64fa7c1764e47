/** A year of honest life, of a contact and of one's own account, over really signed lists. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Life } from '../support/contact-life.js';
import { type LifeStep, lifeSteps } from '../support/contact-steps.js';
import { alarmsOf, idsOf, look, rank } from '../support/contact-trust.js';
import { check } from '../support/property.js';

/** Steps that carry a proof, or a person's answer. */
const RAISING: ReadonlySet<LifeStep['kind']> = new Set([
  'look',
  'lagging-look',
  'look-after-long-absence',
  'compare',
  'save-code',
  'message',
  'late-message',
  'see',
  'accept',
  'block-and-unblock',
  'sync',
  'late-sync',
]);

const GIVING_UP: ReadonlySet<LifeStep['kind']> = new Set(['forget-code', 'accept', 'compare']);

describe.each(['contact', 'own'] as const)('an honest year of: %s', (owner) => {
  const counts = new Map<string, number>();
  const count = (what: string, often = 1): void => void counts.set(what, (counts.get(what) ?? 0) + often);

  test('raises no alarm, and moves trust for a reason that is told', () => {
    check(
      fc.property(lifeSteps, (steps) => {
        const life = new Life({ owner, recorded: true }).run(steps);
        for (const { step, before, after } of life.moments) {
          const { kind } = step;
          const alarms = idsOf(alarmsOf(after));
          if (alarms.length > 0) expect([kind, ...alarms]).toEqual([kind]);
          if (rank(after) > rank(before)) expect(RAISING).toContain(kind);
          const byPerson = kind === 'block-and-unblock' || kind === 'accept' || kind === 'forget-code';
          // What she gave up on one device is no news to her on another.
          const isSync = kind === 'sync' || kind === 'late-sync';
          const elsewhere = isSync && steps.some((other) => GIVING_UP.has(other.kind));
          const blocked = after.trust === 'blocked' || before.trust === 'blocked';
          if (rank(after) < rank(before) && !byPerson && !elsewhere && !blocked)
            expect(after.findings).not.toEqual([]);
          count(kind);
          count(after.trust);
        }
        for (const [what, often] of life.counts) count(what, often);
      }),
    );
  });

  // What a generator never makes, a law never meets.
  test('in which everything happens that an honest life has', () => {
    const happened = [
      ...[
        'add',
        'remove',
        'retire',
        'rekey',
        'rotate',
        'recover',
        'recover-key',
        'off',
        'on',
        'reassign',
        'race',
      ],
      ...[
        'directory-lags',
        'log-lags',
        'older-list-shown',
        'clock-behind-the-log',
        'late-message',
        'lost-answer',
      ],
      ...['sync', 'late-sync', 'see', 'accept', 'unverified', 'consistent', 'blocked'],
      ...(owner === 'contact' ? ['lists-expired', 'compare', 'save-code', 'forget-code', 'verified'] : []),
    ];
    expect(happened.filter((what) => !counts.has(what))).toEqual([]);
  });
});

test('nothing but a person’s comparison, and what carries it, makes a contact verified', () => {
  check(
    fc.property(lifeSteps, (steps) => {
      const life = new Life({ recorded: true }).run(
        steps.filter(({ kind }) => kind !== 'compare' && kind !== 'save-code'),
      );
      for (const { after } of life.moments) if (after.trust === 'verified') expect.fail('verified by nobody');
    }),
  );
});

test('time alone raises nothing and ends no finding but old notices and seen warnings', () => {
  check(
    fc.property(lifeSteps, fc.nat(100 * 86_400_000), (steps, waitMs) => {
      const life = new Life().run(steps);
      const [state, nowMs] = [life.stateOf(0), life.clockOf(0)];
      const [now, later] = [look(state, nowMs), look(state, nowMs + waitMs)];
      expect(rank(later)).toBeLessThanOrEqual(rank(now));
      if (rank(later) < rank(now)) expect(later.findings).not.toEqual([]);
      for (const { code, level, why, dismissed } of now.findings) {
        // Sessions that ended long ago say nothing of today.
        if (level === 'notice' || dismissed || code === 'code-interrupted') continue;
        expect(later.findings.map((other) => `${other.code} ${other.level} ${other.why}`)).toContain(
          `${code} ${level} ${why}`,
        );
      }
    }),
  );
});

test('lists that expired let a mark fall, and that is told', () => {
  check(
    fc.property(lifeSteps, (steps) => {
      const life = new Life().run(steps);
      life.look(0);
      life.event(0, { kind: 'code-same', keyId: life.page.list.accountKeyId });
      for (const pick of [0, 2]) life.publish(1, pick);
      const gap = life.page.list.sequence - (life.storedOf(0)?.list.sequence ?? 0);
      if (gap < 2) return;
      life.look(0, { gapExpired: true });
      const { trust, findings } = life.review(0);
      expect(trust).not.toBe('verified');
      const told = findings.map(({ code, level }) => `${code} ${level}`);
      expect(told).toContain('list-gap warning');
    }),
  );
});
