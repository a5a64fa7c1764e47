/**
 * That imitated lists (`contact-world.ts`) are no others than really signed ones: over a whole account, whatever a
 * review reads of a verified list is the same in both, up to the names of keys and lists, and both are refused
 * with the same codes.
 */

import { type ContactState, reviewContact } from 'contact-key-verification/contacts.js';
import { encodeHex } from 'contact-key-verification/bytes.js';
import type { VerifiedDeviceList } from 'contact-key-verification/keys.js';
import { expect, test } from 'vitest';
import { answerOf } from '../support/contact-answers.js';
import { type Page, tellAccount } from '../support/contact-story.js';
import { refusalOf, START, verified, type WorldList } from '../support/contact-world.js';

const account = tellAccount();

const pathTo = (page: Page | undefined): readonly Page[] =>
  page === undefined ? [] : [...pathTo(page.before), page];

/** A page as seen by devices that stored nothing, itself, the list before, an older one, or a newer one. */
const pairs: readonly (readonly [Page, Page | undefined])[] = account.flatMap((page) => {
  const past = pathTo(page.before);
  const stored = [page, past.at(-1), past[Math.floor(past.length / 2)], page.after[0]];
  return [...new Set([undefined, ...stored])].map((other) => [page, other] as const);
});

/** What of a list a review reads; every byte string by the name that `rename` gives it. */
function readOf(list: VerifiedDeviceList, rename: (bytes: Uint8Array) => string): unknown {
  const { identifier, sequence, verification, continuity, mark, gapExpired } = list;
  return {
    identifier: encodeHex(identifier),
    sequence,
    verification,
    continuity,
    mark,
    gapExpired,
    previous: rename(list.previous),
    listId: rename(list.listId),
    accountKeyId: rename(list.accountKeyId),
    earlierKeyIds: list.earlierKeyIds.map(rename),
    devices: list.devices.map(({ id, signingKey, messagingKeys }) => ({
      id: encodeHex(id),
      signingKey: rename(signingKey.key),
      messagingKeys: rename(messagingKeys),
    })),
  };
}

/** Numbers byte strings as they appear, so that equal ones have equal numbers and others have others. */
function numbering(): (bytes: Uint8Array) => string {
  const numbers = new Map<string, number>();
  return (bytes) => {
    if (bytes.length === 0) return 'nothing';
    const hex = encodeHex(bytes);
    numbers.set(hex, numbers.get(hex) ?? numbers.size);
    return String(numbers.get(hex));
  };
}

const sorted = (list: WorldList): WorldList => ({
  ...list,
  devices: [...list.devices].sort((x, y) => (x.name < y.name ? -1 : 1)),
});

test('every list of an account is, field by field, what its imitation is', () => {
  const [real, imitated] = [numbering(), numbering()];
  let compared = 0;
  for (const [page, stored] of pairs) {
    const gapExpired = stored !== undefined && page.list.sequence > stored.list.sequence + 1;
    const answer = answerOf(page.list.encoded, stored?.list, { gapExpired });
    if (answer.kind !== 'list') continue;
    const imitation = verified(page.imitation, stored?.imitation, { gapExpired });
    const inOrder = { ...imitation, devices: verified(sorted(page.imitation)).devices };
    expect(readOf(inOrder as VerifiedDeviceList, imitated)).toEqual(readOf(answer.list, real));
    compared++;
  }
  expect(compared).toBeGreaterThan(3 * account.length);
});

test('both are refused with the same codes', () => {
  const codes = new Set<string>();
  for (const [page, stored] of pairs) {
    const answer = answerOf(page.list.encoded, stored?.list);
    const code = answer.kind === 'refused' ? answer.code : undefined;
    expect(code).toBe(refusalOf(page.imitation, stored?.imitation));
    if (code !== undefined) codes.add(code);
  }
  expect([...codes].sort()).toEqual(['ERR_LIST_GAP', 'ERR_LIST_ROLLBACK']);
});

test('of two lists that a device made at once, the other is refused as a fork in both worlds', () => {
  const twins = account.flatMap(({ after }) => after.flatMap((a) => after.map((b) => [a, b] as const)));
  const refused = twins.filter(([a, b]) => a !== b);
  expect(refused.length).toBeGreaterThan(0);
  for (const [a, b] of refused) {
    expect(answerOf(a.list.encoded, b.list)).toMatchObject({ kind: 'refused', code: 'ERR_LIST_FORK' });
    expect(refusalOf(a.imitation, b.imitation)).toBe('ERR_LIST_FORK');
  }
});

test('a review reads nothing of a list but what is compared here', () => {
  const read = new Set<string>();
  const watch = <T extends object>(object: T, path: string): T =>
    new Proxy(object, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property);
        if (typeof property === 'symbol' || Array.isArray(target)) return value;
        read.add(`${path}${property}`);
        return value;
      },
    });
  const watched = (list: VerifiedDeviceList): VerifiedDeviceList =>
    watch({ ...list, devices: list.devices.map((device) => watch(device, 'devices.')) }, '');
  for (const page of account.filter(({ after }) => after.length === 0)) {
    let stored: ContactState | undefined;
    for (const { list } of pathTo(page)) {
      const directory = { kind: 'list', list: watched(list) } as const;
      stored = reviewContact({ stored, directory, nowMs: START }).state;
    }
    const twin = { ...page.list, listId: new Uint8Array(32) };
    reviewContact({ stored, directory: { kind: 'list', list: watched(twin) }, nowMs: START });
  }
  const compared = Object.keys(readOf(account[0]?.list as VerifiedDeviceList, String) as object);
  // `encoded` is kept as evidence, unread.
  const known = new Set([
    ...compared,
    'encoded',
    'devices.id',
    'devices.signingKey',
    'devices.messagingKeys',
  ]);
  expect([...read].filter((name) => !known.has(name))).toEqual([]);
  expect(read).toContain('encoded');
});
