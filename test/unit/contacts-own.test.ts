/** One's own account: what no device of one's own answers for is never encrypted to before the user has decided. */

import { encodeUtf8 } from 'contact-key-verification/bytes.js';
import {
  type ContactState,
  createContact,
  encodeContact,
  type Finding,
  parseContact,
  reduceContact,
  type Review,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import { expect, test } from 'vitest';
import {
  firstOf,
  HOUR,
  listIdOf,
  nextOf,
  START,
  verified,
  type WorldList,
} from '../support/contact-world.js';

const MINE = 'tel:+15550001111';
const first = firstOf(MINE, 'K0', ['phone', 'laptop']);
const reset = nextOf(first, { how: 'reset', chain: ['M'], devices: [{ name: 'mallory', messaging: 0 }] });

const show = (stored: ContactState, list: WorldList, before?: WorldList, nowMs = START): Review =>
  reviewContact({ stored, directory: { kind: 'list', list: verified(list, before) }, nowMs });
const wrote = (state: ContactState, list: WorldList): ContactState =>
  reduceContact(
    state,
    { kind: 'own-list-written', sequence: list.sequence, listId: listIdOf(list) },
    { nowMs: START },
  );
const codesOf = ({ findings }: Review): string[] => findings.map(({ code, level }) => `${code} ${level}`);
const named = ({ devices }: Review): string[] => devices.map(({ id }) => new TextDecoder().decode(id));
const find = ({ findings }: Review, code: string): Finding =>
  findings.find((finding) => finding.code === code) as Finding;
const see = (state: ContactState, id: string, nowMs: number): ContactState =>
  reduceContact(state, { kind: 'finding-seen', id }, { nowMs });

const own = createContact({ identifier: encodeUtf8(MINE), owner: 'own' });
const mine = show(wrote(own, first), first);

test('devices of a list that none of mine made are not encrypted to, seen or not', () => {
  const foreign = show(mine.state, reset, first);
  expect(foreign).toMatchObject({ trust: 'doubtful', devices: [] });
  expect(codesOf(foreign)).toEqual(
    expect.arrayContaining(['own-list-foreign alarm', 'own-device-unknown alarm']),
  );
  const all = foreign.findings.reduce((state, { id }) => see(state, id, START + HOUR), foreign.state);
  const later = reviewContact({ stored: all, nowMs: START + 2 * HOUR });
  expect(later).toMatchObject({ trust: 'doubtful', devices: [] });
  expect(find(later, 'own-list-foreign').dismissed).toBe(true);
});

test('what the devices of a foreign list do next is as foreign', () => {
  const { state } = show(mine.state, reset, first);
  const next = nextOf(reset, { devices: [...reset.devices, { name: 'second', messaging: 0 }] });
  const review = show(state, next, reset);
  expect(review.devices).toEqual([]);
  expect(codesOf(review)).not.toContain('own-device-added notice');
  const devices = review.findings.filter(({ code }) => code === 'own-device-unknown');
  expect(devices.map(({ subject }) => new TextDecoder().decode(subject.device?.id)).sort()).toEqual([
    'mallory',
    'second',
  ]);
});

test('a device of mine that says it made the list ends it, once seen; so does the user, for the list that was shown', () => {
  const foreign = show(mine.state, reset, first);
  const said = wrote(foreign.state, reset);
  expect(reviewContact({ stored: said, nowMs: START + HOUR }).trust).toBe('doubtful');
  const seen = see(said, find(foreign, 'own-list-foreign').id, START + HOUR);
  expect(named(reviewContact({ stored: seen, nowMs: START + HOUR }))).toEqual(['mallory']);

  const { after } = find(foreign, 'own-list-foreign');
  const accept = (shown: Uint8Array): Review => {
    const event = { kind: 'change-accepted', after: shown } as const;
    const stored = reduceContact(foreign.state, event, { nowMs: START + HOUR });
    return reviewContact({ stored, nowMs: START + HOUR });
  };
  expect(codesOf(accept(after)).filter((text) => text.startsWith('own-'))).toEqual([]);
  expect(named(accept(after))).toEqual(['mallory']);
  expect(accept(listIdOf(first)).devices).toEqual([]);
});

test('lists that my devices author on lists of mine are mine, one after the other', () => {
  const second = nextOf(first, { devices: [...first.devices, { name: 'tablet', messaging: 0 }] });
  const third = nextOf(second, { chain: ['K0', 'K1'], devices: first.devices });
  const added = show(mine.state, second, first);
  expect(codesOf(added)).toEqual(['own-device-added notice']);
  const review = show(added.state, third, second);
  expect(codesOf(review).filter((text) => text.endsWith('alarm'))).toEqual([]);
  expect(named(review)).toEqual(['phone', 'laptop']);
});

test('a new device begins from the state of the one that links it: from nothing, my own list is a foreign one', () => {
  const linked = parseContact(encodeContact(mine.state));
  const second = nextOf(first, { devices: [...first.devices, { name: 'tablet', messaging: 0 }] });
  expect(named(show(linked, second, first))).toEqual(['phone', 'laptop', 'tablet']);
  const lost = show(own, second);
  expect(lost).toMatchObject({ trust: 'doubtful', devices: [] });
  expect(codesOf(lost)).toContain('own-list-foreign alarm');
});
