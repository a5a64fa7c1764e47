/** Reviews over real lists, verified as an app verifies them: Bob's short life, and what errors become. */

import {
  type ContactState,
  reduceContact,
  reviewContact,
  type Review,
} from 'contact-key-verification/contacts.js';
import { type VerifiedDeviceList, verifyDeviceList } from 'contact-key-verification/keys.js';
import { beforeAll, expect, test } from 'vitest';
import { BOB } from '../support/accounts.js';
import { type Story, tellStory } from '../support/list-story.js';

const NOW = 1_700_000_000_000;
let story: Story;
beforeAll(() => {
  story = tellStory();
});

/** What an app does: verify against the list stored beside the state, then review. */
function review(bytes: Uint8Array, stored?: ContactState, list?: VerifiedDeviceList): Review {
  try {
    const newest = verifyDeviceList(bytes, { identifier: BOB, stored: list });
    return reviewContact({ stored, directory: { kind: 'list', list: newest }, nowMs: NOW });
  } catch (error) {
    const { code } = error as { code: string };
    return reviewContact({ stored, directory: { kind: 'refused', code, bytes }, nowMs: NOW });
  }
}

const codesOf = ({ findings }: Review): string[] =>
  findings.map(({ code, level }) => `${code} ${level}`).sort();

/** The compared contact after these lists, one by one. */
function live(...lists: readonly VerifiedDeviceList[]): Review {
  const [first, ...later] = lists as [VerifiedDeviceList, ...VerifiedDeviceList[]];
  const { state } = review(first.encoded);
  const stored = reduceContact(state, { kind: 'code-same', keyId: first.accountKeyId }, { nowMs: NOW });
  let last = reviewContact({ stored, nowMs: NOW });
  let before = first;
  for (const list of later) {
    last = review(list.encoded, last.state, before);
    before = list;
  }
  return last;
}

test('the mark follows full handovers through a whole life', () => {
  const { first, rekeyed, removed, added, rotated } = story;
  const result = live(first, rekeyed, removed, added, rotated);
  expect(result.trust).toBe('verified');
  expect(codesOf(result)).toEqual([
    'account-key-succeeded notice',
    'account-key-succeeded notice',
    'device-added notice',
    'device-rekeyed notice',
    'device-removed notice',
  ]);
  expect(result.devices.map(({ id }) => new TextDecoder().decode(id))).toEqual(['phone', 'tablet']);
});

test('off takes the mark away and returns no devices; a reset is an alarm', () => {
  const { first, rekeyed, removed, added, rotated, off, reset } = story;
  const life = [first, rekeyed, removed, added, rotated];
  const turnedOff = live(...life, off);
  expect(turnedOff).toMatchObject({ trust: 'unverified', devices: [] });
  expect(codesOf(turnedOff)).toEqual(
    expect.arrayContaining(['list-unauthored warning', 'verification-off warning']),
  );
  const began = live(...life, reset);
  expect(began).toMatchObject({ trust: 'doubtful', devices: [] });
  expect(codesOf(began)).toContain('verified-key-changed alarm');
});

test('what the verifier refuses becomes its finding, and the list in use stays', () => {
  const { first, rekeyed, removed, off, rotated, reset } = story;
  const state = live(first, rekeyed).state;
  const damaged = Uint8Array.from(removed.encoded);
  damaged[damaged.length - 1] = (damaged.at(-1) as number) ^ 1;
  expect(codesOf(review(damaged, state, rekeyed))).toContain('list-invalid alarm');
  expect(codesOf(review(first.encoded, state, rekeyed))).toContain('directory-outdated notice');
  expect(codesOf(review(rotated.encoded, state, rekeyed))).toContain('list-gap notice');
  expect(review(damaged, state, rekeyed).devices).toHaveLength(2);

  const turnedOff = live(first, rekeyed, removed, story.added, rotated, off).state;
  const fork = review(reset.encoded, turnedOff, off);
  expect(codesOf(fork)).toContain('list-fork alarm');
  expect(fork.findings.find(({ code }) => code === 'list-fork')?.evidence).toEqual(reset.encoded);
});

test('a list that is older than the state is caught up with', () => {
  const { first, rekeyed, removed } = story;
  const { state } = live(first, rekeyed);
  const again = review(rekeyed.encoded, state, first);
  expect(again.findings.map(({ code }) => code)).not.toContain('list-gap');
  expect(again.listToStore).toEqual(rekeyed.encoded);
  expect(review(removed.encoded, again.state, rekeyed).state.list?.sequence).toBe(removed.sequence);
});

test('a list that is newer than the state is said to be, and put right by the state’s own', () => {
  const { first, rekeyed, removed } = story;
  const { state } = live(first);
  const stuck = review(removed.encoded, state, rekeyed);
  expect(stuck.findings.map(({ why }) => why)).toContain('not-from-stored-list');
  expect(stuck.listToStore).toBeUndefined();

  const fetched = verifyDeviceList(first.encoded, { identifier: BOB });
  expect(fetched.listId).toEqual(state.list?.listId);
  const next = review(rekeyed.encoded, stuck.state, fetched);
  const newest = review(removed.encoded, next.state, rekeyed);
  expect(newest.trust).toBe('verified');
  expect(codesOf(newest)).not.toContain('list-gap notice');
});

test('an account key without the stored list is no expired gap', () => {
  const { first, rekeyed, removed } = story;
  const { state } = live(first);
  const list = verifyDeviceList(removed.encoded, { identifier: BOB, accountKey: first.accountKey });
  expect([list.mark, list.gapExpired]).toEqual(['fallen', false]);
  const forgotten = reviewContact({ stored: state, directory: { kind: 'list', list }, nowMs: NOW });
  expect(forgotten.state.list?.sequence).toBe(first.sequence);
  expect(codesOf(forgotten)).toEqual(['list-gap notice']);

  const proven = verifyDeviceList(removed.encoded, { identifier: BOB, stored: first, gapExpired: true });
  expect(proven.gapExpired).toBe(true);
  const expired = reviewContact({ stored: state, directory: { kind: 'list', list: proven }, nowMs: NOW });
  expect(expired.state.list?.sequence).toBe(removed.sequence);
  expect(expired.trust).toBe('unverified');
  expect(codesOf(expired)).toContain('list-gap warning');
  const filled = verifyDeviceList(rekeyed.encoded, { identifier: BOB, stored: first, gapExpired: true });
  expect(filled.gapExpired).toBe(false);
});
