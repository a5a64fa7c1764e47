/**
 * What one device of a user knows of a break, and another does not: after a merge neither goes on as if nothing had
 * happened, and nothing that did not happen is told.
 */

import {
  type ContactEvent,
  type ContactState,
  type DirectoryAnswer,
  mergeContacts,
  reduceContact,
  type Review,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import { describe, expect, test } from 'vitest';
import {
  DAY,
  firstOf,
  HOUR,
  keyIdOf,
  nextOf,
  START,
  verified,
  type WorldList,
} from '../support/contact-world.js';

const BOB = 'tel:+15551234567';
const first = firstOf(BOB, 'K0', ['phone']);
const met = sees(undefined, first);

/** The state of a device that is shown this list. */
function sees(
  stored: ContactState | undefined,
  list: WorldList,
  before?: WorldList,
  nowMs = START,
): ContactState {
  return hears(stored, { kind: 'list', list: verified(list, before) }, nowMs);
}

/** The same, where the log proved that the lists between have expired. */
function seesLate(stored: ContactState, list: WorldList, before: WorldList, nowMs = START): ContactState {
  return hears(stored, { kind: 'list', list: verified(list, before, { gapExpired: true }) }, nowMs);
}

function hears(stored: ContactState | undefined, directory: DirectoryAnswer, nowMs = START): ContactState {
  return reviewContact({ stored, directory, nowMs }).state;
}

function after(stored: ContactState, event: ContactEvent, nowMs = START): ContactState {
  return reduceContact(stored, event, { nowMs });
}

const compared = (stored: ContactState, account: string, nowMs = START): ContactState =>
  after(stored, { kind: 'code-same', keyId: keyIdOf(account) }, nowMs);

/** What the merged state means, in whatever order the two meet. */
function together(a: ContactState, b: ContactState, nowMs = START + DAY): Review {
  const [review, other] = [mergeContacts(a, b), mergeContacts(b, a)].map((stored) =>
    reviewContact({ stored, nowMs }),
  ) as [Review, Review];
  expect(other).toEqual(review);
  return review;
}

const loud = ({ findings }: Review): string[] =>
  findings.filter(({ level }) => level !== 'notice').map(({ code, level, why }) => `${code} ${level} ${why}`);

describe('a reset among lists that expired', () => {
  const began = nextOf(first, { how: 'reset', chain: ['K1'] });
  const handedOver = nextOf(began, { chain: ['K1', 'K2'] });
  const newest = nextOf(handedOver, {});
  const late = seesLate(met, newest, first, START + HOUR);
  const accepted = compared(sees(met, began, first), 'K1');

  test('is no reset since a comparison that another device made after it', () => {
    const followed = sees(sees(accepted, handedOver, began), newest, handedOver);
    expect(reviewContact({ stored: followed, nowMs: START }).trust).toBe('verified');
    const { trust, findings } = together(followed, late);
    expect(findings.filter(({ level }) => level === 'alarm')).toEqual([]);
    expect(trust).toBe('verified');
    // So it is where it was made by a device that met the account only then.
    const newcomer = sees(
      sees(compared(sees(undefined, began), 'K1'), handedOver, began),
      newest,
      handedOver,
    );
    expect(together(newcomer, late).trust).toBe('verified');
  });

  test('lets the mark fall where nobody saw what followed the comparison, and the key compared signed the next', () => {
    const { trust, findings } = together(accepted, late);
    expect(trust).toBe('unverified');
    expect(findings.filter(({ level }) => level === 'alarm')).toEqual([]);
    expect(loud(together(accepted, late))).toContain('account-key-succeeded warning chain-without-device');
  });

  test('breaks every pin that was set before the gap, on whichever device', () => {
    for (const pinned of [compared(met, 'K0'), compared(sees(undefined, first), 'K0')]) {
      const review = together(pinned, late);
      expect(review).toMatchObject({ trust: 'doubtful', devices: [] });
      expect(loud(review)).toContain('verified-key-changed alarm reset');
    }
  });

  test('and so does another one after the comparison, seen or not', () => {
    const again = nextOf(newest, { how: 'reset', chain: ['K3'] });
    const last = nextOf(again, {});
    const unseen = together(accepted, seesLate(met, last, first, START + HOUR));
    expect(unseen).toMatchObject({ trust: 'doubtful', devices: [] });
    expect(loud(unseen)).toContain('verified-key-changed alarm reset');
    const followed = sees(sees(accepted, handedOver, began), newest, handedOver);
    for (const other of [sees(late, again, newest), seesLate(late, last, newest)]) {
      expect(together(followed, other)).toMatchObject({ trust: 'doubtful', devices: [] });
    }
    const seen = sees(sees(followed, again, newest), last, again);
    expect(loud(together(seen, seesLate(met, last, first)))).toContain('verified-key-changed alarm reset');
  });

  test('and a handover without a device among them is none since a later comparison', () => {
    const alone = nextOf(first, { how: 'alone', chain: ['K0', 'K1'] });
    const moved = nextOf(alone, { chain: ['K0', 'K1', 'K2'] });
    const there = nextOf(moved, {});
    const pinned = compared(sees(met, alone, first), 'K1');
    const followed = sees(sees(pinned, moved, alone), there, moved);
    expect(together(followed, seesLate(met, there, first)).trust).toBe('verified');
    // A key compared before is not carried over it by what another device saw.
    const before = sees(sees(sees(compared(met, 'K0'), alone, first), moved, alone), there, moved);
    expect(together(before, seesLate(met, there, first)).trust).toBe('unverified');
  });

  test('to another key than the compared one handed over to is a break, however long ago', () => {
    // One device was shown a list of its own, and so much later than the comparison that names of that time are gone.
    const forged = nextOf(handedOver, {
      how: 'reset',
      chain: ['M'],
      devices: [{ name: 'mallory', messaging: 0 }],
    });
    const misled = seesLate(met, forged, first, START + HOUR);
    let followed = sees(accepted, handedOver, began);
    let before = handedOver;
    for (let i = 0; i < 40; i++) {
      const next = nextOf(before, {});
      followed = sees(followed, next, before);
      before = next;
    }
    expect(reviewContact({ stored: followed, nowMs: START }).trust).toBe('verified');
    const review = together(followed, misled);
    expect(review).toMatchObject({ trust: 'doubtful', devices: [] });
    expect(loud(review)).toContain('verified-key-changed alarm reset');
  });

  test('counts from the compared key, though the same key came back in between', () => {
    const left = nextOf(newest, { how: 'reset', chain: ['K5'] });
    const back = nextOf(left, { how: 'reset', chain: ['K2'] });
    const pinned = compared(sees(sees(sees(met, began, first), handedOver, began), newest, handedOver), 'K2');
    const returned = sees(sees(pinned, left, newest), back, left);
    expect(reviewContact({ stored: returned, nowMs: START }).trust).toBe('doubtful');
    const { trust } = together(returned, seesLate(met, back, first));
    expect(trust).toBe('doubtful');
  });
});

describe('a break that a device without the comparison heard of', () => {
  const mail = verified(firstOf('mailto:bob@example.com', 'M', ['mallory']));
  const pinned = compared(met, 'K0');
  const twoChains = (stored: ContactState, nowMs: number): ContactState =>
    hears(stored, { kind: 'list', list: verified(first, first), others: [mail] }, nowMs);
  const refused = (stored: ContactState, nowMs: number): ContactState =>
    hears(stored, { kind: 'refused', code: 'ERR_ACCOUNT_KEY' }, nowMs);
  const breaks = [
    ['identifiers of two chains', twoChains, 'two-identifiers'],
    ['a list that no chain leads to', refused, 'no-chain'],
  ] as const;

  test.each(breaks)('%s: an alarm after a merge, until seen', (_, happen, why) => {
    const heard = happen(met, START + HOUR);
    expect(loud(reviewContact({ stored: heard, nowMs: START + HOUR }))).toEqual([
      `account-key-reset warning ${why}`,
    ]);
    const review = together(pinned, heard);
    expect(review).toMatchObject({ trust: 'doubtful', devices: [] });
    expect(loud(review)).toContain(`verified-key-changed alarm ${why}`);

    // The warning was read on the device that had not compared: that is no answer to the alarm.
    const [warning] = reviewContact({ stored: heard, nowMs: START + HOUR }).findings;
    const read = after(heard, { kind: 'finding-seen', id: warning?.id ?? '' }, START + 2 * HOUR);
    expect(together(pinned, read).trust).toBe('doubtful');

    // Seen as an alarm, it is over, as on a device that had compared; and news when it happens again.
    const alarm = review.findings.find(({ level }) => level === 'alarm');
    const seen = after(review.state, { kind: 'finding-seen', id: alarm?.id ?? '' }, START + DAY);
    expect(reviewContact({ stored: seen, nowMs: START + DAY }).trust).toBe('verified');
    expect(together(seen, heard).trust).toBe('verified');
    expect(together(seen, happen(met, START + 2 * DAY), START + 2 * DAY).trust).toBe('doubtful');
  });

  test.each(breaks)('%s: a later comparison answers it, whatever the clock says', (_, happen) => {
    const heard = happen(met, START + HOUR);
    expect(together(compared(met, 'K0', START + 2 * HOUR), heard).trust).toBe('verified');
    const there = compared(heard, 'K0', START + HOUR);
    expect(reviewContact({ stored: there, nowMs: START + HOUR }).trust).toBe('verified');
    expect(reviewContact({ stored: compared(heard, 'K0', START), nowMs: START }).trust).toBe('verified');
  });

  test('more of them than are kept: an alarm, though the details are gone', () => {
    const flood = Array.from({ length: 40 }, (_, i) =>
      verified(firstOf('mailto:bob@example.com', `M${i}`, ['x'])),
    );
    const directory = (others: typeof flood): DirectoryAnswer => ({
      kind: 'list',
      list: verified(first, first),
      others,
    });
    // All but the last came before the comparison.
    const before = hears(met, directory(flood.slice(0, -1)), START - DAY);
    for (const last of flood) {
      expect(together(pinned, hears(before, directory([last]), START + HOUR)).trust).toBe('doubtful');
    }
  });

  test('a reset that it saw: an alarm, whoever follows whom', () => {
    const reset = nextOf(first, { how: 'reset', chain: ['K9'] });
    const sameKey = nextOf(first, { how: 'reset' });
    const onward = nextOf(first, { devices: [...first.devices, { name: 'laptop', messaging: 0 }] });
    for (const list of [
      reset,
      sameKey,
      nextOf(first, { how: 'reset', chain: ['K9'], verification: false }),
    ]) {
      for (const other of [
        pinned,
        sees(pinned, onward, first),
        sees(sees(pinned, onward, first), nextOf(onward, {}), onward),
      ]) {
        expect(together(other, sees(met, list, first))).toMatchObject({ trust: 'doubtful', devices: [] });
      }
    }
  });
});
