/** What comes from outside stays bounded, floods lose no alarm, and what is no input is refused as such. */

import {
  type ContactEvent,
  type ContactState,
  type DirectoryAnswer,
  describeFinding,
  encodeContact,
  type LogEvidence,
  mergeContacts,
  parseContact,
  reduceContact,
  type Review,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../support/accounts.js';
import { firstOf, HOUR, listIdOf, signingKeyOf, START, verified } from '../support/contact-world.js';

const BOB = 'tel:+15551234567';
const first = firstOf(BOB, 'K0', ['phone', 'laptop']);
const met = reviewContact({ directory: { kind: 'list', list: verified(first) }, nowMs: START }).state;
const look = (stored: ContactState, nowMs = START): Review => reviewContact({ stored, nowMs });
const after = (state: ContactState, event: ContactEvent, nowMs = START): ContactState =>
  reduceContact(state, event, { nowMs });
const heardOf = (state: ContactState, name: string, nowMs = START): ContactState =>
  after(state, { kind: 'message-received', device: { signingKey: signingKeyOf(name) } }, nowMs);
const strangers = (from: number, to: number): ContactState =>
  Array.from({ length: to - from }, (_, i) => `s${from + i}`).reduce(
    (state, name) => heardOf(state, name),
    met,
  );
const folded = ({ findings }: Review): number[] =>
  findings.filter(({ why }) => why === 'more').map((finding) => finding.folded);
const seeAll = (state: ContactState, nowMs: number): ContactState =>
  look(state, nowMs).findings.reduce(
    (seen, { id }) => after(seen, { kind: 'finding-seen', id }, nowMs),
    state,
  );

describe('a flood', () => {
  test('of alarms keeps eight one by one, and says how many more there were', () => {
    expect(folded(look(strangers(0, 8)))).toEqual([]);
    const review = look(strangers(0, 20));
    expect(review.findings).toHaveLength(9);
    expect(review.trust).toBe('doubtful');
    expect(folded(review)).toEqual([12]);
    const more = review.findings.find(({ why }) => why === 'more');
    expect(more).toMatchObject({ code: 'device-unsigned', level: 'alarm', dismissed: false });
    expect(more && describeFinding(more).title).toMatch(/^At least 12 more like this: A device/);
  });

  test('that was seen leaves room: the next one is told with its device', () => {
    const seen = seeAll(strangers(0, 20), START + HOUR);
    expect(look(seen, START + HOUR).findings).toEqual([]);
    const { findings } = look(heardOf(seen, 'another', START + 2 * HOUR), START + 2 * HOUR);
    expect(findings.map(({ subject }) => subject.device?.signingKey.slice(2))).toEqual([
      signingKeyOf('another').key,
    ]);
  });

  test('of messages does not take the place of what the directory names', () => {
    const named = [{ signingKey: signingKeyOf('ghost') }];
    const directory: DirectoryAnswer = { kind: 'list', list: verified(first, first), named };
    const { findings } = reviewContact({ stored: strangers(0, 40), directory, nowMs: START });
    expect(findings.map(({ why }) => why)).toContain('named-by-directory');
  });

  test('is not counted twice when devices merge, however often', () => {
    const [a, b] = [strangers(0, 20), strangers(10, 30)];
    const once = mergeContacts(a, b);
    const [count] = folded(look(once));
    expect(count).toBeGreaterThanOrEqual(12);
    expect(count).toBeLessThanOrEqual(22);
    const often = [a, b, a, b].reduce(mergeContacts, once);
    expect(folded(look(often))).toEqual([count]);
    expect(look(mergeContacts(b, a)).findings).toEqual(look(once).findings);
  });

  test('is stored, and read as it was', () => {
    const state = strangers(0, 100);
    expect(parseContact(encodeContact(state))).toEqual(state);
    expect(encodeContact(state).length).toBeLessThan(2000);
  });
});

describe('sizes from outside', () => {
  test('an id or key of any length is an alarm that can be stored', () => {
    for (const length of [0, 33, 255, 300, 200_000]) {
      const key = new Uint8Array(length).fill(7);
      const device = { id: key, signingKey: { scheme: 0x0807, key } } as const;
      const state = after(met, { kind: 'message-received', device });
      expect(look(state).findings.map(({ code }) => code)).toEqual(['device-unsigned']);
      expect(parseContact(encodeContact(state))).toEqual(state);
    }
  });

  test('evidence that is too large to keep is said to be missing, and stays so', () => {
    const tell = (size: number, stored = met): ContactState => {
      const log: LogEvidence = { kind: 'fork', evidence: new Uint8Array(size).fill(1) };
      return reviewContact({ stored, log, nowMs: START }).state;
    };
    const [kept] = look(tell(65_536)).findings;
    expect([kept?.evidence.length, kept?.evidenceOmitted]).toEqual([65_536, false]);
    const [lost] = look(tell(65_537)).findings;
    expect([lost?.evidence.length, lost?.evidenceOmitted]).toEqual([0, true]);
    const [both] = look(tell(65_537, tell(10))).findings;
    expect([both?.evidence.length, both?.evidenceOmitted]).toEqual([10, true]);
    const stored = parseContact(encodeContact(tell(65_537)));
    expect(look(mergeContacts(stored, met)).findings[0]?.evidenceOmitted).toBe(true);
  });
});

describe('what is no input', () => {
  const proof = { kind: 'newest', sequence: 0, listId: listIdOf(first), provenMs: START } as const;
  const list = verified(first);
  test.each<[string, unknown, unknown]>([
    ['a list that was not verified', { kind: 'list', list: { devices: [] } }, undefined],
    ['no list', { kind: 'list' }, undefined],
    ['others that were not verified', { kind: 'list', list, others: [{}] }, undefined],
    ['one device for many', { kind: 'list', list, named: {} }, undefined],
    ['a device without a key', { kind: 'no-list', named: [{}] }, undefined],
    [
      'a scheme that is no number',
      { kind: 'no-list', named: [{ signingKey: { scheme: 'x', key: list.listId } }] },
      undefined,
    ],
    ['a refusal without a code', { kind: 'refused' }, undefined],
    ['bytes that are none', { kind: 'refused', code: 'ERR_LIST_FORK', bytes: 'x' }, undefined],
    ['a fork without evidence', undefined, { kind: 'fork' }],
    ['a short list id', undefined, { ...proof, listId: new Uint8Array(31) }],
    ['a sequence below 0', undefined, { ...proof, sequence: -1 }],
    ['a sequence that is none', undefined, { ...proof, sequence: Number.NaN }],
    ['a sequence above all versions', undefined, { ...proof, sequence: 2 ** 32 - 1 }],
    ['a sequence as text', undefined, { ...proof, sequence: '0' }],
    ['a time that is none', undefined, { ...proof, provenMs: 0.5 }],
  ])('%s is an argument error', (_, directory, log) => {
    const given = { directory: directory as DirectoryAnswer, log: log as LogEvidence };
    expect(codeOf(() => reviewContact({ stored: met, ...given, nowMs: START }))).toMatch(/^ERR_ARGUMENT_/);
  });

  test('null from a database, or bytes, are no state', () => {
    for (const stored of [null, encodeContact(met), {}] as unknown as ContactState[]) {
      expect(codeOf(() => look(stored))).toBe('ERR_ARGUMENT_TYPE');
      expect(codeOf(() => after(stored, { kind: 'time-passed' }))).toBe('ERR_ARGUMENT_TYPE');
      expect(codeOf(() => encodeContact(stored))).toBe('ERR_ARGUMENT_TYPE');
    }
  });

  test('a message from a device without a key is an argument error', () => {
    const event = { kind: 'message-received', device: {} } as unknown as ContactEvent;
    expect(codeOf(() => after(met, event))).toBe('ERR_ARGUMENT_TYPE');
  });
});
