/** Reviewing a contact, finding by finding, with imitated lists. */

import {
  type ContactState,
  createContact,
  type LogEvidence,
  reduceContact,
  type Review,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import { encodeUtf8 } from 'contact-key-verification/bytes.js';
import { describe, expect, test } from 'vitest';
import {
  DAY,
  firstOf,
  HOUR,
  keyIdOf,
  listIdOf,
  nextOf,
  signingKeyOf,
  START,
  verified,
  type WorldList,
} from '../support/contact-world.js';

const BOB = 'tel:+15551234567';
const first = firstOf(BOB, 'K0', ['phone', 'laptop']);
const newestProof = (list: WorldList, provenMs: number): LogEvidence => ({
  kind: 'newest',
  sequence: list.sequence,
  listId: listIdOf(list),
  provenMs,
});

const show = (
  stored: ContactState | undefined,
  list: WorldList,
  before: WorldList | undefined,
  nowMs: number,
  log?: LogEvidence,
): Review => reviewContact({ stored, directory: { kind: 'list', list: verified(list, before) }, log, nowMs });

const codesOf = ({ findings }: Review): string[] => findings.map(({ code, level }) => `${code} ${level}`);
const look = (stored: ContactState, nowMs: number): Review => reviewContact({ stored, nowMs });

const met = show(undefined, first, undefined, START).state;
const compared = reduceContact(met, { kind: 'code-same', keyId: keyIdOf('K0') }, { nowMs: START });

describe('trust', () => {
  test('a new contact is unverified, and its devices are those of the list', () => {
    const review = show(undefined, first, undefined, START);
    expect(review.trust).toBe('unverified');
    expect(review.findings).toEqual([]);
    expect(review.devices.map(({ id }) => new TextDecoder().decode(id))).toEqual(['phone', 'laptop']);
  });

  test('consistent is a recent proof of being the newest, and ends when that is old', () => {
    const { state, trust } = show(undefined, first, undefined, START, newestProof(first, START));
    expect(trust).toBe('consistent');
    expect(look(state, START + 2 * DAY).trust).toBe('consistent');
    expect(look(state, START + 4 * DAY).trust).toBe('unverified');
  });

  test('inclusion alone is not consistent, unless the policy says so', () => {
    const log = { ...newestProof(first, START), kind: 'included' } as LogEvidence;
    const { state, trust } = show(undefined, first, undefined, START, log);
    expect(trust).toBe('unverified');
    expect(look(state, START + 9 * DAY).findings).toEqual([]);
    const policy = { logProof: 'inclusion' } as const;
    expect(reviewContact({ stored: state, policy, nowMs: START }).trust).toBe('consistent');
    const late = reviewContact({ stored: state, policy, nowMs: START + 4 * DAY });
    expect(codesOf(late)).toEqual(['log-stale notice']);
  });

  test('a person’s "same" verifies the key in use and no other', () => {
    expect(look(compared, START).trust).toBe('verified');
    const other = reduceContact(met, { kind: 'code-same', keyId: keyIdOf('K9') }, { nowMs: START });
    expect(look(other, START).trust).toBe('doubtful');
    expect(look(other, START).devices).toEqual([]);
  });

  test('blocked is above everything, and unblocking restores what was', () => {
    const blocked = reduceContact(compared, { kind: 'contact-blocked' }, { nowMs: START + 1 });
    expect(look(blocked, START + 2)).toMatchObject({ trust: 'blocked', devices: [] });
    const back = reduceContact(blocked, { kind: 'contact-unblocked' }, { nowMs: START + 1 });
    expect(look(back, START + 2).trust).toBe('verified');
  });
});

describe('the account key changes', () => {
  const rotated = nextOf(first, { chain: ['K0', 'K1'] });

  test('a full handover carries the mark', () => {
    const review = show(compared, rotated, first, START + HOUR);
    expect(review.trust).toBe('verified');
    expect(codesOf(review)).toEqual(['account-key-succeeded notice']);
  });

  test('a chain without a known device does not', () => {
    const review = show(compared, { ...rotated, how: 'alone' }, first, START + HOUR);
    expect(review.trust).toBe('unverified');
    expect(codesOf(review)).toEqual(
      expect.arrayContaining(['account-key-succeeded warning', 'list-unauthored warning']),
    );
  });

  test('a reset is an alarm where a key was compared, even under the same key, and stops sending', () => {
    for (const account of ['K0', 'K9']) {
      const reset = nextOf(first, { chain: [account], how: 'reset' });
      const review = show(compared, reset, first, START + HOUR);
      expect(review.trust).toBe('doubtful');
      expect(codesOf(review)).toContain('verified-key-changed alarm');
      expect(review.devices).toEqual([]);

      const accepted = reduceContact(review.state, { kind: 'change-accepted' }, { nowMs: START + 2 * HOUR });
      const after = look(accepted, START + 3 * HOUR);
      expect(after.trust).toBe('unverified');
      expect(after.devices).toHaveLength(2);
    }
  });

  test('a reset nobody compared before is a warning', () => {
    const review = show(met, nextOf(first, { chain: ['K9'], how: 'reset' }), first, START + HOUR);
    expect(codesOf(review)).toContain('account-key-reset warning');
    expect(review.trust).toBe('unverified');
  });

  test('seeing the alarm does not restore trust while the compared key is not in use', () => {
    const { state, findings } = show(
      compared,
      nextOf(first, { chain: ['K9'], how: 'reset' }),
      first,
      START + HOUR,
    );
    const id = findings.find(({ code }) => code === 'verified-key-changed')?.id ?? '';
    const seen = reduceContact(state, { kind: 'finding-seen', id }, { nowMs: START + 2 * HOUR });
    const review = look(seen, START + 3 * HOUR);
    expect(review.trust).toBe('doubtful');
    expect(review.findings.find((finding) => finding.id === id)?.dismissed).toBe(true);
  });

  test('lists proven to have expired let the mark fall with a warning', () => {
    const later = nextOf(nextOf(first, {}), { chain: ['K0', 'K1'] });
    const list = { ...verified(later, first, { gapExpired: true }), gapExpired: true };
    const review = reviewContact({ stored: compared, directory: { kind: 'list', list }, nowMs: START + DAY });
    expect(review.trust).toBe('unverified');
    expect(codesOf(review)).toEqual(
      expect.arrayContaining(['list-gap warning', 'account-key-succeeded warning']),
    );
  });

  test('a person compares the key that was in use when the session began, and it changed in between', () => {
    const { state } = show(met, rotated, first, START + HOUR);
    const late = reduceContact(state, { kind: 'code-same', keyId: keyIdOf('K0') }, { nowMs: START + HOUR });
    expect(look(late, START + HOUR).trust).toBe('verified');
  });
});

describe('devices', () => {
  test('added, removed and new keys are notices that go when seen', () => {
    const list = nextOf(first, {
      devices: [
        { name: 'phone', messaging: 1 },
        { name: 'tablet', messaging: 0 },
      ],
    });
    const review = show(met, list, first, START + HOUR);
    expect(codesOf(review).sort()).toEqual([
      'device-added notice',
      'device-rekeyed notice',
      'device-removed notice',
    ]);
    const seen = review.findings.reduce(
      (state, { id }) => reduceContact(state, { kind: 'finding-seen', id }, { nowMs: START + 2 * HOUR }),
      review.state,
    );
    expect(look(seen, START + 2 * HOUR).findings).toEqual([]);
  });

  test('a message from outside the list is an alarm, from a device just removed a notice', () => {
    const message = (name: string) =>
      ({ kind: 'message-received', device: { signingKey: signingKeyOf(name) } }) as const;
    expect(look(reduceContact(met, message('phone'), { nowMs: START }), START).findings).toEqual([]);
    const stranger = look(reduceContact(met, message('stranger'), { nowMs: START }), START);
    expect(codesOf(stranger)).toEqual(['device-unsigned alarm']);
    expect(stranger.trust).toBe('doubtful');

    const list = nextOf(first, { devices: [{ name: 'phone', messaging: 0 }] });
    const { state } = show(met, list, first, START + HOUR);
    const soon = reduceContact(state, message('laptop'), { nowMs: START + 2 * HOUR });
    expect(codesOf(look(soon, START + 2 * HOUR))).toContain('device-unsigned notice');
    const late = reduceContact(state, message('laptop'), { nowMs: START + 3 * DAY });
    expect(codesOf(look(late, START + 3 * DAY))).toContain('device-unsigned alarm');
  });

  test('other messaging keys than the signed ones are outside the list', () => {
    const device = { signingKey: signingKeyOf('phone'), messagingKeys: new Uint8Array(32) };
    const directory = { kind: 'list', list: verified(first, first), named: [device] } as const;
    expect(codesOf(reviewContact({ stored: met, directory, nowMs: START }))).toEqual([
      'device-unsigned alarm',
    ]);
  });
});

describe('what the directory refuses to be', () => {
  test.each([
    ['ERR_LIST_SIGNATURE', 'list-invalid alarm'],
    ['ERR_TRUNCATED', 'list-invalid alarm'],
    ['ERR_LIST_IDENTIFIER', 'list-invalid alarm'],
    ['ERR_SOMETHING_NEW', 'list-invalid alarm'],
    ['ERR_VERSION', 'update-needed notice'],
    ['ERR_SCHEME', 'update-needed notice'],
    ['ERR_LIST_GAP', 'list-gap notice'],
    ['ERR_LIST_ROLLBACK', 'directory-outdated notice'],
    ['ERR_LIST_FORK', 'list-fork alarm'],
    ['ERR_ACCOUNT_KEY', 'verified-key-changed alarm'],
  ])('%s is %s', (code, finding) => {
    const review = reviewContact({ stored: compared, directory: { kind: 'refused', code }, nowMs: START });
    expect(codesOf(review)).toEqual([finding]);
  });

  test('what is this program’s own fault is no finding', () => {
    for (const code of ['ERR_STORED_STATE', 'ERR_ARGUMENT_TYPE']) {
      const refused = { kind: 'refused', code } as const;
      expect(() => reviewContact({ stored: met, directory: refused, nowMs: START })).toThrow(RangeError);
    }
  });

  test('patience ends: notices become warnings, a directory that stays outdated an alarm', () => {
    const refused = (code: string, nowMs: number, stored: ContactState): Review =>
      reviewContact({ stored, directory: { kind: 'refused', code }, nowMs });
    const gap = refused('ERR_LIST_GAP', START, met);
    expect(codesOf(refused('ERR_LIST_GAP', START + 4 * DAY, gap.state))).toEqual(['list-gap warning']);
    const old = refused('ERR_LIST_ROLLBACK', START, met);
    expect(codesOf(refused('ERR_LIST_ROLLBACK', START + 2 * DAY, old.state))).toEqual([
      'directory-outdated alarm',
    ]);
  });

  test('a lag that was seen once, long ago, is no alarm, whatever time has passed', () => {
    const refused = { kind: 'refused', code: 'ERR_LIST_ROLLBACK' } as const;
    const { state } = reviewContact({ stored: met, directory: refused, nowMs: START });
    expect(codesOf(look(state, START + 9 * DAY))).toEqual(['directory-outdated notice']);
    expect(codesOf(show(state, first, first, START + 9 * DAY))).toEqual([]);
  });

  test('what the log shows is not talked away by a directory that repeats the old list', () => {
    const newer = nextOf(first, {});
    const early = show(met, first, first, START, newestProof(newer, START));
    const repeated = show(early.state, first, first, START + DAY);
    const late = show(repeated.state, first, first, START + 2 * DAY, newestProof(newer, START + 2 * DAY));
    expect(codesOf(late)).toEqual(['directory-outdated alarm']);
  });

  test('no list is nothing for who never had one, an alarm for who had', () => {
    const gone = { kind: 'no-list' } as const;
    const stranger = createContact({ identifier: encodeUtf8(BOB) });
    expect(reviewContact({ stored: stranger, directory: gone, nowMs: START }).findings).toEqual([]);
    expect(codesOf(reviewContact({ stored: met, directory: gone, nowMs: START }))).toEqual([
      'verification-missing alarm',
    ]);
    const off = show(met, nextOf(first, { verification: false }), first, START);
    expect(codesOf(off)).toContain('verification-off warning');
    expect(off.devices).toEqual([]);
    expect(codesOf(reviewContact({ stored: off.state, directory: gone, nowMs: START }))).not.toContain(
      'verification-missing alarm',
    );
  });
});

describe('the log', () => {
  const second = nextOf(first, {});
  const logged = show(met, second, first, START, newestProof(second, START)).state;
  const heard = (log: LogEvidence, nowMs: number, stored = logged): Review =>
    reviewContact({ stored, log, nowMs });

  test('going back is a rollback, a replica that lags is not', () => {
    expect(codesOf(heard(newestProof(first, START + HOUR), START + HOUR))).toEqual(['list-rollback alarm']);
    expect(codesOf(heard(newestProof(first, START - HOUR), START + HOUR))).toEqual(['log-outdated notice']);
  });

  test('another list of the same sequence, after ours was shown, is a fork', () => {
    const twin = { ...second, salt: 'twin' };
    expect(codesOf(heard(newestProof(twin, START + HOUR), START + HOUR))).toEqual(['list-fork alarm']);
  });

  test('false once is a warning, again an alarm, and a good proof ends the count', () => {
    const once = heard({ kind: 'proof-invalid' }, START);
    expect(codesOf(once)).toEqual(['log-proof-invalid warning']);
    expect(codesOf(heard({ kind: 'proof-invalid' }, START + 1, once.state))).toEqual([
      'log-proof-invalid alarm',
    ]);
    const good = heard(newestProof(second, START + 1), START + 1, once.state);
    expect(good.findings).toEqual([]);
    expect(codesOf(heard({ kind: 'proof-invalid' }, START + 2, good.state))).toEqual([
      'log-proof-invalid warning',
    ]);
  });

  test('a fork keeps its evidence', () => {
    const evidence = Uint8Array.of(1, 2, 3);
    const [finding] = heard({ kind: 'fork', evidence }, START).findings;
    expect(finding).toMatchObject({ code: 'log-fork', level: 'alarm', evidence });
  });

  test('away, stale and ahead are notices, then warnings', () => {
    const away: LogEvidence = { kind: 'unavailable', scope: 'log' };
    const notice = heard(away, START);
    expect(codesOf(notice)).toEqual(['log-unavailable notice']);
    expect(codesOf(heard(away, START + 4 * DAY, notice.state))).toEqual(['log-unavailable warning']);
    expect(codesOf(heard({ kind: 'stale' }, START))).toEqual(['log-stale notice']);
    expect(codesOf(heard(newestProof(second, START + DAY), START))).toEqual(['log-stale notice']);
  });

  test('a list the log never shows becomes an alarm', () => {
    const third = nextOf(second, {});
    const log = (atMs: number): LogEvidence => newestProof(second, atMs);
    const early = show(logged, third, second, START + HOUR, log(START + HOUR));
    expect(codesOf(early)).toEqual(['log-outdated notice']);
    const late = show(early.state, third, third, START + 2 * DAY, log(START + 2 * DAY));
    expect(codesOf(late)).toEqual(['log-outdated alarm']);
  });
});

describe('codes', () => {
  test('different is an alarm, takes the mark, and stops sending until seen', () => {
    for (const kind of ['code-different', 'number-different', 'qr-different'] as const) {
      const { trust, findings, devices, state } = look(
        reduceContact(compared, { kind }, { nowMs: START }),
        START,
      );
      expect([trust, devices]).toEqual(['doubtful', []]);
      const id = findings[0]?.id ?? '';
      const seen = look(reduceContact(state, { kind: 'finding-seen', id }, { nowMs: START + 1 }), START + 1);
      expect(seen.trust).toBe('unverified');
      expect(seen.devices).toHaveLength(2);
    }
  });

  test('a false reveal is an alarm and costs no mark', () => {
    const { trust, findings, state } = look(
      reduceContact(compared, { kind: 'false-reveal' }, { nowMs: START }),
      START,
    );
    expect(trust).toBe('doubtful');
    const seen = reduceContact(
      state,
      { kind: 'finding-seen', id: findings[0]?.id ?? '' },
      { nowMs: START + 1 },
    );
    expect(look(seen, START + 1).trust).toBe('verified');
  });

  test('the third interruption is a warning, and "same" ends the count', () => {
    const event = { kind: 'code-interrupted', why: 'session-expired' } as const;
    let state = met;
    for (const level of ['notice', 'notice', 'warning']) {
      state = reduceContact(state, event, { nowMs: START });
      expect(codesOf(look(state, START))).toEqual([`code-interrupted ${level}`]);
    }
    const same = reduceContact(state, { kind: 'code-same', keyId: keyIdOf('K0') }, { nowMs: START });
    expect(look(same, START).findings).toEqual([]);
  });

  test('a saved public code verifies, is old, or fits nothing', () => {
    const save = (state: ContactState, account: string): ContactState =>
      reduceContact(state, { kind: 'public-code-saved', keyId: keyIdOf(account) }, { nowMs: START });
    expect(look(save(met, 'K0'), START).trust).toBe('verified');
    expect(codesOf(look(save(met, 'K9'), START))).toEqual(['public-code-mismatch alarm']);
    const rotated = show(undefined, nextOf(first, { chain: ['K0', 'K1'] }), undefined, START).state;
    const old = look(save(rotated, 'K0'), START);
    expect(codesOf(old)).toEqual(['public-code-old notice']);
    expect(old.trust).toBe('unverified');
  });

  test('a code saved before the first list is compared with it', () => {
    const stranger = createContact({ identifier: encodeUtf8(BOB) });
    const event = { kind: 'public-code-saved', keyId: keyIdOf('K0') } as const;
    const waiting = reduceContact(stranger, event, { nowMs: START });
    expect(look(waiting, START).trust).toBe('unverified');
    expect(show(waiting, first, undefined, START).trust).toBe('verified');
    const other = show(waiting, firstOf(BOB, 'K9', ['phone']), undefined, START);
    expect(other.trust).toBe('doubtful');
  });
});

describe('one’s own account', () => {
  const own = createContact({ identifier: encodeUtf8(BOB), owner: 'own' });
  const wrote = (state: ContactState, list: WorldList): ContactState => {
    const event = { kind: 'own-list-written', sequence: list.sequence, listId: listIdOf(list) } as const;
    return reduceContact(state, event, { nowMs: START });
  };
  const mine = show(wrote(own, first), first, undefined, START);

  test('what one’s own devices wrote or authored is no alarm', () => {
    expect(mine.findings).toEqual([]);
    const added = nextOf(first, { devices: [...first.devices, { name: 'tablet', messaging: 0 }] });
    expect(codesOf(show(mine.state, added, first, START))).toEqual(['own-device-added notice']);
  });

  test('a list that none of them made is one, with its devices', () => {
    expect(codesOf(show(own, first, undefined, START))).toContain('own-list-foreign alarm');
    const foreign = nextOf(first, { how: 'alone', devices: [{ name: 'stranger', messaging: 0 }] });
    const codes = codesOf(show(mine.state, foreign, first, START));
    expect(codes).toEqual(expect.arrayContaining(['own-list-foreign alarm', 'own-device-unknown alarm']));
    expect(codesOf(show(wrote(mine.state, foreign), foreign, first, START))).not.toContain(
      'own-list-foreign alarm',
    );
  });
});
