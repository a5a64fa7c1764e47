/**
 * What merging adds up: decisions, which count on all devices, and no facts. The small examples behind the law of
 * `contacts-merging.test.ts`.
 */

import { encodeUtf8 } from 'contact-key-verification/bytes.js';
import {
  type ContactEvent,
  type ContactState,
  createContact,
  encodeContact,
  type LogEvidence,
  mergeContacts,
  parseContact,
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
const first = firstOf(BOB, 'K0', ['phone']);
const second = nextOf(first, { devices: [...first.devices, { name: 'laptop', messaging: 0 }] });

const sees = (
  stored: ContactState | undefined,
  list: WorldList,
  before?: WorldList,
  nowMs = START,
): ContactState =>
  reviewContact({ stored, directory: { kind: 'list', list: verified(list, before) }, nowMs }).state;
const hears = (stored: ContactState | undefined, log: LogEvidence, nowMs = START): ContactState =>
  reviewContact({ stored, log, nowMs }).state;
const after = (stored: ContactState, event: ContactEvent, nowMs: number): ContactState =>
  reduceContact(stored, event, { nowMs });
const seeAll = (stored: ContactState, nowMs: number): ContactState =>
  reviewContact({ stored, nowMs }).findings.reduce(
    (state, { id }) => after(state, { kind: 'finding-seen', id }, nowMs),
    stored,
  );
const proofOf = (
  sequence: number,
  list: WorldList,
  provenMs: number,
  kind: 'newest' | 'included' = 'newest',
) => ({ kind, sequence, listId: listIdOf(list), provenMs }) as const;
const look = (stored: ContactState, nowMs = START): Review => reviewContact({ stored, nowMs });
const trustOf = (stored: ContactState, nowMs = START): string => look(stored, nowMs).trust;
const whysOf = ({ findings }: Review): string[] => findings.map(({ code, why }) => `${code} ${why}`);

const met = sees(undefined, first);

describe('a decision counts on all devices', () => {
  const nowMs = START + HOUR;
  const compared = after(met, { kind: 'code-same', keyId: keyIdOf('K0') }, START);
  const alarmed = after(compared, { kind: 'false-reveal' }, nowMs);
  const heard = after(met, { kind: 'false-reveal' }, nowMs);
  const seen = seeAll(heard, nowMs);

  test('so that what is low on both can be verified together: no law can forbid it and keep the latest decision', () => {
    expect([trustOf(alarmed, nowMs), trustOf(seen, nowMs)]).toEqual(['doubtful', 'unverified']);
    const together = mergeContacts(alarmed, seen);
    expect(trustOf(together, nowMs)).toBe('verified');
    // The latest decision on the alarm, and the latest on the key, each as it was taken; nothing else is in it.
    expect(together.notes).toEqual(seen.notes);
    expect(together.pins).toEqual(alarmed.pins);
    // One device on which she decided both is where she would be, if she had only this one.
    expect(together).toEqual(seeAll(alarmed, nowMs));
  });

  test('and only that lifts it: without the one decision or the other it stays as low as the better of them', () => {
    expect(trustOf(mergeContacts(alarmed, heard), nowMs)).toBe('doubtful');
    expect(trustOf(mergeContacts(heard, seen), nowMs)).toBe('unverified');
    expect(trustOf(mergeContacts(alarmed, met), nowMs)).toBe('doubtful');
  });

  test('a comparison carries over lists of which each device saw a part', () => {
    const third = nextOf(second, {});
    const off = nextOf(first, { verification: false });
    const onAgain = nextOf(off, { verification: true });
    const onward = nextOf(onAgain, {});
    expect(trustOf(mergeContacts(compared, sees(sees(met, second, first), third, second)))).toBe('verified');
    // It stands where verification is off, and shows once another device saw it on again.
    const there = sees(compared, off, first);
    const elsewhere = sees(sees(sees(undefined, off), onAgain, off), onward, onAgain);
    expect([trustOf(there), trustOf(elsewhere)]).toEqual(['unverified', 'unverified']);
    expect(trustOf(mergeContacts(there, elsewhere))).toBe('verified');
  });
});

describe('facts of two devices do not add up', () => {
  const uses = sees(met, second, first);
  const proof = proofOf(1, second, START);

  test.each<[string, ContactState]>([
    ['that uses the list before', hears(met, proof)],
    ['that has no list', hears(undefined, proof)],
  ])('a list in use here, and its proof on a device %s', (_, saw) => {
    expect([trustOf(uses), trustOf(saw)]).toEqual(['unverified', 'unverified']);
    for (const together of [mergeContacts(uses, saw), mergeContacts(saw, uses)]) {
      expect(trustOf(together)).toBe('unverified');
      expect(whysOf(look(together))).toContain('log-stale proven-apart');
      const read = parseContact(encodeContact(together));
      expect(trustOf(read)).toBe('unverified');
      // The next answer of the log lifts it, and ends the notice.
      const asked = look(hears(read, proof));
      expect(asked.trust).toBe('consistent');
      expect(whysOf(asked)).not.toContain('log-stale proven-apart');
      // What another device saw still shows a log that goes back.
      const back = reviewContact({ stored: together, log: proofOf(0, first, START + 1), nowMs: START + 1 });
      expect(whysOf(back)).toContain('list-rollback log-proves-older');
    }
  });

  test('one device that knew the proof before the list came saw both', () => {
    expect(trustOf(sees(hears(met, proof), second, first))).toBe('consistent');
    expect(trustOf(sees(hears(undefined, proof), second))).toBe('consistent');
    // A device that is consistent lends it to one that never asked the log; not to one that goes by a newer list.
    const consistent = hears(uses, proof);
    expect(trustOf(mergeContacts(consistent, uses))).toBe('consistent');
    expect(trustOf(mergeContacts(consistent, met))).toBe('consistent');
    expect(trustOf(mergeContacts(consistent, sees(uses, nextOf(second, {}), second)))).toBe('unverified');
  });

  test('a proof that has grown old, and a younger one of a device that does not use the list', () => {
    const nowMs = START + 4 * DAY;
    const old = hears(uses, proof);
    const young = hears(met, proofOf(1, second, nowMs), nowMs);
    expect([trustOf(old, nowMs), trustOf(young, nowMs)]).toEqual(['unverified', 'unverified']);
    const together = look(mergeContacts(old, young), nowMs);
    expect(together.trust).toBe('unverified');
    expect(whysOf(together)).toContain('log-stale proven-apart');
  });

  test('an inclusion in the log here, and there the proof that it is the newest', () => {
    const included = hears(uses, proofOf(1, second, START, 'included'));
    const newest = hears(met, proof);
    const together = mergeContacts(included, newest);
    expect(trustOf(together)).toBe('unverified');
    expect(reviewContact({ stored: together, policy: { logProof: 'inclusion' }, nowMs: START }).trust).toBe(
      'consistent',
    );
  });

  test('a proof of a device that knows of a doubt, and the end of the doubt on another whose proof is old', () => {
    const nowMs = START + 4 * DAY;
    const twice = (stored: ContactState, at: number): ContactState =>
      hears(hears(stored, { kind: 'proof-invalid' }, at), { kind: 'proof-invalid' }, at);
    // Both have proved the list in use; then the log gives false proofs to both, and the person has seen that.
    const doubts = seeAll(twice(hears(uses, proofOf(1, second, nowMs), nowMs), nowMs + 1), nowMs + 1);
    const before = seeAll(twice(hears(uses, proof), nowMs), nowMs);
    const over = hears(before, proofOf(1, second, START + 1), nowMs + 2);
    const at = nowMs + 3;
    expect([trustOf(doubts, at), trustOf(over, at)]).toEqual(['doubtful', 'unverified']);
    expect(trustOf(mergeContacts(doubts, over), at)).toBe('unverified');
    expect(trustOf(hears(mergeContacts(doubts, over), proofOf(1, second, at), at), at)).toBe('consistent');
  });

  test('the proof of one’s own list, which nobody answered for, and the word of the device that made it', () => {
    const began = createContact({ identifier: encodeUtf8(BOB), owner: 'own' });
    const foreign = seeAll(hears(sees(began, second), proof), START);
    const wrote = after(began, { kind: 'own-list-written', sequence: 1, listId: listIdOf(second) }, START);
    expect([trustOf(foreign), trustOf(wrote)]).toEqual(['doubtful', 'unverified']);
    expect(trustOf(mergeContacts(foreign, wrote))).toBe('unverified');
    expect(trustOf(hears(mergeContacts(foreign, wrote), proof))).toBe('consistent');
  });
});
