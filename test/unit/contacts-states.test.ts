/**
 * States that earlier versions of this library wrote, frozen: `test/fixtures/contact-states.json` holds their bytes in
 * hex. They were made once from the facts below, by `test/reference/contact-state.ts`, and are never made again: a
 * version that can no longer read them loses what people have compared.
 */

import { readFileSync } from 'node:fs';
import { parseHex } from 'contact-key-verification/bytes.js';
import {
  type ContactEvent,
  type ContactState,
  encodeContact,
  FINDINGS,
  mergeContacts,
  parseContact,
  REASONS,
  reduceContact,
  reviewContact,
} from 'contact-key-verification/contacts.js';
import { describe, expect, test } from 'vitest';
import { type StateFacts, writeContactState } from '../reference/contact-state.js';
import { codeOf } from '../support/accounts.js';
import {
  DAY,
  firstOf,
  keyIdOf,
  listIdOf,
  nextOf,
  START,
  verified,
  type WorldList,
} from '../support/contact-world.js';

const frozen = JSON.parse(
  readFileSync(new URL('../fixtures/contact-states.json', import.meta.url), 'utf8'),
) as Readonly<Record<'version1' | 'version2' | 'version3' | 'ownVersion1', string>>;

const fill = (byte: string, length = 32): string => byte.repeat(length);
const T = 1_700_000_000_000;

/** Bob, compared, after one handover and one removed device; a message from a ghost, and more of them. */
const BOB: StateFacts = {
  owner: 'contact',
  identifier: '74656c3a2b3135353531323334353637',
  list: {
    sequence: 4,
    listId: fill('a4'),
    accountKeyId: fill('c1'),
    earlierKeyIds: [fill('c0')],
    verification: true,
    devices: [
      ['6c6170746f70', 0x0807, fill('d0'), fill('e0')],
      ['70686f6e65', 0x0403, `04${fill('d1', 64)}`, fill('e1')],
    ],
    acceptedMs: T,
  },
  accepted: [
    [3, fill('a3')],
    [4, fill('a4')],
  ],
  followed: [[3, 4]],
  handovers: [[4, fill('c0'), fill('c1'), 'authored', T]],
  removed: [[4, 0x0807, fill('d2'), T]],
  pins: [
    [fill('b0'), 'public-code', 3, T - 9, T - 5],
    [fill('c0'), 'code', 3, T - 4, 0],
  ],
  block: [false, T - 8],
  proven: [4, fill('a4'), T + 1, T + 1],
  provenInUse: [T + 1, T + 1],
  troubles: [['log-unavailable', 'this-contact', false, T + 2, T + 2, 0]],
  notes: [
    {
      names: ['device-added', 'notice', 'list-changed'],
      device: ['70686f6e65', `040304${fill('d1', 64)}`],
      before: '',
      after: '',
      sequence: 4,
      times: [T, T, T + 5],
      evidence: '',
      evidenceOmitted: false,
      folded: 0,
    },
    {
      names: ['device-unsigned', 'alarm', 'message-sender'],
      device: ['', `0807${fill('dd')}`],
      before: '',
      after: '',
      sequence: 2 ** 32 - 1,
      times: [T, T + 3, 0],
      evidence: '',
      evidenceOmitted: false,
      folded: 0,
    },
    {
      names: ['device-unsigned', 'alarm', 'more'],
      device: ['', ''],
      before: '',
      after: '',
      sequence: 2 ** 32 - 1,
      times: [T, T + 3, 0],
      evidence: '',
      evidenceOmitted: false,
      folded: 1,
    },
    {
      names: ['list-fork', 'alarm', 'directory-shows-other'],
      device: ['', ''],
      before: fill('a4'),
      after: fill('af'),
      sequence: 4,
      times: [T, T, T + 5],
      evidence: 'cafe',
      evidenceOmitted: false,
      folded: 0,
    },
  ],
  written: [],
};
const OWN: StateFacts = { ...BOB, owner: 'own', written: [[4, fill('a4')]] };

const bytesOf = (name: keyof typeof frozen): Uint8Array => parseHex(frozen[name]);

describe('a frozen state', () => {
  test('is what the facts give, in the layout of its version', () => {
    expect(bytesOf('version1')).toEqual(Uint8Array.from(writeContactState(1, BOB)));
    expect(bytesOf('version2')).toEqual(Uint8Array.from(writeContactState(2, BOB)));
    expect(bytesOf('version3')).toEqual(Uint8Array.from(writeContactState(3, BOB)));
    expect(bytesOf('ownVersion1')).toEqual(Uint8Array.from(writeContactState(1, OWN)));
  });

  test.each(['version1', 'version2', 'version3'] as const)(
    'of %s is read, and written in the newest version',
    (name) => {
      expect(encodeContact(parseContact(bytesOf(name)))).toEqual(bytesOf('version3'));
    },
  );

  test.each(['version1', 'version2', 'version3'] as const)('of %s means what it meant', (name) => {
    const { trust, findings, devices } = reviewContact({
      stored: parseContact(bytesOf(name)),
      nowMs: T + DAY,
    });
    expect(trust).toBe('doubtful');
    expect(findings.map(({ code, why, folded }) => [code, why, folded])).toEqual([
      ['device-unsigned', 'message-sender', 0],
      ['device-unsigned', 'more', 1],
    ]);
    expect(devices.map(({ id }) => new TextDecoder().decode(id))).toEqual(['laptop', 'phone']);
  });

  test('merges with what this version writes', () => {
    const state = parseContact(bytesOf('version1'));
    const newer = reduceContact(state, { kind: 'contact-blocked' }, { nowMs: T + DAY });
    expect(mergeContacts(parseContact(bytesOf('version1')), newer)).toEqual(newer);
  });

  test('of an earlier version is as consistent as it was, and no more', () => {
    const calm: StateFacts = { ...BOB, pins: [], notes: [] };
    const trustOf = (version: 1 | 2, facts: StateFacts): string => {
      const stored = parseContact(Uint8Array.from(writeContactState(version, facts)));
      return reviewContact({ stored, nowMs: T + DAY }).trust;
    };
    for (const version of [1, 2] as const) {
      expect(trustOf(version, calm)).toBe('consistent');
      // The log proved another list; the list in use too long ago; its inclusion only.
      expect(trustOf(version, { ...calm, proven: [4, fill('a5'), T + 1, T + 1] })).toBe('unverified');
      expect(trustOf(version, { ...calm, proven: [3, fill('a3'), T + 1, T + 1] })).toBe('unverified');
      expect(trustOf(version, { ...calm, proven: [4, fill('a4'), T, T - 3 * DAY] })).toBe('unverified');
      expect(trustOf(version, { ...calm, proven: [4, fill('a4'), T, 0] })).toBe('unverified');
    }
    // What was proven of another list is not of the list in use, whenever that comes to be used.
    const other: StateFacts = { ...calm, proven: [5, fill('a5'), T, T], provenInUse: [0, 0] };
    const migrated = parseContact(Uint8Array.from(writeContactState(2, other)));
    expect(encodeContact(migrated)).toEqual(Uint8Array.from(writeContactState(3, other)));
  });

  test('of one’s own account keeps the list that raised no alarm, and doubts the one that did', () => {
    const migrated = parseContact(bytesOf('ownVersion1'));
    expect(encodeContact(migrated)).toEqual(Uint8Array.from(writeContactState(3, OWN)));
    const own = parseContact(Uint8Array.from(writeContactState(1, { ...OWN, notes: [] })));
    expect(reviewContact({ stored: own, nowMs: T }).trust).not.toBe('doubtful');

    const doubts = (seenMs: number): StateFacts => ({
      ...OWN,
      notes: [
        {
          names: ['own-list-foreign', 'alarm', 'not-own-device'],
          device: ['', ''],
          before: fill('a3'),
          after: fill('a4'),
          sequence: 4,
          times: [T, T, seenMs],
          evidence: '',
          evidenceOmitted: false,
          folded: 0,
        },
      ],
    });
    const doubted = parseContact(Uint8Array.from(writeContactState(1, doubts(0))));
    const [alarm] = reviewContact({ stored: doubted, nowMs: T }).findings;
    const seen = reduceContact(doubted, { kind: 'finding-seen', id: alarm?.id ?? '' }, { nowMs: T + 1 });
    expect(reviewContact({ stored: seen, nowMs: T + 2 })).toMatchObject({ trust: 'doubtful', devices: [] });
    const accepted = parseContact(Uint8Array.from(writeContactState(1, doubts(T + 1))));
    expect(reviewContact({ stored: accepted, nowMs: T + 2 }).devices).toHaveLength(2);
  });

  test('cannot be read once its tables have changed without a new version', () => {
    expect([Object.keys(FINDINGS).length, REASONS.length]).toEqual([28, 48]);
    expect(REASONS[0]).toBe('list-changed');
    expect(REASONS.slice(45)).toEqual(['more', 'lists-not-followed', 'proven-apart']);
  });
});

test('a state of a version from the future is refused, and nothing of it is lost', () => {
  const bytes = Uint8Array.of(0, 4, ...bytesOf('version3').slice(2), 1, 2, 3);
  const kept = bytes.slice();
  expect(codeOf(() => parseContact(bytes))).toBe('ERR_VERSION');
  expect(bytes).toEqual(kept);
});

describe('bytes per contact, as docs/messenger.md states them', () => {
  const guide = readFileSync(new URL('../../docs/messenger.md', import.meta.url), 'utf8');
  const phone = firstOf('tel:+15551234567', 'K0', ['phone']);
  const list = nextOf(phone, { devices: [...phone.devices, { name: 'laptop', messaging: 0 }] });
  const show = (stored: ContactState | undefined, next: WorldList, before?: WorldList): ContactState =>
    reviewContact({ stored, directory: { kind: 'list', list: verified(next, before) }, nowMs: START }).state;
  const after = (state: ContactState, event: ContactEvent): ContactState =>
    reduceContact(state, event, { nowMs: START });
  const met = show(undefined, list);
  const compared = after(met, { kind: 'code-same', keyId: keyIdOf('K0') });
  const log = { kind: 'newest', sequence: 1, listId: listIdOf(list), provenMs: START } as const;
  const proven = reviewContact({ stored: compared, log, nowMs: START }).state;
  const tablet = { name: 'tablet', messaging: 0 };
  const added = nextOf(list, { devices: [...list.devices, tablet] });
  const rotated = nextOf(added, { devices: list.devices, chain: ['K0', 'K1'] });
  const changed = show(show(proven, added, list), rotated, added);
  const month = reviewContact({ stored: changed, nowMs: START + 31 * DAY }).state;

  // Ed25519 keys, an identifier of 16 bytes, messaging keys of 32 bytes, two devices.
  test.each<[string, number, ContactState]>([
    ['met', 321, met],
    ['compared', 374, compared],
    ['compared, and proven in the log', 442, proven],
    ['a device added, removed, the account key changed: all still news', 1106, changed],
    ['the same a month later', 711, month],
  ])('%s: %i', (what, bytes, state) => {
    expect(encodeContact(state).length).toBe(bytes);
    expect(guide).toContain(`| ${what} | ${bytes} |`);
  });
});
