/** What somebody may try with order, time, merging and repetition to keep a person from being told. */

import {
  type ContactEvent,
  type ContactState,
  type LogEvidence,
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
  listIdOf,
  nextOf,
  START,
  verified,
  type WorldList,
} from '../support/contact-world.js';

const BOB = 'tel:+15551234567';
const first = firstOf(BOB, 'K0', ['phone', 'laptop']);
const second = nextOf(first, {});
const mallory = { name: 'mallory', messaging: 0 };

const proves = (list: WorldList, provenMs: number): LogEvidence => ({
  kind: 'newest',
  sequence: list.sequence,
  listId: listIdOf(list),
  provenMs,
});
const show = (
  stored: ContactState | undefined,
  list: WorldList,
  before: WorldList | undefined,
  nowMs = START,
  log?: LogEvidence,
): Review => reviewContact({ stored, directory: { kind: 'list', list: verified(list, before) }, log, nowMs });
const heard = (stored: ContactState, log: LogEvidence, nowMs: number): Review =>
  reviewContact({ stored, log, nowMs });
const look = (stored: ContactState, nowMs = START): Review => reviewContact({ stored, nowMs });
const after = (state: ContactState, event: ContactEvent, nowMs = START): ContactState =>
  reduceContact(state, event, { nowMs });
const codesOf = ({ findings }: Review): string[] => findings.map(({ code, level }) => `${code} ${level}`);
const idOf = ({ findings }: Review, code: string): string =>
  findings.find((finding) => finding.code === code)?.id ?? '';
const see = (review: Review, code: string, nowMs: number): ContactState =>
  after(review.state, { kind: 'finding-seen', id: idOf(review, code) }, nowMs);

const met = show(undefined, first, undefined).state;
const compared = after(met, { kind: 'code-same', keyId: keyIdOf('K0') });

describe('a log', () => {
  test('that goes back is caught, also while this device is a list ahead of it', () => {
    const logged = show(show(met, second, first).state, second, second, START, proves(second, START)).state;
    const ahead = show(logged, nextOf(second, {}), second, START + HOUR).state;
    const back = heard(ahead, proves(first, START + 2 * HOUR), START + 2 * HOUR);
    expect(codesOf(back)).toContain('list-rollback alarm');
  });

  test('that showed a newer list cannot take it back', () => {
    const shown = heard(met, proves(second, START), START);
    expect(codesOf(shown)).toEqual(['directory-outdated notice']);
    const back = heard(shown.state, proves(first, START + HOUR), START + HOUR);
    expect(codesOf(back)).toContain('list-rollback alarm');
  });

  test('that shows a newer list ends trust in the one before as the newest', () => {
    const consistent = heard(met, proves(first, START), START);
    expect(consistent.trust).toBe('consistent');
    const newer = heard(consistent.state, proves(second, START + HOUR), START + HOUR);
    expect(newer.trust).toBe('unverified');
    expect(show(newer.state, second, first, START + HOUR).trust).toBe('consistent');
  });

  test('that files a list under another number gave no proof', () => {
    const misfiled = { ...proves(first, START), sequence: 7 } as LogEvidence;
    const review = heard(met, misfiled, START);
    expect(codesOf(review)).toEqual(['log-proof-invalid warning']);
    expect(review.trust).toBe('unverified');
  });

  test('that never shows the lists in use is an alarm, however often they change', () => {
    const logged = heard(met, proves(first, START), START).state;
    let [state, list] = [logged, first];
    let review = look(state);
    for (let hours = 6; hours <= 36; hours += 6) {
      const secret = nextOf(list, { salt: 'secret' });
      const nowMs = START + hours * HOUR;
      review = show(state, secret, list, nowMs, proves(first, nowMs));
      [state, list] = [review.state, secret];
    }
    expect(codesOf(review)).toContain('log-outdated alarm');
  });

  test('that is always one list late, and moves on, is no alarm', () => {
    let [state, before, list] = [heard(met, proves(first, START), START).state, first, first];
    let review = look(state);
    for (let hours = 6; hours <= 60; hours += 6) {
      [before, list] = [list, nextOf(list, {})];
      const nowMs = START + hours * HOUR;
      review = show(state, list, before, nowMs, proves(before, nowMs));
      state = review.state;
    }
    expect(codesOf(review)).toEqual(['log-outdated notice']);
  });
});

describe('time that goes backward', () => {
  test('makes no proof younger than it is', () => {
    const { state } = heard(met, proves(first, START), START);
    const back = look(state, START - 9 * DAY);
    expect(back.trust).toBe('unverified');
    expect(codesOf(back)).toEqual(['log-stale notice']);
  });

  test('hides no alarm, even at time 0', () => {
    const alarmed = after(met, { kind: 'false-reveal' }, 0);
    expect(codesOf(look(alarmed, 0))).toEqual(['codes-differ alarm']);
    const seen = see(look(alarmed, 0), 'codes-differ', 0);
    expect(look(seen, 0).findings).toEqual([]);
    expect(codesOf(look(after(seen, { kind: 'false-reveal' }, 0), 0))).toEqual(['codes-differ alarm']);
  });
});

describe('merging', () => {
  test('over lists that nobody followed is told, once', () => {
    const elsewhere = show(
      undefined,
      nextOf(second, { chain: ['M'], devices: [mallory], how: 'reset' }),
      undefined,
    ).state;
    const review = look(mergeContacts(met, elsewhere));
    const gap = review.findings.find(({ code }) => code === 'list-gap');
    expect(gap).toMatchObject({ level: 'warning', why: 'lists-not-followed', sequence: 2 });
    expect(gap?.before).toEqual(listIdOf(first));
    const seen = see(review, 'list-gap', START + HOUR);
    expect(look(seen, START + HOUR).findings).toEqual([]);
    expect(look(look(seen, START + 90 * DAY).state, START + 91 * DAY).findings).toEqual([]);
  });

  test('where both met the contact, and one followed the other’s lists, is told by nothing', () => {
    const phone = show(met, second, first).state;
    const laptop = show(undefined, second, undefined).state;
    expect(look(mergeContacts(phone, laptop)).findings).toEqual([]);
  });

  test('two lists of one sequence stops sending until the user has decided', () => {
    const twin = { ...first, salt: 'twin', chain: ['M'], devices: [mallory] };
    const merged = look(mergeContacts(met, show(undefined, twin, undefined).state));
    expect(codesOf(merged)).toEqual(['list-fork alarm']);
    expect(merged.devices).toEqual([]);
    expect(look(see(merged, 'list-fork', START + HOUR), START + HOUR).devices).not.toEqual([]);
  });
});

describe('a comparison', () => {
  const rotated = nextOf(first, { chain: ['K0', 'K1'] });

  test('of a key that this device had not heard of counts once the list comes', () => {
    const early = after(met, { kind: 'public-code-saved', keyId: keyIdOf('K1') });
    expect(codesOf(look(early))).toEqual(['public-code-mismatch alarm']);
    const came = show(early, rotated, first, START + HOUR);
    const seen = see(came, 'public-code-mismatch', START + HOUR);
    expect(look(seen, START + HOUR).trust).toBe('verified');
    const next = nextOf(rotated, { chain: ['K0', 'K1', 'K2'] });
    expect(show(seen, next, rotated, START + HOUR).trust).toBe('verified');
    const alone = { ...next, how: 'alone' } as const;
    expect(show(seen, alone, rotated, START + HOUR).trust).toBe('unverified');
  });

  test('is not carried over a reset under the compared key itself', () => {
    const began = show(compared, nextOf(first, { how: 'reset' }), first, START + HOUR);
    expect(codesOf(began)).toContain('verified-key-changed alarm');
  });

  test('of a public code again counts again, after a reset under its own key', () => {
    const save = { kind: 'public-code-saved', keyId: keyIdOf('K0') } as const;
    const began = show(after(met, save), nextOf(first, { how: 'reset' }), first, START + HOUR);
    expect(began).toMatchObject({ trust: 'doubtful', devices: [] });
    const again = look(after(began.state, save, START + 2 * HOUR), START + 2 * HOUR);
    expect(look(see(again, 'public-code-mismatch', START + 3 * HOUR), START + 3 * HOUR).trust).toBe(
      'verified',
    );
  });

  test('of a public code counts where an older comparison of its key was broken', () => {
    const began = show(compared, nextOf(first, { how: 'reset' }), first, START + HOUR);
    const save = { kind: 'public-code-saved', keyId: keyIdOf('K0') } as const;
    const saved = look(after(began.state, save, START + 2 * HOUR), START + 2 * HOUR);
    const seen = see(saved, 'verified-key-changed', START + 3 * HOUR);
    expect(look(seen, START + 3 * HOUR).trust).toBe('verified');
  });

  test('by number or QR ends the count of interrupted sessions, and so does a month', () => {
    const event = { kind: 'code-interrupted', why: 'session-expired' } as const;
    const thrice = after(after(after(met, event), event), event);
    expect(codesOf(look(thrice))).toEqual(['code-interrupted warning']);
    for (const kind of ['number-same', 'qr-same'] as const) {
      expect(look(after(thrice, { kind, keyId: keyIdOf('K0') })).findings).toEqual([]);
    }
    expect(look(thrice, START + 31 * DAY).findings).toEqual([]);
    expect(codesOf(look(after(thrice, event, START + 31 * DAY), START + 31 * DAY))).toEqual([
      'code-interrupted warning',
    ]);
  });
});

describe('accepting a change', () => {
  const reset = nextOf(first, { how: 'reset', chain: ['M1'], devices: [mallory] });
  const again = nextOf(reset, { how: 'reset', chain: ['M2'], devices: [mallory] });

  test('accepts what the user was shown, and not what came after', () => {
    const shown = show(compared, reset, first, START + HOUR);
    const tapped = { kind: 'change-accepted', after: keyIdOf('M1') } as const;
    expect(look(after(shown.state, tapped, START + 2 * HOUR), START + 2 * HOUR).trust).toBe('unverified');

    const { state } = show(shown.state, again, reset, START + HOUR);
    const late = look(after(state, tapped, START + 2 * HOUR), START + 2 * HOUR);
    expect(late).toMatchObject({ trust: 'doubtful', devices: [] });
    const told = late.findings.filter(({ code }) => code === 'verified-key-changed');
    expect(told.map(({ after: key, dismissed }) => [key, dismissed])).toEqual([[keyIdOf('M2'), false]]);
    const read = see(late, 'verified-key-changed', START + 3 * HOUR);
    expect(look(read, START + 3 * HOUR)).toMatchObject({ trust: 'doubtful', devices: [] });
  });
});

describe('what is compared', () => {
  test('with another identifier is the list in use, not one that was refused', () => {
    const mail = verified(firstOf('mailto:bob@example.com', 'M', ['mallory']));
    const twin = verified({ ...first, salt: 'twin', chain: ['M'], devices: [mallory] });
    const directory = { kind: 'list', list: twin, others: [mail] } as const;
    const review = reviewContact({ stored: met, directory, nowMs: START });
    expect(codesOf(review).sort()).toEqual(['account-key-reset warning', 'list-fork alarm']);
  });

  test('with the log, where a list lost a race, is told as another list of its sequence', () => {
    const { findings } = heard(met, proves({ ...first, salt: 'winner' }, START), START);
    expect(findings.map(({ code, why }) => `${code} ${why}`)).toEqual(['log-outdated log-shows-other']);
  });
});

describe('dismissal', () => {
  const refused = { kind: 'refused', code: 'ERR_LIST_SIGNATURE' } as const;
  const forged = (stored: ContactState, nowMs: number): Review =>
    reviewContact({ stored, directory: refused, nowMs });

  test('of a forged list is not of the next one', () => {
    const seen = see(forged(met, START), 'list-invalid', START + HOUR);
    expect(look(seen, START + HOUR).findings).toEqual([]);
    const [next] = forged(seen, START + DAY).findings;
    expect(next).toMatchObject({ code: 'list-invalid', dismissed: false });
  });

  test('lasts while the facts do, is over with them, and does not have to be repeated', () => {
    const changed = show(compared, nextOf(first, { how: 'reset', chain: ['K9'] }), first, START + HOUR);
    const seen = see(changed, 'verified-key-changed', START + 2 * HOUR);
    const [still] = look(seen, START + 90 * DAY).findings;
    expect(still).toMatchObject({ code: 'verified-key-changed', dismissed: true });
    const resolved = after(
      look(seen, START + 90 * DAY).state,
      { kind: 'code-same', keyId: keyIdOf('K9') },
      START + 91 * DAY,
    );
    expect(look(resolved, START + 91 * DAY)).toMatchObject({ trust: 'verified', findings: [] });
  });

  test('of a reset is not of the next one, to the same key', () => {
    const reset = nextOf(first, { how: 'reset', chain: ['M'], devices: [mallory] });
    const seen = see(show(compared, reset, first, START + HOUR), 'verified-key-changed', START + 2 * HOUR);
    const next = show(seen, nextOf(reset, { how: 'reset' }), reset, START + 3 * HOUR);
    expect(next.findings[0]).toMatchObject({ code: 'verified-key-changed', dismissed: false });
  });

  test('of a trouble is not of the next time', () => {
    const away = (stored: ContactState, nowMs: number): Review =>
      heard(stored, { kind: 'unavailable', scope: 'log' }, nowMs);
    const seen = see(away(met, START), 'log-unavailable', START + HOUR);
    expect(away(seen, START + 2 * HOUR).findings[0]).toMatchObject({ dismissed: true });
    const back = heard(seen, proves(first, START + 3 * HOUR), START + 3 * HOUR).state;
    expect(away(back, START + 4 * HOUR).findings[0]).toMatchObject({
      code: 'log-unavailable',
      dismissed: false,
    });
  });
});

describe('a list', () => {
  test('that was verified without the stored one follows nothing, whatever became of a pinned key', () => {
    // `accountKey` without `stored`: the mark falls, and no log said that anything has expired.
    const far = nextOf(second, { chain: ['K0', 'K1'] });
    const list = { ...verified(far), mark: 'fallen' } as const;
    const review = reviewContact({ stored: compared, directory: { kind: 'list', list }, nowMs: START });
    expect(review.findings.map(({ code, why }) => `${code} ${why}`)).toEqual([
      'list-gap not-from-stored-list',
    ]);
    expect(review.state.list?.sequence).toBe(0);
    expect(review.listToStore).toBeUndefined();
  });

  test('is to be stored when it is in use, and only then', () => {
    expect(show(undefined, first, undefined).listToStore).toEqual(verified(first).encoded);
    expect(show(met, second, first).listToStore).toEqual(verified(second).encoded);
    expect(show(met, { ...first, salt: 'twin' }, undefined).listToStore).toBeUndefined();
    expect(look(met).listToStore).toBeUndefined();
  });

  test('of one sequence and another name is a fork, even where its name was forgotten', () => {
    const forgetful = { ...met, accepted: [] };
    expect(codesOf(show(forgetful, { ...first, salt: 'twin' }, undefined))).toEqual(['list-fork alarm']);
  });

  test('after expired ones tells how the key changed, and keeps it in the history', () => {
    const later = nextOf(second, { chain: ['K0', 'K1'] });
    const list = { ...verified(later, first, { gapExpired: true }), gapExpired: true };
    const { state, findings } = reviewContact({
      stored: met,
      directory: { kind: 'list', list },
      nowMs: START,
    });
    expect(findings.map(({ code }) => code).sort()).toEqual(['account-key-succeeded', 'list-gap']);
    expect(state.handovers.map(({ from, to, how }) => [from, to, how])).toEqual([
      [keyIdOf('K0'), keyIdOf('K1'), 'succeeded'],
    ]);
  });

  test('after expired ones, of an account that nothing links to the one before, is a reset', () => {
    const later = nextOf(second, { chain: ['M'] });
    const list = { ...verified(later, first, { gapExpired: true }), gapExpired: true };
    const { state, findings } = reviewContact({
      stored: met,
      directory: { kind: 'list', list },
      nowMs: START,
    });
    expect(findings.map(({ code, why }) => `${code} ${why}`)).toContain('account-key-reset no-chain');
    expect(state.handovers.map(({ how }) => how)).toEqual(['reset']);
  });

  test('that changes devices says between which lists', () => {
    const changed = nextOf(first, { devices: [{ name: 'phone', messaging: 1 }, mallory] });
    for (const { before, after: now } of show(met, changed, first).findings) {
      expect([before, now]).toEqual([listIdOf(first), listIdOf(changed)]);
    }
  });
});
